"""Requests for support, and what the programme does about them."""

from impulse_booking.domain import support as rules
from impulse_booking.domain.days import day_of
from impulse_booking.domain.support import SupportRequest
from impulse_booking.handlers.asking import (
    demand_acts_for,
    demand_acts_for_party,
    demand_runs,
    known_actor,
    provider_of,
    read_people,
)
from impulse_booking.store.people import read_actors
from impulse_booking.store.programme import offers
from impulse_booking.store.support import support_requests
from impulse_chassis import Handlers, Messages, Refused, Transaction
from impulse_contracts.booking.support import (
    AcceptSupport,
    DeclineSupport,
    FinishSupport,
    RequestSupport,
    StartSupport,
    SupportAccepted,
    SupportDeclined,
    SupportDone,
    SupportFact,
    SupportRequested,
    SupportStarted,
    SupportWithdrawn,
    WithdrawSupport,
)
from impulse_contracts.reasons import Reason

LATER = (AcceptSupport, StartSupport, FinishSupport, DeclineSupport, WithdrawSupport)
handlers = Handlers()


@handlers.load(RequestSupport, *LATER)
def load_support(tx: Transaction, messages: Messages) -> None:
    """The requests, their offers, and who asks."""
    data = [message.data for message in messages]
    support_requests.lock(tx, {each.request_id for each in data})
    known = support_requests.loaded(tx, lambda _: True)
    named = {each.programme_offer_id for each in data if isinstance(each, RequestSupport)}
    offers.read(tx, named | {each.programme_offer_id for each in known})
    asking = {each.actor_id for each in data if isinstance(each, RequestSupport)}
    read_actors(tx, asking | {each.actor_id for each in known})
    read_people(tx, messages)


@handlers.on(RequestSupport)
def request_support(tx: Transaction, command: RequestSupport) -> SupportRequest:
    """Asks for support. Waits for the organisation."""
    actor = known_actor(tx, command.actor_id)
    demand_acts_for(tx, actor.actor_id, command.on_behalf)
    if support_requests.get(tx, command.request_id) is not None:
        raise Refused(Reason.ALREADY_EXISTS, subject=support_requests.subject)
    offer = offers.require(tx, command.programme_offer_id)
    return _keep(tx, rules.request(command, offer, actor, tx.now), SupportRequested)


@handlers.on(AcceptSupport)
def accept_support(tx: Transaction, command: AcceptSupport) -> SupportRequest:
    """Somebody takes care of it."""
    before = _run(tx, command)
    after = rules.accept(before, command.person_id, command.until, day_of(tx.now))
    return _keep(tx, after, SupportAccepted)


@handlers.on(StartSupport)
def start_support(tx: Transaction, command: StartSupport) -> SupportRequest:
    """Work on it has begun."""
    return _keep(tx, rules.start(_run(tx, command)), SupportStarted)


@handlers.on(FinishSupport)
def finish_support(tx: Transaction, command: FinishSupport) -> SupportRequest:
    """It is done."""
    after = rules.finish(_run(tx, command), command.hours, command.result)
    return _keep(tx, after, SupportDone)


@handlers.on(DeclineSupport)
def decline_support(tx: Transaction, command: DeclineSupport) -> SupportRequest:
    """It can't be given."""
    return _keep(tx, rules.decline(_run(tx, command), command.reason), SupportDeclined)


@handlers.on(WithdrawSupport)
def withdraw_support(tx: Transaction, command: WithdrawSupport) -> SupportRequest:
    """The organisation does not need it any more."""
    before = support_requests.require(tx, command.request_id)
    demand_acts_for_party(tx, before.actor_id, None)
    return _keep(tx, rules.withdraw(before), SupportWithdrawn)


def _run(
    tx: Transaction, command: AcceptSupport | StartSupport | FinishSupport | DeclineSupport
) -> SupportRequest:
    """The request. Refuses with `not_found`, or `not_allowed` who does not run the programme."""
    before = support_requests.require(tx, command.request_id)
    demand_runs(tx, provider_of(offers.get(tx, before.programme_offer_id)))
    return before


def _keep(tx: Transaction, after: SupportRequest, fact: type[SupportFact]) -> SupportRequest:
    tx.publish(fact.of(support_requests.put(tx, after)))
    return after
