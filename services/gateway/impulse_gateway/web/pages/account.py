"""Signing in by e-mail link, signing out, the inbox, operations, and the language."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Form
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_contracts.notifications import MessageFact
from impulse_gateway.domain.access import Role, Viewer
from impulse_gateway.store import operations as stored
from impulse_gateway.store import people
from impulse_gateway.web import language as languages
from impulse_gateway.web import sessions, sign_in, subjects
from impulse_gateway.web.pages.forms import local
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
async def ask_address(request: Request, next: str = "/") -> Response:
    """The form that takes an address."""
    return page(request, "sign_in.html", next=local(next), address="", fault=None)


@router.post("/sign-in")
async def send_link(
    request: Request,
    background: BackgroundTasks,
    address: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Sends a link, if there is such a person; the answer is the same if not.

    The link is made after the answer, so that its time tells nothing either.
    """
    given = sign_in.normal(address)
    if given is None:
        fault = (
            "Bitte geben Sie eine E-Mail-Adresse ein, etwa name@organisation.example.",
            "Please enter an e-mail address such as name@organisation.example.",
        )[languages.of_page(request) == "en"]
        return page(
            request, "sign_in.html", status=422, next=local(next), address=address, fault=fault
        )
    site = site_of(request)
    await sign_in.count_attempt(site, given, request.client.host if request.client else "")
    background.add_task(sign_in.send_link, site, given, local(next))
    response = page(request, "sign_in_sent.html", minutes=site.settings.sign_in_seconds // 60)
    response.background = background
    return response


@router.get("/sign-in/{token}")
async def confirm(request: Request, token: str) -> Response:
    """Asks to confirm: a scanner that opens the links in mails must not use them up."""
    site = site_of(request)
    link = sign_in.read(site, token)
    usable = link is not None and not await site.db(
        lambda connection: people.token_used(connection, link.nonce)
    )
    return page(request, "sign_in_confirm.html", usable=usable, status=200 if usable else 410)


@router.post("/sign-in/{token}")
async def begin(request: Request, token: str) -> Response:
    """Uses the link and begins a session."""
    site = site_of(request)
    link = sign_in.read(site, token)
    cookie = await sign_in.begin_session(site, link) if link else None
    if link is None or cookie is None:
        return page(request, "sign_in_confirm.html", usable=False, status=410)
    response = RedirectResponse(local(link.next), 303)
    sessions.set_cookie(site, response, sessions.session_cookie(site), cookie)
    sessions.drop_cookie(site, response, sessions.browser_cookie(site))
    return response


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Ends the session."""
    response = RedirectResponse("/", 303)
    await sessions.end(request, response)
    return response


@router.get("/inbox")
async def inbox(request: Request) -> Response:
    """A person's own messages."""
    viewer: Viewer = request.state.viewer
    person_id = viewer.person_id
    assert person_id is not None

    def look(connection: Connection) -> tuple[list[MessageFact], dict[UUID, str]]:
        messages = people.inbox(connection, person_id)
        listed = {actor_id for message in messages for actor_id in message.about}
        return messages, people.names_of(connection, listed)

    messages, names = await site_of(request).db(look)
    return page(request, "inbox.html", messages=messages, names=names)


@router.get("/operations/{operation_id}")
async def operation(request: Request, operation_id: UUID, then: str = "") -> Response:
    """What has become of something that was asked for, and where to go on `then`."""
    viewer: Viewer = request.state.viewer
    found = await site_of(request).db(lambda connection: stored.get(connection, operation_id))
    theirs = found is not None and found.person_id == viewer.person_id
    if found is None or not (theirs or Role.OPERATOR in viewer.roles):
        raise Problem.not_found()
    return page(
        request,
        "operation.html",
        operation=found,
        then=local(then) if then else "",
        about=subjects.of(found, viewer),
    )


@router.post("/language")
async def choose_language(
    request: Request,
    language: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Remembers the language for a year."""
    response = RedirectResponse(local(back), 303)
    if language in ("de", "en"):
        response.set_cookie(
            languages.COOKIE,
            language,
            max_age=365 * 24 * 3600,
            path="/",
            secure=site_of(request).settings.https,
            httponly=True,
            samesite="lax",
        )
    return response
