"""How cooperations are carried out."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adds the columns."""
    op.execute(
        """
        ALTER TABLE cooperation
            ADD dates jsonb NOT NULL DEFAULT '[]',
            ADD reports jsonb NOT NULL DEFAULT '[]',
            ADD decision jsonb,
            ADD redeemed_at timestamptz,
            ADD evaluations jsonb NOT NULL DEFAULT '[]',
            ADD redemption jsonb NOT NULL DEFAULT '[]'
        """
    )
