"""Reports that were asked for."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Creates the table."""
    op.execute(
        """
        CREATE TABLE report_request (
            report_id uuid PRIMARY KEY,
            version int NOT NULL,
            begins date NOT NULL,
            cut_off date NOT NULL,
            requested_at timestamptz NOT NULL
        )
        """
    )
