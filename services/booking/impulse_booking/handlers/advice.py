"""When advisers have time, and what came of talks."""

from impulse_booking.domain import advice as rules
from impulse_booking.domain.advice import AdviceHours
from impulse_booking.domain.bookings import Booking
from impulse_booking.domain.offers import ProgrammeOffer
from impulse_booking.handlers.asking import demand_runs, provider_of, read_people
from impulse_booking.handlers.keeping import call_off, keep
from impulse_booking.handlers.loading import with_session
from impulse_booking.store.advice import advice_hours, lock_slots
from impulse_booking.store.bookings import lock_open
from impulse_booking.store.programme import offers, sessions
from impulse_chassis import Handlers, Messages, Transaction
from impulse_contracts.booking.advice import (
    AdviceHoursSet,
    OpenSlots,
    RecordAdvice,
    SetAdviceHours,
)
from impulse_contracts.booking.codes import SessionState
from impulse_contracts.booking.programme import EndWaiting, SessionCancelled, SessionScheduled

handlers = Handlers()


@handlers.load(SetAdviceHours, OpenSlots)
def load_hours(tx: Transaction, messages: Messages) -> None:
    """The hours, the slots that there are and those that there should be, and who asks."""
    data = [message.data for message in messages]
    advice_hours.lock(tx, {each.adviser_id for each in data})
    lock_slots(tx, {each.adviser_id for each in data}, tx.now)
    known = advice_hours.loaded(tx, lambda _: True)
    said = [rules.set_hours(None, each) for each in data if isinstance(each, SetAdviceHours)]
    hours = [*known, *said]
    sessions.lock(tx, {session_id for each in hours for session_id in rules.wanted(each, tx.now)})
    offers.read(tx, {each.programme_offer_id for each in hours})
    gone = {each.adviser_id for each in data} - {each.adviser_id for each in hours}
    if gone:
        left = sessions.loaded(tx, lambda each: each.adviser_id in gone)
        lock_open(tx, {each.session_id for each in left})
    read_people(tx, messages)


@handlers.on(SetAdviceHours)
def set_advice_hours(tx: Transaction, command: SetAdviceHours) -> AdviceHours:
    """Sets when somebody gives advice, and opens the slots of the next weeks.

    Who runs the programme says who advises; advisers then set their hours of that offer themselves.
    """
    offer = offers.require(tx, command.programme_offer_id)
    before = advice_hours.get(tx, command.adviser_id)
    advises = before is not None and before.programme_offer_id == offer.programme_offer_id
    if not (advises and str(command.adviser_id) == tx.attributes.principal):
        demand_runs(tx, offer.provider_actor_id)
        if before is not None:
            demand_runs(tx, provider_of(offers.get(tx, before.programme_offer_id)))
    after = rules.set_hours(before, command)
    rules.demand_advice(offer)
    hours = advice_hours.put(tx, after)
    tx.publish(AdviceHoursSet.of(hours, online=hours.online_link is not None))
    _open(tx, hours, offer)
    _again(tx, hours)
    return hours


@handlers.on(OpenSlots)
def open_slots(tx: Transaction, timer: OpenSlots) -> None:
    """Opens the slots of the day that has come near enough; none where the offer is withdrawn.

    Where the adviser is gone, what they would have given is called off.
    """
    hours = advice_hours.get(tx, timer.adviser_id)
    if hours is None:
        for slot in sessions.loaded(tx, lambda each: each.adviser_id == timer.adviser_id):
            if slot.state is SessionState.SCHEDULED and tx.now < slot.starts:
                call_off(tx, slot)
        return
    offer = offers.get(tx, hours.programme_offer_id)
    if offer is not None and offer.is_published:
        _open(tx, hours, offer)
    _again(tx, hours)


@handlers.on(RecordAdvice)
def record_advice(tx: Transaction, command: RecordAdvice) -> Booking:
    """Writes down what came of a talk."""
    booking, session, offer = with_session(tx, command.booking_id)
    if str(session.adviser_id) != tx.attributes.principal:
        demand_runs(tx, offer.provider_actor_id)
    change = rules.record(session, booking, command, tx.now)
    keep(tx, [change])
    return change.booking


def _open(tx: Transaction, hours: AdviceHours, offer: ProgrammeOffer) -> None:
    own = sessions.loaded(tx, lambda each: each.adviser_id == hours.adviser_id)
    for gone in rules.to_take_back(hours, own, tx.now):
        tx.publish(SessionCancelled.of(sessions.put(tx, gone)))
        tx.unschedule(EndWaiting, gone.session_id)
    own = sessions.loaded(tx, lambda each: each.adviser_id == hours.adviser_id)
    for slot in rules.to_open(hours, offer, own, tx.now):
        tx.publish(SessionScheduled.of(sessions.put(tx, slot)))
        tx.schedule(EndWaiting(session_id=slot.session_id), at=slot.starts)


def _again(tx: Transaction, hours: AdviceHours) -> None:
    if hours.weekly:
        tx.schedule(OpenSlots(adviser_id=hours.adviser_id), at=rules.next_night(tx.now))
