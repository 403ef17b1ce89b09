"""Editions, and what is of one."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Creates the table, and says of sessions and cooperations which edition they are of."""
    op.execute(
        """
        CREATE TABLE edition (
            edition_id uuid PRIMARY KEY,
            version integer NOT NULL,
            stage text NOT NULL,
            since timestamptz NOT NULL,
            title text NOT NULL,
            format text NOT NULL,
            description text NOT NULL,
            topics jsonb NOT NULL,
            provider_actor_id uuid,
            ags text,
            place jsonb,
            online boolean NOT NULL,
            programme_offer_id uuid NOT NULL,
            session_id uuid NOT NULL,
            starts timestamptz NOT NULL,
            ends timestamptz NOT NULL,
            timezone text NOT NULL,
            meetings jsonb NOT NULL,
            places jsonb NOT NULL,
            registration_opens timestamptz,
            registration_closes timestamptz,
            selection_mode text NOT NULL,
            workshop jsonb,
            deadlines jsonb,
            results jsonb,
            example boolean NOT NULL
        );
        ALTER TABLE session ADD edition_id uuid;
        ALTER TABLE cooperation ADD edition_id uuid, ADD edition_number integer;
        CREATE INDEX ON cooperation (edition_id) WHERE edition_id IS NOT NULL;
        DROP INDEX cooperation_need_actor_id_idx;
        DROP INDEX cooperation_offer_actor_id_idx;
        CREATE INDEX ON cooperation (need_actor_id) WHERE origin <> 'proposal';
        CREATE INDEX ON cooperation (offer_actor_id) WHERE origin <> 'proposal';
        """
    )
