"""Offers of the programme, and their sessions as such."""

from collections.abc import Sequence

from impulse_booking.domain import offers as rules
from impulse_booking.domain import sessions as times
from impulse_booking.domain.offers import ProgrammeOffer
from impulse_booking.domain.sessions import Session
from impulse_booking.domain.waiting import promote
from impulse_booking.handlers.asking import demand_runs, read_people
from impulse_booking.handlers.keeping import keep, keep_offer, keep_session, offer_key
from impulse_booking.handlers.loading import offer_of, queue_of
from impulse_booking.store.bookings import lock_open
from impulse_booking.store.programme import ahead, lock_ahead, offers, sessions
from impulse_chassis import Handlers, Messages, Received, Refused, Transaction, WaitFor
from impulse_contracts.booking.programme import (
    ChangeProgrammeOffer,
    ProgrammeOfferChanged,
    ProgrammeOfferPublished,
    ProgrammeOfferWithdrawn,
    PublishProgrammeOffer,
    RescheduleSession,
    ScheduleSession,
    SessionChanged,
    SessionRescheduled,
    SessionScheduled,
    WithdrawProgrammeOffer,
)
from impulse_contracts.reasons import Reason

handlers = Handlers()


@handlers.load(PublishProgrammeOffer, ChangeProgrammeOffer, WithdrawProgrammeOffer)
def load_offers(tx: Transaction, messages: Messages) -> None:
    """The offers, who asks, and of those that are there the sessions ahead with who waits there."""
    offers.lock(tx, {message.data.programme_offer_id for message in messages})
    known = (each.data for each in messages if not isinstance(each.data, PublishProgrammeOffer))
    to_come = lock_ahead(tx, {each.programme_offer_id for each in known})
    lock_open(tx, {session.session_id for session in to_come if session.waiting})
    read_people(tx, messages)


@handlers.on(PublishProgrammeOffer)
def publish_offer(tx: Transaction, command: PublishProgrammeOffer) -> ProgrammeOffer:
    """Publishes an offer; sessions that wait for it go on."""
    demand_runs(tx, command.provider_actor_id)
    if offers.get(tx, command.programme_offer_id) is not None:
        raise Refused(Reason.ALREADY_EXISTS, subject=offers.subject)
    offer = rules.publish(command.programme_offer_id, command)
    return keep_offer(tx, offer, ProgrammeOfferPublished)


@handlers.on(ChangeProgrammeOffer)
def change_offer(tx: Transaction, command: ChangeProgrammeOffer) -> ProgrammeOffer:
    """Changes what an offer says; for its own people, who don't pass it to others by that.

    Its sessions ahead are called like it, and places that its former terms kept go to who waits.
    """
    before = offers.require(tx, command.programme_offer_id)
    demand_runs(tx, before.provider_actor_id)
    demand_runs(tx, command.provider_actor_id)
    offer = keep_offer(tx, rules.change(before, command), ProgrammeOfferChanged)
    for each in ahead(tx, offer.programme_offer_id):
        session = times.follow(each, offer)
        if session is not each:
            tx.publish(SessionChanged.of(sessions.put(tx, session)))
        keep(tx, promote(session, offer, queue_of(tx, session), tx.now))
    return offer


@handlers.on(WithdrawProgrammeOffer)
def withdraw_offer(tx: Transaction, command: WithdrawProgrammeOffer) -> ProgrammeOffer:
    """Takes an offer back; that of an edition ahead goes with its edition, and not by itself."""
    before = offers.require(tx, command.programme_offer_id)
    demand_runs(tx, before.provider_actor_id)
    for each in ahead(tx, before.programme_offer_id):
        times.require_free(each)
    return keep_offer(tx, rules.withdraw(before), ProgrammeOfferWithdrawn)


@handlers.load(ScheduleSession)
def load_sessions(tx: Transaction, messages: Sequence[Received[ScheduleSession]]) -> None:
    """The sessions, their offers, and who asks."""
    sessions.lock(tx, {message.data.session_id for message in messages})
    offers.read(tx, {message.data.programme_offer_id for message in messages})
    read_people(tx, messages)


@handlers.on(ScheduleSession)
def schedule_session(tx: Transaction, command: ScheduleSession) -> Session:
    """Sets a session. Waits for its offer."""
    offer = offers.get(tx, command.programme_offer_id)
    if offer is None:
        raise WaitFor(offer_key(command.programme_offer_id), offers.subject)
    demand_runs(tx, offer.provider_actor_id)
    if sessions.get(tx, command.session_id) is not None:
        raise Refused(Reason.ALREADY_EXISTS, subject=sessions.subject)
    return keep_session(tx, times.schedule(command, offer, tx.now), SessionScheduled)


@handlers.on(RescheduleSession)
def reschedule_session(tx: Transaction, command: RescheduleSession) -> Session:
    """Moves a session to other times; places that were free too late go to those who wait."""
    before = sessions.require(tx, command.session_id)
    offer = offer_of(tx, before)
    demand_runs(tx, offer.provider_actor_id)
    times.require_free(before)
    session = keep_session(tx, times.reschedule(before, command, tx.now), SessionRescheduled)
    keep(tx, promote(session, offer, queue_of(tx, session), tx.now))
    return session
