"""Evidence of organisations, and the network: who is in charge, and who helps where."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds columns, and how organisations are found by place."""
    op.execute(
        """
        ALTER TABLE actor
            ADD COLUMN evidence jsonb NOT NULL DEFAULT '[]',
            ADD COLUMN needs_renewal boolean NOT NULL DEFAULT false,
            ADD COLUMN suspended_for text,
            ADD COLUMN in_charge uuid,
            ADD COLUMN handed_over boolean NOT NULL DEFAULT false,
            ADD COLUMN handovers jsonb NOT NULL DEFAULT '[]',
            ADD COLUMN admitted_at timestamptz,
            ADD COLUMN service_area jsonb NOT NULL DEFAULT '[]'
        """
    )
    op.execute(
        """
        ALTER TABLE listing
            ADD COLUMN in_charge uuid,
            ADD COLUMN handovers jsonb NOT NULL DEFAULT '[]'
        """
    )
    op.execute("CREATE INDEX actor_network ON actor (admitted_at) WHERE admitted_at IS NOT NULL")
