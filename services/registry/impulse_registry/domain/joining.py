"""How people come to act for an actor: claims, invitations, roles, leaving, handing over."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from impulse_chassis.aggregate import Refused
from impulse_contracts import rights
from impulse_contracts.codes import PendingKind, PersonRole
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.people import PendingMembership
from impulse_registry.domain.people import Memberships, grant

CLAIM_STANDS = timedelta(days=14)
"""How long a claim waits for somebody to decide on it."""
INVITATION_STANDS = timedelta(days=30)
"""How long an invitation can be accepted."""

CLAIM = ("Die Anfrage", "The request")
INVITATION = ("Die Einladung", "The invitation")
MEMBERSHIP = ("Die Zugehörigkeit", "The membership")

_ZONE = ZoneInfo("Europe/Berlin")


def found(held: Memberships, actor_id: UUID, today: date) -> Memberships:
    """The memberships of one who registers the organisation that is theirs: they administer it.

    Refuses with `not_allowed` whoever belongs to one already, or waits to: a broker registers more.
    """
    if held.is_attached:
        raise Refused(Reason.NOT_ALLOWED)
    granted = grant(held, actor_id, (PersonRole.ADMIN,), since=today)
    assert granted is not None
    return granted


def claim(
    held: Memberships, actor_id: UUID, now: datetime, listing_id: UUID | None = None
) -> Memberships | None:
    """The memberships with a claim on an actor; None if it, or an invitation, is pending already.

    Refuses with `already_exists` for a member.
    """
    return _ask(held, actor_id, PendingKind.CLAIMED, (), now, CLAIM_STANDS, listing_id=listing_id)


def invite(
    held: Memberships,
    actor_id: UUID,
    roles: Iterable[PersonRole],
    now: datetime,
    until: date | None = None,
) -> Memberships | None:
    """The memberships with an invitation to an actor; None if one is pending already.

    Refuses with `already_exists` for a member. Who has claimed the actor is invited instead.
    """
    return _ask(held, actor_id, PendingKind.INVITED, roles, now, INVITATION_STANDS, until)


def _ask(
    held: Memberships,
    actor_id: UUID,
    kind: PendingKind,
    roles: Iterable[PersonRole],
    now: datetime,
    stands: timedelta,
    until: date | None = None,
    listing_id: UUID | None = None,
) -> Memberships | None:
    if held.at(actor_id) is not None:
        raise Refused(Reason.ALREADY_EXISTS, subject=MEMBERSHIP)
    pending = held.pending_at(actor_id)
    if pending is not None and kind in (pending.kind, PendingKind.CLAIMED):
        return None
    others = tuple(each for each in held.pending if each.actor_id != actor_id)
    asked = PendingMembership(
        actor_id=actor_id,
        kind=kind,
        roles=tuple(dict.fromkeys(roles)),
        since=now,
        until=now + stands,
        valid_to=until,
        listing_id=listing_id,
    )
    return held.evolve(pending=(*others, asked))


def confirm(
    held: Memberships, actor_id: UUID, colleagues: Sequence[Memberships], today: date
) -> Memberships:
    """The memberships after a claim was confirmed.

    Who comes to an actor that nobody administers becomes its administrator; others may edit, and
    get more from the administrator. Refuses with `not_found` where there is no claim.
    """
    _require(held, actor_id, PendingKind.CLAIMED, CLAIM)
    alone = not _has_admin(colleagues, actor_id)
    granted = grant(
        held, actor_id, (PersonRole.ADMIN if alone else PersonRole.EDITOR,), since=today
    )
    assert granted is not None
    return granted


def accept(held: Memberships, actor_id: UUID, today: date) -> Memberships:
    """The memberships after an invitation was accepted; refuses with `not_found` without one."""
    invited = _require(held, actor_id, PendingKind.INVITED, INVITATION)
    granted = grant(held, actor_id, invited.roles, since=today, until=invited.valid_to)
    assert granted is not None
    return granted


def drop(
    held: Memberships, actor_id: UUID, kind: PendingKind, subject: tuple[str, str]
) -> Memberships:
    """The memberships without a claim or an invitation; refuses with `not_found` without one."""
    _require(held, actor_id, kind, subject)
    return _without(held, actor_id)


def lapse(held: Memberships, actor_id: UUID, now: datetime) -> Memberships | None:
    """The memberships without what was pending too long at an actor; None if nothing was."""
    pending = held.pending_at(actor_id)
    return None if pending is None or now < pending.until else _without(held, actor_id)


def change_roles(
    held: Memberships,
    actor_id: UUID,
    roles: Iterable[PersonRole],
    colleagues: Sequence[Memberships],
    until: date | None = None,
) -> Memberships | None:
    """The memberships with other roles at an actor; None if they stand.

    Refuses with `not_found` for one who is no member, with `last_admin` where nobody else
    administers the actor.
    """
    _require_member(held, actor_id)
    wanted = tuple(roles)
    if PersonRole.ADMIN not in wanted or until is not None:
        _keep_an_admin(held, actor_id, colleagues)
    return grant(held, actor_id, wanted, until=until)


def leave(held: Memberships, actor_id: UUID, colleagues: Sequence[Memberships]) -> Memberships:
    """The memberships without that of an actor.

    The last administrator stays as long as there are others who belong to the actor and could take
    over (`last_admin`). Whoever is alone may go: claims on the actor are the broker's then.
    """
    _require_member(held, actor_id)
    if any(each.at(actor_id) for each in colleagues if each.person_id != held.person_id):
        _keep_an_admin(held, actor_id, colleagues)
    return end(held, actor_id)


def end(held: Memberships, actor_id: UUID) -> Memberships:
    """The memberships without that of an actor, whoever is left there."""
    others = tuple(each for each in held.memberships if each.actor_id != actor_id)
    return held.evolve(memberships=others)


def hand_over(
    held: Memberships, successor: Memberships, actor_id: UUID, today: date
) -> tuple[Memberships, Memberships | None]:
    """The memberships of one who leaves, and of their successor with the functions and rights of
    both (None if they had them all). Refuses with `not_found` where one of them is no member."""
    _require_member(held, actor_id)
    _require_member(successor, actor_id)
    mine, theirs = held.roles_at(actor_id) or (), successor.roles_at(actor_id) or ()
    return end(held, actor_id), grant(successor, actor_id, (*theirs, *mine), since=today)


def named_contacts(members: Iterable[Memberships], actor_id: UUID) -> list[UUID]:
    """Who is named to the other side for an actor: its contacts and coordinators.

    Where there are none, whoever administers it.
    """
    roles = {each.person_id: set(each.roles_at(actor_id) or ()) for each in members}
    wanted = ({PersonRole.CONTACT, PersonRole.COORDINATOR}, {PersonRole.ADMIN})
    for some in wanted:
        found = sorted(person_id for person_id, held in roles.items() if held & some)
        if found:
            return found
    return []


def day_of(now: datetime) -> date:
    """The calendar day of a moment in the Ruhr area."""
    return now.astimezone(_ZONE).date()


def end_of(day: date) -> datetime:
    """When a day in the Ruhr area is over."""
    return datetime.combine(day + timedelta(days=1), time(0), _ZONE)


def _require(
    held: Memberships, actor_id: UUID, kind: PendingKind, subject: tuple[str, str]
) -> PendingMembership:
    pending = held.pending_at(actor_id)
    if pending is None or pending.kind != kind:
        raise Refused(Reason.NOT_FOUND, subject=subject)
    return pending


def _require_member(held: Memberships, actor_id: UUID) -> None:
    if held.at(actor_id) is None:
        raise Refused(Reason.NOT_FOUND, subject=MEMBERSHIP)


def _keep_an_admin(held: Memberships, actor_id: UUID, colleagues: Sequence[Memberships]) -> None:
    if rights.is_admin(held.memberships, actor_id) and not _has_admin(
        [each for each in colleagues if each.person_id != held.person_id], actor_id
    ):
        raise Refused(Reason.LAST_ADMIN)


def _has_admin(members: Iterable[Memberships], actor_id: UUID) -> bool:
    return any(rights.is_admin(each.memberships, actor_id) for each in members)


def _without(held: Memberships, actor_id: UUID) -> Memberships:
    return held.evolve(pending=tuple(each for each in held.pending if each.actor_id != actor_id))
