"""The settings of booking: `IMPULSE_BOOKING_<NAME>` or `IMPULSE_<NAME>`."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from impulse_booking.domain.steps import AT_MOST
from impulse_chassis import Port, ServiceSettings


class Settings(ServiceSettings, service="booking"):
    """Those of every service, and how long things take and are kept."""

    metrics_port: Port = 9103
    redeem_months: Annotated[int, Field(ge=1, le=AT_MOST)] = 12
    """How many calendar months a cooperation has to be carried out: no more than terms may give."""
    escalate_again_days: Annotated[int, Field(ge=1, le=365)] = 14
    """After how many days what is late is escalated again, where nobody has done anything."""
    evidence_years: Annotated[int, Field(ge=1, le=30)] = 5
    """How many years the evidence of a report is kept after it was submitted to the funder."""

    @property
    def escalate_again(self) -> timedelta:
        """As a time."""
        return timedelta(days=self.escalate_again_days)
