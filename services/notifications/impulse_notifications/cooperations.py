"""Telling people of cooperations: the sides, or whoever is in charge."""

from collections.abc import Collection

from impulse_chassis import Handlers, Messages, Transaction
from impulse_contracts.booking.cooperations import (
    ContactLeft,
    CooperationEscalated,
    CooperationFact,
    NextActionDue,
)
from impulse_notifications.domain.cooperations import (
    TEMPLATES,
    is_for_brokers,
    is_for_operator_too,
    of_cooperation,
)
from impulse_notifications.domain.digest import OPERATOR
from impulse_notifications.domain.notice import Notice
from impulse_notifications.store import Contact, audience, load_staff, lock_audience, messages
from impulse_notifications.telling import load_told, message_ids, tell, tell_all

handlers = Handlers()


@handlers.load(*TEMPLATES)
def load_cooperations(tx: Transaction, received: Messages) -> None:
    """Loads whoever is told."""
    lock_audience(tx, change=False)
    load_told(tx, [notice for _, notice in _said(tx, received)])


@handlers.load(CooperationEscalated, ContactLeft, NextActionDue)
def load_operator(tx: Transaction, received: Messages) -> None:
    """Loads brokers and operators, and what they were told before."""
    load_staff(tx)
    ids = {
        each
        for fact, notice in _said(tx, received)
        for contact in _staff(tx, fact)
        for each in message_ids(notice, contact.person_id)
    }
    messages.lock(tx, ids)


@handlers.on(*TEMPLATES)
def cooperation(tx: Transaction, fact: CooperationFact) -> None:
    """Something happened to a cooperation, or is due, or late."""
    said = of_cooperation(fact, tx.attributes.id, tx.attributes.time or tx.now, tx.now)
    if not is_for_brokers(fact) or fact.in_charge is not None:
        tell_all(tx, said)
    for notice in said:
        for contact in _staff(tx, fact):
            tell(tx, notice, contact)


def _staff(tx: Transaction, fact: CooperationFact) -> Collection[Contact]:
    """Those of all brokers and operators who are told: all, where nobody else is in charge;
    operators, of what is not done even by whoever is."""
    if is_for_brokers(fact) and fact.in_charge is None:
        return audience(tx).staff.values()
    if is_for_operator_too(fact):
        return audience(tx).staff_of.get(OPERATOR, {}).values()
    return ()


def _said(tx: Transaction, received: Messages) -> list[tuple[CooperationFact, Notice]]:
    return [
        (message.data, notice)
        for message in received
        for notice in of_cooperation(
            message.data, message.attributes.id, message.attributes.time or tx.now, tx.now
        )
    ]
