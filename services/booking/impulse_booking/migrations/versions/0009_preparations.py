"""How cooperations are prepared, and whom to reach."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Adds the columns."""
    op.execute(
        """
        ALTER TABLE cooperation
            ADD checklist jsonb NOT NULL DEFAULT '[]',
            ADD contacts jsonb NOT NULL DEFAULT '[]'
        """
    )
