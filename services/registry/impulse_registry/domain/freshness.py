"""What time makes of a listing: a reminder, then stale; closed after its last day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo

from impulse_chassis.aggregate import Refused
from impulse_contracts.codes import ListingStatus
from impulse_contracts.reasons import Reason
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.listings import VISIBLE, Listing

BERLIN = ZoneInfo("Europe/Berlin")
"""Days of listings begin and end in the Ruhr area."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a listing stands that nobody confirms, and how long before its actor is reminded."""

    stale_after: timedelta
    remind_before: timedelta

    @property
    def remind_after(self) -> timedelta:
        """How long after it was confirmed its actor is reminded."""
        return self.stale_after - self.remind_before


def status_at(
    now: datetime, valid_until: date | None, confirmed_at: datetime, patience: Patience
) -> ListingStatus:
    """What becomes of a listing that is heard of now: closed after its last day, stale when it was
    last confirmed too long ago."""
    if is_past(valid_until, now):
        return ListingStatus.CLOSED
    fresh = now < confirmed_at + patience.stale_after
    return ListingStatus.OPEN if fresh else ListingStatus.STALE


def check(
    listing: Listing, heard: Iterable[IdentityKey], now: datetime, patience: Patience
) -> Listing:
    """The listing as time changes it next; the same one if it does not yet.

    `heard` are the names under which it is reported. An open one that nobody confirms is first
    reminded of, and stale only `remind_before` after that, however late the reminder was.
    """
    confirmed_at = last_confirmed(listing, heard)
    if is_past(listing.valid_until, now):
        return listing.evolve(status=ListingStatus.CLOSED, confirmed_at=confirmed_at)
    if listing.status is ListingStatus.STALE:
        status = status_at(now, listing.valid_until, confirmed_at, patience)
        if status is listing.status:
            return listing
        return listing.evolve(status=status, confirmed_at=confirmed_at)
    if now < _due(listing, confirmed_at, patience):
        return listing
    if listing.confirm_by is None:
        return listing.evolve(confirm_by=now + patience.remind_before, confirmed_at=confirmed_at)
    return listing.evolve(status=ListingStatus.STALE, confirm_by=None, confirmed_at=confirmed_at)


def next_check(
    listing: Listing, heard: Iterable[IdentityKey], patience: Patience
) -> datetime | None:
    """When time changes the listing next, if nobody confirms it; None: never."""
    if listing.status not in VISIBLE:
        return None
    ends = [] if listing.valid_until is None else [end_of(listing.valid_until)]
    if listing.status is ListingStatus.OPEN:
        ends.append(_due(listing, last_confirmed(listing, heard), patience))
    return min(ends, default=None)


def _due(listing: Listing, confirmed_at: datetime, patience: Patience) -> datetime:
    """When an open listing's next step is due: the reminder, or after it being stale."""
    return listing.confirm_by or confirmed_at + patience.remind_after


def last_confirmed(listing: Listing, heard: Iterable[IdentityKey]) -> datetime:
    """When a listing was last confirmed, also by reports that said nothing new."""
    reports = (key.reported_at for key in heard)
    return max([listing.confirmed_at, *(at for at in reports if at is not None)])


def is_past(valid_until: date | None, now: datetime) -> bool:
    """Whether the last day, if there is one, is over."""
    return valid_until is not None and now >= end_of(valid_until)


def demand_ahead(valid_until: date | None, now: datetime) -> None:
    """Refuses with `date_in_past` a last day that is over: reports may be late, people are not."""
    if is_past(valid_until, now):
        raise Refused(Reason.DATE_IN_PAST)


def end_of(day: date) -> datetime:
    """The end of a day in the Ruhr area."""
    return datetime.combine(day + timedelta(days=1), clock.min, BERLIN)
