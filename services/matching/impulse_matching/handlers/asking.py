"""Who asks for something, and whether they are staff."""

from impulse_chassis import SYSTEM, Messages, Transaction
from impulse_contracts.registry.people import Membership
from impulse_contracts.rights import is_staff
from impulse_matching.store.people import memberships


def read_people(tx: Transaction, messages: Messages) -> None:
    """Reads what those are who ask."""
    people = {message.attributes.person_id for message in messages}
    memberships.read(tx, (person for person in people if person is not None))


def own_memberships(tx: Transaction) -> tuple[Membership, ...]:
    """What whoever asks is to organisations; nothing, where it is no person."""
    person_id = tx.attributes.person_id
    person = memberships.get(tx, person_id) if person_id else None
    return person.memberships if person else ()


def is_system(tx: Transaction) -> bool:
    """Whether a trusted service or the command line asks."""
    return tx.attributes.principal == SYSTEM


def is_brokers(tx: Transaction) -> bool:
    """Whether a broker, an operator or the system asks."""
    return is_system(tx) or is_staff(own_memberships(tx))
