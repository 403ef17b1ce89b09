"""The read model, activity, operations, and sign-in."""

from alembic import op

revision = "0001"
down_revision = None

# Umlauts are folded here and not by the server's locale, which differs from one to the next.
FOLD = "'ÄÖÜäöüßéèêáàâ', 'AOUaouseeeaaa'"
STOPS = """'.,;:-–/&()"„“!?+''', '                   '"""


def upgrade() -> None:
    """Creates the tables."""
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS = [
    # ------------------------------------------------------------------------- read model
    f"""
    CREATE TABLE actor (
        actor_id uuid PRIMARY KEY,
        version int NOT NULL,
        status text NOT NULL,
        kind text NOT NULL,
        actor_type text NOT NULL,
        carrier text NOT NULL,
        unit text,
        legal_name text NOT NULL,
        display_name text,
        legal_form text,
        register jsonb,
        w_idnr text,
        seat jsonb NOT NULL,
        topics jsonb NOT NULL,
        icnpo_group int,
        size_class text,
        languages jsonb NOT NULL,
        website text,
        example boolean NOT NULL,
        sources jsonb NOT NULL,
        merged_into uuid,
        confirmed_at timestamptz NOT NULL,
        sort_key text COLLATE "C" GENERATED ALWAYS AS (
            lower(ltrim(translate(coalesce(display_name, legal_name), {FOLD}), ' "„“'''))
        ) STORED,
        words tsvector GENERATED ALWAYS AS (to_tsvector('simple', translate(translate(
            legal_name || ' ' || coalesce(display_name, '') || ' ' ||
            coalesce(seat ->> 'city', '') || ' ' || coalesce(seat ->> 'postcode', ''),
            {FOLD}), {STOPS})
        )) STORED
    )
    """,
    "CREATE INDEX actor_sorted ON actor (sort_key, actor_id)",
    "CREATE INDEX actor_words ON actor USING gin (words)",
    f"""
    CREATE TABLE listing (
        listing_id uuid PRIMARY KEY,
        version int NOT NULL,
        actor_id uuid NOT NULL,
        status text NOT NULL,
        direction text NOT NULL,
        title text NOT NULL,
        description text NOT NULL,
        resource_category text NOT NULL,
        skills jsonb NOT NULL,
        quantity jsonb,
        team_size jsonb,
        time jsonb NOT NULL,
        place jsonb NOT NULL,
        topics jsonb NOT NULL,
        target_groups jsonb NOT NULL,
        requirements jsonb NOT NULL,
        accessibility jsonb NOT NULL,
        counter_offers jsonb NOT NULL,
        valid_until date,
        example boolean NOT NULL,
        sources jsonb NOT NULL,
        confirmed_at timestamptz NOT NULL,
        words tsvector GENERATED ALWAYS AS (to_tsvector('simple', translate(translate(
            title || ' ' || description, {FOLD}), {STOPS})
        )) STORED
    )
    """,
    "CREATE INDEX listing_newest ON listing (status, confirmed_at DESC, listing_id DESC)",
    "CREATE INDEX listing_of ON listing (actor_id)",
    "CREATE INDEX listing_words ON listing USING gin (words)",
    """
    CREATE TABLE proposal (
        proposal_id uuid PRIMARY KEY,
        version int NOT NULL,
        need_id uuid NOT NULL,
        offer_id uuid NOT NULL,
        need_actor_id uuid NOT NULL,
        offer_actor_id uuid NOT NULL,
        need_title text NOT NULL,
        offer_title text NOT NULL,
        score double precision NOT NULL,
        contributions jsonb NOT NULL,
        reasons jsonb NOT NULL,
        blockers jsonb NOT NULL,
        ruleset_version text NOT NULL,
        inputs_hash text NOT NULL,
        topics jsonb NOT NULL,
        example boolean NOT NULL,
        state text NOT NULL,
        declined_by text,
        decline_reason text,
        answer_until timestamptz,
        suggested_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX proposal_of_need ON proposal (need_id)",
    "CREATE INDEX proposal_of_offer ON proposal (offer_id)",
    "CREATE INDEX proposal_of_need_actor ON proposal (need_actor_id)",
    "CREATE INDEX proposal_of_offer_actor ON proposal (offer_actor_id)",
    "CREATE INDEX proposal_newest ON proposal (suggested_at DESC, proposal_id DESC)",
    """
    CREATE TABLE cooperation (
        cooperation_id uuid PRIMARY KEY,
        version int NOT NULL,
        proposal_id uuid NOT NULL,
        need_id uuid NOT NULL,
        offer_id uuid NOT NULL,
        need_actor_id uuid NOT NULL,
        offer_actor_id uuid NOT NULL,
        need_title text NOT NULL,
        offer_title text NOT NULL,
        topics jsonb NOT NULL,
        example boolean NOT NULL,
        state text NOT NULL,
        opened_at timestamptz NOT NULL,
        redeem_by date NOT NULL
    )
    """,
    "CREATE INDEX cooperation_of ON cooperation (proposal_id)",
    "CREATE INDEX cooperation_newest ON cooperation (opened_at DESC, cooperation_id DESC)",
    """
    CREATE TABLE message (
        message_id uuid PRIMARY KEY,
        version int NOT NULL,
        person_id uuid NOT NULL,
        template text NOT NULL,
        channel text NOT NULL,
        language text NOT NULL,
        state text NOT NULL,
        cause_id text NOT NULL,
        title text,
        text text,
        attempts int NOT NULL,
        detail text,
        queued_at timestamptz NOT NULL,
        sent_at timestamptz
    )
    """,
    "CREATE INDEX message_of ON message (person_id, queued_at DESC) WHERE channel = 'in_app'",
    """
    CREATE TABLE person (
        person_id uuid PRIMARY KEY,
        version int NOT NULL,
        name text NOT NULL,
        email text NOT NULL,
        language text NOT NULL
    )
    """,
    "CREATE INDEX person_email ON person (lower(email))",
    """
    CREATE TABLE membership (
        person_id uuid PRIMARY KEY,
        version int NOT NULL,
        memberships jsonb NOT NULL
    )
    """,
    # --------------------------------------------------------------- activity, operations
    """
    CREATE TABLE activity (
        activity_id uuid PRIMARY KEY,
        version int NOT NULL,
        at timestamptz NOT NULL,
        kind text NOT NULL,
        ce_type text NOT NULL,
        subject_id uuid NOT NULL,
        path text,
        example boolean NOT NULL,
        de text NOT NULL,
        en text NOT NULL,
        position bigint GENERATED ALWAYS AS IDENTITY UNIQUE
    )
    """,
    """
    CREATE TABLE operation (
        operation_id uuid PRIMARY KEY,
        version int NOT NULL,
        person_id uuid NOT NULL,
        command_type text NOT NULL,
        subject_id text NOT NULL,
        fingerprint text NOT NULL,
        state text NOT NULL,
        reason text,
        message jsonb,
        result_id text,
        result_version int,
        attempt int NOT NULL,
        requested_at timestamptz NOT NULL,
        resolved_at timestamptz
    )
    """,
    "CREATE INDEX operation_requested ON operation (requested_at)",
    # ---------------------------------------------------------------------------- sign-in
    """
    CREATE TABLE session (
        session_hash bytea PRIMARY KEY,
        person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
        began_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX session_of ON session (person_id)",
    "CREATE TABLE used_token (nonce text PRIMARY KEY, used_at timestamptz NOT NULL)",
    """
    CREATE TABLE sign_in_attempt (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        bucket bytea NOT NULL,
        at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX sign_in_attempt_recent ON sign_in_attempt (bucket, at)",
]
