"""The links by which people object to what a partner reported of them.

A link says whose it is, and to which address it was sent: whom a partner names later in the same
place has another one. Nobody else can make it: whoever has it was sent it. It does not expire,
since the right to object does not.
"""

from typing import NamedTuple
from uuid import UUID

from impulse_contracts.addresses import normal
from impulse_contracts.sealed import DIGEST_BYTES, digest, seal, unseal

_ID_BYTES = 16


class Objection(NamedTuple):
    """Who objects, and the mark of the address to which their link was sent."""

    person_id: UUID
    mark: bytes


def token(key: str, person_id: UUID, address: str) -> str:
    """What stands in the link that is sent to a person's address; `key` is the same everywhere."""
    return seal(key, "objection", person_id.bytes + mark(key, address))


def read(key: str, text: str) -> Objection | None:
    """What a token says; None for one that was not made with `key`."""
    said = unseal(key, "objection", text, _ID_BYTES + DIGEST_BYTES)
    return Objection(UUID(bytes=said[:_ID_BYTES]), said[_ID_BYTES:]) if said else None


def mark(key: str, address: str) -> bytes:
    """What says that two addresses are the same, and neither of them."""
    return digest(key, "address", normal(address).encode())
