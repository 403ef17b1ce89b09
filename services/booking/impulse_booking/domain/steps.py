"""The steps of a cooperation: each is possible in some states, and is written down."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from impulse_booking.domain.cooperation import OPEN, Cooperation
from impulse_booking.domain.days import day_of, months_later
from impulse_booking.domain.next_action import next_action
from impulse_booking.domain.texts import demand_no_contact
from impulse_chassis.aggregate import Refused
from impulse_contracts.booking.cooperation_codes import (
    ActionKind,
    CooperationStep,
    CooperationWarning,
    NotRedeemedReason,
    Responsible,
)
from impulse_contracts.booking.cooperation_steps import possible
from impulse_contracts.booking.cooperations import Hold, NextAction, Step
from impulse_contracts.codes import CooperationState, DeclineReason, Direction
from impulse_contracts.parts import OnBehalf
from impulse_contracts.reasons import Reason

FORESEEN = 6
"""How many months it may rest, or wait for what is next, before it is looked at again."""
AT_MOST = 24
"""How many months the last day of an agreement, or a date, may lie ahead: twice the usual time."""


@dataclass(frozen=True)
class Said:
    """Who says something of a cooperation, and when; `side` None: the brokers, or the clock."""

    at: datetime
    side: Direction | None = None
    on_behalf: OnBehalf | None = None

    @property
    def on(self) -> date:
        """The day on which it was said, to a broker or here."""
        return self.on_behalf.on if self.on_behalf else day_of(self.at)


def take(
    cooperation: Cooperation,
    step: CooperationStep,
    said: Said,
    state: CooperationState | None = None,
    *,
    reason: NotRedeemedReason | None = None,
    decline_reason: DeclineReason | None = None,
    next_step: NextAction | None = None,
    **changes: Any,
) -> Cooperation:
    """The cooperation after a step, in another state or the same, with what is to be done next:
    `next_step`, or what follows from where it is then.

    Refuses with `wrong_state` what is not possible, and says what is.
    """
    if step not in (can := possible(cooperation)) and step is not CooperationStep.STARTED:
        raise Refused(
            Reason.WRONG_STATE,
            state=(cooperation.state.de, cooperation.state.en),
            instead=_instead(can),
        )
    after = state or cooperation.state
    record = Step(
        step=step,
        at=said.at,
        state=after,
        side=said.side,
        on_behalf=said.on_behalf,
        reason=reason,
        decline_reason=decline_reason,
    )
    since = said.at if after is not cooperation.state else cooperation.since
    taken = cooperation.evolve(
        **{**changes, "state": after, "since": since, "steps": (*cooperation.steps, record)}
    )
    return settled(taken, next_step)


def settled(cooperation: Cooperation, next_step: NextAction | None = None) -> Cooperation:
    """The same version with what follows from it: what is next, and what is to be looked at."""
    follows = {
        "next_action": next_step or next_action(cooperation),
        "warnings": warnings_of(cooperation),
    }
    return cooperation.model_copy(update=follows)


def warnings_of(cooperation: Cooperation) -> tuple[CooperationWarning, ...]:
    """What is to be looked at, and hinders nothing."""
    dates, decision = cooperation.dates, cooperation.decision
    found = {
        CooperationWarning.CONFLICT_OF_INTEREST: any(
            [
                *(each.on_both_sides for each in cooperation.signatures),
                *(each.on_both_sides for each in cooperation.contacts),
                _signed_alone(cooperation),
                cooperation.need_actor_id == cooperation.offer_actor_id,
                *(each.on_both_sides for each in cooperation.reports),
                decision is not None and decision.on_both_sides,
            ]
        ),
        CooperationWarning.NO_SUCCESSOR_NEED: _lacks_successor(cooperation, Direction.NEED),
        CooperationWarning.NO_SUCCESSOR_OFFER: _lacks_successor(cooperation, Direction.OFFER),
        CooperationWarning.CONTACT_LEFT_NEED: _lost_contact(cooperation, Direction.NEED),
        CooperationWarning.CONTACT_LEFT_OFFER: _lost_contact(cooperation, Direction.OFFER),
        CooperationWarning.AFTER_LAST_DAY: bool(dates)
        and day_of(dates[0].starts) > cooperation.redeem_by,
    }
    return tuple(warning for warning, is_so in found.items() if is_so)


_TO_BE_REACHED = frozenset(
    {CooperationState.AGREED, CooperationState.PREPARING, CooperationState.IN_DELIVERY}
)
"""The states in which a lost contact would be the end of it."""


def _lacks_successor(cooperation: Cooperation, side: Direction) -> bool:
    return (
        cooperation.state in _TO_BE_REACHED
        and not _has_successor(cooperation, side)
        and not _lost_contact(cooperation, side)
    )


def _lost_contact(cooperation: Cooperation, side: Direction) -> bool:
    left = any(each.side == side and each.contact_left for each in cooperation.contacts)
    return left and cooperation.state in OPEN and not _has_successor(cooperation, side)


def _signed_alone(cooperation: Cooperation) -> bool:
    """Whether one person has signed for both."""
    signed = [each.person_id for each in cooperation.signatures if each.person_id is not None]
    return len(set(signed)) < len(signed)


def _has_successor(cooperation: Cooperation, side: Direction) -> bool:
    """Whether somebody else steps in for the contact."""
    return any(
        each.side == side
        and each.successor_id not in (None, each.contact_id)
        and not each.successor_left
        for each in cooperation.contacts
    )


def put_on_hold(
    cooperation: Cooperation, said: Said, reason: NotRedeemedReason, until: date
) -> Cooperation:
    """It rests until a day; said again, until another one. Refuses a day as `demand_near`."""
    demand_near(until, said.at)
    goes_on = cooperation.hold.state if cooperation.hold else cooperation.state
    hold = Hold(until=until, reason=reason, state=goes_on)
    return take(
        cooperation,
        CooperationStep.PUT_ON_HOLD,
        said,
        CooperationState.ON_HOLD,
        reason=reason,
        hold=hold,
    )


def resume(cooperation: Cooperation, said: Said) -> Cooperation:
    """It goes on where it was put on hold. Dates that came while it rested are off; where none is
    left, another one is to be found."""
    goes_on = _known(cooperation.hold.state) if cooperation.hold else None
    rested = cooperation.began
    dates = tuple(each for each in cooperation.dates if not rested < each.starts <= said.at)
    if goes_on is CooperationState.PREPARING and not dates:
        goes_on = CooperationState.AGREED
    return take(cooperation, CooperationStep.RESUMED, said, goes_on, hold=None, dates=dates)


def decline(cooperation: Cooperation, said: Said, reason: DeclineReason) -> Cooperation:
    """A side does not want it."""
    state = CooperationState.DECLINED
    return take(
        cooperation, CooperationStep.DECLINED, said, state, decline_reason=reason, hold=None
    )


_ENDS = {
    CooperationStep.WITHDRAWN: CooperationState.WITHDRAWN,
    CooperationStep.CANCELLED: CooperationState.CANCELLED,
    CooperationStep.NOT_REDEEMED: CooperationState.NOT_REDEEMED,
}


def end(
    cooperation: Cooperation, step: CooperationStep, said: Said, reason: NotRedeemedReason
) -> Cooperation:
    """It ends without having been carried out, and why."""
    return take(cooperation, step, said, _ENDS[step], reason=reason, hold=None)


def set_action(
    cooperation: Cooperation, said: Said, text: str, responsible: Responsible, due: date
) -> Cooperation:
    """Somebody says what is to be done next. Refuses a day as `demand_near`."""
    demand_near(due, said.at)
    demand_no_contact(text, ("nächster Schritt", "next action"))
    action = NextAction(kind=ActionKind.OTHER, responsible=responsible, due=due, text=text)
    return take(cooperation, CooperationStep.ACTION_SET, said, next_step=action)


def demand_ahead(day: date, now: datetime) -> None:
    """Refuses with `date_in_past` a day that is over."""
    if day < day_of(now):
        raise Refused(Reason.DATE_IN_PAST)


def demand_near(day: date, now: datetime, months: int = FORESEEN) -> None:
    """Refuses with `date_in_past` a day that is over, and with `date_too_far` one until which it
    would be forgotten: nobody is reminded before."""
    demand_ahead(day, now)
    if day > (last := months_later(day_of(now), months)):
        raise Refused(Reason.DATE_TOO_FAR, detail=last.isoformat())


def _known(state: object) -> CooperationState | None:
    return state if isinstance(state, CooperationState) else None


def _instead(can: tuple[CooperationStep, ...]) -> tuple[str, str]:
    if not can:
        return "; die Kooperation ist beendet", "; the cooperation is over"
    return (
        "; möglich ist: " + ", ".join(each.de for each in can),
        "; possible is: " + ", ".join(each.en for each in can),
    )
