"""The example offers and needs: valid, balanced, repeatable, and marked as examples."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from impulse_contracts.codes import ActorType, Direction, ResourceCategory, SocietalTopic
from impulse_contracts.partner import ActorReported, ListingReported
from impulse_contracts.registry.people import AddPerson
from impulse_sample.commands import accept, add_staff
from impulse_sample.envelope import header
from impulse_sample.examples import AGENCY, EXAMPLES
from impulse_sample.reports import (
    example_actor_reports,
    example_listing_reports,
    example_reports,
)
from impulse_sample.tables import rows

TODAY = date(2026, 11, 24)
INTERMEDIARIES = {
    ActorType.VOLUNTEER_AGENCY,
    ActorType.COMMUNITY_FOUNDATION,
    ActorType.MULTIGENERATIONAL_HOUSE,
    ActorType.MUNICIPAL_VOLUNTEERING_OFFICE,
    ActorType.COMMUNITY_WORK_NETWORK,
    ActorType.WELFARE_ASSOCIATION,
    ActorType.ECONOMIC_DEVELOPMENT_AGENCY,
}


def actors_of(seed: int, today: date = TODAY) -> list[ActorReported]:
    return [
        ActorReported.model_validate_json(report.value)
        for report in example_actor_reports(seed, today)
    ]


def listings_of(seed: int, today: date = TODAY) -> list[ListingReported]:
    return [
        ListingReported.model_validate_json(report.value)
        for report in example_listing_reports(seed, today)
    ]


@pytest.fixture(scope="module")
def actors() -> list[ActorReported]:
    return actors_of(2026)


@pytest.fixture(scope="module")
def listings() -> list[ListingReported]:
    return listings_of(2026)


def test_every_organisation_is_marked_as_an_example(actors) -> None:
    for actor in actors:
        assert actor.example
        assert actor.legal_name.startswith("Beispiel ")
        assert actor.website.startswith("https://") and actor.website.endswith(".example")
        assert actor.contact.name.startswith("Kontaktstelle Beispiel-")
        assert actor.contact.email.startswith("kontakt@")
        assert actor.contact.email.endswith(".example")
        assert actor.register_entry is None


def test_all_seven_kinds_of_intermediaries_and_companies_are_there(actors) -> None:
    kinds = Counter(actor.actor_type for actor in actors)
    assert all(kinds[kind] >= 3 for kind in INTERMEDIARIES)
    assert sum(actor.kind == "company" for actor in actors) >= 30
    assert len({actor.legal_name for actor in actors}) == len(actors)


def test_seats_are_real_postcodes_of_the_ruhr_area(actors) -> None:
    real = {(row["plz"], row["ort"], row["ags"]) for row in rows("ruhr_postcodes.csv")}
    for actor in actors:
        assert (actor.seat.postcode, actor.seat.city, actor.seat.ags) in real
    assert len({actor.seat.ags for actor in actors}) > 20


def test_at_least_300_listings_balanced_over_directions_and_categories(listings) -> None:
    assert len(listings) >= 300
    shares = Counter((one.direction, one.resource_category) for one in listings)
    assert set(shares) == {(d, c) for d in Direction for c in ResourceCategory}
    assert len(set(shares.values())) == 1
    assert {topic for one in listings for topic in one.topics} == set(SocietalTopic)


def test_titles_differ_and_texts_are_whole(listings) -> None:
    assert len({one.title for one in listings}) == len(listings)
    for one in listings:
        assert "{" not in one.title + one.description
        assert len(one.description) > 60


def test_every_listing_belongs_to_an_example_of_the_right_side(actors, listings) -> None:
    kinds = {actor.external_id: actor.kind for actor in actors}
    for one in listings:
        assert (kinds[one.actor_external_id] == "company") == (one.direction == "offer")


def test_needs_and_offers_share_skills(listings) -> None:
    needed = {skill for one in listings if one.direction == "need" for skill in one.skills}
    offered = {skill for one in listings if one.direction == "offer" for skill in one.skills}
    assert needed == offered and len(needed) == 28


def test_counter_offers_are_asked_for_and_given(listings) -> None:
    needs = [one for one in listings if one.direction == "need"]
    assert sum(bool(one.counter_offers) for one in needs) > len(needs) / 2


@given(st.integers(0, 10_000), st.dates(date(2024, 1, 1), date(2035, 12, 31)))
@example(5272, date(2024, 1, 1))  # more offers of one kind in one city than there are titles
@settings(max_examples=15, deadline=None)
def test_any_seed_and_day_give_valid_reports_with_windows_ahead(seed: int, today: date) -> None:
    now = datetime(today.year, today.month, today.day, 23, 59, tzinfo=UTC)
    for one in listings_of(seed, today):
        assert one.observed_at <= now
        assert one.valid_until is not None and one.valid_until > today
        assert one.time.start is None or one.time.start > now
        assert one.time.start is None or one.time.start < now + timedelta(days=90)
    assert all(actor.observed_at <= now for actor in actors_of(seed, today))


def test_the_same_seed_and_day_give_the_same_records() -> None:
    assert list(example_reports(7, TODAY)) == list(example_reports(7, TODAY))
    assert list(example_reports(7, TODAY)) != list(example_reports(8, TODAY))


def test_ids_stay_the_same_on_another_day() -> None:
    def ids(day: date) -> list[str]:
        return [header(report.headers, "ce_id") for report in example_reports(7, day)]

    assert ids(TODAY) == ids(TODAY + timedelta(days=1))
    assert len(set(ids(TODAY))) == len(ids(TODAY))


def test_actors_come_first_and_keys_put_listings_behind_their_actor() -> None:
    reports = list(example_reports(2026, TODAY))
    types = [header(report.headers, "ce_type") for report in reports]
    assert types == sorted(types)
    actor_keys = {
        report.key
        for report in reports
        if header(report.headers, "ce_type").startswith("impulse.partner.actor")
    }
    assert {report.key for report in reports} == actor_keys
    assert all(key.decode().startswith(f"{EXAMPLES}|") for key in actor_keys)


def test_the_agency_gets_a_broker_and_an_operator() -> None:
    agency = next(actor for actor in actors_of(2026) if actor.external_id == AGENCY)
    assert agency.actor_type is ActorType.VOLUNTEER_AGENCY
    assert agency.website == "https://beispiel-agentur.example"
    actor_id = "01890a5d-ac96-774b-bcce-b302099a8057"
    commands = [AddPerson.model_validate_json(one.value) for one in add_staff(actor_id)]
    assert [(one.email, [str(role) for role in one.roles]) for one in commands] == [
        ("broker@beispiel-agentur.example", ["broker"]),
        ("betrieb@beispiel-agentur.example", ["operator"]),
    ]
    again = add_staff(actor_id)
    first = add_staff(actor_id)
    assert [header(one.headers, "ce_id") for one in again] == [
        header(one.headers, "ce_id") for one in first
    ]
    assert {header(one.headers, "ce_principal") for one in first} == {"system"}
    assert all(json.loads(one.value)["person_id"] == one.key.decode() for one in first)


def test_an_acceptance_is_keyed_by_the_need() -> None:
    command = accept("p-1", "n-1", "need")
    assert command.key == b"n-1"
    assert json.loads(command.value) == {"proposal_id": "p-1", "side": "need"}
    other = accept("p-1", "n-1", "offer")
    assert header(command.headers, "ce_id") != header(other.headers, "ce_id")
