"""Cooperations as booking knows them, so that nobody is reminded of what is not so any more."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Creates the table."""
    op.execute(
        """
        CREATE TABLE cooperation (
            cooperation_id uuid PRIMARY KEY,
            version int NOT NULL,
            state text NOT NULL,
            next_action jsonb,
            dates jsonb NOT NULL,
            checklist jsonb NOT NULL
        )
        """
    )
