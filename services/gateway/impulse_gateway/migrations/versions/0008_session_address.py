"""A session is of an address: it ends when the person has another one."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adds the column; those who are signed in stay so."""
    op.execute("ALTER TABLE session ADD email text")
    op.execute(
        """
        UPDATE session SET email = lower(person.email) FROM person
        WHERE person.person_id = session.person_id
        """
    )
    op.execute("ALTER TABLE session ALTER email SET NOT NULL")
