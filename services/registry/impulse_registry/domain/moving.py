"""Two actors become one, and two again: what people are to each of them, and may become."""

from uuid import UUID

from impulse_contracts.codes import PendingKind
from impulse_contracts.registry.people import Membership, PendingMembership
from impulse_registry.domain.pairs import MovedPerson
from impulse_registry.domain.people import Memberships


def join(held: Memberships, survivor_id: UUID, other_id: UUID) -> MovedPerson | None:
    """What a person is to the survivor, or is asked to be, who was something to the other.

    None if they were not. Of a claim and an invitation the invitation goes on: that is an answer.
    """
    at_other, asked_at_other = held.at(other_id), held.pending_at(other_id)
    if at_other is None and asked_at_other is None:
        return None
    at_survivor, asked_at_survivor = held.at(survivor_id), held.pending_at(survivor_id)
    merged = _merged(survivor_id, at_survivor, at_other)
    return MovedPerson(
        person_id=held.person_id,
        at_other=at_other,
        at_survivor=at_survivor,
        merged=merged,
        asked_at_other=asked_at_other,
        asked_at_survivor=asked_at_survivor,
        asked=None if merged else _asked(survivor_id, asked_at_survivor, asked_at_other),
    )


def joined(held: Memberships, moved: MovedPerson, survivor_id: UUID, other_id: UUID) -> Memberships:
    """The memberships with what is at the survivor in place of both."""
    both = {survivor_id, other_id}
    return _with(held, both, (moved.merged,), (moved.asked,))


def parted(
    held: Memberships, moved: MovedPerson, survivor_id: UUID, other_id: UUID
) -> Memberships | None:
    """The memberships as before the merge; None if nothing of them goes back.

    Whoever left meanwhile is not brought back, nor what was answered asked again; and what they
    have become since then at the survivor they stay.
    """
    now, asked_now = held.at(survivor_id), held.pending_at(survivor_id)
    if now is None if moved.merged else asked_now != moved.asked:
        return None
    stays = moved.at_survivor if now == moved.merged else now
    return _with(
        held,
        {survivor_id, other_id},
        (stays, moved.at_other),
        (None if stays else moved.asked_at_survivor, moved.asked_at_other),
    )


def _merged(
    survivor_id: UUID, at_survivor: Membership | None, at_other: Membership | None
) -> Membership | None:
    kept = at_survivor or at_other
    if kept is None or at_other is None:
        return kept
    roles = tuple(dict.fromkeys((*kept.roles, *at_other.roles)))
    return kept.model_copy(update={"actor_id": survivor_id, "roles": roles})


def _asked(
    survivor_id: UUID, one: PendingMembership | None, other: PendingMembership | None
) -> PendingMembership | None:
    both = [each for each in (one, other) if each]
    invited = [each for each in both if each.kind == PendingKind.INVITED]
    roles = tuple(dict.fromkeys(role for each in invited for role in each.roles))
    kept = (invited or both)[0]
    return kept.model_copy(update={"actor_id": survivor_id, "roles": roles})


def _with(
    held: Memberships,
    actor_ids: set[UUID],
    memberships: tuple[Membership | None, ...],
    pending: tuple[PendingMembership | None, ...],
) -> Memberships:
    """The memberships with these at the actors, in place of what is there."""
    return held.evolve(
        memberships=(
            *(each for each in held.memberships if each.actor_id not in actor_ids),
            *(each for each in memberships if each),
        ),
        pending=(
            *(each for each in held.pending if each.actor_id not in actor_ids),
            *(each for each in pending if each),
        ),
    )
