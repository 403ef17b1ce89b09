"""How the API has a service do what somebody asks for."""

from collections.abc import Callable
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Response
from sqlalchemy import Connection
from starlette.requests import Request

from impulse_contracts.message import Command
from impulse_gateway.domain.access import Viewer
from impulse_gateway.web.api.models import OperationId, OperationView, asked, chosen
from impulse_gateway.web.commands import submit
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

F = TypeVar("F")


class Ask:
    """A call that asks for something: who calls, what they see, and the command that it becomes.

    `key` is the id of the operation, which whoever calls may have chosen.
    """

    def __init__(
        self, request: Request, response: Response, idempotency_key: OperationId = None
    ) -> None:
        self.request = request
        self.response = response
        self.key = chosen(idempotency_key)
        self.viewer: Viewer = request.state.viewer

    @property
    def own_id(self) -> UUID:
        """Who calls. Raises `Problem` for visitors."""
        return own_id(self.request)

    async def find(self, read: Callable[[Connection, Viewer, UUID], F], subject_id: UUID) -> F:
        """What the call is about, as one of `reading` finds it. Raises `Problem`, `Unavailable`."""
        return await site_of(self.request).db(
            lambda connection: read(connection, self.viewer, subject_id)
        )

    async def about(
        self, read: Callable[[Connection, Viewer, UUID], object], command: Command
    ) -> OperationView:
        """Sends a command as whoever calls, if they may do that: `read` finds what it is about.
        Raises `Problem`, `Unavailable`."""
        await self.find(read, UUID(command.key))
        return await self(command)

    async def __call__(self, command: Command) -> OperationView:
        """Sends a command as whoever calls. Raises `Problem`, `Unavailable`."""
        return asked(self.response, await submit(self.request, command, self.key))


Asking = Annotated[Ask, Depends(Ask)]


def own_id(request: Request) -> UUID:
    """Who calls. Raises `Problem` for visitors."""
    viewer: Viewer = request.state.viewer
    if viewer.person_id is None:
        raise Problem.sign_in()
    return viewer.person_id
