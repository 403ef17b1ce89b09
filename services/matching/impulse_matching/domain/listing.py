"""An offer or a need as matching sees it: what the registry published, ready to be compared."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from impulse_contracts.codes import (
    MONEY_BEARING,
    Direction,
    ListingStatus,
    ResourceCategory,
    Visibility,
)
from impulse_contracts.registry.listings import ListingState
from impulse_matching.domain import making, text
from impulse_matching.domain.faults import Fault, fault_of
from impulse_matching.domain.features import Entries, Features, of_entry
from impulse_matching.domain.words import spelled

SEEN = (Visibility.PUBLIC, Visibility.NETWORK)
"""To whom a listing must be visible to be matched."""
ASIDE = {"version", "status", "sources", "on_behalf", "confirmed_at", "confirm_by"}
"""Fields of a listing that are not what it says."""
UNSAID = {"cv_format", "cv_mode", "cc_instrument", "worktime_basis", "costs", "visibility"}
"""Fields that count as content only where they say something: they came after the first hashes. So
does `mode_stated` of the place."""

IN_CHARGE = {"in_charge": None, "handovers": ()}
"""Nor is who is in charge of it; these count as never said, as they did before there were any."""


@dataclass(frozen=True)
class Listing:
    """A listing's newest state, and the legal entity that bears its actor where that is another;
    what is derived from them is made once."""

    state: ListingState
    carrier: UUID | None = None

    @property
    def listing_id(self) -> UUID:
        """Under which id the registry keeps it."""
        return self.state.listing_id

    @property
    def party(self) -> UUID:
        """Who stands behind it."""
        return self.carrier or self.state.actor_id

    @property
    def is_need(self) -> bool:
        """Whether it asks for something; else it gives."""
        return self.state.direction == Direction.NEED

    @cached_property
    def fault(self) -> Fault | None:
        """What it says that cannot be; the registry takes no such listing, one may come anyhow."""
        return fault_of(self.state)

    @cached_property
    def is_open(self) -> bool:
        """Whether it can be matched at all: open, possible, of a direction and category we know.

        What only brokers see is theirs to match: a proposal would show it to the other side. Where
        money flows nothing is brokered.
        """
        return (
            self.state.status is ListingStatus.OPEN
            and self.state.visibility in SEEN
            and self.state.cc_instrument not in MONEY_BEARING
            and self.state.direction in tuple(Direction)
            and self.state.resource_category in tuple(ResourceCategory)
            and self.fault is None
        )

    @property
    def market(self) -> int:
        """Where an open one stands: only what is opposite in direction and else alike matches."""
        return making.market(self.state)

    @property
    def opposite(self) -> int:
        """The market in which its counterparts stand."""
        return making.opposite(self.market)

    @cached_property
    def words(self) -> str:
        """Title, description, and its skills and target groups in words."""
        codes = (*self.state.skills, *self.state.target_groups)
        return "\n".join([self.state.title, self.state.description, *map(spelled, codes)])

    @cached_property
    def vector(self) -> text.TextVector:
        """Its words as a vector; the title counts twice."""
        return text.vector(f"{self.state.title}\n{self.words}")

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """Between which minutes since 1970 it can take place, flexibility included."""
        earliest, latest, _ = making.bounds(self.state.time)
        return earliest, latest

    @cached_property
    def point(self) -> tuple[float, float, float]:
        """Its place on a sphere of radius 1; NaN where it is not located."""
        return making.point(self.state.place.latitude, self.state.place.longitude)

    @cached_property
    def content_hash(self) -> str:
        """Changes with what the listing says, not with its version, confirmations or sources."""
        content = self.state.model_copy(update=IN_CHARGE).model_dump(mode="json", exclude=ASIDE)
        for name in UNSAID:
            if content[name] == ListingState.model_fields[name].default:
                del content[name]
        if content["place"]["mode_stated"]:
            del content["place"]["mode_stated"]
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()

    @cached_property
    def entry(self) -> Entries:
        """The record of it that is compared, stored and indexed: an array of one."""
        return making.entry(self.state, self.party, self.vector)

    @cached_property
    def features(self) -> Features:
        """The record as columns of one row."""
        return of_entry(self.entry)
