"""How an actor's next state is kept: with who is in charge of it, and when it is due next."""

from impulse_chassis import Transaction
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.life import FollowBearer
from impulse_contracts.registry.network import FollowIntermediary
from impulse_registry.domain import inheriting, life, network
from impulse_registry.domain.actors import Actor
from impulse_registry.settings import Settings
from impulse_registry.store.actors import actors
from impulse_registry.store.network import known


def say(tx: Transaction, before: Actor | None, after: Actor, fact: type[ActorState]) -> Actor:
    """Keeps and publishes a state as `fact`; returns it as it was kept.

    Where the network was loaded the intermediary in charge is looked up anew, and what a unit has
    of its bearer's evidence where that one is another.
    """
    settings: Settings = tx.settings
    around = known(tx).network
    if around is not None:
        after = network.placed(after, around, tx.now, known=before is not None)
    if inheriting.inherits_anew(before, after):
        bearer_id = after.carrier_actor_id
        bearer = actors.get(tx, bearer_id) if bearer_id else None
        after = inheriting.inheriting(after, bearer, life.day_of(tx.now))
    due_at = life.due_at(after, settings.patience)
    if due_at != after.due_at:
        after = after.model_copy(update={"due_at": due_at})
    actors.put(tx, after)
    tx.publish(fact.of(after))
    if before is not None and inheriting.bequeaths_anew(before, after):
        tx.schedule(FollowBearer(bearer_id=after.actor_id), at=tx.now)
    if before is not None and network.is_other(before, after):
        tx.schedule(FollowIntermediary(intermediary_id=after.actor_id), at=tx.now)
    return after
