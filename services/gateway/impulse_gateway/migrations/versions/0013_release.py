"""Who brought a pair together, since when its sides see it, and what they said.

What was answered before had been seen.
"""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Adds the columns."""
    op.execute(
        """
        ALTER TABLE proposal
            ADD origin text NOT NULL DEFAULT 'engine',
            ADD released_at timestamptz,
            ADD answers jsonb NOT NULL DEFAULT '[]'
        """
    )
    op.execute(
        """
        UPDATE proposal SET released_at = suggested_at WHERE state IN (
            'accepted_by_need', 'accepted_by_offer', 'mutually_accepted', 'declined', 'expired'
        )
        """
    )
