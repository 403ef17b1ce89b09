"""What is known of editions, and what people are told of the deadlines of their projects."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from impulse_chassis.aggregate import Aggregate
from impulse_contracts.booking.edition_codes import EditionStage
from impulse_contracts.booking.editions import ProjectDeadlines
from impulse_contracts.codes import Direction
from impulse_contracts.types import Open
from impulse_notifications.domain.message import Matter, Template
from impulse_notifications.domain.notice import Notice, standing
from impulse_notifications.domain.programme import Appointment, KnownBooking, KnownSession

AHEAD = timedelta(days=3)
"""So long before a deadline those are reminded whom it concerns."""
_OVER = (EditionStage.CLOSED, EditionStage.CANCELLED)


class Deadline(NamedTuple):
    """Until when projects are submitted, or else claimed."""

    claiming: bool
    until: datetime

    @property
    def remind_at(self) -> datetime:
        """When those are reminded whom it concerns."""
        return self.until - AHEAD


class KnownEdition(Aggregate, key="edition_id"):
    """An edition. Fields as in `EditionFact`."""

    edition_id: UUID
    stage: Open[EditionStage]
    session_id: UUID
    title: str
    deadlines: ProjectDeadlines | None = None


def deadlines(edition: KnownEdition) -> Iterator[Deadline]:
    """The deadlines of an edition that takes place."""
    if edition.deadlines is not None and edition.stage not in _OVER:
        yield Deadline(False, edition.deadlines.submit_by)
        yield Deadline(True, edition.deadlines.claim_by)


def of_deadline(
    edition: KnownEdition,
    deadline: Deadline,
    booking: KnownBooking,
    session: KnownSession,
    now: datetime,
) -> tuple[Notice, ...]:
    """That a deadline is near: once, and not when it is over."""
    template = Template.PROJECTS_TO_CLAIM if deadline.claiming else Template.PROJECTS_TO_SUBMIT
    about = Appointment(
        booking_id=booking.booking_id,
        title=edition.title,
        starts=session.starts,
        ends=session.ends,
        timezone=session.timezone,
        until=deadline.until,
    )
    matter = Matter(
        side=Direction.OFFER if deadline.claiming else Direction.NEED,
        actor_id=booking.actor_id,
        appointment=about,
        path=f"/editions/{edition.edition_id}",
    )
    cause_id = f"deadline/{edition.edition_id}/{deadline.claiming}/{deadline.until.isoformat()}"
    return tuple(
        standing(template, matter, cause_id, now, now, told)
        for told in dict.fromkeys((*booking.told, booking.actor_id))
    )
