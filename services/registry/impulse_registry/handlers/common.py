"""What handlers of all kinds share: who asks, and what a partner's name stands for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from impulse_chassis import Received, Transaction
from impulse_registry.domain import identity
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.principals import SYSTEM, Principal
from impulse_registry.store import keys, memberships

Batch = Sequence[Received[Any]]
"""The messages of a loader."""


def read_principals(tx: Transaction, messages: Batch) -> None:
    """Loads what those who ask are to actors."""
    asking = {_person(message.attributes.principal) for message in messages}
    memberships.read(tx, {person_id for person_id in asking if person_id})


def principal(tx: Transaction) -> Principal:
    """Who asks for the message at hand."""
    said = tx.attributes.principal
    if said == SYSTEM:
        return Principal(is_system=True)
    person_id = _person(said)
    if person_id is None:
        return Principal()
    held = memberships.get(tx, person_id)
    return Principal(person_id=person_id, memberships=held.memberships if held else ())


def _person(said: str | None) -> UUID | None:
    try:
        return UUID(said) if said and said != SYSTEM else None
    except ValueError:
        return None


def names_in(messages: Batch, field: str = "external_id") -> list[tuple[str, str]]:
    """Who sent each message, and the id under which they know the thing that `field` names."""
    return [(each.attributes.source, getattr(each.data, field)) for each in messages]


def actor_key(tx: Transaction, source: str, external_id: str) -> IdentityKey:
    """What stands for an actor; a new key where nothing was heard of it yet."""
    known = keys.get(tx, identity.actor_key(source, external_id))
    return known or identity.new_actor(source, external_id)


def listing_key(tx: Transaction, source: str, external_id: str) -> IdentityKey:
    """What stands for a listing; a new key where nothing was heard of it yet."""
    known = keys.get(tx, identity.listing_key(source, external_id))
    return known or identity.new_listing(source, external_id)


def hear(tx: Transaction, before: IdentityKey, after: IdentityKey) -> None:
    """Keeps what was heard under a key, if it is news."""
    if after is not before:
        keys.put(tx, after)
