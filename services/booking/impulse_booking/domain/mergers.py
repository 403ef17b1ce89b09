"""Bookings and requests of organisations that were merged into others, or separated again."""

from typing import TypeVar
from uuid import UUID

from impulse_booking.domain.bookings import Booking
from impulse_booking.domain.support import SupportRequest

T = TypeVar("T", Booking, SupportRequest)


def passed_on(held: T, survivor_id: UUID) -> T:
    """It is the survivor's; whose it was is remembered."""
    return held.evolve(actor_id=survivor_id, formerly=(*held.formerly, held.actor_id))


def given_back(held: T, actor_id: UUID) -> T:
    """It is again of one who passed it on before."""
    before = held.formerly[: held.formerly.index(actor_id)]
    return held.evolve(actor_id=actor_id, formerly=before)
