"""How the API has a service do what somebody asks for."""

from uuid import UUID

from fastapi import Response
from starlette.requests import Request

from impulse_contracts.message import Command
from impulse_gateway.domain.access import Viewer
from impulse_gateway.web.api.models import OperationView, asked, chosen
from impulse_gateway.web.commands import submit
from impulse_gateway.web.problems import Problem


async def ask(
    request: Request, response: Response, command: Command, key: UUID | None
) -> OperationView:
    """Sends a command as whoever calls; `key` is the id that they chose for it. Raises `Problem`,
    `Unavailable`."""
    return asked(response, await submit(request, command, chosen(key)))


def own_id(request: Request) -> UUID:
    """Who calls. Raises `Problem` for visitors."""
    viewer: Viewer = request.state.viewer
    if viewer.person_id is None:
        raise Problem.sign_in()
    return viewer.person_id
