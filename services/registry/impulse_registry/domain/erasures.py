"""Erasures: from the demand until every service and the log have forgotten a person."""

from datetime import datetime, timedelta
from uuid import UUID

from impulse_chassis.aggregate import Aggregate
from impulse_contracts.codes import ErasureState
from impulse_contracts.erasures import OBEYING
from impulse_contracts.parts import Source
from impulse_contracts.purposes import TERMS, Purpose

KEPT_AWAY = timedelta(days=TERMS[Purpose.BLOCK_LIST].days)
"""How long an erased person is kept away."""


class Erasure(Aggregate, key="person_id"):
    """That a person was erased, and who has obeyed: ids only.

    It is also what keeps a person away: no later contact block or command brings them back.
    `contact_of` says which partner's contact it was.
    """

    person_id: UUID
    state: ErasureState = ErasureState.REQUESTED
    contact_of: Source | None = None
    requested_at: datetime
    acknowledged: tuple[str, ...] = ()
    expected: tuple[str, ...] = OBEYING
    completed_at: datetime | None = None

    @property
    def is_obeyed(self) -> bool:
        """Whether every service has forgotten the person."""
        return set(self.expected) <= set(self.acknowledged)


def acknowledge(erasure: Erasure, service: str) -> Erasure | None:
    """The erasure with one service more that obeyed; None if that was known."""
    if service in erasure.acknowledged:
        return None
    return erasure.evolve(acknowledged=tuple(sorted((*erasure.acknowledged, service))))


def complete(erasure: Erasure, bound: timedelta, now: datetime) -> Erasure | None:
    """The completed erasure; None as long as somebody has not obeyed, or the log may still hold
    what was said before (`bound` after the demand), and where it is completed already."""
    over = now >= erasure.requested_at + bound
    if erasure.completed_at is not None or not erasure.is_obeyed or not over:
        return None
    return erasure.evolve(state=ErasureState.COMPLETED, completed_at=now)
