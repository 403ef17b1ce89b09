"""Cooperations: how many came about, what was agreed, and whether it was carried out."""

from collections import Counter, deque
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import takewhile
from typing import Any, ClassVar

from impulse_booking.domain.days import day_of, midnight_of, months_later
from impulse_booking.domain.report import cooperation_figures as figures
from impulse_booking.domain.report.delivered import Confirmed, Delivered, is_carried_out
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
from impulse_contracts.codes import SocietalTopic

MONTHS = (3, 6, 12)
"""After so many months it is asked whether an agreement was carried out."""
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

    nouns: ClassVar = frozenset({Noun.COOPERATION})

    def __init__(self, known: Known, period: Period) -> None:
        self._known = known
        self._period = period
        self._by_mode = Delivered(figures.PERSONS, figures.HOURS)
        self._by_format = Delivered(figures.PERSONS_BY_FORMAT, figures.HOURS_BY_FORMAT)
        self._tallies = {each.name: Tally(each) for each in figures.ALL}
        self._return, self._across = Tally(figures.IN_RETURN), Tally(figures.ACROSS)
        self._accessible = Tally(figures.ACCESSIBLE)
        self._days, self._asked_days = _Days(), _Days()
        self._grades = Tally(figures.GRADES)
        self._counts: dict[str, int] = {}

    def see(self, noun: Noun, life: Life) -> None:
        """Counts a cooperation."""
        said = life.known.said
        if any(self._known.is_example(said[side]) for side in ("need_actor", "offer_actor")):
            return
        if opened := life.within(life.all[0]):
            self._began(opened)
        agreed = life.first(CooperationAgreed.ce_type)
        if agreed is not None:
            if life.within(agreed):
                self._agreed(life.all[0], agreed)
            self._after(life, agreed, _carried_out(life))
        self._valued(*life.standing(CooperationAgreed.ce_type))
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
        self._of(figures.ACCESSIBLE).share(self._accessible, (_YES,))
        due = self._of(figures.DUE)
        for months in map(_months, MONTHS):
            done, not_done = due.value((months, _YES)), due.value((months, _NO))
            if done + not_done:
                facts = (*due.facts((months, _YES)), *due.facts((months, _NO)))
                rate = done / (done + not_done)
                self._of(figures.REDEMPTION).show((months,), rate, facts)
        for grade, count in self._counts.items():
            mean = self._grades.value((grade,)) / count
            self._of(figures.GRADES).show(
                (grade,), mean, dict.fromkeys(self._grades.facts((grade,)))
            )
        for definition, counted in (
            (figures.DAYS, self._days),
            (figures.ASKED_DAYS, self._asked_days),
        ):
            if counted.days:
                self._of(definition).total(median(counted.days), counted.facts)
        for tally in (*self._by_mode.tallies(), *self._by_format.tallies()):
            self._tallies[tally.definition.name] = tally
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
        if said.get("edition"):
            self._of(figures.BY_EDITION).add(self._known.edition_of(said["edition"]), fact)
        day = day_of(agreed.at)
        self._days.add((day - day_of(opened.at)).days, fact)
        if asked := self._known.asked_at(said.get("proposal")):
            self._asked_days.add((day - day_of(asked)).days, fact)
        self._made_accessible(said, fact)

    def _valued(self, before: Evidence | None, after: Evidence | None) -> None:
        """What both sides agreed on is worth, and by how much that is more or less than what they
        had agreed on before the period."""
        if after is None or before is after:
            return
        changes: Counter[str] = Counter()
        for sign, each in ((-1, before), (1, after)):
            if each is not None:
                changes[each.said.get("method") or UNKNOWN] += sign * (each.said.get("value") or 0)
        for method, value in changes.items():
            if value:
                self._of(figures.VALUE).add((method,), after.fact_id, value=value)
        if (more := changes.total()) and after.said.get("edition"):
            edition = self._known.edition_of(after.said["edition"])
            self._of(figures.VALUE_BY_EDITION).add(edition, after.fact_id, value=more)

    def _made_accessible(self, said: dict[str, Any], fact: str) -> None:
        need = self._known.listed(said.get("need", ""), said["need_actor"])
        offer = self._known.listed(said.get("offer", ""), said["offer_actor"])
        if need.accessibility:
            for code in need.accessibility:
                met = _YES if code in offer.accessibility else _NO
                self._of(figures.ACCESSIBILITY).add((code, met), fact)
            all_met = set(need.accessibility) <= set(offer.accessibility)
            self._accessible.add((_YES if all_met else _NO,), fact)

    def _after(self, life: Life, agreed: Evidence, done: Evidence | None) -> None:
        """Whether it was carried out when some months were over, if they were in the period."""
        known = day_of(agreed.at)
        told = agreed.said.get("agreed")
        for months, day, over in _ends(date.fromisoformat(told) if told else known):
            # What was signed long before it was entered counts when it is known.
            if self._period.begins <= max(day, known) <= self._period.cut_off:
                is_done = done is not None and _day_of_delivery(done) <= day
                fact = done if is_done and done is not None else agreed
                self._of(figures.DUE).add((months, _YES if is_done else _NO), fact.fact_id)
                if not is_done:
                    [*_, last] = [agreed, *(each for each in life.all if each.at < over)]
                    reason = last.said.get("reason") or UNKNOWN
                    self._of(figures.OPEN_REASONS).add((months, reason), last.fact_id)

    def _delivered(self, life: Life) -> None:
        """Who took part, and for how long, by the newest word of the side that approves."""
        before, after = map(Confirmed.by, life.standing())
        if before != after:
            said = life.known.said
            need = self._known.listed(said.get("need", ""), said["need_actor"])
            self._by_mode.count(before and (before.mode, before), after and (after.mode, after))
            self._by_format.count(before and (need.format, before), after and (need.format, after))

    def _evaluated(self, life: Life) -> None:
        evaluated = [each for each in life.all if each.type == CooperationEvaluated.ce_type]
        if evaluated and (last := life.within(evaluated[-1])):
            for grades in last.said.get("grades", ()):
                for grade, value in zip(GRADES, grades, strict=True):
                    self._grades.add((grade,), last.fact_id, value=value)
                    self._counts[grade] = self._counts.get(grade, 0) + 1


class _Days:
    """Of some things how many days they took, and the facts that show it."""

    def __init__(self) -> None:
        self.days: list[int] = []
        self.facts: list[str] = []

    def add(self, days: int, fact: str) -> None:
        self.days.append(days)
        self.facts.append(fact)


@lru_cache(maxsize=10_000)
def _ends(day: date) -> tuple[tuple[str, date, datetime], ...]:
    """When `MONTHS` from a day end: which one, the last day, and the first moment after it."""
    last = {months: months_later(day, months) for months in MONTHS}
    return tuple(
        (_months(months), each, midnight_of(each + timedelta(days=1)).astimezone(UTC))
        for months, each in last.items()
    )


def _carried_out(life: Life) -> Evidence | None:
    """The first fact since which it stands that it was carried out, at least partly; None where the
    side that approves has decided that it was not, whatever the other one said before."""
    standing = takewhile(lambda each: is_carried_out(each.said), reversed(life.all))
    return next(iter(deque(standing, maxlen=1)), None)


def _day_of_delivery(done: Evidence) -> date:
    """On which day it was carried out; where nobody said so, that on which it was known."""
    told = done.said.get("delivered")
    return date.fromisoformat(told) if told else day_of(done.at)


def median(values: list[int]) -> Fraction:
    """The value in the middle; of two, halfway between them."""
    ordered, middle = sorted(values), len(values) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle], 2)


def _months(months: int) -> str:
    return f"{months:02d}"
