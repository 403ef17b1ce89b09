"""The tables of the reading club."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates the tables."""
    op.execute(
        """
        CREATE TABLE club_member (
            name text PRIMARY KEY,
            version int NOT NULL,
            borrowed int NOT NULL,
            praised int NOT NULL,
            reminded int NOT NULL
        )
        """
    )
    op.execute(
        "CREATE TABLE club_shelf (book_id uuid PRIMARY KEY, version int NOT NULL, reader text)"
    )
