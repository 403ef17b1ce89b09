"""Natural keys: how a partner's system names a thing, and until when it was heard of."""

from datetime import datetime
from functools import lru_cache
from typing import Self
from uuid import UUID

from impulse_chassis.aggregate import Aggregate
from impulse_chassis.envelope import stable_uuid


class IdentityKey(Aggregate, key="key"):
    """A name under which an actor or a listing is known, and what it stands for.

    `reported_at` and `withdrawn_at` are the latest `observed_at` of the reports and withdrawals
    that came under this name. They move on even when a report says nothing new; so they are kept
    here, and not in the actor or listing, whose every version is a published fact. `contact` says
    whether the newest report of an actor named a contact person.
    """

    key: str
    subject_id: UUID
    reported_at: datetime | None = None
    withdrawn_at: datetime | None = None
    contact: bool = False

    def is_later(self, observed_at: datetime) -> bool:
        """Whether a report is known that is later than one observed at `observed_at`."""
        return self.reported_at is not None and observed_at < self.reported_at

    def withdrawn_after(self, observed_at: datetime) -> bool:
        """Whether it was withdrawn later than `observed_at`."""
        return self.withdrawn_at is not None and observed_at < self.withdrawn_at

    def reported(self, observed_at: datetime, *, contact: bool = False) -> Self:
        """Having heard a report that is not late; the same object if that changes nothing."""
        if observed_at == self.reported_at and contact == self.contact:
            return self
        return self.evolve(reported_at=observed_at, contact=contact)

    def withdrawn(self, observed_at: datetime) -> Self:
        """Having heard a withdrawal; the same object if it is not later than what was heard."""
        if self.withdrawn_at is not None and observed_at <= self.withdrawn_at:
            return self
        return self.evolve(withdrawn_at=observed_at)


def actor_key(source: str, external_id: str) -> str:
    """The natural key of the actor that a partner, `source`, knows as `external_id`."""
    return f"actor/{_joined(source, external_id)}"


def listing_key(source: str, external_id: str) -> str:
    """The natural key of the listing that a partner, `source`, knows as `external_id`."""
    return f"listing/{_joined(source, external_id)}"


@lru_cache(maxsize=2_000)
def new_actor(source: str, external_id: str) -> IdentityKey:
    """The key of an actor that nothing was heard of yet; its id follows from its names."""
    subject_id = stable_uuid("actor", source, external_id)
    return IdentityKey(key=actor_key(source, external_id), subject_id=subject_id)


@lru_cache(maxsize=2_000)
def new_listing(source: str, external_id: str) -> IdentityKey:
    """The key of a listing that nothing was heard of yet; its id follows from its names."""
    subject_id = stable_uuid("listing", source, external_id)
    return IdentityKey(key=listing_key(source, external_id), subject_id=subject_id)


def _joined(source: str, external_id: str) -> str:
    # A bar has no place in a URI (RFC 3986, 2); left as it is, two sources could share a key.
    return f"{source.replace('|', '%7C')}|{external_id}"
