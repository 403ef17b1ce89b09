"""What people are told of requests for support."""

from datetime import datetime

from impulse_contracts.booking.support import (
    SupportAccepted,
    SupportDeclined,
    SupportDone,
    SupportFact,
    SupportRequested,
)
from impulse_contracts.codes import Direction
from impulse_notifications.domain.message import Matter, Template
from impulse_notifications.domain.notice import Notice, standing
from impulse_notifications.domain.programme import Help, KnownOffer

TEMPLATES: dict[type[SupportFact], Template] = {
    SupportRequested: Template.SUPPORT_REQUESTED,
    SupportAccepted: Template.SUPPORT_ACCEPTED,
    SupportDone: Template.SUPPORT_DONE,
    SupportDeclined: Template.SUPPORT_DECLINED,
}
"""What the steps of a request say."""


def of_support(
    fact: SupportFact, offer: KnownOffer, cause_id: str, happened_at: datetime, now: datetime
) -> Notice:
    """What `fact` says: that somebody needs support to those who give it, all else to those who
    asked for it. What the programme operator gives is for no organisation's people: its notice
    is to the actor that asks, and told to brokers and operators instead."""
    template = TEMPLATES[type(fact)]
    asks = template is Template.SUPPORT_REQUESTED
    matter = Matter(
        side=Direction.NEED,
        actor_id=fact.actor_id,
        support=Help(
            title=offer.title,
            wish=fact.wish,
            helper_id=fact.person_id,
            until=fact.until,
            hours=fact.hours,
            result=fact.result,
            reason=fact.reason,
        ),
        path="/support" if asks else "/bookings",
    )
    told = offer.provider_actor_id if asks else None
    return standing(template, matter, cause_id, happened_at, now, told)
