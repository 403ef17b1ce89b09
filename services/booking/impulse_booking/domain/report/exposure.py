"""How fairly needs are shown: exposure, and how unequal it is over the municipalities."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import ClassVar

from impulse_booking.domain.report.evidence import Life, Noun
from impulse_booking.domain.report.known import Known
from impulse_booking.domain.report.tally import Definition, Tally
from impulse_contracts.booking.codes import FigureUnit
from impulse_contracts.codes import Direction, ListingStatus
from impulse_contracts.matching import ProposalSuggested
from impulse_contracts.ruhr import MUNICIPALITIES

PER_NEED = Definition(
    "exposure",
    "Sichtbarkeit der Bedarfe nach Gemeinde",
    "Exposure of needs by municipality",
    "Wie oft Bedarfe einer Gemeinde im Zeitraum vorgeschlagen wurden, geteilt durch die Bedarfe "
    "dort, die im Zeitraum offen waren. Gemeinde ist, wo der Einsatz stattfindet, sonst der Sitz.",
    "How often needs of a municipality were suggested in the period, divided by the needs there "
    "that were open in the period. The municipality is where it happens, or else the seat.",
    FigureUnit.INDEX,
    ("ags",),
    adds_up=False,
)
PER_PEOPLE = Definition(
    "exposure_by_inhabitants",
    "Sichtbarkeit der Bedarfe je 10.000 Einwohner:innen",
    "Exposure of needs per 10,000 inhabitants",
    "Wie oft Bedarfe jeder der 53 Gemeinden des Ruhrgebiets im Zeitraum vorgeschlagen wurden, je "
    "10.000 Einwohner:innen am 31.12.2024 (IT.NRW).",
    "How often needs of each of the 53 municipalities of the Ruhr area were suggested in the "
    "period, per 10,000 inhabitants on 31 December 2024 (IT.NRW).",
    FigureUnit.INDEX,
    ("ags",),
    adds_up=False,
)
GINI = Definition(
    "exposure_gini",
    "Ungleichheit der Sichtbarkeit (Gini)",
    "Inequality of exposure (Gini)",
    "Gini-Koeffizient der Sichtbarkeit: 0, wo alle gleich oft vorgeschlagen werden, fast 1, wo nur "
    "eine vorkommt. Je Bedarf über die der 53 Gemeinden mit offenen Bedarfen, je 10.000 "
    "Einwohner:innen über alle 53.",
    "Gini coefficient of exposure: 0 where all are suggested equally often, nearly 1 where only "
    "one is. For each need over those of the 53 municipalities with open needs, per 10,000 "
    "inhabitants over all 53.",
    FigureUnit.INDEX,
    ("exposure",),
    adds_up=False,
)
EXTREMES = Definition(
    "exposure_extremes",
    "Höchste und niedrigste Sichtbarkeit",
    "Highest and lowest exposure",
    "Die höchste und die niedrigste Sichtbarkeit der Gemeinden, über die auch der Gini-Koeffizient "
    "geht, und das Wievielfache die höchste ist; das fehlt, wo die niedrigste 0 ist.",
    "The highest and the lowest exposure of the municipalities that the Gini coefficient is about, "
    "and how many times the lowest the highest is; missing where the lowest is 0.",
    FigureUnit.INDEX,
    ("exposure", "extreme"),
    adds_up=False,
)
PEOPLE: Mapping[str, int] = {each.ags: each.inhabitants for each in MUNICIPALITIES}


class Exposure:
    """Counts how often needs were suggested."""

    nouns: ClassVar = frozenset({Noun.LISTING, Noun.PROPOSAL})

    def __init__(self, known: Known) -> None:
        self._known = known
        self._open: dict[str, int] = {}
        self._suggested: dict[str, list[str]] = {}

    def see(self, noun: Noun, life: Life) -> None:
        """Counts a need, or how often it was suggested."""
        if noun is Noun.LISTING:
            self._need(life)
        elif not self._known.is_example(life.known.said["need_actor"]):
            for each in life.now:
                if each.type == ProposalSuggested.ce_type:
                    ags = self._known.listed(each.said["need"], each.said["need_actor"]).ags
                    self._suggested.setdefault(ags, []).append(each.fact_id)

    def tallies(self) -> Iterator[Tally]:
        """The figures."""
        per_need, per_people = Tally(PER_NEED), Tally(PER_PEOPLE)
        for ags, count in self._open.items():
            facts = self._suggested.get(ags, [])
            per_need.show((ags,), Fraction(len(facts), count), facts)
        for ags, people in PEOPLE.items():
            facts = self._suggested.get(ags, [])
            per_people.show((ags,), Fraction(10_000 * len(facts), people), facts)
        yield from (per_need, per_people)
        unequal, extremes = Tally(GINI), Tally(EXTREMES)
        own = [ags for ags in PEOPLE if ags in self._open]
        for name, of, places in (
            ("per_need", per_need, own),
            ("per_inhabitants", per_people, [*PEOPLE]),
        ):
            if places:
                _compare(name, of, places, unequal, extremes)
        yield from (unequal, extremes)

    def _need(self, life: Life) -> None:
        said = life.known.said
        if said["direction"] != Direction.NEED or self._known.is_example(said["actor"]):
            return
        if life.held(lambda each: each.said["status"] == ListingStatus.OPEN):
            ags = self._known.listed(life.subject, said["actor"]).ags
            self._open[ags] = self._open.get(ags, 0) + 1


def _compare(name: str, of: Tally, places: list[str], unequal: Tally, extremes: Tally) -> None:
    """How unequal what municipalities have is, and between what it lies."""
    by_value = sorted(places, key=lambda ags: (of.value((ags,)), ags))
    values = [of.value((ags,)) for ags in by_value]
    facts = [fact for ags in by_value for fact in of.facts((ags,))]
    unequal.show((name,), gini(values), facts)
    lowest, highest = (by_value[0],), (by_value[-1],)
    extremes.show((name, "lowest"), values[0], of.facts(lowest))
    extremes.show((name, "highest"), values[-1], of.facts(highest))
    if values[0]:
        both = dict.fromkeys((*of.facts(lowest), *of.facts(highest)))
        extremes.show((name, "times"), values[-1] / values[0], both)


def gini(values: list[Fraction]) -> Fraction:
    """How unequal values of 0 and more are: half the mean absolute difference of all pairs, in
    relation to the mean (Gini 1912)."""
    ascending, total, n = sorted(values), sum(values, Fraction(0)), len(values)
    if not total:
        return Fraction(0)
    weighted = sum((place * value for place, value in enumerate(ascending, 1)), Fraction(0))
    return 2 * weighted / (n * total) - Fraction(n + 1, n)
