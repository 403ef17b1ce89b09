"""Batches in which agreements were entered."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Creates the table."""
    op.execute(
        """
        CREATE TABLE agreement_batch (
            batch_id uuid PRIMARY KEY,
            version integer NOT NULL,
            edition_id uuid NOT NULL,
            entered_at timestamptz NOT NULL,
            lines jsonb NOT NULL
        )
        """
    )
