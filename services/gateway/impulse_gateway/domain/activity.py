"""What is told about a fact to everybody who watches: one line, German and English, no person.

Registered organisations and open listings are public. A proposal or cooperation is named only
between examples; of real organisations it is told that there is one, not between whom.
"""

from datetime import datetime
from functools import singledispatch
from typing import NamedTuple
from uuid import UUID

from impulse_chassis.aggregate import Aggregate
from impulse_contracts import matching, notifications
from impulse_contracts.booking import cooperations
from impulse_contracts.codes import (
    ActorType,
    Channel,
    Direction,
    LegalForm,
    ListingStatus,
    ProposalState,
    Visibility,
)
from impulse_contracts.message import Fact
from impulse_contracts.registry import actors, listings
from impulse_contracts.types import Coded


class ActivityKind(Coded):
    """What an activity is about."""

    ACTOR = "actor", "Organisation", "Organisation"
    OFFER = "offer", "Angebot", "Offer"
    NEED = "need", "Bedarf", "Need"
    PROPOSAL = "proposal", "Vorschlag", "Proposal"
    COOPERATION = "cooperation", "Kooperation", "Cooperation"
    MESSAGE = "message", "Nachricht", "Message"


class Activity(Aggregate, key="activity_id"):
    """Something that happened. `path` is the page that shows more, where there is one for all."""

    activity_id: UUID
    at: datetime
    kind: ActivityKind
    ce_type: str
    subject_id: UUID
    """The id of the actor, listing, proposal, cooperation or message."""
    path: str | None = None
    example: bool = False
    de: str
    en: str


class Told(NamedTuple):
    """What there is to say about a fact."""

    kind: ActivityKind
    de: str
    en: str
    path: str | None = None
    example: bool = False


@singledispatch
def tell(fact: Fact) -> Told | None:
    """What there is to say about a fact; None where it is nobody's business."""
    raise TypeError(f"nothing is known to say about {type(fact).__name__}")


# --------------------------------------------------------------------------------- actors

_PRIVATE_FORMS = {
    LegalForm.EK,
    LegalForm.SELF_EMPLOYED,
    LegalForm.GBR,
    LegalForm.E_GBR,
    LegalForm.PARTG,
}
"""Forms whose names are names of persons."""

_ACTOR_VERBS: dict[type[actors.ActorState], tuple[str, str]] = {
    actors.ActorRegistered: ("Neu eingetragen", "Newly registered"),
    actors.ActorDetailsChanged: ("Aktualisiert", "Updated"),
    actors.ActorArchived: ("Abgemeldet", "Archived"),
    actors.ActorReactivated: ("Wieder dabei", "Back again"),
}


@tell.register
def _actor(fact: actors.ActorState) -> Told:
    de, en = _ACTOR_VERBS[type(fact)]
    named = _names_nobody(fact) and not isinstance(fact, actors.ActorArchived)
    place = fact.seat.city
    return Told(
        ActivityKind.ACTOR,
        f"{de}: {_actor_name(fact, 'de', named)}{f' in {place}' if place else ''}",
        f"{en}: {_actor_name(fact, 'en', named)}{f' in {place}' if place else ''}",
        None if isinstance(fact, actors.ActorArchived) else f"/organisations/{fact.actor_id}",
        fact.example,
    )


def _names_nobody(actor: actors.ActorState) -> bool:
    return (
        actor.legal_form not in _PRIVATE_FORMS and actor.actor_type is not ActorType.SELF_EMPLOYED
    )


def _actor_name(actor: actors.ActorState, language: str, named: bool) -> str:
    if named:
        return actor.display_name or actor.legal_name
    kind: object = actor.kind
    return kind.label(language) if isinstance(kind, Coded) else "–"


# ------------------------------------------------------------------------------- listings

_LISTING_VERBS: dict[type[listings.ListingState], tuple[str, str]] = {
    listings.ListingPublished: ("Neu", "New"),
    listings.ListingChanged: ("Geändert", "Changed"),
    listings.ListingConfirmed: ("Bestätigt", "Confirmed"),
    listings.ListingMarkedStale: ("Nicht mehr bestätigt", "No longer confirmed"),
    listings.ListingClosed: ("Abgeschlossen", "Closed"),
    listings.ListingWithdrawnFact: ("Zurückgezogen", "Withdrawn"),
}
_SHOWN = (listings.ListingPublished, listings.ListingChanged, listings.ListingConfirmed)


@tell.register
def _listing(fact: listings.ListingState) -> Told | None:
    # Templates, and what is not for everybody, are nobody's business; nor is a reminder.
    template = fact.status == ListingStatus.TEMPLATE
    if template or fact.visibility != Visibility.PUBLIC or type(fact) not in _LISTING_VERBS:
        return None
    de, en = _LISTING_VERBS[type(fact)]
    kind = ActivityKind.OFFER if fact.direction == Direction.OFFER else ActivityKind.NEED
    return Told(
        kind,
        f"{de}: „{fact.title}“",
        f"{en}: “{fact.title}”",
        f"/listings/{fact.listing_id}" if isinstance(fact, _SHOWN) else None,
        fact.example,
    )


# ------------------------------------------------------------------------------ proposals

_PROPOSAL_LINES: dict[type[matching.ProposalFact], tuple[str, str]] = {
    matching.ProposalSuggested: ("Passt zusammen", "A good match"),
    matching.ProposalReleased: ("Beiden Seiten vorgeschlagen", "Proposed to both sides"),
    matching.ProposalMutuallyAccepted: ("Beide Seiten sagen ja", "Both sides say yes"),
    matching.ProposalDeclined: ("Abgelehnt", "Declined"),
    matching.ProposalExpired: ("Ohne Antwort abgelaufen", "Expired without an answer"),
}
_ACCEPTED: dict[object, tuple[str, str]] = {
    ProposalState.ACCEPTED_BY_NEED: ("Der Bedarf sagt ja", "The need says yes"),
    ProposalState.ACCEPTED_BY_OFFER: ("Das Angebot sagt ja", "The offer says yes"),
}


@tell.register
def _proposal(fact: matching.ProposalFact) -> Told | None:
    if isinstance(fact, matching.ProposalInvalidated):
        return None  # what is agreed voids others by the dozen; that would hide it
    de, en = (
        _ACCEPTED.get(fact.state, ("Angenommen", "Accepted"))
        if isinstance(fact, matching.ProposalAccepted)
        else _PROPOSAL_LINES[type(fact)]
    )
    if not fact.example:
        return Told(
            ActivityKind.PROPOSAL,
            f"{de}: ein Bedarf und ein Angebot",
            f"{en}: a need and an offer",
        )
    points = round(fact.score * 100)
    suggested = isinstance(fact, matching.ProposalSuggested)
    return Told(
        ActivityKind.PROPOSAL,
        f"{de}: {_pair(fact, 'de')}" + (f" ({points} %)" if suggested else ""),
        f"{en}: {_pair(fact, 'en')}" + (f" ({points}%)" if suggested else ""),
        f"/proposals/{fact.proposal_id}" if fact.released_at else None,
        True,
    )


def _pair(pair: matching.ProposalFact | cooperations.CooperationFact, language: str) -> str:
    if language == "en":
        return f"“{pair.need_title}” and “{pair.offer_title}”"
    return f"„{pair.need_title}“ und „{pair.offer_title}“"


# --------------------------------------------------------------------------- cooperations

_COOPERATION_LINES: dict[type[cooperations.CooperationFact], tuple[str, str]] = {
    cooperations.CooperationOpened: ("Eröffnet", "Opened"),
    cooperations.CooperationAgreed: ("Vereinbart", "Agreed"),
    cooperations.CooperationCompleted: ("Umgesetzt und abgeschlossen", "Carried out and completed"),
    cooperations.CooperationContinued: ("Umgesetzt und verstetigt", "Carried out and continued"),
    cooperations.CooperationDueSoon: ("Bald fällig", "Due soon"),
    cooperations.CooperationOverdue: ("Überfällig", "Overdue"),
}


@tell.register
def _cooperation(fact: cooperations.CooperationFact) -> Told:
    de, en = _COOPERATION_LINES[type(fact)]
    if not fact.example:
        return Told(
            ActivityKind.COOPERATION,
            f"{de}: zwischen zwei Organisationen",
            f"{en}: between two organisations",
        )
    return Told(
        ActivityKind.COOPERATION,
        f"{de}: {_pair(fact, 'de')}",
        f"{en}: {_pair(fact, 'en')}",
        f"/cooperations/{fact.cooperation_id}",
        True,
    )


# ------------------------------------------------------------------------------- messages


@tell.register
def _message(fact: notifications.MessageFact) -> Told | None:
    # Who watches could otherwise learn whether an address that they try is known.
    if "sign_in" in fact.template:
        return None
    failed = isinstance(fact, notifications.MessageFailed)
    if fact.channel == Channel.IN_APP:
        return Told(ActivityKind.MESSAGE, "Ins Postfach gelegt", "Put into an inbox")
    if failed:
        return Told(
            ActivityKind.MESSAGE,
            "Eine E-Mail konnte nicht zugestellt werden",
            "An e-mail could not be delivered",
        )
    return Told(ActivityKind.MESSAGE, "Eine E-Mail ist verschickt", "An e-mail was sent")
