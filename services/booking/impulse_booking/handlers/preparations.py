"""How cooperations are prepared, and whom to reach."""

from collections.abc import Sequence

from impulse_booking.domain import preparation as rules
from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.handlers.keeping_cooperations import (
    asked,
    is_on_both_sides,
    keep,
    load_cooperations,
)
from impulse_booking.store.people import memberships
from impulse_chassis import Handlers, Received, Transaction
from impulse_contracts.booking.cooperations import ContactsNamed, CooperationPrepared
from impulse_contracts.booking.preparations import ChangePreparation, NameContacts

handlers = Handlers()
handlers.load(ChangePreparation, NameContacts)(load_cooperations)


@handlers.load(NameContacts)
def load_contacts(tx: Transaction, messages: Sequence[Received[NameContacts]]) -> None:
    """What those are to organisations who are named."""
    named = {message.data.contact_id for message in messages}
    named |= {each for message in messages if (each := message.data.successor_id)}
    memberships.read(tx, named)


@handlers.on(ChangePreparation)
def change_preparation(tx: Transaction, command: ChangePreparation) -> Cooperation:
    """Something is done, or changed."""
    before, said = asked(tx, command)
    return keep(tx, rules.change(before, said, command), CooperationPrepared)


@handlers.on(NameContacts)
def name_contacts(tx: Transaction, command: NameContacts) -> Cooperation:
    """A side says whom to reach."""
    before, said = asked(tx, command)
    both = any(
        is_on_both_sides(tx, person_id, before)
        for person_id in (command.contact_id, command.successor_id)
    )
    after = rules.name_contacts(before, said, command, on_both_sides=both)
    return keep(tx, after, ContactsNamed)
