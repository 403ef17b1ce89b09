"""Answering an offered place by the link of a message, without signing in.

The link says which booking and who was sent it. A scanner that only opens it answers nothing: the
page has two buttons. Whether that person may still answer, and in time, decides booking; the page
says what it said, also to who comes late.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_chassis import Transaction, stable_uuid
from impulse_contracts import place_links
from impulse_contracts.booking.bookings import BookingFact, DeclinePlace, TakePlace
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.booking.programme import SessionFact
from impulse_contracts.place_links import PlaceLink
from impulse_gateway.domain.operation import Operation, begin
from impulse_gateway.store import bookings, programme
from impulse_gateway.store import operations as stored
from impulse_gateway.store.operations import operations
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/place/{token}", include_in_schema=False)


@router.get("")
async def ask(request: Request, token: str) -> Response:
    """Says what is offered, with two buttons; or what has become of the answer."""
    site = site_of(request)
    link = _link(request, token)
    if link is None:
        return page(request, "place.html", status=404, booking=None)

    def read(
        connection: Connection,
    ) -> tuple[BookingFact | None, SessionFact | None, Operation | None]:
        found = bookings.booking(connection, link.booking_id)
        session = (
            programme.sessions_by_id(connection, [found.session_id]).get(found.session_id)
            if found
            else None
        )
        return found, session, stored.get(connection, _operation_id(link))

    found, session, operation = await site.db(read)
    now = site.now()
    held = found is not None and found.state is BookingState.OFFERED
    return page(
        request,
        "place.html",
        status=200 if found else 404,
        booking=found,
        session=session,
        operation=operation,
        link=link,
        open=held and now < link.offered_until,
        late=(held and now >= link.offered_until)
        or (found is not None and found.state is BookingState.EXPIRED),
    )


@router.post("")
async def answer(request: Request, token: str, answer: Annotated[str, Form()] = "") -> Response:
    """Takes the place or does without it, as whoever was sent the link. The first answer counts."""
    link = _link(request, token)
    if link is not None and answer in ("take", "decline"):
        kind = TakePlace if answer == "take" else DeclinePlace
        command = kind(booking_id=link.booking_id)
        once = _operation_id(link)

        def work(tx: Transaction) -> None:
            operations.lock(tx, {once})
            if operations.get(tx, once) is None:
                key = bookings.record_key(tx, command)
                tx.publish(command, key=key, message_id=str(once), principal=str(link.person_id))
                operations.put(tx, begin(once, link.person_id, command, tx.now))

        await site_of(request).transact(work)
    return RedirectResponse(request.url.path, 303)


def _link(request: Request, token: str) -> PlaceLink | None:
    site = site_of(request)
    return place_links.read(site.settings.privacy_key.get_secret_value(), token, site.now())


def _operation_id(link: PlaceLink) -> UUID:
    """The one answer by a link: clicked twice it is one message."""
    return stable_uuid("place", str(link.booking_id), str(link.person_id), str(link.offered_until))
