"""Reports one after the other: what is counted in each adds up to what one over all of them has."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_booking.app import service
from impulse_booking.domain.report import cooperation_figures as figures
from impulse_booking.domain.report.cooperations import Cooperations
from impulse_booking.domain.report.evidence import Evidence, Life, Noun, Period
from impulse_booking.domain.report.known import Known
from impulse_contracts.booking.agreements import DraftAgreement, SignAgreement
from impulse_contracts.booking.cooperations import (
    AgreementDrafted,
    CooperationAgreed,
    CooperationCancelled,
    CooperationEntered,
    CooperationEvaluated,
    CooperationNotRedeemed,
    CooperationWithdrawn,
    DeliveryDecided,
    DeliveryReported,
)
from impulse_contracts.booking.deliveries import DecideDelivery, PlanDelivery, ReportDelivery
from tests.booking.cooperating import PHONE, TERMS, CooperationWorld, entry, said
from tests.booking.programme import ident, organisation
from tests.booking.reporting import ReportWorld, figure, values

BEGINS, DAYS = date(2027, 1, 1), 400
KINDS = (
    *(AgreementDrafted, CooperationAgreed, CooperationAgreed, CooperationCancelled),
    *(CooperationEvaluated, CooperationNotRedeemed, CooperationWithdrawn),
    *(DeliveryDecided, DeliveryReported),
)
STATES = ("agreed", "preparing", "evaluating", "completed", "not_redeemed")

SAYS = st.fixed_dictionaries(
    {
        "need_actor": st.just("need"),
        "offer_actor": st.just("offer"),
        "topics": st.lists(st.sampled_from(("social_cohesion", "climate_impact")), unique=True),
        "state": st.sampled_from(STATES),
        "mode": st.sampled_from((None, "social_day", "mentoring")),
        "method": st.sampled_from((None, "own_estimate", "market_price")),
        "value": st.sampled_from((None, 0, 300, 1200)),
        "edition": st.just("market"),
        "reason": st.sampled_from((None, "other")),
        "redeemed": st.booleans(),
        "persons": st.sampled_from((None, 0, 3, 8)),
        "hours": st.sampled_from((None, 0, 6.1, 30)),
    }
)


@st.composite
def lives(draw: st.DrawFn) -> list[Evidence]:
    """What was said of a cooperation, in order; some was long on its way."""
    said = draw(st.lists(st.tuples(st.sampled_from(KINDS), SAYS), min_size=1, max_size=8))
    kinds = [CooperationEntered, *(kind for kind, _ in said[1:])]
    start = datetime(2026, 12, 1, tzinfo=UTC)
    hours = [draw(st.integers(0, 24 * (DAYS + 40))) for _ in said]
    return [
        Evidence(str(number), kind.ce_type, number, start + timedelta(hours=at), False, says)
        for number, (kind, (_, says), at) in enumerate(zip(kinds, said, hours, strict=True), 1)
    ]


def counted(of: list[list[Evidence]], period: Period) -> dict[tuple[str, ...], Fraction]:
    """All rows of figures that add up, and how many agreements were looked at after months."""
    group = Cooperations(Known(), period)
    for number, evidence in enumerate(of):
        life = Life(str(number), evidence, period.start, period.end)
        if life.all:
            group.see(Noun.COOPERATION, life)
    found: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    for tally in group.tallies():
        what = tally.definition
        for key, value in tally.values():
            if what.adds_up:
                found[what.name, *key] += value
            elif what is figures.DUE:
                found[what.name, key[0]] += value
    return {key: value for key, value in found.items() if value}


@given(
    of=st.lists(lives(), min_size=1, max_size=4),
    ends=st.sets(st.integers(1, DAYS - 1), max_size=5),
)
def test_consecutive_periods_add_up_to_the_whole(of, ends):
    """Each thing counts once, wherever time is divided, and whatever is said again or late."""
    bounds = [0, *sorted(ends), DAYS]
    days = [BEGINS + timedelta(days=each) for each in bounds]
    parts: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    for begins, after in pairwise(days):
        for key, value in counted(of, Period(begins, after - timedelta(days=1))).items():
            parts[key] += value
    whole = counted(of, Period(BEGINS, days[-1] - timedelta(days=1)))
    assert {key: value for key, value in parts.items() if value} == whole


# ------------------------------------------------------------------ as it is said and done


class World(CooperationWorld, ReportWorld):
    """Two organisations that work together, and reports on it."""

    def signed(self, **fields: Any) -> UUID:
        """An agreement."""
        terms = {"terms": TERMS, "signing": {"on_behalf": PHONE}, **fields}
        return UUID(self.accepted(entry(**terms)).aggregate_id)

    def told(self, kind: Any, key: UUID, **what: Any) -> None:
        """A side says how it was; one that says nothing else, that it was done."""
        self.accepted(said(kind, key, **{"outcome": "done", **what}))

    def totals(self, name: str, *bounds: date) -> list[float | None]:
        """A figure in periods one after the other, and in all of them together."""
        days = [*pairwise(bounds), (bounds[0], bounds[-1])]
        return [
            figure(self.cut(begins, after - timedelta(days=1)), name).total
            for begins, after in days
        ]


@pytest.fixture
def world(engine_of):
    return World(engine_of(service))


NOVEMBER, JANUARY, MARCH, MAY = (
    *(date(2026, 11, 1), date(2027, 1, 1)),
    *(date(2027, 3, 1), date(2027, 5, 1)),
)


def test_hours_count_when_they_are_approved_and_later_words_by_the_difference(world):
    key = world.signed()
    world.told(ReportDelivery, key, side="offer", persons=8, hours=56.0)
    world.advance(timedelta(days=50))
    world.told(DecideDelivery, key, side="need", persons=8, hours=56.0)
    world.advance(timedelta(days=50))
    world.told(DecideDelivery, key, side="need", persons=20, hours=50.0)
    world.advance(timedelta(days=100))
    bounds = (NOVEMBER, JANUARY, MARCH, MAY)
    assert world.totals("hours_delivered", *bounds) == [0, 56, -6, 50]
    assert world.totals("volunteers_by_format", *bounds) == [0, 8, 12, 20]


def test_persons_count_where_nobody_said_for_how_long(world):
    one, other, few = world.signed(), world.signed(), world.signed()
    for key in (one, other, few):
        world.told(ReportDelivery, key, side="offer")
    world.told(DecideDelivery, one, side="need", persons=8)
    world.advance(timedelta(days=60))
    report = world.cut()
    assert (figure(report, "volunteers").total, figure(report, "hours_delivered").total) == (8, 0)
    # The hours of two persons are not told, though there were ten of them.
    world.told(DecideDelivery, other, side="need", persons=2, hours=11.0)
    world.advance(timedelta(days=60))
    report = world.cut(NOVEMBER, date(2027, 2, 28))
    assert figure(report, "volunteers").total == 10
    assert figure(report, "hours_delivered").hidden
    assert figure(report, "hours_delivered").total is None


def test_the_value_is_that_of_the_terms_that_both_signed_last(world):
    key = world.signed()
    world.accepted(said(DraftAgreement, key, terms={**TERMS, "estimated_value_eur": 900_000}))
    world.advance(timedelta(days=60))
    anew = {**TERMS, "estimated_value_eur": 500, "value_method": "market_price"}
    world.accepted(said(DraftAgreement, key, terms=anew))
    for side in ("need", "offer"):
        world.accepted(said(SignAgreement, key, side=side, on_behalf=PHONE))
    world.advance(timedelta(days=60))
    assert world.totals("estimated_value", NOVEMBER, JANUARY, MARCH) == [1200, -700, 500]
    assert world.totals("agreements", NOVEMBER, JANUARY, MARCH) == [1, 0, 1]
    whole = world.cut(NOVEMBER, date(2027, 2, 28))
    assert values(whole, "estimated_value") == {("market_price",): 500}


@pytest.mark.parametrize(("on", "redeemed"), [(None, 1), ("2027-02-20", 1), (MARCH, 0)])
def test_what_was_carried_out_in_time_is_redeemed_whenever_it_is_reported(world, on, redeemed):
    """Agreed on 24 November, so that three months end on 24 February."""
    key = world.signed()
    if on is None:
        starts = world.now + timedelta(days=60)
        dates = [{"starts": starts, "ends": starts + timedelta(hours=7)}]
        world.accepted(said(PlanDelivery, key, dates=dates))
    world.advance(timedelta(days=100))
    told = {"on_behalf": {"channel": "phone", "on": on}} if on else {}
    world.told(ReportDelivery, key, side="offer", **told)
    world.advance(timedelta(days=30))
    # When the three months were over nobody knew of it; a report keeps to what was known.
    assert values(world.cut(NOVEMBER, date(2027, 2, 28)), "redemption_rate") == {("03",): 0}
    report = world.cut(NOVEMBER, date(2027, 3, 31))
    assert values(report, "redemption_rate") == {("03",): redeemed}


def test_who_works_with_an_example_does_not_count(world):
    world.say(organisation("example", kind="company", actor_type="company_small", example=True))
    world.settle()
    world.signed()
    world.signed(offer_actor_id=ident("example"))
    world.advance(timedelta(days=60))
    assert figure(world.cut(), "agreements").total == 1
