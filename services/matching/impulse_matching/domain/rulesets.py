"""Which rules are in force, and whether what somebody wants to bring into force are rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts import faults
from impulse_contracts.reasons import Reason
from impulse_matching.domain.rules import RuleSet, shipped_as


class ActiveRuleSet(Aggregate, key="ruleset_version"):
    """A version of the rules that is, or was, in force; that of the highest `activation` is."""

    ruleset_version: str
    rules: dict[str, Any]
    activation: int
    activated_at: datetime


def checked(version: str, document: Mapping[str, Any]) -> RuleSet:
    """The rules in a document. Refused with `rules_invalid` and the path of each fault."""
    try:
        rules = RuleSet.model_validate(document)
    except ValidationError as error:
        told = [(_path(each["loc"]), faults.in_words(each)) for each in error.errors()]
        detail = (
            "; ".join(path + de for path, (de, _) in told),
            "; ".join(path + en for path, (_, en) in told),
        )
        raise Refused(Reason.RULES_INVALID, detail=detail) from None
    if rules.version != version:
        detail = (
            f"version: heißt „{rules.version}“, im Befehl „{version}“",
            f"version: is “{rules.version}”, in the command “{version}”",
        )
        raise Refused(Reason.RULES_INVALID, detail=detail)
    return rules


def activate(
    rules: RuleSet, earlier: ActiveRuleSet | None, newest: int, now: datetime
) -> ActiveRuleSet:
    """The rules as those in force, after `newest` activations before.

    Refused with `version_taken` where other rules are shipped, or were in force, under the same
    version: proposals name the rules that they were scored by.
    """
    known = RuleSet.model_validate(earlier.rules) if earlier else shipped_as(rules.version)
    if known not in (None, rules):
        raise Refused(Reason.VERSION_TAKEN, detail=rules.version)
    if earlier is None:
        document = rules.model_dump(mode="json")
        earlier = ActiveRuleSet(
            ruleset_version=rules.version, rules=document, activation=0, activated_at=now
        )
    return earlier.evolve(activation=newest + 1, activated_at=now)


def _path(place: tuple[int | str, ...]) -> str:
    """Where a fault is, as `weights.text: `; nothing for one of the whole."""
    return ".".join(map(str, place)) + ": " if place else ""
