"""Evidence for reports, and the reports that were cut."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Creates both; evidence is read thing by thing."""
    op.execute(
        """
        CREATE TABLE evidence (
            source text NOT NULL,
            fact_id text NOT NULL,
            type text NOT NULL,
            noun text NOT NULL,
            subject uuid NOT NULL,
            version int NOT NULL,
            at timestamptz NOT NULL,
            late boolean NOT NULL,
            said jsonb NOT NULL,
            PRIMARY KEY (source, fact_id)
        );
        CREATE TABLE report (
            report_id uuid PRIMARY KEY,
            version int NOT NULL,
            begins date NOT NULL,
            cut_off date NOT NULL,
            preliminary boolean NOT NULL,
            cut_at timestamptz NOT NULL,
            digest text NOT NULL
        )
        """
    )
