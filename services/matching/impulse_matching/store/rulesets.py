"""Rule sets that were brought into force."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from impulse_chassis import (
    Repository,
    Table,
    Transaction,
    json_column,
    moment_column,
)
from impulse_matching.domain.rulesets import ActiveRuleSet


class RuleSetRow(Table, table=True):
    """`ActiveRuleSet`."""

    __tablename__ = "rule_set"
    ruleset_version: str = Field(primary_key=True)
    version: int
    rules: dict[str, Any] = json_column()
    activation: int
    activated_at: datetime = moment_column()


rulesets: Repository[ActiveRuleSet, str] = Repository(RuleSetRow, ActiveRuleSet)


def activations(tx: Transaction) -> int:
    """How often rules were brought into force."""
    cursor = tx.cursor()
    cursor.execute("SELECT coalesce(max(activation), 0) FROM rule_set")
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def rules_since(tx: Transaction, activation: int) -> tuple[int, dict[str, Any]] | None:
    """The rules that were activated last, and by which activation, if that is a later one."""
    cursor = tx.cursor()
    cursor.execute(
        "SELECT activation, rules FROM rule_set WHERE activation > %s"
        " ORDER BY activation DESC LIMIT 1",
        (activation,),
    )
    row = cursor.fetchone()
    return (int(row[0]), dict(row[1])) if row else None
