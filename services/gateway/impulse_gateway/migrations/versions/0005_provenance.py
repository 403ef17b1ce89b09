"""Who bears an organisation, what was merged into it, and what each field rests on."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the columns."""
    op.execute(
        """
        ALTER TABLE actor
            ADD carrier_actor_id uuid,
            ADD absorbed jsonb NOT NULL DEFAULT '[]',
            ADD provenance jsonb NOT NULL DEFAULT '[]'
        """
    )
    op.execute(
        "CREATE INDEX actor_borne ON actor (carrier_actor_id) WHERE carrier_actor_id IS NOT NULL"
    )
