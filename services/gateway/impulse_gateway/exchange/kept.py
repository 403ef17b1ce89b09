"""Reports as operators get at them: read from the gateway's database, asked for by Kafka."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from impulse_chassis import Unavailable, client
from impulse_chassis.client import ClientSettings
from impulse_chassis.database import connect, service_url
from impulse_chassis.envelope import SYSTEM, Attributes, Outgoing, render, source_of
from impulse_chassis.operators import server_of
from impulse_contracts.booking.reports import CutReport, ReportCut, ReportEvidence
from impulse_contracts.outcomes import Outcome
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


def ask(command: CutReport, patience: float) -> Outcome | None:
    """Sends the command; its outcome, None where there is none in time. Raises `Unreachable`."""
    attributes = Attributes(
        id=str(uuid4()),
        source=source_of("cli"),
        type=command.ce_type,
        subject=command.key,
        principal=SYSTEM,
    )
    said = Outgoing(
        command.topic.name,
        command.key.encode(),
        command.model_dump_json().encode(),
        render(attributes),
    )
    heard: list[Outcome] = []
    settings = ClientSettings.from_environment()
    asyncio.run(client.ask(settings, {attributes.id: said}, heard.append, patience=patience))
    return heard[0] if heard else None


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
