"""The tables of the chassis: inbox, outbox, timers, waiting, dead letters, paused partitions."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates the tables."""
    op.execute(
        """
        CREATE TABLE inbox (
            key uuid PRIMARY KEY,
            handled_at timestamptz NOT NULL,
            outcome text
        )
        """
    )
    op.execute("CREATE INDEX inbox_handled_at ON inbox USING brin (handled_at)")
    op.execute(
        """
        CREATE TABLE outbox (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            topic text NOT NULL,
            key bytea,
            value bytea,
            headers text NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now()
        ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000)
        """
    )
    op.execute(
        """
        CREATE TABLE outbox_parked (
            id bigint PRIMARY KEY,
            topic text NOT NULL,
            key bytea,
            value bytea,
            headers text NOT NULL,
            created_at timestamptz NOT NULL,
            parked_at timestamptz NOT NULL,
            error text NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE timer (
            ce_type text NOT NULL,
            key text NOT NULL,
            name text NOT NULL,
            due timestamptz NOT NULL,
            body text NOT NULL,
            PRIMARY KEY (ce_type, key, name)
        )
        """
    )
    op.execute("CREATE INDEX timer_due ON timer (due)")
    op.execute(
        """
        CREATE TABLE waiting (
            inbox_key uuid PRIMARY KEY,
            id bigint GENERATED ALWAYS AS IDENTITY,
            waits_for text NOT NULL,
            subject text NOT NULL,
            topic text NOT NULL,
            partition int NOT NULL,
            "offset" bigint NOT NULL,
            timestamp bigint NOT NULL,
            key bytea,
            value bytea,
            headers text NOT NULL,
            attempt int NOT NULL,
            deadline timestamptz NOT NULL,
            next_try timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX waiting_next_try ON waiting (next_try)")
    op.execute("CREATE INDEX waiting_waits_for ON waiting (waits_for)")
    op.execute(
        """
        CREATE TABLE dead_letter (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            topic text NOT NULL,
            partition int NOT NULL,
            "offset" bigint NOT NULL,
            key bytea,
            value bytea,
            headers text NOT NULL,
            reason text NOT NULL,
            detail text NOT NULL,
            attempt int NOT NULL,
            died_at timestamptz NOT NULL,
            state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'retried', 'discarded'))
        )
        """
    )
    op.execute("CREATE INDEX dead_letter_open ON dead_letter (id) WHERE state = 'open'")
    op.execute(
        """
        CREATE TABLE paused_partition (
            topic text NOT NULL,
            partition int NOT NULL,
            since timestamptz NOT NULL,
            detail text NOT NULL,
            PRIMARY KEY (topic, partition)
        )
        """
    )
