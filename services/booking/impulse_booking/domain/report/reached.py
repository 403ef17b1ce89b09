"""Who was reached: organisations that did something of their own, or with help."""

from collections.abc import Iterator

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


class Reached:
    """Counts organisations by what they did."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._acts: dict[str, list[tuple[Evidence, bool]]] = {}

    def see(self, noun: Noun, life: Life) -> None:
        """Notes who acted, and whether that was in the period."""
        now = {id(each) for each in life.now}
        for each, actors in _acts(noun, life):
            for actor_id in actors:
                if not self._known.is_example(actor_id):
                    survivor = self._known.survivor(actor_id)
                    self._acts.setdefault(survivor, []).append((each, id(each) in now))

    def tallies(self) -> Iterator[Tally]:
        """The figures."""
        reached, active = Tally(ACTORS), Tally(INTERMEDIARIES)
        count = 0
        for actor_id, acts in self._acts.items():
            quarters: dict[str, list[str]] = {}
            for each, is_now in acts:
                if is_now:
                    quarters.setdefault(quarter(each.at), []).append(each.fact_id)
            count += bool(quarters)
            for name, facts in quarters.items():
                key = (self._known.type_of(actor_id), self._known.ags_of(actor_id), name)
                reached.add(key, *facts)
            first, is_now = min(acts, key=lambda act: (act[0].at, act[0].fact_id))
            if is_now and self._known.is_intermediary(actor_id):
                active.add((self._known.ags_of(actor_id),), first.fact_id)
        reached.total(count)
        yield reached
        yield active


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
