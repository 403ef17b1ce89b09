"""The links by which people confirm one listing without signing in, until a day.

A link says which listing, who was sent it and until when it is good, and serves nothing else.
Whether its holder may still confirm the listing decides the registry.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from impulse_contracts.sealed import seal_link, unseal_link


class Confirmation(NamedTuple):
    """What a link is good for."""

    listing_id: UUID
    person_id: UUID
    until: datetime
    """To the second."""


def token(key: str, link: Confirmation) -> str:
    """What stands in the link; `key` is the same wherever it is read."""
    return seal_link(key, "confirmation", *link)


def read(key: str, text: str, now: datetime) -> Confirmation | None:
    """What a token is good for; None for one that was not made with `key`, or is over."""
    said = unseal_link(key, "confirmation", text)
    if said is None:
        return None
    link = Confirmation(*said)
    return link if now < link.until else None
