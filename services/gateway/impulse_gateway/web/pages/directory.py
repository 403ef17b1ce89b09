"""The directory of organisations to take away: as a table and as lines of JSON."""

from collections.abc import AsyncIterator, Callable
from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from impulse_contracts import directory
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.store import actors
from impulse_gateway.web.site import Site, site_of

router = APIRouter(include_in_schema=False)

CSV = "/organisations.csv"
DESCRIBED = f"{CSV}-metadata.json"


@router.get(CSV)
async def as_csv(request: Request) -> Response:
    """All organisations that everybody may see, as CSV; RFC 4180, UTF-8."""
    return await _download(
        request, "text/csv; header=present", "csv", directory.csv_header(), directory.csv_line
    )


@router.get("/organisations.jsonl")
async def as_jsonl(request: Request) -> Response:
    """The same as JSON Lines."""
    return await _download(request, "application/jsonl", "jsonl", "", directory.jsonl_line)


@router.get(DESCRIBED)
async def metadata(request: Request) -> Response:
    """What the columns hold and whom to name, where the W3C's standard for CSV looks for it."""
    return JSONResponse(directory.metadata(CSV), media_type="application/csvm+json")


async def _download(
    request: Request, kind: str, ending: str, head: str, line: Callable[[ActorState], str]
) -> Response:
    """The whole directory, read and sent part by part: it never is in memory at once."""
    site = site_of(request)
    # Before anything is sent, so that a database that is away is answered as on every page.
    first = await site.db(actors.directory)
    return StreamingResponse(
        _parts(site, first, head, line),
        media_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="organisations.{ending}"',
            "Link": f'<{DESCRIBED}>; rel="describedby"; type="application/csvm+json"',
        },
    )


async def _parts(
    site: Site, part: list[ActorState], head: str, line: Callable[[ActorState], str]
) -> AsyncIterator[str]:
    yield head
    while part:
        yield "".join(map(line, part))
        part = await site.db(partial(actors.directory, after=part[-1].actor_id))
