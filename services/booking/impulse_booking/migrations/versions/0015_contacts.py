"""The people who are to be reached about a cooperation: found when they leave."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """An index of whoever is named as contact or to step in."""
    op.execute(
        """
        CREATE INDEX cooperation_contacts ON cooperation
        USING gin (jsonb_path_query_array(contacts, '$[*].*')) WHERE contacts <> '[]'
        """
    )
