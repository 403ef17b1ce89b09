"""Bookings and requests that go over to another organisation, and back."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Adds as which organisations they were passed on."""
    op.execute(
        """
        ALTER TABLE booking ADD formerly jsonb NOT NULL DEFAULT '[]';
        CREATE INDEX ON booking USING gin (formerly) WHERE formerly <> '[]';
        ALTER TABLE support_request ADD formerly jsonb NOT NULL DEFAULT '[]';
        CREATE INDEX ON support_request USING gin (formerly) WHERE formerly <> '[]';
        CREATE INDEX ON support_request (actor_id);
        """
    )
