"""Brokers merge actors, keep them apart, and undo a merge: on the database and the log."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from impulse_chassis.testing import START
from impulse_contracts.codes import (
    ActorStatus,
    EvidenceKind,
    IntakeChannel,
    PersonRole,
    SuccessionKind,
    SuspensionReason,
)
from impulse_contracts.message import Fact, Message
from impulse_contracts.parts import Source
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ActorMerged, ActorSeparated, ActorState, ArchiveActor
from impulse_contracts.registry.duplicates import (
    DuplicateKeptApart,
    DuplicateMerged,
    DuplicateSeparated,
    KeepApart,
    MergeActors,
    UndoMerge,
)
from impulse_contracts.registry.joining import (
    AcceptInvitation,
    ChangeRoles,
    ClaimActor,
    ConfirmClaim,
    DeclineInvitation,
    HandOverOffice,
    IntroducePerson,
    InvitePerson,
    LeaveActor,
    RefuseClaim,
)
from impulse_contracts.registry.life import (
    CheckEvidence,
    ConfirmActor,
    ReactivateActor,
    SubmitEvidence,
    SuspendActor,
)
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.registry.people import MembershipsState
from impulse_registry.domain import actors, identity, merging
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.pairs import pair_id
from impulse_registry.domain.records import record_of
from tests.registry.given import (
    OTHER,
    SOURCE,
    RegistryWorld,
    actor_reported,
    actor_withdrawn,
    add_person,
    at,
    change_actor,
    ident,
    listing_reported,
    publish_listing,
    register_actor,
)

ONE = identity.new_actor(SOURCE, "1").subject_id
TWO = identity.new_actor(OTHER, "2").subject_id
MERGE = MergeActors(survivor_id=ONE, other_id=TWO)
UNDO = UndoMerge(pair_id=pair_id(ONE, TWO))
THIRD = "https://stadt.beispielstadt.example/api"
ESSEN = {"court": "Essen", "number": "VR 1"}
TODAY = START.date()
BOCHUM = {"court": "Bochum", "number": "VR 2"}


def first(hours: float = 0, **said: Any) -> Message:
    return actor_reported("1", at(hours), **{"legal_name": "Beispiel Eins", **said})


def second(hours: float = 0, **said: Any) -> Message:
    return actor_reported("2", at(hours), **{"legal_name": "Beispiel Zwei", **said})


@pytest.fixture
def two(world: RegistryWorld) -> RegistryWorld:
    """Two actors of two partners, each with a listing and a person."""
    world.accepted(first(website="https://eins.example"))
    world.accepted(second(1), source=OTHER)
    world.accepted(listing_reported("L1", actor_external_id="1"))
    world.accepted(listing_reported("L2", actor_external_id="2"), source=OTHER)
    world.accepted(add_person("anna", ONE, ["admin"]))
    world.accepted(add_person("both", ONE, ["editor"]))
    world.accepted(add_person("both", TWO, ["signatory"]))
    world.accepted(add_person("zoe", TWO, ["admin"]))
    return world


def newest(world: RegistryWorld, kind: type[Fact]) -> dict[str, Any]:
    """The newest state of every aggregate of a kind."""
    found: dict[str, Any] = {}
    for heard in world.heard(kind):
        known = found.get(heard.data.key)
        if known is None or heard.data.version > known.version:
            found[heard.data.key] = heard.data
    return found


def state(world: RegistryWorld) -> dict[str, Any]:
    """All that merging touches, without what a new version changes anyway."""
    left_out = {"version", "confirmed_at", "about"}
    return {
        key: each.model_dump(exclude=left_out)
        | {"pending": sorted(map(repr, getattr(each, "pending", ())))}
        for kind in (ActorState, ListingState, MembershipsState)
        for key, each in newest(world, kind).items()
    }


# ------------------------------------------------------------------------------ the merge


def test_one_goes_on_for_both(two: RegistryWorld):
    outcome = two.accepted(MERGE)
    assert outcome.aggregate_id == str(ONE)
    found = newest(two, ActorState)
    one, other = found[str(ONE)], found[str(TWO)]
    assert (other.status, other.merged_into) == (ActorStatus.MERGED, ONE)
    assert two.heard(ActorMerged)[-1].data.actor_id == TWO
    # What was said last stands, and what it leaves out is filled by the other.
    assert (one.legal_name, one.website) == ("Beispiel Zwei", "https://eins.example")
    assert {each.source for each in one.sources} == {SOURCE, OTHER}
    assert (one.absorbed, other.sources) == ((TWO,), ())
    assert {each.actor_id for each in newest(two, ListingState).values()} == {ONE}
    people = newest(two, MembershipsState)
    held = {
        key: [(each.actor_id, *each.roles) for each in held.memberships]
        for key, held in people.items()
    }
    assert held[str(ident("both"))] == [(ONE, "editor", "signatory")]
    assert held[str(ident("zoe"))] == [(ONE, "admin")]
    merged = two.heard(DuplicateMerged)[-1].data
    assert (merged.pair_id, merged.survivor_id, merged.score) == (UNDO.pair_id, ONE, 1.0)
    assert {str(each.criterion) for each in merged.evidence} >= {"name", "place"}


def test_old_ids_and_old_names_reach_the_one_that_goes_on(two: RegistryWorld):
    two.accepted(MERGE)
    for report in (second(2, unit=None), second(3, website="https://zwei.example")):
        assert two.accepted(report, source=OTHER).aggregate_id == str(ONE)
    assert newest(two, ActorState)[str(ONE)].website == "https://zwei.example"
    two.now = at(4)
    asking = str(ident("zoe"))
    changed = change_actor(legal_name="Von Hand").model_copy(update={"actor_id": TWO})
    assert two.accepted(changed, principal=asking).aggregate_id == str(ONE)
    assert two.accepted(changed, principal=asking).aggregate_id == str(ONE)
    two.accepted(publish_listing("new", TWO), principal=asking)
    assert newest(two, ListingState)[str(ident("new"))].actor_id == ONE
    two.accepted(add_person("late", TWO, ["editor"]))
    held = newest(two, MembershipsState)[str(ident("late"))]
    assert [each.actor_id for each in held.memberships] == [ONE]
    registered = register_actor().model_copy(update={"actor_id": TWO})
    two.refused(registered, Reason.ALREADY_EXISTS)
    two.accepted(ArchiveActor(actor_id=TWO))
    assert newest(two, ActorState)[str(ONE)].status is ActorStatus.ARCHIVED


def test_both_entries_find_the_one_that_goes_on(world: RegistryWorld):
    world.accepted(first(register=ESSEN))
    world.accepted(second(register=BOCHUM), source=OTHER)
    world.accepted(MERGE.model_copy(update={"succession": SuccessionKind.MOVE_OF_SEAT}))
    for number, entry in enumerate((ESSEN, BOCHUM)):
        report = actor_reported(f"T{number}", legal_name="Wieder anders", register=entry)
        assert world.accepted(report, source=THIRD).aggregate_id == str(ONE)


def test_merges_in_a_row_reach_the_last(two: RegistryWorld):
    three = UUID(
        two.accepted(actor_reported("3", legal_name="Drei"), source=THIRD).aggregate_id or ""
    )
    two.accepted(MERGE)
    two.accepted(MergeActors(survivor_id=three, other_id=ONE))
    for message, source in ((first(5), SOURCE), (second(5), OTHER)):
        assert two.accepted(message, source=source).aggregate_id == str(three)
    two.now = at(6)
    changed = change_actor().model_copy(update={"actor_id": TWO})
    assert two.accepted(changed).aggregate_id == str(three)
    assert newest(two, ActorState)[str(three)].absorbed == (ONE, TWO)
    # The later one is undone first.
    two.refused(UNDO, Reason.WRONG_STATE)
    two.accepted(UndoMerge(pair_id=pair_id(three, ONE)))
    two.accepted(UNDO)
    assert {str(each.status) for each in newest(two, ActorState).values()} == {"registered"}


def test_what_the_other_bore_the_survivor_bears(two: RegistryWorld):
    unit = actor_reported("U", legal_name="Haus", unit="Haus", carrier_external_id="2")
    unit_id = two.accepted(unit, source=OTHER).aggregate_id or ""
    two.accepted(MERGE)
    assert newest(two, ActorState)[unit_id].carrier_actor_id == ONE
    two.accepted(UNDO)
    assert newest(two, ActorState)[unit_id].carrier_actor_id == TWO


# --------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("whole_goes_on", [True, False])
def test_a_unit_is_not_merged_with_its_own_bearer(two: RegistryWorld, whole_goes_on: bool):
    unit = actor_reported("U", legal_name="Haus", unit="Haus", carrier_external_id="2")
    ids = [TWO, UUID(two.accepted(unit, source=OTHER).aggregate_id)]
    survivor_id, other_id = ids if whole_goes_on else ids[::-1]
    two.refused(MergeActors(survivor_id=survivor_id, other_id=other_id), Reason.WRONG_STATE)


def test_two_register_entries_need_a_succession(world: RegistryWorld):
    world.accepted(first(register=ESSEN))
    world.accepted(second(register=BOCHUM), source=OTHER)
    world.refused(MERGE, Reason.SUCCESSION_NEEDED)
    world.accepted(MERGE.model_copy(update={"succession": SuccessionKind.MERGER_OF_COURTS}))
    assert world.heard(DuplicateMerged)[-1].data.succession is SuccessionKind.MERGER_OF_COURTS


@pytest.mark.parametrize("command", [MERGE, UNDO, KeepApart(pair_id=UNDO.pair_id)])
@pytest.mark.parametrize("who", ["anna", "zoe", None])
def test_only_staff_decides(two: RegistryWorld, command: Message, who: str | None):
    two.refused(command, Reason.NOT_ALLOWED, principal=str(ident(who)) if who else None)


def test_what_cannot_be_merged_or_undone(two: RegistryWorld):
    two.refused(MergeActors(survivor_id=ONE, other_id=ONE), Reason.WRONG_STATE)
    two.refused(MergeActors(survivor_id=ONE, other_id=ident("nobody")), Reason.NOT_FOUND)
    two.refused(UNDO, Reason.NOT_FOUND)
    two.refused(KeepApart(pair_id=UNDO.pair_id), Reason.NOT_FOUND)
    two.accepted(MERGE)
    two.refused(MERGE, Reason.WRONG_STATE)
    two.refused(KeepApart(pair_id=UNDO.pair_id), Reason.WRONG_STATE)
    two.accepted(UNDO)
    two.refused(UNDO, Reason.WRONG_STATE)
    two.accepted(KeepApart(pair_id=UNDO.pair_id))
    assert len(two.heard(DuplicateKeptApart)) == len(two.heard(DuplicateSeparated)) == 1


# ------------------------------------------------------------- whoever is to become a member


def introduced(name: str) -> IntroducePerson:
    return IntroducePerson(person_id=ident(name), name=name, email=f"{name}@asks.example")


def invited(name: str, actor_id: UUID, *roles: PersonRole) -> InvitePerson:
    return InvitePerson(
        person_id=ident(name),
        actor_id=actor_id,
        name=name,
        email=f"{name}@asks.example",
        roles=roles,
    )


@pytest.fixture
def asking(two: RegistryWorld) -> RegistryWorld:
    """Some who claimed the other actor, or are invited to it."""
    two.accepted(introduced("claims"))
    two.accepted(ClaimActor(person_id=ident("claims"), actor_id=TWO))
    two.accepted(invited("claims", ONE, PersonRole.VIEWER))
    two.accepted(invited("guest", TWO, PersonRole.EDITOR))
    # Whoever is a member of the one that goes on has nothing pending there.
    two.accepted(invited("anna", TWO, PersonRole.ADMIN))
    return two


def asked(world: RegistryWorld, name: str) -> list[tuple[UUID, str, tuple[str, ...]]]:
    """What a person is asked to become, or asked to be."""
    held = newest(world, MembershipsState)[str(ident(name))]
    return [(each.actor_id, str(each.kind), tuple(map(str, each.roles))) for each in held.pending]


def test_claims_and_invitations_go_along_and_come_back(asking: RegistryWorld):
    before = state(asking)
    asking.accepted(MERGE)
    assert asked(asking, "claims") == [(ONE, "invited", ("viewer",))]
    assert asked(asking, "guest") == [(ONE, "invited", ("editor",))]
    assert asked(asking, "anna") == []
    asking.accepted(UNDO)
    assert state(asking) == before
    assert sorted(asked(asking, "claims")) == sorted(
        [(ONE, "invited", ("viewer",)), (TWO, "claimed", ())]
    )


def test_they_end_in_time_whether_merged_or_undone(asking: RegistryWorld):
    asking.accepted(MERGE)
    asking.advance(timedelta(days=15))
    assert asked(asking, "claims") == [(ONE, "invited", ("viewer",))]
    asking.accepted(UNDO)
    asking.advance(timedelta(hours=1))
    assert asked(asking, "claims") == [(ONE, "invited", ("viewer",))], "the claim is too old"
    asking.accepted(MERGE)
    asking.advance(timedelta(days=16))
    for name in ("claims", "guest"):
        assert asked(asking, name) == []


def test_what_was_answered_meanwhile_is_not_asked_again(asking: RegistryWorld):
    asking.accepted(MERGE)
    accept = AcceptInvitation(person_id=ident("guest"), actor_id=TWO)
    asking.accepted(accept, principal=str(ident("guest")))
    asking.accepted(DeclineInvitation(person_id=ident("claims"), actor_id=TWO))
    asking.accepted(UNDO)
    held = newest(asking, MembershipsState)[str(ident("guest"))]
    assert [(each.actor_id, *each.roles) for each in held.memberships] == [(ONE, "editor")]
    assert (held.pending, asked(asking, "claims")) == ((), [])


def test_whoever_names_the_old_id_means_the_one_that_goes_on(two: RegistryWorld):
    two.accepted(MERGE)
    zoe = str(ident("zoe"))

    def is_at(name: str) -> dict[UUID, set[str]]:
        held = newest(two, MembershipsState)[str(ident(name))]
        return {each.actor_id: set(map(str, each.roles)) for each in held.memberships}

    def said(name: str) -> dict[str, UUID]:
        return {"person_id": ident(name), "actor_id": TWO}

    two.accepted(introduced("late"))
    two.accepted(ClaimActor(**said("late")), principal=str(ident("late")))
    two.accepted(RefuseClaim(**said("late")), principal=zoe)
    two.accepted(ClaimActor(**said("late")), principal=str(ident("late")))
    two.accepted(ConfirmClaim(**said("late")), principal=zoe)
    assert is_at("late") == {ONE: {"editor"}}
    viewer = ChangeRoles(person_id=ident("late"), actor_id=TWO, roles=(PersonRole.VIEWER,))
    two.accepted(viewer, principal=zoe)
    assert is_at("late") == {ONE: {"viewer"}}
    two.accepted(invited("guest", TWO, PersonRole.EDITOR), principal=zoe)
    two.accepted(DeclineInvitation(**said("guest")), principal=zoe)
    assert asked(two, "guest") == []
    two.accepted(add_person("mine", TWO, ["contact"]), principal=zoe)
    assert is_at("mine") == {ONE: {"contact"}}
    hand_over = HandOverOffice(**said("zoe"), successor_id=ident("late"))
    two.accepted(hand_over, principal=zoe)
    assert (is_at("zoe"), is_at("late")) == ({}, {ONE: {"viewer", "admin"}})
    two.accepted(LeaveActor(**said("both")), principal=str(ident("both")))
    assert is_at("both") == {}
    late = str(ident("late"))
    two.accepted(ConfirmActor(actor_id=TWO), principal=late)
    proof = SubmitEvidence(actor_id=TWO, evidence_id=ident("proof"), kind=EvidenceKind.OTHER)
    two.accepted(proof, principal=late)
    assert [each for each, _ in evidence_of(two, ONE)] == [ident("proof")]


def test_what_goes_out_of_sight_by_the_old_id_takes_its_listings_along(two: RegistryWorld):
    def statuses() -> set[str]:
        return {str(each.status) for each in newest(two, ListingState).values()}

    two.accepted(MERGE)
    two.accepted(SuspendActor(actor_id=TWO, reason=SuspensionReason.FALSE_STATEMENTS))
    assert statuses() == {"stale"}
    two.accepted(ReactivateActor(actor_id=TWO))
    assert statuses() == {"open"}
    two.accepted(ArchiveActor(actor_id=TWO))
    assert statuses() == {"withdrawn"}


# ---------------------------------------------------------------------------------- undone


def test_undo_gives_both_back_what_was_theirs(two: RegistryWorld):
    before = state(two)
    two.accepted(MERGE)
    assert state(two) != before
    two.accepted(UNDO)
    assert state(two) == before
    assert two.heard(ActorSeparated)[-1].data.actor_id == TWO
    # Their names are their own again, and so are the natural keys.
    assert two.accepted(second(5), source=OTHER).aggregate_id == str(TWO)
    report = actor_reported("T", legal_name="Beispiel Zwei")
    assert two.accepted(report, source=THIRD).aggregate_id == str(TWO)


def test_what_came_since_goes_with_its_source(two: RegistryWorld):
    two.accepted(MERGE)
    two.accepted(second(2, legal_name="Beispiel Zwei Neu"), source=OTHER)
    two.accepted(listing_reported("L3", actor_external_id="2"), source=OTHER)
    two.accepted(listing_reported("L4", actor_external_id="1"))
    two.accepted(UNDO)
    found = newest(two, ActorState)
    assert found[str(ONE)].legal_name == "Beispiel Eins"
    assert found[str(TWO)].legal_name == "Beispiel Zwei Neu"
    owners = {
        each.sources[0].external_id: each.actor_id for each in newest(two, ListingState).values()
    }
    assert owners == {"L1": ONE, "L2": TWO, "L3": TWO, "L4": ONE}


def test_who_was_found_by_the_entry_of_the_other_goes_with_it(world: RegistryWorld):
    world.accepted(first(register=ESSEN))
    world.accepted(second(register=BOCHUM), source=OTHER)
    moved = MERGE.model_copy(update={"succession": SuccessionKind.MOVE_OF_SEAT})
    world.accepted(moved)
    contact = {"name": "Beispiel Kontakt", "email": "kontakt@zwei.example"}
    third = actor_reported("3", at(2), register=BOCHUM, contact=contact)
    assert world.accepted(third, source=THIRD).aggregate_id == str(ONE)
    world.accepted(listing_reported("L3", at(2), actor_external_id="3"), source=THIRD)
    world.accepted(UNDO)
    known = newest(world, ActorState)
    assert [each.source for each in known[str(ONE)].sources] == [SOURCE]
    assert known[str(ONE)].register_entry.number == "VR 1"
    assert [each.source for each in known[str(TWO)].sources] == [OTHER, THIRD]
    assert {str(each.actor_id) for each in newest(world, ListingState).values()} == {str(TWO)}
    (held,) = newest(world, MembershipsState).values()
    assert [each.actor_id for each in held.memberships] == [TWO]


def test_who_left_meanwhile_is_not_brought_back_and_who_changed_stays_changed(two: RegistryWorld):
    two.accepted(MERGE)
    two.accepted(add_person("both", ONE, ["viewer"]))
    two.accepted(LeaveActor(person_id=ident("zoe"), actor_id=ONE))
    two.accepted(UNDO)
    people = newest(two, MembershipsState)
    assert people[str(ident("zoe"))].memberships == ()
    held = people[str(ident("both"))]
    assert {each.actor_id: each.roles for each in held.memberships} == {
        ONE: ("viewer",),
        TWO: ("signatory",),
    }


def test_the_other_withdrawn_meanwhile_is_archived_when_it_stands_again(two: RegistryWorld):
    two.accepted(MERGE)
    two.accepted(actor_withdrawn("2", at(2)), source=OTHER)
    assert newest(two, ActorState)[str(ONE)].status is ActorStatus.REGISTERED
    two.accepted(UNDO)
    assert newest(two, ActorState)[str(TWO)].status is ActorStatus.ARCHIVED


# ---------------------------------------------------------------------------- the evidence


def evidence_of(world: RegistryWorld, actor_id: UUID) -> list[tuple[UUID, str]]:
    found = newest(world, ActorState)[str(actor_id)]
    return [(each.evidence_id, str(each.state)) for each in found.evidence]


def status_of(world: RegistryWorld, *actor_ids: UUID) -> list[str]:
    found = newest(world, ActorState)
    return [str(found[str(each)].status) for each in actor_ids]


def test_the_evidence_of_the_other_counts_and_goes_back(two: RegistryWorld):
    theirs, own = ident("their notice"), ident("own statement")
    two.accepted(SubmitEvidence(actor_id=TWO, evidence_id=theirs, kind=EvidenceKind.OTHER))
    two.accepted(CheckEvidence(actor_id=TWO, evidence_id=theirs, accepted=True))
    two.accepted(MERGE)
    assert status_of(two, ONE, TWO) == ["verified", "merged"]
    assert evidence_of(two, ONE) == [(theirs, "accepted")]
    # What is named meanwhile stays with the survivor, what is checked meanwhile goes back so.
    two.accepted(SubmitEvidence(actor_id=ONE, evidence_id=own, kind=EvidenceKind.OTHER))
    two.accepted(CheckEvidence(actor_id=ONE, evidence_id=theirs, accepted=False))
    assert status_of(two, ONE) == ["registered"]
    two.accepted(CheckEvidence(actor_id=ONE, evidence_id=own, accepted=True))
    two.accepted(UNDO)
    assert status_of(two, ONE, TWO) == ["verified", "registered"]
    assert evidence_of(two, ONE) == [(own, "accepted")]
    assert evidence_of(two, TWO) == [(theirs, "rejected")]


def test_verified_alone_are_both_again_what_they_were(two: RegistryWorld):
    theirs = ident("their notice")
    two.accepted(SubmitEvidence(actor_id=TWO, evidence_id=theirs, kind=EvidenceKind.OTHER))
    two.accepted(CheckEvidence(actor_id=TWO, evidence_id=theirs, accepted=True))
    before = state(two)
    two.accepted(MERGE)
    two.accepted(UNDO)
    assert state(two) == before


def test_a_stale_survivor_is_back_with_the_other_and_stale_again_without(two: RegistryWorld):
    two.advance(timedelta(days=76))
    two.accepted(second(76 * 24), source=OTHER)
    two.advance(timedelta(days=14))
    assert status_of(two, ONE, TWO) == ["stale", "registered"]
    two.accepted(MERGE)
    assert status_of(two, ONE) == ["registered"]
    two.accepted(UNDO)
    assert status_of(two, ONE, TWO) == ["stale", "registered"]
    two.accepted(MERGE)
    two.advance(timedelta(hours=1))
    two.accepted(ConfirmActor(actor_id=ONE, channel=IntakeChannel.PHONE))
    two.accepted(UNDO)
    assert status_of(two, ONE) == ["registered"], "it was confirmed meanwhile"


# ------------------------------------------------------------------------------ the algebra


@st.composite
def known(draw: st.DrawFn, source: str) -> tuple[Actor, list[IdentityKey]]:
    """An actor of some names, at most one of them by hand, some withdrawn."""
    actor: Actor | None = None
    names: list[IdentityKey] = []
    subject = identity.new_actor(source, "0").subject_id
    for number in range(draw(st.integers(1, 3))):
        said = Source(source=source, external_id=str(number))
        report = actor_reported(
            legal_name=draw(st.sampled_from(["Beispiel A", "Beispiel B"])),
            website=draw(st.sampled_from([None, "https://a.example"])),
        )
        name = identity.new_actor(source, str(number))
        when = at(draw(st.integers(0, 3)))
        name = name.reported(when, subject_id=subject, record=record_of(report, said))
        if draw(st.booleans()):
            name = name.withdrawn(at(2))
        names.append(name)
        if actor is None:
            actor = actors.registered(subject, name, START)[-1]
        actor = actors.reworked(actor, names, when) or actor
    assert actor is not None
    return actor, names


def essence(actor: Actor) -> dict[str, Any]:
    return actor.model_dump(exclude={"version", "confirmed_at", "provenance"})


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(known(SOURCE), known(OTHER))
def test_merged_and_undone_is_as_before(
    one: tuple[Actor, list[IdentityKey]], other: tuple[Actor, list[IdentityKey]]
):
    survivor, own = one
    gone, theirs = other
    both = merging.survive(survivor, gone, [*own, *theirs], TODAY)
    merged = merging.give_way(gone, survivor.actor_id)
    assert essence(both) == essence(merging.survive(survivor, gone, [*theirs, *own], TODAY)) | {
        "sources": essence(both)["sources"]
    }
    assert essence(merging.let_go(both, merged, own, TODAY)) == essence(survivor)
    again = merging.stand_again(merged, theirs, gone.status, both.evidence, TODAY)
    assert essence(again) == essence(gone)
