"""Where the registry looks for actors that may be one organisation."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Creates what looking for duplicates needs."""
    op.execute(
        """
        CREATE TABLE unexamined (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            actor_id uuid NOT NULL,
            portion int NOT NULL
        )
        """
    )
    op.execute("CREATE TABLE block (key text NOT NULL, actor_id uuid NOT NULL)")
    op.execute("CREATE INDEX block_key ON block (key, actor_id)")
    op.execute("CREATE INDEX block_actor ON block (actor_id)")
    # Who was registered before this release is looked at as everybody else.
    op.execute("INSERT INTO unexamined (actor_id, portion) SELECT actor_id, 0 FROM actor")
