"""Which organisations an entry in the inbox lists."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Adds the column."""
    op.execute("ALTER TABLE message ADD about jsonb NOT NULL DEFAULT '[]'")
