"""Sessions: when they are, how many places they have, and who has taken them.

`taken` counts the places that are confirmed and those that are held for somebody; a party keeps
its places whether it came or not. It is never more than `capacity`.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from impulse_booking.domain.offers import ProgrammeOffer, require_published
from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.booking.codes import ProgrammeCategory, SessionState
from impulse_contracts.booking.programme import (
    Meeting,
    Quota,
    RescheduleSession,
    ScheduleSession,
    SessionPlace,
    Times,
)
from impulse_contracts.reasons import Reason


class Session(Aggregate, key="session_id"):
    """A session. Fields as in `SessionFact`; `taken_by` counts places by quota, `last_number` is
    the last number in the waiting list, `certificates` how many were issued."""

    session_id: UUID
    programme_offer_id: UUID
    title: str
    category: ProgrammeCategory
    state: SessionState
    starts: datetime
    ends: datetime
    timezone: str
    meetings: tuple[Meeting, ...]
    place: SessionPlace | None
    online: bool
    online_link: str | None
    capacity: int
    taken: int = 0
    taken_by: Mapping[str, int] = {}
    waiting: int = 0
    quotas: tuple[Quota, ...]
    opens_at: datetime | None
    closes_at: datetime | None
    sequence: int = 0
    seed: str | None = None
    adviser_id: UUID | None = None
    edition_id: UUID | None = None
    last_number: int = 0
    certificates: int = 0
    example: bool

    def is_ahead(self, now: datetime) -> bool:
        """Whether it takes place, and has not begun."""
        return self.state is SessionState.SCHEDULED and now < self.starts

    @property
    def free(self) -> int:
        """How many places nobody has taken."""
        return self.capacity - self.taken

    @property
    def emptied(self) -> "Session":
        """The session as if nobody had booked."""
        return self.model_copy(update={"taken": 0, "taken_by": {}})

    @property
    def times(self) -> tuple[tuple[datetime, datetime], ...]:
        """When people have to be there."""
        if self.meetings:
            return tuple((meeting.starts, meeting.ends) for meeting in self.meetings)
        return ((self.starts, self.ends),)

    def quotas_of(self, kind: str, ags: str | None) -> tuple[str, ...]:
        """The quotas that count an organisation of this kind and place."""
        return tuple(
            quota.name
            for quota in self.quotas
            if (quota.kind is not None and quota.kind == kind)
            or (quota.district is not None and (ags or "").startswith(quota.district))
        )


def schedule(command: ScheduleSession, offer: ProgrammeOffer, now: datetime) -> Session:
    """A new session of the offer.

    Refuses with `wrong_state` if the offer is withdrawn, and times as `_times` says.
    """
    require_published(offer)
    times = _times(command, now)
    return Session(
        version=1,
        session_id=command.session_id,
        programme_offer_id=offer.programme_offer_id,
        title=offer.title,
        category=offer.category,
        state=SessionState.SCHEDULED,
        timezone=command.timezone,
        place=command.place,
        online=command.online_link is not None,
        online_link=command.online_link,
        capacity=command.capacity,
        quotas=command.quotas,
        opens_at=command.opens_at,
        closes_at=command.closes_at,
        example=offer.example,
        **times,
    )


def reschedule(session: Session, command: RescheduleSession, now: datetime) -> Session:
    """The session at other times; whoever booked keeps their places. Refuses as `schedule`."""
    require_ahead(session, now)
    times = _times(command, now)
    return session.evolve(**times, timezone=command.timezone, sequence=session.sequence + 1)


def follow(session: Session, offer: ProgrammeOffer) -> Session:
    """The session as its offer is called now; as it is, if that is the same."""
    if (session.title, session.category) == (offer.title, offer.category):
        return session
    return session.evolve(title=offer.title, category=offer.category)


def cancel(session: Session, now: datetime) -> Session:
    """The session, which does not take place. Refuses with `closed` what has begun."""
    require_ahead(session, now)
    return session.evolve(state=SessionState.CANCELLED)


def change_capacity(session: Session, capacity: int, now: datetime) -> Session:
    """The session with more places, or fewer, but not fewer than are taken. Refuses with `closed`
    what has begun."""
    require_ahead(session, now)
    return session.evolve(capacity=capacity)


def require_free(session: Session) -> None:
    """Refuses with `part_of_edition` what is changed with its edition, and not by itself."""
    if session.edition_id is not None:
        raise Refused(Reason.PART_OF_EDITION)


def require_ahead(session: Session, now: datetime) -> None:
    """Refuses with `closed` what was cancelled or has begun."""
    if not session.is_ahead(now):
        raise Refused(Reason.CLOSED)


def why_not(session: Session, places: int, quotas: Iterable[str]) -> Reason | None:
    """Why so many places can't be had by who is counted by these quotas; None if they can.

    What is reserved for others is left to them; who is counted takes at most what is theirs. For a
    party whose share is used up no place is held, however many are free: that comes first.
    """
    own = set(quotas)
    for_others = 0
    for quota in session.quotas:
        taken = session.taken_by.get(quota.name, 0)
        if quota.name not in own:
            for_others += max(0, quota.reserved - taken)
        elif quota.at_most is not None and taken + places > quota.at_most:
            return Reason.QUOTA_FULL_FOR_GROUP
    if places > session.free:
        return Reason.FULL
    return Reason.QUOTA_FULL_FOR_GROUP if places > session.free - for_others else None


def with_taken(session: Session, places: int, quotas: Iterable[str], waiting: int = 0) -> Session:
    """The session with so many places more taken (less, below 0), and so many more who wait."""
    taken_by = dict(session.taken_by)
    for name in quotas:
        taken_by[name] = taken_by.get(name, 0) + places
    taken = session.taken + places
    if not 0 <= taken <= session.capacity:
        raise ValueError(f"session {session.session_id}: {taken} of {session.capacity} taken")
    return session.evolve(taken=taken, taken_by=taken_by, waiting=session.waiting + waiting)


def spanned(times: Times) -> tuple[datetime, datetime]:
    """From when to when it is; a course from its first meeting to the end of its last."""
    spans = _spans(times)
    return spans[0][0], max(ends for _, ends in spans)


def _spans(times: Times) -> list[tuple[datetime, datetime]]:
    meetings = sorted(times.meetings, key=lambda each: each.starts)
    return [(each.starts, each.ends) for each in meetings] or [(times.starts, times.ends)]


def _times(command: Times, now: datetime) -> dict[str, Any]:
    """When a session is.

    Refuses with `ends_before_it_begins`, `time_in_past`, or `time_skipped` what no clock shows.
    """
    spans = _spans(command)
    zone = ZoneInfo(command.timezone)
    for starts, ends in spans:
        if starts >= ends:
            raise Refused(Reason.ENDS_BEFORE_IT_BEGINS)
        for moment in (starts, ends):
            if _is_skipped(moment, zone):
                raise Refused(Reason.TIME_SKIPPED, detail=moment.strftime("%d.%m.%Y, %H:%M"))
    if spans[0][0] <= now:
        raise Refused(Reason.TIME_IN_PAST)
    starts, ends = spanned(command)
    meetings = tuple(sorted(command.meetings, key=lambda each: each.starts))
    return {"starts": starts, "ends": ends, "meetings": meetings}


def _is_skipped(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether somebody wrote a time of day that the clocks of the zone leap over.

    Who writes it has to choose an offset, that of before or of after the leap. A time in UTC is a
    point in time, however it reads.
    """
    offset = moment.utcoffset() or timedelta(0)
    wall = moment.replace(tzinfo=None)
    there = wall.replace(tzinfo=zone)
    if there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall:
        return False
    around = {there.utcoffset(), there.replace(fold=1).utcoffset()}
    return bool(offset) and offset in around
