"""How people come to act for an actor: claims, invitations, roles, leaving, handing over."""

from datetime import datetime, timedelta
from uuid import UUID

from impulse_chassis import Handlers, Messages, Refused, Transaction
from impulse_contracts import rights, topics
from impulse_contracts.codes import PendingKind
from impulse_contracts.purposes import TERMS, Purpose
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.joining import (
    AcceptInvitation,
    ChangeRoles,
    ClaimActor,
    ConfirmClaim,
    DeclineInvitation,
    EndMembership,
    EndPending,
    ForgetPerson,
    HandOverOffice,
    IntroducePerson,
    InvitePerson,
    LeaveActor,
    RefuseClaim,
)
from impulse_contracts.registry.people import (
    ClaimConfirmed,
    ClaimExpired,
    ClaimRefused,
    InvitationEnded,
    MembershipClaimed,
    MembershipGranted,
    MembershipInvited,
    MembershipsEnded,
    MembershipsState,
    MembershipStep,
    OfficeTakenOver,
    PersonAdded,
)
from impulse_registry.domain import joining as rules
from impulse_registry.domain import people as person_rules
from impulse_registry.domain.people import Memberships, Person
from impulse_registry.domain.principals import demand
from impulse_registry.handlers.common import principal, read_principals, standing_id
from impulse_registry.store.actors import actors
from impulse_registry.store.blocking import is_blocked, load_blocked, unblock
from impulse_registry.store.erasures import erasures
from impulse_registry.store.people import (
    lock_members,
    members_of,
    memberships,
    people,
)

handlers = Handlers()

INTRODUCED_STANDS = timedelta(days=1)
"""How long somebody is kept who said who they are and did nothing since."""


@handlers.load(
    *(ClaimActor, ConfirmClaim, RefuseClaim, InvitePerson, AcceptInvitation, DeclineInvitation),
    *(ChangeRoles, LeaveActor, HandOverOffice),
)
def load_actors(tx: Transaction, messages: Messages) -> None:
    """The actors that people act for, or are to, held so that none is merged meanwhile."""
    actors.lock(tx, {message.data.actor_id for message in messages})


@handlers.load(
    *(IntroducePerson, ClaimActor, ConfirmClaim, RefuseClaim, InvitePerson, AcceptInvitation),
    *(DeclineInvitation, ChangeRoles, LeaveActor, HandOverOffice),
    *(EndPending, EndMembership, ForgetPerson),
)
def load_people(tx: Transaction, messages: Messages) -> None:
    """The people, what they are to actors, whether they were erased, and who asks."""
    wanted = {message.data.person_id for message in messages}
    wanted |= {m.data.successor_id for m in messages if isinstance(m.data, HandOverOffice)}
    people.lock(tx, wanted)
    memberships.lock(tx, wanted)
    erasures.read(tx, wanted)
    read_principals(tx, messages)


@handlers.load(ClaimActor)
def load_claiming(tx: Transaction, messages: Messages) -> None:
    """Whether those who claim were erased before."""
    found = (people.get(tx, message.data.person_id) for message in messages)
    load_blocked(tx, {person.email for person in found if person})


@handlers.load(InvitePerson)
def load_invited(tx: Transaction, messages: Messages) -> None:
    """Whether those who are invited were erased under another id."""
    load_blocked(tx, {message.data.email for message in messages})


@handlers.load(ConfirmClaim, ChangeRoles, LeaveActor)
def load_colleagues(tx: Transaction, messages: Messages) -> None:
    """The other people of the actors."""
    lock_members(tx, {standing_id(tx, message.data.actor_id) for message in messages})


# ---------------------------------------------------------------------------------- claims


@handlers.on(IntroducePerson)
def introduce_person(tx: Transaction, command: IntroducePerson) -> Person:
    """Keeps who a visitor says they are, until they have shown that the address is theirs."""
    demand(principal(tx).is_system)
    known = people.get(tx, command.person_id)
    if known is not None:
        return known
    person = _introduce(tx, command)
    tx.schedule(ForgetPerson(person_id=person.person_id), at=tx.now + INTRODUCED_STANDS)
    return person


@handlers.on(ClaimActor)
def claim_actor(tx: Transaction, command: ClaimActor) -> Memberships:
    """Notes that a person says an actor is theirs."""
    demand(principal(tx).is_self(command.person_id))
    person = people.require(tx, command.person_id)
    actor = actors.require(tx, command.actor_id)
    actor.require_active()
    held = _held(tx, command.person_id)
    claimed = rules.claim(held, actor.actor_id, tx.now, command.listing_id)
    # Who was erased and comes back by their own will, signed in, may be named again.
    unblock(tx, person.email)
    return _ask(tx, held, claimed, MembershipClaimed, actor.actor_id)


@handlers.on(ConfirmClaim)
def confirm_claim(tx: Transaction, command: ConfirmClaim) -> Memberships:
    """Makes the person a member who claimed the actor; the first one administers it."""
    actor_id = standing_id(tx, command.actor_id)
    demand(principal(tx).may_decide_claim(command.person_id, actor_id))
    held = _held(tx, command.person_id)
    colleagues = members_of(tx, actor_id)
    confirmed = rules.confirm(held, actor_id, colleagues, rules.day_of(tx.now))
    set_timers(tx, confirmed, actor_id)
    pending = held.pending_at(actor_id)
    because_of = pending.listing_id if pending else None
    _keep(tx, confirmed)
    tx.publish(ClaimConfirmed.of(confirmed, about=actor_id, listing_id=because_of))
    return confirmed


@handlers.on(RefuseClaim)
def refuse_claim(tx: Transaction, command: RefuseClaim) -> Memberships:
    """Takes a claim off."""
    actor_id = standing_id(tx, command.actor_id)
    demand(principal(tx).may_decide_claim(command.person_id, actor_id))
    held = _held(tx, command.person_id)
    refused = rules.drop(held, actor_id, PendingKind.CLAIMED, rules.CLAIM)
    set_timers(tx, refused, actor_id)
    return _step(tx, refused, ClaimRefused, actor_id)


# ----------------------------------------------------------------------------- invitations


@handlers.on(InvitePerson)
def invite_person(tx: Transaction, command: InvitePerson) -> Memberships:
    """Invites a person to act for an actor; what is known of them stays as it is."""
    actor_id = standing_id(tx, command.actor_id)
    demand(principal(tx).may_give(command.roles, actor_id))
    if erasures.get(tx, command.person_id) is not None:
        raise Refused(Reason.PERSON_ERASED)
    actors.require(tx, actor_id).require_active()
    held = _held(tx, command.person_id)
    invited = rules.invite(held, actor_id, command.roles, tx.now, command.valid_to)
    if people.get(tx, command.person_id) is None:
        if is_blocked(tx, command.email):
            raise Refused(Reason.PERSON_ERASED)
        _introduce(tx, command)
    return _ask(tx, held, invited, MembershipInvited, actor_id)


@handlers.on(AcceptInvitation)
def accept_invitation(tx: Transaction, command: AcceptInvitation) -> Memberships:
    """Makes the invited person a member."""
    actor_id = standing_id(tx, command.actor_id)
    demand(principal(tx).is_self(command.person_id))
    held = _held(tx, command.person_id)
    accepted = rules.accept(held, actor_id, rules.day_of(tx.now))
    set_timers(tx, accepted, actor_id)
    return _say(tx, accepted, MembershipGranted)


@handlers.on(DeclineInvitation)
def decline_invitation(tx: Transaction, command: DeclineInvitation) -> Memberships:
    """Takes an invitation off."""
    actor_id = standing_id(tx, command.actor_id)
    who = principal(tx)
    demand(who.person_id == command.person_id or who.may_manage_people(actor_id))
    held = _held(tx, command.person_id)
    declined = rules.drop(held, actor_id, PendingKind.INVITED, rules.INVITATION)
    set_timers(tx, declined, actor_id)
    return _step(tx, declined, InvitationEnded, actor_id)


@handlers.on(EndPending)
def end_pending(tx: Transaction, timer: EndPending) -> None:
    """Takes off what nobody answered in time."""
    held = _held(tx, timer.person_id)
    pending = held.pending_at(timer.actor_id)
    lapsed = rules.lapse(held, timer.actor_id, tx.now)
    if pending is None or lapsed is None:
        return
    claimed = pending.kind == PendingKind.CLAIMED
    _step(tx, lapsed, ClaimExpired if claimed else InvitationEnded, timer.actor_id)


# ------------------------------------------------------------------------ roles and leaving


@handlers.on(ChangeRoles)
def change_roles(tx: Transaction, command: ChangeRoles) -> Memberships:
    """Gives a member other functions and rights."""
    actor_id = standing_id(tx, command.actor_id)
    held = _held(tx, command.person_id)
    at_actor = tuple(each for each in held.memberships if each.actor_id == actor_id)
    demand(principal(tx).may_give(command.roles, actor_id, at_actor))
    colleagues = members_of(tx, actor_id)
    changed = rules.change_roles(held, actor_id, command.roles, colleagues, command.valid_to)
    if changed is None:
        return held
    set_timers(tx, changed, actor_id)
    return _say(tx, changed, MembershipGranted)


@handlers.on(LeaveActor)
def leave_actor(tx: Transaction, command: LeaveActor) -> Memberships:
    """Ends a membership."""
    actor_id = standing_id(tx, command.actor_id)
    held = _held(tx, command.person_id)
    at_actor = tuple(each for each in held.memberships if each.actor_id == actor_id)
    who = principal(tx)
    demand(who.may_end(command.person_id, actor_id, at_actor))
    # A broker sees to it that somebody looks after the actor; others hand the office over.
    colleagues = [] if who.is_staff else members_of(tx, actor_id)
    return _say(tx, rules.leave(held, actor_id, colleagues), MembershipsEnded)


@handlers.on(HandOverOffice)
def hand_over_office(tx: Transaction, command: HandOverOffice) -> Memberships:
    """Moves functions and rights to a successor at once; who held them leaves the actor."""
    actor_id = standing_id(tx, command.actor_id)
    held = _held(tx, command.person_id)
    at_actor = tuple(each for each in held.memberships if each.actor_id == actor_id)
    who = principal(tx)
    demand(who.may_end(command.person_id, actor_id, at_actor))
    # Nobody makes a broker or an operator by going.
    demand(who.is_operator or not rights.STAFF & rights.roles_in(at_actor))
    if command.successor_id == command.person_id:
        raise Refused(Reason.ALREADY_EXISTS, subject=rules.MEMBERSHIP)
    successor = _held(tx, command.successor_id)
    left, taken = rules.hand_over(held, successor, actor_id, rules.day_of(tx.now))
    if taken is not None:
        _step(tx, taken, OfficeTakenOver, actor_id)
    return _say(tx, left, MembershipsEnded)


@handlers.on(EndMembership)
def end_membership(tx: Transaction, timer: EndMembership) -> None:
    """Ends a membership whose last day is over."""
    held = _held(tx, timer.person_id)
    known = held.at(timer.actor_id)
    if known is not None and known.valid_to and rules.end_of(known.valid_to) <= tx.now:
        _say(tx, rules.end(held, timer.actor_id), MembershipsEnded)


@handlers.on(ForgetPerson)
def forget_person(tx: Transaction, timer: ForgetPerson) -> None:
    """Forgets somebody who is nothing to any actor, and asks to be nothing."""
    held = memberships.get(tx, timer.person_id)
    if held is not None and held.is_attached:
        return
    if held is not None:
        memberships.remove(tx, timer.person_id)
        tx.delete(topics.MEMBERSHIPS.name, str(timer.person_id))
    if people.get(tx, timer.person_id) is not None:
        people.remove(tx, timer.person_id)
        tx.delete(topics.PEOPLE.name, str(timer.person_id))


# ------------------------------------------------------------------------------- the parts


def _held(tx: Transaction, person_id: UUID) -> Memberships:
    return memberships.get(tx, person_id) or Memberships(person_id=person_id)


def _introduce(tx: Transaction, said: IntroducePerson | InvitePerson) -> Person:
    if erasures.get(tx, said.person_id) is not None:
        raise Refused(Reason.PERSON_ERASED)
    person = people.put(tx, person_rules.introduce(said))
    tx.publish(PersonAdded.of(person))
    return person


def _ask(
    tx: Transaction,
    held: Memberships,
    asked: Memberships | None,
    step: type[MembershipStep],
    actor_id: UUID,
) -> Memberships:
    """Keeps a new claim or invitation, which ends by itself; `held` stands where none is new."""
    if asked is None:
        return held
    set_timers(tx, asked, actor_id)
    return _step(tx, asked, step, actor_id)


def set_timers(tx: Transaction, held: Memberships, actor_id: UUID) -> None:
    """Sets what ends a membership, a claim or an invitation at an actor; takes away what ended."""
    known, pending = held.at(actor_id), held.pending_at(actor_id)
    ended = EndMembership(person_id=held.person_id, actor_id=actor_id)
    _set(tx, ended, rules.end_of(known.valid_to) if known and known.valid_to else None)
    _set(
        tx,
        EndPending(person_id=held.person_id, actor_id=actor_id),
        pending.until if pending else None,
    )


def _set(tx: Transaction, timer: EndMembership | EndPending, at: datetime | None) -> None:
    name = str(timer.actor_id)
    if at is None:
        tx.unschedule(type(timer), timer.person_id, name)
    else:
        tx.schedule(timer, at=at, name=name)


def _step(
    tx: Transaction, after: Memberships, step: type[MembershipStep], about: UUID
) -> Memberships:
    _keep(tx, after)
    tx.publish(step.of(after, about=about))
    return after


def _say(tx: Transaction, after: Memberships, fact: type[MembershipsState]) -> Memberships:
    _keep(tx, after)
    tx.publish(fact.of(after))
    return after


def _keep(tx: Transaction, after: Memberships) -> None:
    """Keeps memberships; whoever is nothing to anybody now is forgotten after a time."""
    memberships.put(tx, after)
    if not after.is_attached:
        at = tx.now + timedelta(days=TERMS[Purpose.MEMBERSHIP].days)
        tx.schedule(ForgetPerson(person_id=after.person_id), at=at)
