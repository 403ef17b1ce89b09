"""What people agreed to, what they asked for, and whose contact was disclosed to whom."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds columns and a table."""
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS = [
    "ALTER TABLE person ADD COLUMN phone text",
    "ALTER TABLE person ADD COLUMN consents jsonb NOT NULL DEFAULT '[]'",
    "ALTER TABLE membership ADD COLUMN pending jsonb NOT NULL DEFAULT '[]'",
    """
    CREATE INDEX membership_actors ON membership
    USING gin (jsonb_path_query_array(memberships, '$[*].actor_id'))
    """,
    """
    CREATE INDEX membership_pending ON membership
    USING gin (jsonb_path_query_array(pending, '$[*].actor_id')) WHERE pending <> '[]'
    """,
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
    """,
    "CREATE INDEX disclosure_of_proposal ON disclosure (proposal_id)",
    "CREATE INDEX disclosure_of_person ON disclosure (person_id)",
]
