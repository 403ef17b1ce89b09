"""The programme: offers, sessions, bookings, support, and who is who."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the tables, and the last lock on the places of a session."""
    op.execute(
        """
        CREATE TABLE actor (
            actor_id uuid PRIMARY KEY,
            version int NOT NULL,
            status text NOT NULL,
            kind text NOT NULL,
            carrier text NOT NULL,
            seat jsonb NOT NULL,
            service_area jsonb NOT NULL,
            inherited jsonb,
            merged_into uuid
        );
        CREATE TABLE membership (
            person_id uuid PRIMARY KEY,
            version int NOT NULL,
            memberships jsonb NOT NULL
        );
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
            evidence_needed boolean NOT NULL,
            prerequisites jsonb NOT NULL,
            selection_mode text NOT NULL,
            waiting_list boolean NOT NULL,
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
            example boolean NOT NULL
        );
        CREATE TABLE session (
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
            online boolean NOT NULL,
            online_link text,
            capacity int NOT NULL,
            taken int NOT NULL,
            taken_by jsonb NOT NULL,
            waiting int NOT NULL,
            quotas jsonb NOT NULL,
            opens_at timestamptz,
            closes_at timestamptz,
            sequence int NOT NULL,
            seed text,
            last_number int NOT NULL,
            certificates int NOT NULL,
            example boolean NOT NULL
        );
        CREATE TABLE booking (
            booking_id uuid PRIMARY KEY,
            version int NOT NULL,
            session_id uuid NOT NULL,
            programme_offer_id uuid NOT NULL,
            actor_id uuid NOT NULL,
            party_size int NOT NULL,
            attendees jsonb NOT NULL,
            places int NOT NULL,
            quotas jsonb NOT NULL,
            state text NOT NULL,
            reason text,
            note text,
            free_of_charge boolean NOT NULL,
            priority int NOT NULL,
            requested_at timestamptz NOT NULL,
            booked_by uuid,
            on_behalf jsonb,
            waiting_number int,
            offered_until timestamptz,
            skipped int NOT NULL,
            cancelled_late boolean NOT NULL,
            attendance jsonb NOT NULL,
            certificates jsonb NOT NULL,
            example boolean NOT NULL
        );
        CREATE INDEX ON booking (actor_id);
        CREATE INDEX ON booking USING gin (attendees jsonb_path_ops);
        CREATE INDEX ON booking (session_id)
            WHERE state IN ('requested', 'waitlisted', 'offered', 'confirmed');
        CREATE INDEX booking_holding ON booking (session_id) INCLUDE (places)
            WHERE state IN ('offered', 'confirmed', 'attended', 'no_show');
        CREATE TABLE support_request (
            request_id uuid PRIMARY KEY,
            version int NOT NULL,
            programme_offer_id uuid NOT NULL,
            actor_id uuid NOT NULL,
            wish text NOT NULL,
            state text NOT NULL,
            free_of_charge boolean NOT NULL,
            requested_at timestamptz NOT NULL,
            on_behalf jsonb,
            person_id uuid,
            until date,
            hours double precision,
            result text,
            reason text,
            example boolean NOT NULL
        );

        -- The last lock: whatever wrote it, a session that has more places taken than it has is
        -- not committed. Looked at when the transaction ends, as its rows are written in turn.
        CREATE FUNCTION never_overbooked() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (SELECT coalesce(sum(places), 0) FROM booking
                WHERE session_id = NEW.session_id
                  AND state IN ('offered', 'confirmed', 'attended', 'no_show'))
               > (SELECT capacity FROM session WHERE session_id = NEW.session_id)
            THEN
                RAISE EXCEPTION 'session % would be overbooked', NEW.session_id
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'never_overbooked';
            END IF;
            RETURN NULL;
        END
        $$;
        CREATE CONSTRAINT TRIGGER never_overbooked AFTER INSERT OR UPDATE ON booking
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            WHEN (NEW.state IN ('offered', 'confirmed', 'attended', 'no_show'))
            EXECUTE FUNCTION never_overbooked();
        CREATE CONSTRAINT TRIGGER never_overbooked AFTER UPDATE OF capacity ON session
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            EXECUTE FUNCTION never_overbooked();
        """
    )
