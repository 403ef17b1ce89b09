"""How cooperations are prepared, and whom to reach."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from impulse_booking.domain import preparation as rules
from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.handlers.asking import goes_on_as
from impulse_booking.handlers.keeping_cooperations import (
    asked,
    demand_of_side,
    is_on_both_sides,
    keep,
    load_cooperations,
)
from impulse_booking.store.cooperations import (
    cooperations,
    lock_reached_by,
    named_as_contacts,
    reached_by,
)
from impulse_booking.store.people import memberships, read_actors
from impulse_chassis import Handlers, Received, Transaction
from impulse_contracts.booking.cooperations import (
    ContactLeft,
    ContactsNamed,
    CooperationPrepared,
)
from impulse_contracts.booking.preparations import (
    ChangePreparation,
    LookForContacts,
    NameContacts,
)
from impulse_contracts.registry.people import MembershipsEnded
from impulse_contracts.rights import belongs_to

WHEN_SETTLED = timedelta(minutes=10)
"""Who goes along when organisations are merged has not left; facts about that come in any order."""

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
    named = (command.contact_id, command.successor_id)
    for person_id in named:
        demand_of_side(tx, person_id, before.actor_of(command.side))
    both = any(is_on_both_sides(tx, person_id, before) for person_id in named)
    after = rules.name_contacts(before, said, command, on_both_sides=both)
    return keep(tx, after, ContactsNamed)


# ------------------------------------------------------------------------- contacts who leave


@dataclass
class Named:
    """Who of a batch is to be reached about a cooperation."""

    persons: set[UUID] = field(default_factory=set)


@handlers.load(MembershipsEnded)
def load_leaving(tx: Transaction, messages: Sequence[Received[MembershipsEnded]]) -> None:
    """Who of them is to be reached about a cooperation."""
    ids = {message.data.person_id for message in messages}
    tx.memo(Named).persons = named_as_contacts(tx, ids)


@handlers.on(MembershipsEnded)
def leave(tx: Transaction, fact: MembershipsEnded) -> None:
    """Somebody left an organisation, or is erased: it is looked at when all is known of it."""
    if fact.person_id in tx.memo(Named).persons:
        tx.schedule(LookForContacts(person_id=fact.person_id), at=tx.now + WHEN_SETTLED)


@handlers.load(LookForContacts)
def load_looked_for(tx: Transaction, messages: Sequence[Received[LookForContacts]]) -> None:
    """Locks what these people are to be reached about, and reads who is there."""
    lock_reached_by(tx, {message.data.person_id for message in messages})
    known = cooperations.loaded(tx, lambda _: True)
    read_actors(tx, {side for each in known for side in (each.need_actor_id, each.offer_actor_id)})
    contacts = [contact for each in known for contact in each.contacts]
    named = {each.contact_id for each in contacts}
    memberships.read(tx, named | {each.successor_id for each in contacts if each.successor_id})


@handlers.on(LookForContacts)
def look_for_contacts(tx: Transaction, timer: LookForContacts) -> None:
    """Says in which cooperations a contact is missed."""

    def is_there(person_id: UUID, actor_id: UUID) -> bool:
        person = memberships.get(tx, person_id)
        return person is not None and belongs_to(person.memberships, goes_on_as(tx, actor_id))

    for each in cooperations.naming(tx, reached_by, ("person", timer.person_id)):
        after = rules.look_for_contacts(each, is_there)
        if after is not each:
            keep(tx, after, ContactLeft, lost=rules.lost(each, after))
