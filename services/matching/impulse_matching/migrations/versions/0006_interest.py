"""What a side that asked for a proposal wants the other one to know."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds the column."""
    op.execute("ALTER TABLE proposal ADD note text")
