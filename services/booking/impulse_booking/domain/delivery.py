"""How a cooperation is carried out: dates, what both sides report, what stands, how good it was."""

from datetime import datetime
from itertools import pairwise
from typing import Any

from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.domain.days import day_of, written
from impulse_booking.domain.next_action import approves, approving, undecided
from impulse_booking.domain.preparation import checklist
from impulse_booking.domain.redemption import checked_anew
from impulse_booking.domain.steps import AT_MOST, Said, demand_near, take
from impulse_chassis.aggregate import Refused
from impulse_contracts.booking.cooperation_codes import CooperationStep, DeliveryOutcome
from impulse_contracts.booking.deliveries import (
    DecideDelivery,
    DeliveryDate,
    DeliveryReport,
    EvaluateCooperation,
    Evaluation,
    ReportDelivery,
)
from impulse_contracts.codes import CooperationState
from impulse_contracts.reasons import Reason


def plan(cooperation: Cooperation, said: Said, dates: tuple[DeliveryDate, ...]) -> Cooperation:
    """They come together at these dates. One that has begun goes on where it is named again; which
    is not named any more did not take place. What was reported of others before is void; but what
    was done by then stands, and what is left of it gets these dates.

    Refuses as `_demand_decided`, with `time_in_past` what is new and begins before now, with
    `ends_before_it_begins`, and with `date_too_far` what is more than `AT_MOST` months ahead.
    """
    _demand_decided(cooperation)
    begun = {each.starts for each in cooperation.dates if each.starts <= said.at}
    for each in dates:
        if each.ends <= each.starts:
            raise Refused(Reason.ENDS_BEFORE_IT_BEGINS)
        if each.starts <= said.at and each.starts not in begun:
            raise Refused(Reason.TIME_IN_PAST)
        if each.starts > said.at:
            demand_near(day_of(each.ends), said.at, AT_MOST)
    in_order = tuple(sorted(dates, key=lambda each: each.starts))
    first = in_order[0].starts
    goes_on = first in begun
    void: dict[str, Any] = {} if cooperation.redeemed_at else {"reports": (), "decision": None}
    return take(
        cooperation,
        CooperationStep.PLANNED,
        said,
        _once_signed(
            cooperation, CooperationState.IN_DELIVERY if goes_on else CooperationState.PREPARING
        ),
        dates=in_order,
        checklist=cooperation.checklist
        if goes_on
        else checklist(cooperation, day_of(first), day_of(said.at)),
        **void,
    )


def start(cooperation: Cooperation, now: datetime) -> Cooperation:
    """The first date has come."""
    return take(cooperation, CooperationStep.STARTED, Said(now), CooperationState.IN_DELIVERY)


def report(
    cooperation: Cooperation, said: Said, command: ReportDelivery, *, on_both_sides: bool = False
) -> Cooperation:
    """A side says what happened; what the other one said stands beside it.

    What was done is evaluated. What was not done, as far as anybody says, needs another date. It
    stays decided that it was done, whatever a side says after that; that it was not is void, with
    what both had reported by then, as what is said now is of another time.

    Refuses with `not_begun` what is said to be done before its first date.
    """
    own = _report(said, command, on_both_sides)
    begins = cooperation.dates[0].starts if cooperation.dates else said.at
    if _is_done(own) and said.at < begins:
        raise Refused(Reason.NOT_BEGUN, detail=written(begins))
    decision = cooperation.decision
    stands = decision if decision is not None and _is_done(decision) else None
    known = cooperation.reports if decision is stands else ()
    reports = (*(each for each in known if each.side != own.side), own)
    done = stands is not None or any(_is_done(each) for each in reports)
    return _stand(
        cooperation, CooperationStep.REPORTED, said, done, own, reports=reports, decision=stands
    )


def decide(
    cooperation: Cooperation, said: Said, command: DecideDelivery, *, on_both_sides: bool = False
) -> Cooperation:
    """The approving side says what stands. Refuses with `not_approving` the other one.

    When what was left had got a date, that this was not done leaves what stood before. That whoever
    says so belongs to both organisations is a warning and hinders nothing.
    """
    waits = cooperation.state is CooperationState.EVALUATING
    if waits and command.side is not approving(cooperation.reports):
        raise Refused(Reason.NOT_APPROVING)
    own = decision = _report(said, command, on_both_sides)
    stood = cooperation.decision
    if stood is not None and not _is_done(own) and _had_a_rest(cooperation):
        by = {name: getattr(own, name) for name in ("side", "at", "on_behalf", "on_both_sides")}
        decision = stood.model_copy(update=by)
    done = _is_done(decision)
    return _stand(cooperation, CooperationStep.DECIDED, said, done, own, decision=decision)


def evaluate(cooperation: Cooperation, said: Said, command: EvaluateCooperation) -> Cooperation:
    """A side says how good it was; said again, it replaces what it said before."""
    own = Evaluation(
        side=command.side,
        at=said.at,
        structure=command.structure,
        process=command.process,
        result=command.result,
        again=command.again,
        on_behalf=said.on_behalf,
    )
    others = tuple(each for each in cooperation.evaluations if each.side != own.side)
    return take(cooperation, CooperationStep.EVALUATED, said, evaluations=(*others, own))


def complete(cooperation: Cooperation, said: Said) -> Cooperation:
    """It is over. Refuses a side as `_demand_decided`; brokers, for themselves, end what nobody
    decides, too."""
    if said.side is not None:
        _demand_decided(cooperation)
    return take(cooperation, CooperationStep.COMPLETED, said, CooperationState.COMPLETED)


def go_on(cooperation: Cooperation, said: Said) -> Cooperation:
    """It goes on as a lasting partnership. Refuses as `complete`."""
    if said.side is not None:
        _demand_decided(cooperation)
    return take(cooperation, CooperationStep.CONTINUED, said, CooperationState.CONTINUED)


def _demand_decided(cooperation: Cooperation) -> None:
    """Refuses with `not_decided` what comes before it stands what was done: hours that nobody
    confirmed count nowhere, and what is reported of another date would take their place."""
    if cooperation.state is CooperationState.EVALUATING and undecided(cooperation):
        who = approves(cooperation.reports)
        raise Refused(Reason.NOT_DECIDED, detail=(who.de, who.en))


def _had_a_rest(cooperation: Cooperation) -> bool:
    """Whether a date was found for what was left of what had been decided to be done."""
    return any(
        before.state == CooperationState.EVALUATING and step.step == CooperationStep.PLANNED
        for before, step in pairwise(cooperation.steps)
    )


def _report(
    said: Said, command: ReportDelivery | DecideDelivery, on_both_sides: bool
) -> DeliveryReport:
    """What a side says. Refuses with `reason_missing` what was not done for no reason."""
    if command.outcome is not DeliveryOutcome.DONE and command.reason is None:
        raise Refused(Reason.REASON_MISSING)
    return DeliveryReport(
        side=command.side,
        at=said.at,
        outcome=command.outcome,
        reason=command.reason if command.outcome is not DeliveryOutcome.DONE else None,
        persons=command.persons,
        hours=command.hours,
        on_behalf=said.on_behalf,
        on_both_sides=on_both_sides,
    )


def _is_done(report: DeliveryReport) -> bool:
    """At least partly."""
    return report.outcome != DeliveryOutcome.NOT_DONE


def _stand(
    cooperation: Cooperation,
    step: CooperationStep,
    said: Said,
    done: bool,
    newest: DeliveryReport,
    **changes: Any,
) -> Cooperation:
    if done:
        state = CooperationState.EVALUATING
        changes["redeemed_at"] = cooperation.redeemed_at or said.at
    else:
        state = _once_signed(cooperation, CooperationState.AGREED)
        changes |= {"redeemed_at": None, "dates": ()}
    return checked_anew(take(cooperation, step, said, state, reason=newest.reason, **changes))


def _once_signed(cooperation: Cooperation, state: CooperationState) -> CooperationState:
    """Where it goes: what was drafted anew is signed before."""
    return state if cooperation.is_signed else CooperationState.NEGOTIATING
