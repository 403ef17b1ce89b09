"""German or English: what a person chose, else what their browser asks for, else German."""

from typing import Literal

from starlette.requests import HTTPConnection

Language = Literal["de", "en"]

COOKIE = "impulse_language"


def of_page(request: HTTPConnection) -> Language:
    """The language of a page."""
    chosen = request.cookies.get(COOKIE)
    if chosen == "de":
        return "de"
    return "en" if chosen == "en" else of_header(request)


def of_header(request: HTTPConnection) -> Language:
    """The language that `Accept-Language` prefers, as RFC 9110 weighs it."""
    best: tuple[float, Language] = (0.0, "de")
    for each in request.headers.get("accept-language", "").split(",")[:20]:
        tag, _, weight = each.partition(";")
        quality = _quality(weight)
        primary = tag.strip().lower().partition("-")[0]
        if primary in ("de", "en") and quality > best[0]:
            best = (quality, "en" if primary == "en" else "de")
    return best[1]


def of_request(request: HTTPConnection) -> Language:
    """The language of whatever is answered: the API knows no cookie for it."""
    return of_header(request) if request.url.path.startswith("/api/") else of_page(request)


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
