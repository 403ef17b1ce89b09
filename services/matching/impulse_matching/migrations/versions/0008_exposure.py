"""The ledger of exposure, counted from what there is, and what fairness did to a proposal."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adds the columns and the table, and counts."""
    op.execute("ALTER TABLE listing ADD counted_in jsonb NOT NULL DEFAULT '[]'")
    op.execute(
        """
        ALTER TABLE proposal
            ADD adjustment jsonb,
            ADD exposed boolean NOT NULL DEFAULT false
        """
    )
    op.execute("UPDATE proposal SET exposed = true WHERE origin = 'engine'")
    # The index holds what has a record, or none yet and is open.
    op.execute(
        """
        UPDATE listing SET counted_in = jsonb_build_array(side, side || '/' || actor_id)
            || CASE WHEN ags IS NULL THEN '[]' ELSE jsonb_build_array(side || '/' || ags) END
        FROM (
            SELECT listing_id AS id, fact -> 'place' ->> 'ags' AS ags,
                CASE WHEN fact ->> 'example' = 'true' THEN 'example/' ELSE '' END
                || (fact ->> 'direction') AS side
            FROM listing
        ) AS said
        WHERE listing_id = id AND entry IS DISTINCT FROM '' AND fact ->> 'status' = 'open'
        """
    )
    op.execute(
        """
        CREATE TABLE exposure (
            "of" text PRIMARY KEY,
            version integer NOT NULL,
            open integer NOT NULL CHECK (open > 0),
            shown integer NOT NULL CHECK (shown >= 0)
        )
        """
    )
    op.execute(
        """
        INSERT INTO exposure
        SELECT key, 1, count(DISTINCT listing_id), count(proposal_id)
        FROM listing CROSS JOIN jsonb_array_elements_text(counted_in) AS key
        LEFT JOIN proposal ON exposed AND listing_id IN (need_id, offer_id)
        GROUP BY key
        """
    )
