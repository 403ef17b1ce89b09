"""Offers that were promised may be free again, and be promised to others."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Replicas look for whatever becomes of a capacity. Several proposals of an offer may have been
    accepted by both sides by now, one after another: to which one it is promised, its one row of
    capacity says, locked and versioned."""
    op.execute("CREATE INDEX offer_capacity_changed_in ON offer_capacity (changed_in)")
    op.execute("DROP INDEX offer_capacity_promised")
    op.execute("DROP INDEX proposal_one_winner")
