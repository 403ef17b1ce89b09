"""Booking as a service: what it reads, and how it is put together."""

from pathlib import Path

from impulse_booking.handlers import Booking
from impulse_booking.settings import Settings
from impulse_chassis import Service
from impulse_contracts import topics


def build(redeem_months: int = 12) -> Service:
    """The service; a cooperation has `redeem_months` calendar months to be carried out."""
    return Service(
        "booking",
        Settings,
        Booking(redeem_months).handlers,
        reads=[topics.PROPOSALS, topics.BOOKING_COMMANDS],
        migrations=Path(__file__).parent / "migrations",
    )


service = build()


def main() -> None:
    """Runs the service with the settings of the environment."""
    build(Settings.from_environment().redeem_months).main()
