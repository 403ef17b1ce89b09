"""What staff do on the day of an edition: print forms, and enter what is agreed there."""

from collections.abc import Mapping
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
from impulse_contracts.booking.cooperation_codes import ValueMethod
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.booking.edition_codes import EditionStage, LineOutcome
from impulse_contracts.booking.editions import EditionFact
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.domain.operation import Operation, OperationState
from impulse_gateway.store import actors, bookings, editions, operations
from impulse_gateway.web import floor_form, listing_form, reading
from impulse_gateway.web.commands import submit
from impulse_gateway.web.floor_form import Line
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.numbers import whole
from impulse_gateway.web.pages import forms
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/editions/{edition_id}", include_in_schema=False)

TO_REDEEM = timedelta(days=365)
"""How long what is agreed on has time, as the form proposes it."""
ENTERED = (EditionStage.DAY, EditionStage.RESULTS)
"""When agreements are entered."""
PRINTED = 60
"""How many forms are printed at most at once, and as usual."""


@router.get("/forms")
async def printed(request: Request, edition_id: UUID, count: str = "", start: str = "") -> Response:
    """Empty forms of agreements, numbered, to be printed."""
    viewer: Viewer = request.state.viewer
    found = await site_of(request).db(
        lambda connection: reading.run_edition(connection, viewer, edition_id)
    )
    wanted, begin = (whole(each) for each in (count, start))
    number = wanted if isinstance(wanted, int) and wanted else PRINTED
    first = min(begin, floor_form.HIGHEST) if isinstance(begin, int) and begin else 1
    return page(
        request,
        "agreement_forms.html",
        edition=found,
        first=first,
        numbers=range(first, min(first + min(number, PRINTED), floor_form.HIGHEST + 1)),
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
    sent: Operation | None
    """What the viewer sent as that batch, with what they typed as long as it is kept."""


@router.get("/agreements")
async def agreements(
    request: Request, edition_id: UUID, batch: str = "", again: str = ""
) -> Response:
    """The form for the floor, and what became of the lines that were entered; those of a batch that
    was refused as a whole stand in the form `again`."""
    return await _show(request, edition_id, {}, {}, [], forms.uuid(batch or again))


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
        batch_id = stable_uuid("batch", f"{operation} {content}")
        command = EnterAgreements(batch_id=batch_id, edition_id=edition_id, lines=entered)
        await submit(request, command, batch_id, typed=values)
    if not faulty:
        return RedirectResponse(f"/editions/{edition_id}/agreements?batch={batch_id}#lines", 303)
    left = _only({line.row: line for line in lines if line.row in faulty}, values)
    return await _show(request, edition_id, left, faulty, [], batch_id)


def _only(lines: Mapping[int, Line], values: Entered) -> dict[str, list[str]]:
    """What was entered for all lines, and of these lines."""
    shared = {name: said for name, said in values.items() if floor_form.row_of(name) is None}
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

    def read(connection: Connection) -> Shown:
        found = reading.run_edition(connection, viewer, edition_id)
        known = editions.agreements(connection, edition_id)
        booked = bookings.of_session(connection, found.session_id)
        present = {each.actor_id for each in booked if each.state in bookings.HELD}
        sides = {each for pair in known for each in (pair.need_actor_id, pair.offer_actor_id)}
        owners = actors.by_id(connection, present | sides)
        several = editions.batches(connection, edition_id)
        chosen = [each for each in several if batch_id in (None, each.batch_id)]
        # The command of a batch has its id; one that was refused has become no batch.
        asked_id = chosen[0].batch_id if chosen else batch_id
        sent = operations.get(connection, asked_id) if asked_id else None
        here = (viewer.person_id, request.url.path)
        is_own = sent is not None and (sent.person_id, sent.form) == here
        return Shown(
            found,
            known,
            owners,
            sorted(
                (owners[each] for each in present if each in owners),
                key=lambda each: (each.display_name or each.legal_name).casefold(),
            ),
            chosen[0] if chosen else None,
            sent if is_own else None,
        )

    found = await site_of(request).db(read)
    numbers = _numbers(edition_id, found)
    next_number = max([0, *numbers.values()]) + 1
    found.agreements.sort(key=lambda each: numbers.get(each.cooperation_id, next_number))
    status = 422 if faulty or wrong else 200
    typed = (found.sent and found.sent.entered) or {}
    can_enter = found.edition.stage in ENTERED
    if found.sent and found.sent.state is OperationState.REFUSED and not faulty:
        request.state.refused = found.sent.message
        values = values or typed
    elif not values and found.batch and can_enter:
        values, faulty = _left(edition_id, found.batch, typed)
    rows = sorted({line.row for line in floor_form.lines(values)})
    first = max([-1, *rows]) + 1
    blank = range(first, first + max(0, floor_form.ROWS - len(rows)))
    return page(
        request,
        "edition_agreements.html",
        status=status,
        **found._asdict(),
        results=_results(found),
        waits=batch_id is not None and found.batch is None,
        batch_id=batch_id,
        numbers=numbers,
        next_number=next_number,
        can_enter=can_enter,
        lost=None if can_enter or not values else _in_words(values),
        rows=[*rows, *blank],
        blank=blank,
        values=values,
        faulty=faulty,
        faults=wrong,
        methods=ValueMethod,
        today=forms.today(site_of(request).now()),
        redeem_by=(found.edition.starts + TO_REDEEM).date().isoformat(),
        new_operation=uuid4,
    )


def _left(
    edition_id: UUID, batch: AgreementsEntered, typed: Entered
) -> tuple[dict[str, list[str]], dict[int, list[Fault]]]:
    """What was typed with a batch and is not entered, by row; and why it is not: booking refused
    it, or it was not sent, as something was wrong with it or its number had been there before."""
    results = {each.cooperation_id: each for each in batch.lines}
    left: dict[int, Line] = {}
    wrong: dict[int, list[Fault]] = {}
    for line in floor_form.lines(typed):
        made = floor_form.cooperation_id(edition_id, floor_form.number_of(line))
        result = results.pop(made, None)
        if result is None:
            why = ("noch nicht eingetragen", "not entered yet")
        elif result.message is not None and result.outcome == LineOutcome.REFUSED:
            why = (result.message.de, result.message.en)
        else:
            continue
        left[line.row] = line
        wrong[line.row] = [Fault("number", *why)]
    return (_only(left, typed) if left else {}), wrong


def _in_words(values: Entered) -> list[tuple[str, str]]:
    """What was typed, by the number of each line."""
    return [
        (
            line.said["number"] or "?",
            " · ".join(line.said[name] for name in floor_form.FIELDS[1:-1] if line.said[name]),
        )
        for line in floor_form.lines(values)
    ]


def _results(found: Shown) -> list[tuple[LineResult, CooperationFact | None]]:
    """The lines of a batch, each with what is known of it now."""
    known = {each.cooperation_id: each for each in found.agreements}
    lines = found.batch.lines if found.batch else ()
    return [(each, known.get(each.cooperation_id)) for each in lines]


def _numbers(edition_id: UUID, found: Shown) -> dict[UUID, int]:
    """The numbers of the printed forms that were entered, by what came of them."""
    wanted = {each.cooperation_id for each in found.agreements}
    wanted |= {each.cooperation_id for each in (found.batch.lines if found.batch else ())}
    numbers = floor_form.printed(edition_id)
    return {each: numbers[each] for each in wanted if each in numbers}
