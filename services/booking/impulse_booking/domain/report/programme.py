"""The programme: sessions, bookings, and who came."""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import ClassVar

from impulse_booking.domain.report import programme_figures as figures
from impulse_booking.domain.report.evidence import Life, Noun, Period, quarter
from impulse_booking.domain.report.known import Known
from impulse_booking.domain.report.tally import UNKNOWN, Definition, Tally, exact
from impulse_contracts.booking.bookings import (
    AdviceRecorded,
    BookingAttended,
    BookingNoShow,
    BookingWaitlisted,
)
from impulse_contracts.booking.codes import (
    BookingState,
    ProgrammeCategory,
    SessionState,
    SupportState,
)
from impulse_contracts.booking.support import SupportDone
from impulse_contracts.outcomes import OutcomeRefused


class Programme:
    """Counts what the programme gave, and to how many."""

    nouns: ClassVar = frozenset({Noun.SESSION, Noun.REQUEST, Noun.BOOKING, Noun.SUPPORT})

    def __init__(self, known: Known, period: Period) -> None:
        self._known = known
        self._period = period
        self._tallies = {each.name: Tally(each) for each in figures.ALL}

    def see(self, noun: Noun, life: Life) -> None:
        """Counts a session, a booking or a request."""
        match noun:
            case Noun.SESSION:
                self._session(life)
            case Noun.REQUEST:
                self._request(life)
            case Noun.BOOKING:
                self._booking(life)
            case Noun.SUPPORT:
                self._support(life)

    def tallies(self) -> Iterator[Tally]:
        """The figures."""
        self._of(figures.ATTENDANCE_RATE).share(self._of(figures.ATTENDANCE), ("present",))
        yield from self._tallies.values()

    def _of(self, definition: Definition) -> Tally:
        return self._tallies[definition.name]

    def _session(self, life: Life) -> None:
        said, fact = life.known.said, life.known.fact_id
        ended = datetime.fromisoformat(said["ends"])
        if said["state"] != SessionState.SCHEDULED or not (
            self._period.start <= ended < self._period.end
        ):
            return
        # A slot of advice that nobody booked is no session; talks are counted by bookings.
        if said["category"] != ProgrammeCategory.ADVICE:
            key = (said["category"], self._known.format_of(said["offer"]))
            self._of(figures.SESSIONS).add(key, fact)
            self._of(figures.PLACES).add((said["category"],), fact, value=said["capacity"])

    def _request(self, life: Life) -> None:
        asked, refused = life.all[0], life.within(life.first(OutcomeRefused.ce_type))
        if refused is None or "session" not in asked.said:
            return
        # Of examples nothing is known here, so that what was asked of them does not count.
        is_real = self._known.of(Noun.SESSION, asked.said["session"])
        if is_real and not self._known.is_example(asked.said["actor"]):
            self._of(figures.REFUSED).add((refused.said["reason"] or UNKNOWN,), refused.fact_id)

    def _booking(self, life: Life) -> None:
        last = life.known
        said = last.said
        if self._known.is_example(said["actor"]):
            return
        category = self._known.category_of(said["session"], said["offer"])
        if made := life.within(life.all[0]):
            self._of(figures.BOOKINGS).add((category,), made.fact_id)
            self._of(figures.BOOKINGS_BY_STATE).add((said["state"],), last.fact_id)
        if waited := life.within(life.first(BookingWaitlisted.ce_type)):
            self._of(figures.WAITED).add((category,), waited.fact_id)
        if category == ProgrammeCategory.ADVICE:
            talk = life.first(AdviceRecorded.ce_type, BookingAttended.ce_type)
            if talk := life.within(talk):
                key = (quarter(talk.at),)
                minutes = self._known.of(Noun.SESSION, said["session"]).get("minutes", 0)
                self._of(figures.TALKS).add(key, talk.fact_id)
                self._of(figures.TALK_HOURS).add(key, talk.fact_id, value=Fraction(minutes, 60))
        self._came(life, category)

    def _came(self, life: Life, category: str) -> None:
        """Counts who came, by the newest record of it, when it was first known."""
        if not life.within(life.first(BookingAttended.ce_type, BookingNoShow.ce_type)):
            return
        newest, said = life.known, life.known.said
        self._of(figures.ATTENDANCE).add(("present",), value=said["present"])
        self._of(figures.ATTENDANCE).add(("absent",), value=said["absent"])
        if said["state"] == BookingState.ATTENDED:
            self._of(figures.PARTICIPANTS).add((category,), value=said["present"])
            self._of(figures.CERTIFICATES).add((category,), value=said["certificates"])
            if category == ProgrammeCategory.QUALIFICATION:
                key = (self._known.format_of(said["offer"]),)
                self._of(figures.COURSES).add(key, newest.fact_id)

    def _support(self, life: Life) -> None:
        last = life.known
        if self._known.is_example(last.said["actor"]):
            return
        if life.within(life.all[0]):
            self._of(figures.SUPPORT).add((last.said["state"],), last.fact_id)
        done = life.within(life.first(SupportDone.ce_type))
        if done and last.said["state"] == SupportState.DONE:
            hours = exact(done.said["hours"] or 0)
            self._of(figures.SUPPORT_HOURS).add((), done.fact_id, value=hours)
