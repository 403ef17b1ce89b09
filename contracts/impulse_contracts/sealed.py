"""What stands in a link that nobody else can make, and says what it is good for."""

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime
from uuid import UUID

DIGEST_BYTES = 16
_ID_BYTES = 16
_TIME_BYTES = 6


def seal(key: str, purpose: str, said: bytes) -> str:
    """A token that says `said`; `key` is the same wherever it is read."""
    return base64.urlsafe_b64encode(said + digest(key, purpose, said)).rstrip(b"=").decode()


def unseal(key: str, purpose: str, text: str, length: int) -> bytes | None:
    """The `length` bytes that a token says; None for one that was not made so, with this key."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        signed = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    said, signature = signed[:length], signed[length:]
    genuine = hmac.compare_digest(signature, digest(key, purpose, said))
    return said if genuine and len(said) == length else None


def seal_link(key: str, purpose: str, about: UUID, person_id: UUID, until: datetime) -> str:
    """A token that says what a link is about, who was sent it, and a time, to the second."""
    time = int(until.timestamp()).to_bytes(_TIME_BYTES)
    return seal(key, purpose, about.bytes + person_id.bytes + time)


def unseal_link(key: str, purpose: str, text: str) -> tuple[UUID, UUID, datetime] | None:
    """What `seal_link` was given; None for a token that was not made so, with this key."""
    said = unseal(key, purpose, text, 2 * _ID_BYTES + _TIME_BYTES)
    if said is None:
        return None
    return (
        UUID(bytes=said[:_ID_BYTES]),
        UUID(bytes=said[_ID_BYTES : 2 * _ID_BYTES]),
        datetime.fromtimestamp(int.from_bytes(said[2 * _ID_BYTES :]), UTC),
    )


def digest(key: str, purpose: str, said: bytes) -> bytes:
    """What only whoever has `key` can make of `said`: `DIGEST_BYTES` bytes."""
    # The purpose keeps it apart from all else that is made with the same key.
    signed = f"{purpose}\0".encode() + said
    return hmac.new(key.encode(), signed, hashlib.sha256).digest()[:DIGEST_BYTES]
