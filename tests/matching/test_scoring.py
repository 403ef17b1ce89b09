"""What a pair is worth, why, and what stands against it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given

from impulse_contracts.codes import (
    Accessibility,
    CvFormat,
    CvMode,
    Direction,
    ResourceCategory,
    SocietalTopic,
    TimeMode,
    Unit,
)
from impulse_contracts.matching import Contribution, ReasonGiven
from impulse_contracts.parts import CounterOffer, Handover, Place, Quantity, TeamSize, Time
from impulse_contracts.registry.listings import ListingPublished
from impulse_matching.domain import rules
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.rules import Criterion
from impulse_matching.domain.scoring import Scored, score
from tests.matching.given import (
    BOCHUM,
    ESSEN,
    HAMM,
    NOW,
    ONLINE,
    TODAY,
    changed,
    fitting,
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


# ---------------------------------------------------------------------------- explanation


@given(fitting(Direction.NEED) | listings(), fitting(Direction.OFFER) | listings())
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


@given(fitting(Direction.NEED) | listings(), fitting(Direction.OFFER) | listings())
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
    handed_over = changed(wanted, in_charge=uuid4(), handovers=(Handover(at=NOW),))
    for same in (confirmed, handed_over):
        assert judged(same, given_).content_hash == base.content_hash


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


def test_team_and_quantity_are_the_shares_that_the_offer_covers() -> None:
    wanted = need(
        "A", team_size=TeamSize(min=6, max=12), quantity=Quantity(value=20, unit=Unit.PIECE)
    )

    def fit(criterion: Criterion, **fields: Any) -> tuple[float, str, str]:
        return said(judged(wanted, offer("B", **fields)), criterion)

    assert fit(Criterion.TEAM_SIZE, team_size=TeamSize(min=6, max=6)) == (
        0.5556,
        "Personen: 6 bis 12 gesucht, 6 angeboten",
        "Persons: 6 to 12 wanted, 6 offered",
    )
    assert fit(Criterion.TEAM_SIZE, team_size=TeamSize(min=8, max=11))[0] == 1, "tolerated"
    assert fit(Criterion.TEAM_SIZE)[0] == RULES.unknown
    assert fit(Criterion.QUANTITY, quantity=Quantity(value=5, unit=Unit.PIECE)) == (
        0.2778,
        "Menge (Stück): 20 gesucht, 5 angeboten",
        "Quantity (pieces): 20 wanted, 5 offered",
    )
    assert fit(Criterion.QUANTITY, quantity=Quantity(value=40, unit=Unit.PIECE))[0] == 1
    assert fit(Criterion.QUANTITY, quantity=Quantity(value=40, unit=Unit.HOUR))[0] == RULES.unknown


def test_the_first_rules_score_as_they_did() -> None:
    first = rules.shipped("ruhr-1")
    wanted = need("Streichen", quantity=Quantity(value=20, unit=Unit.PIECE))
    given_ = offer("Streichen", place=BOCHUM, quantity=Quantity(value=5, unit=Unit.PIECE))
    scored = score(wanted, given_, first, TODAY)
    assert {c.criterion: c.raw for c in scored.contributions} == {
        "text": 1.0,
        "topics": 0.4,
        "distance": 0.3668,
        "capacity": 0.25,
        "time": 1.0,
        "counter_performance": 0.4,
        "freshness": 1.0,
    }
    assert scored.score == 0.64836


@pytest.mark.parametrize(
    ("fields", "other", "criterion", "raw", "de", "en"),
    [
        (
            {"skills": ["it_web", "juggling"]},
            {"skills": ["it_web", "print"]},
            Criterion.SKILLS,
            1.0,
            "Fähigkeiten: gemeinsam Webseite und IT",
            "Skills: shared website and IT",
        ),
        (
            {"topics": [SocietalTopic.SOCIAL_COHESION]},
            {"topics": [SocietalTopic.INTEGRATION_NEWCOMERS]},
            Criterion.GOALS,
            1.0,
            "Nachhaltigkeitsziele: gemeinsam weniger Ungleichheiten",
            "Sustainable development goals: shared reduced inequalities",
        ),
        (
            {"cv_format": CvFormat.HANDS_ON, "cv_mode": CvMode.SOCIAL_DAY},
            {"cv_format": CvFormat.HANDS_ON, "cv_mode": CvMode.ACTION_DAY},
            Criterion.FORMAT,
            0.5,
            "Formate: gemeinsam Hands-on: anpacken",
            "Formats: shared hands-on",
        ),
        (
            {"accessibility": [Accessibility.STEP_FREE, Accessibility.PARKING]},
            {"accessibility": [Accessibility.STEP_FREE, Accessibility.QUIET_ROOM]},
            Criterion.ACCESSIBILITY,
            0.5,
            "Barrierefreiheit: gemeinsam stufenlos",
            "Accessibility: shared step-free",
        ),
        (
            {"accessibility": [Accessibility.STEP_FREE]},
            {},
            Criterion.ACCESSIBILITY,
            0.4,
            "Barrierefreiheit: Eine Seite nennt keine",
            "Accessibility: one side names none",
        ),
    ],
)
def test_what_both_sides_name(
    fields: dict[str, Any],
    other: dict[str, Any],
    criterion: Criterion,
    raw: float,
    de: str,
    en: str,
) -> None:
    assert said(judged(need("A", **fields), offer("B", **other)), criterion) == (raw, de, en)


def test_two_who_have_agreed_before_know_each_other() -> None:
    def relation(partners: bool) -> tuple[float, str, str]:
        pair = score(need("A"), offer("B"), RULES, TODAY, partners)
        return said(pair, Criterion.PAST_RELATION)

    assert relation(True)[:2] == (1.0, "Beide haben schon etwas miteinander vereinbart")
    assert relation(False)[:2] == (0.4, "Beide sind neu füreinander")


def swapped(listing: Listing) -> Listing:
    other = Direction.OFFER if listing.is_need else Direction.NEED
    return changed(listing, direction=other, version=1)


@given(fitting(Direction.NEED), fitting(Direction.OFFER))
def test_most_criteria_do_not_ask_which_side_is_which(one: Listing, other: Listing) -> None:
    directed = {
        Criterion.TEAM_SIZE,
        Criterion.QUANTITY,
        Criterion.COUNTER_PERFORMANCE,
        Criterion.ACCESSIBILITY,
    }
    this, that = judged(one, other), judged(swapped(other), swapped(one))
    if this.blockers or that.blockers:
        return
    assert {c.criterion: c.points for c in this.contributions if c.criterion not in directed} == {
        c.criterion: c.points for c in that.contributions if c.criterion not in directed
    }


def test_time_is_the_share_of_the_duration_that_fits() -> None:
    start = datetime(2026, 12, 1, 8, tzinfo=UTC)
    wanted = need("A", time=Time(mode=TimeMode.FIXED, start=start, end=start + timedelta(hours=8)))
    half = Time(
        mode=TimeMode.FIXED, start=start + timedelta(hours=4), end=start + timedelta(hours=12)
    )
    assert said(judged(wanted, offer("B", time=half)), Criterion.TIME) == (
        0.5556,
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
