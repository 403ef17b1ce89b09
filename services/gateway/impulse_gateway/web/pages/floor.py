"""What staff do around the day of an edition: who comes, by side, and what is agreed there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_chassis import stable_uuid
from impulse_contracts.booking.agreement_batches import (
    AgreementsEntered,
    EnterAgreements,
    LineResult,
)
from impulse_contracts.booking.bookings import BookingFact
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.booking.cooperation_codes import ValueMethod
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.booking.editions import EditionFact
from impulse_contracts.codes import ActorKind
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.domain.operation import Operation
from impulse_gateway.store import actors, bookings, editions, operations
from impulse_gateway.web import floor_form, listing_form, reading
from impulse_gateway.web.commands import submit
from impulse_gateway.web.floor_form import Line
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.pages import forms
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/editions/{edition_id}", include_in_schema=False)

TO_REDEEM = timedelta(days=365)
"""How long what is agreed on has time, as the form proposes it."""
PRINTED = 60
"""How many forms are printed at most at once, and as usual."""


@dataclass
class Side:
    """The bookings of a side: who has a place, who waits in order, who is to be decided on."""

    places: int
    confirmed: list[BookingFact] = field(default_factory=list)
    offered: list[BookingFact] = field(default_factory=list)
    waiting: list[BookingFact] = field(default_factory=list)
    requested: list[BookingFact] = field(default_factory=list)


_LISTS = {
    BookingState.CONFIRMED: "confirmed",
    BookingState.ATTENDED: "confirmed",
    BookingState.NO_SHOW: "confirmed",
    BookingState.OFFERED: "offered",
    BookingState.WAITLISTED: "waiting",
    BookingState.REQUESTED: "requested",
}


def by_side(
    edition: EditionFact, booked: list[BookingFact], owners: Mapping[UUID, ActorState]
) -> dict[str, Side]:
    """The bookings of an edition's day: those of companies, and of all others."""
    sides = {
        "companies": Side(edition.places.companies),
        "nonprofits": Side(edition.places.nonprofits),
    }
    for each in booked:
        owner = owners.get(each.actor_id)
        is_company = owner is not None and owner.kind == ActorKind.COMPANY
        if name := _LISTS.get(each.state):
            getattr(sides["companies" if is_company else "nonprofits"], name).append(each)
    return sides


@router.get("/registrations")
async def registrations(request: Request, edition_id: UUID) -> Response:
    """Who takes part, who waits and who is to be decided on, by side."""
    viewer: Viewer = request.state.viewer

    def read(
        connection: Connection,
    ) -> tuple[EditionFact, list[BookingFact], dict[UUID, ActorState], dict[UUID, int]]:
        found = reading.run_edition(connection, viewer, edition_id)
        booked = bookings.of_session(connection, found.session_id)
        owners = actors.by_id(connection, {each.actor_id for each in booked})
        return found, booked, owners, bookings.turns(connection, [found.session_id])

    found, booked, owners, turns = await site_of(request).db(read)
    return page(
        request,
        "edition_registrations.html",
        edition=found,
        sides=by_side(found, booked, owners),
        owners=owners,
        turns=turns,
        new_operation=uuid4,
    )


@router.get("/forms")
async def printed(request: Request, edition_id: UUID, count: str = "", start: str = "") -> Response:
    """Empty forms of agreements, numbered, to be printed."""
    viewer: Viewer = request.state.viewer
    found = await site_of(request).db(
        lambda connection: reading.run_edition(connection, viewer, edition_id)
    )
    wanted, begin = (forms.whole(each) for each in (count, start))
    number = wanted if isinstance(wanted, int) and wanted else PRINTED
    first = begin if isinstance(begin, int) and begin else 1
    return page(
        request,
        "agreement_forms.html",
        edition=found,
        first=first,
        numbers=range(first, first + min(number, PRINTED)),
        day=(found.starts + TO_REDEEM).date(),
    )


# ------------------------------------------------------------------------------ agreements


class Shown(NamedTuple):
    """What was entered of an edition so far; `results` are those of one batch, or of the newest."""

    edition: EditionFact
    agreements: list[CooperationFact]
    owners: dict[UUID, ActorState]
    participants: list[ActorState]
    batch: AgreementsEntered | None
    asked: list[Operation]


@router.get("/agreements")
async def agreements(request: Request, edition_id: UUID, batch: str = "") -> Response:
    """The form for the floor, and what became of the lines that were entered."""
    return await _show(request, edition_id, {}, {}, [], forms.uuid(batch))


@router.post("/agreements")
async def enter(request: Request, edition_id: UUID) -> Response:
    """Enters the lines that can be, and shows the others again with what is wrong beside them."""
    viewer: Viewer = request.state.viewer
    sent = await request.form()
    pairs = sent.multi_items()
    values: dict[str, list[str]] = listing_form.entered(pairs)
    operation = forms.operation_id(one(values, "operation"))
    file = next((each for _, each in pairs if isinstance(each, UploadFile) and each.size), None)
    wrong: list[Fault] = []
    if file is not None:
        rows, wrong = floor_form.of_file(await file.read(), values)
        values |= rows
    lines = floor_form.lines(values)
    if not lines and not wrong:
        wrong = [Fault("number_0", "Es steht noch nichts da.", "Nothing is there yet.")]
    if len(lines) > floor_form.MOST:
        most = floor_form.MOST
        wrong = [Fault("file", f"höchstens {most} Zeilen auf einmal", f"at most {most} lines")]
    if viewer.person_id is None:
        raise Problem.sign_in()
    if wrong:
        return await _show(request, edition_id, values, {}, wrong, None)
    named = await site_of(request).db(
        lambda connection: actors.by_name(connection, floor_form.names(lines))
    )
    good, faulty = floor_form.entries(edition_id, lines, values, named, viewer.person_id)
    batch_id = None
    if good:
        entered = tuple(entry for _, entry in good)
        # With other lines it is another batch: what was wrong is mended and sent once more.
        content = "".join(entry.model_dump_json() for entry in entered)
        operation = stable_uuid("batch", f"{operation} {content}")
        batch_id = stable_uuid("agreements", str(operation))
        command = EnterAgreements(batch_id=batch_id, edition_id=edition_id, lines=entered)
        await submit(request, command, operation)
    if not faulty:
        return RedirectResponse(f"/editions/{edition_id}/agreements?batch={batch_id}#lines", 303)
    left = _only({line.row: line for line in lines if line.row in faulty}, values)
    return await _show(request, edition_id, left, faulty, [], batch_id)


def _only(lines: Mapping[int, Line], values: Entered) -> dict[str, list[str]]:
    """What was entered for all lines, and of these lines."""
    shared = {
        name: said
        for name, said in values.items()
        if name.rpartition("_")[0] not in floor_form.FIELDS
    }
    rows = {
        f"{name}_{row}": [said]
        for row, line in lines.items()
        for name, said in line.said.items()
        if said
    }
    return shared | rows


async def _show(
    request: Request,
    edition_id: UUID,
    values: Entered,
    faulty: Mapping[int, list[Fault]],
    wrong: list[Fault],
    batch_id: UUID | None,
) -> Response:
    viewer: Viewer = request.state.viewer
    now = site_of(request).now()

    def read(connection: Connection) -> Shown:
        found = reading.run_edition(connection, viewer, edition_id)
        known = editions.agreements(connection, edition_id)
        booked = bookings.of_session(connection, found.session_id)
        present = {each.actor_id for each in booked if each.state in bookings.HELD}
        sides = {each for pair in known for each in (pair.need_actor_id, pair.offer_actor_id)}
        owners = actors.by_id(connection, present | sides)
        several = editions.batches(connection, edition_id)
        chosen = [each for each in several if batch_id in (None, each.batch_id)]
        return Shown(
            found,
            known,
            owners,
            sorted(
                (owners[each] for each in present if each in owners),
                key=lambda each: (each.display_name or each.legal_name).casefold(),
            ),
            chosen[0] if chosen else None,
            operations.newest(connection, viewer.person_id, now, subject_ids=[edition_id]),
        )

    found = await site_of(request).db(read)
    numbers = _numbers(edition_id, found)
    next_number = max([0, *numbers.values()]) + 1
    rows = sorted({line.row for line in floor_form.lines(values)})
    empty = [] if faulty else list(range(len(rows), len(rows) + floor_form.ROWS))
    return page(
        request,
        "edition_agreements.html",
        status=422 if faulty or wrong else 200,
        **found._asdict(),
        results=_results(found),
        waits=batch_id is not None and found.batch is None,
        batch_id=batch_id,
        numbers=numbers,
        next_number=next_number,
        rows=rows or empty,
        filled=bool(rows),
        values=values,
        faulty=faulty,
        faults=wrong,
        methods=ValueMethod,
        today=forms.today(now),
        redeem_by=(found.edition.starts + TO_REDEEM).date().isoformat(),
        new_operation=uuid4,
    )


def _results(found: Shown) -> list[tuple[LineResult, CooperationFact | None]]:
    """The lines of a batch, each with what is known of it now."""
    known = {each.cooperation_id: each for each in found.agreements}
    lines = found.batch.lines if found.batch else ()
    return [(each, known.get(each.cooperation_id)) for each in lines]


def _numbers(edition_id: UUID, found: Shown) -> dict[UUID, int]:
    """The numbers of the printed forms that were entered, by what came of them."""
    wanted = {each.cooperation_id for each in found.agreements}
    wanted |= {each.cooperation_id for each in (found.batch.lines if found.batch else ())}
    numbers: dict[UUID, int] = {}
    for number in range(1, len(wanted) + 1_000):
        made = floor_form.cooperation_id(edition_id, str(number))
        if made in wanted:
            numbers[made] = number
    return numbers
