"""Advice: the working hours of advisers, their slots, and what came of talks."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Creates the table of working hours."""
    op.execute(
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
            online_link text
        );
        ALTER TABLE session ADD COLUMN adviser_id uuid;
        CREATE INDEX ON session (adviser_id, starts) WHERE adviser_id IS NOT NULL;
        ALTER TABLE booking ADD COLUMN advice jsonb;
        """
    )
