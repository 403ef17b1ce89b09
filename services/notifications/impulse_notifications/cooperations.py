"""Telling people of cooperations: the sides, or whoever is in charge."""

from impulse_chassis import Handlers, Messages, Transaction
from impulse_contracts.booking.cooperations import (
    CooperationEscalated,
    CooperationFact,
    NextActionDue,
)
from impulse_notifications.domain.cooperations import TEMPLATES, is_for_brokers, of_cooperation
from impulse_notifications.domain.notice import Notice
from impulse_notifications.store import audience, load_staff, lock_audience, messages
from impulse_notifications.telling import load_told, message_ids, tell, tell_all

handlers = Handlers()


@handlers.load(*TEMPLATES)
def load_cooperations(tx: Transaction, received: Messages) -> None:
    """Loads whoever is told."""
    lock_audience(tx, change=False)
    load_told(tx, [notice for _, notice in _said(tx, received)])


@handlers.load(CooperationEscalated, NextActionDue)
def load_operator(tx: Transaction, received: Messages) -> None:
    """Loads brokers and operators, and what they were told before."""
    load_staff(tx)
    ids = {
        each
        for fact, notice in _said(tx, received)
        if is_for_brokers(fact) and fact.in_charge is None
        for person in audience(tx).staff
        for each in message_ids(notice, person)
    }
    messages.lock(tx, ids)


@handlers.on(*TEMPLATES)
def cooperation(tx: Transaction, fact: CooperationFact) -> None:
    """Something happened to a cooperation, or is due, or late."""
    said = of_cooperation(fact, tx.attributes.id, tx.attributes.time or tx.now, tx.now)
    if is_for_brokers(fact) and fact.in_charge is None:
        for notice in said:
            for contact in audience(tx).staff.values():
                tell(tx, notice, contact)
    else:
        tell_all(tx, said)


def _said(tx: Transaction, received: Messages) -> list[tuple[CooperationFact, Notice]]:
    return [
        (message.data, notice)
        for message in received
        for notice in of_cooperation(
            message.data, message.attributes.id, message.attributes.time or tx.now, tx.now
        )
    ]
