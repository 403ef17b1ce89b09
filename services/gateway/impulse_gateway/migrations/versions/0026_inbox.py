"""An entry in the inbox leads to the page that shows what it is about."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Adds the column."""
    op.execute("ALTER TABLE message ADD path text")
