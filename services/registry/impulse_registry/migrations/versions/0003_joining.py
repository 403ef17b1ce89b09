"""Consents of people, claims and invitations, and disclosures of contacts."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds columns and a table."""
    op.execute("ALTER TABLE person ADD COLUMN consents jsonb NOT NULL DEFAULT '[]'")
    op.execute("ALTER TABLE membership ADD COLUMN pending jsonb NOT NULL DEFAULT '[]'")
    op.execute(
        """
        CREATE INDEX membership_actors ON membership
        USING gin (jsonb_path_query_array(memberships, '$[*].actor_id'))
        """
    )
    op.execute(
        """
        CREATE TABLE disclosure (
            disclosure_id uuid PRIMARY KEY,
            version int NOT NULL,
            person_id uuid NOT NULL,
            actor_id uuid NOT NULL,
            to_actor_id uuid NOT NULL,
            proposal_id uuid NOT NULL,
            cooperation_id uuid,
            disclosed_at timestamptz NOT NULL,
            until timestamptz NOT NULL,
            ended_at timestamptz
        )
        """
    )
    op.execute("CREATE INDEX disclosure_of_proposal ON disclosure (proposal_id)")
    op.execute("CREATE INDEX disclosure_of_person ON disclosure (person_id)")
