"""The tables of matching: listings, capacities of offers, proposals, memberships."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates the tables."""
    op.execute(
        """
        CREATE TABLE listing (
            listing_id uuid PRIMARY KEY,
            version integer NOT NULL,
            fact jsonb NOT NULL,
            changed_in xid8 NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX listing_changed_in ON listing (changed_in)")
    op.execute(
        """
        CREATE TABLE offer_capacity (
            offer_id uuid PRIMARY KEY,
            version integer NOT NULL,
            reserved_for uuid,
            promised boolean NOT NULL,
            changed_in xid8 NOT NULL,
            CHECK (reserved_for IS NOT NULL OR NOT promised)
        )
        """
    )
    op.execute("CREATE INDEX offer_capacity_promised ON offer_capacity (changed_in) WHERE promised")
    # A number from a sequence would not do: of two transactions the one with the lower number may
    # be the one that commits last, and would be passed over.
    op.execute(
        """
        CREATE FUNCTION note_changed_in() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.changed_in := pg_current_xact_id();
            RETURN NEW;
        END
        $$
        """
    )
    for table in ("listing", "offer_capacity"):
        op.execute(
            f"CREATE TRIGGER note_changed_in BEFORE INSERT OR UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION note_changed_in()"
        )
    op.execute(
        """
        CREATE TABLE proposal (
            proposal_id uuid PRIMARY KEY,
            version integer NOT NULL,
            need_id uuid NOT NULL,
            offer_id uuid NOT NULL,
            need_actor_id uuid NOT NULL,
            offer_actor_id uuid NOT NULL,
            need_title text NOT NULL,
            offer_title text NOT NULL,
            score double precision NOT NULL,
            contributions jsonb NOT NULL,
            reasons jsonb NOT NULL,
            blockers jsonb NOT NULL,
            ruleset_version text NOT NULL,
            inputs_hash text NOT NULL,
            content_hash text NOT NULL,
            scored_on date NOT NULL,
            topics jsonb NOT NULL,
            example boolean NOT NULL,
            state text NOT NULL,
            declined_by text,
            decline_reason text,
            answer_until timestamptz,
            suggested_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX proposal_need_id ON proposal (need_id)")
    op.execute("CREATE INDEX proposal_offer_id ON proposal (offer_id)")
    # The domain promises an offer once; the database does not let it happen twice.
    op.execute(
        "CREATE UNIQUE INDEX proposal_one_winner ON proposal (offer_id)"
        " WHERE state = 'mutually_accepted'"
    )
    op.execute(
        """
        CREATE TABLE membership (
            person_id uuid PRIMARY KEY,
            version integer NOT NULL,
            memberships jsonb NOT NULL
        )
        """
    )
