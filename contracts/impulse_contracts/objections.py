"""The links by which people object to what a partner reported of them.

A link says whose it is, and to which address it was sent: whom a partner names later in the same
place has another one. Nobody else can make it: whoever has it was sent it. It does not expire,
since the right to object does not.
"""

import base64
import binascii
import hashlib
import hmac
from typing import NamedTuple
from uuid import UUID

from impulse_contracts.addresses import normal

_BYTES = 16
"""Of the id, of the mark, and of the signature."""


class Objection(NamedTuple):
    """Who objects, and the mark of the address to which their link was sent."""

    person_id: UUID
    mark: bytes


def token(key: str, person_id: UUID, address: str) -> str:
    """What stands in the link that is sent to a person's address; `key` is the same everywhere."""
    said = person_id.bytes + mark(key, address)
    return base64.urlsafe_b64encode(said + _digest(key, "objection", said)).decode()


def read(key: str, text: str) -> Objection | None:
    """What a token says; None for one that was not made with `key`."""
    try:
        signed = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    said, signature = signed[: 2 * _BYTES], signed[2 * _BYTES :]
    if len(said) != 2 * _BYTES or not hmac.compare_digest(
        signature, _digest(key, "objection", said)
    ):
        return None
    return Objection(UUID(bytes=said[:_BYTES]), said[_BYTES:])


def mark(key: str, address: str) -> bytes:
    """What says that two addresses are the same, and neither of them."""
    return _digest(key, "address", normal(address).encode())


def _digest(key: str, what: str, said: bytes) -> bytes:
    # The prefix keeps it apart from all else that is made with the same key.
    return hmac.new(key.encode(), f"{what}\0".encode() + said, hashlib.sha256).digest()[:_BYTES]
