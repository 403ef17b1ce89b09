"""Reminding of the deadlines of projects: non-profits to submit one, companies to claim one, as
long as they have none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from impulse_chassis import Handlers, Received, Transaction
from impulse_contracts.booking.editions import (
    EditionAdvanced,
    EditionAnnounced,
    EditionCancelled,
    EditionChanged,
    EditionClosed,
    EditionCounted,
    EditionFact,
)
from impulse_contracts.notifications import RemindOfDeadline
from impulse_notifications.closing import look_again
from impulse_notifications.domain.editions import Deadline, KnownEdition, deadlines, of_deadline
from impulse_notifications.domain.notice import Notice
from impulse_notifications.domain.programme import KnownBooking
from impulse_notifications.programme import with_place
from impulse_notifications.store import lock_audience
from impulse_notifications.store.editions import companies, editions, with_projects
from impulse_notifications.store.programme import bookings, lock_to_tell, sessions
from impulse_notifications.telling import load_told, tell_all

EDITIONS: tuple[type[EditionFact], ...] = (
    EditionAnnounced,
    EditionChanged,
    EditionAdvanced,
    EditionCounted,
    EditionClosed,
    EditionCancelled,
)
"""Each says what the deadlines are: of those that came before, the log may keep none."""

handlers = Handlers()


@dataclass
class Sides:
    """Which organisations of a batch are companies, and who has a project of an edition already."""

    companies: set[UUID] = field(default_factory=set)
    with_projects: set[tuple[UUID, UUID]] = field(default_factory=set)


@handlers.load(*EDITIONS)
def load_editions(tx: Transaction, received: Sequence[Received[EditionFact]]) -> None:
    """Loads the editions as they are now."""
    editions.read(tx, {message.data.edition_id for message in received})


@handlers.on(*EDITIONS)
def edition(tx: Transaction, fact: EditionFact) -> None:
    """The deadlines of an edition are known, or are others; of one that is near already everybody
    knows who registers. When its day is over it is to be closed."""
    known = editions.require(tx, fact.edition_id)
    wanted = {each.claiming: each for each in deadlines(known) if tx.now < each.remind_at}
    for claiming in (False, True):
        if (deadline := wanted.get(claiming)) is None:
            tx.unschedule(RemindOfDeadline, known.edition_id, name=str(claiming))
        else:
            timer = RemindOfDeadline(edition_id=known.edition_id, **deadline._asdict())
            tx.schedule(timer, at=deadline.remind_at, name=str(claiming))
    look_again(tx, known)


@handlers.load(RemindOfDeadline)
def load_reminders(tx: Transaction, received: Sequence[Received[RemindOfDeadline]]) -> None:
    """Loads the editions, who has a place at them, and whoever is told."""
    lock_audience(tx, change=False)
    editions.read(tx, {message.data.edition_id for message in received})
    booked = {each.session_id for each in editions.loaded(tx, lambda _: True)}
    sessions.lock(tx, booked)
    lock_to_tell(tx, (), booked)
    there = bookings.loaded(tx, lambda _: True)
    sides = tx.memo(Sides)
    sides.companies = companies(tx, {each.actor_id for each in there})
    sides.with_projects = with_projects(tx, {each.data.edition_id for each in received})
    load_told(tx, [notice for each in received for notice in _said(tx, each.data)])


@handlers.on(RemindOfDeadline)
def remind(tx: Transaction, timer: RemindOfDeadline) -> None:
    """Reminds those whom a deadline concerns and who have done nothing yet; never of another one
    than there is now."""
    tell_all(tx, _said(tx, timer))


def _said(tx: Transaction, timer: RemindOfDeadline) -> list[Notice]:
    known, deadline = editions.get(tx, timer.edition_id), Deadline(timer.claiming, timer.until)
    session = sessions.get(tx, known.session_id) if known else None
    if known is None or session is None or not _stands(known, deadline):
        return []
    return [
        notice
        for booking in with_place(tx, known.session_id)
        if _is_company(tx, booking) == deadline.claiming
        and (known.edition_id, booking.actor_id) not in tx.memo(Sides).with_projects
        for notice in of_deadline(known, deadline, booking, session, tx.now)
    ]


def _stands(known: KnownEdition, deadline: Deadline) -> bool:
    return deadline in deadlines(known)


def _is_company(tx: Transaction, booking: KnownBooking) -> bool:
    return booking.actor_id in tx.memo(Sides).companies
