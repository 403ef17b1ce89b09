"""Rules brought into force by command: checked, versioned, and the same for every replica."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from impulse_chassis.testing import Node, World
from impulse_contracts.codes import PersonRole
from impulse_contracts.matching import ProposalSuggested
from impulse_contracts.outcomes import Outcome
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.people import Membership, MembershipGranted
from impulse_contracts.rulesets import ActivateRuleSet, RuleSetActivated
from impulse_matching.app import service
from impulse_matching.domain.rules import shipped
from impulse_matching.exchange.commands import rules
from tests.fixtures.services import Engines
from tests.matching.given import need, offer

SHIPPED = shipped().model_dump(mode="json")
STRICT = {**SHIPPED, "version": "strict-1", "weights": {**SHIPPED["weights"], "time": 0.2}}
STRICT["weights"]["text"] = round(STRICT["weights"]["text"] - 0.13, 6)
OPERATOR, BROKER = uuid4(), uuid4()


@pytest.fixture
def engine(engine_of: Engines) -> Engine:
    """A new database of matching."""
    return engine_of(service)


@pytest.fixture
def world(engine: Engine) -> World:
    """An operator and a broker."""
    world = World([Node(service, engine)])
    for person, role in ((OPERATOR, PersonRole.OPERATOR), (BROKER, PersonRole.BROKER)):
        member = Membership(actor_id=uuid4(), roles=(role,))
        world.say(MembershipGranted(person_id=person, version=1, memberships=(member,)))
    world.settle()
    return world


def ask(
    world: World, document: dict[str, Any], principal: str = "system", version: str = ""
) -> Any:
    """The outcome of a command that brings rules into force."""
    version = version or str(document.get("version", "none"))
    command = ActivateRuleSet(ruleset_version=version, rules=document)
    ce_id = world.say(command, principal=principal)
    world.settle()
    [found] = [heard.data for heard in world.heard(Outcome) if heard.data.command_id == ce_id]
    return found


def judged(world: World) -> ProposalSuggested:
    """The proposal of a new pair."""
    pair = need(f"Streichen {uuid4()}", example=False), offer(f"Malern {uuid4()}", example=False)
    for side in pair:
        world.say(side.state)
    world.settle()
    proposal: ProposalSuggested
    [proposal] = [
        heard.data
        for heard in world.heard(ProposalSuggested)
        if (heard.data.need_id, heard.data.offer_id) == tuple(side.listing_id for side in pair)
    ]
    return proposal


def test_pairs_are_judged_by_the_rules_in_force(world: World, engine: Engine) -> None:
    assert judged(world).ruleset_version == SHIPPED["version"]
    assert ask(world, STRICT, str(OPERATOR)).version == 1
    weights = {c.criterion: c.weight for c in judged(world).contributions}
    assert weights["time"] == 0.2
    [fact] = [heard.data for heard in world.heard(RuleSetActivated)]
    assert (fact.ruleset_version, fact.activation) == ("strict-1", 1)
    assert fact.rules == STRICT | {"brought_along": fact.rules["brought_along"]}
    assert judged(World([Node(service, engine)])).ruleset_version == "strict-1"
    # And back again: the highest activation counts, not the newest version.
    ask(world, SHIPPED)
    ask(world, STRICT)
    ask(world, SHIPPED)
    assert judged(world).ruleset_version == SHIPPED["version"]
    assert sorted(heard.data.activation for heard in world.heard(RuleSetActivated)) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("change", "de", "en"),
    [
        (
            {"weights": {**SHIPPED["weights"], "charm": 0.1}},
            "weights.charm",
            "weights.charm",
        ),
        (
            {"weights": {**SHIPPED["weights"], "time": 0.9}},
            "weights: die Summe ist",
            "weights: they add up to",
        ),
        (
            {"distance": {"half_km": 10.0, "reach_km": 0}},
            "distance.reach_km: muss größer als 0",
            "distance.reach_km: must be greater than 0",
        ),
        ({"colour": "red"}, "colour: ist unbekannt", "colour: is not known"),
        ({"version": "other"}, "version: heißt „other“", "version: is “other”"),
    ],
)
def test_what_are_no_rules_is_refused_with_the_path_and_those_in_force_stay(
    world: World, change: dict[str, Any], de: str, en: str
) -> None:
    outcome = ask(world, {**STRICT, **change}, version="strict-1")
    assert outcome.reason == Reason.RULES_INVALID
    assert de in outcome.message.de
    assert en in outcome.message.en
    assert judged(world).ruleset_version == SHIPPED["version"]


def test_a_version_means_the_same_rules_for_ever(world: World) -> None:
    ask(world, STRICT)
    outcome = ask(world, {**STRICT, "unknown": 0.1})
    assert outcome.reason == Reason.VERSION_TAKEN
    assert "strict-1" in outcome.message.de


def test_only_operators_decide(world: World) -> None:
    assert ask(world, STRICT, str(BROKER)).reason == Reason.NOT_ALLOWED


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ('version = "ruhr-9"', 2, "weights: fehlt"),
        ("version = ", 2, "kein TOML"),
        (None, 2, "nicht lesbar"),
    ],
)
def test_a_file_is_checked_before_it_is_sent(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, text: str | None, status: int, said: str
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    file = tmp_path / "rules.toml"
    if text is not None:
        file.write_text(text)
    for command in ("check", "activate"):
        result = CliRunner().invoke(rules, [command, str(file)])
        assert result.exit_code == status
        assert said in result.output
