"""Publishing, changing, confirming and keeping offers and needs as templates, by form."""

from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid4

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_chassis import stable_uuid
from impulse_contracts.codes import ListingStatus
from impulse_contracts.message import Command
from impulse_contracts.parts import ReportedOnBehalf
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.listings import (
    ChangeListing,
    ConfirmListing,
    CopyListing,
    ListingState,
    PublishListing,
)
from impulse_gateway.domain.access import Viewer
from impulse_gateway.domain.recurrence import OFFERED, spoken
from impulse_gateway.store import actors, listings
from impulse_gateway.web import language, listing_form, reading
from impulse_gateway.web.listing_form import BERLIN, Entered, Fault, one
from impulse_gateway.web.pages import forms
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of
from impulse_gateway.web.starters import STARTERS

router = APIRouter(include_in_schema=False)
C = TypeVar("C", bound=Command)


class Sheet(NamedTuple):
    """A form for an organisation, and the listing that it changes, if it is about one, or the one
    of another organisation that it answers."""

    actor: ActorState
    listing: ListingState | None = None
    wanted: ListingState | None = None

    def show(self, request: Request, values: Entered, faults: list[Fault]) -> Response:
        """The page with the form; with faults its answer says so."""
        viewer: Viewer = request.state.viewer
        return page(
            request,
            "listing_form.html",
            status=422 if faults else 200,
            actor=self.actor,
            listing=self.listing,
            wanted=self.wanted,
            values=values,
            faults=faults,
            rows=listing_form.rows(values),
            rules=OFFERED,
            spoken=spoken,
            for_others=viewer.acts_for_others(self.actor.actor_id),
            today=_today(request),
            new_operation=uuid4,
        )


# ------------------------------------------------------------------------------ publishing


@router.get("/listings/new")
async def new(
    request: Request, typed: forms.Refused, actor: str = "", copy: str = "", starter: str = ""
) -> Response:
    """The form for a new listing: empty, from a copy or from a beginning that we ship.

    Without an organisation that the viewer may act for, the page asks which.
    """
    viewer: Viewer = request.state.viewer
    original_id = forms.uuid(copy)

    def read(
        connection: Connection,
    ) -> tuple[ListingState | None, ActorState | None, list[ActorState], list[ListingState]]:
        original = reading.listing(connection, viewer, original_id) if original_id else None
        own = [each for each in viewer.actors if viewer.manages(each)]
        chosen = original.actor_id if original else forms.uuid(actor or one(typed, "actor"))
        if chosen is None and len(own) == 1:
            chosen = own[0]
        found = reading.actor(connection, viewer, chosen) if chosen else None
        several = list(actors.by_id(connection, own).values())
        templates = listings.templates_of(connection, found.actor_id) if found else []
        return original, found, several, templates

    original, found, own, templates = await site_of(request).db(read)
    if found is None:
        return page(request, "listing_actor.html", own=own)
    if not viewer.manages(found.actor_id):
        raise Problem.not_allowed()
    if original is not None:
        return Sheet(found).show(request, listing_form.of_listing(original), [])
    if typed:
        return Sheet(found).show(request, typed, [])
    if starter in STARTERS:
        return Sheet(found).show(request, STARTERS[starter].values(language.of_page(request)), [])
    if starter != "none":
        return page(
            request,
            "listing_start.html",
            actor=found,
            starters=STARTERS.values(),
            templates=templates,
        )
    return Sheet(found).show(request, {}, [])


@router.post("/listings/new")
async def publish(request: Request) -> Response:
    """Publishes what was entered, or shows the form with what is wrong."""
    viewer: Viewer = request.state.viewer
    values = await entered(request)
    actor_id = forms.uuid(one(values, "actor"))
    if actor_id is None:
        raise Problem.not_found()
    found = await site_of(request).db(lambda each: reading.actor(each, viewer, actor_id))
    operation_id = forms.operation_id(one(values, "operation"))
    listing_id = stable_uuid("listing", str(operation_id))
    fixed = {
        "listing_id": listing_id,
        "actor_id": found.actor_id,
        "template": "template" in values,
    }
    return await _settle(request, Sheet(found), values, PublishListing, fixed)


# -------------------------------------------------------------------------------- changing


@router.get("/listings/{listing_id}/edit")
async def edit(request: Request, listing_id: UUID, typed: forms.Refused) -> Response:
    """The form with what a listing says."""
    sheet = await _managed(request, listing_id)
    assert sheet.listing is not None
    return sheet.show(request, typed or listing_form.of_listing(sheet.listing), [])


@router.post("/listings/{listing_id}/edit")
async def change(request: Request, listing_id: UUID) -> Response:
    """Replaces what a listing says, or shows the form with what is wrong."""
    sheet = await _managed(request, listing_id)
    values = await entered(request)
    return await _settle(request, sheet, values, ChangeListing, {"listing_id": listing_id})


@router.get("/listings/{listing_id}/confirm")
async def ask_to_confirm(request: Request, listing_id: UUID) -> Response:
    """Where the reminder leads: one click says that the listing still stands."""
    return _confirming(request, await _managed(request, listing_id), [])


@router.post("/listings/{listing_id}/confirm")
async def confirm(request: Request, listing_id: UUID) -> Response:
    """Says that a listing still stands."""
    sheet = await _managed(request, listing_id)
    values = await entered(request)
    told, faults = _on_behalf(request, sheet, values)
    if faults:
        return _confirming(request, sheet, faults, values)
    return await _ask(request, values, ConfirmListing(listing_id=listing_id, on_behalf=told))


@router.post("/listings/{listing_id}/template")
async def keep_as_template(request: Request, listing_id: UUID) -> Response:
    """Keeps a copy of a listing as a template of its organisation."""
    await _managed(request, listing_id)
    values = await entered(request)
    new_id = stable_uuid("listing", str(forms.operation_id(one(values, "operation"))))
    command = CopyListing(listing_id=new_id, original_id=listing_id, template=True)
    return await _ask(request, values, command)


# ------------------------------------------------------------------------------- the parts


async def _settle(
    request: Request,
    sheet: Sheet,
    values: Entered,
    kind: type[C],
    fixed: dict[str, Any],
) -> Response:
    """Sends the command if nothing is wrong with what was entered, or shows the form again."""
    said = checked(request, sheet, values, kind, fixed)
    if isinstance(said, Response):
        return said
    return await forms.send(request, said, one(values, "operation"), typed=values)


def checked(
    request: Request,
    sheet: Sheet,
    values: Entered,
    kind: type[C],
    fixed: dict[str, Any],
) -> C | Response:
    """The command that says what was entered, or the form with what is wrong. Raises `Problem`."""
    viewer: Viewer = request.state.viewer
    if not viewer.manages(sheet.actor.actor_id):
        raise Problem.not_allowed()
    content, faults = listing_form.content(values)
    told, more = _on_behalf(request, sheet, values)
    if content and not _is_template(sheet, fixed) and _is_over(request, content.valid_until):
        more.append(Fault("valid_until", Reason.DATE_IN_PAST.de, Reason.DATE_IN_PAST.en))
    if content is None or more:
        return sheet.show(request, values, [*faults, *more])
    return kind.model_validate({**content.model_dump(), **fixed, "on_behalf": told})


def _is_template(sheet: Sheet, fixed: dict[str, Any]) -> bool:
    known = sheet.listing
    return bool(fixed.get("template") or (known and known.status is ListingStatus.TEMPLATE))


def _is_over(request: Request, last_day: date | None) -> bool:
    return last_day is not None and last_day.isoformat() < _today(request)


def _on_behalf(
    request: Request, sheet: Sheet, values: Entered
) -> tuple[ReportedOnBehalf | None, list[Fault]]:
    """What a broker who acts for others must say besides."""
    viewer: Viewer = request.state.viewer
    if not viewer.acts_for_others(sheet.actor.actor_id):
        return None, []
    return listing_form.on_behalf(values)


async def _ask(request: Request, values: Entered, command: Command) -> Response:
    return await forms.send(request, command, one(values, "operation"))


def _confirming(
    request: Request, sheet: Sheet, faults: list[Fault], values: Entered | None = None
) -> Response:
    viewer: Viewer = request.state.viewer
    assert sheet.listing is not None
    return page(
        request,
        "listing_confirm.html",
        status=422 if faults else 200,
        actor=sheet.actor,
        listing=sheet.listing,
        values=values or {},
        faults=faults,
        can=sheet.listing.status in (ListingStatus.OPEN, ListingStatus.STALE),
        for_others=viewer.acts_for_others(sheet.actor.actor_id),
        today=_today(request),
        new_operation=uuid4,
    )


async def _managed(request: Request, listing_id: UUID) -> Sheet:
    """A listing that the viewer may change, and its organisation. Raises `Problem`."""
    viewer: Viewer = request.state.viewer

    def read(connection: Connection) -> Sheet:
        listing = reading.listing(connection, viewer, listing_id)
        if not viewer.manages(listing.actor_id):
            raise Problem.not_allowed()
        return Sheet(reading.actor(connection, viewer, listing.actor_id), listing)

    return await site_of(request).db(read)


async def entered(request: Request) -> dict[str, list[str]]:
    """What the form sent."""
    return listing_form.entered((await request.form()).multi_items())


def _today(request: Request) -> str:
    now: datetime = site_of(request).now()
    return now.astimezone(BERLIN).date().isoformat()
