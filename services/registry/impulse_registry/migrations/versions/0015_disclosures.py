"""What was disclosed by and to actors is found when these are merged."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Adds the indexes."""
    standing = "WHERE ended_at IS NULL"
    op.execute(f"CREATE INDEX disclosure_by_actor ON disclosure (actor_id) {standing}")
    op.execute(f"CREATE INDEX disclosure_to_actor ON disclosure (to_actor_id) {standing}")
