"""What the score of a proposal was made from is kept, so that it can be made once more."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Adds the column and the table; what was scored before has neither."""
    op.execute("ALTER TABLE proposal ADD inputs jsonb")
    op.execute(
        """
        CREATE TABLE earlier_listing (
            listing_id uuid,
            version integer,
            fact jsonb NOT NULL,
            PRIMARY KEY (listing_id, version)
        )
        """
    )
