"""Markets: who should talk with whom, to be printed, and the form in which one is planned."""

from collections import Counter
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_chassis import stable_uuid
from impulse_contracts.codes import ActorKind, EventFormat
from impulse_contracts.markets import MarketPlanned
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.store import actors, bookings, editions, markets
from impulse_gateway.web import listing_form, market_form, reading
from impulse_gateway.web.listing_form import Entered, Fault
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.session_bookings import THERE
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/markets", include_in_schema=False)

FORMATS = (EventFormat.MARKTPLATZ, EventFormat.RUHRDAX, EventFormat.SPEED_MEETING)
"""The formats in which many talk with many."""


@router.get("")
async def planned(
    request: Request, typed: forms.Refused, edition: str = "", after: str | None = None
) -> Response:
    """The plans, the newest first, and the form of a new one: of an edition with all who have a
    place as participants."""
    edition_id = forms.uuid(edition)
    values = await site_of(request).db(
        lambda connection: _participants(connection, edition_id) if edition_id else {}
    )
    return await _show(request, typed or values, [], after)


@router.post("")
async def plan(request: Request) -> Response:
    """Plans what was entered, or shows the form with what is wrong."""
    values = listing_form.entered((await request.form()).multi_items())
    operation = forms.operation_id(values.get("operation", [""])[0])
    named = await site_of(request).db(
        lambda connection: actors.by_name(connection, market_form.names(values))
    )
    edition_id = forms.uuid(values.get("edition", [""])[0])
    edition_id = edition_id or stable_uuid("edition", str(operation))
    command, wrong = market_form.command(values, edition_id, named)
    if command is None:
        return await _show(request, values, wrong, None)
    return await forms.send(request, command, str(operation), typed=values)


@router.get("/{edition_id}")
async def market(request: Request, edition_id: UUID) -> Response:
    """A plan, by participant or, where there are rounds, by round."""

    def read(connection: Connection) -> tuple[MarketPlanned, dict[UUID, ActorState]]:
        found = reading.market(connection, request.state.viewer, edition_id)
        return found, actors.by_id(connection, {*found.companies, *found.nonprofits})

    found, owners = await site_of(request).db(read)
    return page(request, "market.html", market=found, actors=owners)


def _participants(connection: Connection, edition_id: UUID) -> dict[str, list[str]]:
    """The form for an edition: who has a place, by side. Where two have one name, their ids."""
    edition = editions.get(connection, edition_id)
    if edition is None:
        raise Problem.not_found()
    booked = bookings.of_session(connection, edition.session_id)
    there = {each.actor_id for each in booked if each.state in THERE}
    found = list(actors.by_id(connection, there).values())
    called = Counter(each.legal_name.lower() for each in found)
    values: dict[str, list[str]] = {"edition": [str(edition_id)], "format": [str(edition.format)]}
    for side in market_form.SIDES:
        names = [
            each.legal_name if called[each.legal_name.lower()] == 1 else str(each.actor_id)
            for each in found
            if (each.kind == ActorKind.COMPANY) == (side == "companies")
        ]
        values[side] = ["\n".join(sorted(names, key=str.casefold))]
    return values


async def _show(
    request: Request, values: Entered, faults: list[Fault], after: str | None
) -> Response:
    found = await site_of(request).db(lambda connection: markets.search(connection, after=after))
    lists: dict[str, Any] = {"found": found, "first": after is None}
    return page(
        request,
        "markets.html",
        status=422 if faults else 200,
        values=values,
        faults=faults,
        formats=FORMATS,
        new_operation=uuid4,
        **lists,
    )
