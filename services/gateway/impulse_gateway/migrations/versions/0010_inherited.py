"""What units have of their bearers' evidence."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Adds the column."""
    op.execute("ALTER TABLE actor ADD inherited jsonb")
