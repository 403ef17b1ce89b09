"""Reports about listings, waiting for their actors, and what time does to listings."""

from datetime import timedelta
from typing import Any

import pytest

from impulse_contracts.codes import ListingStatus
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.listings import ListingPublished, ListingState
from impulse_registry.app import service
from impulse_registry.domain import identity
from impulse_registry.settings import Settings
from tests.registry.given import (
    OTHER,
    SOURCE,
    RegistryWorld,
    actor_reported,
    actor_withdrawn,
    at,
    listing_reported,
    listing_withdrawn,
)

DAY = timedelta(days=1)


@pytest.fixture
def known(world: RegistryWorld) -> RegistryWorld:
    """A world in which the actor of the listings is registered."""
    world.accepted(actor_reported(example=True))
    return world


def statuses(world: RegistryWorld) -> list[str]:
    return [str(heard.data.status) for heard in world.heard(ListingState)]


def test_a_report_publishes_a_listing_of_its_actor(known: RegistryWorld):
    outcome = known.accepted(listing_reported())
    [published] = known.heard(ListingPublished)
    listing = published.data
    assert (outcome.aggregate_id, outcome.version) == (str(listing.listing_id), 1)
    assert listing.listing_id == identity.new_listing(SOURCE, "A-17").subject_id
    assert listing.actor_id == identity.new_actor(SOURCE, "4711").subject_id
    assert listing.place.ags == "05113000"
    assert listing.place.latitude is not None
    assert [(each.source, each.external_id) for each in listing.sources] == [(SOURCE, "A-17")]
    assert listing.example, "as its actor"
    assert listing.description.count("\n") == 1


def test_a_whole_listing_comes_back_from_the_database_as_it_was(known: RegistryWorld):
    full: dict[str, Any] = {
        "place": {"mode": "third", "postcode": "44787", "max_distance_km": 12.5},
        "target_groups": ["youth"],
        "accessibility": ["step_free"],
        "valid_until": "2027-02-28",
        "time": {
            "mode": "window",
            "start": "2026-12-01T09:00:00+01:00",
            "end": "2027-02-28T17:00:00+01:00",
            "duration_hours": 7,
            "flexibility_days": 2,
        },
    }
    known.accepted(listing_reported(**full))
    # Were one field read back as something else, this would be a second version.
    assert known.accepted(listing_reported(observed_at=at(1), **full)).version == 1
    changed = full | {"title": "Gartentag"}
    known.accepted(listing_reported(observed_at=at(2), **changed))
    first, second = (heard.data for heard in known.heard(ListingState))
    news = {"version", "title", "confirmed_at"}
    assert first.model_dump(exclude=news) == second.model_dump(exclude=news)
    assert (second.version, second.title) == (2, "Gartentag")
    assert known.short()[-2:] == ["listing.published", "listing.changed"]


def test_an_older_report_changes_nothing(known: RegistryWorld):
    known.accepted(listing_reported(observed_at=at(2)))
    known.accepted(listing_reported(observed_at=at(1), title="Alt"))
    known.accepted(listing_withdrawn(observed_at=at(1)))
    assert statuses(known) == ["open"]


def test_a_listing_may_move_to_another_actor_of_its_partner(known: RegistryWorld):
    known.accepted(actor_reported("4712", seat={"postcode": "44787"}))
    known.accepted(listing_reported())
    known.accepted(listing_reported(observed_at=at(1), actor_external_id="4712"))
    moved = known.heard(ListingState)[-1].data
    assert moved.actor_id == identity.new_actor(SOURCE, "4712").subject_id
    assert moved.place.postcode == "44787"


def test_withdrawn_and_back(known: RegistryWorld):
    known.accepted(listing_reported())
    assert known.accepted(listing_withdrawn(observed_at=at(1))).version == 2
    assert known.accepted(listing_withdrawn(observed_at=at(2))).version == 2
    assert known.accepted(listing_reported(observed_at=at(1))).version == 2
    assert known.accepted(listing_reported(observed_at=at(3))).version == 3
    assert statuses(known) == ["open", "withdrawn", "open"]


def test_a_withdrawal_of_something_unknown_is_remembered(known: RegistryWorld):
    outcome = known.accepted(listing_withdrawn(observed_at=at(1)))
    assert outcome.aggregate_id is None
    known.accepted(listing_reported())
    assert statuses(known) == ["open", "withdrawn"]


def test_a_listing_of_an_archived_actor_is_refused(known: RegistryWorld):
    known.accepted(listing_reported())
    known.accepted(actor_withdrawn(observed_at=at(1)))
    known.refused(listing_reported("A-18"), Reason.WRONG_STATE)
    known.refused(listing_reported(observed_at=at(2)), Reason.WRONG_STATE)
    # One that is late says nothing about now.
    assert known.accepted(listing_reported(observed_at=at(-1))).version == 2


def test_once_its_actor_is_back_a_listing_is_open_and_may_be_reported_again(known: RegistryWorld):
    known.accepted(listing_reported())
    known.accepted(actor_withdrawn(observed_at=at(1)))
    known.accepted(actor_reported(observed_at=at(2)))
    assert statuses(known) == ["open", "withdrawn", "open"]
    known.accepted(listing_reported(observed_at=at(3)))
    assert statuses(known)[-1] == "open"


def test_the_example_flag_is_inherited_anew_with_each_report(known: RegistryWorld):
    known.accepted(listing_reported())
    known.accepted(actor_reported(observed_at=at(1), example=False))
    known.accepted(listing_reported(observed_at=at(1)))
    assert [heard.data.example for heard in known.heard(ListingState)] == [True, False]


# -------------------------------------------------------------------------------- waiting


def test_a_listing_waits_for_its_actor(world: RegistryWorld):
    waiting = world.send(listing_reported())
    other = world.send(listing_reported("B-1", actor_external_id="4712"))
    world.settle()
    assert world.outcome(waiting) is None
    assert world.rows("waiting") == 2

    world.accepted(actor_reported("4711"), source=OTHER)
    assert world.outcome(waiting) is None, "another partner's actor of the same id"
    world.accepted(actor_reported())
    outcome = world.outcome(waiting)
    assert outcome is not None and outcome.reason is None
    assert world.outcome(other) is None
    assert len(world.heard(ListingPublished)) == 1
    assert world.rows("waiting") == 1


def test_a_report_older_than_a_withdrawal_is_said_to_be_late(world: RegistryWorld):
    world.accepted(actor_reported(observed_at=at(-3)))
    world.accepted(listing_reported(observed_at=at(-3)))
    in_time = world.accepted(listing_withdrawn(observed_at=at(-1)))
    assert "does not stand" not in in_time.message.en
    outcome = world.accepted(listing_reported(observed_at=at(-2)))
    assert "does not stand" in outcome.message.en
    world.accepted(actor_withdrawn(observed_at=at(-1)))
    outcome = world.accepted(actor_reported(observed_at=at(-2)))
    assert "does not stand" in outcome.message.en


def test_a_withdrawn_actor_that_was_never_reported_is_waited_for(world: RegistryWorld):
    world.accepted(actor_withdrawn(observed_at=at(-1)))
    waiting = world.send(listing_reported())
    world.settle()
    assert world.outcome(waiting) is None
    world.accepted(actor_reported())
    assert world.outcome(waiting) is not None


def test_it_gives_up_after_the_waiting_time(world: RegistryWorld):
    waiting = world.send(listing_reported())
    world.settle()
    world.advance(timedelta(seconds=599))
    assert world.outcome(waiting) is None
    world.advance(timedelta(seconds=4))
    outcome = world.outcome(waiting)
    assert outcome is not None
    assert outcome.reason is Reason.WAITED_TOO_LONG
    assert outcome.message.de == "Die Organisation ist auch nach der Wartezeit nicht bekannt."
    [letter] = world.log.of("impulse.dead-letters")
    assert dict(letter.headers)["dl_reason"] == b"waited_too_long"
    assert letter.value == listing_reported().model_dump_json().encode()
    assert world.rows("waiting") == 0
    # Too late: it does not come up again by itself.
    world.accepted(actor_reported())
    assert world.heard(ListingPublished) == []


def test_reports_of_one_listing_that_wait_go_on_in_their_order(world: RegistryWorld):
    for number in range(5):
        world.send(listing_reported(observed_at=at(number), title=f"Fassung {number}"))
    world.settle()
    world.accepted(actor_reported())
    world.advance(timedelta(seconds=3))
    assert [heard.data.title for heard in world.heard(ListingState)] == [
        f"Fassung {number}" for number in range(5)
    ]


def test_a_withdrawal_overtakes_a_listing_that_waits(world: RegistryWorld):
    world.send(listing_reported())
    world.send(listing_withdrawn(observed_at=at(1)))
    world.settle()
    world.accepted(actor_reported())
    world.advance(timedelta(seconds=3))
    assert statuses(world) == ["open", "withdrawn"]


# ----------------------------------------------------------------------------------- time


def test_a_listing_goes_stale_after_90_days_without_confirmation(known: RegistryWorld):
    known.accepted(listing_reported())
    known.advance(timedelta(days=75, hours=23))
    assert known.short()[-1] == "listing.published"
    known.advance(timedelta(hours=1))
    assert known.short()[-1] == "listing.reminded"
    known.advance(timedelta(days=13, hours=23))
    assert statuses(known) == ["open", "open"]
    known.advance(timedelta(hours=1))
    assert statuses(known) == ["open", "open", "stale"]
    assert known.timers() == 0, "nothing more to wait for"
    known.accepted(listing_reported(observed_at=known.now))
    assert statuses(known) == ["open", "open", "stale", "open"]


def test_a_report_after_the_reminder_is_news_and_starts_the_90_days_again(known: RegistryWorld):
    known.accepted(listing_reported())
    known.advance(80 * DAY)
    reminded = known.heard(ListingState)[-1].data
    assert reminded.confirm_by == known.now + 14 * DAY, "however late the reminder was"
    assert known.accepted(listing_reported(observed_at=known.now)).version == 3
    assert known.heard(ListingState)[-1].data.confirm_by is None
    known.advance(75 * DAY)
    assert statuses(known) == ["open", "open", "open"]


def test_the_outcome_says_that_a_place_is_not_known(known: RegistryWorld):
    assert known.accepted(listing_reported()).message.en == "Accepted."
    nowhere = listing_reported(observed_at=at(1), place={"postcode": "00000"})
    assert known.accepted(nowhere).message.en == (
        "Accepted. The place is not known: it is only proposed where one side works online."
    )


def test_contacts_in_a_report_are_masked_and_the_outcome_says_so(known: RegistryWorld):
    counter_offers = [{"title": "Fotos an foto@beispiel.example", "resource_category": "contacts"}]
    report = listing_reported(
        description="Rufen Sie an: 0201 / 123 45 67,\noder kontakt (at) beispiel . example.",
        counter_offers=counter_offers,
    )
    outcome = known.accepted(report)
    assert outcome.message.de == (
        "Angenommen. 3 Kontaktangaben unkenntlich gemacht (Beschreibung, Gegenleistung)."
    )
    assert outcome.message.en == (
        "Accepted. 3 contact details masked in description, counter-offers."
    )
    said = known.heard(ListingState)[-1].data
    assert said.description == "Rufen Sie an: […],\noder […]."
    assert [offer.title for offer in said.counter_offers] == ["Fotos an […]"]
    again = listing_reported(
        observed_at=at(1), description=report.description, counter_offers=counter_offers
    )
    assert known.accepted(again).version == 1, "what was masked is no news"


def test_a_report_may_say_all_that_there_is_to_say(known: RegistryWorld):
    fields: dict[str, Any] = {
        "cv_format": "hands_on",
        "cv_mode": "social_day",
        "cc_instrument": "corporate_volunteering",
        "worktime_basis": "paid_release",
        "costs": {"material_paid_by": "shared", "host_fee_eur": 50},
        "visibility": "network",
        "skills": ["renovation", "partners_own_code"],
    }
    known.accepted(listing_reported(**fields))
    said = known.heard(ListingState)[-1].data.model_dump(mode="json")
    assert {name: said[name] for name in fields} == fields
    assert known.accepted(listing_reported(observed_at=at(1), **fields)).version == 1
    assert known.accepted(listing_reported(observed_at=at(2))).version == 2
    assert known.heard(ListingState)[-1].data.costs is None


def test_a_report_that_says_nothing_new_confirms_without_a_fact(known: RegistryWorld):
    known.accepted(listing_reported())
    known.advance(60 * DAY)
    assert known.accepted(listing_reported(observed_at=known.now)).version == 1
    known.advance(60 * DAY)
    assert statuses(known) == ["open"]
    known.advance(16 * DAY)
    known.advance(14 * DAY)
    assert statuses(known) == ["open", "open", "stale"]
    stale = known.heard(ListingState)[-1].data
    assert stale.confirmed_at == at(60 * 24), "when it was confirmed last"


def test_a_timer_that_fired_before_a_confirmation_does_no_harm(known: RegistryWorld):
    known.accepted(listing_reported())
    known.advance(DAY)  # By then the actor was looked at for duplicates.
    known.now += 75 * DAY
    [node] = known.nodes
    assert node.processor.fire_timers(known.now) == 2, "the listing's, and the sweep of actors"
    known.accepted(listing_reported(observed_at=known.now))
    assert statuses(known) == ["open"]
    known.advance(76 * DAY)
    known.advance(14 * DAY)
    assert statuses(known) == ["open", "open", "stale"]


def test_a_listing_closes_after_its_last_day_even_when_stale(known: RegistryWorld):
    known.accepted(listing_reported("A-1", valid_until="2026-12-01"))
    known.accepted(listing_reported("A-2", valid_until="2027-12-01"))
    known.advance(400 * DAY)
    by_listing: dict[object, list[str]] = {}
    for heard in known.heard(ListingState):
        by_listing.setdefault(heard.data.listing_id, []).append(str(heard.data.status))
    short = identity.new_listing(SOURCE, "A-1").subject_id
    long = identity.new_listing(SOURCE, "A-2").subject_id
    assert by_listing[short] == ["open", "closed"]
    # The clock was moved in one leap; both were due.
    assert by_listing[long][-1] == "closed"
    assert known.timers() == 0


def test_stale_first_and_closed_later(known: RegistryWorld):
    known.accepted(listing_reported(valid_until="2027-12-01"))
    known.advance(76 * DAY)
    known.advance(14 * DAY)
    known.advance(300 * DAY)
    assert statuses(known) == ["open", "open", "stale", "closed"]
    longer = listing_reported(observed_at=known.now, valid_until="2028-12-01")
    known.accepted(longer)
    assert statuses(known)[-1] == "open"


def test_what_is_withdrawn_is_left_alone_by_the_clock(known: RegistryWorld):
    known.accepted(listing_reported(valid_until="2026-12-01"))
    known.accepted(listing_withdrawn(observed_at=at(1)))
    known.advance(400 * DAY)
    assert statuses(known) == ["open", "withdrawn"]


def test_the_time_until_stale_is_a_setting(engine_of):
    world = RegistryWorld(engine_of(service), Settings.defaults(stale_days=2, remind_days=1))
    world.accepted(actor_reported())
    world.accepted(listing_reported())
    world.advance(DAY)
    world.advance(DAY)
    assert [heard.data.status for heard in world.heard(ListingState)] == [
        ListingStatus.OPEN,
        ListingStatus.OPEN,
        ListingStatus.STALE,
    ]
