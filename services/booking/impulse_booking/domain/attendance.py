"""Who was there, and the certificates that come of it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from impulse_booking.domain.bookings import Booking, Change, move, require
from impulse_booking.domain.days import written
from impulse_booking.domain.sessions import Session
from impulse_chassis.aggregate import Refused
from impulse_contracts.booking import bookings as facts
from impulse_contracts.booking.bookings import Attended, Certificate
from impulse_contracts.booking.codes import BookingState, Presence
from impulse_contracts.reasons import Reason

ENOUGH = 0.8
"""Who was at this share of the meetings took part."""
_THERE = frozenset({Presence.PRESENT, Presence.LATE})
_RECORDED = frozenset({BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.NO_SHOW})


def record(session: Session, booking: Booking, said: Iterable[Attended], now: datetime) -> Change:
    """Writes down who was there. When that is known of every meeting, the booking is over:
    `attended`, with certificates, if anybody took part; `no_show` if somebody did not come and
    did not say so; given back by the organisation if all were excused. Each can be corrected.

    Refuses with `wrong_state` who has no place, with `not_begun` before the meeting, with
    `not_found` a meeting or person that is none of the booking's.
    """
    excused = booking.state is BookingState.CANCELLED_BY_BOOKER and booking.attendance
    if not excused:
        require(booking, _RECORDED)
    known = {(each.meeting, each.person_id): each for each in booking.attendance}
    for each in said:
        if each.meeting >= len(session.times) or (
            each.person_id is not None and each.person_id not in booking.attendees
        ):
            raise Refused(Reason.NOT_FOUND, subject=("Termin oder Person", "Meeting or person"))
        begins = session.times[each.meeting][0]
        if now < begins:
            raise Refused(Reason.NOT_BEGUN, detail=written(begins))
        known[(each.meeting, each.person_id)] = Attended(
            meeting=each.meeting, person_id=each.person_id, presence=each.presence
        )
    attendance = tuple(known[key] for key in sorted(known, key=lambda key: (key[0], str(key[1]))))
    if {each.meeting for each in attendance} != set(range(len(session.times))):
        return move(
            session, booking, booking.state, facts.AttendanceRecorded, attendance=attendance
        )
    return _over(session, booking, attendance, now)


def took_part(attendance: Iterable[Attended], meetings: int) -> list[UUID | None]:
    """Who was at enough of the meetings; None stands for the party as a whole."""
    there: dict[UUID | None, int] = {}
    for each in attendance:
        there[each.person_id] = there.get(each.person_id, 0) + (each.presence in _THERE)
    return [who for who, times in there.items() if times >= ENOUGH * meetings]


def _over(
    session: Session, booking: Booking, attendance: tuple[Attended, ...], now: datetime
) -> Change:
    present = took_part(attendance, len(session.times))
    held = {each.person_id: each for each in booking.certificates}
    if any(each.presence in _THERE for each in attendance):
        new = [who for who in present if who not in held]
        issued = tuple(
            Certificate(number=_number(session, count), person_id=who, issued_at=now)
            for count, who in enumerate(new, session.certificates + 1)
        )
        kept = tuple(each for who, each in held.items() if who in present)
        change = move(
            session,
            booking,
            BookingState.ATTENDED,
            facts.BookingAttended,
            attendance=attendance,
            certificates=(*kept, *issued),
        )
        after = change.session.model_copy(
            update={"certificates": session.certificates + len(issued)}
        )
        return Change(change.booking, after, change.fact)
    missed = any(each.presence == Presence.NO_SHOW for each in attendance)
    return move(
        session,
        booking,
        BookingState.NO_SHOW if missed else BookingState.CANCELLED_BY_BOOKER,
        facts.BookingNoShow if missed else facts.BookingCancelled,
        attendance=attendance,
        certificates=(),
    )


def _number(session: Session, count: int) -> str:
    """The number of a certificate: year, session, and a number within it; no two are the same."""
    return f"{session.ends:%Y}-{session.session_id.hex[-12:].upper()}-{count:03d}"
