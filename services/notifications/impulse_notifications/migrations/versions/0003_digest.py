"""What is gathered for those who look after actors without people."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Creates the table."""
    op.execute(
        """
        CREATE TABLE digest (
            reader_id uuid PRIMARY KEY,
            version int NOT NULL,
            concerns jsonb NOT NULL,
            more int NOT NULL
        )
        """
    )
