"""What was typed and is still kept is found at once: it is looked for every few seconds."""

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Adds the index."""
    op.execute("CREATE INDEX operation_typed ON operation (requested_at) WHERE entered IS NOT NULL")
