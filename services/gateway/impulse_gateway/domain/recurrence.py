"""Recurrence rules in words, and those that a form offers."""

from impulse_contracts import recurrence

WEEKDAYS = {
    "MO": ("montags", "Mondays"),
    "TU": ("dienstags", "Tuesdays"),
    "WE": ("mittwochs", "Wednesdays"),
    "TH": ("donnerstags", "Thursdays"),
    "FR": ("freitags", "Fridays"),
    "SA": ("samstags", "Saturdays"),
    "SU": ("sonntags", "Sundays"),
}
_OFTEN = {
    ("DAILY", "1"): ("täglich", "daily"),
    ("WEEKLY", "1"): ("jede Woche", "every week"),
    ("WEEKLY", "2"): ("alle zwei Wochen", "every two weeks"),
    ("MONTHLY", "1"): ("jeden Monat", "every month"),
    ("YEARLY", "1"): ("jedes Jahr", "every year"),
}
OFFERED = (
    "FREQ=DAILY",
    *(f"FREQ=WEEKLY;BYDAY={day}" for day in WEEKDAYS),
    *(f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day}" for day in WEEKDAYS),
    "FREQ=MONTHLY",
)
"""The rules to choose from; others come in by reports and by the API."""


def spoken(rule: str) -> tuple[str, str] | None:
    """A rule in German and English; None for one that has no simple words."""
    parts = recurrence.parts(rule)
    if parts is None or not parts.keys() <= {"FREQ", "INTERVAL", "BYDAY", "WKST"}:
        return None
    often = _OFTEN.get((parts["FREQ"], parts.get("INTERVAL", "1")))
    days = parts.get("BYDAY", "").split(",") if "BYDAY" in parts else []
    if often is None or not all(day in WEEKDAYS for day in days):
        return None
    if not days:
        return often
    de, en = zip(*(WEEKDAYS[day] for day in days), strict=True)
    return f"{often[0]} {', '.join(de)}", f"{often[1]} on {', '.join(en)}"
