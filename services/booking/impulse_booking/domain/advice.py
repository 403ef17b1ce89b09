"""Advice: slots from an adviser's working hours, and the short record of a talk."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5

from impulse_booking.domain.bookings import Booking, Change, move, require
from impulse_booking.domain.days import ZONE, day_of, written
from impulse_booking.domain.offers import ProgrammeOffer, require_published
from impulse_booking.domain.sessions import Session
from impulse_booking.domain.texts import demand_no_contact
from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.booking import bookings as facts
from impulse_contracts.booking.advice import RecordAdvice, SetAdviceHours, WorkingHours
from impulse_contracts.booking.bookings import AdviceRecord
from impulse_contracts.booking.codes import BookingState, ProgrammeCategory, SessionState
from impulse_contracts.reasons import Reason


class AdviceHours(Aggregate, key="adviser_id"):
    """When an adviser has time. Fields as in `AdviceHoursFact` and `SetAdviceHours`."""

    adviser_id: UUID
    programme_offer_id: UUID
    weekly: tuple[WorkingHours, ...]
    slot_minutes: int
    buffer_minutes: int
    notice_hours: int
    weeks_ahead: int
    blocked: tuple[date, ...]
    online_link: str | None


def set_hours(before: AdviceHours | None, command: SetAdviceHours) -> AdviceHours:
    """The hours as they are from now on."""
    said = {name: getattr(command, name) for name in AdviceHours.model_fields if name != "version"}
    if command.keeps_link:
        said["online_link"] = before.online_link if before else None
    if before is None:
        return AdviceHours.model_validate({**said, "version": 1})
    return before.evolve(**said)


def slots(hours: AdviceHours, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    """The slots of the days from `first` to `last`, in order, by the clock of Germany.

    Each is as long as the hours say, with a pause after it. One that would begin at a time of day
    which there is not, because the clock is put forward, is left out.
    """
    length = timedelta(minutes=hours.slot_minutes)
    step = length + timedelta(minutes=hours.buffer_minutes)
    for count in range((last - first).days + 1):
        day = first + timedelta(days=count)
        if day in hours.blocked:
            continue
        for each in sorted(hours.weekly, key=lambda each: each.begins):
            if each.weekday != day.weekday():
                continue
            wall = datetime.fromisoformat(f"{day}T{each.begins}")
            end = datetime.fromisoformat(f"{day}T{each.ends}")
            while wall + length <= end:
                starts = wall.replace(tzinfo=ZONE).astimezone(UTC)
                if starts.astimezone(ZONE).replace(tzinfo=None) == wall:
                    yield starts, starts + length
                wall += step


def slot_id(adviser_id: UUID, starts: datetime) -> UUID:
    """The session of a slot: always the same, so that it is there once."""
    return uuid5(adviser_id, starts.astimezone(UTC).isoformat())


def wanted(hours: AdviceHours, now: datetime) -> dict[UUID, tuple[datetime, datetime]]:
    """The slots that can be booked at `now`, by session id: far enough ahead, and not too far."""
    today = day_of(now)
    notice = timedelta(hours=hours.notice_hours)
    return {
        slot_id(hours.adviser_id, starts): (starts, ends)
        for starts, ends in slots(hours, today, today + timedelta(weeks=hours.weeks_ahead))
        if starts - notice > now
    }


def demand_advice(offer: ProgrammeOffer) -> None:
    """Refuses with `wrong_state` an offer that is withdrawn, with `no_session_needed` one that is
    no advice."""
    require_published(offer)
    if offer.category is not ProgrammeCategory.ADVICE:
        raise Refused(Reason.NO_SESSION_NEEDED)


def to_open(
    hours: AdviceHours, offer: ProgrammeOffer, of_adviser: Iterable[Session], now: datetime
) -> list[Session]:
    """The slots to be opened, opened again, or to be as the hours say now.

    What somebody has booked or waits for stands as it is, and what was cancelled or moved by hand
    stays so: that was said of this one slot, after the hours were.
    """
    held = {session.session_id: session for session in of_adviser}
    opened = []
    for session_id, (starts, ends) in _fitting(hours, held.values(), now).items():
        session = held.get(session_id)
        slot = _slot(hours, offer, session_id, starts, ends)
        if session is None:
            opened.append(slot)
        elif not _is_fixed(session):
            after = session.model_copy(update={name: getattr(slot, name) for name in _SAID})
            if after != session:
                opened.append(after.evolve())
    return opened


def to_take_back(hours: AdviceHours, of_adviser: Iterable[Session], now: datetime) -> list[Session]:
    """The slots that could be booked and are not wanted any more, taken back; those that somebody
    has booked or waits for stand."""
    of_adviser = list(of_adviser)
    kept = _fitting(hours, of_adviser, now)
    return [
        session.evolve(state=SessionState.TAKEN_BACK)
        for session in of_adviser
        if session.session_id not in kept
        and session.state is SessionState.SCHEDULED
        and session.closes_at is not None
        and now < session.closes_at
        and not _is_fixed(session)
    ]


def _fitting(
    hours: AdviceHours, of_adviser: Iterable[Session], now: datetime
) -> dict[UUID, tuple[datetime, datetime]]:
    """The slots that are wanted, where nothing else of the adviser's lies."""
    pause = timedelta(minutes=hours.buffer_minutes)
    busy = [each for each in of_adviser if each.state is SessionState.SCHEDULED and _is_fixed(each)]
    return {
        session_id: (starts, ends)
        for session_id, (starts, ends) in wanted(hours, now).items()
        if not any(
            starts < each.ends + pause and each.starts < ends + pause
            for each in busy
            if each.session_id != session_id
        )
    }


def _is_fixed(session: Session) -> bool:
    """Whether it is not for the hours to change: booked, waited for, cancelled or moved."""
    return (
        bool(session.taken or session.waiting)
        or session.state is SessionState.CANCELLED
        or session.adviser_id is None
        or session.session_id != slot_id(session.adviser_id, session.starts)
    )


def next_night(now: datetime) -> datetime:
    """When the next day comes near enough to be booked: shortly after midnight in Germany."""
    return datetime.combine(day_of(now) + timedelta(days=1), time(0, 5), ZONE)


def record(session: Session, booking: Booking, command: RecordAdvice, now: datetime) -> Change:
    """A talk took place. Said again, it replaces what was said before.

    Refuses with `wrong_state` who has no place, with `not_begun` what lies ahead, with
    `contact_in_text` addresses and telephone numbers.
    """
    require(booking, {BookingState.CONFIRMED, BookingState.ATTENDED})
    if now < session.starts:
        raise Refused(Reason.NOT_BEGUN, detail=written(session.starts))
    for text in (command.topic_of_talk, command.outcome, command.next_step):
        demand_no_contact(text, ("Gesprächsnotiz", "record of the talk"))
    said = AdviceRecord(
        topic_of_talk=command.topic_of_talk, outcome=command.outcome, next_step=command.next_step
    )
    return move(session, booking, BookingState.ATTENDED, facts.AdviceRecorded, advice=said)


def _slot(
    hours: AdviceHours, offer: ProgrammeOffer, session_id: UUID, starts: datetime, ends: datetime
) -> Session:
    return Session(
        version=1,
        session_id=session_id,
        programme_offer_id=offer.programme_offer_id,
        title=offer.title,
        category=offer.category,
        state=SessionState.SCHEDULED,
        starts=starts,
        ends=ends,
        timezone=ZONE.key,
        meetings=(),
        place=None,
        online=hours.online_link is not None,
        online_link=hours.online_link,
        capacity=1,
        quotas=(),
        opens_at=None,
        closes_at=starts - timedelta(hours=hours.notice_hours),
        adviser_id=hours.adviser_id,
        example=offer.example,
    )


_SAID = (
    "programme_offer_id",
    "title",
    "category",
    "state",
    "ends",
    "online",
    "online_link",
    "closes_at",
    "example",
)
"""What the hours say of a slot."""
