"""Listings that were withdrawn only because their actor was: they come back with it."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Adds the column."""
    op.execute("ALTER TABLE listing ADD COLUMN with_actor boolean NOT NULL DEFAULT false")
