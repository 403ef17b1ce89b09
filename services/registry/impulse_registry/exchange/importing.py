"""An import from its file to the last outcome."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from impulse_chassis import client
from impulse_chassis.settings import KafkaSettings
from impulse_chassis.words import Unusable, Words
from impulse_contracts.message import Message
from impulse_contracts.outcomes import Outcome, OutcomeAccepted
from impulse_contracts.partner_topics import is_source
from impulse_registry.exchange import rejections
from impulse_registry.exchange.checking import Rejected, Sendable, check
from impulse_registry.exchange.mapping import read_mapping
from impulse_registry.exchange.table import Table, read_table

LIMIT = 100 * 1024 * 1024
"""The largest file, in bytes: it is checked as a whole before anything is sent."""


@dataclass(frozen=True)
class Checked:
    """A file that was read and checked; nothing is sent yet."""

    file: Path
    table: Table
    good: list[Sendable]
    bad: list[Rejected]


@dataclass(frozen=True)
class Result:
    """What became of a file: how many rows were taken, and which were not."""

    accepted: int
    rejected: list[Rejected]


def prepare(
    file: Path,
    message: type[Message],
    *,
    mapping: str,
    source: str,
    topic: str,
    observed_at: datetime | None = None,
    encoding: str | None = None,
) -> Checked:
    """Reads and checks a whole file. Raises `Unusable` where nothing can be done with it.

    Where no column says when the rows were observed and `observed_at` does not, the file's own
    time of change does: the same file again says the same.
    """
    if not is_source(source):
        raise Unusable(
            f"--source {source} ist keine URI: https://ehrenamt.example/api",
            f"--source {source} is no URI: https://ehrenamt.example/api",
        )
    rules = read_mapping(mapping, message)
    content, changed_at = _content(file)
    table = read_table(content, encoding=encoding or rules.encoding, separator=rules.separator)
    good, bad = check(
        table, rules, source=source, topic=topic, observed_at=observed_at or changed_at
    )
    _check_writable(rejections.path_beside(file))
    return Checked(file, table, good, bad)


def send(
    checked: Checked,
    settings: KafkaSettings,
    *,
    patience: float,
    progress: Callable[[], None] = lambda: None,
) -> Result:
    """Sends what is good, waits for the outcomes and calls `progress` with each.

    Raises `client.Unreachable`.
    """
    rows = {each.ce_id: each for each in checked.good}
    rejected: dict[str, Words] = {}
    accepted: set[str] = set()

    def heard(outcome: Outcome) -> None:
        if isinstance(outcome, OutcomeAccepted):
            accepted.add(outcome.command_id)
        else:
            rejected[outcome.command_id] = Words(outcome.message.de, outcome.message.en)
        progress()

    records = {ce_id: each.record for ce_id, each in rows.items()}
    asyncio.run(client.ask(settings, records, heard, patience=patience))
    for ce_id in rows.keys() - accepted - rejected.keys():
        rejected[ce_id] = Words(
            f"hat nach {patience:.0f} s noch keine Antwort; derselbe Import fragt noch einmal",
            f"has no answer after {patience:.0f} s; the same import asks again",
        )
    refused = [Rejected(rows[ce_id].row, why) for ce_id, why in rejected.items()]
    return Result(len(accepted), [*checked.bad, *refused])


def finish(checked: Checked, rejected: list[Rejected]) -> Path | None:
    """Writes the file of rejected rows; returns where it is, if there are any."""
    path = rejections.path_beside(checked.file)
    rejections.write(path, checked.table, rejected)
    return path if rejected else None


def _check_writable(path: Path) -> None:
    """Raises `Unusable` where rejected rows could not be kept: better before anything is sent."""
    known = path.exists()
    try:
        with path.open("a"):
            pass
        if not known:
            path.unlink()
    except OSError as error:
        raise Unusable(
            f"{path} ist nicht zu schreiben: {error.strerror}",
            f"{path} can't be written: {error.strerror}",
        ) from None


def _content(file: Path) -> tuple[bytes, datetime]:
    try:
        status = file.stat()
        if status.st_size > LIMIT:
            raise Unusable(
                f"{file} ist größer als {LIMIT >> 20} MiB: Bitte in mehreren Dateien.",
                f"{file} is larger than {LIMIT >> 20} MiB: several files, please.",
            )
        return file.read_bytes(), datetime.fromtimestamp(int(status.st_mtime), UTC)
    except OSError as error:
        raise Unusable(
            f"{file} ist nicht lesbar: {error.strerror}", f"{file} can't be read: {error.strerror}"
        ) from None
