"""Rules brought into force by command: checked, versioned, and the same for every replica."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from impulse_chassis.testing import Node, World
from impulse_contracts.codes import PersonRole
from impulse_contracts.matching import ProposalInvalidated, ProposalSuggested
from impulse_contracts.outcomes import Outcome
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.people import Membership, MembershipGranted
from impulse_contracts.rulesets import ActivateRuleSet, RuleSetActivated
from impulse_matching.app import service
from impulse_matching.domain.rules import RuleSet, shipped
from impulse_matching.exchange.commands import rules
from tests.fixtures.services import Engines
from tests.matching.given import HAMM, need, offer

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
        (
            {"blockers": {**SHIPPED["blockers"], "too_far": {"de": "Zu weit weg."}}},
            "blockers.too_far.en: fehlt",
            "blockers.too_far.en: is missing",
        ),
        (
            {"blockers": {**SHIPPED["blockers"], "too_far": {"de": "Zu weit.", "en": " "}}},
            "blockers.too_far.en",
            "blockers.too_far.en",
        ),
        (
            {"blockers": {**SHIPPED["blockers"], "too_loud": {"de": "Zu laut.", "en": "Loud."}}},
            "blockers.too_loud",
            "blockers.too_loud",
        ),
        (
            {"blockers": {"too_far": SHIPPED["blockers"]["too_far"]}},
            "blockers: zu not_open, impossible",
            "blockers: there is no text for not_open, impossible",
        ),
        (
            {"blockers": {**SHIPPED["blockers"], "too_far": {"de": "{meilen}", "en": "{km}"}}},
            "blockers.too_far.de: {meilen} gibt es hier nicht (möglich: {km}, {reach})",
            "blockers.too_far.de: there is no {meilen} here (possible: {km}, {reach})",
        ),
        (
            {"blockers": {**SHIPPED["blockers"], "too_far": {"de": "{km}", "en": "{km:>9999}"}}},
            "blockers.too_far.en: {km}",
            "blockers.too_far.en: there is no {km}",
        ),
        (
            {"blockers": {**SHIPPED["blockers"], "too_far": {"de": "{km", "en": "{km}"}}},
            "blockers.too_far.de: eine geschweifte Klammer",
            "blockers.too_far.de: a brace stands alone",
        ),
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


def test_rules_are_read_when_they_change_and_not_with_every_batch(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(world, STRICT)
    judged(world)
    parsed: list[Any] = []
    monkeypatch.setattr(RuleSet, "model_validate", lambda document: parsed.append(document))
    assert judged(world).ruleset_version == "strict-1"
    assert not parsed


def test_rules_say_what_stands_against_a_pair_in_words_of_their_own(world: World) -> None:
    far = {"de": "Zu weit: {km} km.", "en": "Too far: {km} km."}
    assert ask(world, {**STRICT, "blockers": {**SHIPPED["blockers"], "too_far": far}}).version == 1
    proposal = judged(world)
    moved = need("Streichen", place=HAMM, version=2).state.model_copy(
        update={"listing_id": proposal.need_id, "example": False}
    )
    world.say(moved)
    world.settle()
    [fact] = [heard.data for heard in world.heard(ProposalInvalidated)]
    assert [(said.de, said.en) for said in fact.blockers] == [
        ("Zu weit: 60,9 km.", "Too far: 60.9 km.")
    ]


def test_rules_of_before_say_it_as_those_that_are_shipped(world: World, engine: Engine) -> None:
    ask(world, STRICT)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE rule_set SET rules = rules - 'blockers'")
    # The same version, with and without its texts.
    assert ask(World([Node(service, engine)]), STRICT).version == 2
    assert shipped("ruhr-1").blockers == shipped().blockers


def test_a_version_means_the_same_rules_for_ever(world: World) -> None:
    ask(world, STRICT)
    outcome = ask(world, {**STRICT, "unknown": 0.1})
    assert outcome.reason == Reason.VERSION_TAKEN
    assert "strict-1" in outcome.message.de
    shadow = ask(world, {**STRICT, "version": SHIPPED["version"]})
    assert shadow.reason == Reason.VERSION_TAKEN, "those that are shipped were in force too"


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
