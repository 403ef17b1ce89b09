"""What is known of editions, and what people are told of the deadlines of their projects, and of
closing them."""

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
WEEKLY = timedelta(weeks=1)
"""So often whoever runs an edition is reminded to close it when its day is over."""
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
    provider_actor_id: UUID | None = None
    since: datetime | None = None


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


def remind_to_close_at(edition: KnownEdition, now: datetime) -> datetime | None:
    """When whoever runs an edition is reminded next to close it; None where there is nothing to
    close, or nothing any more."""
    if edition.stage != EditionStage.RESULTS or edition.since is None:
        return None
    return edition.since + (_weeks(edition.since, now) + 1) * WEEKLY


def to_close(edition: KnownEdition, now: datetime) -> Notice | None:
    """That an edition is still to be closed: once a week, from a week after its day on. What nobody
    but the programme operator runs is told to brokers and operators instead."""
    if remind_to_close_at(edition, now) is None or edition.since is None:
        return None
    weeks = _weeks(edition.since, now)
    told = edition.provider_actor_id or edition.edition_id
    matter = Matter(
        side=Direction.NEED,
        actor_id=told,
        need_title=edition.title,
        to_close=edition.edition_id,
        path=f"/editions/{edition.edition_id}",
    )
    cause_id = f"close/{edition.edition_id}/{weeks}"
    return standing(Template.EDITION_TO_CLOSE, matter, cause_id, now, now) if weeks else None


def _weeks(since: datetime, now: datetime) -> int:
    return max((now - since) // WEEKLY, 0)
