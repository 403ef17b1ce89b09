"""Erasures, tracked until every service has obeyed; they take the place of `erased_person`."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Creates the table, with those who were erased before."""
    op.execute(
        """
        CREATE TABLE erasure (
            person_id uuid PRIMARY KEY,
            version int NOT NULL,
            state text NOT NULL,
            contact_of jsonb,
            requested_at timestamptz NOT NULL,
            acknowledged jsonb NOT NULL,
            expected jsonb NOT NULL,
            completed_at timestamptz
        )
        """
    )
    op.execute("CREATE INDEX erasure_open ON erasure (requested_at) WHERE completed_at IS NULL")
    # Before this release nobody was asked to obey: tombstones alone took the person away.
    op.execute(
        """
        INSERT INTO erasure
        SELECT person_id, version, 'completed', contact_of, erased_at, '[]', '[]', erased_at
        FROM erased_person
        """
    )
    op.execute("DROP TABLE erased_person")
