"""What handlers of all kinds share: who asks, and what a partner's name stands for."""

from uuid import UUID

from impulse_chassis import SYSTEM, Messages, Transaction
from impulse_registry.domain import identity
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.principals import Principal
from impulse_registry.store.actors import actors
from impulse_registry.store.keys import keys
from impulse_registry.store.people import memberships

LATE = (
    "Aus diesem System ist schon Neueres bekannt: Die Meldung gilt nicht.",
    "Something later is known from this system: the report does not stand.",
)
KEPT = (
    "Aus diesem System ist schon Neueres bekannt: Die Meldung wird aufbewahrt, gilt aber nicht.",
    "Something later is known from this system: the report is kept, but does not stand.",
)
NOT_LOCATED = (
    "Der Ort ist nicht bekannt: Vorgeschlagen wird nur, wo eine Seite online arbeitet.",
    "The place is not known: it is only proposed where one side works online.",
)


def read_principals(tx: Transaction, messages: Messages) -> None:
    """Loads what those who ask are to actors."""
    asking = {message.attributes.person_id for message in messages}
    memberships.read(tx, {person_id for person_id in asking if person_id})


def principal(tx: Transaction) -> Principal:
    """Who asks for the message at hand."""
    if tx.attributes.principal == SYSTEM:
        return Principal(is_system=True)
    person_id = tx.attributes.person_id
    if person_id is None:
        return Principal()
    held = memberships.get(tx, person_id)
    return Principal(person_id=person_id, memberships=held.memberships if held else ())


def names_in(messages: Messages, field: str = "external_id") -> list[tuple[str, str]]:
    """Who sent each message, and the id under which they know the thing that `field` names."""
    return [(each.attributes.source, getattr(each.data, field)) for each in messages]


def actor_key(tx: Transaction, source: str, external_id: str) -> IdentityKey:
    """What stands for an actor; a new key where nothing was heard of it yet."""
    known = keys.get(tx, identity.actor_key(source, external_id))
    return known or identity.new_actor(source, external_id)


def standing_id(tx: Transaction, actor_id: UUID) -> UUID:
    """The id of the actor, or of the one that goes on for it after a merge."""
    actor = actors.get(tx, actor_id)
    return actor.actor_id if actor else actor_id


def hand_key(tx: Transaction, actor_id: UUID) -> IdentityKey:
    """What people said of an actor by hand; a new key where they said nothing yet."""
    return keys.get(tx, identity.hand_key(actor_id)) or identity.new_hand(actor_id)


def listing_key(tx: Transaction, source: str, external_id: str) -> IdentityKey:
    """What stands for a listing; a new key where nothing was heard of it yet."""
    known = keys.get(tx, identity.listing_key(source, external_id))
    return known or identity.new_listing(source, external_id)


def hear(tx: Transaction, before: IdentityKey, after: IdentityKey) -> None:
    """Keeps what was heard under a key, if it is news."""
    if after is not before:
        keys.put(tx, after)
