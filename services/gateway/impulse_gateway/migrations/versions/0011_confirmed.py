"""When people confirmed their details."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Adds the column."""
    op.execute("ALTER TABLE person ADD confirmed_at timestamptz")
