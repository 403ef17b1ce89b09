"""A message to a person, through one channel: what it is about, and where it is in its life.

e-mail   queued -> sent | failed | unknown_outcome | suppressed
inbox    sent, at once: nothing waits, so nothing is queued
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from impulse_chassis.aggregate import Aggregate
from impulse_chassis.envelope import stable_uuid
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.codes import Channel, Direction, Language, MessageState
from impulse_contracts.notifications import (
    MessageFact,
    MessageFailed,
    MessageQueued,
    MessageSent,
    MessageSuppressed,
)
from impulse_contracts.purposes import TERMS, Purpose
from impulse_contracts.types import Coded
from impulse_notifications.domain.programme import Appointment, Help
from impulse_notifications.domain.progress import Progress


class Template(StrEnum):
    """What a message says."""

    PROPOSAL_RELEASED = "proposal_released"
    PROPOSAL_ACCEPTED = "proposal_accepted"
    PROPOSAL_UNANSWERED = "proposal_unanswered"
    PROPOSAL_EXPIRED = "proposal_expired"
    PROPOSAL_OVER = "proposal_over"
    COOPERATION_OPENED = "cooperation_opened"
    COOPERATION_DUE_SOON = "cooperation_due_soon"
    COOPERATION_OVERDUE = "cooperation_overdue"
    COOPERATION_ENTERED = "cooperation_entered"
    COOPERATION_TO_SIGN = "cooperation_to_sign"
    COOPERATION_AGREED = "cooperation_agreed"
    COOPERATION_CHANGED = "cooperation_changed"
    COOPERATION_ACTION_DUE = "cooperation_action_due"
    COOPERATION_ESCALATED = "cooperation_escalated"
    COOPERATION_CONTACT_LEFT = "cooperation_contact_left"
    COOPERATION_PLANNED = "cooperation_planned"
    COOPERATION_ITEMS_DUE = "cooperation_items_due"
    COOPERATION_DAY_SOON = "cooperation_day_soon"
    COOPERATION_REPORTED = "cooperation_reported"
    COOPERATION_DECIDED = "cooperation_decided"
    COOPERATION_UNREDEEMED = "cooperation_unredeemed"
    LISTING_UNCONFIRMED = "listing_unconfirmed"
    LISTING_NOT_LOCATED = "listing_not_located"
    CLAIM_MADE = "claim_made"
    CLAIM_CONFIRMED = "claim_confirmed"
    CLAIM_REFUSED = "claim_refused"
    CLAIM_EXPIRED = "claim_expired"
    INVITED = "invited"
    OFFICE_TAKEN_OVER = "office_taken_over"
    ACTOR_UNCONFIRMED = "actor_unconfirmed"
    ACTOR_STALE = "actor_stale"
    EVIDENCE_ENDS = "evidence_ends"
    ACTOR_HANDED_OVER = "actor_handed_over"
    DIGEST = "digest"
    DISCLOSURE_ENDED = "disclosure_ended"
    BOOKING_CONFIRMED = "booking_confirmed"
    BOOKING_WAITLISTED = "booking_waitlisted"
    BOOKING_SKIPPED = "booking_skipped"
    PLACE_OFFERED = "place_offered"
    BOOKING_EXPIRED = "booking_expired"
    BOOKING_DECLINED = "booking_declined"
    BOOKING_CANCELLED = "booking_cancelled"
    BOOKING_ATTENDED = "booking_attended"
    SESSION_RESCHEDULED = "session_rescheduled"
    SESSION_SOON = "session_soon"
    PROJECTS_TO_SUBMIT = "projects_to_submit"
    PROJECTS_TO_CLAIM = "projects_to_claim"
    EDITION_TO_CLOSE = "edition_to_close"
    SUPPORT_REQUESTED = "support_requested"
    SUPPORT_ACCEPTED = "support_accepted"
    SUPPORT_DONE = "support_done"
    SUPPORT_DECLINED = "support_declined"
    SIGN_IN_LINK = "sign_in_link"
    CONTACT_REPORTED = "contact_reported"


REMINDERS = frozenset(
    {
        Template.PROPOSAL_UNANSWERED,
        Template.COOPERATION_DUE_SOON,
        Template.COOPERATION_OVERDUE,
        Template.COOPERATION_ACTION_DUE,
        Template.COOPERATION_ITEMS_DUE,
        Template.COOPERATION_DAY_SOON,
        Template.COOPERATION_UNREDEEMED,
        Template.LISTING_UNCONFIRMED,
        Template.ACTOR_UNCONFIRMED,
        Template.EVIDENCE_ENDS,
        Template.DIGEST,
        Template.SESSION_SOON,
        Template.PROJECTS_TO_SUBMIT,
        Template.PROJECTS_TO_CLAIM,
        Template.EDITION_TO_CLOSE,
    }
)
"""Templates that a person may do without; the others are critical (docs/domain.md)."""

STANDING_ON: dict[Template, BookingState] = {
    Template.BOOKING_CONFIRMED: BookingState.CONFIRMED,
    Template.SESSION_RESCHEDULED: BookingState.CONFIRMED,
    Template.SESSION_SOON: BookingState.CONFIRMED,
    Template.PLACE_OFFERED: BookingState.OFFERED,
    Template.PROJECTS_TO_SUBMIT: BookingState.CONFIRMED,
    Template.PROJECTS_TO_CLAIM: BookingState.CONFIRMED,
}
"""What is sent only while the booking is in this state, its session at the times that are told."""

_PURPOSES: dict[Template, Purpose] = {
    Template.CONTACT_REPORTED: Purpose.REPORTED_CONTACT,
    Template.SIGN_IN_LINK: Purpose.SIGN_IN,
    Template.CLAIM_MADE: Purpose.CLAIM,
    Template.CLAIM_CONFIRMED: Purpose.CLAIM,
    Template.CLAIM_REFUSED: Purpose.CLAIM,
    Template.CLAIM_EXPIRED: Purpose.CLAIM,
}


def purpose_of(template: Template) -> Purpose:
    """What a message is written for: on one's own organisation, unless it is something else."""
    return _PURPOSES.get(template, Purpose.MESSAGES)


def days_kept() -> dict[str, int]:
    """For how many days messages are kept, by template: no longer than what they are for."""
    longest = TERMS[Purpose.MESSAGES].days
    return {str(each): min(longest, TERMS[purpose_of(each)].days) for each in Template}


def promotional() -> dict[str, str]:
    """The templates that nobody is sent without a consent that stands, and its purpose."""
    purposes = {template: purpose_of(template) for template in Template}
    return {str(each): str(why) for each, why in purposes.items() if TERMS[why].promotional}


class Why(Coded):
    """Why a message is where it is: the `detail` of its facts. Never quotes an address."""

    ERASED = "erased", "Die Person ist nicht mehr eingetragen.", "The person is no longer known."
    NO_CONSENT = (
        "no_consent",
        "Die Person hat dazu keine Einwilligung erteilt oder sie widerrufen.",
        "The person has not consented to it, or has withdrawn their consent.",
    )
    TOO_LATE = (
        "too_late",
        "Die Nachricht wäre zu spät gekommen.",
        "The message would have come too late.",
    )
    OVERTAKEN = (
        "overtaken",
        "Inzwischen hatte sich etwas geändert.",
        "Something had changed meanwhile.",
    )
    LINK_EXPIRED = (
        "link_expired",
        "Der Link zur Anmeldung war abgelaufen.",
        "The sign-in link had expired.",
    )
    ADDRESS_UNUSABLE = (
        "address_unusable",
        "Die Adresse ist nicht verwendbar.",
        "The address is not usable.",
    )
    NOT_WRITTEN = (
        "not_written",
        "Die Nachricht konnte nicht geschrieben werden; der Betrieb ist informiert.",
        "The message could not be written; the operators know of it.",
    )
    REFUSED = (
        "refused",
        "Der Mailserver nimmt die Nachricht nicht an.",
        "The mail server does not take the message.",
    )
    NOT_NOW = (
        "not_now",
        "Der Mailserver nimmt die Nachricht zurzeit nicht an.",
        "The mail server does not take the message at present.",
    )
    NOT_BEGUN = (
        "not_begun",
        "Die Verbindung riss ab, bevor die Nachricht übergeben wurde.",
        "The connection was lost before the message was handed over.",
    )
    NOT_CONFIRMED = (
        "not_confirmed",
        "Die Verbindung riss ab, bevor der Mailserver den Empfang bestätigte.",
        "The connection was lost before the mail server confirmed receipt.",
    )
    INTERRUPTED = (
        "interrupted",
        "Der Versand wurde unterbrochen, während die Nachricht übergeben wurde.",
        "Sending was interrupted while the message was handed over.",
    )


class Concern(BaseModel):
    """What the people of an actor would have been told, had it any."""

    model_config = ConfigDict(frozen=True)

    actor_id: UUID
    name: str
    template: Template
    since: datetime
    confirmed_at: datetime | None = None
    """When the actor had been confirmed last."""


NOWHERE = "/"
"""The path of what no page of its own shows."""


class Matter(BaseModel):
    """What a message is about: a proposal or cooperation as one of its sides sees it, or a listing,
    an organisation, a booking or support, which have one side alone."""

    model_config = ConfigDict(frozen=True)

    side: Direction
    actor_id: UUID
    """The actor of that side."""
    partner_id: UUID | None = None
    """The other side's."""
    need_title: str = ""
    offer_title: str = ""
    answer_until: datetime | None = None
    redeem_by: date | None = None
    confirm_by: datetime | None = None
    listing_id: UUID | None = None
    """The listing that is to be confirmed."""
    reported_by: str | None = None
    """The partner that reported the person, as it calls its system."""
    appointment: Appointment | None = None
    support: Help | None = None
    progress: Progress | None = None
    cooperation_id: UUID | None = None
    rests_on: tuple[dict[str, Any], ...] = ()
    """What the cooperation must still say, one of these at least, for an e-mail to be sent; none:
    it is true whatever comes."""
    to_close: UUID | None = None
    """The edition that is still to be closed when an e-mail is sent."""
    concerns: tuple[Concern, ...] = ()
    """What a digest lists."""
    more: int = 0
    """How many it does not list."""
    path: str = NOWHERE
    """The page that shows it, below the address of all pages."""


class Message(Aggregate, key="message_id"):
    """A message. Fields as in `MessageFact`; what follows them stays in this service.

    No name and no address: they are looked up when an e-mail is sent.
    """

    message_id: UUID
    person_id: UUID
    template: Template
    channel: Channel
    language: Language
    state: MessageState
    cause_id: str
    title: str | None = None
    text: str | None = None
    attempts: int = 0
    detail: str | None = None
    queued_at: datetime
    sent_at: datetime | None = None

    matter: Matter | None = None
    link: str | None = None
    """The sign-in link; gone when it was sent or will not be."""
    next_try: datetime | None = None
    """When it may be sent; set while it is queued."""
    send_by: datetime
    """From then on it comes too late, and is not sent."""


_FACTS: dict[MessageState, type[MessageFact]] = {
    MessageState.QUEUED: MessageQueued,
    MessageState.SENT: MessageSent,
    MessageState.FAILED: MessageFailed,
    MessageState.UNKNOWN_OUTCOME: MessageFailed,
    MessageState.SUPPRESSED: MessageSuppressed,
}


def fact_of(message: Message) -> MessageFact:
    """The fact that the message is now as it is."""
    shown = message.matter if message.channel is Channel.IN_APP else None
    about = dict.fromkeys(each.actor_id for each in shown.concerns) if shown else ()
    path = shown.path if shown and shown.path != NOWHERE else None
    return _FACTS[message.state].of(message, about=tuple(about), path=path)


def message_id(cause_id: str, person_id: UUID, template: Template, channel: Channel) -> UUID:
    """The id of a message: what a person was told once for a cause is not told again."""
    return stable_uuid("message", cause_id, str(person_id), template, channel)


def suppress(message: Message, why: Why) -> Message:
    """The message is not sent any more."""
    return message.evolve(
        state=MessageState.SUPPRESSED,
        detail=why.label(message.language),
        next_try=None,
        link=None,
    )


def lapsed(message: Message, now: datetime) -> Why | None:
    """Why a queued message would come too late at `now`; None if it would not."""
    if now < message.send_by:
        return None
    return Why.LINK_EXPIRED if message.template is Template.SIGN_IN_LINK else Why.TOO_LATE
