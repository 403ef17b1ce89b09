"""The web server beside the consumer: its app, its start, its end."""

import asyncio
import contextlib
import warnings
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from fastapi import Depends, FastAPI
from pydantic.warnings import UnsupportedFieldAttributeWarning
from sqlalchemy import Connection
from starlette.staticfiles import StaticFiles

from impulse_chassis import Running, Unavailable, web
from impulse_chassis.database import connect
from impulse_gateway.settings import Settings
from impulse_gateway.store import activity, operations, people
from impulse_gateway.web import errors
from impulse_gateway.web.access import authorise
from impulse_gateway.web.api import actors, duplicates, general, listings, markets, pairs
from impulse_gateway.web.api import advice as advice_api
from impulse_gateway.web.api import bookings as bookings_api
from impulse_gateway.web.api import care as care_api
from impulse_gateway.web.api import cooperations as cooperations_api
from impulse_gateway.web.api import editions as editions_api
from impulse_gateway.web.api import interest as interest_api
from impulse_gateway.web.api import me as me_api
from impulse_gateway.web.api import people as people_api
from impulse_gateway.web.api import programme as programme_api
from impulse_gateway.web.api import reports as reports_api
from impulse_gateway.web.api import support as support_api
from impulse_gateway.web.database import SECONDS, THREADS, Database
from impulse_gateway.web.live import Live
from impulse_gateway.web.pages import (
    account,
    advice,
    answering,
    booking,
    bookings,
    care,
    confirmation,
    cooperation_entry,
    cooperations,
    directory,
    edition_forms,
    editions,
    floor,
    home,
    interest,
    legal,
    listing_forms,
    objection,
    organisation_forms,
    organisations,
    place,
    programme,
    programme_forms,
    programme_sessions,
    projects,
    proposals,
    registrations,
    reports,
    session_bookings,
    session_lists,
    support,
    visiting,
)
from impulse_gateway.web.pages import duplicates as duplicate_pages
from impulse_gateway.web.pages import listings as listing_pages
from impulse_gateway.web.pages import markets as market_pages
from impulse_gateway.web.pages import network as network_pages
from impulse_gateway.web.pages import people as people_pages
from impulse_gateway.web.rendering import HERE
from impulse_gateway.web.security import Guard
from impulse_gateway.web.sign_in import WINDOW
from impulse_gateway.web.site import Site

# FastAPI ignores it where it makes a route; messages are built later, at their first use.
warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)

TIDY_SECONDS = 10
_CONNECTING = {
    "options": f"-c timezone=UTC -c lock_timeout=2s -c statement_timeout={SECONDS:.0f}s",
    "connect_timeout": 2,
    # A server that vanished must give the threads back that wait for it.
    "keepalives_idle": 10,
    "tcp_user_timeout": 10_000,
}


def create_app(site: Site) -> FastAPI:
    """The routes of a site. To be served within `guarded(app)`."""
    app = FastAPI(
        title="Impulse",
        version="1",
        summary="Companies and non-profits of the Ruhr area, and what they do together",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(authorise)],
    )
    app.state.site = site
    errors.install(app)
    for pages in (
        *(home, directory, organisation_forms, organisations, listing_forms, listing_pages),
        # Before `cooperations`: "new" is no cooperation's id.
        *(proposals, cooperation_entry, cooperations),
        *(duplicate_pages, market_pages, people_pages, account, legal, network_pages),
        *(care, objection, confirmation, interest, answering, visiting, reports),
        # Before `programme`: "new" is no offer's id.
        *(programme_forms, programme, programme_sessions, session_bookings, session_lists),
        *(booking, bookings, advice, support, place),
        # Before `editions`: "new" is no edition's id.
        *(edition_forms, editions, floor, projects, registrations),
    ):
        app.include_router(pages.router)
    for api in (
        actors,
        care_api,
        listings,
        interest_api,
        pairs,
        cooperations_api,
        duplicates,
        markets,
        me_api,
        people_api,
        programme_api,
        advice_api,
        bookings_api,
        support_api,
        reports_api,
        editions_api,
        general,
    ):
        app.include_router(api.router)
    htmx = Path(str(files("js_lib_htmx"))) / "static" / "htmx"
    app.mount("/static/htmx", StaticFiles(directory=htmx))
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    return app


def guarded(app: FastAPI) -> Guard:
    """The app with what holds for every request and answer."""
    site: Site = app.state.site
    return Guard(app, https=site.settings.https)


async def serve(running: Running) -> None:
    """Serves pages and API, and watches for news, until the service stops.

    Raises `CantListen`.
    """
    settings = running.settings
    assert isinstance(settings, Settings)
    socket = web.listen(settings.bind, settings.port, "IMPULSE_GATEWAY_PORT")
    db = Database(connect(running.url, pool=THREADS, **_CONNECTING))
    live = Live(db, clients=settings.live_clients)
    running.after_commit.append(live.wake)
    server = web.server(guarded(create_app(Site(settings, db, live, running.transact))))
    serving = asyncio.create_task(server.serve(sockets=[socket]))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(live.run())
            group.create_task(_until_served(serving))
    finally:
        live.close()
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(serving)
        db.close()


async def _until_served(serving: "asyncio.Task[None]") -> None:
    await asyncio.shield(serving)
    raise RuntimeError("the web server ended before the service")


async def tidy(running: Running) -> None:
    """Deletes what is kept no longer, again and again."""
    settings = running.settings
    assert isinstance(settings, Settings)
    lasts = timedelta(seconds=settings.session_seconds)
    links = timedelta(seconds=settings.sign_in_seconds)

    def work(connection: Connection) -> None:
        now = datetime.now(UTC)
        activity.forget_old(connection, now)
        operations.forget_old(connection, now)
        people.forget_old(connection, now, lasts=lasts, links=links, window=WINDOW)

    db = Database(running.engine)
    while True:
        # A database that is away is the monitor's to tell.
        with contextlib.suppress(Unavailable):
            await db(work)
        await asyncio.sleep(TIDY_SECONDS)
