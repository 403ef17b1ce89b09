"""Cooperations that were entered for organisations which are merged later."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Adds as which organisations they were entered."""
    op.execute(
        """
        ALTER TABLE cooperation ADD formerly jsonb NOT NULL DEFAULT '[]';
        CREATE INDEX ON cooperation (need_actor_id) WHERE origin = 'entered';
        CREATE INDEX ON cooperation (offer_actor_id) WHERE origin = 'entered';
        """
    )
