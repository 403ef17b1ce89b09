"""Natural keys: how a partner's system names a thing, and until when it was heard of."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

from impulse_chassis.aggregate import Aggregate
from impulse_chassis.envelope import stable_uuid
from impulse_registry.domain.records import Record, confirmed


class IdentityKey(Aggregate, key="key"):
    """A name under which an actor or a listing is known, and what it stands for.

    `reported_at` and `withdrawn_at` are the latest `observed_at` of the reports and withdrawals
    that came under this name. They move on even when a report says nothing new; so they are kept
    here, and not in the actor or listing, whose every version is a published fact. `gone` says that
    the withdrawal stands. `record` is what an actor's newest report under this name says, and
    `contact` whether it named a contact person. Merging two actors lets the names of both stand
    for one; so what was said of either is never mixed up, and can be taken apart again.
    """

    key: str
    subject_id: UUID
    reported_at: datetime | None = None
    withdrawn_at: datetime | None = None
    gone: bool = False
    contact: bool = False
    record: Record | None = None

    def is_later(self, observed_at: datetime) -> bool:
        """Whether a report is known that is later than one observed at `observed_at`."""
        return self.reported_at is not None and observed_at < self.reported_at

    def withdrawn_after(self, observed_at: datetime) -> bool:
        """Whether it was withdrawn later than `observed_at`."""
        return self.withdrawn_at is not None and observed_at < self.withdrawn_at

    def reported(
        self,
        observed_at: datetime,
        *,
        subject_id: UUID | None = None,
        record: Record | None = None,
        contact: bool = False,
    ) -> Self:
        """Having heard a report that is not late; the same object if that changes nothing.

        It brings back what was withdrawn, unless the withdrawal is later; before the first report,
        a withdrawal of the same time holds, too.
        """
        first = self.reported_at is None
        gone = self.withdrawn_after(observed_at) or (first and self.withdrawn_at == observed_at)
        now = {
            "subject_id": subject_id or self.subject_id,
            "reported_at": observed_at,
            "gone": gone,
            "record": record,
            "contact": contact,
        }
        if all(getattr(self, name) == value for name, value in now.items()):
            return self
        return self.evolve(**now)

    def withdrawn(self, observed_at: datetime) -> Self:
        """Having heard a withdrawal; the same object if that changes nothing."""
        at = max(observed_at, self.withdrawn_at or observed_at)
        gone = self.gone or (self.reported_at is not None and not self.is_later(observed_at))
        if at == self.withdrawn_at and gone == self.gone:
            return self
        return self.evolve(withdrawn_at=at, gone=gone)

    def confirmed(self) -> Self:
        """With what was said confirmed by the party itself; the same object if it was."""
        if self.record is None or self.record.confirmed:
            return self
        return self.evolve(record=self.record.model_copy(update={"confirmed": True}))

    def confirmed_where(self, stands: Mapping[str, Any]) -> Self:
        """With that confirmed by the party which `stands`; the same object if it was."""
        if self.record is None or self.gone or self.record.confirmed:
            return self
        after = confirmed(self.record, stands)
        return self if after == self.record else self.evolve(record=after)

    def standing_for(self, subject_id: UUID) -> Self:
        """The name standing for another; the same object if it does already."""
        return self if subject_id == self.subject_id else self.evolve(subject_id=subject_id)


def actor_key(source: str, external_id: str) -> str:
    """The natural key of the actor that a partner, `source`, knows as `external_id`."""
    return f"actor/{_joined(source, external_id)}"


def hand_key(actor_id: UUID) -> str:
    """The key of what people say of an actor by hand."""
    return f"hand/{actor_id}"


def listing_key(source: str, external_id: str) -> str:
    """The natural key of the listing that a partner, `source`, knows as `external_id`."""
    return f"listing/{_joined(source, external_id)}"


@lru_cache(maxsize=2_000)
def new_actor(source: str, external_id: str) -> IdentityKey:
    """The key of an actor that nothing was heard of yet; its id follows from its names."""
    subject_id = stable_uuid("actor", source, external_id)
    return IdentityKey(key=actor_key(source, external_id), subject_id=subject_id)


def new_hand(actor_id: UUID) -> IdentityKey:
    """The key of what people say by hand of an actor, of which they said nothing yet."""
    return IdentityKey(key=hand_key(actor_id), subject_id=actor_id)


@lru_cache(maxsize=2_000)
def new_listing(source: str, external_id: str) -> IdentityKey:
    """The key of a listing that nothing was heard of yet; its id follows from its names."""
    subject_id = stable_uuid("listing", source, external_id)
    return IdentityKey(key=listing_key(source, external_id), subject_id=subject_id)


@lru_cache(maxsize=10_000)
def _joined(source: str, external_id: str) -> str:
    # A bar has no place in a URI (RFC 3986, 2); left as it is, two sources could share a key.
    return f"{source.replace('|', '%7C')}|{external_id}"
