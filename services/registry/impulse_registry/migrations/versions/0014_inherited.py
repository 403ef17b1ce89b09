"""What units have of their bearers' evidence; those that are known follow at once."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Adds the column, and a timer for every bearer that has evidence."""
    op.execute("ALTER TABLE actor ADD inherited jsonb")
    op.execute(
        """
        INSERT INTO timer (ce_type, key, name, due, body)
        SELECT 'impulse.registry.follow_bearer.v1', actor_id::text, '', now(),
            json_build_object('bearer_id', actor_id)::text
        FROM actor AS bearer
        WHERE evidence <> '[]'
            AND EXISTS (SELECT FROM actor WHERE carrier_actor_id = bearer.actor_id)
        ON CONFLICT DO NOTHING
        """
    )
