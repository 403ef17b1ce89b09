"""A partner's name for an actor that was never meant for it: brokers take it away."""

from impulse_chassis import Handlers, Messages, Refused, Transaction
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.duplicates import DuplicateKeptApart, SeparateName
from impulse_registry.domain import identity
from impulse_registry.domain import merging as merging_rules
from impulse_registry.domain import people as people_rules
from impulse_registry.domain import separating as rules
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.naturalkeys import keys_of
from impulse_registry.domain.pairs import pair, pair_id
from impulse_registry.domain.principals import demand
from impulse_registry.handlers import naming
from impulse_registry.handlers import people as contacts
from impulse_registry.handlers.actors import resolve, stand_alone
from impulse_registry.handlers.common import principal, read_principals
from impulse_registry.handlers.following import settle_listings
from impulse_registry.handlers.keeping_listings import lock_names_of
from impulse_registry.handlers.merging import move_listings
from impulse_registry.store.actors import actors
from impulse_registry.store.keys import keys, natural_keys
from impulse_registry.store.listings import listings, listings_of, lock_listings
from impulse_registry.store.pairs import pairs

handlers = Handlers()


@handlers.load(SeparateName)
def load_separated(tx: Transaction, messages: Messages) -> None:
    """The names, the actors that they stand for and will, and what hangs on them.

    As reports do, this locks names, natural keys and actors in this order.
    """
    said = [message.data for message in messages]
    keys.lock(tx, {_key(each) for each in said})
    names = [name for each in said if (name := keys.get(tx, _key(each)))]
    natural_keys.lock(tx, keys_of(each.record for each in names if each.record))
    known = {each.subject_id for each in names}
    both = [(each.subject_id, rules.separated_id(each.key, each.subject_id)) for each in names]
    pairs.lock(tx, {pair_id(*each) for each in both})
    actors.lock(tx, {*(one for each in both for one in each), *(each.actor_id for each in said)})
    naming.read_names(tx, known)
    merged = [actor for each in known if (actor := actors.get(tx, each))]
    pairs.read(tx, {pair_id(each.actor_id, gone) for each in merged for gone in each.absorbed})
    lock_listings(tx, known)
    lock_names_of(tx, listings.loaded(tx, lambda each: each.actor_id in known))
    contacts.load(tx, {people_rules.contact_id(each.source, each.external_id) for each in said})
    read_principals(tx, messages)


@handlers.on(SeparateName)
def separate_name(tx: Transaction, command: SeparateName) -> Actor:
    """Makes an actor of its own of what a partner says under a name; nobody asks again."""
    demand(principal(tx).is_staff)
    known = actors.require(tx, command.actor_id)
    name = keys.get(tx, _key(command))
    if name is None or name.record is None or name.subject_id != known.actor_id:
        raise Refused(Reason.NOT_FOUND, subject=rules.NAME)
    left = [each for each in naming.names_of(tx, known) if each.key != name.key]
    merges = [pairs.get(tx, pair_id(known.actor_id, each)) for each in known.absorbed]
    rules.check(name, left, [each for each in merges if each])
    alone_id = rules.separated_id(name.key, known.actor_id)
    alone = stand_alone(tx, name, known.actor_id, alone_id)
    stays = actors.require_itself(tx, known.actor_id)
    found = pair(stays, alone, tx.now)
    before = pairs.get(tx, found.pair_id) or found.model_copy(update={"version": 0})
    tx.publish(DuplicateKeptApart.of(pairs.put(tx, before.kept_apart(tx.now))))
    listed = listings_of(tx, stays.actor_id)
    of_partner = [each.listing_id for each in listed if merging_rules.is_of(each, alone, stays)]
    move_listings(tx, of_partner, alone)
    for actor in (stays, alone):
        settle_listings(tx, actor)
    person_id = people_rules.contact_id(command.source, command.external_id)
    contacts.move_contact(tx, person_id, stays.actor_id, alone.actor_id)
    resolve(tx, alone)
    return alone


def _key(command: SeparateName) -> str:
    return identity.actor_key(command.source, command.external_id)
