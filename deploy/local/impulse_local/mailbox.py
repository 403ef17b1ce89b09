"""The web page of the mail sink: a list, one mail, JSON for tests; German and English."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from impulse_local.mail import Mail, Mailbox, serve_smtp
from impulse_local.ports import require_free_port
from impulse_local.settings import Settings

TEXTS = {
    "de": {
        "title": "Postfach der lokalen Umgebung",
        "explain": "Hier landet jede E-Mail, die Impulse auf diesem Rechner verschickt. "
        "Nach außen geht nichts.",
        "empty": "Noch keine E-Mail.",
        "reload": "Neu laden",
        "delete_all": "Alle löschen",
        "back": "Zurück zur Liste",
        "received": "Eingegangen",
        "from": "Von",
        "to": "An",
        "subject": "Betreff",
        "no_subject": "(ohne Betreff)",
        "text": "Text",
        "html": "HTML-Fassung",
        "open_html": "HTML-Fassung für sich öffnen",
        "attachments": "Anhänge",
        "headers": "Alle Kopfzeilen",
        "not_found": "Diese E-Mail gibt es nicht (mehr).",
    },
    "en": {
        "title": "Mailbox of the local stack",
        "explain": "Every e-mail that Impulse sends on this machine ends up here. "
        "Nothing leaves it.",
        "empty": "No e-mail yet.",
        "reload": "Reload",
        "delete_all": "Delete all",
        "back": "Back to the list",
        "received": "Received",
        "from": "From",
        "to": "To",
        "subject": "Subject",
        "no_subject": "(no subject)",
        "text": "Text",
        "html": "HTML version",
        "open_html": "Open the HTML version by itself",
        "attachments": "Attachments",
        "headers": "All headers",
        "not_found": "This e-mail does not exist (any more).",
    },
}

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# What a mail brings along may look nice, but neither run nor fetch anything.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'self'"
)
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")


def create_app(mailbox: Mailbox, smtp_port: int | None = None) -> Starlette:
    """The page on `mailbox`; with `smtp_port` it also runs the SMTP server that fills it."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        server = await serve_smtp(mailbox, smtp_port) if smtp_port is not None else None
        yield
        if server is not None:
            server.close()

    async def show_list(request: Request) -> Response:
        return _page(request, "list.html", mails=list(mailbox)[::-1])

    async def show_mail(request: Request) -> Response:
        return _page(request, "mail.html", mail=_find(mailbox, request))

    async def show_html(request: Request) -> Response:
        html = _find(mailbox, request).body("html")
        if html is None:
            raise HTTPException(404)
        return HTMLResponse(html, headers=_headers(MAIL_POLICY))

    async def show_attachment(request: Request) -> Response:
        attachments = _find(mailbox, request).attachments()
        index = request.path_params["index"]
        if index >= len(attachments):
            raise HTTPException(404)
        content = attachments[index].get_payload(decode=True)
        return Response(
            content,
            media_type="application/octet-stream",
            headers={**_headers(PAGE_POLICY), "Content-Disposition": "attachment"},
        )

    async def list_messages(request: Request) -> Response:
        return JSONResponse([mail.summary() for mail in mailbox], headers=_headers(PAGE_POLICY))

    async def clear(request: Request) -> Response:
        mailbox.clear()
        if request.method == "DELETE":
            return Response(status_code=204)
        return RedirectResponse("/", status_code=303)

    async def style(request: Request) -> Response:
        return FileResponse(Path(__file__).parent / "templates" / "mailbox.css")

    async def not_found(request: Request, error: Exception) -> Response:
        return _page(request, "missing.html", status=404)

    return Starlette(
        routes=[
            Route("/", show_list),
            Route("/messages/{number:int}", show_mail),
            Route("/messages/{number:int}/html", show_html),
            Route("/messages/{number:int}/attachments/{index:int}", show_attachment),
            Route("/api/messages", list_messages),
            Route("/api/messages", clear, methods=["DELETE"]),
            Route("/clear", clear, methods=["POST"]),
            Route("/mailbox.css", style),
        ],
        lifespan=lifespan,
        exception_handlers={404: not_found},
        # The mails hold sign-in links: no page elsewhere may read them under a name of its own.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )


def serve() -> int:
    """Runs the mail sink on the ports of the settings until SIGTERM; the exit status.

    Raises StackError naming the setting when a port is taken or wrong.
    """
    settings = Settings.load()
    require_free_port(settings.mail_port, "IMPULSE_MAIL_PORT")
    require_free_port(settings.mailbox_port, "IMPULSE_MAILBOX_PORT")
    app = create_app(Mailbox(), settings.mail_port)
    uvicorn.run(app, host="127.0.0.1", port=settings.mailbox_port, log_level="warning")
    return 0


def language(accepted: str) -> str:
    """`de` or `en`, by an Accept-Language header; English when neither is named."""
    choices = []
    for place, choice in enumerate(accepted.split(",")):
        name, _, quality = choice.strip().partition(";q=")
        code = name.partition("-")[0].lower()
        if code in TEXTS:
            weight = float(quality) if re.fullmatch(r"[01](\.\d*)?", quality) else 1.0
            choices.append((-weight, place, code))
    return min(choices)[2] if choices else "en"


def link(text: str) -> Markup:
    """Text as HTML in which addresses of pages can be followed."""
    parts, end = [], 0
    for match in LINK.finditer(text):
        address = escape(match[0])
        parts += [
            escape(text[end : match.start()]),
            Markup('<a href="{0}">{0}</a>').format(address),
        ]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


_templates = Environment(
    loader=PackageLoader("impulse_local"), autoescape=select_autoescape(), trim_blocks=True
)
_templates.filters["link"] = link


def _find(mailbox: Mailbox, request: Request) -> Mail:
    mail = mailbox.find(request.path_params["number"])
    if mail is None:
        raise HTTPException(404)
    return mail


def _page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    lang = language(request.headers.get("accept-language", ""))
    html = _templates.get_template(template).render(lang=lang, t=TEXTS[lang], **values)
    return HTMLResponse(html, status_code=status, headers=_headers(PAGE_POLICY))


def _headers(policy: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Vary": "Accept-Language",
    }
