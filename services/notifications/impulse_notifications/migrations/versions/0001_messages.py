"""Messages, attempts to send them, notices; people, memberships and actors as the registry knows
them."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates the tables."""
    op.execute(
        """
        CREATE TABLE person (
            person_id uuid PRIMARY KEY,
            version int NOT NULL,
            name text NOT NULL,
            email text NOT NULL,
            language text NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE membership (
            person_id uuid PRIMARY KEY,
            version int NOT NULL,
            memberships jsonb NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE INDEX membership_actors ON membership
        USING gin (jsonb_path_query_array(memberships, '$[*].actor_id'))
        """
    )
    op.execute(
        """
        CREATE TABLE actor (
            actor_id uuid PRIMARY KEY,
            version int NOT NULL,
            legal_name text NOT NULL,
            display_name text
        )
        """
    )
    op.execute(
        """
        CREATE TABLE notice (
            notice_id uuid PRIMARY KEY,
            version int NOT NULL,
            cause_id text NOT NULL,
            template text NOT NULL,
            actor_id uuid NOT NULL,
            matter jsonb NOT NULL,
            stands_until timestamptz NOT NULL,
            send_by timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX notice_actor ON notice (actor_id, stands_until)")
    op.execute("CREATE INDEX notice_stands_until ON notice (stands_until)")
    op.execute(
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
            sent_at timestamptz,
            matter jsonb,
            link text,
            next_try timestamptz,
            send_by timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX message_queue ON message (send_by, next_try) WHERE state = 'queued'")
    op.execute(
        """
        CREATE TABLE attempt (
            message_id uuid PRIMARY KEY REFERENCES message,
            sender uuid NOT NULL,
            claimed_at timestamptz NOT NULL,
            data_started_at timestamptz
        )
        """
    )
