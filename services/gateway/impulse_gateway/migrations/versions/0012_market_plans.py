"""Plans of markets, and organisations by their exact names."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Creates the table and the indexes."""
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS = [
    """
    CREATE TABLE market_plan (
        edition_id uuid PRIMARY KEY,
        version int NOT NULL,
        format text NOT NULL,
        companies jsonb NOT NULL,
        nonprofits jsonb NOT NULL,
        rounds int,
        tables int,
        talks jsonb NOT NULL,
        alone jsonb NOT NULL,
        ruleset_version text NOT NULL,
        planned_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX market_plan_newest ON market_plan (planned_at DESC, edition_id DESC)",
    "CREATE INDEX actor_legal_name ON actor (lower(legal_name))",
    "CREATE INDEX actor_display_name ON actor (lower(display_name))",
]
