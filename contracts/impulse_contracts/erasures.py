"""Erasures: that a person is to be forgotten, who has done so, and that it is done everywhere."""

from datetime import datetime
from uuid import UUID

from impulse_contracts import topics
from impulse_contracts.codes import ErasureState
from impulse_contracts.message import Fact, Timer
from impulse_contracts.types import Open

OBEYING = ("registry", "matching", "booking", "notifications", "gateway")
"""The services that keep something on persons, if only a message that could not be handled."""


class ErasureFact(Fact, topic=topics.ERASURES, key="person_id"):
    """The erasure of a person: ids only."""

    person_id: UUID
    state: Open[ErasureState]
    requested_at: datetime
    acknowledged: tuple[str, ...] = ()
    """The services that have forgotten the person."""
    expected: tuple[str, ...] = OBEYING
    """The services that must have."""
    completed_at: datetime | None = None


class ErasureRequested(ErasureFact, ce_type="impulse.registry.erasure.requested.v1"):
    """A person is to be forgotten: every service deletes what it holds, and acknowledges it."""


class ErasureProgressed(ErasureFact, ce_type="impulse.registry.erasure.progressed.v1"):
    """One service more has forgotten the person."""


class ErasureCompleted(ErasureFact, ce_type="impulse.registry.erasure.completed.v1"):
    """Every service has forgotten the person, and the time is over in which the log did."""


class CompleteErasure(
    Timer,
    ce_type="impulse.registry.complete_erasure.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """The time is over in which the log may hold what was said of the person."""

    person_id: UUID


class ForgetErasure(
    Timer,
    ce_type="impulse.registry.forget_erasure.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """An erased person was kept away long enough."""

    person_id: UUID


class ErasureAcknowledged(
    Fact, ce_type="impulse.chassis.erasure.acknowledged.v1", topic=topics.ERASURES, key="person_id"
):
    """A service has deleted everything that it held on a person, with the same commit."""

    person_id: UUID
    service: str
    acknowledged_at: datetime

    @property
    def key(self) -> str:
        """Apart for each service, so that compaction keeps them all."""
        return f"{self.person_id}/{self.service}"
