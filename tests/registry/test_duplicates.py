"""Likely duplicates are found after the reports, put before a broker once, and never again."""

from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from impulse_chassis.testing import START, Log
from impulse_contracts.codes import PairState
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.duplicates import (
    DuplicateSettled,
    DuplicateSuspected,
    KeepApart,
    LookForDuplicates,
    MergeActors,
    UndoMerge,
)
from impulse_registry.app import service
from impulse_registry.domain import pairs as pair_rules
from impulse_registry.handlers.duplicates import PAUSE, PORTION, PORTIONS
from impulse_registry.store.duplicates import LARGEST_BLOCK
from tests.fixtures.statements import counted, record_of
from tests.registry.given import (
    OTHER,
    SOURCE,
    RegistryWorld,
    actor_reported,
    actor_withdrawn,
    at,
    register_actor,
)

ESSEN = {"court": "Essen", "number": "VR 1"}
BOCHUM = {"court": "Bochum", "number": "VR 2"}
NAME = "Beispiel-Förderverein Musikschule Steele"
MISSPELT = "Beispiel-Förderverin Musikschule Steele"


def tell(world: RegistryWorld, external_id: str, source: str, **said: Any) -> UUID:
    outcome = world.accepted(actor_reported(external_id, **said), source=source)
    return UUID(outcome.aggregate_id)


def suspected(world: RegistryWorld) -> list[Any]:
    """The pairs that were suspected until now, after everything was looked at."""
    world.advance(2 * PAUSE)
    return [heard.data for heard in world.heard(DuplicateSuspected)]


def two(world: RegistryWorld, **said: Any) -> tuple[UUID, UUID]:
    one = tell(world, "1", SOURCE, legal_name=NAME)
    return one, tell(world, "2", OTHER, **{"legal_name": MISSPELT, **said})


# -------------------------------------------------------------------------------- what is found


def test_two_that_are_alike_are_put_before_a_broker_with_the_evidence(world: RegistryWorld):
    one, other = two(world)
    assert one != other
    assert world.heard(DuplicateSuspected) == [], "a report does not wait for it"
    [pair] = suspected(world)
    assert {pair.actor_a_id, pair.actor_b_id} == {one, other}
    assert (pair.state, pair.version) == (PairState.SUSPECTED, 1)
    names = {each.criterion: (each.a, each.b, each.agrees) for each in pair.evidence}
    assert names["name"][2] and "musikschule" in (names["name"][0] or "")
    assert names["place"] == ("05113000", "05113000", True)
    assert world.rows("unexamined") == 0


def test_two_reported_in_one_batch_are_found_as_well(world: RegistryWorld):
    world.send(actor_reported("1", legal_name=NAME))
    world.send(actor_reported("2", legal_name=MISSPELT), source=OTHER)
    world.settle()
    assert len(suspected(world)) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"legal_name": "Beispiel-Sportverein Kupferdreh 08"},
        {"example": True},
    ],
    ids=lambda said: ", ".join(said),
)
def test_others_are_not_suspected(world: RegistryWorld, said: dict[str, Any]):
    two(world, **said)
    assert suspected(world) == []


def test_a_unit_and_its_bearer_are_not_suspected(world: RegistryWorld):
    tell(world, "1", SOURCE, legal_name=NAME)
    tell(world, "2", SOURCE, legal_name=NAME, unit="Jugend", carrier_external_id="1")
    assert suspected(world) == []


def test_what_one_partner_tells_apart_is_not_asked_about_lightly(world: RegistryWorld):
    tell(world, "1", SOURCE, legal_name=NAME)
    tell(world, "2", SOURCE, legal_name="Beispiel-Förderverein der Musikschule in Steele Ost")
    assert suspected(world) == []


def test_an_entry_that_turns_out_to_be_anothers_is_asked_about(world: RegistryWorld):
    one = tell(world, "1", SOURCE, legal_name="Beispiel Eins", register=ESSEN)
    other = tell(world, "2", OTHER, legal_name="Ganz anders")
    assert suspected(world) == []
    assert (
        tell(world, "2", OTHER, legal_name="Ganz anders", register=ESSEN, observed_at=at(1))
        == other
    )
    [pair] = suspected(world)
    assert {pair.actor_a_id, pair.actor_b_id} == {one, other}
    assert ("register", True) in {(str(each.criterion), each.agrees) for each in pair.evidence}
    assert pair.score == 1, "it is asked first"


def test_a_change_is_looked_at_anew_and_the_same_again_is_not(world: RegistryWorld):
    tell(world, "1", SOURCE, legal_name=NAME)
    tell(world, "2", OTHER, legal_name="Ganz anders")
    assert suspected(world) == []
    tell(world, "2", OTHER, legal_name="Ganz anders", observed_at=at(1))
    assert world.rows("unexamined") == 0
    tell(world, "2", OTHER, legal_name=MISSPELT, observed_at=at(2))
    assert len(suspected(world)) == 1


def test_what_is_out_of_sight_is_not_suspected(world: RegistryWorld):
    tell(world, "1", SOURCE, legal_name=NAME)
    world.accepted(actor_withdrawn("1", at(1)))
    tell(world, "2", OTHER, legal_name=MISSPELT)
    assert suspected(world) == []
    tell(world, "1", SOURCE, legal_name=NAME, observed_at=at(2))
    assert len(suspected(world)) == 1


def test_of_sole_traders_no_evidence_is_published(world: RegistryWorld):
    trader = {"kind": "company", "actor_type": "self_employed", "legal_form": "self_employed"}
    tell(world, "1", SOURCE, legal_name="Erika Beispiel Grafik", **trader)
    tell(world, "2", OTHER, legal_name="Erika Beispil Grafik", **trader)
    [pair] = suspected(world)
    assert pair.evidence == ()
    [record] = world.log.of("impulse.duplicates")
    assert "rika" not in (record.value or b"").decode()


# ------------------------------------------------------------------------------- once and for all


def test_not_the_same_is_never_asked_again(world: RegistryWorld):
    two(world)
    [pair] = suspected(world)
    world.accepted(KeepApart(pair_id=pair.pair_id))
    tell(
        world,
        "1",
        SOURCE,
        legal_name=f"{NAME} e.V.",
        website="https://a.example",
        observed_at=at(3),
    )
    assert len(suspected(world)) == 1
    assert world.rows("pair WHERE state = 'not_the_same'") == 1


def test_a_suspected_pair_is_merged_with_its_evidence_and_undone(world: RegistryWorld):
    one, other = two(world)
    [pair] = suspected(world)
    world.accepted(MergeActors(survivor_id=other, other_id=one))
    assert world.rows("pair WHERE state = 'merged' AND version = 2") == 1
    world.accepted(UndoMerge(pair_id=pair.pair_id))
    assert len(suspected(world)) == 1, "who was taken apart is not suspected again"


def test_a_question_follows_the_one_that_goes_on_and_is_back_when_that_is_undone(
    world: RegistryWorld,
):
    one, other = two(world)
    [asked] = suspected(world)
    third = tell(world, "3", "https://dritte.example", legal_name="Beispiel ganz anders")
    world.accepted(MergeActors(survivor_id=third, other_id=other))
    [settled] = [heard.data for heard in world.heard(DuplicateSettled)]
    assert (settled.pair_id, settled.state) == (asked.pair_id, PairState.SETTLED)
    newest = {each.data.pair_id: each.data for each in world.heard(DuplicateSuspected)}
    follows = newest[pair_rules.pair_id(one, third)]
    assert follows.score >= asked.score, "brokers find it where they found it before"
    assert world.rows("pair WHERE state = 'suspected'") == 1
    world.refused(KeepApart(pair_id=asked.pair_id), Reason.WRONG_STATE)
    world.accepted(UndoMerge(pair_id=pair_rules.pair_id(third, other)))
    newest = {each.data.pair_id: each.data for each in world.heard(DuplicateSuspected)}
    again = newest[asked.pair_id]
    assert (again.version, again.state) == (3, PairState.SUSPECTED)
    assert world.accepted(KeepApart(pair_id=asked.pair_id)).aggregate_id == str(asked.pair_id)


def test_what_was_decided_about_the_one_that_goes_on_is_not_asked_for_the_other(
    world: RegistryWorld,
):
    one, other = two(world)
    suspected(world)
    third = tell(world, "3", "https://dritte.example", legal_name="Beispiel ganz anders")
    decided = pair_rules.pair_id(one, third)
    world.accepted(MergeActors(survivor_id=one, other_id=third))
    world.accepted(UndoMerge(pair_id=decided))
    world.accepted(KeepApart(pair_id=decided))
    world.accepted(MergeActors(survivor_id=third, other_id=other))
    assert len(suspected(world)) == 1
    assert world.rows("pair WHERE state = 'suspected'") == 0


def test_an_actor_registered_by_hand_is_looked_at_too(world: RegistryWorld):
    tell(world, "1", SOURCE, legal_name=NAME, register=ESSEN)
    world.accepted(register_actor(legal_name=MISSPELT, register=ESSEN))
    assert len(suspected(world)) == 1


# ------------------------------------------------------------------------------------- the cost


@pytest.mark.parametrize(("count", "pairs"), [(5, 10), (LARGEST_BLOCK + 1, 0)])
def test_what_very_many_share_is_passed_over(world: RegistryWorld, count: int, pairs: int):
    for number in range(count):
        entry = {"court": "Essen", "number": f"VR {number + 1}"}
        report = actor_reported("1", legal_name=NAME, register=entry)
        world.send(report, source=f"https://partner{number}.example")
    world.settle()
    assert world.rows("actor") == count
    assert len(suspected(world)) == pairs


def test_more_than_a_portion_is_examined_in_several(world: RegistryWorld):
    for number in range(PORTION + 20):
        world.send(actor_reported(str(number), legal_name=f"Beispiel Nummer {number} in {number}"))
    world.settle()
    assert world.rows("unexamined") == PORTION + 20
    suspected(world)
    assert world.rows("unexamined") == 0


def telling(number: int) -> str:
    """A word that nobody else has in their name."""
    digest = sha256(str(number).encode()).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in digest[:9])


@pytest.mark.parametrize("count", [20, 120])
def test_a_portion_costs_the_same_whatever_its_size(world: RegistryWorld, count: int):
    for number in range(count):
        word = telling(number)
        for source, name in ((SOURCE, word), (OTHER, word[:-2] + word[-1])):
            said = actor_reported(str(number), legal_name=f"Beispielchor {name}")
            world.send(said, source=source)
    world.settle()
    log = Log()
    timers = [record_of(LookForDuplicates(portion=each), log) for each in range(PORTIONS)]
    found = counted(service, world.engine, timers, now=START + timedelta(hours=1))
    assert world.rows("pair") >= 0.9 * count
    STATEMENTS.add(found.total)
    assert len(STATEMENTS) == 1 and found.total <= 16, found.statements


STATEMENTS: set[int] = set()


def test_a_pair_has_one_id_whichever_is_named_first():
    one, other = UUID(int=1), UUID(int=2)
    assert pair_rules.pair_id(one, other) == pair_rules.pair_id(other, one)
    assert pair_rules.pair_id(one, other) != pair_rules.pair_id(one, UUID(int=3))
