"""Editions as everybody sees them: what is coming, how far it is, and how to take part."""

from typing import NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts.booking.edition_codes import EditionStage
from impulse_contracts.booking.editions import EditionFact
from impulse_contracts.booking.programme import SessionFact
from impulse_contracts.booking.projects import ProjectFact
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain import access
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, editions, markets, programme
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/editions", include_in_schema=False)


def timetable(edition: EditionFact) -> list[str]:
    """What there is of an edition and when, in order of time: its stages, and until when what is
    done in between."""
    moments = {
        EditionStage.REGISTRATION: edition.registration_opens or edition.since,
        "submit": edition.deadlines and edition.deadlines.submit_by,
        "claim": edition.deadlines and edition.deadlines.claim_by,
        EditionStage.PREPARATION: edition.registration_closes,
        EditionStage.DAY: edition.starts,
    }
    known = {str(name): moment for name, moment in moments.items() if moment is not None}
    first = str(EditionStage.REGISTRATION)
    ordered = sorted(known, key=lambda name: (name != first, known[name]))
    return [*ordered, str(EditionStage.RESULTS), str(EditionStage.CLOSED)]


class Sheet(NamedTuple):
    """An edition as somebody sees it."""

    edition: EditionFact
    sessions: dict[UUID, SessionFact]
    projects: list[ProjectFact]
    owners: dict[UUID, ActorState]
    runs: bool
    planned: bool


@router.get("")
async def overview(request: Request, past: str = "", after: str | None = None) -> Response:
    """What is coming, the next first; or what is over."""
    read = editions.over if past else editions.ahead

    def load(connection: Connection) -> tuple[Page[EditionFact], dict[UUID, SessionFact]]:
        found = read(connection, after=after)
        return found, programme.sessions_by_id(
            connection, [each.session_id for each in found.items]
        )

    found, sessions = await site_of(request).db(load)
    return page(
        request,
        "editions.html",
        found=found,
        sessions=sessions,
        past=bool(past),
        first=after is None,
        now=site_of(request).now(),
    )


@router.get("/{edition_id}")
async def edition(request: Request, edition_id: UUID) -> Response:
    """One edition: what it is, its stages, how to take part, its projects and results."""
    viewer: Viewer = request.state.viewer

    def read(connection: Connection) -> Sheet:
        found = reading.edition(connection, viewer, edition_id)
        booked = [found.session_id, *([found.workshop.session_id] if found.workshop else [])]
        projects = editions.projects(connection, edition_id)
        named = {each.actor_id for each in projects}
        named |= {each.claimed_by for each in projects if each.claimed_by}
        named |= {found.provider_actor_id} if found.provider_actor_id else set()
        return Sheet(
            found,
            programme.sessions_by_id(connection, booked),
            projects,
            actors.by_id(connection, named),
            access.runs_edition(viewer, found),
            markets.get(connection, edition_id) is not None,
        )

    found = await site_of(request).db(read)
    return page(
        request,
        "edition.html",
        **found._asdict(),
        timetable=timetable(found.edition),
        stage_codes=EditionStage,
        now=site_of(request).now(),
        new_operation=uuid4,
    )
