"""The tables of the registry: natural keys, actors, listings, people."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates the tables."""
    op.execute(
        """
        CREATE TABLE identity_key (
            key text PRIMARY KEY,
            version int NOT NULL,
            subject_id uuid NOT NULL,
            reported_at timestamptz,
            withdrawn_at timestamptz,
            contact boolean NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE actor (
            actor_id uuid PRIMARY KEY,
            version int NOT NULL,
            status text NOT NULL,
            kind text NOT NULL,
            actor_type text NOT NULL,
            carrier text NOT NULL,
            unit text,
            legal_name text NOT NULL,
            display_name text,
            legal_form text,
            register jsonb,
            w_idnr text,
            seat jsonb NOT NULL,
            topics jsonb NOT NULL,
            icnpo_group int,
            size_class text,
            languages jsonb NOT NULL,
            website text,
            example boolean NOT NULL,
            sources jsonb NOT NULL,
            merged_into uuid,
            confirmed_at timestamptz NOT NULL,
            changed_at timestamptz
        )
        """
    )
    op.execute(
        """
        CREATE TABLE listing (
            listing_id uuid PRIMARY KEY,
            version int NOT NULL,
            actor_id uuid NOT NULL,
            status text NOT NULL,
            direction text NOT NULL,
            title text NOT NULL,
            description text NOT NULL,
            resource_category text NOT NULL,
            skills jsonb NOT NULL,
            quantity jsonb,
            team_size jsonb,
            time jsonb NOT NULL,
            place jsonb NOT NULL,
            topics jsonb NOT NULL,
            target_groups jsonb NOT NULL,
            requirements jsonb NOT NULL,
            accessibility jsonb NOT NULL,
            counter_offers jsonb NOT NULL,
            valid_until date,
            example boolean NOT NULL,
            sources jsonb NOT NULL,
            confirmed_at timestamptz NOT NULL,
            changed_at timestamptz
        )
        """
    )
    op.execute(
        """
        CREATE INDEX listing_visible_of_actor ON listing (actor_id)
        WHERE status IN ('open', 'stale')
        """
    )
    op.execute(
        """
        CREATE TABLE person (
            person_id uuid PRIMARY KEY,
            version int NOT NULL,
            name text NOT NULL,
            email text NOT NULL,
            phone text,
            language text NOT NULL,
            contact_of jsonb
        )
        """
    )
    op.execute(
        """
        CREATE TABLE membership (
            person_id uuid PRIMARY KEY,
            version int NOT NULL,
            memberships jsonb NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE erased_person (
            person_id uuid PRIMARY KEY,
            version int NOT NULL,
            contact_of jsonb,
            erased_at timestamptz NOT NULL
        )
        """
    )
