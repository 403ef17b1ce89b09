"""The settings of matching: `IMPULSE_MATCHING_<NAME>` or `IMPULSE_<NAME>`."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from impulse_chassis import Port, ServiceSettings


class Settings(ServiceSettings, service="matching"):
    """Those of every service, and how long a side has to answer."""

    metrics_port: Port = 9102
    batch_size: Annotated[int, Field(ge=1, le=5000)] = 200
    """What was found is written under a lock: a long batch holds up the other replicas."""
    answer_days: Annotated[float, Field(gt=0, le=366)] = 14
    """How many days the other side has to answer after the first has accepted."""
    answer_reminder_days: Annotated[float, Field(ge=0, le=366)] = 3
    """How many days before that who has not answered is reminded; nobody is where less is left."""

    @property
    def answer_time(self) -> timedelta:
        """How long the other side has to answer."""
        return timedelta(days=self.answer_days)

    @property
    def reminder_time(self) -> timedelta:
        """How long before the end of that who has not answered is reminded."""
        return timedelta(days=self.answer_reminder_days)
