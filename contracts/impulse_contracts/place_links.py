"""The links by which people take an offered place, or do without it, without signing in.

A link says which booking, who was sent it and until when the place is held, and serves nothing
else. It can be read for some time after that: who clicks late is told so, and where they are in the
waiting list. Whether its holder may still answer decides booking.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from impulse_contracts.sealed import seal, unseal

READ_LATE = timedelta(days=30)
"""So long after the place is not held any more a link still says so."""
_ID_BYTES = 16
_TIME_BYTES = 6


class PlaceLink(NamedTuple):
    """What a link is good for. Its address is `/place/<token>`."""

    booking_id: UUID
    person_id: UUID
    offered_until: datetime
    """As the booking says, to the second."""


def token(key: str, link: PlaceLink) -> str:
    """What stands in the link; `key` is the same wherever it is read."""
    until = int(link.offered_until.timestamp()).to_bytes(_TIME_BYTES)
    return seal(key, "place", link.booking_id.bytes + link.person_id.bytes + until)


def read(key: str, text: str, now: datetime) -> PlaceLink | None:
    """What a token is good for; None for one that was not made with `key`, or is too old."""
    said = unseal(key, "place", text, 2 * _ID_BYTES + _TIME_BYTES)
    if said is None:
        return None
    link = PlaceLink(
        UUID(bytes=said[:_ID_BYTES]),
        UUID(bytes=said[_ID_BYTES : 2 * _ID_BYTES]),
        datetime.fromtimestamp(int.from_bytes(said[2 * _ID_BYTES :]), UTC),
    )
    return link if now < link.offered_until + READ_LATE else None
