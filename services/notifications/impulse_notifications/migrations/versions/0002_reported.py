"""Who reported a person, and what they agreed to; which messages are old."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds the columns and indexes."""
    op.execute(
        """
        ALTER TABLE person
            ADD consents jsonb NOT NULL DEFAULT '[]',
            ADD contact_of jsonb
        """
    )
    op.execute(
        """
        CREATE INDEX message_first ON message (person_id)
        WHERE template = 'contact_reported' AND state = 'queued'
        """
    )
    op.execute("CREATE INDEX message_queued_at ON message (queued_at)")
