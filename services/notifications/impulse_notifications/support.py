"""Telling people of requests for support: who gives it, and who asked for it."""

from collections.abc import Sequence

from impulse_chassis import Handlers, Messages, Received, Transaction, WaitFor
from impulse_contracts.booking.programme import (
    ProgrammeOfferChanged,
    ProgrammeOfferFact,
    ProgrammeOfferPublished,
    ProgrammeOfferWithdrawn,
)
from impulse_contracts.booking.support import SupportFact, SupportRequested
from impulse_notifications.domain.support import TEMPLATES, of_support
from impulse_notifications.store import lock_audience
from impulse_notifications.store.programme import offers
from impulse_notifications.telling import load_staff_told, load_told, tell_all, tell_staff

handlers = Handlers()


@handlers.on(ProgrammeOfferPublished, ProgrammeOfferChanged, ProgrammeOfferWithdrawn)
def offer(tx: Transaction, fact: ProgrammeOfferFact) -> None:
    """An offer is known: what waited for it goes on."""
    tx.resolve(f"programme_offer/{fact.programme_offer_id}")


@handlers.load(*TEMPLATES)
def load_support(tx: Transaction, received: Messages) -> None:
    """Loads the offers, and whoever is told of the requests."""
    lock_audience(tx, change=False)
    offers.read(tx, {message.data.programme_offer_id for message in received})
    said = []
    for message in received:
        offer = offers.get(tx, message.data.programme_offer_id)
        if offer is not None:
            happened_at = message.attributes.time or tx.now
            said.append(of_support(message.data, offer, message.attributes.id, happened_at, tx.now))
    load_told(tx, said)


@handlers.load(SupportRequested)
def load_operator(tx: Transaction, received: Sequence[Received[SupportRequested]]) -> None:
    """Loads brokers and operators, and what they were told before."""
    said = []
    for message in received:
        offer = offers.get(tx, message.data.programme_offer_id)
        if offer is not None and offer.provider_actor_id is None:
            said.append(of_support(message.data, offer, message.attributes.id, tx.now, tx.now))
    load_staff_told(tx, said)


@handlers.on(*TEMPLATES)
def support(tx: Transaction, fact: SupportFact) -> None:
    """Somebody needs support, or hears what becomes of it. Waits for the offer."""
    offer = offers.get(tx, fact.programme_offer_id)
    if offer is None:
        raise WaitFor(f"programme_offer/{fact.programme_offer_id}", offers.subject)
    notice = of_support(fact, offer, tx.attributes.id, tx.attributes.time or tx.now, tx.now)
    if isinstance(fact, SupportRequested) and offer.provider_actor_id is None:
        tell_staff(tx, notice)
    else:
        tell_all(tx, [notice])
