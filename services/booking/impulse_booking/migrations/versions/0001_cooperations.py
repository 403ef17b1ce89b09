"""Cooperations."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates the table."""
    op.execute(
        """
        CREATE TABLE cooperation (
            cooperation_id uuid PRIMARY KEY,
            version int NOT NULL,
            proposal_id uuid NOT NULL,
            need_id uuid NOT NULL,
            offer_id uuid NOT NULL,
            need_actor_id uuid NOT NULL,
            offer_actor_id uuid NOT NULL,
            need_title text NOT NULL,
            offer_title text NOT NULL,
            topics jsonb NOT NULL,
            example boolean NOT NULL,
            state text NOT NULL,
            opened_at timestamptz NOT NULL,
            redeem_by date NOT NULL,
            reminded text
        )
        """
    )
