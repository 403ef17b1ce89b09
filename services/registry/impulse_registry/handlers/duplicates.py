"""Looking for duplicates: after reports and commands, in portions, so that those stay cheap."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from impulse_chassis import Handlers, Messages, Transaction
from impulse_contracts.registry.duplicates import DuplicateSuspected, LookForDuplicates
from impulse_registry.domain import duplicates as rules
from impulse_registry.domain import likeness
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.pairs import pair_id, traits_of
from impulse_registry.store.actors import actors
from impulse_registry.store.duplicates import arrange, neighbours, take, unexamined
from impulse_registry.store.pairs import pairs

handlers = Handlers()

PORTIONS = 8
"""Timers among which new actors are divided, so that replicas seldom write the same one."""
PORTION = 250
"""So many actors are examined in one transaction at most."""
PAUSE = timedelta(seconds=10)
"""How long after a change it is looked: a whole import is examined together."""


@dataclass
class Portion:
    """What is examined in a transaction: pairs of neighbours, and whether more is to do."""

    neighbours: set[tuple[UUID, UUID]] = field(default_factory=set)
    more: bool = False
    chosen: int | None = None


def examine(tx: Transaction, before: Actor | None, after: Actor) -> None:
    """Has an actor looked at later, if it is another than before. A transaction sets one timer."""
    if not rules.looks_other(before, after):
        return
    portion = tx.memo(Portion)
    if portion.chosen is None:
        portion.chosen = after.actor_id.int % PORTIONS
        tx.schedule(LookForDuplicates(portion=portion.chosen), at=tx.now + PAUSE)
    unexamined.add(tx, actor_id=after.actor_id, portion=portion.chosen)


@handlers.load(LookForDuplicates)
def load_portion(tx: Transaction, messages: Messages) -> None:
    """The actors to examine, their neighbours, and what was decided about them before."""
    portion = tx.memo(Portion)
    taken, portion.more = take(tx, {message.data.portion for message in messages}, PORTION)
    actors.read(tx, taken)
    found = {each: actor for each in taken if (actor := actors.itself(tx, each))}
    arrange(tx, {each: _blocks(actor) for each, actor in found.items()})
    near = neighbours(tx, taken)
    portion.neighbours = {(min(each), max(each)) for each in near}
    actors.read(tx, {actor_id for each in portion.neighbours for actor_id in each})
    pairs.lock(tx, {pair_id(*each) for each in portion.neighbours})


@handlers.on(LookForDuplicates)
def look_for_duplicates(tx: Transaction, timer: LookForDuplicates) -> None:
    """Suspects those that are alike, once: what was decided about a pair is never asked again."""
    portion = tx.memo(Portion)
    traits = {}
    for one, other in sorted(portion.neighbours):
        if pairs.get(tx, pair_id(one, other)) is not None:
            continue
        a, b = actors.itself(tx, one), actors.itself(tx, other)
        if a is None or b is None:
            continue
        for actor in (a, b):
            if actor.actor_id not in traits:
                traits[actor.actor_id] = traits_of(actor)
        suspected = rules.suspect(a, traits[one], b, traits[other], tx.now)
        if suspected is not None:
            pairs.put(tx, suspected)
            tx.publish(DuplicateSuspected.of(suspected))
    portion.neighbours = set()
    if portion.more:
        tx.schedule(timer, at=tx.now)


def _blocks(actor: Actor) -> frozenset[str]:
    """Where to look for what may be the same; nowhere for what is out of sight."""
    if not rules.is_looked_at(actor):
        return frozenset()
    traits = traits_of(actor)
    entry = {f"#{traits.register}"} if traits.register else set()
    return likeness.block_keys(traits) | entry
