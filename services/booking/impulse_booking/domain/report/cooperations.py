"""Cooperations: how many came about, for which tasks of society and where."""

from collections.abc import Iterator

from impulse_booking.domain.report.evidence import Life, Noun
from impulse_booking.domain.report.known import Known
from impulse_booking.domain.report.tally import UNKNOWN, Definition, Tally
from impulse_contracts.booking.codes import FigureUnit

OPENED = Definition(
    "cooperations_opened",
    "Begonnene Kooperationen",
    "Cooperations begun",
    "Kooperationen, die im Zeitraum begonnen wurden: Beide Seiten haben zugesagt. Nach der "
    "Gemeinde der Organisation mit dem Bedarf.",
    "Cooperations that began in the period: both sides have accepted. By the municipality of the "
    "organisation with the need.",
    FigureUnit.COOPERATIONS,
    ("ags",),
)
BY_TOPIC = Definition(
    "cooperations_by_topic",
    "Begonnene Kooperationen nach gesellschaftlicher Aufgabe",
    "Cooperations begun by societal task",
    "Wie „Begonnene Kooperationen“, nach den Aufgaben, die beim Bedarf standen, als die "
    "Kooperation begann. Eine Kooperation kann zu mehreren Aufgaben zählen.",
    "As “Cooperations begun”, by the tasks that the need had when the cooperation began. A "
    "cooperation may count for several tasks.",
    FigureUnit.COOPERATIONS,
    ("topic",),
    adds_up=False,
)


class Cooperations:
    """Counts cooperations."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._opened, self._by_topic = Tally(OPENED), Tally(BY_TOPIC)

    def see(self, noun: Noun, life: Life) -> None:
        """Counts a cooperation, if it began in the period."""
        if noun is not Noun.COOPERATION or not (opened := life.within(life.all[0])):
            return
        said = opened.said
        if self._known.is_example(said["need_actor"]):
            return
        self._opened.add((self._known.ags_of(said["need_actor"]),), opened.fact_id)
        for topic in said["topics"] or (UNKNOWN,):
            self._by_topic.add((topic,), opened.fact_id)

    def tallies(self) -> Iterator[Tally]:
        """The figures."""
        yield self._opened
        yield self._by_topic
