"""Reports and commands about actors."""

from impulse_chassis import Handlers, Messages, Refused, Transaction
from impulse_contracts.partner import ActorReported, ActorWithdrawn
from impulse_contracts.parts import Source
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ArchiveActor, ChangeActor, RegisterActor
from impulse_registry.domain import actors as rules
from impulse_registry.domain import identity
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.principals import demand
from impulse_registry.handlers.common import (
    actor_key,
    hear,
    names_in,
    principal,
    read_principals,
)
from impulse_registry.handlers.listings import withdraw_listings_of
from impulse_registry.handlers.people import load_contacts, name_contact
from impulse_registry.store.actors import actors
from impulse_registry.store.keys import keys
from impulse_registry.store.listings import lock_visible_listings

handlers = Handlers()


# -------------------------------------------------------------------------------- reports


@handlers.load(ActorReported, ActorWithdrawn)
def load_reports(tx: Transaction, messages: Messages) -> None:
    """What the reported names stand for, and the actors."""
    names = names_in(messages)
    keys.lock(tx, {identity.actor_key(*name) for name in names})
    actors.lock(tx, {actor_key(tx, *name).subject_id for name in names})


@handlers.load(ActorReported)
def load_reported_contacts(tx: Transaction, messages: Messages) -> None:
    """The contact persons of the actors."""
    load_contacts(tx, messages)


@handlers.load(ActorWithdrawn)
def load_listings_of_withdrawn(tx: Transaction, messages: Messages) -> None:
    """The listings that go with withdrawn actors."""
    lock_visible_listings(tx, {actor_key(tx, *name).subject_id for name in names_in(messages)})


@handlers.on(ActorReported)
def actor_reported(tx: Transaction, report: ActorReported) -> Actor | None:
    """Registers the actor, or takes on what is new; names its contact."""
    source = Source(source=tx.attributes.source, external_id=report.external_id)
    key = actor_key(tx, source.source, source.external_id)
    before = actors.get(tx, key.subject_id)
    if rules.is_late(before, key, report.observed_at):
        return before
    states = rules.report(before, key, source, report, report.observed_at)
    hear(tx, key, key.reported(report.observed_at, contact=report.contact is not None))
    actor = keep(tx, before, *states)
    name_contact(tx, source, key, report.contact)
    if before is None:
        resolve(tx, actor, key.key)
    return actor


@handlers.on(ActorWithdrawn)
def actor_withdrawn(tx: Transaction, withdrawal: ActorWithdrawn) -> Actor | None:
    """Archives the actor with its listings; of one that is unknown it remembers the withdrawal."""
    key = actor_key(tx, tx.attributes.source, withdrawal.external_id)
    before = actors.get(tx, key.subject_id)
    archived = rules.withdraw(before, key, withdrawal.observed_at)
    hear(tx, key, key.withdrawn(withdrawal.observed_at))
    return archive(tx, before, archived) if archived else before


# ------------------------------------------------------------------------------- commands


@handlers.load(RegisterActor, ChangeActor, ArchiveActor)
def load_commands(tx: Transaction, messages: Messages) -> None:
    """The actors, and who asks."""
    actors.lock(tx, {message.data.actor_id for message in messages})
    read_principals(tx, messages)


@handlers.load(ArchiveActor)
def load_listings_of_archived(tx: Transaction, messages: Messages) -> None:
    """The listings that go with archived actors."""
    lock_visible_listings(tx, {message.data.actor_id for message in messages})


@handlers.on(RegisterActor)
def register_actor(tx: Transaction, command: RegisterActor) -> Actor:
    """Registers an actor that no partner reported."""
    demand(principal(tx).is_staff)
    if actors.get(tx, command.actor_id) is not None:
        raise Refused(Reason.ALREADY_EXISTS, subject=actors.subject)
    actor = keep(tx, None, rules.register(command.actor_id, command, tx.now))
    resolve(tx, actor)
    return actor


@handlers.on(ChangeActor)
def change_actor(tx: Transaction, command: ChangeActor) -> Actor:
    """Replaces an actor's profile."""
    demand(principal(tx).may_manage(command.actor_id))
    before = actors.require(tx, command.actor_id)
    return keep(tx, before, rules.change(before, command, tx.now))


@handlers.on(ArchiveActor)
def archive_actor(tx: Transaction, command: ArchiveActor) -> Actor:
    """Archives an actor with its listings."""
    demand(principal(tx).may_manage(command.actor_id))
    before = actors.require(tx, command.actor_id)
    return archive(tx, before, rules.archive_by_hand(before, tx.now))


# ------------------------------------------------------------------------------- the parts


def keep(tx: Transaction, before: Actor | None, *states: Actor) -> Actor:
    """Keeps and publishes the states that follow on `before`; returns the one that stands."""
    for after in states:
        actors.put(tx, after)
        tx.publish(rules.fact_of(before, after).of(after))
        before = after
    assert before is not None
    return before


def archive(tx: Transaction, before: Actor | None, archived: Actor) -> Actor:
    """Keeps and publishes an archived actor, and takes back its listings."""
    keep(tx, before, archived)
    withdraw_listings_of(tx, archived.actor_id)
    return archived


def resolve(tx: Transaction, actor: Actor, *names: str) -> None:
    """Wakes what waits for the actor: under its id, and as its partner names it."""
    for name in (f"actor/{actor.actor_id}", *names):
        tx.resolve(name)
