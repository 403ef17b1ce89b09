"""The start page, the live page and its events."""

import json
from collections.abc import AsyncIterator

from fastapi import APIRouter
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from impulse_gateway.store import activity
from impulse_gateway.web import language as languages
from impulse_gateway.web.language import Language
from impulse_gateway.web.live import SHOWN, News, TooMany
from impulse_gateway.web.rendering import Words, fragment, page
from impulse_gateway.web.site import Site, site_of

router = APIRouter(include_in_schema=False)

PING_SECONDS = 15
RETRY_MILLISECONDS = 2_000


@router.get("/")
async def home(request: Request) -> Response:
    """What Impulse is, and what is going on."""
    site = site_of(request)
    counters = await site.live.counters()
    entries = await site.db(lambda connection: activity.newest(connection, 8))
    return page(request, "home.html", counters=counters, entries=entries)


@router.get("/live")
async def live(request: Request) -> Response:
    """What is going on, at length."""
    site = site_of(request)
    counters = await site.live.counters()
    entries = await site.db(lambda connection: activity.newest(connection, 50))
    return page(request, "live.html", counters=counters, entries=entries)


@router.get("/live/events")
async def events(request: Request) -> Response:
    """Server-sent events: `activity` (list items as HTML) and `counters` (JSON).

    Their id is a position; who comes back with `Last-Event-ID` gets what they missed, as far as a
    page would show it.
    """
    site = site_of(request)
    if site.live.full:
        raise TooMany
    last = request.headers.get("last-event-id", "")
    since = int(last) if last.isdecimal() and len(last) < 19 else None
    return EventSourceResponse(
        _events(site, languages.of_page(request), since), ping=PING_SECONDS, send_timeout=20
    )


async def _events(
    site: Site, language: Language, since: int | None
) -> AsyncIterator[ServerSentEvent]:
    with site.live.listen() as queue:
        yield ServerSentEvent(comment="hello", retry=RETRY_MILLISECONDS)
        if since is not None:
            missed = await site.db(lambda connection: activity.since(connection, since, SHOWN))
            if missed:
                news = News(tuple(missed), await site.live.counters(), missed[0].position)
                for event in _told(news, language):
                    yield event
        while (news_or_end := await queue.get()) is not None:
            for event in _told(news_or_end, language):
                yield event


def _told(news: News, language: Language) -> list[ServerSentEvent]:
    told = []
    if news.entries:
        html = fragment(language, "activity.html", entries=news.entries)
        told.append(ServerSentEvent(html.strip(), event="activity", id=str(news.last)))
    if news.counters:
        words = Words(language)
        counted = {name: words.number(n) for name, n in news.counters.model_dump().items()}
        told.append(ServerSentEvent(json.dumps(counted), event="counters"))
    return told
