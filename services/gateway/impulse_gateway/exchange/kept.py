"""Reports as operators read them, from the gateway's database."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from impulse_chassis import Unavailable
from impulse_chassis.database import connect, service_url
from impulse_chassis.operators import server_of
from impulse_contracts.booking.reports import ReportCut, ReportEvidence
from impulse_gateway.domain import report_files
from impulse_gateway.store import reports

LOOK_SECONDS = 0.5
"""How often it is looked whether a report is there."""


@contextmanager
def reading() -> Iterator[Connection]:
    """The database of the gateway. Raises `Unavailable`."""
    engine = connect(service_url(server_of("gateway"), "gateway"))
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise Unavailable(type(error).__name__) from error
    finally:
        engine.dispose()


def wait_for(report_id: UUID, patience: float) -> bool:
    """Whether a report is there within so many seconds. Raises `Unavailable`."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with reading() as connection:
            if reports.get(connection, report_id) is not None:
                return True
        time.sleep(LOOK_SECONDS)
    return False


def as_json(connection: Connection, report: ReportCut) -> str:
    """A report with what is behind it."""

    async def read(number: int) -> ReportEvidence | None:
        return reports.part(connection, report.report_id, number)

    async def whole() -> str:
        return "".join([text async for text in report_files.as_json(report, read)])

    return asyncio.run(whole())
