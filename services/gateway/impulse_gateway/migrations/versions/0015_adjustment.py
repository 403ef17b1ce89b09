"""How fairness moved a proposal when it was suggested."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Adds the column."""
    op.execute("ALTER TABLE proposal ADD adjustment jsonb")
