"""When reports went to the funder."""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Creates the table."""
    op.execute(
        """
        CREATE TABLE report_submission (
            report_id uuid PRIMARY KEY,
            version int NOT NULL,
            begins date NOT NULL,
            cut_off date NOT NULL,
            submitted_on date NOT NULL,
            evidence_until date NOT NULL
        )
        """
    )
