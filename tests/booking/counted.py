"""A count of one's own: a plain loop over the log, to hold reports against.

It knows nothing of evidence, and takes what the topics say as JSON.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from impulse_chassis.testing import Log

BERLIN = ZoneInfo("Europe/Berlin")
Said = dict[str, Any]


def histories(log: Log, topic: str, key: str) -> dict[str, list[tuple[str, datetime, Said]]]:
    """What was said of each thing on a topic, each once, oldest first: type, time and data."""
    found: dict[str, list[tuple[str, datetime, Said]]] = defaultdict(list)
    seen = set()
    for record in log.of(topic):
        headers = {name: (value or b"").decode() for name, value in record.headers}
        data = json.loads(record.value or b"{}")
        if key in data and not data.get("example") and headers["ce_id"] not in seen:
            seen.add(headers["ce_id"])
            kind = headers["ce_type"].split(".")[-2]
            found[data[key]].append((kind, datetime.fromisoformat(headers["ce_time"]), data))
    for history in found.values():
        history.sort(key=lambda each: each[2].get("version", 0))
    return found


class Counted:
    """The figures of a period, by name."""

    def __init__(self, log: Log, begins: date, cut_off: date) -> None:
        self.log = log
        self.days = (begins, cut_off)

    def within(self, at: datetime) -> bool:
        """Whether it happened in the period."""
        return self.days[0] <= at.astimezone(BERLIN).date() <= self.days[1]

    def before_end(self, history: list[Any]) -> list[Any]:
        """What had happened when the period ended."""
        return [each for each in history if each[1].astimezone(BERLIN).date() <= self.days[1]]

    def figures(self) -> dict[str, Any]:
        """All that is counted here."""
        return {**self.bookings(), **self.brokerage(), **self.cooperations()}

    def bookings(self) -> dict[str, Any]:
        """Bookings by their state, who was refused, who came."""
        found: dict[str, Any] = {"requests_refused": Counter(), "bookings_by_state": Counter()}
        persons = Counter({"present": 0, "absent": 0})
        courses = 0
        for history in histories(self.log, "impulse.bookings", "booking_id").values():
            history = self.before_end(history)
            if not history or self.is_example(history[0][2]["actor_id"]):
                continue
            if self.within(history[0][1]):
                found["bookings_by_state"][history[-1][2]["state"]] += 1
            over = [each for each in history if each[0] in ("attended", "no_show")]
            if over and self.within(over[0][1]):
                newest = history[-1][2]
                came = any(each["presence"] in ("present", "late") for each in newest["attendance"])
                persons["present" if came else "absent"] += newest["party_size"]
                courses += newest["state"] == "attended"
        found["attendance"] = +persons
        found["courses_finished"] = Counter({"gute_sache_course": courses})
        wished = histories(self.log, "impulse.outcomes", "command_id")
        asked = {}
        for record in self.log.of("impulse.booking.commands"):
            headers = {name: (value or b"").decode() for name, value in record.headers}
            if headers["ce_type"].endswith("request_booking.v1"):
                asked[headers["ce_id"]] = json.loads(record.value or b"{}")["actor_id"]
        for command_id, [(kind, at, data), *_] in wished.items():
            actor_id = asked.get(command_id)
            if kind == "refused" and actor_id and not self.is_example(actor_id):
                found["requests_refused"][data["reason"]] += self.within(at)
        found["requests_refused"] = +found["requests_refused"]
        return found

    def brokerage(self) -> dict[str, Any]:
        """Listings and proposals."""
        published: Counter[str] = Counter()
        standing: Counter[str] = Counter()
        for history in histories(self.log, "impulse.listings", "listing_id").values():
            history = self.before_end(history)
            if history:
                published[history[0][2]["direction"]] += self.within(history[0][1])
                if history[-1][2]["status"] in ("open", "stale"):
                    standing[history[-1][2]["status"]] += 1
        ended: Counter[str] = Counter()
        for history in histories(self.log, "impulse.proposals", "proposal_id").values():
            for kind, at, _ in history:
                if kind in ("mutually_accepted", "declined", "expired") and self.within(at):
                    ended[kind] += 1
        return {
            "listings_published": +published,
            "listings_at_cut_off": standing,
            "proposals_answered": ended,
        }

    def cooperations(self) -> dict[str, Any]:
        """Cooperations, agreements, and whether they were carried out."""
        topics: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        due: Counter[tuple[str, str]] = Counter()
        opened = agreed = 0
        for history in histories(self.log, "impulse.cooperations", "cooperation_id").values():
            history = self.before_end(history)
            if not history or self.has_example(history[0][2]):
                continue
            if self.within(history[0][1]):
                opened += 1
                topics.update(history[0][2]["topics"] or ["unknown"])
            signed = [at for kind, at, _ in history if kind == "agreed"]
            agreed += bool(signed) and self.within(signed[0])
            done = carried_out_on(history)
            for months in (3, 6, 12) if signed else ():
                day = later(signed[0].astimezone(BERLIN).date(), months)
                if self.days[0] <= day <= self.days[1]:
                    is_done = done is not None and done <= day
                    due[f"{months:02d}", "yes" if is_done else "no"] += 1
            for kind, at, data in history:
                if kind == "not_redeemed" and self.within(at):
                    reasons[data["steps"][-1]["reason"]] += 1
        return {
            "cooperations_opened": opened,
            "cooperations_by_topic": topics,
            "agreements": agreed,
            "agreements_after_months": due,
            "agreements_not_redeemed": reasons,
        }

    def has_example(self, data: Said) -> bool:
        """Whether one of two that work together is an example."""
        return any(self.is_example(data[f"{side}_actor_id"]) for side in ("need", "offer"))

    def is_example(self, actor_id: str) -> bool:
        """Whether an organisation is an example: histories leave those out."""
        return actor_id not in histories(self.log, "impulse.actors", "actor_id")


def carried_out_on(history: list[tuple[str, datetime, Said]]) -> date | None:
    """On which day something was carried out, by what both sides reported and the one that approves
    decided; None where nobody said so, or it was decided that it was not."""
    found: date | None = None
    said: dict[str, bool] = {}
    decided = False
    for kind, at, data in history:
        match kind:
            case "reported":
                newest = max(data["reports"], key=lambda each: each["at"])
                said[newest["side"]] = newest["outcome"] != "not_done"
            case "decided":
                decided = data["decision"]["outcome"] != "not_done"
                said = {}
            case _:
                continue
        if not decided and not any(said.values()):
            found = None
        elif found is None:
            found = min(at.astimezone(BERLIN).date(), *_days(data))
    return found


def _days(data: Said) -> Iterator[date]:
    """The day that was planned, and those on which a side told a broker that it was done; at least
    one that is far away."""
    yield date.max
    for each in data["dates"][-1:]:
        yield datetime.fromisoformat(each["ends"]).astimezone(BERLIN).date()
    for each in data["reports"]:
        if each["outcome"] != "not_done" and each["on_behalf"]:
            yield date.fromisoformat(each["on_behalf"]["on"])


def confirmed(data: Said) -> tuple[int, Any]:
    """How many took part for how long, as it stands: nobody, where nobody has approved it."""
    stands = data["decision"]
    if not stands or stands["outcome"] == "not_done":
        return 0, 0
    hours = stands["hours"] or 0
    persons = stands["persons"]
    return (bool(hours) if persons is None else persons), hours


def later(day: date, months: int) -> date:
    """So many months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    while True:
        try:
            return date(year, month + 1, day.day)
        except ValueError:
            day -= timedelta(days=1)
