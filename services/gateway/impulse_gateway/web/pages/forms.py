"""What forms send: choices that may be left open, ids, commands, and where to go afterwards."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_contracts import faults
from impulse_contracts.message import Command
from impulse_gateway.domain.access import Viewer
from impulse_gateway.domain.operation import OperationState
from impulse_gateway.store import operations
from impulse_gateway.web import language
from impulse_gateway.web.commands import submit
from impulse_gateway.web.listing_form import Entered, Fault
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import BERLIN
from impulse_gateway.web.site import site_of

E = TypeVar("E", bound=StrEnum)
LONGEST = 1_000
"""How long a path may be to which a form or a mailed link leads on."""
Again = Callable[[Entered, list[Fault]], Awaitable[Response]]
"""Shows the page of a form again, with what was entered and what is wrong with it."""


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
    return path if inside and "\\" not in path and len(path) <= LONGEST else "/"


async def send(
    request: Request,
    command: Command,
    operation: str,
    *,
    then: str = "",
    typed: Entered | None = None,
) -> Response:
    """Has a service do what a form asks for, and goes on to the page `then`, or to one that shows
    what becomes of it. Raises `Problem`.

    With a fragment of its own `then` is not gone to by that of the form, which would open it again.
    What was `typed` fills the form again, should the service refuse it; see `refused`.
    """
    asked = await submit(request, command, operation_id(operation), typed=typed)
    return RedirectResponse(then or f"/operations/{asked.operation_id}", 303)


async def refused(request: Request, again: str = "") -> dict[str, list[str]]:
    """What was typed into the form at this address, of an operation that a service refused; nothing
    for others. The page with the form says why it was refused (`summary` in the templates)."""
    viewer: Viewer = request.state.viewer
    asked_id = uuid(again)
    if asked_id is None or viewer.person_id is None:
        return {}
    asked = await site_of(request).db(lambda connection: operations.get(connection, asked_id))
    is_theirs = asked is not None and asked.person_id == viewer.person_id
    if asked is None or not is_theirs or asked.form != request.url.path:
        return {}
    if asked.state is not OperationState.REFUSED or asked.entered is None:
        return {}
    request.state.refused = asked.message
    return asked.entered


Refused = Annotated[dict[str, list[str]], Depends(refused)]


async def settle(
    request: Request,
    kind: type[Command],
    data: Mapping[str, object],
    values: Entered,
    again: Again,
    *,
    then: str,
) -> Response:
    """Sends what was entered as a command and goes on to the page `then`, which says what becomes
    of it, or shows the form `again` with what is wrong.

    A form on a page with others knows that it is meant by its address, which is that of the
    request; see `entry` in the templates.
    """
    try:
        command = kind.model_validate(data)
    except ValidationError as errors:
        found: dict[str, Fault] = {}
        for error in errors.errors():
            field = str(error["loc"][0]) if error["loc"] else ""
            found.setdefault(field, Fault(field, *faults.in_words(error)))
        return await again(values, list(found.values()))
    return await send(request, command, values.get("operation", [""])[0], then=then)
