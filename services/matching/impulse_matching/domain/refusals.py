"""What a refusal rests on: a pair that was declined stays away until that is another thing.

Nobody is asked again about what they said no to; but who could not come on that day is asked again
when there is another day.
"""

import hashlib
import json
from collections.abc import Collection

from impulse_contracts.codes import DeclineReason, Direction
from impulse_contracts.registry.listings import ListingState

_ABOUT = frozenset({"title", "description", "skills", "resource_category"})
"""What it is about at all."""
RESTS_ON: dict[DeclineReason, frozenset[str]] = {
    DeclineReason.NO_CAPACITY_NOW: frozenset({"time", "quantity", "team_size"}),
    DeclineReason.WRONG_SKILL: _ABOUT,
    DeclineReason.TOO_FAR: frozenset({"place"}),
    DeclineReason.DATE_NOT_POSSIBLE: frozenset({"time"}),
    DeclineReason.TOPIC_NOT_FITTING: _ABOUT | {"topics", "target_groups"},
    DeclineReason.SIZE_NOT_FITTING: frozenset({"quantity", "team_size"}),
    DeclineReason.REQUIREMENT_NOT_MET: frozenset({"requirements", "accessibility"}),
    DeclineReason.NO_COUNTER_PERFORMANCE: frozenset({"counter_offers", "costs"}),
}
"""The fields, of either listing, on which a reason stands. The other reasons name none: they stand
on all that the other side's listing says."""

_CONTENT = frozenset(ListingState.model_fields) - {
    "listing_id", "version", "status", "sources", "visibility", "example", "on_behalf", "in_charge",
    "handovers", "confirmed_at", "confirm_by",
}  # fmt: skip


def basis(need: ListingState, offer: ListingState, reason: DeclineReason, by: Direction) -> str:
    """What of two listings the refusal of the side `by` rests on, as a hash."""
    fields = RESTS_ON.get(reason)
    if fields is None:
        return _hash([_said(offer if by is Direction.NEED else need, _CONTENT)])
    return _hash([_said(need, fields), _said(offer, fields)])


def _said(listing: ListingState, fields: Collection[str]) -> object:
    said = listing.model_dump(mode="json", include=set(fields))
    if "place" in said:
        del said["place"]["mode_stated"]  # Whether the same mode was said does not matter here.
    return said


def _hash(said: list[object]) -> str:
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()
