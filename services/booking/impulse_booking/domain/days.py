"""Days as the parties count them: on the calendar of Germany."""

from calendar import monthrange
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")


def day_of(moment: datetime) -> date:
    """The calendar day in Germany at `moment`, which has a time zone."""
    return moment.astimezone(ZONE).date()


def morning_of(day: date) -> datetime:
    """Eight o'clock in Germany on `day`: nobody is reminded in the middle of the night."""
    return datetime.combine(day, time(8), ZONE)


def midnight_of(day: date) -> datetime:
    """When `day` begins in Germany."""
    return datetime.combine(day, time(0), ZONE)


def months_later(day: date, months: int) -> date:
    """The same day of the month `months` (>= 0) later, or the month's last day where it is shorter.

    As § 188 (3) BGB ends a period: 31 August and 6 months make 28 or 29 February.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def written(moment: datetime) -> str:
    """The moment as a sentence names it, by the clock of Germany: `24.11.2026, 09:00`."""
    return moment.astimezone(ZONE).strftime("%d.%m.%Y, %H:%M")
