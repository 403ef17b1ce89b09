"""Booking's handlers: what each message loads, and what it does."""

from impulse_booking.handlers import cooperations
from impulse_chassis import Handlers

handlers = Handlers(cooperations.handlers)
