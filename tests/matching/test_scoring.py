"""What a pair is worth, why, and what stands against it."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from impulse_contracts.codes import (
    ListingStatus,
    Requirement,
    ResourceCategory,
    SocietalTopic,
    TimeMode,
    Unit,
)
from impulse_contracts.matching import Contribution, ReasonGiven
from impulse_contracts.parts import CounterOffer, Place, Quantity, TeamSize, Time
from impulse_contracts.registry import ListingPublished
from impulse_matching.domain import rules
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.rules import Criterion, RuleSet
from impulse_matching.domain.scoring import Scored, score
from tests.matching.given import (
    BOCHUM,
    ESSEN,
    ESSEN_WEST,
    HAMM,
    NOW,
    NOWHERE,
    ONLINE,
    TODAY,
    changed,
    listings,
    need,
    offer,
)

RULES = rules.shipped()
DAYS = timedelta(days=1)


def judged(one: Listing, other: Listing, day: date = TODAY) -> Scored:
    return score(one, other, RULES, day)


def said(scored: Scored, criterion: Criterion) -> tuple[float, str, str]:
    found = next(c for c in scored.contributions if c.criterion == criterion)
    return found.raw, found.de, found.en


def blockers(scored: Scored) -> list[str]:
    return [blocker.criterion for blocker in scored.blockers]


# ---------------------------------------------------------------------------- explanation


@given(listings(), listings())
def test_explanations_add_up_to_the_score(one: Listing, other: Listing) -> None:
    scored = judged(one, other)
    assert 0 <= scored.score <= 1
    assert scored.score == pytest.approx(sum(c.points for c in scored.contributions), abs=1e-9)
    assert bool(scored.contributions) != bool(scored.blockers)
    for contribution in scored.contributions:
        assert 0 <= contribution.raw <= 1
        assert contribution.points == pytest.approx(
            contribution.raw * contribution.weight, abs=1e-6
        )
    sentences: list[Contribution | ReasonGiven] = [*scored.contributions, *scored.reasons]
    for sentence in [*sentences, *scored.blockers]:
        assert sentence.de.strip() and sentence.en.strip()
        assert "{" not in sentence.de + sentence.en
        assert "nan" not in sentence.de.lower().split()


@given(listings(), listings())
def test_recomputing_from_what_was_stored_gives_the_same(one: Listing, other: Listing) -> None:
    def stored(listing: Listing) -> Listing:
        return Listing(ListingPublished.model_validate_json(listing.state.model_dump_json()))

    first, second = judged(one, other), judged(stored(one), stored(other))
    assert (first.score, first.contributions, first.reasons, first.blockers) == (
        second.score,
        second.contributions,
        second.reasons,
        second.blockers,
    )
    assert first.inputs_hash == second.inputs_hash


def test_the_hash_of_the_inputs_is_that_of_all_of_them() -> None:
    wanted, given_ = need("Streichen"), offer("Malern")
    base = judged(wanted, given_)
    confirmed = changed(wanted, confirmed_at=NOW - 3 * DAYS)
    hashes = {
        base.inputs_hash,
        judged(changed(wanted, title="Tapezieren"), given_).inputs_hash,
        judged(confirmed, given_).inputs_hash,
        judged(wanted, given_, TODAY + DAYS).inputs_hash,
        score(wanted, given_, RULES.model_copy(update={"version": "x"}), TODAY).inputs_hash,
    }
    assert len(hashes) == 5
    assert judged(changed(wanted), given_).inputs_hash == base.inputs_hash
    assert judged(confirmed, given_).content_hash == base.content_hash


# ------------------------------------------------------------------------------- criteria


@pytest.mark.parametrize(
    ("place", "raw", "de", "en"),
    [
        (ESSEN, 1.0, "0 km entfernt", "0 km away"),
        (BOCHUM, 0.3668, "14,5 km entfernt", "14.5 km away"),
    ],
)
def test_distance_halves_every_ten_kilometres(place: Place, raw: float, de: str, en: str) -> None:
    scored = judged(need("A"), offer("B", place=place))
    assert said(scored, Criterion.DISTANCE) == (raw, de, en)


def test_online_on_both_sides_is_no_distance_and_on_one_is_to_be_clarified() -> None:
    both = said(judged(need("A", place=ONLINE), offer("B", place=ONLINE)), Criterion.DISTANCE)
    one = said(judged(need("A", place=HAMM), offer("B", place=ONLINE)), Criterion.DISTANCE)
    assert both[0] == 1 and "Beide arbeiten online" in both[1]
    assert one[0] == RULES.unknown and "zu klären" in one[1]


def test_topics_count_by_the_side_that_has_fewer() -> None:
    education, climate = SocietalTopic.EDUCATION_EQUITY, SocietalTopic.CLIMATE_IMPACT
    cohesion = SocietalTopic.SOCIAL_COHESION
    wanted = need("A", topics=(education, climate))

    def topics(*codes: SocietalTopic) -> tuple[float, str, str]:
        return said(judged(wanted, offer("B", topics=codes)), Criterion.TOPICS)

    assert topics(education) == (
        1.0,
        "Gemeinsames Thema: gerechte Bildungschancen",
        "Shared topic: fair educational opportunity",
    )
    assert topics(climate, education)[1] == (
        "Gemeinsame Themen: gerechte Bildungschancen und Folgen des Klimawandels mildern"
    )
    assert topics(cohesion) == (0.0, "Kein gemeinsames Thema", "No topic in common")
    assert topics() == (RULES.unknown, "Eine Seite nennt kein Thema", "One side names no topic")


def test_capacity_is_the_share_that_the_offer_covers() -> None:
    wanted = need(
        "A", team_size=TeamSize(min=6, max=12), quantity=Quantity(value=20, unit=Unit.PIECE)
    )

    def capacity(**fields: Any) -> tuple[float, str, str]:
        return said(judged(wanted, offer("B", **fields)), Criterion.CAPACITY)

    assert capacity(team_size=TeamSize(min=8, max=9)) == (
        0.75,
        "6 bis 12 Personen gesucht, 8 bis 9 angeboten",
        "6 to 12 persons wanted, 8 to 9 offered",
    )
    assert capacity(quantity=Quantity(value=5, unit=Unit.PIECE))[:2] == (
        0.25,
        "20 Stück gesucht, 5 angeboten",
    )
    assert capacity(quantity=Quantity(value=40, unit=Unit.PIECE))[0] == 1
    assert capacity(quantity=Quantity(value=40, unit=Unit.HOUR))[0] == RULES.unknown


def test_time_is_the_share_of_the_duration_that_fits() -> None:
    start = datetime(2026, 12, 1, 8, tzinfo=UTC)
    wanted = need("A", time=Time(mode=TimeMode.FIXED, start=start, end=start + timedelta(hours=8)))
    half = Time(
        mode=TimeMode.FIXED, start=start + timedelta(hours=4), end=start + timedelta(hours=12)
    )
    assert said(judged(wanted, offer("B", time=half)), Criterion.TIME) == (
        0.5,
        "Beide können am 01.12.2026",
        "Both can on 1 December 2026",
    )
    anytime = said(judged(need("A"), offer("B")), Criterion.TIME)
    assert anytime == (1.0, "Beide sind zeitlich offen", "Both are open in time")


def test_a_night_shift_over_midnight_is_one_date() -> None:
    evening = datetime(2026, 12, 4, 18, tzinfo=UTC)
    night = Time(mode=TimeMode.FIXED, start=evening, end=evening + timedelta(hours=8))
    raw, de, _ = said(judged(need("A", time=night), offer("B", time=night)), Criterion.TIME)
    assert (raw, de) == (1.0, "Beide können vom 04.12.2026 bis 05.12.2026")


def test_a_return_counts_when_the_other_side_has_use_for_it() -> None:
    photos = CounterOffer(title="Fotos und Bericht", resource_category=ResourceCategory.CONTACTS)
    room = CounterOffer(title="Ein Raum", resource_category=ResourceCategory.MEANS)

    def returns(gives: list[CounterOffer], wishes: list[CounterOffer]) -> tuple[float, str, str]:
        pair = need("A", counter_offers=gives), offer("B", counter_offers=wishes)
        return said(judged(*pair), Criterion.COUNTER_PERFORMANCE)

    assert returns([photos], []) == (
        1.0,
        "Gegenleistung: Fotos und Bericht",
        "In return: Fotos und Bericht",
    )
    assert returns([photos, room], [room])[:2] == (1.0, "Gegenleistung: Fotos und Bericht (+ 1)")
    assert returns([photos], [room])[0] == 0
    assert returns([], [room])[0] == 0
    assert returns([], [])[0] == RULES.unknown


def test_freshness_falls_with_the_older_confirmation() -> None:
    def fresh(days: int) -> tuple[float, str, str]:
        return said(
            judged(need("A"), offer("B", confirmed_at=NOW - days * DAYS)), Criterion.FRESHNESS
        )

    assert fresh(14)[0] == 1
    assert fresh(52)[0] == 0.5
    assert fresh(200) == (0.0, "Zuletzt bestätigt am 08.05.2026", "Last confirmed on 8 May 2026")


def test_reasons_are_what_speaks_for_the_pair() -> None:
    scored = judged(need("Beete anlegen"), offer("Laptops", place=BOCHUM))
    assert [reason.criterion for reason in scored.reasons] == ["time", "freshness"]


# ------------------------------------------------------------------------------- blockers

PAST = Time(mode=TimeMode.FIXED, start=NOW - 3 * DAYS, end=NOW - 2 * DAYS)
DECEMBER = Time(mode=TimeMode.WINDOW, start=NOW + 10 * DAYS, end=NOW + 20 * DAYS)
JANUARY = Time(mode=TimeMode.WINDOW, start=NOW + 40 * DAYS, end=NOW + 50 * DAYS)


@pytest.mark.parametrize(
    ("wanted", "offered", "blocker", "de", "en"),
    [
        (
            {"status": ListingStatus.CLOSED},
            {},
            "not_open",
            "Der Eintrag „A“ ist nicht offen.",
            "“A” is not open.",
        ),
        (
            {},
            {"resource_category": ResourceCategory.MINDS},
            "other_category",
            "Gesucht: helfende Hände; angeboten: helfende Köpfe.",
            "Wanted: helping hands; offered: helping minds.",
        ),
        (
            {},
            {"example": False},
            "example",
            "Beispiele werden nur mit Beispielen zusammengebracht.",
            "Examples are matched with examples only.",
        ),
        (
            {},
            {"actor_id": need("A").state.actor_id},
            "same_actor",
            "Bedarf und Angebot stammen von derselben Organisation.",
            "Need and offer are of the same organisation.",
        ),
        (
            {"valid_until": TODAY - DAYS},
            {},
            "not_valid",
            "Ein Eintrag galt nur bis 23.11.2026.",
            "A listing was valid until 23 November 2026 only.",
        ),
        (
            {},
            {"time": PAST},
            "in_the_past",
            "Der Termin ist vorbei: 22.11.2026.",
            "The date is past: 22 November 2026.",
        ),
        (
            {"time": DECEMBER},
            {"time": JANUARY},
            "dates_apart",
            "Die Zeiten überschneiden sich nicht: gesucht vom 04.12.2026 bis 14.12.2026, "
            "angeboten vom 03.01.2027 bis 13.01.2027.",
            "The times do not overlap: wanted from 4 December 2026 to 14 December 2026, "
            "offered from 3 January 2027 to 13 January 2027.",
        ),
        (
            {"place": NOWHERE},
            {},
            "not_located",
            "Ein Ort ist nicht bekannt, und keine der beiden Seiten arbeitet online.",
            "A place is not known, and neither side works online.",
        ),
        (
            {"place": ESSEN.model_copy(update={"max_distance_km": 10})},
            {"place": BOCHUM.model_copy(update={"max_distance_km": 30})},
            "too_far",
            "14,5 km entfernt, höchstens 10 km sind möglich.",
            "14.5 km away, at most 10 km are possible.",
        ),
        (
            {},
            {"place": HAMM},
            "too_far",
            "60,9 km entfernt, höchstens 50 km sind möglich.",
            "60.9 km away, at most 50 km are possible.",
        ),
        (
            {"team_size": TeamSize(min=6, max=12)},
            {"team_size": TeamSize(min=2, max=5)},
            "team_size",
            "Die Teamgröße passt nicht: gesucht 6 bis 12 Personen, angeboten 2 bis 5.",
            "The team size does not fit: 6 to 12 persons wanted, 2 to 5 offered.",
        ),
        (
            {"requirements": (Requirement.DRIVING_LICENCE, Requirement.PHOTO_CONSENT)},
            {"requirements": (Requirement.SAFETY_INSTRUCTION,)},
            "requirement_missing",
            "Das Angebot bringt nicht mit: Führerschein.",
            "The offer does not bring: driving licence.",
        ),
    ],
)
def test_what_stands_against_a_pair(
    wanted: dict[str, Any], offered: dict[str, Any], blocker: str, de: str, en: str
) -> None:
    scored = judged(need("A", **wanted), offer("B", **offered))
    assert [(b.criterion, b.de, b.en) for b in scored.blockers] == [(blocker, de, en)]
    assert scored.score == 0


def test_two_of_a_kind_do_not_match() -> None:
    assert blockers(judged(need("A"), need("B"))) == ["same_direction"]


@pytest.mark.parametrize(
    ("wanted", "offered"),
    [
        ({"time": DECEMBER}, {"time": JANUARY.model_copy(update={"flexibility_days": 21})}),
        ({"place": NOWHERE}, {"place": ONLINE}),
        ({"place": HAMM.model_copy(update={"max_distance_km": 70})}, {"place": ESSEN_WEST}),
        ({"requirements": (Requirement.DRIVING_LICENCE,)}, {}),
        ({"team_size": TeamSize(min=6, max=12)}, {}),
        ({"valid_until": TODAY}, {"valid_until": TODAY}),
    ],
)
def test_what_does_not_stand_against_a_pair(
    wanted: dict[str, Any], offered: dict[str, Any]
) -> None:
    assert blockers(judged(need("A", **wanted), offer("B", **offered))) == []


def test_a_window_that_ends_before_it_begins_matches_nothing() -> None:
    wrong = Time(mode=TimeMode.WINDOW, start=NOW + 20 * DAYS, end=NOW + 10 * DAYS)
    assert blockers(judged(need("A", time=wrong), offer("B"))) == ["dates_apart"]


# ---------------------------------------------------------------------------------- rules


def test_the_shipped_rules_are_whole() -> None:
    assert RULES.version == "ruhr-1"
    assert sum(RULES.weights.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"weights": {**RULES.weights, Criterion.TEXT: 0.5}}, "add up to 1.2"),
        ({"weights": {Criterion.TEXT: 1.0}}, "nothing is said about topics, distance"),
        ({"weights": dict(RULES.weights) | {"luck": 0.0}}, "weights.luck"),
        ({"unknown": 2}, "unknown"),
        ({"distance": {"half_km": 0, "reach_km": 50}}, "distance.half_km"),
        ({"freshness": {"fresh_days": 90, "stale_days": 14}}, "more than fresh_days"),
        ({"brought_along": ["courage"]}, "brought_along"),
        ({"fairness": 1}, "fairness"),
    ],
)
def test_rules_with_a_fault_are_refused_with_its_path(change: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        RuleSet.model_validate({**json.loads(RULES.model_dump_json()), **change})
    paths = [
        f"{'.'.join(str(part) for part in error['loc'])} {error['msg']}"
        for error in refusal.value.errors()
    ]
    assert any(fault in path for path in paths), paths
