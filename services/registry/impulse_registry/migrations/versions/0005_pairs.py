"""Pairs of actors that may be one organisation, and what is needed to merge them."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Creates what merging needs."""
    op.execute(
        """
        CREATE TABLE pair (
            pair_id uuid PRIMARY KEY,
            version int NOT NULL,
            state text NOT NULL,
            actor_a_id uuid NOT NULL,
            actor_b_id uuid NOT NULL,
            score double precision NOT NULL,
            evidence jsonb NOT NULL,
            survivor_id uuid,
            succession text,
            found_at timestamptz NOT NULL,
            decided_at timestamptz,
            moved jsonb
        )
        """
    )
    op.execute("CREATE INDEX listing_of_actor ON listing (actor_id)")
    op.execute(
        "CREATE INDEX actor_borne ON actor (carrier_actor_id) WHERE carrier_actor_id IS NOT NULL"
    )
