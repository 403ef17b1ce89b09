"""Every exception of a request becomes an answer: a problem, or the way to sign in."""

from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_chassis import Unavailable
from impulse_contracts.faults import in_words
from impulse_gateway.store.rows import BadCursor
from impulse_gateway.web import language
from impulse_gateway.web.live import TooMany
from impulse_gateway.web.problems import Problem, SignInNeeded, answer

log = structlog.get_logger(__name__)


def install(app: FastAPI) -> None:
    """Answers every exception of a request."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, problem: Problem) -> Response:
        return answer(request, problem)

    @app.exception_handler(SignInNeeded)
    async def _sign_in(request: Request, _: SignInNeeded) -> Response:
        if request.url.path.startswith("/api/") or request.method != "GET":
            return answer(request, Problem.sign_in())
        return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", 303)

    @app.exception_handler(Unavailable)
    async def _unavailable(request: Request, error: Unavailable) -> Response:
        log.warning("database away", path=request.url.path, error=str(error))
        return answer(request, Problem.unavailable())

    @app.exception_handler(TooMany)
    async def _too_many(request: Request, _: TooMany) -> Response:
        return answer(request, Problem.unavailable())

    @app.exception_handler(BadCursor)
    async def _bad_cursor(request: Request, _: BadCursor) -> Response:
        said = ("ist kein Wert von „next“", "is not a value of “next”")
        fault = {"field": "after", "message": said[language.of_request(request) == "en"]}
        return answer(request, Problem.invalid([fault]))

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        if any(fault["loc"][:1] == ("path",) for fault in error.errors()):
            return answer(request, Problem.not_found())
        index = language.of_request(request) == "en"
        return answer(request, Problem.invalid([_fault(each, index) for each in error.errors()]))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return answer(request, Problem.not_found())
        known = {
            400: ("Anfrage nicht lesbar", "Request not readable"),
            405: ("So nicht möglich", "Not possible this way"),
            413: ("Zu groß", "Too large"),
        }
        title = known.get(error.status_code, ("Fehler", "Error"))
        problem = Problem(
            error.status_code,
            f"http_{error.status_code}",
            title,
            title,
            headers=dict(error.headers or {}),
        )
        return answer(request, problem)

    @app.exception_handler(Exception)
    async def _fault_of_ours(request: Request, _: Exception) -> Response:
        problem = Problem(
            500,
            "internal",
            ("Unerwarteter Fehler", "Unexpected error"),
            (
                "Ein Fehler ist aufgetreten; der Betrieb findet ihn in seinem Protokoll.",
                "Something went wrong; the operators find it in their log.",
            ),
        )
        return answer(request, problem)


def _fault(error: dict[str, Any], english: bool) -> dict[str, str]:
    """Which field, and what is wrong with it; never the value."""
    place = [str(part) for part in error["loc"] if part not in ("body", "query", "header")]
    if error["type"] == "json_invalid":
        place = []
    return {"field": ".".join(place) or "body", "message": in_words(error)[english]}
