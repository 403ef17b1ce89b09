"""Units are verified by the evidence of whoever bears them, and only while that is so."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from impulse_contracts.codes import ActorStatus, SuspensionReason
from impulse_contracts.parts import InheritedEvidence
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.duplicates import MergeActors, UndoMerge
from impulse_contracts.registry.life import (
    ActorEvidenceDueSoon,
    ActorEvidenceInherited,
    CheckEvidence,
    FollowBearer,
    ReactivateActor,
    SubmitEvidence,
    SuspendActor,
)
from impulse_registry.domain.pairs import pair_id
from impulse_registry.handlers import inheriting as handlers
from impulse_registry.store import units as store
from tests.registry.given import RegistryWorld, actor_reported

NOTICE = "exemption_notice"
UNTIL = date(2027, 3, 14)


def report(world: RegistryWorld, external_id: str, **fields: Any) -> UUID:
    name = f"Beispiel {external_id}"
    told = world.accepted(actor_reported(external_id, legal_name=name, **fields))
    assert told.aggregate_id
    return UUID(told.aggregate_id)


def prove(
    world: RegistryWorld, actor_id: UUID, accepted: bool = True, issued_on: str = "2022-03-14"
) -> None:
    """Names the notice, unless it was, and says what came of checking it."""
    named = {"actor_id": actor_id, "evidence_id": actor_id}
    world.tell(SubmitEvidence.model_validate({**named, "kind": NOTICE, "issued_on": issued_on}))
    world.accepted(CheckEvidence.model_validate({**named, "accepted": accepted}))


def newest(world: RegistryWorld, actor_id: UUID) -> ActorState:
    facts: list[ActorState] = [each.data for each in world.heard(ActorState)]
    return max((fact for fact in facts if fact.actor_id == actor_id), key=lambda each: each.version)


def seen(world: RegistryWorld, actor_id: UUID) -> tuple[ActorStatus, InheritedEvidence | None]:
    fact = newest(world, actor_id)
    return fact.status, fact.inherited


def through(actor_id: UUID, until: date | None = UNTIL) -> tuple[ActorStatus, InheritedEvidence]:
    return ActorStatus.VERIFIED, InheritedEvidence(actor_id=actor_id, valid_until=until)


NOTHING = (ActorStatus.REGISTERED, None)


def test_a_unit_is_verified_with_its_bearer_and_no_longer_than_that(world: RegistryWorld):
    bearer, other = report(world, "B"), report(world, "C")
    before = report(world, "U", carrier_external_id="B")
    assert seen(world, before) == NOTHING
    prove(world, bearer)
    after = report(world, "V", carrier_external_id="B")
    assert seen(world, before) == seen(world, after) == through(bearer)
    # It is another's now: what proved it does not any more.
    report(world, "V", carrier_external_id="C", website="https://haus.example")
    assert seen(world, after) == NOTHING
    prove(world, other, issued_on="2024-03-14")
    assert seen(world, after) == through(other, date(2029, 3, 14))
    world.accepted(SuspendActor(actor_id=other, reason=SuspensionReason.UNDER_REVIEW))
    assert seen(world, after) == NOTHING
    world.accepted(ReactivateActor(actor_id=other))
    assert seen(world, after)[0] is ActorStatus.VERIFIED
    prove(world, bearer, accepted=False)
    assert seen(world, before) == NOTHING
    assert world.timers() == 0


def test_what_ends_is_to_be_renewed_by_the_bearer_for_all(world: RegistryWorld):
    bearer = report(world, "B")
    unit = report(world, "U", carrier_external_id="B")
    prove(world, bearer)
    while world.now.date() <= UNTIL:
        world.advance(timedelta(days=30))
        for each in ("B", "U"):
            report(world, each, observed_at=world.now)
    told = {each.data.actor_id for each in world.heard(ActorEvidenceDueSoon)}
    assert newest(world, unit).needs_renewal
    assert told == {bearer}, "the unit's people can not renew it"
    renewed = {"actor_id": bearer, "evidence_id": unit, "kind": NOTICE, "issued_on": "2027-01-02"}
    world.accepted(SubmitEvidence.model_validate(renewed))
    world.accepted(CheckEvidence(actor_id=bearer, evidence_id=unit, accepted=True))
    assert not newest(world, unit).needs_renewal
    assert seen(world, unit) == through(bearer, date(2032, 1, 2))


def test_what_is_inherited_is_not_passed_on(world: RegistryWorld):
    first = report(world, "A")
    second = report(world, "B", carrier_external_id="A")
    report(world, "A", carrier_external_id="B", website="https://haus.example")
    third = report(world, "C", carrier_external_id="B")
    prove(world, first)
    assert seen(world, second) == through(first)
    assert seen(world, third) == NOTHING
    prove(world, first, accepted=False)
    assert seen(world, first) == seen(world, second) == NOTHING


def test_a_merge_and_its_undoing_take_the_units_along(world: RegistryWorld):
    bearer, other = report(world, "B"), report(world, "C")
    unit = report(world, "U", carrier_external_id="C")
    prove(world, bearer)
    world.accepted(MergeActors(survivor_id=bearer, other_id=other))
    assert seen(world, unit) == through(bearer)
    world.accepted(UndoMerge(pair_id=pair_id(bearer, other)))
    assert seen(world, unit) == NOTHING


def test_many_units_follow_a_portion_at_a_time(
    world: RegistryWorld, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(handlers, "PORTION", 3)
    monkeypatch.setattr(store.lock_portions, "__defaults__", (3,))
    bearer = report(world, "B")
    units = [report(world, f"U{number}", carrier_external_id="B") for number in range(10)]
    prove(world, bearer)
    assert {seen(world, unit) == through(bearer) for unit in units} == {True}
    assert len(world.heard(FollowBearer)) == 4
    assert len(world.heard(ActorEvidenceInherited)) == 10, "a fact only for those that changed"
