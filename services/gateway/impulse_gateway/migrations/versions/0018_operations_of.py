"""What somebody asked for of something is found fast."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Adds the index."""
    op.execute("CREATE INDEX operation_of ON operation (person_id, subject_id)")
