"""Who was reached: organisations that did something of their own, or with help."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import ClassVar

from impulse_booking.domain.report.evidence import Evidence, Life, Noun, quarter
from impulse_booking.domain.report.known import Known
from impulse_booking.domain.report.tally import Definition, Tally
from impulse_contracts.booking.codes import FigureUnit
from impulse_contracts.registry.listings import ListingConfirmed

ACTORS = Definition(
    "actors_reached",
    "Erreichte Organisationen",
    "Organisations reached",
    "Organisationen, die im Zeitraum selbst oder mit Unterstützung gehandelt haben: gebucht, eine "
    "Beratung oder Unterstützung angefragt, ein Angebot oder einen Bedarf bestätigt oder eine "
    "Kooperation begonnen. Wer nur in einer Meldung eines Partners steht, zählt nicht. In jedem "
    "Quartal zählt eine Organisation einmal, insgesamt einmal; zusammengeführte zählen als eine.",
    "Organisations that acted in the period themselves or with help: booked, asked for advice or "
    "support, confirmed an offer or a need, or began a cooperation. Being in a partner's report "
    "alone does not count. An organisation counts once in each quarter, and once in total; merged "
    "ones count as one.",
    FigureUnit.ORGANISATIONS,
    ("actor_type", "ags", "quarter"),
)
INTERMEDIARIES = Definition(
    "intermediaries_newly_active",
    "Neu aktive Mittlerorganisationen",
    "Intermediaries newly active",
    "Mittlerorganisationen, deren erste eigene oder begleitete Handlung in den Zeitraum fällt.",
    "Intermediaries whose first act of their own, or with help, falls into the period.",
    FigureUnit.ORGANISATIONS,
    ("ags",),
)

_NEVER = datetime.max.replace(tzinfo=UTC)


class Reached:
    """Counts organisations by what they did."""

    nouns: ClassVar = frozenset(
        {Noun.BOOKING, Noun.SUPPORT, Noun.LISTING, Noun.COOPERATION, Noun.ACT}
    )

    def __init__(self, known: Known) -> None:
        self._known = known
        self._acts: dict[str, _Acts] = {}

    def see(self, noun: Noun, life: Life) -> None:
        """Notes who acted, and when."""
        for each, actors in _acts(noun, life):
            for actor_id in actors:
                if not self._known.is_example(actor_id):
                    survivor = self._known.survivor(actor_id)
                    acts = self._acts.get(survivor) or self._acts.setdefault(survivor, _Acts())
                    acts.note(each, life.within(each) is not None)

    def tallies(self) -> Iterator[Tally]:
        """The figures."""
        reached, active = Tally(ACTORS), Tally(INTERMEDIARIES)
        count = 0
        for actor_id, acts in self._acts.items():
            count += bool(acts.quarters)
            for name, facts in acts.quarters.items():
                key = (self._known.type_of(actor_id), self._known.ags_of(actor_id), name)
                reached.add(key, *facts)
            if acts.begins_now and self._known.is_intermediary(actor_id):
                active.add((self._known.ags_of(actor_id),), acts.first[1])
        reached.total(count)
        yield reached
        yield active


class _Acts:
    """What an organisation did: its first act, whether that is in the period, and what it did in
    each quarter of it."""

    __slots__ = ("begins_now", "first", "quarters")

    def __init__(self) -> None:
        self.first: tuple[datetime, str] = (_NEVER, "")
        self.begins_now = False
        self.quarters: dict[str, list[str]] = {}

    def note(self, each: Evidence, is_now: bool) -> None:
        if (each.at, each.fact_id) < self.first:
            self.first, self.begins_now = (each.at, each.fact_id), is_now
        if is_now:
            self.quarters.setdefault(quarter(each.at), []).append(each.fact_id)


def _acts(noun: Noun, life: Life) -> Iterator[tuple[Evidence, tuple[str, ...]]]:
    """What organisations did, and which; a booking or a request is made once."""
    match noun:
        case Noun.BOOKING | Noun.SUPPORT:
            for each in life.all[:1]:
                yield each, (each.said["actor"],)
        case Noun.LISTING:
            for each in life.all:
                if each.type == ListingConfirmed.ce_type:
                    yield each, (each.said["actor"],)
        case Noun.COOPERATION:
            for each in life.all[:1]:
                yield each, (each.said["need_actor"], each.said["offer_actor"])
        case Noun.ACT:
            for each in life.all:
                yield each, (life.subject,)
