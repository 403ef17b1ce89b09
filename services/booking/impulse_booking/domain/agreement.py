"""The agreement of a cooperation: what it lacks, who signed it, and when it is agreed."""

from datetime import date
from typing import Any
from uuid import UUID

from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.domain.days import day_of, morning_of
from impulse_booking.domain.steps import AT_MOST, Said, demand_near, take
from impulse_booking.domain.texts import demand_no_contact
from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.booking.agreements import Signature, Terms
from impulse_contracts.booking.cooperation_codes import AgreementGap, CooperationStep
from impulse_contracts.codes import CooperationState, CvMode, Direction
from impulse_contracts.reasons import Reason
from impulse_contracts.types import blank


class AgreementSeries(Aggregate, key="series"):
    """How many agreements of a series have a number: each has its own, and none is left out."""

    series: str
    last: int = 0

    def next(self) -> "AgreementSeries":
        """The series with one more."""
        return self.evolve(last=self.last + 1)

    @property
    def number(self) -> str:
        """The number that was given last."""
        return f"{self.series}-{self.last}"


def gaps(terms: Terms) -> tuple[AgreementGap, ...]:
    """What terms lack to be complete."""
    lacking = {
        AgreementGap.PERFORMANCE: blank(terms.performance),
        AgreementGap.REDEEM_BY: terms.redeem_by is None,
        AgreementGap.VALUE_METHOD: terms.estimated_value_eur is not None
        and terms.value_method is None,
    }
    return tuple(gap for gap, lacks in lacking.items() if lacks)


def draft(
    cooperation: Cooperation, said: Said, terms: Terms, format: CvMode | None = None
) -> Cooperation:
    """The terms are to be these; nobody has signed them yet. What was done meanwhile is evaluated
    nevertheless. Refuses a last day that is over, or more than `AT_MOST` months ahead."""
    for text, field in (
        (terms.performance, ("Leistung", "performance")),
        (terms.counter_performance, ("Gegenleistung", "counter-performance")),
    ):
        demand_no_contact(text, field)
    if terms.redeem_by is not None:
        demand_near(terms.redeem_by, said.at, AT_MOST)
    evaluating = cooperation.state is CooperationState.EVALUATING
    return take(
        cooperation,
        CooperationStep.DRAFTED,
        said,
        None if evaluating else CooperationState.NEGOTIATING,
        terms=terms,
        format=format or cooperation.format,
        missing=gaps(terms),
        signatures=(),
        redeem_by=terms.redeem_by or cooperation.redeem_by,
    )


def sign(
    cooperation: Cooperation,
    said: Said,
    side: Direction,
    person_id: UUID | None,
    number: str,
    *,
    on_both_sides: bool = False,
) -> Cooperation:
    """A side agrees to the terms. When both have, it is agreed, under the number that it had
    before or else this one, and as of the day on which both had; what was done while they were
    drafted anew is evaluated nevertheless.

    Refuses with `agreement_incomplete` terms that lack something. That whoever signs belongs to
    both organisations is a warning and hinders nothing.
    """
    evaluating = cooperation.state is CooperationState.EVALUATING
    if cooperation.missing and (evaluating or cooperation.state is CooperationState.NEGOTIATING):
        raise Refused(Reason.AGREEMENT_INCOMPLETE, detail=_named(cooperation.missing))
    signature = Signature(
        side=side,
        person_id=person_id,
        at=said.at,
        on_behalf=said.on_behalf,
        on_both_sides=on_both_sides,
    )
    others = _others(cooperation, side)
    changes: dict[str, Any] = {"signatures": (*others, signature)}
    state = None
    if others:
        planned = bool(cooperation.dates)
        state = CooperationState.PREPARING if planned else CooperationState.AGREED
        day = day_of_agreement(cooperation, said, side)
        at = said.at if day == day_of(said.at) else morning_of(day)
        changes["number"] = cooperation.number or number
        changes["agreed_at"] = cooperation.agreed_at or at
    if evaluating:
        state = None
    return take(cooperation, CooperationStep.SIGNED, said, state, **changes)


def day_of_agreement(cooperation: Cooperation, said: Said, side: Direction) -> date:
    """The day on which all have signed who have, when this side does: a broker may record it on
    another one."""
    others = (Said(each.at, on_behalf=each.on_behalf) for each in _others(cooperation, side))
    return max(each.on for each in (said, *others))


def _others(cooperation: Cooperation, side: Direction) -> tuple[Signature, ...]:
    return tuple(each for each in cooperation.signatures if each.side != side)


def _named(lacks: tuple[AgreementGap, ...]) -> tuple[str, str]:
    """What is missing, in both languages."""
    return ", ".join(each.de for each in lacks), ", ".join(each.en for each in lacks)
