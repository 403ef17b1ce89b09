"""Reports and commands about actors."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from impulse_chassis import Handlers, Messages, Refused, Transaction
from impulse_contracts.codes import ActorStatus, IntakeChannel
from impulse_contracts.partner import ActorReported, ActorWithdrawn
from impulse_contracts.parts import Source
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ArchiveActor, ChangeActor, RegisterActor
from impulse_registry.domain import actors as rules
from impulse_registry.domain import free_text, identity, namesakes
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.finding import Found
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.life import day_of
from impulse_registry.domain.naturalkeys import bearer_key, keys_of
from impulse_registry.domain.principals import demand
from impulse_registry.domain.records import Record, record_of, still_confirmed
from impulse_registry.handlers import common, keeping, naming
from impulse_registry.handlers.common import (
    actor_key,
    hand_key,
    hear,
    names_in,
    principal,
    read_principals,
    standing_id,
)
from impulse_registry.handlers.duplicates import examine
from impulse_registry.handlers.following import settle_listings
from impulse_registry.handlers.founding import found
from impulse_registry.handlers.keeping_listings import (
    follow_actor,
    lock_names_of,
    withdraw_listings_of,
)
from impulse_registry.handlers.people import (
    load_contacts,
    load_contacts_of,
    move_contact_of,
    name_contact,
)
from impulse_registry.store.actors import actors
from impulse_registry.store.history import remember
from impulse_registry.store.keys import keys
from impulse_registry.store.listings import listings, lock_visible_listings
from impulse_registry.store.units import lock_bearers

handlers = Handlers()


@dataclass
class Movable:
    """The names of a transaction that may turn out to stand for another actor than was thought."""

    names: set[str] = field(default_factory=set)


# -------------------------------------------------------------------------------- reports


@handlers.load(ActorReported)
def load_reports(tx: Transaction, messages: Messages) -> None:
    """What the reported names stand for, the natural keys that change, and the actors."""
    names = names_in(messages)
    bearers = naming.bearers_in(messages)
    keys.lock(tx, {identity.actor_key(*name) for name in (*names, *bearers)})
    reports = [free_text.masked_of(each.data)[0] for each in messages]
    said = [(actor_key(tx, *name), each) for name, each in zip(names, reports, strict=True)]
    new = [
        name
        for name, (known, report) in zip(names, said, strict=True)
        if known.record is None or naming.may_leave(known, report)
    ]
    tx.memo(Movable).names.update(identity.actor_key(*name) for name in new)
    waiting = {bearer_key(*name) for name in (*new, *bearers)}
    holders = naming.lock_natural_keys(tx, said, *waiting)
    actor_ids = holders | {actor_key(tx, *name).subject_id for name in (*names, *bearers)}
    actors.lock(tx, actor_ids)
    lock_bearers(tx, holders)
    naming.read_names(tx, actor_ids)
    naming.lock_parted(tx, actor_ids, [actor_key(tx, *name) for name in new])


@handlers.load(ActorWithdrawn)
def load_withdrawals(tx: Transaction, messages: Messages) -> None:
    """What the withdrawn names stand for, the actors, and their listings."""
    names = names_in(messages)
    keys.lock(tx, {identity.actor_key(*name) for name in names})
    actor_ids = {actor_key(tx, *name).subject_id for name in names}
    actors.lock(tx, actor_ids)
    naming.read_names(tx, actor_ids)
    _lock_listings(tx, actor_ids)


@handlers.load(ActorWithdrawn)
def load_withdrawn_contacts(tx: Transaction, messages: Messages) -> None:
    """The contact persons who were named with the actors."""
    load_contacts_of(tx, [actor_key(tx, *name) for name in names_in(messages)])


@handlers.load(ActorReported)
def load_reported_contacts(tx: Transaction, messages: Messages) -> None:
    """The contact persons of the actors."""
    load_contacts(tx, messages)


@handlers.on(ActorReported)
def actor_reported(tx: Transaction, report: ActorReported) -> Actor | None:
    """Finds the actor that is meant, or registers it; takes on what is new; names its contact.

    Contacts in its free words are masked; the outcome says so.
    """
    report, masked = free_text.masked_of(report)
    source = Source(source=tx.attributes.source, external_id=report.external_id)
    name = actor_key(tx, source.source, source.external_id)
    before = actors.get(tx, name.subject_id)
    record = record_of(report, source)
    if name.is_later(report.observed_at):
        remember(tx, name.subject_id, name.key, record, report.observed_at, applied=False)
        tx.note(*common.KEPT)
        return before
    if name.withdrawn_after(report.observed_at):
        tx.note(*common.KEPT)
    if masked:
        tx.note(*free_text.note(masked))
    said, left = name, before if before and leaves(tx, name, record, before) else None
    if left:
        name = leave(tx, left, name)
    found = Found(before) if name.record else naming.find_actor(tx, record, source, report)
    bearer = naming.bearer_of(tx, report) or found.bearer
    if left and found.actor is None and bearer is None and is_unit_of(tx, said, record, left):
        bearer = left.actor_id
    actor = say(tx, name, record, report.observed_at, found.actor, bearer, bool(report.contact))
    if name.gone:
        settle_listings(tx, actor)
    if name.record is None:
        part_namesakes(tx, record, actor)
    for unit in found.units:
        keep(tx, unit, unit.evolve(carrier_actor_id=actor.actor_id))
    if report.carrier_external_id and bearer is None:
        naming.wait_for_bearer(tx, actor.actor_id, source.source, report.carrier_external_id)
    if left:
        move_contact_of(tx, said, left.actor_id, actor.actor_id)
    contact = report.contact if stands(tx, name) else None
    name_contact(tx, source, actor.actor_id, contact, had_contact=name.contact)
    if name.record is None:
        resolve(tx, actor, name.key)
    return actor


@handlers.on(ActorWithdrawn)
def actor_withdrawn(tx: Transaction, withdrawal: ActorWithdrawn) -> Actor | None:
    """Leaves out what the partner said; archives an actor of which nobody says anything any more.

    Whom the partner named is no contact any more. Of an actor that is unknown it remembers the
    withdrawal.
    """
    name = actor_key(tx, tx.attributes.source, withdrawal.external_id)
    before = actors.get(tx, name.subject_id)
    heard = name.withdrawn(withdrawal.observed_at)
    hear(tx, name, heard)
    if name.is_later(withdrawal.observed_at):
        tx.note(*common.LATE)
    if before is None or not heard.gone:
        return before
    after = rules.reworked(before, naming.names_of(tx, before), withdrawal.observed_at)
    actor = keep(tx, before, after) if after else before
    assert name.record is not None and name.record.source is not None
    name_contact(tx, name.record.source, actor.actor_id, None, had_contact=name.contact)
    if actor.is_archived:
        withdraw_listings_of(tx, actor.actor_id)
    elif not still_known_to(tx, actor, name):
        withdraw_listings_of(tx, actor.actor_id, tx.attributes.source)
    return actor


# ------------------------------------------------------------------------------- commands


@handlers.load(RegisterActor, ChangeActor, ArchiveActor)
def load_commands(tx: Transaction, messages: Messages) -> None:
    """What was said of the actors by hand and else, and who asks."""
    actor_ids = {message.data.actor_id for message in messages}
    said = [each.data for each in messages if isinstance(each.data, RegisterActor | ChangeActor)]
    keys.lock(tx, {identity.hand_key(actor_id) for actor_id in actor_ids})
    naming.lock_natural_keys(tx, [(hand_key(tx, each.actor_id), each) for each in said])
    actors.lock(tx, actor_ids)
    naming.read_names(tx, actor_ids)
    # Only of actors that were merged anything more is needed: what was said of the survivors.
    keys.lock(tx, {identity.hand_key(standing_id(tx, actor_id)) for actor_id in actor_ids})
    now = [(hand_key(tx, standing_id(tx, each.actor_id)), each) for each in said]
    naming.lock_natural_keys(tx, now)
    read_principals(tx, messages)


@handlers.load(ArchiveActor)
def load_listings_of_archived(tx: Transaction, messages: Messages) -> None:
    """The listings that go with archived actors."""
    _lock_listings(tx, {standing_id(tx, each.data.actor_id) for each in messages})


@handlers.on(RegisterActor)
def register_actor(tx: Transaction, command: RegisterActor) -> Actor:
    """Registers an actor that no partner reported; who registers their own, administers it."""
    if not principal(tx).is_staff:
        found(tx, command)
    if actors.get(tx, command.actor_id) is not None:
        raise Refused(Reason.ALREADY_EXISTS, subject=actors.subject)
    actor = say_by_hand(tx, command, None)
    resolve(tx, actor)
    return actor


@handlers.on(ChangeActor)
def change_actor(tx: Transaction, command: ChangeActor) -> Actor:
    """Replaces what people say of an actor by hand."""
    demand(principal(tx).may_manage(standing_id(tx, command.actor_id)))
    before = actors.require(tx, command.actor_id)
    before.require_active()
    return say_by_hand(tx, command, before)


@handlers.on(ArchiveActor)
def archive_actor(tx: Transaction, command: ArchiveActor) -> Actor:
    """Archives an actor with its listings, until it is reported anew: all names are withdrawn."""
    demand(principal(tx).may_manage(standing_id(tx, command.actor_id)))
    before = actors.require(tx, command.actor_id)
    before.require_active()
    names = naming.names_of(tx, before)
    over = [each.withdrawn(max(tx.now, each.reported_at or tx.now)) for each in names]
    for name, ended in zip(names, over, strict=True):
        hear(tx, name, ended)
    archived = rules.reworked(before, over, tx.now, changed_at=tx.now)
    assert archived is not None
    keep(tx, before, archived)
    withdraw_listings_of(tx, archived.actor_id)
    return archived


# ------------------------------------------------------------------------------- the parts


def say(
    tx: Transaction,
    name: IdentityKey,
    record: Record,
    at: datetime,
    known: Actor | None,
    bearer: UUID | None = None,
    contact: bool = False,
    **changes: object,
) -> Actor:
    """Takes on what is said under a name of an actor, known or new; returns what stands then."""
    actor_id = known.actor_id if known else name.subject_id
    record = still_confirmed(record, name.record)
    heard = name.reported(at, subject_id=actor_id, record=record, contact=contact)
    hear(tx, name, heard)
    if name.record and name.reported_at and name.record != record:
        remember(tx, actor_id, name.key, name.record, name.reported_at, applied=True)
    if known is None:
        naming.rename(tx, actor_id, None, record, ())
        return keep(tx, None, *rules.registered(actor_id, heard, tx.now, bearer))
    names = naming.names_of(tx, known, heard)
    others = [each.record for each in names if each.record and each.key != name.key]
    naming.rename(tx, actor_id, name.record, record, others)
    if bearer and bearer != actor_id:
        changes["carrier_actor_id"] = bearer
    if known.status is ActorStatus.STALE and not heard.gone:
        changes["status"] = rules.back(known)
    after = rules.reworked(known, names, at, **changes)
    return keep(tx, known, after) if after else known


def leaves(tx: Transaction, name: IdentityKey, record: Record, known: Actor) -> bool:
    """Whether a report shows that its name does not stand for `known`, as was thought."""
    if name.key not in tx.memo(Movable).names:
        return False
    names = naming.names_of(tx, known)
    alone = namesakes.parted_id(name.key)
    is_other = namesakes.means_another(record, name, known, names)
    is_unit = namesakes.became_unit(record, name, known, names)
    return (is_other or is_unit) and not actors.itself(tx, alone)


def is_unit_of(tx: Transaction, name: IdentityKey, record: Record, left: Actor) -> bool:
    """Whether what left an actor is a unit of it, and not another organisation of its name."""
    return not namesakes.means_another(record, name, left, naming.names_of(tx, left))


def leave(tx: Transaction, known: Actor, name: IdentityKey) -> IdentityKey:
    """Takes a name from an actor that it does not stand for; returns it as if it were new."""
    assert name.record is not None and name.reported_at is not None
    left = [each for each in naming.names_of(tx, known) if each.key != name.key]
    stays = keys_of(each.record for each in left if each.record)
    after = rules.reworked(known, left, known.confirmed_at)
    if after:
        keep(tx, known, after)
    for key in sorted(keys_of([name.record]) - stays):
        naming.uncall(tx, known.actor_id, key)
    alone = namesakes.parted_id(name.key)
    remember(tx, alone, name.key, name.record, name.reported_at, applied=True)
    return name.model_copy(update={"subject_id": alone, "record": None})


def part_namesakes(tx: Transaction, record: Record, actor: Actor) -> None:
    """Lets reports stand by themselves that were taken for a namesake of `actor` by name alone."""
    for known in naming.namesakes_of(tx, record):
        names = naming.names_of(tx, known)
        for name in namesakes.doubtful(record, actor, known, names):
            alone = stand_alone(tx, name, known.actor_id, namesakes.parted_id(name.key))
            move_contact_of(tx, name, known.actor_id, alone.actor_id)


def stand_alone(tx: Transaction, name: IdentityKey, known_id: UUID, alone_id: UUID) -> Actor:
    """Takes what was said under a name from a known actor, and makes an actor of it."""
    known = actors.require_itself(tx, known_id)
    left = [each for each in naming.names_of(tx, known) if each.key != name.key]
    naming.move_names(tx, [name], known, alone_id)
    after = rules.reworked(known, left, known.confirmed_at)
    if after:
        keep(tx, known, after)
    alone = name.standing_for(alone_id)
    return keep(tx, None, *rules.registered(alone_id, alone, tx.now))


def say_by_hand(
    tx: Transaction, command: RegisterActor | ChangeActor, known: Actor | None
) -> Actor:
    """Takes on what a person says of an actor.

    Its own people confirm it by that, unless they, too, only write down what others told them.
    Refuses with `date_in_future` what is to be said only later, with `contact_in_text` contacts in
    its free words.
    """
    asking = principal(tx)
    free_text.demand_none_of(command)
    if command.said_on is not None and command.said_on > day_of(tx.now):
        raise Refused(Reason.DATE_IN_FUTURE)
    actor_id = known.actor_id if known else command.actor_id
    usual = IntakeChannel.IMPORT if asking.is_system else IntakeChannel.WEB_FORM
    record = record_of(
        command,
        channel=command.channel or usual,
        recorded_by=asking.person_id,
        confirmed=command.channel is None and asking.speaks_for(actor_id),
        said_on=command.said_on,
    )
    name = hand_key(tx, actor_id)
    return say(tx, name, record, tx.now, known, changed_at=tx.now)


def keep(tx: Transaction, before: Actor | None, *states: Actor) -> Actor:
    """Keeps and publishes the states that follow on `before`; returns the one that stands."""
    for after in states:
        kept = keeping.say(tx, before, after, rules.fact_of(before, after))
        if before is not None:
            follow_actor(tx, before, kept)
        examine(tx, before, kept)
        before = kept
    assert before is not None
    return before


def stands(tx: Transaction, name: IdentityKey) -> bool:
    """Whether what was just said under a name was not withdrawn before."""
    heard = keys.get(tx, name.key)
    return heard is not None and not heard.gone


def still_known_to(tx: Transaction, actor: Actor, name: IdentityKey) -> bool:
    """Whether the partner that withdrew an actor knows it under another name, too."""
    assert name.record is not None and name.record.source is not None
    partner = name.record.source.source
    records = (each.record for each in naming.names_of(tx, actor) if not each.gone)
    return any(each.source.source == partner for each in records if each and each.source)


def resolve(tx: Transaction, actor: Actor, *names: str) -> None:
    """Wakes what waits for the actor: under its id, and as its partner names it."""
    for name in (f"actor/{actor.actor_id}", *names):
        tx.resolve(name)


def _lock_listings(tx: Transaction, actor_ids: set[UUID]) -> None:
    """The listings that go with actors; a report of the same batch may bring them back."""
    lock_visible_listings(tx, actor_ids)
    lock_names_of(tx, listings.loaded(tx, lambda each: each.actor_id in actor_ids))
