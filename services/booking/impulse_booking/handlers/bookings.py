"""What becomes of bookings, as those who book and those who run the programme say, and by time."""

from impulse_booking.domain import attendance, eligibility, selection, waiting
from impulse_booking.domain import bookings as decide
from impulse_booking.domain import sessions as times
from impulse_booking.domain.bookings import Booking, Change
from impulse_booking.domain.offers import ProgrammeOffer
from impulse_booking.domain.sessions import Session, require_ahead, require_free
from impulse_booking.handlers.asking import (
    demand_acts_for,
    demand_acts_for_party,
    demand_runs,
    known_actor,
)
from impulse_booking.handlers.keeping import call_off, keep, session_key
from impulse_booking.handlers.loading import applicant_of, offer_of, queue_of, with_session
from impulse_booking.store.bookings import bookings, in_state
from impulse_booking.store.programme import sessions
from impulse_chassis import Handlers, Refused, Transaction, WaitFor
from impulse_contracts.booking import bookings as facts
from impulse_contracts.booking.bookings import (
    CancelBooking,
    CheckEligibility,
    DecideApplication,
    DeclinePlace,
    EndOffer,
    OfferPlace,
    RecordAttendance,
    RequestBooking,
    TakePlace,
    Wish,
)
from impulse_contracts.booking.codes import BookingState, CancelledBy, SelectionMode
from impulse_contracts.booking.programme import (
    CancelSession,
    CapacityChanged,
    ChangeCapacity,
    DrawLots,
    EndWaiting,
    LotsDrawn,
)
from impulse_contracts.reasons import Reason

WILL_WAIT = (
    "Zurzeit ist kein Platz frei: Die Anmeldung käme auf die Warteliste.",
    "There is no free place now: the booking would be put on the waiting list.",
)
handlers = Handlers()


@handlers.on(RequestBooking)
def request_booking(tx: Transaction, command: RequestBooking) -> Booking:
    """A place, a turn in the waiting list, or an application. Waits for session and actor."""
    changes = _wished(tx, command, command)
    keep(tx, changes)
    return changes[0].booking


@handlers.on(CheckEligibility)
def check_eligibility(tx: Transaction, command: CheckEligibility) -> Session:
    """Says what would become of a booking, and changes nothing."""
    wish = RequestBooking(booking_id=command.session_id, **command.model_dump())
    [would_be, *_] = _wished(tx, command, wish)
    if would_be.booking.state is BookingState.WAITLISTED:
        tx.note(*WILL_WAIT)
    return sessions.require(tx, command.session_id)


@handlers.on(CancelBooking)
def cancel_booking(tx: Transaction, command: CancelBooking) -> Booking:
    """One side gives it back; a place that is free by that goes to the next."""
    booking, session, offer = with_session(tx, command.booking_id)
    if command.by is CancelledBy.BOOKER:
        demand_acts_for_party(tx, booking.actor_id, command.on_behalf)
        change = decide.cancel_by_booker(
            session, booking, offer.cancel_hours, tx.now, command.reason
        )
    else:
        demand_runs(tx, offer.provider_actor_id)
        change = decide.cancel_by_provider(session, booking, command.reason)
    return _freed(tx, offer, change)


@handlers.on(TakePlace)
def take_place(tx: Transaction, command: TakePlace) -> Booking:
    """Takes the place that was offered."""
    booking, session, _ = with_session(tx, command.booking_id)
    demand_acts_for_party(tx, booking.actor_id, command.on_behalf)
    ahead = len(queue_of(tx, session))
    change = decide.take(session, booking, ahead, tx.now)
    keep(tx, [change])
    return change.booking


@handlers.on(DeclinePlace)
def decline_place(tx: Transaction, command: DeclinePlace) -> Booking:
    """Does without the place that was offered; it goes to the next."""
    booking, session, offer = with_session(tx, command.booking_id)
    demand_acts_for_party(tx, booking.actor_id, command.on_behalf)
    return _freed(tx, offer, decide.decline(session, booking))


@handlers.on(OfferPlace)
def offer_place(tx: Transaction, command: OfferPlace) -> Booking:
    """Offers a free place to one who waits, whoever waits before."""
    booking, session, offer = with_session(tx, command.booking_id)
    demand_runs(tx, offer.provider_actor_id)
    require_ahead(session, tx.now)
    decide.require(booking, {BookingState.WAITLISTED})
    change = waiting.offer_place(session, offer, booking, tx.now)
    keep(tx, [change])
    return change.booking


@handlers.on(DecideApplication)
def decide_application(tx: Transaction, command: DecideApplication) -> Booking:
    """Accepts an application, or declines it."""
    booking, session, offer = with_session(tx, command.booking_id)
    demand_runs(tx, offer.provider_actor_id)
    require_ahead(session, tx.now)
    queue = queue_of(tx, session)
    change = selection.decide(session, offer, queue, booking, command.accepted, command.reason)
    keep(tx, _with_notices(change, queue))
    return change.booking


@handlers.on(RecordAttendance)
def record_attendance(tx: Transaction, command: RecordAttendance) -> Booking:
    """Writes down who was there; certificates are issued when that is known of all meetings."""
    booking, session, offer = with_session(tx, command.booking_id)
    demand_runs(tx, offer.provider_actor_id)
    change = attendance.record(session, booking, command.attendance, tx.now)
    keep(tx, [change])
    return change.booking


@handlers.on(ChangeCapacity)
def change_capacity(tx: Transaction, command: ChangeCapacity) -> Session:
    """Gives a session more places, which go to those who wait, or fewer.

    Refuses with `places_are_taken`, and names the bookings that would have to be cancelled.
    """
    before = sessions.require(tx, command.session_id)
    offer = offer_of(tx, before)
    demand_runs(tx, offer.provider_actor_id)
    require_free(before)
    after = times.change_capacity(before, command.capacity, tx.now)
    if command.capacity < before.taken:
        holding = in_state(tx, before.session_id, BookingState.CONFIRMED, BookingState.OFFERED)
        named = decide.to_be_cancelled(holding, before.taken - command.capacity)
        raise Refused(Reason.PLACES_ARE_TAKEN, detail=", ".join(map(str, named)))
    session = sessions.put(tx, after)
    tx.publish(CapacityChanged.of(session))
    keep(tx, waiting.promote(session, offer, queue_of(tx, session), tx.now))
    return session


@handlers.on(CancelSession)
def cancel_session(tx: Transaction, command: CancelSession) -> Session:
    """Cancels a session with all its bookings."""
    before = sessions.require(tx, command.session_id)
    demand_runs(tx, offer_of(tx, before).provider_actor_id)
    require_free(before)
    return call_off(tx, before)


@handlers.on(DrawLots)
def draw_lots(tx: Transaction, command: DrawLots) -> Session:
    """Draws who gets a place."""
    session = sessions.require(tx, command.session_id)
    offer = offer_of(tx, session)
    demand_runs(tx, offer.provider_actor_id)
    require_ahead(session, tx.now)
    applications = in_state(tx, session.session_id, BookingState.REQUESTED)
    queue = queue_of(tx, session)
    changes = selection.draw(session, offer, queue, applications, command.seed)
    keep(tx, changes)
    last = changes[-1].session if changes else session
    drawn = sessions.put(tx, last.evolve(seed=command.seed))
    tx.publish(LotsDrawn.of(drawn))
    return drawn


# ----------------------------------------------------------------------------------- time


@handlers.on(EndOffer)
def end_offer(tx: Transaction, timer: EndOffer) -> None:
    """An offered place that was not taken in time goes to the next."""
    booking, session, offer = with_session(tx, timer.booking_id)
    change = decide.expire_offer(session, booking, tx.now)
    if change is not None:
        _freed(tx, offer, change)


@handlers.on(EndWaiting)
def end_waiting(tx: Transaction, timer: EndWaiting) -> None:
    """A session starts: who waits for a place waits in vain."""
    session = sessions.require(tx, timer.session_id)
    if tx.now < session.starts:
        return
    vain = (BookingState.REQUESTED, BookingState.WAITLISTED, BookingState.OFFERED)
    for booking in in_state(tx, session.session_id, *vain):
        change = decide.expire_waiting(session, booking)
        keep(tx, [change])
        session = change.session


# ---------------------------------------------------------------------------------- shared


def _wished(tx: Transaction, asked: Wish, wish: RequestBooking) -> list[Change]:
    """What becomes of a wish; nothing is put yet. Refuses what may not be, or is there already."""
    session = sessions.get(tx, asked.session_id)
    if session is None:
        raise WaitFor(session_key(asked.session_id), sessions.subject)
    offer = offer_of(tx, session)
    actor = known_actor(tx, asked.actor_id)
    demand_acts_for(tx, actor.actor_id, wish.on_behalf, for_brokers=wish.priority > 0)
    if asked is wish and bookings.get(tx, wish.booking_id) is not None:
        raise Refused(Reason.ALREADY_EXISTS, subject=bookings.subject)
    overlap = eligibility.demand(offer, session, applicant_of(tx, asked, actor), asked, tx.now)
    newcomer = Booking(
        booking_id=wish.booking_id,
        session_id=session.session_id,
        programme_offer_id=offer.programme_offer_id,
        actor_id=actor.actor_id,
        party_size=wish.persons,
        attendees=wish.attendees,
        places=offer.places_for(wish.persons),
        quotas=session.quotas_of(actor.kind, actor.seat.ags),
        state=BookingState.REQUESTED,
        free_of_charge=eligibility.is_free(offer, actor),
        priority=wish.priority,
        requested_at=tx.now,
        booked_by=tx.attributes.person_id,
        on_behalf=wish.on_behalf,
        example=session.example,
    )
    changes = _admitted(tx, session, offer, newcomer)
    if overlap is not None:
        reason = Reason.TIME_CONFLICT_SOFT
        tx.note(reason.text("de", detail=overlap), reason.text("en", detail=overlap))
    return changes


def _admitted(
    tx: Transaction, session: Session, offer: ProgrammeOffer, newcomer: Booking
) -> list[Change]:
    by_lot = offer.selection_mode is SelectionMode.LOTTERY and session.seed is None
    if by_lot or offer.selection_mode is SelectionMode.APPLICATION_REVIEW:
        requested = decide.move(session, newcomer, BookingState.REQUESTED, facts.BookingRequested)
        return [requested]
    queue = queue_of(tx, session)
    return _with_notices(waiting.admit(session, offer, queue, newcomer), queue)


def _with_notices(change: Change, queue: list[Booking]) -> list[Change]:
    """What became of a wish, and that others who wait were passed over by that."""
    if change.booking.state is not BookingState.CONFIRMED:
        return [change]
    ahead = waiting.ahead_of(change.booking, queue)
    return [change, *waiting.passed_over(change.session, ahead)]


def _freed(tx: Transaction, offer: ProgrammeOffer, change: Change) -> Booking:
    """Keeps what freed places, and offers them to those who wait."""
    keep(tx, [change])
    queue = queue_of(tx, change.session)
    keep(tx, waiting.promote(change.session, offer, queue, tx.now))
    return change.booking
