"""The state."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates the table."""
    op.execute("CREATE TABLE plain (actor_id uuid PRIMARY KEY, version int NOT NULL, state jsonb)")
