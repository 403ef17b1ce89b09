"""What takes long, beside the batches in a process of its own, so that nobody waits for it: reports
are counted, and evidence is deleted that need not be kept any more.

The service's task looks for such work and starts `python -m impulse_booking.beside`, which does
some of it from a snapshot of the evidence and commits all that it says at once. A process that ends
in the middle has said nothing, and another begins anew; two never work at the same time, on
whatever replica.
"""

import asyncio
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import structlog
from sqlalchemy import Engine

from impulse_booking.domain.report.cutting import Cutting, Draft, Report
from impulse_booking.settings import Settings
from impulse_booking.store.evidence import delete_past, lives
from impulse_booking.store.reports import is_work, next_past, next_wanted, reports
from impulse_chassis import Running, Transaction, Unavailable, logs
from impulse_chassis.database import connect, service_url
from impulse_contracts.booking.reports import (
    Digest,
    EvidenceDeleted,
    ReportCut,
    ReportEvidence,
    submission_key,
)
from impulse_contracts.topics import REPORTS

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
"""How often it is looked for work."""
AGAIN_SECONDS = 10.0
"""How long work that failed is not tried again."""
NICE = 10
"""How much more willingly than the service this leaves the processor to others."""


async def work_beside(running: Running) -> None:
    """The service's task: has done what is to be done, one thing after the other."""
    while not running.stopping.is_set():
        pause = LOOK_SECONDS
        try:
            if await running.transact(is_work) and not await _work_apart():
                log.error("a report was not counted, or evidence not deleted; will try again")
                pause = AGAIN_SECONDS
        except Unavailable:
            pause = AGAIN_SECONDS
        try:
            async with asyncio.timeout(pause):
                await running.stopping.wait()
        except TimeoutError:
            continue


async def _work_apart() -> bool:
    """Does some work in another process; whether that went well."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__)
    try:
        return await process.wait() == 0
    finally:
        if process.returncode is None:
            process.terminate()


def count_next(engine: Engine, now: datetime) -> bool:
    """Counts a report that was asked for, and says it; False where there is none to count, or
    somebody counts already."""
    with _alone(engine, now) as tx:
        report = next_wanted(tx)
        if report is None:
            return False
        cutting = Cutting(report.period)
        for noun, subject, evidence in lives(tx):
            cutting.see(noun, subject, evidence)
        _say(tx, report, cutting.draft())
        return True


def delete_next(engine: Engine, now: datetime) -> bool:
    """Deletes the evidence of a report that was kept long enough, and says so; False where there is
    none, or somebody is at work already."""
    with _alone(engine, now) as tx:
        report = next_past(tx)
        if report is None:
            return False
        delete_past(tx, report.period)
        for part_id in report.part_ids():
            tx.delete(REPORTS.name, str(part_id))
        fact = EvidenceDeleted.of(reports.put(tx, report.without_evidence()))
        tx.publish(fact, key=submission_key(report.report_id))
        tx.flush()
        return True


@contextmanager
def _alone(engine: Engine, now: datetime) -> Iterator[Transaction]:
    unchanging = engine.execution_options(isolation_level="REPEATABLE READ")
    with unchanging.begin() as connection:
        yield Transaction(connection, "booking", now)


def _say(tx: Transaction, report: Report, draft: Draft) -> None:
    """Says what was counted: what is behind it part by part, and the figures when all of it is
    written."""
    digest = Digest(report.begins, report.cut_off, draft.figures)
    parts = 0
    for parts, behind in enumerate(draft.parts, 1):
        for row in behind:
            digest.add(row)
        part = Transaction(tx.connection, tx.service, tx.now)
        part.publish(
            ReportEvidence(
                version=1,
                part_id=report.part_id(parts),
                report_id=report.report_id,
                number=parts,
                behind=behind,
            )
        )
        part.flush()
    cut = reports.put(tx, report.cut(digest.text(), parts, tx.now))
    tx.publish(ReportCut.of(cut, figures=draft.figures, late=draft.late))
    tx.flush()


def main() -> None:
    """Does one thing of each kind. Ends the process with 0 also where there was nothing to do."""
    settings = Settings.from_environment()
    logs.configure("booking", settings.log_level, settings.log_format)
    os.nice(NICE)
    # All that is read is either kept or gone at once: there is nothing to collect.
    gc.disable()
    engine = connect(service_url(settings.database_url, "booking"))
    count_next(engine, datetime.now(UTC))
    delete_next(engine, datetime.now(UTC))


if __name__ == "__main__":
    main()
