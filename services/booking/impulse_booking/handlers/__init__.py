"""Booking's handlers: what each message loads, and what it does.

Loaders run in this order, so that rows are always locked in the same one: offers, sessions by id,
then bookings. Whoever changes a booking holds its session.
"""

from impulse_booking.handlers import (
    advice,
    agreement_batches,
    agreements,
    bookings,
    cooperation_steps,
    cooperations,
    deliveries,
    editions,
    loading,
    mergers,
    preparations,
    programme,
    projects,
    reports,
    results,
    support,
)
from impulse_chassis import Handlers

handlers = Handlers(
    cooperations.handlers,
    agreements.handlers,
    cooperation_steps.handlers,
    preparations.handlers,
    deliveries.handlers,
    editions.handlers,
    programme.handlers,
    advice.handlers,
    loading.handlers,
    bookings.handlers,
    support.handlers,
    mergers.handlers,
    reports.handlers,
    agreement_batches.handlers,
    projects.handlers,
    results.handlers,
)
