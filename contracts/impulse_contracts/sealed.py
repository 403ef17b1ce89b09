"""What stands in a link that nobody else can make, and says what it is good for."""

import base64
import binascii
import hashlib
import hmac

DIGEST_BYTES = 16


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


def digest(key: str, purpose: str, said: bytes) -> bytes:
    """What only whoever has `key` can make of `said`: `DIGEST_BYTES` bytes."""
    # The purpose keeps it apart from all else that is made with the same key.
    signed = f"{purpose}\0".encode() + said
    return hmac.new(key.encode(), signed, hashlib.sha256).digest()[:DIGEST_BYTES]
