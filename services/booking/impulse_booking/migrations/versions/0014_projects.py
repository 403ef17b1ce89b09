"""Projects of editions."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Creates the table."""
    op.execute(
        """
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
        CREATE INDEX ON project (cooperation_id) WHERE cooperation_id IS NOT NULL;
        """
    )
