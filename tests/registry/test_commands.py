"""Commands about actors and listings: what they do, and every refusal."""

from datetime import timedelta
from uuid import UUID

import pytest

from impulse_contracts.codes import ActorStatus
from impulse_contracts.message import Message
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ActorState, ArchiveActor
from impulse_contracts.registry.listings import ListingState, WithdrawListing
from impulse_registry.domain import identity
from tests.registry.given import (
    SOURCE,
    RegistryWorld,
    actor_reported,
    add_person,
    at,
    change_actor,
    change_listing,
    ident,
    listing_reported,
    publish_listing,
    register_actor,
)

ACTOR = ident("actor")
ARCHIVE = ArchiveActor(actor_id=ACTOR)
WITHDRAW = WithdrawListing(listing_id=ident("listing"))
DAY = timedelta(days=1)


@pytest.fixture
def known(world: RegistryWorld) -> RegistryWorld:
    """A world with an actor, another one, a listing, and people of all kinds."""
    world.accepted(register_actor())
    world.accepted(register_actor("elsewhere"))
    world.accepted(publish_listing())
    world.accepted(add_person("member", roles=["member"]))
    world.accepted(add_person("viewer", roles=["viewer"]))
    world.accepted(add_person("volunteer", roles=["volunteer"]))
    world.accepted(add_person("plain"))
    world.accepted(add_person("stranger", "elsewhere", ["admin"]))
    world.accepted(add_person("broker", "elsewhere", ["broker"]))
    world.accepted(add_person("operator", "elsewhere", ["operator"]))
    return world


# --------------------------------------------------------------------------------- actors


def test_an_actor_is_registered_changed_and_archived(world: RegistryWorld):
    outcome = world.accepted(register_actor())
    assert (outcome.aggregate_id, outcome.version) == (str(ACTOR), 1)
    assert world.accepted(change_actor(legal_name="Beispiel-Verein Neu e.V.")).version == 2
    assert world.accepted(publish_listing()).version == 1
    assert world.accepted(ARCHIVE).version == 3
    assert world.short() == [
        "actor.registered",
        "actor.details_changed",
        "actor.archived",
        "listing.published",
        "listing.withdrawn",
    ]
    newest = world.heard(ActorState)[-1].data
    assert (newest.legal_name, newest.sources) == ("Beispiel-Verein Neu e.V.", ())
    assert newest.confirmed_at == world.now


def test_refusals_about_actors(known: RegistryWorld):
    known.refused(register_actor(), Reason.ALREADY_EXISTS)
    known.refused(change_actor("nobody"), Reason.NOT_FOUND)
    known.refused(ArchiveActor(actor_id=ident("nobody")), Reason.NOT_FOUND)
    known.accepted(ARCHIVE)
    known.refused(change_actor(), Reason.WRONG_STATE)
    known.refused(ARCHIVE, Reason.WRONG_STATE)
    known.refused(register_actor(), Reason.ALREADY_EXISTS)


def test_what_a_person_changed_stands_over_reports_observed_before(world: RegistryWorld):
    world.accepted(actor_reported())
    actor_id = identity.new_actor(SOURCE, "4711").subject_id
    command = change_actor(legal_name="Von Hand").model_copy(update={"actor_id": actor_id})
    world.now += timedelta(hours=2)
    world.accepted(command)
    assert world.accepted(actor_reported(observed_at=at(1), legal_name="Alt")).version == 2
    assert world.accepted(actor_reported(observed_at=at(3), legal_name="Neu")).version == 3

    world.now += timedelta(hours=2)
    world.accepted(ArchiveActor(actor_id=actor_id))
    assert world.accepted(actor_reported(observed_at=at(3.5), legal_name="Neu")).version == 4
    assert world.accepted(actor_reported(observed_at=at(5), legal_name="Neu")).version == 5
    assert world.heard(ActorState)[-1].data.status is ActorStatus.REGISTERED


# ------------------------------------------------------------------------------- listings


def test_a_listing_is_published_changed_and_withdrawn(known: RegistryWorld):
    assert known.accepted(change_listing(title="Gartentag")).version == 2
    assert known.accepted(WITHDRAW).version == 3
    said = [(heard.data.title, str(heard.data.status)) for heard in known.heard(ListingState)]
    assert said == [
        ("Streichaktion im Jugendzentrum", "open"),
        ("Gartentag", "open"),
        ("Gartentag", "withdrawn"),
    ]
    assert known.timers() == 0


def test_refusals_about_listings(known: RegistryWorld):
    known.refused(publish_listing(), Reason.ALREADY_EXISTS)
    known.refused(change_listing("nothing"), Reason.NOT_FOUND)
    known.refused(WithdrawListing(listing_id=ident("nothing")), Reason.NOT_FOUND)
    known.accepted(WITHDRAW)
    known.refused(change_listing(), Reason.WRONG_STATE)
    known.refused(WITHDRAW, Reason.WRONG_STATE)
    known.accepted(ARCHIVE)
    known.refused(publish_listing("another"), Reason.WRONG_STATE)


def test_a_listing_published_waits_for_its_actor(world: RegistryWorld):
    waiting = world.send(publish_listing())
    world.settle()
    assert world.outcome(waiting) is None
    world.accepted(register_actor())
    outcome = world.outcome(waiting)
    assert outcome is not None and outcome.version == 1


def test_a_change_confirms_and_opens_a_stale_listing(known: RegistryWorld):
    known.advance(60 * DAY)
    known.accepted(change_listing())
    known.advance(76 * DAY)
    known.advance(13 * DAY)
    assert str(known.heard(ListingState)[-1].data.status) == "open"
    known.advance(DAY)
    assert str(known.heard(ListingState)[-1].data.status) == "stale"
    assert known.accepted(change_listing()).version == 5
    assert str(known.heard(ListingState)[-1].data.status) == "open"


def test_nobody_publishes_what_is_over_already_but_as_a_template(known: RegistryWorld):
    over = known.now - DAY
    for late in (
        publish_listing("late", valid_until=over.date()),
        change_listing(valid_until=over.date()),
    ):
        known.refused(late, Reason.DATE_IN_PAST)
    known.accepted(change_listing(valid_until=known.now.date()))
    known.accepted(publish_listing("again", valid_until=over.date(), template=True))


def test_a_closed_listing_is_open_again_with_a_later_last_day(known: RegistryWorld):
    known.accepted(change_listing(valid_until="2026-12-01"))
    known.advance(30 * DAY)
    assert str(known.heard(ListingState)[-1].data.status) == "closed"
    known.refused(WITHDRAW, Reason.WRONG_STATE)
    known.accepted(change_listing(valid_until="2027-12-01"))
    assert str(known.heard(ListingState)[-1].data.status) == "open"


def test_what_a_person_said_of_a_listing_stands_over_reports_observed_before(
    world: RegistryWorld,
):
    world.accepted(actor_reported())
    world.accepted(listing_reported())
    listing_id = identity.new_listing(SOURCE, "A-17").subject_id
    world.now += timedelta(hours=2)
    world.accepted(change_listing(listing_id, title="Von Hand"))
    assert world.accepted(listing_reported(observed_at=at(1), title="Alt")).version == 2
    world.accepted(WithdrawListing(listing_id=listing_id))
    assert world.accepted(listing_reported(observed_at=at(1.5))).version == 3
    assert world.accepted(listing_reported(observed_at=at(3))).version == 4


# ------------------------------------------------------------------------- who may do what

ABOUT_THE_ACTOR = [change_actor(), publish_listing("new"), change_listing(), WITHDRAW, ARCHIVE]


@pytest.mark.parametrize("command", ABOUT_THE_ACTOR, ids=lambda command: type(command).__name__)
@pytest.mark.parametrize("principal", [None, "somebody", "", str(UUID(int=7)), "stranger"])
def test_who_has_nothing_to_do_with_the_actor_is_not_allowed(
    known: RegistryWorld, command: Message, principal: str | None
):
    asking = str(ident("stranger")) if principal == "stranger" else principal
    known.refused(command, Reason.NOT_ALLOWED, principal=asking)


@pytest.mark.parametrize("command", ABOUT_THE_ACTOR, ids=lambda command: type(command).__name__)
@pytest.mark.parametrize("principal", ["viewer", "volunteer", "plain"])
def test_who_only_looks_on_or_helps_is_not_allowed(
    known: RegistryWorld, command: Message, principal: str
):
    known.refused(command, Reason.NOT_ALLOWED, principal=str(ident(principal)))


@pytest.mark.parametrize("principal", ["viewer", "volunteer", "plain"])
def test_who_only_looks_on_adds_nobody_and_gives_themselves_no_role(
    known: RegistryWorld, principal: str
):
    asking = str(ident(principal))
    known.refused(add_person("another"), Reason.NOT_ALLOWED, principal=asking)
    known.refused(add_person(principal, roles=["admin"]), Reason.NOT_ALLOWED, principal=asking)
    roles = [] if principal == "plain" else [principal]
    moved = add_person(principal, roles=roles, email="neu@stadtwald.example")
    assert known.accepted(moved, principal=asking).version == 2


@pytest.mark.parametrize("principal", ["system", "member", "broker", "operator"])
def test_members_staff_and_the_system_may(known: RegistryWorld, principal: str):
    asking = principal if principal == "system" else str(ident(principal))
    for command in ABOUT_THE_ACTOR:
        known.accepted(command, principal=asking)


@pytest.mark.parametrize("principal", ["member", "stranger"])
def test_only_staff_and_the_system_register_actors(known: RegistryWorld, principal: str):
    known.refused(register_actor("new"), Reason.NOT_ALLOWED, principal=str(ident(principal)))
    known.accepted(register_actor("new"), principal=str(ident("broker")))


def test_who_is_not_allowed_does_not_learn_whether_an_actor_exists(known: RegistryWorld):
    for command in (change_actor(), change_actor("nobody")):
        known.refused(command, Reason.NOT_ALLOWED, principal=str(ident("stranger")))


def test_reports_need_no_principal(world: RegistryWorld):
    world.accepted(actor_reported(), principal=None)
    world.accepted(listing_reported(), principal=None)
