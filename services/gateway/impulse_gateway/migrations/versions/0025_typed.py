"""What was typed into a form stays with what was asked for, until it is known what came of it."""

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Adds the columns."""
    op.execute("ALTER TABLE operation ADD form text, ADD entered jsonb")
