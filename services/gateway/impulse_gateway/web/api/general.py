"""Sessions, activity, operations, and the description of this API."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from impulse_gateway.domain.access import Role, Viewer
from impulse_gateway.store import activity
from impulse_gateway.store import operations as stored
from impulse_gateway.store.activity import Entry
from impulse_gateway.web import sessions
from impulse_gateway.web.api.models import (
    PROBLEMS,
    REFUSALS,
    Membership,
    OperationView,
    ProblemView,
    Session,
)
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api", responses=PROBLEMS)


@router.get("/session", tags=["session"])
async def get_session(request: Request) -> Session:
    """Who is signed in, and the token for whatever changes something."""
    viewer: Viewer = request.state.viewer
    return Session(
        person_id=viewer.person_id,
        roles=sorted(viewer.roles),
        memberships=[
            Membership(actor_id=each.actor_id, roles=sorted(each.roles))
            for each in viewer.memberships
        ],
        csrf_token=sessions.csrf_token(request) if viewer.person_id else None,
    )


@router.get("/activity", tags=["activity"])
async def list_activity(
    request: Request,
    since: Annotated[int, Query(ge=0, description="A position; 0 for the beginning")] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> list[Entry]:
    """What happened, the newest first; the newest 1,000 of the last 7 days are kept."""
    return await site_of(request).db(lambda connection: activity.since(connection, since, limit))


@router.get("/operations/{operation_id}", responses=REFUSALS, tags=["operations"])
async def get_operation(request: Request, operation_id: UUID) -> OperationView:
    """What has become of something that you asked for."""
    viewer: Viewer = request.state.viewer
    found = await site_of(request).db(lambda connection: stored.get(connection, operation_id))
    theirs = found is not None and found.person_id == viewer.person_id
    if found is None or not (theirs or Role.OPERATOR in viewer.roles):
        raise Problem.not_found()
    return OperationView.of(found)


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> Response:
    """This API, as OpenAPI 3.1 describes it."""
    described: dict[str, Any] = request.app.openapi()
    _, problems = models_json_schema(
        [(ProblemView, "serialization")], ref_template="#/components/schemas/{model}"
    )
    described["components"]["schemas"] |= problems["$defs"]
    return JSONResponse(described)
