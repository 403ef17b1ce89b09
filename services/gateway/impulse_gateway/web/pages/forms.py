"""What forms send: choices that may be left open, ids, and where to go afterwards."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from starlette.requests import Request

from impulse_gateway.web import language
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import BERLIN

E = TypeVar("E", bound=StrEnum)


def choice(codes: type[E], value: str) -> E | None:
    """The code that was chosen; None for nothing, or for something that is no longer there."""
    return codes(value) if value in {str(code) for code in codes} else None


def required(request: Request, codes: type[E], field: str, value: str) -> E:
    """The code that was chosen. Raises `Problem` where there is none."""
    chosen = choice(codes, value)
    if chosen is None:
        english = language.of_page(request) == "en"
        message = "please choose one" if english else "bitte eine Möglichkeit wählen"
        raise Problem.invalid([{"field": field, "message": message}])
    return chosen


def operation_id(value: str) -> UUID:
    """The id that a page gave its form, so that sending it twice is asking once."""
    try:
        return UUID(value)
    except ValueError:
        raise Problem.no_token() from None


def uuid(value: str) -> UUID | None:
    """The id that a page gave its form or link; None for anything else."""
    try:
        return UUID(value)
    except ValueError:
        return None


def today(now: datetime) -> str:
    """The day in the Ruhr area, as a date field has it."""
    return now.astimezone(BERLIN).date().isoformat()


def local(path: str) -> str:
    """A path on this site to go to, or the start page for anything else."""
    inside = path.startswith("/") and not path.startswith("//") and path.isprintable()
    return path if inside and "\\" not in path and len(path) <= 300 else "/"
