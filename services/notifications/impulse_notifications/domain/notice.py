"""What an actor is to be told, and by whom it is heard.

A fact says something to the actors of one side or both: that is a notice for each. A notice
stands for an hour. Whoever is a contact of the actor when it comes, or becomes known as one while
it stands, is told (`impulse_contracts.rights.is_told`); each once. So it does no harm that persons,
memberships and the fact itself come on different topics in any order; and an actor without
contacts is simply not told.
"""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from impulse_chassis.aggregate import Aggregate
from impulse_chassis.envelope import stable_uuid
from impulse_contracts.codes import (
    Channel,
    Direction,
    Language,
    ListingStatus,
    MessageState,
    ProposalState,
)
from impulse_contracts.matching import (
    ProposalAccepted,
    ProposalDeclined,
    ProposalExpired,
    ProposalFact,
    ProposalInvalidated,
    ProposalReleased,
    ProposalReminded,
)
from impulse_contracts.notifications import SendSignInLink
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.disclosures import DisclosureEnded
from impulse_contracts.registry.life import (
    ActorConfirmationDue,
    ActorEvidenceDueSoon,
    ActorMarkedStale,
)
from impulse_contracts.registry.listings import ListingReminded, ListingState
from impulse_contracts.registry.network import ActorHandedOver
from impulse_contracts.registry.people import (
    ClaimConfirmed,
    ClaimExpired,
    ClaimRefused,
    MembershipClaimed,
    MembershipInvited,
    MembershipStep,
    OfficeTakenOver,
)
from impulse_notifications.domain.message import (
    Matter,
    Message,
    Template,
    lapsed,
    message_id,
    suppress,
)

STANDS = timedelta(hours=1)
NEWS = timedelta(days=7)
"""How long after it happened something is worth telling: nobody gets mail about last year."""
INFORMED_WITHIN = timedelta(days=30)
"""Art. 14 (3) GDPR: a month at most. Until then it is tried; nothing else is sent before."""
CHANNELS = (Channel.EMAIL, Channel.IN_APP)

_ZONE = ZoneInfo("Europe/Berlin")
_BOTH: tuple[Direction, ...] = (Direction.NEED, Direction.OFFER)
_OTHER_SIDE: dict[str, tuple[Direction, ...]] = {
    ProposalState.ACCEPTED_BY_NEED: (Direction.OFFER,),
    ProposalState.ACCEPTED_BY_OFFER: (Direction.NEED,),
}
_TEMPLATES: dict[type[ProposalFact], Template] = {
    ProposalReleased: Template.PROPOSAL_RELEASED,
    ProposalAccepted: Template.PROPOSAL_ACCEPTED,
    ProposalReminded: Template.PROPOSAL_UNANSWERED,
    ProposalExpired: Template.PROPOSAL_EXPIRED,
    ProposalDeclined: Template.PROPOSAL_OVER,
    ProposalInvalidated: Template.PROPOSAL_OVER,
}


_DUE_BY_A_DAY = frozenset({Template.COOPERATION_ACTION_DUE, Template.COOPERATION_ITEMS_DUE})
_TO_BE_ANSWERED = frozenset(
    {Template.PROPOSAL_RELEASED, Template.PROPOSAL_ACCEPTED, Template.PROPOSAL_UNANSWERED}
)


class Notice(Aggregate, key="notice_id"):
    """What an actor, or a person, is to be told because of the fact `cause_id`."""

    notice_id: UUID
    cause_id: str
    template: Template
    actor_id: UUID
    """Whose people are told; or the id of the person who alone is."""
    matter: Matter
    stands_until: datetime
    send_by: datetime
    """From then on the messages come too late."""


Telling = ProposalFact | ListingState | ActorState | DisclosureEnded
"""The facts that say something to the people of an actor."""

_OF_ACTORS: dict[type[ActorState], Template] = {
    ActorConfirmationDue: Template.ACTOR_UNCONFIRMED,
    ActorMarkedStale: Template.ACTOR_STALE,
    ActorEvidenceDueSoon: Template.EVIDENCE_ENDS,
    ActorHandedOver: Template.ACTOR_HANDED_OVER,
}

_STEPS: dict[type[MembershipStep], tuple[Template, str]] = {
    MembershipClaimed: (Template.CLAIM_MADE, "/organisations/{}/people"),
    ClaimConfirmed: (Template.CLAIM_CONFIRMED, "/organisations/{}"),
    ClaimRefused: (Template.CLAIM_REFUSED, "/organisations/{}"),
    ClaimExpired: (Template.CLAIM_EXPIRED, "/organisations/{}"),
    MembershipInvited: (Template.INVITED, "/me"),
    OfficeTakenOver: (Template.OFFICE_TAKEN_OVER, "/organisations/{}/people"),
}
"""What a step towards an actor says, and the page that shows it."""


def notices_of(
    fact: Telling, cause_id: str, happened_at: datetime, now: datetime
) -> tuple[Notice, ...]:
    """What `fact`, whose `ce_id` is `cause_id`, says to whom.

    Of a release both sides are told, of an answer the other side, that the time to answer ends soon
    who has not answered, and that an offer is promised
    elsewhere the need's; that both have accepted is told by the cooperation that is opened then. Of
    a listing its own side is told, of an actor its own people; of a handover the people of whoever
    is in charge now; that a contact may be used no longer, those who could see it.
    """
    if isinstance(fact, ActorState):
        return _of_actor(fact, cause_id, happened_at, now)
    if isinstance(fact, ListingState):
        return _of_listing(fact, cause_id, happened_at, now)
    if isinstance(fact, DisclosureEnded):
        return (_recalled(fact, cause_id, happened_at, now),)
    return tuple(_notice(fact, side, cause_id, happened_at, now) for side in _sides(fact))


def _sides(fact: ProposalFact) -> tuple[Direction, ...]:
    """Which sides are told of a proposal; neither of what they have never seen."""
    if isinstance(fact, ProposalAccepted):
        return _OTHER_SIDE.get(fact.state, ())
    if isinstance(fact, ProposalReminded):
        return _OTHER_SIDE.get(fact.state, _BOTH)
    if isinstance(fact, ProposalDeclined | ProposalInvalidated) and fact.released_at is None:
        return ()
    if isinstance(fact, ProposalDeclined):
        return tuple(side for side in _BOTH if side != fact.declined_by)
    if fact.state == ProposalState.INVALIDATED_BY_OTHER_AGREEMENT:
        return (Direction.NEED,)
    return _BOTH


def _notice(
    fact: ProposalFact,
    side: Direction,
    cause_id: str,
    happened_at: datetime,
    now: datetime,
) -> Notice:
    template = _TEMPLATES[type(fact)]
    actors = (fact.need_actor_id, fact.offer_actor_id)
    actor_id, partner_id = actors if side is Direction.NEED else actors[::-1]
    matter = Matter(
        side=side,
        actor_id=actor_id,
        partner_id=partner_id,
        need_title=fact.need_title,
        offer_title=fact.offer_title,
        answer_until=fact.answer_until,
        path=f"/proposals/{fact.proposal_id}",
    )
    return standing(template, matter, cause_id, happened_at, now)


def step_of(fact: MembershipStep, cause_id: str, happened_at: datetime, now: datetime) -> Notice:
    """What a step towards an actor says: of a claim those are told who may decide on it, of all
    other steps the person whose they are."""
    template, path = _STEPS[type(fact)]
    if isinstance(fact, ClaimConfirmed) and fact.listing_id:
        path = f"/listings/{fact.listing_id}/ask"
    matter = Matter(side=Direction.NEED, actor_id=fact.about, path=path.format(fact.about))
    told = fact.about if template is Template.CLAIM_MADE else fact.person_id
    return standing(template, matter, cause_id, happened_at, now, told)


def contact_cause(person_id: UUID, mark: bytes) -> str:
    """What has a reported contact told: the person, as known by the address of this `mark`."""
    return f"contact/{person_id}/{mark.hex()}"


def of_contact(
    person_id: UUID, mark: bytes, actor_id: UUID, reported_by: str, now: datetime
) -> Notice:
    """What a person must know whom a partner reported as contact of an actor (Art. 14 GDPR).

    The cause is the person and their address: they are told once, whatever the partner says of them
    later, and so is whoever comes in their place.
    """
    matter = Matter(
        side=Direction.NEED, actor_id=actor_id, reported_by=reported_by, path="/privacy"
    )
    cause_id = contact_cause(person_id, mark)
    said = standing(Template.CONTACT_REPORTED, matter, cause_id, now, now, person_id)
    return said.model_copy(update={"send_by": now + INFORMED_WITHIN})


def _of_actor(
    fact: ActorState, cause_id: str, happened_at: datetime, now: datetime
) -> tuple[Notice, ...]:
    template = _OF_ACTORS[type(fact)]
    told = fact.in_charge if template is Template.ACTOR_HANDED_OVER else fact.actor_id
    if told is None:
        return ()  # The programme operator decided it.
    path = f"/organisations/{fact.actor_id}/care"
    matter = Matter(side=Direction.NEED, actor_id=fact.actor_id, path=path)
    return (standing(template, matter, cause_id, happened_at, now, told),)


def _recalled(fact: DisclosureEnded, cause_id: str, happened_at: datetime, now: datetime) -> Notice:
    """Whoever could see a contact has to delete it (Art. 19 GDPR). It does not say whose it was."""
    about = fact.cooperation_id
    matter = Matter(
        side=Direction.NEED,
        actor_id=fact.to_actor_id,
        partner_id=fact.actor_id,
        path=f"/cooperations/{about}" if about else f"/proposals/{fact.proposal_id}",
    )
    return standing(Template.DISCLOSURE_ENDED, matter, cause_id, happened_at, now)


def _of_listing(
    fact: ListingState, cause_id: str, happened_at: datetime, now: datetime
) -> tuple[Notice, ...]:
    """That it must be confirmed, or that its place is not known: this once for a postcode, however
    often the listing changes."""
    need = fact.direction == Direction.NEED
    matter = Matter(
        side=Direction.NEED if need else Direction.OFFER,
        actor_id=fact.actor_id,
        need_title=fact.title if need else "",
        offer_title="" if need else fact.title,
        path=f"/listings/{fact.listing_id}/edit",
    )
    if isinstance(fact, ListingReminded):
        path = f"/listings/{fact.listing_id}/confirm"
        said = {"confirm_by": fact.confirm_by, "listing_id": fact.listing_id, "path": path}
        matter = matter.model_copy(update=said)
        return (standing(Template.LISTING_UNCONFIRMED, matter, cause_id, happened_at, now),)
    if fact.place.is_located or fact.status is not ListingStatus.OPEN:
        return ()
    once = f"not-located/{fact.listing_id}/{fact.place.postcode or ''}"
    return (standing(Template.LISTING_NOT_LOCATED, matter, once, happened_at, now),)


def standing(
    template: Template,
    matter: Matter,
    cause_id: str,
    happened_at: datetime,
    now: datetime,
    told: UUID | None = None,
) -> Notice:
    """The notice to `told`, or to the actor of `matter`, of what happened then."""
    actor_id = told or matter.actor_id
    return Notice(
        version=1,
        notice_id=stable_uuid("notice", cause_id, str(actor_id), template),
        cause_id=cause_id,
        template=template,
        actor_id=actor_id,
        matter=matter,
        stands_until=now + STANDS,
        send_by=_send_by(template, matter, happened_at),
    )


def _send_by(template: Template, matter: Matter, happened_at: datetime) -> datetime:
    """When it is too late to tell, to ask for an answer, or to remind of a day to come."""
    too_late = happened_at + NEWS
    if matter.appointment is not None and matter.appointment.until is not None:
        return min(too_late, matter.appointment.until)
    if template in _TO_BE_ANSWERED and matter.answer_until is not None:
        return min(too_late, matter.answer_until)
    if template is Template.LISTING_UNCONFIRMED and matter.confirm_by is not None:
        return min(too_late, matter.confirm_by)
    if template is Template.COOPERATION_DAY_SOON and matter.progress and matter.progress.starts:
        return min(too_late, matter.progress.starts)
    last_day = None
    if template is Template.COOPERATION_DUE_SOON:
        last_day = matter.redeem_by
    elif template in _DUE_BY_A_DAY and matter.progress is not None:
        last_day = matter.progress.due
    if last_day is not None:
        return min(too_late, datetime.combine(last_day + timedelta(days=1), time(0), _ZONE))
    return too_late


def email(notice: Notice, person_id: UUID, language: Language, now: datetime) -> Message:
    """The e-mail that tells a person of `notice`: queued, or suppressed if it comes too late."""
    return _on_time(_message(notice, person_id, language, Channel.EMAIL, now), now)


def in_app(
    notice: Notice, person_id: UUID, language: Language, title: str, text: str, now: datetime
) -> Message:
    """The message in the inbox that tells a person of `notice`."""
    message = _on_time(_message(notice, person_id, language, Channel.IN_APP, now), now)
    if message.state is MessageState.SUPPRESSED:
        return message
    sent = {"state": MessageState.SENT, "title": title, "text": text, "sent_at": now}
    return message.model_copy(update={**sent, "next_try": None})


def _message(
    notice: Notice, person_id: UUID, language: Language, channel: Channel, now: datetime
) -> Message:
    return Message(
        version=1,
        message_id=message_id(notice.cause_id, person_id, notice.template, channel),
        person_id=person_id,
        template=notice.template,
        channel=channel,
        language=language,
        state=MessageState.QUEUED,
        cause_id=notice.cause_id,
        queued_at=now,
        matter=notice.matter,
        next_try=now,
        send_by=notice.send_by,
    )


def sign_in_link(
    command: SendSignInLink, cause_id: str, language: Language, now: datetime
) -> Message:
    """The e-mail with a link to sign in: queued, or suppressed if the link has expired."""
    return _on_time(
        Message(
            version=1,
            message_id=message_id(
                cause_id, command.person_id, Template.SIGN_IN_LINK, Channel.EMAIL
            ),
            person_id=command.person_id,
            template=Template.SIGN_IN_LINK,
            channel=Channel.EMAIL,
            language=language,
            state=MessageState.QUEUED,
            cause_id=cause_id,
            queued_at=now,
            link=command.link,
            next_try=now,
            send_by=command.expires_at,
        ),
        now,
    )


def _on_time(message: Message, now: datetime) -> Message:
    why = lapsed(message, now)
    # What never was queued has its first version as what it is.
    return message if why is None else suppress(message, why).model_copy(update={"version": 1})
