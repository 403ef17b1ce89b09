"""Times as the clocks in Germany show them: how they are entered, and which of them can't be."""

import re
from datetime import UTC, date, datetime, time, timedelta

from impulse_contracts.reasons import Reason
from impulse_gateway.web.listing_form import BERLIN, Fault

_LINE = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4}),?\s+(\d{1,2}:\d{2})\s*(?:-|–|bis|to)\s*(\d{1,2}:\d{2})(?: Uhr)?"
)
Span = tuple[datetime, datetime]


def moment(
    written: str, field: str, found: list[Fault], *, needed: bool = False
) -> datetime | None:
    """A local time as a moment; None where there is none, or none that can be."""
    if not written:
        if needed:
            found.append(_missing(field))
        return None
    try:
        wall = datetime.fromisoformat(written).replace(tzinfo=None)
    except ValueError:
        found.append(Fault(field, "muss Tag und Uhrzeit sein", "must be a day and a time"))
        return None
    return _there(wall, field, found)


def spans(written: str, field: str, found: list[Fault], *, overnight: bool = False) -> list[Span]:
    """Times from when to when, one a line. What ends before it begins is a fault, or ends on the
    next day (`overnight`)."""
    return [
        span
        for line in written.splitlines()
        if line.strip() and (span := _span(line.strip(), field, found, overnight=overnight))
    ]


def span_on(day: str, begins: str, ends: str, found: list[Fault]) -> Span | None:
    """From when to when on a day, as three fields of a form called so say it; past midnight it ends
    on the next day: a night shift."""
    fields = {"day": day, "begins": begins, "ends": ends}
    if lacking := [_missing(name) for name, written in fields.items() if not written]:
        found += lacking
        return None
    on, clocks = None, []
    try:
        on = date.fromisoformat(day)
    except ValueError:
        found.append(Fault("day", "muss ein Tag sein", "must be a day"))
    for name in ("begins", "ends"):
        try:
            clocks.append(time.fromisoformat(fields[name]).replace(tzinfo=None))
        except ValueError:
            found.append(Fault(name, "muss eine Uhrzeit sein", "must be a time"))
    if on is None or len(clocks) < 2:
        return None
    walls = [datetime.combine(on, clock) for clock in clocks]
    return _as_moments(walls, ("begins", "ends"), found, overnight=True)


def line(starts: datetime, ends: datetime) -> str:
    """From when to when, as `spans` reads it."""
    local = starts.astimezone(BERLIN)
    return f"{local:%d.%m.%Y %H:%M}–{ends.astimezone(BERLIN):%H:%M}"


def ordered(starts: datetime, ends: datetime, field: str, found: list[Fault]) -> None:
    """Finds a fault where something ends before it begins."""
    # Both have the same time zone, so the clocks would be compared, not the moments.
    if starts.astimezone(UTC) >= ends.astimezone(UTC):
        reason = Reason.ENDS_BEFORE_IT_BEGINS
        found.append(Fault(field, reason.de, reason.en))


def _span(line: str, field: str, found: list[Fault], *, overnight: bool) -> Span | None:
    said = _LINE.fullmatch(line)
    try:
        if said is None:
            raise ValueError
        day, month, year, *clocks = said.groups()
        on = f"{year}-{int(month):02}-{int(day):02}"
        walls = [datetime.fromisoformat(f"{on}T{each:0>5}") for each in clocks]
    except ValueError:
        found.append(
            Fault(
                field,
                f"„{line[:60]}“: bitte wie 14.01.2027 10:00–13:00",
                f"“{line[:60]}”: please like 14.01.2027 10:00–13:00",
            )
        )
        return None
    return _as_moments(walls, (field, field), found, overnight=overnight)


def _as_moments(
    walls: list[datetime], fields: tuple[str, str], found: list[Fault], *, overnight: bool
) -> Span | None:
    starts, ends = walls
    if overnight and ends <= starts:
        ends += timedelta(days=1)
    moments = [_there(starts, fields[0], found), _there(ends, fields[1], found)]
    if moments[0] is None or moments[1] is None:
        return None
    ordered(moments[0], moments[1], fields[1], found)
    return moments[0], moments[1]


def _there(wall: datetime, field: str, found: list[Fault]) -> datetime | None:
    """The moment at which clocks show a time; one that they leap over in spring is a fault."""
    try:
        there = wall.replace(tzinfo=BERLIN)
        leapt = there.astimezone(UTC).astimezone(BERLIN).replace(tzinfo=None) != wall
    except OverflowError:
        leapt = True
    if leapt:
        said = f"{wall:%d.%m.%Y, %H:%M}"
        reason = Reason.TIME_SKIPPED
        found.append(Fault(field, reason.text("de", detail=said), reason.text("en", detail=said)))
        return None
    return there


def _missing(field: str) -> Fault:
    return Fault(field, "bitte angeben", "please state it")
