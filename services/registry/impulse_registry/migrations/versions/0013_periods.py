"""When a person confirmed their details; what deletes what was kept before this release."""

from alembic import op

revision = "0013"
down_revision = "0012"

_TIMER = "INSERT INTO timer (ce_type, key, name, due, body) SELECT 'impulse.registry."


def upgrade() -> None:
    """Adds the column, and the timers of those who are known."""
    op.execute("ALTER TABLE person ADD confirmed_at timestamptz")
    op.execute(
        _TIMER
        + """forget_contact.v1', person_id::text, '', now() + interval '365 days',
            json_build_object('person_id', person_id)::text
        FROM person WHERE jsonb_typeof(contact_of) = 'object' ON CONFLICT DO NOTHING
        """
    )
    op.execute(
        _TIMER
        + """forget_consents.v1', person_id::text, '',
            min((each ->> 'withdrawn_at')::timestamptz) + interval '1095 days',
            json_build_object('person_id', person_id)::text
        FROM person CROSS JOIN jsonb_array_elements(consents) AS each
        WHERE each ->> 'withdrawn_at' IS NOT NULL
        GROUP BY person_id ON CONFLICT DO NOTHING
        """
    )
    op.execute(
        _TIMER
        + """forget_disclosure.v1', disclosure_id::text, '', ended_at + interval '30 days',
            json_build_object('disclosure_id', disclosure_id)::text
        FROM disclosure WHERE ended_at IS NOT NULL ON CONFLICT DO NOTHING
        """
    )
    op.execute(
        _TIMER
        + """forget_erasure.v1', person_id::text, '', requested_at + interval '3650 days',
            json_build_object('person_id', person_id)::text
        FROM erasure ON CONFLICT DO NOTHING
        """
    )
    op.execute(
        _TIMER
        + """forget_person.v1', person_id::text, '', now() + interval '30 days',
            json_build_object('person_id', person_id)::text
        FROM membership WHERE memberships = '[]' AND pending = '[]' ON CONFLICT DO NOTHING
        """
    )
