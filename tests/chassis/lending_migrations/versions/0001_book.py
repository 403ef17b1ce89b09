"""The only table of the lending service."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates the table."""
    op.execute("CREATE TABLE book (book_id uuid PRIMARY KEY, version int NOT NULL, reader text)")
