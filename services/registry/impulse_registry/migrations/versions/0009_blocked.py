"""Addresses of erased people, as keyed digests."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Creates the table."""
    op.execute(
        """
        CREATE TABLE blocked_address (
            digest text PRIMARY KEY,
            version int NOT NULL,
            since timestamptz NOT NULL
        )
        """
    )
