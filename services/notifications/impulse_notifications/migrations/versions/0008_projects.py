"""Projects as booking knows them, so that nobody is reminded to submit or claim what they have."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Creates the table."""
    op.execute(
        """
        CREATE TABLE project (
            project_id uuid PRIMARY KEY,
            version int NOT NULL,
            edition_id uuid NOT NULL,
            actor_id uuid NOT NULL,
            state text NOT NULL,
            claimed_by uuid
        );
        CREATE INDEX project_of_edition ON project (edition_id);
        """
    )
