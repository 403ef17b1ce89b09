"""Editions as booking knows them, and on which side of one an organisation is."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Creates the table, and adds what kind of organisation somebody is."""
    op.execute(
        """
        CREATE TABLE edition (
            edition_id uuid PRIMARY KEY,
            version int NOT NULL,
            stage text NOT NULL,
            session_id uuid NOT NULL,
            title text NOT NULL,
            deadlines jsonb
        );
        ALTER TABLE actor ADD kind text;
        """
    )
