"""What else a listing says: format, instrument, costs, visibility; assisted entry, reminders."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds the columns."""
    op.execute(
        """
        ALTER TABLE listing
            ADD cv_format text,
            ADD cv_mode text,
            ADD cc_instrument text,
            ADD worktime_basis text,
            ADD costs jsonb,
            ADD visibility text NOT NULL DEFAULT 'public',
            ADD on_behalf jsonb,
            ADD confirm_by timestamptz
        """
    )
