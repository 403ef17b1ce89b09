"""People by the actors that they asked, or are asked, to act for: a merge takes them along."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Creates the index."""
    op.execute(
        """
        CREATE INDEX membership_asked ON membership
        USING gin (jsonb_path_query_array(pending, '$[*].actor_id'))
        """
    )
