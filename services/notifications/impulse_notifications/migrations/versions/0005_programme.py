"""Offers and sessions of the programme, and who has a place in which, as booking knows them."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Creates the tables."""
    op.execute(
        """
        CREATE TABLE programme_offer (
            programme_offer_id uuid PRIMARY KEY,
            version int NOT NULL,
            title text NOT NULL,
            provider_actor_id uuid
        )
        """
    )
    op.execute(
        """
        CREATE TABLE session (
            session_id uuid PRIMARY KEY,
            version int NOT NULL,
            state text NOT NULL,
            title text NOT NULL,
            starts timestamptz NOT NULL,
            ends timestamptz NOT NULL,
            timezone text NOT NULL,
            meetings jsonb NOT NULL,
            place jsonb,
            sequence int NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE booking (
            booking_id uuid PRIMARY KEY,
            version int NOT NULL,
            session_id uuid NOT NULL,
            actor_id uuid NOT NULL,
            attendees jsonb NOT NULL,
            state text NOT NULL,
            said int NOT NULL,
            online_link text,
            sequence int
        )
        """
    )
    op.execute("CREATE INDEX booking_confirmed ON booking (session_id) WHERE state = 'confirmed'")
    op.execute("CREATE INDEX booking_attendees ON booking USING gin (attendees)")
