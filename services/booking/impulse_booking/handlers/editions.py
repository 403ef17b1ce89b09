"""Editions: announced, changed, cancelled and closed, with all that is booked of them."""

from uuid import UUID

from impulse_booking.domain import editions as rules
from impulse_booking.domain.bookings import HOLDING
from impulse_booking.domain.editions import Edition
from impulse_booking.domain.offers import withdraw
from impulse_booking.domain.registration import Arranged, arranged, parts
from impulse_booking.domain.waiting import promote
from impulse_booking.handlers.asking import demand_runs, read_people
from impulse_booking.handlers.keeping import call_off, keep, keep_offer, keep_session
from impulse_booking.handlers.loading import queue_of
from impulse_booking.handlers.projects import withdraw_free
from impulse_booking.handlers.results import counted, counted_again
from impulse_booking.store.bookings import in_state, lock_open
from impulse_booking.store.editions import editions
from impulse_booking.store.programme import offers, sessions
from impulse_chassis import Handlers, Messages, Refused, Transaction
from impulse_contracts.booking.edition_codes import EditionStage
from impulse_contracts.booking.editions import (
    AdvanceEdition,
    AnnounceEdition,
    CancelEdition,
    ChangeEdition,
    CloseEdition,
    EditionAdvanced,
    EditionAnnounced,
    EditionCancelled,
    EditionChanged,
    EditionClosed,
    EditionCounted,
    EditionFact,
)
from impulse_contracts.booking.programme import ProgrammeOfferWithdrawn
from impulse_contracts.reasons import Reason

ARRANGING = (AnnounceEdition, ChangeEdition, CancelEdition)
handlers = Handlers()


@handlers.load(*ARRANGING, CloseEdition, AdvanceEdition)
def load_editions(tx: Transaction, messages: Messages) -> None:
    """The editions, and who asks."""
    editions.lock(tx, {message.data.edition_id for message in messages})
    read_people(tx, messages)


@handlers.load(*ARRANGING)
def load_arranged(tx: Transaction, messages: Messages) -> None:
    """What is booked of the editions: offers, sessions, and their bookings that are open."""
    ids = {message.data.edition_id for message in messages}
    named = {each: (rules.day_id(each), rules.workshop_id(each)) for each in ids}
    offers.lock(tx, {of(each) for each in ids for of in (rules.offer_id, rules.workshop_offer_id)})
    sessions.lock(tx, {session_id for both in named.values() for session_id in both})
    lock_open(tx, {session_id for both in named.values() for session_id in both})


@handlers.on(AnnounceEdition)
def announce_edition(tx: Transaction, command: AnnounceEdition) -> Edition:
    """Announces it, with an offer and a session to book; and so for its workshop."""
    demand_runs(tx, command.provider_actor_id)
    if editions.get(tx, command.edition_id) is not None:
        raise Refused(Reason.ALREADY_EXISTS, subject=editions.subject)
    announced = rules.announce(command.edition_id, command, tx.now)
    _arrange(tx, _arrangements(tx, command))
    return _keep(tx, announced, EditionAnnounced)


@handlers.on(ChangeEdition)
def change_edition(tx: Transaction, command: ChangeEdition) -> Edition:
    """Changes what it says, and moves what is booked along; a workshop that is not said any more
    is called off. For its own people, who don't pass it to others by that."""
    before = _run(tx, command.edition_id)
    demand_runs(tx, command.provider_actor_id)
    after = rules.change(before, command, tx.now)
    arrangements = _arrangements(tx, command)
    if command.workshop is None:
        _call_off(
            tx, rules.workshop_offer_id(before.edition_id), rules.workshop_id(before.edition_id)
        )
    _arrange(tx, arrangements)
    return _keep(tx, after, EditionChanged)


@handlers.on(CancelEdition)
def cancel_edition(tx: Transaction, command: CancelEdition) -> Edition:
    """Cancels it, with all that is booked of it, and the projects that nobody has claimed."""
    before = _run(tx, command.edition_id)
    after = rules.cancel(before, tx.now)
    _call_off(tx, rules.offer_id(before.edition_id), rules.day_id(before.edition_id))
    _call_off(tx, rules.workshop_offer_id(before.edition_id), rules.workshop_id(before.edition_id))
    withdraw_free(tx, before.edition_id)
    return _keep(tx, after, EditionCancelled)


@handlers.on(CloseEdition)
def close_edition(tx: Transaction, command: CloseEdition) -> Edition:
    """Closes it, with its results as they are now."""
    before = _run(tx, command.edition_id)
    return _keep(tx, counted(tx, rules.close(before, tx.now)), EditionClosed)


@handlers.on(AdvanceEdition)
def advance_edition(tx: Transaction, timer: AdvanceEdition) -> None:
    """Says each stage that has come; the results are counted when its day is over, and anew when
    what became of its cooperations changes them, however late."""
    edition = editions.require(tx, timer.edition_id)
    while (further := rules.advanced(edition, tx.now)) is not None:
        if further.stage is EditionStage.RESULTS:
            further = counted(tx, further)
        edition = _keep(tx, further, EditionAdvanced)
    again = counted_again(tx, edition)
    if again is not None:
        edition = _keep(tx, again, EditionCounted)
    look_again(tx, edition)


def look_again(tx: Transaction, edition: Edition) -> None:
    """Sets the timer of its next stage, or takes it away."""
    at = rules.next_look(edition, tx.now)
    if at is None:
        tx.unschedule(AdvanceEdition, edition.edition_id)
    else:
        tx.schedule(AdvanceEdition(edition_id=edition.edition_id), at=at)


def _run(tx: Transaction, edition_id: UUID) -> Edition:
    """The edition. Refuses with `not_found`, or `not_allowed` who does not run it."""
    before = editions.require(tx, edition_id)
    demand_runs(tx, before.provider_actor_id)
    return before


def _keep(tx: Transaction, edition: Edition, fact: type[EditionFact]) -> Edition:
    tx.publish(fact.of(editions.put(tx, edition)))
    look_again(tx, edition)
    return edition


def _arrangements(tx: Transaction, command: AnnounceEdition | ChangeEdition) -> list[Arranged]:
    """What is to be booked of it; nothing is put yet."""
    return [
        arranged(
            command.edition_id,
            part,
            offers.get(tx, part.session.programme_offer_id),
            sessions.get(tx, part.session.session_id),
            in_state(tx, part.session.session_id, *sorted(HOLDING)),
            tx.now,
        )
        for part in parts(command.edition_id, command)
    ]


def _arrange(tx: Transaction, arrangements: list[Arranged]) -> None:
    """Keeps and says what is to be booked; places that are free by that go to who waits."""
    for each in arrangements:
        if each.offer_fact is not None:
            keep_offer(tx, each.offer, each.offer_fact)
        if each.session_fact is not None:
            session = keep_session(tx, each.session, each.session_fact)
            keep(tx, promote(session, each.offer, queue_of(tx, session), tx.now))


def _call_off(tx: Transaction, programme_offer_id: UUID, session_id: UUID) -> None:
    """Calls a session off that is ahead, and withdraws its offer, if there are any."""
    session = sessions.get(tx, session_id)
    if session is not None and session.is_ahead(tx.now):
        call_off(tx, session)
    offer = offers.get(tx, programme_offer_id)
    if offer is not None and offer.is_published:
        keep_offer(tx, withdraw(offer), ProgrammeOfferWithdrawn)
