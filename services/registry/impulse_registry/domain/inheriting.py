"""Evidence that the units of a legal entity have through whoever bears them.

The tax office recognises the entity, not its parts: what proves the bearer proves its units
(section 51 (1) sentence 3 AO). Only the bearer's own evidence does so, never what that inherited
itself: else two that bear each other would prove each other.
"""

from datetime import date

from impulse_contracts.parts import InheritedEvidence
from impulse_registry.domain import evidence
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.life import ALIVE, proven


def bequest(bearer: Actor | None) -> InheritedEvidence | None:
    """What the units of an actor have of its evidence; of one that is out of use they have none."""
    until = evidence.holds_until(bearer.evidence) if bearer and bearer.status in ALIVE else None
    if bearer is None or until is None:
        return None
    return InheritedEvidence(
        actor_id=bearer.actor_id, valid_until=None if until == date.max else until
    )


def bequeaths_anew(before: Actor, after: Actor) -> bool:
    """Whether the units of an actor have something else of it than before."""
    return bequest(before) != bequest(after)


def inherits_anew(before: Actor | None, after: Actor) -> bool:
    """Whether who bears an actor changed, or what it has of that one is not known to be so."""
    if before is None:
        return after.carrier_actor_id is not None
    same = before.carrier_actor_id == after.carrier_actor_id
    return not same or before.inherited != after.inherited


def inheriting(unit: Actor, bearer: Actor | None, today: date) -> Actor:
    """The same version of a unit with what it has of its bearer's evidence."""
    inherited = bequest(bearer)
    if inherited == unit.inherited:
        return unit
    return proven(unit.model_copy(update={"inherited": inherited}), today)


def follow(unit: Actor, bearer: Actor | None, today: date) -> Actor | None:
    """The unit's next version if it has something else of its bearer's evidence now."""
    after = inheriting(unit, bearer, today)
    return None if after is unit else after.evolve()
