"""Sessions: a random cookie whose hash is in the database; and the tokens that forms carry."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import people
from impulse_gateway.web.site import Site, site_of

FORM_FIELD = "csrf_token"
HEADER = "X-CSRF-Token"


def session_cookie(site: Site) -> str:
    """The name of the session cookie; with the port, as cookies of several ports share a jar."""
    return "__Host-impulse" if site.settings.https else f"impulse_session_{site.settings.port}"


def browser_cookie(site: Site) -> str:
    """The name of the cookie to which forms of visitors are bound."""
    return "__Host-visitor" if site.settings.https else f"impulse_visitor_{site.settings.port}"


def hashed(token: str) -> bytes:
    """What is stored of a session's token."""
    return hashlib.sha256(token.encode()).digest()


async def viewer_of(request: HTTPConnection) -> Viewer:
    """Whoever is asking. Raises `Unavailable`."""
    site = site_of(request)
    token = request.cookies.get(session_cookie(site))
    if not token:
        return Viewer()
    settings = site.settings
    found = await site.db(
        lambda connection: people.viewer_of(
            connection,
            hashed(token),
            site.now(),
            timedelta(seconds=settings.session_idle_seconds),
            timedelta(seconds=settings.session_seconds),
        )
    )
    return found or Viewer()


def new_token() -> str:
    """A session's token: 256 random bits."""
    return secrets.token_urlsafe(32)


def set_cookie(site: Site, response: Response, name: str, value: str) -> None:
    """Sets a cookie that scripts can't read and other sites don't send."""
    response.set_cookie(
        name, value, path="/", secure=site.settings.https, httponly=True, samesite="lax"
    )


def drop_cookie(site: Site, response: Response, name: str) -> None:
    """Takes a cookie away."""
    response.delete_cookie(
        name, path="/", secure=site.settings.https, httponly=True, samesite="lax"
    )


async def end(request: Request, response: Response) -> None:
    """Ends the session of a request, and has the browser forget what it was shown."""
    site = site_of(request)
    token = request.cookies.get(session_cookie(site))
    if token:
        await site.db(lambda connection: people.end_session(connection, hashed(token)))
    drop_cookie(site, response, session_cookie(site))
    response.headers["Clear-Site-Data"] = '"cache"'


# ------------------------------------------------------------------------------------ forms


def _bound_to(request: HTTPConnection) -> str:
    """What a form's token is bound to: the session, or before it the visitor's browser."""
    site = site_of(request)
    viewer: Viewer = getattr(request.state, "viewer", Viewer())
    if viewer.person_id is not None:
        return request.cookies[session_cookie(site)]
    known = request.cookies.get(browser_cookie(site))
    if known:
        return known
    if not hasattr(request.state, "browser"):
        request.state.browser = secrets.token_urlsafe(16)
    browser: str = request.state.browser
    return browser


def csrf_token(request: HTTPConnection) -> str:
    """The token that a form, or the header of an API call, must carry."""
    return site_of(request).sign("csrf", _bound_to(request))


def remember_browser(request: Request, response: Response) -> None:
    """Sets the cookie that the token of a visitor's form is bound to, if one was made."""
    if hasattr(request.state, "browser"):
        site = site_of(request)
        set_cookie(site, response, browser_cookie(site), request.state.browser)


async def csrf_valid(request: Request) -> bool:
    """Whether a request that changes something carries the right token."""
    if request.url.path.startswith("/api/"):
        given = request.headers.get(HEADER, "")
    else:
        form = await request.form()
        field = form.get(FORM_FIELD)
        given = field if isinstance(field, str) else ""
    return hmac.compare_digest(given.encode(), csrf_token(request).encode())
