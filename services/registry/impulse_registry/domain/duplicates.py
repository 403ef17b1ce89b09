"""Likely duplicates: which pairs of actors a broker is asked about."""

from datetime import datetime

from impulse_contracts.codes import ActorStatus
from impulse_registry.domain import likeness
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.likeness import Traits
from impulse_registry.domain.pairs import Pair, is_same_or_unit, pair

OUT_OF_SIGHT = frozenset({ActorStatus.ARCHIVED, ActorStatus.MERGED})
ALMOST_SURE = 0.99
"""Two that one partner tells apart are asked about from here on only."""


def is_looked_at(actor: Actor) -> bool:
    """Whether an actor may be one of a pair: what is out of sight troubles nobody."""
    return actor.status not in OUT_OF_SIGHT


def looks_other(before: Actor | None, after: Actor) -> bool:
    """Whether so much of an actor changed that it is to be looked at anew."""
    return before is None or any(
        getattr(before, field) != getattr(after, field) for field in _COMPARED
    )


_COMPARED = (
    "legal_name",
    "display_name",
    "unit",
    "seat",
    "register_entry",
    "w_idnr",
    "website",
    "example",
    "status",
    "carrier_actor_id",
)


def suspect(
    one: Actor, its_traits: Traits, other: Actor, other_traits: Traits, now: datetime
) -> Pair | None:
    """The pair of two actors if they may be one organisation; None if they hardly are.

    Those of one register entry that were reported apart are asked about whatever they are called,
    and first of all: the entry of one turned out to be the other's.
    """
    if not is_looked_at(one) or not is_looked_at(other) or one.example != other.example:
        return None
    if is_same_or_unit(one, other):
        return None
    if its_traits.register and its_traits.register == other_traits.register:
        return pair(one, other, now).model_copy(update={"score": 1.0})
    score = likeness.compare(its_traits, other_traits).score
    partners = {each.source for each in one.sources} & {each.source for each in other.sources}
    if score < (ALMOST_SURE if partners else likeness.THRESHOLD):
        return None
    return pair(one, other, now)
