"""The programme: offers and sessions, bookings, and requests for support."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Creates the tables and the indexes."""
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS = [
    """
    CREATE TABLE programme_offer (
        programme_offer_id uuid PRIMARY KEY,
        version int NOT NULL,
        state text NOT NULL,
        title text NOT NULL,
        category text NOT NULL,
        description text NOT NULL,
        event_format text,
        topics jsonb NOT NULL,
        provider_actor_id uuid,
        capacity_unit text NOT NULL,
        open_to jsonb NOT NULL,
        free_for jsonb NOT NULL,
        areas jsonb NOT NULL,
        evidence_needed bool NOT NULL,
        prerequisites jsonb NOT NULL,
        selection_mode text NOT NULL,
        waiting_list bool NOT NULL,
        group_policy text NOT NULL,
        overlap_policy text NOT NULL,
        overlap_grace_minutes int NOT NULL,
        bookings_per_organisation int,
        party_limit int,
        answer_hours int NOT NULL,
        last_offer_hours int NOT NULL,
        cancel_hours int NOT NULL,
        no_shows_allowed int NOT NULL,
        materials jsonb NOT NULL,
        languages jsonb NOT NULL,
        example bool NOT NULL
    )
    """,
    """
    CREATE TABLE programme_session (
        session_id uuid PRIMARY KEY,
        version int NOT NULL,
        programme_offer_id uuid NOT NULL,
        title text NOT NULL,
        category text NOT NULL,
        state text NOT NULL,
        starts timestamptz NOT NULL,
        ends timestamptz NOT NULL,
        timezone text NOT NULL,
        meetings jsonb NOT NULL,
        place jsonb,
        online bool NOT NULL,
        capacity int NOT NULL,
        taken int NOT NULL,
        waiting int NOT NULL,
        quotas jsonb NOT NULL,
        opens_at timestamptz,
        closes_at timestamptz,
        sequence int NOT NULL,
        seed text,
        adviser_id uuid,
        example bool NOT NULL
    )
    """,
    "CREATE INDEX programme_session_offer ON programme_session (programme_offer_id, starts)",
    "CREATE INDEX programme_session_starts ON programme_session (starts, session_id)",
    """
    CREATE TABLE booking (
        booking_id uuid PRIMARY KEY,
        version int NOT NULL,
        session_id uuid NOT NULL,
        session_version int NOT NULL,
        programme_offer_id uuid NOT NULL,
        actor_id uuid NOT NULL,
        party_size int NOT NULL,
        attendees jsonb NOT NULL,
        state text NOT NULL,
        reason text,
        note text,
        free_of_charge bool NOT NULL,
        priority int NOT NULL,
        requested_at timestamptz NOT NULL,
        booked_by uuid,
        on_behalf jsonb,
        waiting_number int,
        offered_until timestamptz,
        skipped int NOT NULL,
        cancelled_late bool NOT NULL,
        online_link text,
        attendance jsonb NOT NULL,
        certificates jsonb NOT NULL,
        advice jsonb,
        example bool NOT NULL
    )
    """,
    "CREATE INDEX booking_newest ON booking (requested_at DESC, booking_id DESC)",
    "CREATE INDEX booking_actor ON booking (actor_id, requested_at DESC)",
    "CREATE INDEX booking_session ON booking (session_id)",
    """
    CREATE TABLE support_request (
        request_id uuid PRIMARY KEY,
        version int NOT NULL,
        programme_offer_id uuid NOT NULL,
        actor_id uuid NOT NULL,
        wish text NOT NULL,
        state text NOT NULL,
        free_of_charge bool NOT NULL,
        requested_at timestamptz NOT NULL,
        on_behalf jsonb,
        person_id uuid,
        until date,
        hours float8,
        result text,
        reason text,
        example bool NOT NULL
    )
    """,
    "CREATE INDEX support_request_newest ON support_request (requested_at DESC, request_id DESC)",
    "CREATE INDEX support_request_actor ON support_request (actor_id, requested_at DESC)",
]
