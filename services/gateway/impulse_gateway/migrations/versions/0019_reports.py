"""Reports for the funder, and what is behind their figures."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Creates both tables."""
    op.execute(
        """
        CREATE TABLE report (
            report_id uuid PRIMARY KEY,
            version int NOT NULL,
            begins date NOT NULL,
            cut_off date NOT NULL,
            preliminary boolean NOT NULL,
            cut_at timestamptz NOT NULL,
            figures jsonb NOT NULL,
            late int NOT NULL,
            parts int NOT NULL,
            digest text NOT NULL
        );
        CREATE INDEX ON report (cut_at DESC, report_id DESC);
        CREATE TABLE report_part (
            part_id uuid PRIMARY KEY,
            version int NOT NULL,
            report_id uuid NOT NULL,
            number int NOT NULL,
            behind json NOT NULL
        );
        CREATE INDEX ON report_part (report_id, number);
        """
    )
