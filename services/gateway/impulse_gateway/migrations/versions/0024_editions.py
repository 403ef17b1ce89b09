"""Editions, their projects, and what became of the agreements that were entered of them."""

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Adds the tables, and of which edition cooperations and sessions are."""
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
        CREATE INDEX ON edition (starts);
        CREATE TABLE project (
            project_id uuid PRIMARY KEY,
            version integer NOT NULL,
            edition_id uuid NOT NULL,
            actor_id uuid NOT NULL,
            state text NOT NULL,
            title text NOT NULL,
            description text NOT NULL,
            resource_category text NOT NULL,
            team jsonb,
            hours double precision,
            topics jsonb NOT NULL,
            cv_format text,
            cv_mode text,
            submitted_at timestamptz NOT NULL,
            on_behalf jsonb,
            claimed_by uuid,
            claimed_at timestamptz,
            cooperation_id uuid,
            claims integer NOT NULL,
            example boolean NOT NULL
        );
        CREATE INDEX ON project (edition_id);
        CREATE TABLE agreement_batch (
            batch_id uuid PRIMARY KEY,
            version integer NOT NULL,
            edition_id uuid NOT NULL,
            entered_at timestamptz NOT NULL,
            lines jsonb NOT NULL
        );
        CREATE INDEX ON agreement_batch (edition_id);
        ALTER TABLE cooperation ADD edition_id uuid, ADD edition_number integer;
        CREATE INDEX ON cooperation (edition_id) WHERE edition_id IS NOT NULL;
        ALTER TABLE programme_session ADD edition_id uuid;
        """
    )
