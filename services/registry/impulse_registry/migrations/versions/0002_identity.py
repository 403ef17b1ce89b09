"""What was said of an actor under each of its names, and the natural keys that find them."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates what identity needs."""
    op.execute(
        """
        ALTER TABLE identity_key
            ADD COLUMN gone boolean NOT NULL DEFAULT false,
            ADD COLUMN record jsonb
        """
    )
    op.execute(
        """
        ALTER TABLE actor
            ADD COLUMN carrier_actor_id uuid,
            ADD COLUMN absorbed jsonb NOT NULL DEFAULT '[]',
            ADD COLUMN provenance jsonb NOT NULL DEFAULT '[]'
        """
    )
    op.execute(
        """
        CREATE TABLE natural_key (
            key text PRIMARY KEY,
            version int NOT NULL,
            holders jsonb NOT NULL,
            crowded boolean NOT NULL
        )
        """
    )
    # What was said once and stands no more, and what came too late to stand: without contacts.
    op.execute(
        """
        CREATE TABLE actor_history (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            actor_id uuid NOT NULL,
            name text NOT NULL,
            observed_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            applied boolean NOT NULL,
            record jsonb NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX actor_history_of_actor ON actor_history (actor_id, id)")
