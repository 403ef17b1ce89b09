"""What brokers were asked about an actor, once another one goes on for it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from impulse_chassis import Transaction
from impulse_contracts.codes import PairState
from impulse_contracts.registry.duplicates import (
    DuplicateSettled,
    DuplicateSuspected,
    MergeActors,
)
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.duplicates import is_looked_at
from impulse_registry.domain.pairs import Pair, is_same_or_unit, pair, pair_id
from impulse_registry.store.actors import actors
from impulse_registry.store.pairs import lock_suspected, pairs


def lock_questions(tx: Transaction, merges: Sequence[MergeActors]) -> set[UUID]:
    """Locks what is asked about those that are merged, and what will be of the survivors instead.

    Returns the third ones, that are in these pairs. Two statements at most.
    """
    survivors = {each.other_id: each.survivor_id for each in merges}
    asked = [
        (survivor_id, found.beside(other_id))
        for found in lock_suspected(tx, survivors)
        for other_id, survivor_id in survivors.items()
        if other_id in (found.actor_a_id, found.actor_b_id)
    ]
    pairs.lock(tx, {pair_id(*each) for each in asked})
    return {third for _, third in asked}


def settle(tx: Transaction, other: Actor, survivor: Actor) -> tuple[UUID, ...]:
    """Asks about the survivor what was asked about the other; returns the pairs that are settled.

    Where that was decided, or asked, before, nothing is asked anew.
    """
    open_pairs = [
        each for each in _suspected(tx, other) if survivor.actor_id != each.beside(other.actor_id)
    ]
    for known in open_pairs:
        tx.publish(DuplicateSettled.of(pairs.put(tx, known.settled(tx.now))))
        third = actors.itself(tx, known.beside(other.actor_id))
        if third is None or not is_looked_at(third) or is_same_or_unit(survivor, third):
            continue
        if pairs.get(tx, pair_id(survivor.actor_id, third.actor_id)) is None:
            found = pair(survivor, third, tx.now)
            found = found.model_copy(update={"score": max(found.score, known.score)})
            tx.publish(DuplicateSuspected.of(pairs.put(tx, found)))
    return tuple(each.pair_id for each in open_pairs)


def reopen(tx: Transaction, pair_ids: Iterable[UUID]) -> None:
    """Asks again what a merge had settled that was undone."""
    for each in pair_ids:
        known = pairs.require(tx, each)
        if known.state is PairState.SETTLED:
            tx.publish(DuplicateSuspected.of(pairs.put(tx, known.reopened())))


def _suspected(tx: Transaction, actor: Actor) -> list[Pair]:
    return pairs.loaded(
        tx,
        lambda each: (
            each.state is PairState.SUSPECTED
            and actor.actor_id in (each.actor_a_id, each.actor_b_id)
        ),
    )
