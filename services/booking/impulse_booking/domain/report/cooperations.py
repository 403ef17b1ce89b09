"""Cooperations: how many came about, what was agreed, and whether it was carried out."""

from collections.abc import Iterator
from datetime import datetime, time
from fractions import Fraction

from impulse_booking.domain.days import ZONE, day_of, months_later
from impulse_booking.domain.report import cooperation_figures as figures
from impulse_booking.domain.report.evidence import Evidence, Life, Noun, Period
from impulse_booking.domain.report.known import Known
from impulse_booking.domain.report.tally import UNKNOWN, Definition, Tally
from impulse_contracts.booking.cooperations import (
    CooperationAgreed,
    CooperationCancelled,
    CooperationDeclined,
    CooperationEvaluated,
    CooperationNotRedeemed,
    CooperationWithdrawn,
)
from impulse_contracts.codes import CooperationState, SocietalTopic

MONTHS = (3, 6, 12)
"""After so many months it is asked whether an agreement was carried out."""
CARRIED_OUT = frozenset(
    {CooperationState.EVALUATING, CooperationState.COMPLETED, CooperationState.CONTINUED}
)
"""The states of what was carried out."""
GOALS: dict[str, tuple[int, ...]] = {
    SocietalTopic.EDUCATION_EQUITY: (4, 10),
    SocietalTopic.LABOUR_MARKET_ACCESS: (8,),
    SocietalTopic.INTEGRATION_NEWCOMERS: (10,),
    SocietalTopic.CLIMATE_IMPACT: (11, 13),
    SocietalTopic.SOCIAL_COHESION: (10, 11),
    SocietalTopic.LIBERAL_DEMOCRACY: (16,),
}
"""The goals of the United Nations (Agenda 2030) that a task of society belongs to."""
GRADES = ("structure", "process", "result")
"""What each side evaluates."""
_YES, _NO = "yes", "no"


class Cooperations:
    """Counts cooperations, agreements and what came of them."""

    def __init__(self, known: Known, period: Period) -> None:
        self._known = known
        self._period = period
        self._tallies = {each.name: Tally(each) for each in figures.ALL}
        self._return, self._across = Tally(figures.IN_RETURN), Tally(figures.ACROSS)
        self._days: list[tuple[int, str]] = []
        self._grades = Tally(figures.GRADES)
        self._counts: dict[str, int] = {}

    def see(self, noun: Noun, life: Life) -> None:
        """Counts a cooperation."""
        if noun is not Noun.COOPERATION or self._known.is_example(life.known.said["need_actor"]):
            return
        if opened := life.within(life.all[0]):
            self._began(opened)
        agreed = life.first(CooperationAgreed.ce_type)
        if agreed is not None:
            if life.within(agreed):
                self._agreed(life.all[0], agreed)
            self._after(life, agreed)
        self._delivered(life)
        self._evaluated(life)
        for each in life.now:
            if each.type in (CooperationNotRedeemed.ce_type, CooperationCancelled.ce_type):
                reason = each.said.get("reason") or UNKNOWN
                self._of(figures.NOT_REDEEMED).add((reason,), each.fact_id)
            if each.type in (CooperationDeclined.ce_type, CooperationWithdrawn.ce_type):
                self._of(figures.ENDED_BEFORE).add((each.said["state"],), each.fact_id)

    def tallies(self) -> Iterator[Tally]:
        """The figures."""
        self._of(figures.IN_RETURN).share(self._return, (_YES,))
        self._of(figures.ACROSS).share(self._across, (_YES,))
        due = self._of(figures.DUE)
        for months in map(_months, MONTHS):
            done, not_done = due.value((months, _YES)), due.value((months, _NO))
            if done + not_done:
                facts = (*due.facts((months, _YES)), *due.facts((months, _NO)))
                rate = done / (done + not_done)
                self._of(figures.REDEMPTION).show((months,), rate, facts)
        self._of(figures.HOURS).hide_as(self._of(figures.PERSONS))
        for grade, count in self._counts.items():
            mean = self._grades.value((grade,)) / count
            self._of(figures.GRADES).show((grade,), mean, set(self._grades.facts((grade,))))
        if self._days:
            behind = [fact for _, fact in self._days]
            self._of(figures.DAYS).total(median([days for days, _ in self._days]), behind)
        yield from self._tallies.values()

    def _of(self, definition: Definition) -> Tally:
        return self._tallies[definition.name]

    def _began(self, opened: Evidence) -> None:
        said, fact = opened.said, opened.fact_id
        self._of(figures.OPENED).add((self._known.ags_of(said["need_actor"]),), fact)
        for topic in said["topics"] or (UNKNOWN,):
            self._of(figures.BY_TOPIC).add((topic,), fact)
        for goal in sorted({goal for topic in said["topics"] for goal in GOALS.get(topic, ())}):
            self._of(figures.BY_GOAL).add((f"{goal:02d}",), fact)

    def _agreed(self, opened: Evidence, agreed: Evidence) -> None:
        said, fact = agreed.said, agreed.fact_id
        self._of(figures.AGREED).add((said.get("mode") or UNKNOWN,), fact)
        self._return.add((_YES if said.get("in_return") else _NO,), fact)
        places = {self._known.ags_of(said[side]) for side in ("need_actor", "offer_actor")}
        if UNKNOWN not in places:
            self._across.add((_YES if len(places) > 1 else _NO,), fact)
        if said.get("value"):
            method = said.get("method") or UNKNOWN
            self._of(figures.VALUE).add((method,), fact, value=said["value"])
        self._days.append(((day_of(agreed.at) - day_of(opened.at)).days, fact))

    def _after(self, life: Life, agreed: Evidence) -> None:
        """Whether it was carried out when some months were over, if they were in the period."""
        done = _carried_out(life)
        for months in MONTHS:
            day = months_later(day_of(agreed.at), months)
            if self._period.begins <= day <= self._period.cut_off:
                over = datetime.combine(day, time.max, ZONE)
                is_done = done is not None and done.at <= over
                key = (_months(months), _YES if is_done else _NO)
                fact = done if is_done and done is not None else agreed
                self._of(figures.DUE).add(key, fact.fact_id)
                if not is_done:
                    by_then = [each for each in life.all if each.at <= over]
                    reason = by_then[-1].said.get("reason") or UNKNOWN
                    self._of(figures.OPEN_REASONS).add((key[0], reason), by_then[-1].fact_id)

    def _delivered(self, life: Life) -> None:
        """Who took part, and for how long, by the newest word of the side that approves."""
        said = life.known.said
        if life.within(_carried_out(life)) and said.get("hours") is not None:
            mode = (said.get("mode") or UNKNOWN,)
            # Where nobody said how many they were, it was somebody at least.
            self._of(figures.PERSONS).add(mode, value=said.get("persons") or 1)
            self._of(figures.HOURS).add(mode, value=Fraction(str(said["hours"])))

    def _evaluated(self, life: Life) -> None:
        evaluated = [each for each in life.all if each.type == CooperationEvaluated.ce_type]
        if evaluated and (last := life.within(evaluated[-1])):
            for grades in last.said.get("grades", ()):
                for grade, value in zip(GRADES, grades, strict=True):
                    self._grades.add((grade,), last.fact_id, value=value)
                    self._counts[grade] = self._counts.get(grade, 0) + 1


def _carried_out(life: Life) -> Evidence | None:
    """The first fact that says that it was carried out, at least partly."""
    found = (
        each for each in life.all if each.said.get("redeemed") or each.said["state"] in CARRIED_OUT
    )
    return next(found, None)


def median(values: list[int]) -> Fraction:
    """The value in the middle; of two, halfway between them."""
    ordered, middle = sorted(values), len(values) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle], 2)


def _months(months: int) -> str:
    return f"{months:02d}"
