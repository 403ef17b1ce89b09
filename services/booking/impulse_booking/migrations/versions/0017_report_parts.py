"""How many parts the evidence of a report was told in."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Adds the column."""
    op.execute("ALTER TABLE report ADD parts int NOT NULL DEFAULT 0")
