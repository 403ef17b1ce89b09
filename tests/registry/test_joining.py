"""How people come to act for an actor, and how they leave it: claims, invitations, offices."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_chassis.aggregate import Refused
from impulse_chassis.testing import START
from impulse_contracts.codes import PendingKind, PersonRole
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ActorState, ArchiveActor
from impulse_contracts.registry.joining import (
    AcceptInvitation,
    ChangeRoles,
    ClaimActor,
    ConfirmClaim,
    DeclineInvitation,
    ForgetPerson,
    HandOverOffice,
    IntroducePerson,
    InvitePerson,
    LeaveActor,
    RefuseClaim,
)
from impulse_contracts.registry.people import (
    ClaimConfirmed,
    MembershipClaimed,
    MembershipInvited,
    MembershipsState,
    MembershipStep,
    PersonState,
)
from impulse_registry.domain import joining as rules
from impulse_registry.domain import people
from impulse_registry.domain.people import Memberships, grant
from tests.registry.given import (
    CONTACT,
    SOURCE,
    RegistryWorld,
    actor_reported,
    add_person,
    ident,
    register_actor,
)

ACTOR = ident("actor")
BROKER = str(ident("broker"))


def introduce(name: str) -> IntroducePerson:
    return IntroducePerson(
        person_id=ident(name), name=f"Beispielstelle {name}", email=f"{name}@stadtwald.example"
    )


def claim(name: str = "person") -> ClaimActor:
    return ClaimActor(person_id=ident(name), actor_id=ACTOR)


def confirm(name: str = "person") -> ConfirmClaim:
    return ConfirmClaim(person_id=ident(name), actor_id=ACTOR)


def refuse(name: str = "person") -> RefuseClaim:
    return RefuseClaim(person_id=ident(name), actor_id=ACTOR)


def invite(name: str, *roles: PersonRole, **fields: Any) -> InvitePerson:
    return InvitePerson(
        person_id=ident(name),
        actor_id=ACTOR,
        name=f"Beispielstelle {name}",
        email=f"{name}@stadtwald.example",
        roles=roles,
        **fields,
    )


def accept(name: str) -> AcceptInvitation:
    return AcceptInvitation(person_id=ident(name), actor_id=ACTOR)


def leave(name: str) -> LeaveActor:
    return LeaveActor(person_id=ident(name), actor_id=ACTOR)


def hand_over(name: str, successor: str) -> HandOverOffice:
    return HandOverOffice(person_id=ident(name), actor_id=ACTOR, successor_id=ident(successor))


def me(name: str) -> dict[str, str]:
    return {"principal": str(ident(name))}


def held(world: RegistryWorld, name: str) -> MembershipsState:
    """What a person is to actors, as the newest fact says."""
    said = [each for each in world.heard(MembershipsState) if each.data.person_id == ident(name)]
    newest: MembershipsState = said[-1].data
    return newest


def roles(world: RegistryWorld, name: str) -> set[str]:
    return {str(role) for each in held(world, name).memberships for role in each.roles}


@pytest.fixture
def town(world: RegistryWorld) -> RegistryWorld:
    """An actor that nobody administers, a broker, and a visitor who said who they are."""
    world.accepted(register_actor())
    world.accepted(register_actor("agency", kind="intermediary"))
    world.accepted(add_person("broker", "agency", ["broker"]))
    world.accepted(introduce("person"))
    return world


@pytest.fixture
def club(town: RegistryWorld) -> RegistryWorld:
    """The same with an administrator and an editor."""
    town.accepted(add_person("admin", "actor", ["admin"]))
    town.accepted(add_person("editor", "actor", ["editor", "coordinator"]))
    return town


# -------------------------------------------------------------------------------- founding


def test_who_registers_their_own_organisation_administers_it(town: RegistryWorld):
    town.accepted(register_actor("new", legal_name="Lesefreunde Stadtwald e.V."), **me("person"))
    (held_now,) = held(town, "person").memberships
    assert (held_now.actor_id, held_now.roles) == (ident("new"), (PersonRole.ADMIN,))
    [stated] = [each.data for each in town.heard(ActorState) if each.data.key == str(ident("new"))]
    assert stated.provenance[0].confirmed
    town.tell(ForgetPerson(person_id=ident("person")))
    assert held(town, "person").memberships == (held_now,)
    another = register_actor("another", legal_name="Zweiter Verein Stadtwald e.V.")
    town.refused(another, Reason.NOT_ALLOWED, **me("person"))


def test_nobody_comes_to_act_for_a_known_organisation_by_registering_it_again(town: RegistryWorld):
    known = register_actor("club", legal_name="Lesefreunde Stadtwald e.V.")
    town.accepted(known)
    same = known.model_copy(update={"actor_id": ident("mine")})
    for again in (known, same):
        town.refused(again, Reason.ALREADY_EXISTS, **me("person"))
    elsewhere = register_actor(
        "mine", legal_name="Lesefreunde Stadtwald e.V.", seat={"city": "Dortmund"}
    )
    town.accepted(elsewhere, **me("person"))


def test_nobody_unknown_and_nobody_who_waits_registers_an_organisation(town: RegistryWorld):
    new = register_actor("new", legal_name="Lesefreunde Stadtwald e.V.")
    town.refused(new, Reason.NOT_ALLOWED, **me("nobody"))
    town.accepted(claim(), **me("person"))
    town.refused(new, Reason.NOT_ALLOWED, **me("person"))


# ---------------------------------------------------------------------------------- claims


def test_a_claim_keeps_the_listing_because_of_which_it_was_made(town: RegistryWorld):
    wanted = ident("wanted")
    town.accepted(claim().model_copy(update={"listing_id": wanted}), **me("person"))
    assert [each.listing_id for each in held(town, "person").pending] == [wanted]
    town.accepted(confirm(), principal=BROKER)
    assert [each.data.listing_id for each in town.heard(ClaimConfirmed)] == [wanted]


def test_a_claim_is_confirmed_and_the_first_member_administers_the_actor(town: RegistryWorld):
    outcome = town.accepted(claim(), **me("person"))
    assert outcome.aggregate_id == str(ident("person"))
    [claimed] = town.heard(MembershipClaimed)
    assert claimed.data.about == ACTOR
    assert [each.kind for each in claimed.data.pending] == [PendingKind.CLAIMED]
    assert not claimed.data.memberships, "a claim gives nobody anything"
    town.accepted(confirm(), principal=BROKER)
    [confirmed] = town.heard(ClaimConfirmed)
    assert not confirmed.data.pending
    [membership] = confirmed.data.memberships
    assert membership.roles == (PersonRole.ADMIN,)
    assert membership.valid_from == START.date()


def test_a_later_member_may_edit(club: RegistryWorld):
    club.accepted(claim(), **me("person"))
    club.accepted(confirm(), **me("admin"))
    assert roles(club, "person") == {"editor"}


def test_two_claims_confirmed_in_one_batch_make_one_administrator(town: RegistryWorld):
    town.accepted(introduce("other"))
    for name in ("person", "other"):
        town.accepted(claim(name), **me(name))
    for name in ("person", "other"):
        town.send(confirm(name), principal=BROKER)
    town.settle()
    assert sorted([roles(town, "person"), roles(town, "other")], key=str) == [
        {"admin"},
        {"editor"},
    ]


def test_a_contact_that_a_partner_named_confirms(world: RegistryWorld):
    outcome = world.accepted(actor_reported(contact=CONTACT))
    actor_id = UUID(outcome.aggregate_id or "")
    contact = str(people.contact_id(SOURCE, "4711"))
    world.accepted(introduce("person"))
    world.accepted(ClaimActor(person_id=ident("person"), actor_id=actor_id), **me("person"))
    yes = ConfirmClaim(person_id=ident("person"), actor_id=actor_id)
    world.refused(yes, Reason.NOT_ALLOWED, **me("person"))
    world.accepted(yes, principal=contact)
    assert roles(world, "person") == {"admin"}, "nobody administered it before"


def test_refusals_about_claims(club: RegistryWorld):
    club.refused(claim("nobody"), Reason.NOT_FOUND, **me("nobody"))
    club.refused(claim(), Reason.NOT_ALLOWED, **me("editor"))
    club.refused(claim("admin"), Reason.ALREADY_EXISTS, **me("admin"))
    club.refused(confirm(), Reason.NOT_FOUND, principal=BROKER)
    club.accepted(claim(), **me("person"))
    facts = club.facts()
    club.accepted(claim(), **me("person"))
    assert club.facts() == facts, "asking twice is asking once"
    for command in (confirm(), refuse()):
        club.refused(command, Reason.NOT_ALLOWED, **me("person"))
        club.refused(command, Reason.NOT_ALLOWED, **me("stranger"))
    club.accepted(refuse(), principal=BROKER)
    assert not held(club, "person").pending
    club.refused(confirm(), Reason.NOT_FOUND, principal=BROKER)
    club.accepted(ArchiveActor(actor_id=ACTOR))
    club.refused(claim(), Reason.WRONG_STATE, **me("person"))


def test_a_claim_that_nobody_answers_expires(town: RegistryWorld):
    town.accepted(claim(), **me("person"))
    town.advance(rules.CLAIM_STANDS - timedelta(seconds=1))
    assert held(town, "person").pending
    town.advance(timedelta(seconds=1))
    assert not held(town, "person").pending
    assert town.short().count("membership.claim_expired") == 1
    town.refused(confirm(), Reason.NOT_FOUND, principal=BROKER)


def test_a_visitor_who_does_nothing_is_forgotten(town: RegistryWorld):
    town.refused(introduce("another"), Reason.NOT_ALLOWED, principal=BROKER)
    town.advance(timedelta(days=1))
    assert town.short()[-1] == "tombstone"
    assert town.rows("person") == 1, "the broker is left"
    town.refused(claim(), Reason.NOT_FOUND, **me("person"))


def test_who_claimed_is_kept_as_long_as_it_is_pending_and_30_days(town: RegistryWorld):
    town.accepted(claim(), **me("person"))
    town.advance(timedelta(days=2))
    town.accepted(refuse(), principal=BROKER)
    town.advance(timedelta(days=29))
    assert town.rows("person") == 2
    town.advance(timedelta(days=1))
    assert town.rows("person") == 1, "the broker is left"
    assert town.rows("membership") == 1


def test_who_became_a_member_is_not_forgotten(town: RegistryWorld):
    town.accepted(claim(), **me("person"))
    town.accepted(confirm(), principal=BROKER)
    town.advance(timedelta(days=100))
    assert town.rows("person") == 2


# ----------------------------------------------------------------------------- invitations


def test_an_invitation_is_accepted(club: RegistryWorld):
    command = invite("new", PersonRole.SIGNATORY, PersonRole.VIEWER)
    club.accepted(command, **me("admin"))
    [invited] = club.heard(MembershipInvited)
    assert invited.data.about == ACTOR
    assert not invited.data.memberships, "an invitation binds nobody"
    club.refused(accept("new"), Reason.NOT_ALLOWED, **me("admin"))
    club.accepted(accept("new"), **me("new"))
    assert roles(club, "new") == {"signatory", "viewer"}
    assert not held(club, "new").pending


def test_an_invitation_changes_nothing_about_a_known_person(club: RegistryWorld):
    known = len(club.heard(PersonState))
    command = invite("person", PersonRole.EDITOR).model_copy(
        update={"email": "fremd@stadtwald.example"}
    )
    club.accepted(command, **me("admin"))
    assert len(club.heard(PersonState)) == known


@pytest.mark.parametrize("who", ["new", "admin"])
def test_an_invitation_is_declined_or_taken_back(club: RegistryWorld, who: str):
    club.accepted(invite("new", PersonRole.EDITOR), **me("admin"))
    decline = DeclineInvitation(person_id=ident("new"), actor_id=ACTOR)
    club.refused(decline, Reason.NOT_ALLOWED, **me("editor"))
    club.accepted(decline, **me(who))
    club.refused(accept("new"), Reason.NOT_FOUND, **me("new"))


def test_an_invitation_expires(club: RegistryWorld):
    club.accepted(invite("new", PersonRole.EDITOR), **me("admin"))
    club.advance(rules.INVITATION_STANDS)
    club.refused(accept("new"), Reason.NOT_FOUND, **me("new"))


def test_who_may_invite_whom(club: RegistryWorld):
    club.refused(invite("new"), Reason.NOT_ALLOWED, **me("editor"))
    club.refused(invite("new", PersonRole.BROKER), Reason.NOT_ALLOWED, **me("admin"))
    club.refused(invite("new", PersonRole.OPERATOR), Reason.NOT_ALLOWED, principal=BROKER)
    club.refused(invite("editor"), Reason.ALREADY_EXISTS, **me("admin"))
    club.accepted(invite("new", PersonRole.ADMIN), principal=BROKER)


def test_a_membership_with_an_end_ends(club: RegistryWorld):
    last = START.date() + timedelta(days=10)
    club.accepted(invite("new", PersonRole.EDITOR, valid_to=last), **me("admin"))
    club.accepted(accept("new"), **me("new"))
    club.advance(timedelta(days=10))
    assert held(club, "new").memberships
    club.advance(timedelta(days=1))
    assert not held(club, "new").memberships


# ------------------------------------------------------------------------ roles and leaving


def test_roles_are_changed_by_the_administrator(club: RegistryWorld):
    command = ChangeRoles(
        person_id=ident("editor"), actor_id=ACTOR, roles=(PersonRole.VIEWER, PersonRole.VOLUNTEER)
    )
    club.refused(command, Reason.NOT_ALLOWED, **me("editor"))
    club.accepted(command, **me("admin"))
    assert roles(club, "editor") == {"viewer", "volunteer"}
    stranger = command.model_copy(update={"person_id": ident("person")})
    club.refused(stranger, Reason.NOT_FOUND, **me("admin"))


def test_the_last_administrator_stays(club: RegistryWorld):
    club.refused(leave("admin"), Reason.LAST_ADMIN, **me("admin"))
    less = ChangeRoles(person_id=ident("admin"), actor_id=ACTOR, roles=(PersonRole.EDITOR,))
    club.refused(less, Reason.LAST_ADMIN, **me("admin"))
    more = ChangeRoles(person_id=ident("editor"), actor_id=ACTOR, roles=(PersonRole.ADMIN,))
    club.accepted(more, **me("admin"))
    club.accepted(leave("admin"), **me("admin"))
    assert roles(club, "admin") == set()


def test_whoever_is_alone_may_go_and_the_broker_decides_then(club: RegistryWorld):
    club.accepted(leave("editor"), **me("admin"))
    club.accepted(leave("admin"), **me("admin"))
    club.accepted(claim(), **me("person"))
    club.refused(confirm(), Reason.NOT_ALLOWED, **me("admin"))
    club.accepted(confirm(), principal=BROKER)
    assert roles(club, "person") == {"admin"}


def test_a_broker_takes_even_the_last_administrator_off(club: RegistryWorld):
    club.refused(leave("admin"), Reason.NOT_ALLOWED, **me("editor"))
    club.accepted(leave("admin"), principal=BROKER)
    assert roles(club, "admin") == set()


def test_an_office_is_handed_over_at_once(club: RegistryWorld):
    club.refused(hand_over("admin", "person"), Reason.NOT_FOUND, **me("admin"))
    club.refused(hand_over("admin", "editor"), Reason.NOT_ALLOWED, **me("editor"))
    club.accepted(hand_over("admin", "editor"), **me("admin"))
    assert roles(club, "editor") == {"admin", "coordinator", "editor"}
    assert roles(club, "admin") == set()
    [taken] = [each for each in club.heard(MembershipStep) if "taken_over" in each.attributes.type]
    assert taken.data.about == ACTOR


def test_brokers_do_not_make_brokers_by_going(club: RegistryWorld):
    club.accepted(add_person("helper", "agency", ["editor"]))
    command = HandOverOffice(
        person_id=ident("broker"), actor_id=ident("agency"), successor_id=ident("helper")
    )
    club.refused(command, Reason.NOT_ALLOWED, principal=BROKER)
    club.accepted(command)


def test_nothing_of_this_names_a_person_on_topics_of_ids(club: RegistryWorld):
    club.accepted(claim(), **me("person"))
    club.accepted(invite("new", PersonRole.EDITOR), **me("admin"))
    said = b"".join(record.value or b"" for record in club.log.of("impulse.memberships"))
    assert b"person" in said
    assert b"Beispielstelle" not in said
    assert b"@" not in said


# ---------------------------------------------------------------------------------- plainly

TODAY = date(2026, 11, 24)
NAMES = st.sampled_from(["a", "b", "c"])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "invite", "confirm", "accept", "leave", "demote", "hand over"]),
        NAMES,
        NAMES,
    ),
    max_size=25,
)


@given(STEPS)
def test_as_long_as_somebody_is_there_somebody_administers(steps):
    """Whatever people do, in any order: an actor is never left to those who may only look on."""
    all_of = {name: Memberships(person_id=ident(name)) for name in "abc"}
    for step, name, other in steps:
        mine, everybody = all_of[name], list(all_of.values())
        try:
            if step == "claim":
                all_of[name] = rules.claim(mine, ACTOR, START) or mine
            elif step == "invite":
                all_of[name] = rules.invite(mine, ACTOR, (PersonRole.VIEWER,), START) or mine
            elif step == "confirm":
                all_of[name] = rules.confirm(mine, ACTOR, everybody, TODAY)
            elif step == "accept" and any(each.at(ACTOR) for each in everybody):
                all_of[name] = rules.accept(mine, ACTOR, TODAY)
            elif step == "leave":
                all_of[name] = rules.leave(mine, ACTOR, everybody)
            elif step == "demote":
                all_of[name] = (
                    rules.change_roles(mine, ACTOR, (PersonRole.VIEWER,), everybody) or mine
                )
            elif step == "hand over" and name != other:
                left, taken = rules.hand_over(mine, all_of[other], ACTOR, TODAY)
                all_of[name], all_of[other] = left, taken or all_of[other]
        except Refused as refused:
            assert refused.reason in (Reason.NOT_FOUND, Reason.ALREADY_EXISTS, Reason.LAST_ADMIN)
        there = [each for each in all_of.values() if each.at(ACTOR)]
        assert not there or any(PersonRole.ADMIN in (e.roles_at(ACTOR) or ()) for e in there)
        for each in all_of.values():
            assert not (each.at(ACTOR) and each.pending_at(ACTOR)), "a member asks for nothing"


def test_who_is_named_to_the_other_side():
    def member(name: str, *given_roles: PersonRole) -> Memberships:
        granted = grant(Memberships(person_id=ident(name)), ACTOR, given_roles)
        assert granted is not None
        return granted

    viewer, admin = member("v", PersonRole.VIEWER), member("a", PersonRole.ADMIN)
    contact = member("c", PersonRole.CONTACT)
    assert rules.named_contacts([], ACTOR) == []
    assert rules.named_contacts([viewer], ACTOR) == []
    assert rules.named_contacts([viewer, admin], ACTOR) == [ident("a")]
    assert rules.named_contacts([viewer, admin, contact], ACTOR) == [ident("c")]
