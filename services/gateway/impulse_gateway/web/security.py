"""What holds for every answer and every request: headers, sizes, origins, figures."""

import time
from urllib.parse import urlsplit

from fastapi import FastAPI
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from impulse_gateway.web.problems import Problem, answer

BODY_BYTES = 100_000
"""How large a request may be."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Sign-in links are addresses: no other site may learn them. With `no-referrer`, browsers would
    # hide from us too where a form comes from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HSTS = "max-age=63072000; includeSubDomains"

REQUESTS = Counter(
    "impulse_http_requests", "Requests, by route and status", ["route", "method", "code"]
)
SECONDS = Histogram(
    "impulse_http_request_duration_seconds", "Time to the answer's head", ["route", "method"]
)


class Guard:
    """Around all of the app, errors too: refuses what is large or comes from other sites, adds the
    headers, counts."""

    def __init__(self, app: FastAPI, *, https: bool) -> None:
        self.app = app
        self.headers = HEADERS | ({"Strict-Transport-Security": HSTS} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
                route = getattr(scope.get("route"), "path", "none")
                SECONDS.labels(route, scope["method"]).observe(time.perf_counter() - started)
                REQUESTS.labels(route, scope["method"], message["status"]).inc()
            await send(message)

        refusal = _refusal(Headers(scope=scope), scope["method"])
        if refusal:
            request = Request({**scope, "app": self.app})
            await answer(request, refusal)(scope, receive, guarded)
        else:
            await self.app(scope, receive, guarded)


def _refusal(headers: Headers, method: str) -> Problem | None:
    if _too_large(headers):
        return Problem.too_large()
    if method not in ("GET", "HEAD", "OPTIONS") and _from_elsewhere(headers):
        return Problem.from_elsewhere()
    return None


def _too_large(headers: Headers) -> bool:
    if "chunked" in headers.get("transfer-encoding", ""):
        return True  # nobody needs to send so little in pieces
    length = headers.get("content-length", "0")
    return not length.isdecimal() or int(length) > BODY_BYTES


def _from_elsewhere(headers: Headers) -> bool:
    """Whether a browser says that another site made it send this."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
