"""Booking as a service: what it reads, and how it is put together."""

from pathlib import Path

from impulse_booking.handlers import handlers
from impulse_booking.settings import Settings
from impulse_chassis import Forgetting, Service
from impulse_contracts import topics

service = Service(
    "booking",
    Settings,
    handlers,
    reads=[topics.PROPOSALS, topics.BOOKING_COMMANDS],
    migrations=Path(__file__).parent / "migrations",
    forgetting=Forgetting(),
)
