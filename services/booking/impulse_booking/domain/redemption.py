"""Whether an agreement was carried out in time: one rule for what is looked at, and for reports."""

from datetime import date

from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.domain.days import day_of, months_later
from impulse_contracts.booking.cooperation_codes import (
    CooperationStep,
    DeliveryOutcome,
    NotRedeemedReason,
)
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.booking.deliveries import RedemptionCheck
from impulse_contracts.types import Open


def delivered_on(cooperation: Cooperation | CooperationFact) -> date | None:
    """The day on which it was carried out: the last one planned, or that on which a side told a
    broker so, if it was known later only. None where it was not, as far as is known."""
    if cooperation.redeemed_at is None:
        return None
    told = [
        each.on_behalf.on
        for each in cooperation.reports
        if each.on_behalf and each.outcome != DeliveryOutcome.NOT_DONE
    ]
    planned = [day_of(each.ends) for each in cooperation.dates[-1:]]
    return min([day_of(cooperation.redeemed_at), *planned, *told])


def hindrance(cooperation: Cooperation | CooperationFact) -> Open[NotRedeemedReason] | None:
    """Why it rests, or else the last reason that anybody gave. Why it rested once hinders nothing
    any more."""
    if cooperation.hold is not None:
        return cooperation.hold.reason
    given = [
        each.reason
        for each in cooperation.steps
        if each.reason is not None and each.step != CooperationStep.PUT_ON_HOLD
    ]
    return given[-1] if given else None


def check_redemption(cooperation: Cooperation, months: int) -> Cooperation:
    """Whether it was carried out by the day so many months after it was agreed, as far as is known
    when it is looked at."""
    agreed_at = cooperation.agreed_at or cooperation.opened_at
    on = months_later(day_of(agreed_at), months)
    redeemed = _is_redeemed(cooperation, on)
    check = RedemptionCheck(
        months=months,
        on=on,
        redeemed=redeemed,
        state=cooperation.state,
        reason=None if redeemed else hindrance(cooperation),
    )
    return cooperation.evolve(redemption=(*cooperation.redemption, check))


def checked_anew(cooperation: Cooperation) -> Cooperation:
    """The same version with what was looked at before, as it is known now: what was said later of
    a day before sets it right. What was carried out by then stays so, whatever was left of it,
    unless it is known no more that anything was."""
    known = cooperation.redeemed_at is not None
    checks = []
    for each in cooperation.redemption:
        redeemed = known and (each.redeemed or _is_redeemed(cooperation, each.on))
        if redeemed != each.redeemed:
            reason = None if redeemed else hindrance(cooperation)
            each = each.model_copy(update={"redeemed": redeemed, "reason": reason})
        checks.append(each)
    return cooperation.model_copy(update={"redemption": tuple(checks)})


def _is_redeemed(cooperation: Cooperation, on: date) -> bool:
    day = delivered_on(cooperation)
    return day is not None and day <= on
