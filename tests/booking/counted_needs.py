"""A count of one's own, as `counted`: where needs were shown, and what became of them."""

from collections import Counter, defaultdict
from datetime import datetime
from fractions import Fraction
from statistics import median
from typing import Any

from impulse_registry.domain.geography import ruhr_municipalities
from tests.booking.counted import BERLIN, Counted, confirmed, histories

PEOPLE = {each.ags: each.population or 0 for each in ruhr_municipalities()}


def needs(counted: Counted) -> dict[str, Any]:
    """The figures, by name."""
    return {**exposure(counted), **agreements(counted)}


def exposure(counted: Counted) -> dict[str, Any]:
    """How often needs were suggested, and how unequally."""
    opened: Counter[str] = Counter()
    for listing_id, history in histories(counted.log, "impulse.listings", "listing_id").items():
        known = counted.before_end(history)
        if not known or counted.is_example(known[0][2]["actor_id"]):
            continue
        earlier = [data for _, at, data in known if not counted.within(at)]
        states = [data for _, at, data in known if counted.within(at)] + earlier[-1:]
        if known[-1][2]["direction"] == "need" and "open" in [each["status"] for each in states]:
            opened[place(counted, listing_id, known[-1][2]["actor_id"])] += 1
    shown: Counter[str] = Counter()
    for history in histories(counted.log, "impulse.proposals", "proposal_id").values():
        for kind, at, data in history:
            if kind == "suggested" and counted.within(at):
                assert not counted.is_example(data["need_actor_id"])
                shown[place(counted, data["need_id"], data["need_actor_id"])] += 1
    per_need = {ags: Fraction(shown[ags], count) for ags, count in opened.items()}
    per_people = {ags: Fraction(10_000 * shown[ags], many) for ags, many in PEOPLE.items()}
    found: dict[str, Any] = {
        "exposure": rounded(per_need),
        "exposure_by_inhabitants": rounded(per_people),
    }
    unequal, extremes = {}, {}
    own = {ags: value for ags, value in per_need.items() if ags in PEOPLE}
    for name, values in (("per_need", own), ("per_inhabitants", per_people)):
        if values:
            every = [*values.values()]
            apart = sum((abs(one - other) for one in every for other in every), Fraction(0))
            total = sum(every, Fraction(0))
            unequal[name] = apart / (2 * len(every) * total) if total else Fraction(0)
            extremes[name, "lowest"], extremes[name, "highest"] = min(every), max(every)
            if min(every):
                extremes[name, "times"] = max(every) / min(every)
    return {**found, "exposure_gini": rounded(unequal), "exposure_extremes": rounded(extremes)}


def agreements(counted: Counted) -> dict[str, Any]:
    """Whether accessibility needs were met, how long inquiries took, and who worked how long."""
    asked_for: Counter[tuple[str, str]] = Counter()
    met: list[bool] = []
    days: list[int] = []
    persons: Counter[str] = Counter()
    hours: dict[str, Fraction] = defaultdict(Fraction)
    editions: Counter[tuple[str, str, str]] = Counter()
    values: Counter[tuple[str, str, str]] = Counter()
    held = histories(counted.log, "impulse.editions", "edition_id")
    proposals = histories(counted.log, "impulse.proposals", "proposal_id")
    for history in histories(counted.log, "impulse.cooperations", "cooperation_id").values():
        known = counted.before_end(history)
        if not known or counted.has_example(known[0][2]):
            continue
        agreed = [each for each in known if each[0] == "agreed"]
        if agreed and counted.within(agreed[0][1]):
            _, at, data = agreed[0]
            need, offer = (listing(counted, data[side]) for side in ("need_id", "offer_id"))
            wanted, there = need.get("accessibility", []), offer.get("accessibility", [])
            for code in wanted:
                asked_for[code, "yes" if code in there else "no"] += 1
            if wanted:
                met.append(not set(wanted) - set(there))
            if data["edition_id"]:
                market = held[data["edition_id"]][-1][2]
                day = datetime.fromisoformat(market["starts"]).astimezone(BERLIN).date()
                key = (market["format"], str(day), data["edition_id"])
                editions[key] += 1
                values[key] += (data["terms"] or {}).get("estimated_value_eur") or 0
            said = counted.before_end(proposals.get(data["proposal_id"], []))
            if "mutually_accepted" in [each[0] for each in said]:
                days.append(_day(at) - _day(said[0][1]))
        kind = listing(counted, known[-1][2]["need_id"]).get("cv_format") or "unknown"
        said = [data for _, at, data in known if not counted.within(at)][-1:]
        for sign, data in ((1, known[-1][2]), *((-1, each) for each in said)):
            people, long = confirmed(data)
            persons[kind] += sign * people
            hours[kind] += sign * Fraction(str(long))
    return {
        "accessibility_asked_for": asked_for,
        "accessibility_met": round(sum(met) / len(met), 4) if met else 0,
        "days_from_inquiry": median(days) if days else 0,
        "agreements_by_edition": editions,
        "estimated_value_by_edition": +values,
        "volunteers_by_format": Counter({key: many for key, many in persons.items() if many}),
        "hours_by_format": rounded(hours),
    }


def place(counted: Counted, listing_id: str, actor_id: str) -> str:
    """Where a need is, or else its organisation."""
    own = listing(counted, listing_id).get("place", {}).get("ags")
    if own:
        return str(own)
    known = histories(counted.log, "impulse.actors", "actor_id").get(actor_id, [])
    seat = (counted.before_end(known) or known or [(0, 0, {})])[-1][2].get("seat", {})
    return seat.get("ags") or "unknown"


def listing(counted: Counted, listing_id: str) -> dict[str, Any]:
    """What was known of a listing when the period ended."""
    history = histories(counted.log, "impulse.listings", "listing_id").get(listing_id, [])
    known = counted.before_end(history) or history[:1]
    found: dict[str, Any] = known[-1][2] if known else {}
    return found


def rounded(values: Any) -> Counter[Any]:
    """As reports write them; without what is nothing."""
    return Counter({key: float(round(value, 4)) for key, value in values.items() if value})


def _day(at: datetime) -> int:
    return at.astimezone(BERLIN).toordinal()
