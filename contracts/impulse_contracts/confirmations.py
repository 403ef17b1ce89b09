"""The links by which people confirm one listing without signing in, until a day.

A link says which listing, who was sent it and until when it is good, and serves nothing else.
Whether its holder may still confirm the listing decides the registry.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

_ID_BYTES = 16
_TIME_BYTES = 6
_SAID_BYTES = 2 * _ID_BYTES + _TIME_BYTES
_SIGNATURE_BYTES = 16


class Confirmation(NamedTuple):
    """What a link is good for."""

    listing_id: UUID
    person_id: UUID
    until: datetime
    """To the second."""


def token(key: str, link: Confirmation) -> str:
    """What stands in the link; `key` is the same wherever it is read."""
    until = int(link.until.timestamp()).to_bytes(_TIME_BYTES)
    said = link.listing_id.bytes + link.person_id.bytes + until
    return base64.urlsafe_b64encode(said + _signature(key, said)).rstrip(b"=").decode()


def read(key: str, text: str, now: datetime) -> Confirmation | None:
    """What a token is good for; None for one that was not made with `key`, or is over."""
    try:
        signed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    said, signature = signed[:_SAID_BYTES], signed[_SAID_BYTES:]
    if len(signature) != _SIGNATURE_BYTES or not hmac.compare_digest(
        signature, _signature(key, said)
    ):
        return None
    link = Confirmation(
        UUID(bytes=said[:_ID_BYTES]),
        UUID(bytes=said[_ID_BYTES : 2 * _ID_BYTES]),
        datetime.fromtimestamp(int.from_bytes(said[2 * _ID_BYTES :]), UTC),
    )
    return link if now < link.until else None


def _signature(key: str, said: bytes) -> bytes:
    # The prefix keeps it apart from all else that is made with the same key.
    return hmac.new(key.encode(), b"confirmation\0" + said, hashlib.sha256).digest()[
        :_SIGNATURE_BYTES
    ]
