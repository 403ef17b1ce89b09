"""The rule sets that are, or were, in force."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Creates the table."""
    op.execute(
        """
        CREATE TABLE rule_set (
            ruleset_version text PRIMARY KEY,
            version integer NOT NULL,
            rules jsonb NOT NULL,
            activation integer NOT NULL UNIQUE,
            activated_at timestamptz NOT NULL
        )
        """
    )
