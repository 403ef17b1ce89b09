"""What stands against a pair, whatever else fits."""

from datetime import timedelta
from typing import Any
from uuid import uuid1

import pytest

from impulse_contracts.codes import (
    ListingStatus,
    PlaceMode,
    Requirement,
    ResourceCategory,
    TimeMode,
)
from impulse_contracts.parts import TeamSize, Time
from impulse_matching.domain import rules
from impulse_matching.domain.listing import Listing
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
    need,
    offer,
)


def judged(one: Listing, other: Listing) -> Scored:
    return score(one, other, rules.shipped(), TODAY)


def blockers(scored: Scored) -> list[str]:
    return [blocker.criterion for blocker in scored.blockers]


DAYS = timedelta(days=1)

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
            "Der Eintrag „A“ ist nicht offen für Vorschläge.",
            "“A” is not open to proposals.",
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
            "same_party",
            "Bedarf und Angebot stammen von derselben Organisation oder von Einrichtungen "
            "desselben Trägers.",
            "Need and offer are of the same organisation, or of units of one legal entity.",
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


@pytest.mark.parametrize(
    ("wanted", "offered", "against"),
    [
        (True, True, ["other_place"]),
        (False, True, []),
        (True, False, []),
        (False, False, []),
    ],
)
def test_a_place_mode_that_nobody_said_stands_against_nothing(
    wanted: bool, offered: bool, against: list[str]
) -> None:
    at_company = {"mode": PlaceMode.AT_COMPANY, "mode_stated": offered}
    pair = (
        need("A", place=ESSEN.model_copy(update={"mode_stated": wanted})),
        offer("B", place=ESSEN.model_copy(update=at_company)),
    )
    assert blockers(judged(*pair)) == against


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


ENDLESS = Time(mode=TimeMode.RECURRING, start=NOW, rrule="FREQ=WEEKLY;BYDAY=TU")


@pytest.mark.parametrize(
    ("fields", "de", "en"),
    [
        (
            {"time": Time(mode=TimeMode.WINDOW, start=NOW + DAYS, end=NOW)},
            "die Zeit endet, bevor sie beginnt",
            "its time ends before it begins",
        ),
        (
            {"team_size": TeamSize.model_construct(min=0, max=0)},
            "die Teamgröße ist keine",
            "its team size is none",
        ),
        (
            {"place": ESSEN.model_copy(update={"max_distance_km": -1})},
            "der Umkreis ist negativ",
            "its radius is below zero",
        ),
        (
            {"time": ENDLESS},
            "die Wiederholung hat kein Ende",
            "its recurrence has no end",
        ),
        (
            {"time": ENDLESS.model_copy(update={"rrule": "FREQ=SOMETIMES"})},
            "die Wiederholung ist keine Regel",
            "its recurrence is no rule",
        ),
        (
            {"time": Time(duration_hours=-1)},
            "die Dauer ist keine",
            "its duration is none",
        ),
    ],
)
def test_what_cannot_be_matches_nothing_and_says_why(
    fields: dict[str, Any], de: str, en: str
) -> None:
    wrong = changed(need("A"), **fields)
    assert not wrong.is_open
    [blocker] = judged(wrong, offer("B")).blockers
    assert blocker.de == f"Der Eintrag „A“ ist nicht möglich: {de}."
    assert blocker.en == f"“A” is not possible: {en}."


@pytest.mark.parametrize(
    "end",
    [
        {"valid_until": TODAY + 90 * DAYS},
        {"time": ENDLESS.model_copy(update={"end": NOW + 90 * DAYS})},
        {"time": ENDLESS.model_copy(update={"rrule": "FREQ=WEEKLY;COUNT=10"})},
    ],
)
def test_a_recurrence_that_ends_in_any_way_is_matched(end: dict[str, Any]) -> None:
    assert changed(need("A", time=ENDLESS), **end).is_open


def test_units_of_one_legal_entity_do_not_match() -> None:
    carrier = need("Träger").state.actor_id
    first, second = need("A"), offer("B")
    pairs = [
        (Listing(first.state, carrier), Listing(second.state, carrier)),
        (Listing(first.state, second.state.actor_id), second),
        (first, Listing(second.state, first.state.actor_id)),
    ]
    for one, other in pairs:
        assert blockers(judged(one, other)) == ["same_party"]


def test_ids_that_one_machine_made_are_not_one_party() -> None:
    """The second half of an id of version 1 names the machine."""
    actors = uuid1(node=1, clock_seq=1), uuid1(node=1, clock_seq=1)
    wanted, given = need("A", actor_id=actors[0]), offer("B", actor_id=actors[1])
    assert blockers(judged(wanted, given)) == []
