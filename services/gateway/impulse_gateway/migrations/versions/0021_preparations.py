"""How cooperations are prepared, and whom to reach."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Adds the columns."""
    op.execute(
        """
        ALTER TABLE cooperation
            ADD checklist jsonb NOT NULL DEFAULT '[]',
            ADD contacts jsonb NOT NULL DEFAULT '[]'
        """
    )
