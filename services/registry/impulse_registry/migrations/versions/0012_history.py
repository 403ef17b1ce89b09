"""What was said of listings and does not stand; what is kept of actors and listings for a time."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Creates the table, and finds the oldest rows of both."""
    op.execute(
        """
        CREATE TABLE listing_history (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            listing_id uuid NOT NULL,
            name text NOT NULL,
            observed_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            applied boolean NOT NULL,
            record jsonb NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX listing_history_of_listing ON listing_history (listing_id, id)")
    for table in ("actor_history", "listing_history"):
        op.execute(f"CREATE INDEX {table}_recorded ON {table} (recorded_at)")
