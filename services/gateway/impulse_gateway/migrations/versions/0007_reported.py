"""Which partner reported a person."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Adds the column."""
    op.execute("ALTER TABLE person ADD contact_of jsonb")
