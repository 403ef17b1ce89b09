"""Agreements, the steps of cooperations, and what comes next."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the columns; the reminder that was given last becomes a list of those given."""
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
            ADD number text UNIQUE,
            ADD agreed_at timestamptz,
            ADD hold jsonb,
            ADD next_action jsonb,
            ADD warnings jsonb NOT NULL DEFAULT '[]',
            ADD steps jsonb NOT NULL DEFAULT '[]',
            ALTER reminded TYPE jsonb USING CASE reminded
                WHEN 'overdue' THEN
                    jsonb_build_array('due_soon/' || redeem_by, 'overdue/' || redeem_by)
                WHEN 'due_soon' THEN jsonb_build_array('due_soon/' || redeem_by)
                ELSE '[]'
            END,
            ALTER reminded SET NOT NULL;
        ALTER TABLE actor ADD in_charge uuid;
        CREATE TABLE agreement_series (
            series text PRIMARY KEY,
            version int NOT NULL,
            last int NOT NULL
        );
        """
    )
