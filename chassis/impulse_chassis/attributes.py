"""The CloudEvents attributes of a message, read from headers or an event and checked. Pure."""

import re
from datetime import datetime

from impulse_chassis.envelope import Attributes, Headers, Words

_REQUIRED = ("id", "source", "type", "specversion")
_LIMITS = {
    **dict.fromkeys(_REQUIRED, 200),
    **dict.fromkeys(("correlationid", "causationid", "principal", "onbehalfof"), 200),
    "subject": 1000,
}
"""How many characters an attribute may have. What answers and facts repeat must be harmless."""
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def decoded(headers: Headers) -> tuple[dict[str, str], Words | None]:
    """The headers that are UTF-8, and what is wrong where one that we read is not."""
    try:
        return {name: raw.decode() for name, raw in headers if raw is not None}, None
    except UnicodeDecodeError:
        pass
    found: dict[str, str] = {}
    problem = None
    for name, raw in headers:
        try:
            if raw is not None:
                found[name] = raw.decode()
        except UnicodeDecodeError:
            if name.startswith("ce_") or name in ("content-type", "traceparent"):
                problem = (f"{name} ist kein UTF-8", f"{name} is not UTF-8")
    return found, problem


def checked(
    found: dict[str, str], prefix: str, traceparent: str | None, attempt: int
) -> tuple[Attributes | None, Words | None]:
    """Attributes from names with a prefix, and the first fault; None without an identity."""
    problem: Words | None = None
    known: dict[str, str | None] = {}
    for name, limit in _LIMITS.items():
        full = prefix + name
        value = found.get(full)
        known[name] = None
        if value is None or not value or value.isspace():
            if name in _REQUIRED:
                problem = problem or (f"{full} fehlt", f"{full} is missing")
        elif len(value) <= limit and value.isprintable():
            known[name] = value
        else:
            problem = problem or (
                f"{full} ist zu lang (höchstens {limit} Zeichen) oder enthält Steuerzeichen",
                f"{full} is too long (at most {limit} characters) or holds control characters",
            )
    if problem is None and known["specversion"] != "1.0":
        problem = must_be(f"{prefix}specversion", "1.0")
    time = None
    if (text := found.get(f"{prefix}time")) is not None:
        try:
            time = parse_time(text)
        except ValueError:
            problem = problem or (
                f"{prefix}time ist keine Zeit nach RFC 3339 mit Zeitzone",
                f"{prefix}time is not RFC 3339 with an offset",
            )
    if known["id"] is None or known["source"] is None:
        return None, problem
    return (
        Attributes(
            id=known["id"],
            source=known["source"],
            type=known["type"] or "",
            time=time,
            subject=known["subject"],
            correlation_id=known["correlationid"],
            causation_id=known["causationid"],
            principal=known["principal"],
            on_behalf_of=known["onbehalfof"],
            traceparent=traceparent
            if traceparent and _TRACEPARENT.fullmatch(traceparent)
            else None,
            attempt=attempt,
        ),
        problem,
    )


def must_be(name: str, value: str) -> Words:
    """What is wrong with an attribute that may have one value only."""
    return f"{name} muss {value} sein", f"{name} must be {value}"


def parse_time(text: str) -> datetime:
    """RFC 3339 with an offset; raises ValueError for anything else."""
    if not _RFC3339.fullmatch(text):
        raise ValueError("not RFC 3339 with an offset")
    return datetime.fromisoformat(text)
