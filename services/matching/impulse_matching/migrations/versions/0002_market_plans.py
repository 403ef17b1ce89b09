"""The newest plan of each market, and the way to the listings of those who take part."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the table and an index."""
    op.execute(
        """
        CREATE TABLE market_plan (
            edition_id uuid PRIMARY KEY,
            version integer NOT NULL,
            format text NOT NULL,
            companies jsonb NOT NULL,
            nonprofits jsonb NOT NULL,
            rounds integer,
            tables integer,
            talks jsonb NOT NULL,
            alone jsonb NOT NULL,
            ruleset_version text NOT NULL,
            planned_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX listing_actor_id ON listing (((fact ->> 'actor_id')::uuid))")
