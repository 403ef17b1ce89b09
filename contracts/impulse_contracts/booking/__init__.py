"""What booking is told and what it says, by noun."""

from impulse_contracts.booking import (  # noqa: F401  (registers them)
    advice,
    agreement_batches,
    agreements,
    bookings,
    cooperations,
    editions,
    programme,
    projects,
    reports,
    support,
)
