"""What actors are called: natural keys that speak of them, and what was said under each name."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from impulse_chassis import Messages, Transaction
from impulse_contracts.partner import ActorProfile, ActorReported
from impulse_contracts.parts import Source
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.finding import Found, find
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.namesakes import may_be_parted, parted_id
from impulse_registry.domain.naturalkeys import (
    NaturalKey,
    bearer_key,
    is_name,
    keys_in,
    keys_of,
)
from impulse_registry.domain.places import located
from impulse_registry.domain.records import Record, begins_unit
from impulse_registry.handlers.common import actor_key
from impulse_registry.store.actors import actors
from impulse_registry.store.keys import keys, natural_keys

# ------------------------------------------------------------------------------- loading


def lock_natural_keys(
    tx: Transaction, said: Iterable[tuple[IdentityKey, ActorProfile]], *more: str
) -> set[UUID]:
    """Locks the natural keys that profiles bring or take away; returns who holds them.

    Of a profile that has the keys which were known under its name there are none. One that may be
    of another organisation than was thought needs all.
    """
    wanted = set(more)
    for name, profile in said:
        before = keys_of([name.record]) if name.record else set()
        now = set(_keys_in(profile))
        wanted |= before | now if may_leave(name, profile) else before ^ now
    natural_keys.lock(tx, wanted)
    return {holder for key in wanted for holder in _holders(tx, key)}


def may_leave(name: IdentityKey, profile: ActorProfile) -> bool:
    """Whether a profile may be of another organisation than was thought under its name.

    It states a register entry that was not known, or begins to state a unit.
    """
    before = keys_of([name.record]) if name.record else set()
    brings_entry = any(not is_name(key) for key in set(_keys_in(profile)) - before)
    return brings_entry or begins_unit(name.record, profile)


def bearers_in(messages: Messages) -> list[tuple[str, str]]:
    """How partners call the bearers of the units that they report."""
    return [
        (each.attributes.source, each.data.carrier_external_id)
        for each in messages
        if each.data.carrier_external_id
    ]


def read_names(tx: Transaction, actor_ids: Iterable[UUID]) -> None:
    """Reads what was said of actors under all their names; the actors are locked already.

    Who changes one of a name locks its actor, too: none changes before this transaction ends.
    """
    known = (actors.get(tx, actor_id) for actor_id in actor_ids)
    keys.read(tx, {name for actor in known if actor for name in actor.names})


def lock_parted(tx: Transaction, actor_ids: Iterable[UUID], new: Iterable[IdentityKey]) -> None:
    """Makes room for names that may have to stand by themselves. One statement at most."""
    said = [name for actor in _known(tx, actor_ids) for name in names_of(tx, actor)]
    doubtful = {each.key for each in said if may_be_parted(each)} | {each.key for each in new}
    actors.lock(tx, {parted_id(name) for name in doubtful})


# ------------------------------------------------------------------------------- finding


def names_of(tx: Transaction, actor: Actor, *more: IdentityKey) -> list[IdentityKey]:
    """What was said of an actor under all its names, and under `more` that are new to it."""
    found = {name: keys.get(tx, name) for name in actor.names}
    found |= {each.key: each for each in more}
    return [each for each in found.values() if each is not None]


def find_actor(tx: Transaction, record: Record, source: Source, report: ActorReported) -> Found:
    """Whom a record speaks of, that comes under a name which is new to us."""
    held = {key.split("/", 1)[0]: _holders(tx, key) for key in keys_of([record])}
    # Neither who bears it nor whom it bears is the one that it is.
    bearer = bearer_of(tx, report)
    units = _known(tx, _holders(tx, bearer_key(source.source, source.external_id)))
    others = {bearer, *(each.actor_id for each in units)}
    by_register, by_number, by_name = (
        [each for each in _known(tx, held.get(kind, ())) if each.actor_id not in others]
        for kind in ("register", "w_idnr", "name")
    )
    found = find(record, by_register, by_number, by_name, is_borne=bool(report.carrier_external_id))
    return found._replace(units=(*found.units, *units))


def known_by(tx: Transaction, profile: ActorProfile) -> set[UUID]:
    """The actors of whom the natural keys in a profile speak; they are locked already."""
    return {holder for key in _keys_in(profile) for holder in _holders(tx, key)}


def namesakes_of(tx: Transaction, record: Record) -> list[Actor]:
    """The actors of the name and place that a record states."""
    names = sorted(key for key in keys_of([record]) if is_name(key))
    return _known(tx, [holder for key in names for holder in _holders(tx, key)])


def bearer_of(tx: Transaction, report: ActorReported) -> UUID | None:
    """Who bears the actor by its report, if that one is known."""
    if not report.carrier_external_id or report.carrier_external_id == report.external_id:
        return None
    named = actor_key(tx, tx.attributes.source, report.carrier_external_id)
    return named.subject_id if actors.get(tx, named.subject_id) else None


def wait_for_bearer(tx: Transaction, actor_id: UUID, source: str, external_id: str) -> None:
    """Lets a unit wait for the first report of its bearer.

    That the bearer's name is kept from now on makes the two meet: of two replicas that hear of the
    unit and of the bearer at the same moment, the later one begins anew, and finds the other.
    """
    call(tx, actor_id, bearer_key(source, external_id))
    named = actor_key(tx, source, external_id)
    if named.version == 0:
        keys.put(tx, named.evolve())


def call(tx: Transaction, actor_id: UUID, key: str) -> None:
    """Lets a natural key speak of an actor."""
    _put(tx, key, lambda each: each.with_holder(actor_id))


def uncall(tx: Transaction, actor_id: UUID, key: str) -> None:
    """Lets a natural key speak of an actor no more."""
    _put(tx, key, lambda each: each.without_holder(actor_id))


def rename(
    tx: Transaction, actor_id: UUID, before: Record | None, after: Record, others: Sequence[Record]
) -> None:
    """Lets the natural keys speak of an actor after one of its records became another.

    `others` are its other records: a key of theirs goes on speaking of it.
    """
    was = keys_of([before]) if before else set()
    now = keys_of([after])
    if was == now:
        return
    for key in sorted(now - was):
        call(tx, actor_id, key)
    for key in sorted(was - now - keys_of(others)):
        uncall(tx, actor_id, key)


def move_names(tx: Transaction, names: Sequence[IdentityKey], giver: Actor, taker_id: UUID) -> None:
    """Lets names stand for another actor, and the natural keys in their records speak of it."""
    for name in names:
        keys.put(tx, name.standing_for(taker_id))
    moving = {name.key for name in names}
    left = [each for each in names_of(tx, giver) if each.key not in moving]
    stays = keys_of(each.record for each in left if each.record)
    for key in sorted(keys_of(each.record for each in names if each.record)):
        call(tx, taker_id, key)
        if key not in stays:
            uncall(tx, giver.actor_id, key)


# ------------------------------------------------------------------------------- the parts


def _keys_in(profile: ActorProfile) -> tuple[str, ...]:
    seat = located(profile.seat.postcode, profile.seat.city, profile.seat.ags)
    return keys_in(profile, seat.ags)


def _holders(tx: Transaction, key: str) -> tuple[UUID, ...]:
    known = natural_keys.get(tx, key)
    return known.holders if known else ()


def _known(tx: Transaction, actor_ids: Iterable[UUID]) -> list[Actor]:
    found = (actors.get(tx, actor_id) for actor_id in actor_ids)
    return [actor for actor in found if actor is not None]


def _put(tx: Transaction, key: str, change: Callable[[NaturalKey], NaturalKey]) -> None:
    before = natural_keys.get(tx, key) or NaturalKey(key=key)
    after = change(before)
    if after is not before:
        natural_keys.put(tx, after)
