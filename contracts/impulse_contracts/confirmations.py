"""The links by which people confirm one listing without signing in, until a day.

A link says which listing, who was sent it and until when it is good, and serves nothing else.
Whether its holder may still confirm the listing decides the registry.
"""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from impulse_contracts.sealed import seal, unseal

_ID_BYTES = 16
_TIME_BYTES = 6


class Confirmation(NamedTuple):
    """What a link is good for."""

    listing_id: UUID
    person_id: UUID
    until: datetime
    """To the second."""


def token(key: str, link: Confirmation) -> str:
    """What stands in the link; `key` is the same wherever it is read."""
    until = int(link.until.timestamp()).to_bytes(_TIME_BYTES)
    return seal(key, "confirmation", link.listing_id.bytes + link.person_id.bytes + until)


def read(key: str, text: str, now: datetime) -> Confirmation | None:
    """What a token is good for; None for one that was not made with `key`, or is over."""
    said = unseal(key, "confirmation", text, 2 * _ID_BYTES + _TIME_BYTES)
    if said is None:
        return None
    link = Confirmation(
        UUID(bytes=said[:_ID_BYTES]),
        UUID(bytes=said[_ID_BYTES : 2 * _ID_BYTES]),
        datetime.fromtimestamp(int.from_bytes(said[2 * _ID_BYTES :]), UTC),
    )
    return link if now < link.until else None
