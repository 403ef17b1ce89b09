"""What notifications does with facts, with people, and with a link to sign in.

The loader of people is registered before that of facts, so that a batch with both takes the
audience's lock in its exclusive kind at once; replicas then never wait for each other in a circle.
"""

from collections.abc import Sequence
from uuid import UUID

from impulse_chassis import Handlers, Messages, Received, Refused, Transaction, WaitFor
from impulse_chassis.envelope import Attributes
from impulse_contracts import objections
from impulse_contracts.codes import Channel
from impulse_contracts.matching import (
    ProposalAccepted,
    ProposalDeclined,
    ProposalExpired,
    ProposalInvalidated,
    ProposalReleased,
    ProposalReminded,
)
from impulse_contracts.notifications import SendSignInLink
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.disclosures import DisclosureEnded
from impulse_contracts.registry.life import (
    ActorConfirmationDue,
    ActorEvidenceDueSoon,
    ActorMarkedStale,
)
from impulse_contracts.registry.listings import ListingChanged, ListingPublished, ListingReminded
from impulse_contracts.registry.network import ActorHandedOver
from impulse_contracts.registry.people import (
    ClaimConfirmed,
    ClaimExpired,
    ClaimRefused,
    MembershipClaimed,
    MembershipGranted,
    MembershipInvited,
    MembershipsEnded,
    MembershipsState,
    MembershipStep,
    OfficeTakenOver,
    PersonAdded,
    PersonContactChanged,
    PersonState,
)
from impulse_notifications.digests import gather
from impulse_notifications.domain.digest import reader_of
from impulse_notifications.domain.message import Message, Template, message_id
from impulse_notifications.domain.notice import (
    Notice,
    Telling,
    contact_cause,
    email,
    notices_of,
    of_contact,
    sign_in_link,
    step_of,
)
from impulse_notifications.store import (
    Contact,
    audience,
    digests,
    keep,
    language_of,
    load_contacts,
    load_notices,
    load_staff,
    lock_audience,
    messages,
    notices,
    people,
)
from impulse_notifications.telling import message_ids, tell

FACTS: tuple[type[Telling], ...] = (
    ProposalReleased,
    ProposalAccepted,
    ProposalReminded,
    ProposalExpired,
    ProposalDeclined,
    ProposalInvalidated,
    ListingPublished,
    ListingChanged,
    ListingReminded,
    ActorConfirmationDue,
    ActorMarkedStale,
    ActorEvidenceDueSoon,
    ActorHandedOver,
    DisclosureEnded,
)

handlers = Handlers()


# -------------------------------------------------------------------------------- people


STEPS: tuple[type[MembershipStep], ...] = (
    MembershipClaimed,
    ClaimConfirmed,
    ClaimRefused,
    ClaimExpired,
    MembershipInvited,
    OfficeTakenOver,
)
"""The steps towards an actor that are told."""


@handlers.load(PersonAdded, PersonContactChanged, MembershipGranted, MembershipsEnded, *STEPS)
def load_people(tx: Transaction, received: Messages) -> None:
    """Loads what the people are contacts of, and what stands for them to be told."""
    lock_audience(tx, change=True)
    persons = {message.data.person_id for message in received}
    people.read(tx, persons)
    load_contacts(tx, persons=persons)
    known = audience(tx)
    actors = {actor_id for roles in known.roles_of.values() for actor_id in roles}
    standing = load_notices(tx, actors | persons)
    messages.lock(
        tx,
        (
            each
            for notice in standing
            for person_id in known.contacts_of.get(notice.actor_id, (notice.actor_id,))
            for each in message_ids(notice, person_id)
        ),
    )
    reported = (
        person for person in persons if (known_as := people.get(tx, person)) and known_as.contact_of
    )
    messages.lock(tx, {_informed_id(tx, person_id) for person_id in reported})


@handlers.load(*STEPS)
def load_steps(tx: Transaction, received: Sequence[Received[MembershipStep]]) -> None:
    """Loads who decides on claims, and what was told of these steps before."""
    load_contacts(tx, actors={message.data.about for message in received})
    load_staff(tx)
    said = [_step(tx, message.data, message.attributes) for message in received]
    notices.read(tx, {notice.notice_id for notice in said})
    messages.lock(
        tx,
        {
            each
            for notice in said
            for person_id in (
                notice.actor_id,
                *audience(tx).contacts_of.get(notice.actor_id, ()),
                *audience(tx).staff,
            )
            for each in message_ids(notice, person_id)
        },
    )


@handlers.on(PersonAdded, PersonContactChanged)
def person(tx: Transaction, fact: PersonState) -> None:
    """A person is known: they are told what stands, and what waited for them goes on."""
    tx.resolve(_person_key(fact.person_id))
    _tell_newcomer(tx, fact.person_id)


@handlers.on(MembershipGranted, MembershipsEnded)
def memberships(tx: Transaction, fact: MembershipsState) -> None:
    """A person is a contact of other actors than before: they are told what stands for those."""
    _tell_newcomer(tx, fact.person_id)


@handlers.on(*STEPS)
def step(tx: Transaction, fact: MembershipStep) -> None:
    """Somebody came nearer to an actor: those who decide are told, or they themselves.

    A notice stands for a person who is not known yet.
    """
    notice = _step(tx, fact, tx.attributes)
    if notice.template is Template.CLAIM_MADE:
        # It does not stand for those who come later: the first of them is whoever claimed.
        known = audience(tx)
        for contact in {**known.staff, **known.contacts_of.get(fact.about, {})}.values():
            tell(tx, notice, contact)
    else:
        if notices.get(tx, notice.notice_id) is None:
            notices.put(tx, notice)
        _tell_person(tx, notice, fact.person_id)
    _tell_newcomer(tx, fact.person_id)


def _step(tx: Transaction, fact: MembershipStep, attributes: Attributes) -> Notice:
    return step_of(fact, attributes.id, attributes.time or tx.now, tx.now)


def _tell_person(tx: Transaction, notice: Notice, person_id: UUID) -> None:
    person = people.get(tx, person_id)
    if person is not None:
        language = language_of(person.language)
        tell(tx, notice, Contact(notice.matter.actor_id, person_id, language))


def _tell_newcomer(tx: Transaction, person_id: UUID) -> None:
    known = audience(tx)
    _inform(tx, person_id)
    for notice in known.notices_of.get(person_id, ()):
        _tell_person(tx, notice, person_id)
    for actor_id, contact in known.roles_of.get(person_id, {}).items():
        for notice in known.notices_of.get(actor_id, ()):
            tell(tx, notice, contact)


def _inform(tx: Transaction, person_id: UUID) -> None:
    """Tells a contact, once, who reported them, what is kept, and how they object."""
    person = people.get(tx, person_id)
    actors = sorted(audience(tx).roles_of.get(person_id, ()))
    if person is None or person.contact_of is None or not actors:
        return
    if messages.get(tx, _informed_id(tx, person_id)) is None:
        source = person.contact_of.source
        notice = of_contact(person_id, _mark(tx, person.email), actors[0], source, tx.now)
        keep(tx, email(notice, person_id, language_of(person.language), tx.now))


def _informed_id(tx: Transaction, person_id: UUID) -> UUID:
    cause_id = contact_cause(person_id, _mark(tx, people.require(tx, person_id).email))
    return message_id(cause_id, person_id, Template.CONTACT_REPORTED, Channel.EMAIL)


def _mark(tx: Transaction, address: str) -> bytes:
    return objections.mark(tx.settings.privacy_key.get_secret_value(), address)


# --------------------------------------------------------------------------------- facts


@handlers.load(*FACTS)
def load_facts(tx: Transaction, received: Messages) -> None:
    """Loads the contacts of the actors in the facts, and what they were told before."""
    lock_audience(tx, change=False)
    said = [
        (message.data, notice)
        for message in received
        for notice in _notices(tx, message.data, message.attributes)
    ]
    load_contacts(tx, actors={notice.actor_id for _, notice in said})
    notices.read(tx, {notice.notice_id for _, notice in said})
    known = audience(tx)
    messages.lock(
        tx,
        (
            each
            for _, notice in said
            for person_id in known.contacts_of.get(notice.actor_id, ())
            for each in message_ids(notice, person_id)
        ),
    )
    unheard = (each for each in said if each[1].actor_id not in known.contacts_of)
    digests.lock(tx, {reader for each in unheard if (reader := reader_of(*each))})


@handlers.on(*FACTS)
def happened(tx: Transaction, fact: Telling) -> None:
    """Something happened: the contacts are told, and a notice stands for those not known yet."""
    for notice in _notices(tx, fact, tx.attributes):
        contacts = audience(tx).contacts_of.get(notice.actor_id, {})
        if notices.get(tx, notice.notice_id) is None:
            notices.put(tx, notice)
            if not contacts:
                gather(tx, fact, notice)
        for contact in contacts.values():
            tell(tx, notice, contact)


def _notices(tx: Transaction, fact: Telling, attributes: Attributes) -> tuple[Notice, ...]:
    return notices_of(fact, attributes.id, attributes.time or tx.now, tx.now)


# ------------------------------------------------------------------------------- signing in


@handlers.load(SendSignInLink)
def load_sign_in(tx: Transaction, received: Sequence[Received[SendSignInLink]]) -> None:
    """Reads the people, and locks what was written to them before."""
    people.read(tx, {message.data.person_id for message in received})
    messages.lock(
        tx, {_link_id(message.attributes.id, message.data.person_id) for message in received}
    )


@handlers.on(SendSignInLink)
def send_sign_in_link(tx: Transaction, command: SendSignInLink) -> Message:
    """Queues the e-mail with the link; waits for a person whose facts have not come yet.

    Refuses with `not_found` when the link has expired before the person was known.
    """
    cause_id = tx.attributes.id
    person = people.get(tx, command.person_id)
    if person is None:
        if tx.now >= command.expires_at:
            raise Refused(Reason.NOT_FOUND, subject=people.subject)
        raise WaitFor(_person_key(command.person_id), people.subject)
    known = messages.get(tx, _link_id(cause_id, command.person_id))
    if known is not None:
        return known
    return keep(tx, sign_in_link(command, cause_id, language_of(person.language), tx.now))


def _link_id(cause_id: str, person_id: UUID) -> UUID:
    return message_id(cause_id, person_id, Template.SIGN_IN_LINK, Channel.EMAIL)


def _person_key(person_id: UUID) -> str:
    return f"person/{person_id}"
