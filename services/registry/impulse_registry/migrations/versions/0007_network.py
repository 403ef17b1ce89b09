"""Evidence, staleness and suspension of actors; the network and who is in charge."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Adds the columns, what the sweep looks for, and the sweep itself."""
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
            ADD COLUMN service_area jsonb NOT NULL DEFAULT '[]',
            ADD COLUMN reminded_at timestamptz,
            ADD COLUMN renewal_told date,
            ADD COLUMN due_at timestamptz
        """
    )
    # Those that stand are looked at once, and then when the clock changes them.
    op.execute("UPDATE actor SET due_at = confirmed_at WHERE status IN ('registered', 'verified')")
    op.execute("CREATE INDEX actor_due ON actor (due_at) WHERE due_at IS NOT NULL")
    op.execute("CREATE INDEX actor_network ON actor (actor_id) WHERE admitted_at IS NOT NULL")
    op.execute(
        """
        ALTER TABLE listing
            ADD COLUMN in_charge uuid,
            ADD COLUMN handovers jsonb NOT NULL DEFAULT '[]'
        """
    )
    # The sweep sets itself again each time; this is its beginning.
    op.execute(
        """
        INSERT INTO timer (ce_type, key, name, due, body)
        VALUES ('impulse.registry.sweep_actors.v1', 'actors', '', '2000-01-01T00:00:00Z',
                '{"what": "actors"}')
        ON CONFLICT DO NOTHING
        """
    )
