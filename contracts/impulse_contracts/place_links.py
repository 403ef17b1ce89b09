"""The links by which people take an offered place, or do without it, without signing in.

A link says which booking, who was sent it and until when the place is held, and serves nothing
else. It can be read for some time after that: who clicks late is told so, and where they are in the
waiting list. Whether its holder may still answer decides booking.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from impulse_contracts.sealed import seal_link, unseal_link

READ_LATE = timedelta(days=30)
"""So long after the place is not held any more a link still says so."""


class PlaceLink(NamedTuple):
    """What a link is good for. Its address is `/place/<token>`."""

    booking_id: UUID
    person_id: UUID
    offered_until: datetime
    """As the booking says, to the second."""


def token(key: str, link: PlaceLink) -> str:
    """What stands in the link; `key` is the same wherever it is read."""
    return seal_link(key, "place", *link)


def read(key: str, text: str, now: datetime) -> PlaceLink | None:
    """What a token is good for; None for one that was not made with `key`, or is too old."""
    said = unseal_link(key, "place", text)
    if said is None:
        return None
    link = PlaceLink(*said)
    return link if now < link.offered_until + READ_LATE else None
