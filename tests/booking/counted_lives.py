"""A count of one's own, as `counted`: what agreements were made, and what became of them."""

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from tests.booking.counted import (
    BERLIN,
    Counted,
    Said,
    carried_out_on,
    confirmed,
    histories,
    later,
)

GRADES = ("structure", "process", "result")


def lives(counted: Counted) -> dict[str, Any]:
    """The figures, by name."""
    found: dict[str, Any] = defaultdict(Counter)
    seats = {
        actor_id: history[-1][2]["seat"]["ags"]
        for actor_id, history in histories(counted.log, "impulse.actors", "actor_id").items()
    }
    shares: dict[str, list[bool]] = {"agreements_with_return": [], "across": []}
    grades: dict[str, list[int]] = defaultdict(list)
    for history in histories(counted.log, "impulse.cooperations", "cooperation_id").values():
        known = counted.before_end(history)
        newest = known[-1][2]
        for kind, at, data in known:
            if counted.within(at) and kind in ("cancelled", "not_redeemed"):
                found["agreements_not_redeemed"][data["steps"][-1]["reason"]] += 1
            if counted.within(at) and kind in ("declined", "withdrawn"):
                found["cooperations_without_agreement"][kind] += 1
        if not newest["agreed_at"]:
            continue
        agreed = next(data for kind, _, data in known if kind == "agreed")
        [*_, text] = [data["terms"] for kind, _, data in known if kind == "agreed"]
        found["agreements"][agreed["format"] or "unknown"] += 1
        if text["estimated_value_eur"]:
            found["estimated_value"][text["value_method"]] += text["estimated_value_eur"]
        first = agreed["terms"]
        shares["agreements_with_return"].append(bool(first["counter_performance"]))
        shares["across"].append(seats[agreed["need_actor_id"]] != seats[agreed["offer_actor_id"]])
        _after_months(counted, known, found)
        _delivered(newest, found)
        for own in newest["evaluations"]:
            for grade in GRADES:
                grades[grade].append(own[grade])
    due = found["agreements_after_months"]
    for months in ("03", "06", "12"):
        asked = due[months, "yes"] + due[months, "no"]
        found["redemption_rate"][months] = round(due[months, "yes"] / asked, 4)
    for grade, given in grades.items():
        found["evaluation_means"][grade] = round(sum(given) / len(given), 4)
    found["agreements_with_return"] = _share(shares["agreements_with_return"])
    found["agreements_across_municipalities"] = _share(shares["across"])
    return dict(found)


def _after_months(counted: Counted, known: list[Any], found: dict[str, Any]) -> None:
    """What was so on the evening of the last day, as it is known now."""
    newest: Said = known[-1][2]
    agreed = _day(newest["agreed_at"])
    done = carried_out_on(known)
    for months in (3, 6, 12):
        on = later(agreed, months)
        if not counted.days[0] <= on <= counted.days[1]:
            continue
        key = f"{months:02d}"
        if done is not None and done <= on:
            found["agreements_after_months"][key, "yes"] += 1
            continue
        found["agreements_after_months"][key, "no"] += 1
        night = datetime.combine(on + timedelta(days=1), time(0), BERLIN)
        then = [data for _, at, data in known if at < night][-1]
        found["agreements_not_carried_out_by_reason"][key, _hindered(then["steps"])] += 1


def _hindered(steps: list[Said]) -> str:
    """Why nothing had come of it: why it rests, or the last reason of something else."""
    reason = rests = None
    for each in steps:
        match each["step"]:
            case "put_on_hold":
                rests = each["reason"]
            case "action_set":
                pass
            case _:
                rests, reason = None, each["reason"] or reason
    return rests or reason or "unknown"


def _delivered(newest: Said, found: dict[str, Any]) -> None:
    persons, hours = confirmed(newest)
    found["volunteers"][newest["format"] or "unknown"] += persons
    found["hours_delivered"][newest["format"] or "unknown"] += hours


def _share(of: list[bool]) -> float:
    return float(round(Fraction(sum(of), len(of)), 4))


def _day(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(BERLIN).date()
