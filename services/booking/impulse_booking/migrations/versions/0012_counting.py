"""Reports are asked for first, and cut when they are counted."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Those that are there were asked for when they were cut."""
    op.execute(
        """
        ALTER TABLE report
            ADD requested_at timestamptz,
            ALTER preliminary DROP NOT NULL,
            ALTER cut_at DROP NOT NULL,
            ALTER digest DROP NOT NULL;
        UPDATE report SET requested_at = cut_at;
        ALTER TABLE report ALTER requested_at SET NOT NULL;
        CREATE INDEX report_wanted ON report (requested_at) WHERE cut_at IS NULL
        """
    )
