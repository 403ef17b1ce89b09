"""What a refusal rests on: a change of that brings a declined pair back, another does not."""

from typing import Any

import pytest

from impulse_contracts.codes import (
    DeclineReason,
    Direction,
    Requirement,
    ResourceCategory,
    SocietalTopic,
)
from impulse_contracts.parts import CounterOffer, TeamSize, Time
from impulse_contracts.registry.listings import ListingState
from impulse_matching.domain.refusals import RESTS_ON, basis
from tests.matching.given import BOCHUM, NOW, changed, need, offer

WANTED, GIVEN = need("Streichen"), offer("Malern")
CHANGES: dict[str, dict[str, Any]] = {
    "time": {"time": Time(start=NOW)},
    "place": {"place": BOCHUM},
    "team": {"team_size": TeamSize(min=2, max=3)},
    "words": {"title": "Wände streichen"},
    "topics": {"topics": (SocietalTopic.EDUCATION_EQUITY,)},
    "requirements": {"requirements": (Requirement.DRIVING_LICENCE,)},
    "in return": {
        "counter_offers": (
            CounterOffer(title="Fotos", resource_category=ResourceCategory.CONTACTS),
        )
    },
}
BRINGS_BACK = {
    DeclineReason.NO_CAPACITY_NOW: {"time", "team"},
    DeclineReason.WRONG_SKILL: {"words"},
    DeclineReason.TOO_FAR: {"place"},
    DeclineReason.DATE_NOT_POSSIBLE: {"time"},
    DeclineReason.TOPIC_NOT_FITTING: {"words", "topics"},
    DeclineReason.SIZE_NOT_FITTING: {"team"},
    DeclineReason.REQUIREMENT_NOT_MET: {"requirements"},
    DeclineReason.NO_COUNTER_PERFORMANCE: {"in return"},
}


@pytest.mark.parametrize("reason", DeclineReason)
@pytest.mark.parametrize("change", CHANGES)
def test_what_brings_a_declined_pair_back(reason: DeclineReason, change: str) -> None:
    before = basis(WANTED.state, GIVEN.state, reason, Direction.OFFER)
    need_changed = changed(WANTED, **CHANGES[change]).state
    offer_changed = changed(GIVEN, **CHANGES[change]).state
    by_need = basis(need_changed, GIVEN.state, reason, Direction.OFFER) != before
    by_offer = basis(WANTED.state, offer_changed, reason, Direction.OFFER) != before
    if reason in BRINGS_BACK:
        expected = change in BRINGS_BACK[reason]
        assert (by_need, by_offer) == (expected, expected)
    else:
        assert (by_need, by_offer) == (True, False), "only what the other side says"


def test_who_says_the_mode_that_was_taken_for_granted_is_no_nearer() -> None:
    unsaid = changed(WANTED, place=WANTED.state.place.model_copy(update={"mode_stated": False}))
    one, other = (
        basis(each.state, GIVEN.state, DeclineReason.TOO_FAR, Direction.OFFER)
        for each in (WANTED, unsaid)
    )
    assert one == other


def test_the_reasons_are_all_considered_and_name_fields_that_there_are() -> None:
    assert BRINGS_BACK.keys() == RESTS_ON.keys()
    assert frozenset().union(*RESTS_ON.values()) <= ListingState.model_fields.keys()


@pytest.mark.parametrize("reason", DeclineReason)
def test_a_confirmation_or_a_handover_brings_nothing_back(reason: DeclineReason) -> None:
    before = basis(WANTED.state, GIVEN.state, reason, Direction.OFFER)
    again = changed(WANTED, confirmed_at=NOW, in_charge=GIVEN.state.actor_id).state
    assert basis(again, GIVEN.state, reason, Direction.OFFER) == before
