"""The programme: sessions, bookings, who came."""

from collections.abc import Iterator

from impulse_booking.domain.report.evidence import Life, Noun
from impulse_booking.domain.report.known import Known
from impulse_booking.domain.report.tally import Definition, Tally
from impulse_contracts.booking.bookings import BookingAttended
from impulse_contracts.booking.codes import BookingState, FigureUnit

PARTICIPANTS = Definition(
    "participants",
    "Teilnehmende",
    "Participants",
    "Personen, die an Terminen des Programms teilgenommen haben, deren Anwesenheit im Zeitraum "
    "festgestellt wurde, nach Art des Angebots. Wer an mehreren teilnimmt, zählt mehrmals.",
    "Persons who took part in sessions of the programme whose attendance was established in the "
    "period, by kind of offer. Who takes part in several sessions counts several times.",
    FigureUnit.PERSONS,
    ("programme_category",),
    of_persons=True,
)


class Programme:
    """Counts bookings and who came."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._participants = Tally(PARTICIPANTS)

    def see(self, noun: Noun, life: Life) -> None:
        """Counts a booking."""
        if noun is not Noun.BOOKING or self._known.is_example(life.known.said["actor"]):
            return
        said = life.known.said
        category = (self._known.category_of(said["session"], said["offer"]),)
        attended = life.within(life.first(BookingAttended.ce_type))
        if attended and said["state"] == BookingState.ATTENDED:
            self._participants.add(category, value=said["present"])

    def tallies(self) -> Iterator[Tally]:
        """The figures."""
        yield self._participants
