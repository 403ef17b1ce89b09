"""Units that follow the evidence of whoever bears them."""

from impulse_chassis import Handlers, Messages, Transaction
from impulse_contracts.registry.life import ActorEvidenceInherited, FollowBearer
from impulse_registry.domain import inheriting as rules
from impulse_registry.domain.life import day_of
from impulse_registry.handlers.keeping import say
from impulse_registry.store.actors import actors
from impulse_registry.store.units import PORTION, lock_portions, portion

handlers = Handlers()


@handlers.load(FollowBearer)
def load_portions(tx: Transaction, messages: Messages) -> None:
    """The next units of each bearer, and the bearers."""
    lock_portions(tx, [(each.data.bearer_id, each.data.after) for each in messages])


@handlers.on(FollowBearer)
def follow_bearer(tx: Transaction, timer: FollowBearer) -> None:
    """Sees what the next portion of units has of their bearer's evidence."""
    units = portion(tx, (timer.bearer_id, timer.after))
    bearer = actors.get(tx, timer.bearer_id)
    for unit_id in units:
        before = actors.require_itself(tx, unit_id)
        if before.carrier_actor_id != timer.bearer_id:
            continue
        after = rules.follow(before, bearer, day_of(tx.now))
        if after is not None:
            say(tx, before, after, ActorEvidenceInherited)
    if len(units) == PORTION:
        following = FollowBearer(bearer_id=timer.bearer_id, after=units[-1])
        # By its own name: a chain that begins anew meanwhile must not lose this one, nor be lost.
        tx.schedule(following, at=tx.now, name=str(following.after))
