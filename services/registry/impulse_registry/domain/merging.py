"""Two actors become one, and two again: what each of them is then."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from impulse_chassis.aggregate import Refused
from impulse_contracts.codes import ActorStatus, SuccessionKind
from impulse_contracts.parts import Evidence
from impulse_contracts.reasons import Reason
from impulse_registry.domain import actors, registers
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.life import IN_SIGHT, proven
from impulse_registry.domain.listings import Listing
from impulse_registry.domain.naturalkeys import keys_of
from impulse_registry.domain.pairs import Moved

SAME = ("dieselbe Organisation", "the same organisation")
UNIT = ("Einheit der anderen Organisation", "unit of the other organisation")


def check(survivor: Actor, other: Actor, succession: SuccessionKind | None) -> None:
    """Whether two may be merged.

    Raises `wrong_state` where one of them is merged already or a unit of the other: units stay
    actors of their own. Raises `succession_needed` where each has a register entry of its own and
    nobody says how the one followed on the other.
    """
    if survivor.actor_id == other.actor_id:
        raise Refused(Reason.WRONG_STATE, state=SAME)
    check_unmerged(survivor)
    check_unmerged(other)
    if _is_unit_of(survivor, other) or _is_unit_of(other, survivor):
        raise Refused(Reason.WRONG_STATE, state=UNIT)
    entries = {
        registers.parse(entry.court, entry.number)
        for entry in (survivor.register_entry, other.register_entry)
        if entry
    }
    if len(entries - {None}) > 1 and succession is None:
        raise Refused(Reason.SUCCESSION_NEEDED)


def _is_unit_of(one: Actor, other: Actor) -> bool:
    """Whether the other bears it, and it states a unit that the other does not."""
    return one.carrier_actor_id == other.actor_id and one.unit is not None and other.unit is None


def check_unmerged(actor: Actor) -> None:
    """Refuses with `wrong_state` where another actor goes on for this one."""
    if actor.is_merged:
        raise Refused(Reason.WRONG_STATE, state=(actor.status.de, actor.status.en))


def survive(survivor: Actor, other: Actor, names: Sequence[IdentityKey], today: date) -> Actor:
    """The one that goes on for both, by all that was said of either (`names`).

    The evidence of the other counts for it, and so does that the other was heard of lately.
    """
    bearer = survivor.carrier_actor_id
    changes: dict[str, object] = {
        "absorbed": (*survivor.absorbed, other.actor_id, *other.absorbed),
        "carrier_actor_id": None if bearer == other.actor_id else bearer,
    }
    if survivor.status is ActorStatus.STALE and other.status in IN_SIGHT:
        changes["status"] = ActorStatus.REGISTERED
    after = actors.reworked(survivor, names, other.confirmed_at, **changes)
    assert after is not None
    evidence = (*survivor.evidence, *other.evidence)
    return proven(after.model_copy(update={"evidence": evidence}), today)


def give_way(other: Actor, survivor_id: UUID) -> Actor:
    """The one that another goes on for; its sources are that one's now."""
    return other.evolve(status=ActorStatus.MERGED, merged_into=survivor_id, sources=())


def let_go(
    survivor: Actor,
    other: Actor,
    names: Sequence[IdentityKey],
    today: date,
    stale_since: datetime | None = None,
) -> Actor:
    """The survivor without what was said of the other, and without its evidence.

    `stale_since` is when a survivor that was stale was merged: it is so again, unless it was
    confirmed after that.
    """
    gone = {other.actor_id, *other.absorbed}
    left = tuple(each for each in survivor.absorbed if each not in gone)
    after = actors.reworked(survivor, names, survivor.confirmed_at, absorbed=left)
    assert after is not None
    theirs = {each.evidence_id for each in other.evidence}
    own = tuple(each for each in survivor.evidence if each.evidence_id not in theirs)
    alone = proven(after.model_copy(update={"evidence": own}), today)
    if stale_since and alone.status in IN_SIGHT and survivor.confirmed_at <= stale_since:
        return alone.model_copy(update={"status": ActorStatus.STALE})
    return alone


def stand_again(
    other: Actor,
    names: Sequence[IdentityKey],
    status: ActorStatus,
    evidence: Sequence[Evidence],
    today: date,
) -> Actor:
    """The other by itself, as that which was said of it has it; `status` as before the merge.

    Of `evidence`, the survivor's, it takes back its own, with what was checked meanwhile.
    """
    alive, _ = actors.heard(names)
    if not alive:
        status = ActorStatus.ARCHIVED
    elif status is ActorStatus.ARCHIVED:
        status = ActorStatus.REGISTERED
    after = actors.reworked(other, names, other.confirmed_at, status=status, merged_into=None)
    assert after is not None
    now = {each.evidence_id: each for each in evidence}
    own = tuple(now.get(each.evidence_id, each) for each in other.evidence)
    return proven(after.model_copy(update={"evidence": own}), today)


def joined_since(moved: Moved, names: Sequence[IdentityKey]) -> list[IdentityKey]:
    """Those of a survivor's names that came after the merge, and by what was said of the other."""
    known = {*moved.names, *moved.kept}
    theirs, own = (
        keys_of(each.record for each in names if each.record and each.key in mine)
        for mine in (moved.names, moved.kept)
    )
    return [
        each
        for each in names
        if each.key not in known
        and each.record
        and each.record.source
        and (found := keys_of([each.record])) & theirs
        and not found & own
    ]


def is_of(listing: Listing, actor: Actor, other: Actor) -> bool:
    """Whether only partners of `actor`, none of which knows `other`, speak of a listing."""
    said = {each.source for each in listing.sources}
    return bool(said) and said <= (
        {each.source for each in actor.sources} - {each.source for each in other.sources}
    )
