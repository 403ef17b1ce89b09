"""Agreements of cooperations, how they are carried out, and what is next."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Adds the columns."""
    op.execute(
        """
        ALTER TABLE cooperation
            ADD origin text NOT NULL DEFAULT 'proposal',
            ADD format text,
            ADD in_charge uuid,
            ADD since timestamptz,
            ADD terms jsonb,
            ADD missing jsonb NOT NULL DEFAULT '[]',
            ADD signatures jsonb NOT NULL DEFAULT '[]',
            ADD number text,
            ADD agreed_at timestamptz,
            ADD hold jsonb,
            ADD next_action jsonb,
            ADD warnings jsonb NOT NULL DEFAULT '[]',
            ADD steps jsonb NOT NULL DEFAULT '[]',
            ADD reminded jsonb NOT NULL DEFAULT '[]',
            ADD dates jsonb NOT NULL DEFAULT '[]',
            ADD reports jsonb NOT NULL DEFAULT '[]',
            ADD decision jsonb,
            ADD redeemed_at timestamptz,
            ADD evaluations jsonb NOT NULL DEFAULT '[]',
            ADD redemption jsonb NOT NULL DEFAULT '[]',
            -- A day as ISO 8601 writes it: in order as it is.
            ADD next_due text GENERATED ALWAYS AS (next_action ->> 'due') STORED;
        CREATE INDEX ON cooperation (next_due, cooperation_id);
        """
    )
