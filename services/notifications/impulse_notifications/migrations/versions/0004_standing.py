"""How actors stand, so that a digest leaves out what is over."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds the columns; of actors that are known they come with their next fact."""
    op.execute("ALTER TABLE actor ADD status text, ADD confirmed_at timestamptz")
