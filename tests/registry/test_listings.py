"""The life of a listing, decided on plain values."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_chassis import Refused
from impulse_chassis.testing import START
from impulse_contracts.codes import ActorKind, ActorStatus, ListingStatus, PlaceMode
from impulse_contracts.partner import ListingReported, ListingWithdrawn
from impulse_contracts.parts import Source
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.listings import (
    ListingChanged,
    ListingClosed,
    ListingMarkedStale,
    ListingPublished,
    ListingReminded,
    ListingWithdrawnFact,
)
from impulse_registry.domain import actors, content, freshness, identity, listings
from impulse_registry.domain.freshness import Patience
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.listings import Listing
from impulse_registry.domain.records import record_of
from tests.registry.given import (
    SOURCE,
    at,
    change_listing,
    ident,
    listing_reported,
    listing_withdrawn,
    publish_listing,
    register_actor,
)

NAME = Source(source=SOURCE, external_id="A-17")
PATIENCE = Patience(timedelta(days=90), timedelta(days=14))
HAND = identity.new_hand(ident("actor")).reported(START, record=record_of(register_actor()))
[ACTOR] = actors.registered(ident("actor"), HAND, START)
ARCHIVED = ACTOR.evolve(status=ActorStatus.ARCHIVED)
Heard = ListingReported | ListingWithdrawn


def after(*messages: Heard, now: datetime = START) -> tuple[Listing | None, IdentityKey]:
    """What is known after some reports and withdrawals, in this order, all heard at `now`."""
    listing: Listing | None = None
    key = identity.new_listing(SOURCE, "A-17")
    for message in messages:
        moment = message.observed_at
        if isinstance(message, ListingWithdrawn):
            listing = listings.withdraw(listing, key, moment) or listing
            key = key.withdrawn(moment)
        elif not listings.is_late(listing, key, moment):
            status = freshness.status_at(now, message.valid_until, moment, PATIENCE)
            states = listings.report(listing, key, NAME, message, ACTOR, moment, status)
            key = key.reported(moment)
            listing = states[-1] if states else listing
    return listing, key


def known(*messages: Heard, now: datetime = START) -> Listing:
    listing, _ = after(*messages, now=now)
    assert listing is not None
    return listing


def state(*messages: Heard) -> tuple[object, datetime | None, datetime | None]:
    """All that matters later; how many versions it took, and which was the last, does not."""
    listing, key = after(*messages)
    said = listing and listing.model_dump(exclude={"version", "confirmed_at"})
    return said, key.reported_at, key.withdrawn_at


# ---------------------------------------------------------------------------------- order

TITLES = st.sampled_from(["Streichaktion", "Gartentag"])
LAST_DAYS = st.sampled_from([None, date(2026, 11, 1), date(2027, 2, 28)])
HOURS = st.lists(
    st.integers(-200 * 24, 20), min_size=1, max_size=7, unique=True
)  # some long ago, so that they are stale


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Heard], list[Heard]]:
    """Reports and withdrawals, each observed at another time, in two orders."""
    messages: list[Heard] = [
        listing_reported(observed_at=at(hour), title=draw(TITLES), valid_until=draw(LAST_DAYS))
        if draw(st.booleans())
        else listing_withdrawn(observed_at=at(hour))
        for hour in draw(HOURS)
    ]
    return messages, draw(st.permutations(messages))


@given(histories())
def test_the_order_of_arrival_does_not_matter(history):
    one, other = history
    assert state(*one) == state(*other)


@given(histories())
def test_the_newest_message_decides(history):
    messages, _ = history
    in_time = sorted(messages, key=lambda message: message.observed_at)
    reports = [each for each in in_time if isinstance(each, ListingReported)]
    listing, _ = after(*messages)
    assert (listing is None) == (not reports)
    if listing:
        assert listing.title == reports[-1].title
        withdrawn = isinstance(in_time[-1], ListingWithdrawn)
        assert (listing.status is ListingStatus.WITHDRAWN) == withdrawn


def test_a_withdrawal_that_came_first_is_applied_unless_the_report_is_newer():
    withdrawal = listing_withdrawn()
    assert known(withdrawal, listing_reported()).status is ListingStatus.WITHDRAWN
    later = listing_reported(observed_at=at(1))
    assert known(withdrawal, later).status is ListingStatus.OPEN


def test_the_same_again_is_no_new_version():
    again = listing_reported(observed_at=at(1))
    assert known(listing_reported(), again).version == 1


# -------------------------------------------------------------------------- place, actor


def test_the_place_is_the_seat_of_the_actor_unless_it_is_said():
    place = known(listing_reported()).place
    assert (place.mode, place.postcode, place.ags) == (PlaceMode.AT_NONPROFIT, "45144", "05113000")
    assert (place.latitude, place.longitude) == (ACTOR.seat.latitude, ACTOR.seat.longitude)

    named = {"mode": "third", "postcode": "44787", "max_distance_km": 12.5}
    place = known(listing_reported(place=named)).place
    assert (place.mode, place.ags, place.max_distance_km) == (PlaceMode.THIRD, "05911000", 12.5)

    only_reach = known(listing_reported(place={"max_distance_km": 5})).place
    assert (only_reach.postcode, only_reach.max_distance_km) == ("45144", 5)


def test_an_offer_of_a_company_without_a_place_is_at_the_company():
    company = ACTOR.evolve(kind=ActorKind.COMPANY)
    place = content.place_of(listing_reported(direction="offer"), company)
    assert (place.mode, place.postcode) == (PlaceMode.AT_COMPANY, "45144")


@pytest.mark.parametrize(
    ("place", "stated"),
    [
        (None, False),
        ({"postcode": "44787"}, False),
        ({"mode": "at_nonprofit"}, True),
        ({"mode": "at_company", "postcode": "44787"}, True),
    ],
)
def test_a_mode_that_nobody_said_is_known_as_such_also_after_a_detour(place, stated):
    said = listing_reported(**({"place": place} if place else {}))
    for heard in (said, ListingReported.model_validate_json(said.model_dump_json())):
        assert content.place_of(heard, ACTOR).mode_stated is stated


def test_online_is_nowhere_and_an_unknown_postcode_is_not_located():
    online = known(listing_reported(place={"mode": "online", "postcode": "45144"})).place
    assert (online.mode, online.postcode, online.latitude) == (PlaceMode.ONLINE, None, None)
    unknown = known(listing_reported(place={"postcode": "99999"})).place
    assert (unknown.postcode, unknown.ags, unknown.latitude) == ("99999", None, None)


def test_the_example_flag_is_the_actors():
    example = ACTOR.evolve(example=True)
    assert content.describe(listing_reported(), example)["example"] is True
    assert content.describe(listing_reported(), ACTOR)["example"] is False


def test_a_listing_needs_an_actor_that_is_not_archived():
    key = identity.new_listing(SOURCE, "A-17")
    open_ = ListingStatus.OPEN
    listing = known(listing_reported())
    for attempt in (
        lambda: listings.report(None, key, NAME, listing_reported(), ARCHIVED, START, open_),
        lambda: listings.publish(ident("x"), publish_listing(), ARCHIVED, START, open_),
        lambda: listings.change(listing, change_listing(), ARCHIVED, START, open_),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.reason is Reason.WRONG_STATE
        assert refusal.value.details["state"] == ("abgemeldet", "archived")


# ------------------------------------------------------------------------ facts and time


def test_an_old_report_publishes_a_listing_that_is_stale_at_once():
    old = listing_reported(observed_at=at(-100 * 24))
    assert known(old).status is ListingStatus.STALE
    assert known(old).version == 2
    fresh = listing_reported(observed_at=at(-1))
    assert known(old, fresh).status is ListingStatus.OPEN


def test_after_its_last_day_a_listing_is_closed_and_the_same_report_does_not_open_it_again():
    over = listing_reported(valid_until=date(2026, 11, 1))
    again = listing_reported(valid_until=date(2026, 11, 1), observed_at=at(1))
    assert known(over).status is ListingStatus.CLOSED
    assert known(over, again).version == known(over).version
    longer = listing_reported(valid_until=date(2027, 1, 1), observed_at=at(1))
    assert known(over, longer).status is ListingStatus.OPEN


def test_the_kind_of_fact_follows_from_the_change():
    new = known(listing_reported())
    kinds = {
        ListingStatus.OPEN: ListingChanged,
        ListingStatus.STALE: ListingMarkedStale,
        ListingStatus.CLOSED: ListingClosed,
        ListingStatus.WITHDRAWN: ListingWithdrawnFact,
    }
    assert listings.fact_of(None, new) is ListingPublished
    for status, kind in kinds.items():
        assert listings.fact_of(new, new.evolve(status=status)) is kind
    reminded = new.evolve(confirm_by=at(1))
    assert listings.fact_of(new, reminded) is ListingReminded
    assert listings.fact_of(reminded, reminded.evolve(confirm_by=None)) is ListingChanged
    stale = new.evolve(status=ListingStatus.STALE)
    assert listings.fact_of(stale, stale.evolve(title="Neu")) is ListingChanged
    assert listings.fact_of(stale, stale.evolve(status=ListingStatus.OPEN)) is ListingChanged


# ------------------------------------------------------------------------ copies, and moving


def test_a_copy_says_the_same_without_what_has_passed():
    listing = known(
        listing_reported(
            time={"mode": "fixed", "start": "2026-11-30T09:00:00+01:00", "duration_hours": 7},
            costs={"material_paid_by": "shared", "host_fee_eur": 20},
            visibility="network",
        )
    )
    until = date(2027, 1, 1)
    [early] = listings.copy(listing, ident("copy"), ACTOR, START, until=until, template=False)
    said = {"time", "place", "title", "costs", "visibility", "counter_offers", "skills"}
    assert early.model_dump(include=said) == listing.model_dump(include=said)
    assert (early.version, early.sources, early.valid_until) == (1, (), until)
    [late] = listings.copy(listing, ident("copy"), ACTOR, at(24 * 60), until=None, template=True)
    assert (late.time.mode, late.time.start, late.time.duration_hours) == ("open_ended", None, 7)
    assert late.status is ListingStatus.TEMPLATE
    with pytest.raises(Refused):
        listings.copy(listing, ident("copy"), ARCHIVED, START, until=None, template=False)


def test_a_listing_moves_to_the_survivor_with_all_that_it_says():
    survivor = ACTOR.model_copy(update={"actor_id": ident("survivor"), "example": True})
    listing = known(listing_reported())
    moved = listings.moved_to(listing, survivor)
    assert (moved.actor_id, moved.example, moved.version) == (ident("survivor"), True, 2)
    aside = {"actor_id", "example", "version"}
    assert moved.model_dump(exclude=aside) == listing.model_dump(exclude=aside)
