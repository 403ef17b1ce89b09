"""Who was forgotten, so that an erasure is obeyed once, and again on a restored database."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the table."""
    op.execute(
        """
        CREATE TABLE forgotten (
            person_id uuid PRIMARY KEY,
            forgotten_at timestamptz NOT NULL
        )
        """
    )
