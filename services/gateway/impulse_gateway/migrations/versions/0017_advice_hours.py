"""When advisers have time, and how much of a session's quotas is taken."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Creates the table and adds the column."""
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS = [
    """
    CREATE TABLE advice_hours (
        adviser_id uuid PRIMARY KEY,
        version int NOT NULL,
        programme_offer_id uuid NOT NULL,
        weekly jsonb NOT NULL,
        slot_minutes int NOT NULL,
        buffer_minutes int NOT NULL,
        notice_hours int NOT NULL,
        weeks_ahead int NOT NULL,
        blocked jsonb NOT NULL,
        online bool NOT NULL
    )
    """,
    "CREATE INDEX advice_hours_offer ON advice_hours (programme_offer_id)",
    "ALTER TABLE programme_session ADD taken_by jsonb NOT NULL DEFAULT '{}'",
    "CREATE INDEX programme_session_adviser ON programme_session (adviser_id, starts)"
    " WHERE adviser_id IS NOT NULL",
]
