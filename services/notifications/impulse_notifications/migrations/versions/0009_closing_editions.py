"""Who runs an edition, and since when it is in its stage: so they are reminded to close it."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Adds the columns; of editions that were heard before they are known with their next fact."""
    op.execute("ALTER TABLE edition ADD provider_actor_id uuid, ADD since timestamptz")
