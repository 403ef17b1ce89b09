"""Listings keep the record that the index takes; and who bears actors."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the columns; records of listings that are known already are made when they are read."""
    op.execute(
        """
        ALTER TABLE listing
            ADD COLUMN actor_id uuid,
            ADD COLUMN entry bytea
        """
    )
    # Records hardly shrink; read a million at a time, they had better stand beside their row.
    op.execute("ALTER TABLE listing ALTER COLUMN entry SET STORAGE PLAIN")
    op.execute("UPDATE listing SET actor_id = (fact ->> 'actor_id')::uuid")
    op.execute("DROP INDEX listing_actor_id")
    op.execute("CREATE INDEX listing_actor_id ON listing (actor_id)")
    op.execute(
        """
        CREATE TABLE actor (
            actor_id uuid PRIMARY KEY,
            version integer NOT NULL,
            carrier_actor_id uuid,
            changed_in xid8 NOT NULL DEFAULT pg_current_xact_id()
        )
        """
    )
    op.execute("CREATE INDEX actor_changed_in ON actor (changed_in)")
    # Most of what changes about an actor does not concern its listings.
    op.execute(
        "CREATE TRIGGER note_changed_in BEFORE UPDATE ON actor FOR EACH ROW"
        " WHEN (NEW.carrier_actor_id IS DISTINCT FROM OLD.carrier_actor_id)"
        " EXECUTE FUNCTION note_changed_in()"
    )
    for side in ("need", "offer"):
        op.execute(
            f"CREATE INDEX proposal_agreed_{side} ON proposal ({side}_actor_id)"
            " WHERE state = 'mutually_accepted'"
        )
    # What rules of before do not name does not count in them.
    op.execute(
        """
        UPDATE rule_set SET rules = jsonb_set(rules, '{weights}',
            '{"goals": 0, "skills": 0, "team_size": 0, "quantity": 0, "format": 0,
              "accessibility": 0, "past_relation": 0}' || (rules -> 'weights'))
        """
    )
