"""Pairs of organisations that may be one."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the table."""
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS = [
    """
    CREATE TABLE duplicate (
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
        decided_at timestamptz
    )
    """,
    "CREATE INDEX duplicate_likeliest ON duplicate (state, score DESC, pair_id DESC)",
    "CREATE INDEX duplicate_of_a ON duplicate (actor_a_id)",
    "CREATE INDEX duplicate_of_b ON duplicate (actor_b_id)",
]
