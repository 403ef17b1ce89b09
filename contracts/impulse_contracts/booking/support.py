"""Support, which is asked for without a session: moderation, guides, company at an event."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from impulse_contracts import topics
from impulse_contracts.booking.codes import SupportState
from impulse_contracts.message import Command, Fact
from impulse_contracts.parts import OnBehalf, ReportedOnBehalf
from impulse_contracts.types import Day, Description, Moment, Number, Open, OptionalName


class RequestSupport(
    Command,
    ce_type="impulse.booking.request_support.v1",
    topic=topics.BOOKING_COMMANDS,
    key="request_id",
):
    """Ask for support, saying what is needed."""

    request_id: UUID
    programme_offer_id: UUID
    actor_id: UUID
    wish: Annotated[Description, Field(min_length=1)]
    """What is needed; without e-mail addresses and telephone numbers."""
    on_behalf: ReportedOnBehalf | None = None


class AcceptSupport(
    Command,
    ce_type="impulse.booking.accept_support.v1",
    topic=topics.BOOKING_COMMANDS,
    key="request_id",
):
    """For the programme: somebody takes care of it, until a day."""

    request_id: UUID
    person_id: UUID
    until: Day


class StartSupport(
    Command,
    ce_type="impulse.booking.start_support.v1",
    topic=topics.BOOKING_COMMANDS,
    key="request_id",
):
    """For the programme: work on it has begun."""

    request_id: UUID


class FinishSupport(
    Command,
    ce_type="impulse.booking.finish_support.v1",
    topic=topics.BOOKING_COMMANDS,
    key="request_id",
):
    """For the programme: it is done; how many hours it took, and what came of it."""

    request_id: UUID
    hours: Annotated[Number, Field(ge=0, le=1_000)]
    result: Annotated[Description, Field(min_length=1)]


class DeclineSupport(
    Command,
    ce_type="impulse.booking.decline_support.v1",
    topic=topics.BOOKING_COMMANDS,
    key="request_id",
):
    """For the programme: it can't be given, and why."""

    request_id: UUID
    reason: Annotated[OptionalName, Field(min_length=1)]


class WithdrawSupport(
    Command,
    ce_type="impulse.booking.withdraw_support.v1",
    topic=topics.BOOKING_COMMANDS,
    key="request_id",
):
    """The organisation does not need it any more."""

    request_id: UUID


class SupportFact(Fact, topic=topics.BOOKINGS, key="request_id"):
    """A request for support: by whom, for what, and how far it is."""

    request_id: UUID
    programme_offer_id: UUID
    actor_id: UUID
    wish: str
    state: Open[SupportState]
    free_of_charge: bool
    requested_at: Moment
    on_behalf: OnBehalf | None = None
    person_id: UUID | None = None
    """Who takes care of it."""
    until: Day | None = None
    hours: float | None = None
    result: str | None = None
    reason: str | None = None
    """Why it was declined."""
    formerly: tuple[UUID, ...] = ()
    """As which organisations it was asked for and passed on, where another one goes on for them."""
    example: bool = False


class SupportRequested(SupportFact, ce_type="impulse.booking.support.requested.v1"):
    """Somebody needs support."""


class SupportAccepted(SupportFact, ce_type="impulse.booking.support.accepted.v1"):
    """Somebody of the programme takes care of it."""


class SupportStarted(SupportFact, ce_type="impulse.booking.support.started.v1"):
    """Work on it has begun."""


class SupportDone(SupportFact, ce_type="impulse.booking.support.done.v1"):
    """It is done."""


class SupportDeclined(SupportFact, ce_type="impulse.booking.support.declined.v1"):
    """It can't be given."""


class SupportWithdrawn(SupportFact, ce_type="impulse.booking.support.withdrawn.v1"):
    """It is not needed any more."""


class SupportTransferred(SupportFact, ce_type="impulse.booking.support.transferred.v1"):
    """Another organisation goes on for the one that asked, or no longer does."""
