"""Finds what an organisation has booked of one session, or of one offer, without all the rest."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Puts indexes that name both in place of the one on organisations alone."""
    op.execute(
        """
        DROP INDEX booking_actor_id_idx;
        CREATE INDEX ON booking (actor_id, session_id);
        CREATE INDEX ON booking (actor_id, programme_offer_id);
        """
    )
