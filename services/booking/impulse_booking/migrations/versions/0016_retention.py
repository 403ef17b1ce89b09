"""When reports went to the funder, and how long their evidence is kept."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Adds the columns."""
    op.execute(
        """
        ALTER TABLE report
            ADD submitted_on date,
            ADD evidence_until date,
            ADD evidence_deleted boolean NOT NULL DEFAULT false
        """
    )
