"""What a broker may decide on two organisations that may be one, and what has to be said."""

from uuid import UUID

from impulse_contracts.codes import Criterion, PairState
from impulse_contracts.registry.duplicates import Pair


def may_merge(pair: Pair) -> bool:
    """Whether the two can be merged: they are not yet, and neither was merged into a third. Also if
    they were held to be two before."""
    return pair.state not in (PairState.MERGED, PairState.SETTLED)


def may_keep_apart(pair: Pair) -> bool:
    """Whether it can be said that they are two: nobody has said so yet, nor merged them."""
    return pair.state in (PairState.SUSPECTED, PairState.SEPARATED)


def may_undo(pair: Pair) -> bool:
    """Whether there is a merge to be undone."""
    return pair.state == PairState.MERGED


def needs_succession(pair: Pair) -> bool:
    """Whether they have two register entries, so that it must be said how the one follows."""
    return agreement(pair, Criterion.REGISTER) is False


def agreement(pair: Pair, criterion: Criterion) -> bool | None:
    """Whether they agree on a criterion; None where it was not compared."""
    found = (each.agrees for each in pair.evidence if each.criterion == criterion)
    return next(found, None)


def other_of(pair: Pair, actor_id: UUID) -> UUID | None:
    """The other one of the two; None if `actor_id` is neither."""
    both = (pair.actor_a_id, pair.actor_b_id)
    return both[1 - both.index(actor_id)] if actor_id in both else None
