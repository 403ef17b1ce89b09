"""The rules are a configuration: one with a fault is refused, with its place."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from impulse_matching.domain import rules
from impulse_matching.domain.rules import Criterion, RuleSet

RULES = rules.shipped()


@pytest.mark.parametrize("name", ["ruhr-1", "ruhr-2", "ruhr-3"])
def test_the_shipped_rules_are_whole(name: str) -> None:
    shipped = rules.shipped(name)
    assert shipped.version == name
    assert sum(shipped.hundredths.values()) == 100
    assert rules.shipped() == rules.shipped("ruhr-3")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"weights": {**RULES.weights, Criterion.TEXT: 0.5}}, "add up to 1.2"),
        ({"weights": {Criterion.TEXT: 1.0}}, "nothing is said about topics, goals"),
        ({"weights": dict(RULES.weights) | {"luck": 0.0}}, "weights.luck"),
        (
            {"weights": {**RULES.weights, Criterion.GOALS: 0.035, Criterion.TEXT: 0.275}},
            "is not in whole hundredths",
        ),
        ({"unknown": 2}, "unknown"),
        ({"tolerance": {"luck": 0.1}}, "tolerance.luck"),
        ({"tolerance": {"time": 1}}, "tolerance.time"),
        ({"time": {"least_share": 2}}, "time.least_share"),
        ({"place": {"opposed": [["at_home", "online"]]}}, "place.opposed.0"),
        ({"distance": {"half_km": 0, "reach_km": 50}}, "distance.half_km"),
        ({"freshness": {"fresh_days": 90, "stale_days": 14}}, "more than fresh_days"),
        ({"brought_along": ["courage"]}, "brought_along"),
        ({"fairness": 1}, "fairness"),
        ({"fairness": {"band": 0.5}}, "fairness.band"),
        ({"fairness": {"full_at": 0}}, "fairness.full_at"),
    ],
)
def test_rules_with_a_fault_are_refused_with_its_path(change: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        RuleSet.model_validate({**json.loads(RULES.model_dump_json()), **change})
    paths = [
        f"{'.'.join(str(part) for part in error['loc'])} {error['msg']}"
        for error in refusal.value.errors()
    ]
    assert any(fault in path for path in paths), paths
