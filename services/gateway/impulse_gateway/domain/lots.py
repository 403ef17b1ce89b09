"""Lots, as they are drawn for places: anyone can recompute who came first."""

import hashlib
from uuid import UUID


def lot(seed: str, booking_id: UUID) -> str:
    """The lot of a booking: the SHA-256 of `<seed>/<booking id>`; the smallest comes first."""
    return hashlib.sha256(f"{seed}/{booking_id}".encode()).hexdigest()
