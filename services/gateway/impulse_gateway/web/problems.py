"""What goes wrong, told to programs (RFC 9457, problem+json) and to people, in their language."""

from typing import Self

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from impulse_gateway.web import language, rendering

RETRY_SECONDS = 5


class SignInNeeded(Exception):
    """The route is not for visitors."""


class Problem(Exception):
    """An answer that is not what was asked for. Title and detail in German and English."""

    def __init__(
        self,
        status: int,
        code: str,
        title: tuple[str, str],
        detail: tuple[str, str],
        *,
        headers: dict[str, str] | None = None,
        **more: object,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.headers = headers or {}
        self.more = more

    @classmethod
    def not_found(cls) -> Self:
        """Nothing there, or nothing that this viewer may know of."""
        return cls(
            404,
            "not_found",
            ("Nicht gefunden", "Not found"),
            (
                "Das gibt es hier nicht, nicht mehr, oder es ist nur für Beteiligte zu sehen.",
                "This is not here, not any more, or to be seen by those concerned only.",
            ),
        )

    @classmethod
    def not_allowed(cls) -> Self:
        """The viewer may not do this."""
        return cls(
            403,
            "not_allowed",
            ("Nicht erlaubt", "Not allowed"),
            ("Dazu sind Sie nicht berechtigt.", "You are not allowed to do this."),
        )

    @classmethod
    def no_token(cls) -> Self:
        """The form did not come from one of our pages, or has grown old."""
        return cls(
            403,
            "no_csrf_token",
            ("Formular abgelaufen", "Form expired"),
            (
                "Bitte laden Sie die Seite neu und senden Sie das Formular noch einmal ab. "
                "Programme senden den Wert aus /api/session im Kopf X-CSRF-Token.",
                "Please reload the page and send the form again. "
                "Programs send the value of /api/session in the header X-CSRF-Token.",
            ),
        )

    @classmethod
    def too_large(cls) -> Self:
        """More than anybody needs to send."""
        return cls(
            413,
            "too_large",
            ("Zu groß", "Too large"),
            ("Die Anfrage ist größer als erlaubt.", "The request is larger than is allowed."),
        )

    @classmethod
    def from_elsewhere(cls) -> Self:
        """A browser was made to send this by another site."""
        return cls(
            403,
            "from_another_site",
            ("Nicht erlaubt", "Not allowed"),
            (
                "Die Anfrage kommt von einer anderen Website.",
                "The request comes from another site.",
            ),
        )

    @classmethod
    def sign_in(cls) -> Self:
        """Visitors may not do this."""
        return cls(
            401,
            "sign_in_needed",
            ("Anmeldung nötig", "Sign-in needed"),
            ("Bitte melden Sie sich an.", "Please sign in."),
        )

    @classmethod
    def invalid(cls, faults: list[dict[str, str]]) -> Self:
        """What was sent can't be understood; `faults` say which field and why."""
        return cls(
            422,
            "invalid",
            ("Angaben unvollständig oder falsch", "Something is missing or wrong"),
            (
                "Bitte prüfen Sie die genannten Felder.",
                "Please check the fields that are named.",
            ),
            faults=faults,
        )

    @classmethod
    def unavailable(cls) -> Self:
        """The database is away, or the process has all it can take."""
        return cls(
            503,
            "unavailable",
            ("Gerade nicht erreichbar", "Not available right now"),
            (
                "Bitte versuchen Sie es in einigen Sekunden noch einmal.",
                "Please try again in a few seconds.",
            ),
            headers={"Retry-After": str(RETRY_SECONDS)},
        )


def answer(request: Request, problem: Problem) -> Response:
    """A problem as the one who asks can read it."""
    spoken = language.of_request(request)
    index = spoken == "en"
    if request.url.path.startswith("/api/"):
        return JSONResponse(
            {
                "type": f"urn:impulse:problem:{problem.code}",
                "title": problem.title[index],
                "status": problem.status,
                "detail": problem.detail[index],
                **problem.more,
            },
            problem.status,
            {"Content-Language": spoken, "Vary": "Accept-Language", **problem.headers},
            media_type="application/problem+json",
        )
    response = rendering.page(
        request,
        "problem.html",
        status=problem.status,
        title=problem.title[index],
        detail=problem.detail[index],
        code=problem.code,
        faults=problem.more.get("faults", ()),
    )
    response.headers.update(problem.headers)
    return response
