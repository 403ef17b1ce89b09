"""The links by which people object to what a partner reported of them.

A link says whose it is, and nobody else can make it: whoever has it was sent it. It does not
expire, since the right to object does not.
"""

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

_ID_BYTES = 16
_SIGNATURE_BYTES = 16


def token(key: str, person_id: UUID) -> str:
    """What stands in the link of a person; `key` is the same wherever it is read."""
    signed = person_id.bytes + _signature(key, person_id)
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()


def person_of(key: str, text: str) -> UUID | None:
    """Whose token it is; None for one that was not made with `key`."""
    try:
        signed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    if len(signed) != _ID_BYTES + _SIGNATURE_BYTES:
        return None
    person_id = UUID(bytes=signed[:_ID_BYTES])
    genuine = hmac.compare_digest(signed[_ID_BYTES:], _signature(key, person_id))
    return person_id if genuine else None


def _signature(key: str, person_id: UUID) -> bytes:
    # The prefix keeps it apart from all else that is made with the same key.
    said = f"objection\0{person_id}".encode()
    return hmac.new(key.encode(), said, hashlib.sha256).digest()[:_SIGNATURE_BYTES]
