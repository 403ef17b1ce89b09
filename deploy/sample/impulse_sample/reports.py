"""The sample as partner reports, ready for `impulse.actor-reports`."""

import csv
import os
from collections.abc import Iterator
from datetime import date, datetime
from itertools import count as counting
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from impulse_contracts.partner import ActorReported, ListingReported
from impulse_sample import register
from impulse_sample.envelope import Record, record, sample_id
from impulse_sample.examples import EXAMPLES, organisations
from impulse_sample.listings import listings
from impulse_sample.register import BERLIN

SEED = 2026
"""The seed of the examples that are published unless another one is asked for."""

FULL_DATA = "IMPULSE_FULL_DATA"
"""Names the folder of the register's whole files, for benchmarks."""

FULL_FILES = ("ruhr_vereine_offeneregister.csv", "ruhr_unternehmen_offeneregister.csv")


def real_reports(limit: int | None = None) -> Iterator[Record]:
    """Reports on the real organisations of the sample, the first `limit` of them.

    Always the same records, byte for byte: a register entry is reported as of the day on which
    it was seen.
    """
    return (_actor_report(source, data) for source, data in islice(register.organisations(), limit))


def bulk_reports(count: int) -> Iterator[Record]:
    """`count` reports on real organisations, for benchmarks.

    They come from the register's whole files when the environment variable IMPULSE_FULL_DATA
    names their folder (28,312 entries); otherwise they are those of the sample. Beyond that the
    sample is gone through again and again, each time with other external ids, names and register
    numbers, so that each is an organisation of its own.
    """
    return islice(_endless(), count)


def example_reports(seed: int = SEED, today: date | None = None) -> Iterator[Record]:
    """Reports on the example organisations, then on their offers and needs.

    The same seed and day give the same records. Time windows lie ahead of `today` (default: the
    day in Berlin); ids depend on the seed alone, so that publishing again changes nothing.
    """
    yield from example_actor_reports(seed, today)
    yield from example_listing_reports(seed, today)


def example_actor_reports(seed: int = SEED, today: date | None = None) -> Iterator[Record]:
    """The reports on example organisations alone."""
    for example in organisations(Random(seed), today or _today()):  # noqa: S311
        yield _actor_report(EXAMPLES, example.report, str(seed))


def example_listing_reports(seed: int = SEED, today: date | None = None) -> Iterator[Record]:
    """The reports on example offers and needs alone."""
    random, day = Random(seed), today or _today()  # noqa: S311
    for data in listings(random, organisations(random, day), day):
        actor = str(data["actor_external_id"])
        yield _report(ListingReported.ce_type, EXAMPLES, actor, data, str(seed))


def _today() -> date:
    return datetime.now(BERLIN).date()


def _endless() -> Iterator[Record]:
    folder = os.environ.get(FULL_DATA)
    if folder:
        for name in FULL_FILES:
            with (Path(folder) / name).open(encoding="utf-8", newline="") as file:
                for source, data in register.from_register(list(csv.DictReader(file))):
                    yield _actor_report(source, data)
    for turn in counting(1 if folder else 0):
        for source, data in register.organisations():
            yield _actor_report(source, _another(data, turn) if turn else data)


def _another(data: dict[str, Any], turn: int) -> dict[str, Any]:
    changed = data | {
        "external_id": f"{data['external_id']}-{turn}",
        "legal_name": f"{data['legal_name']} ({turn})",
    }
    if "register" in data:
        number = f"{data['register']['number']}-{turn}"
        changed["register"] = data["register"] | {"number": number}
    return changed


def _actor_report(source: str, data: dict[str, Any], *variant: str) -> Record:
    return _report(ActorReported.ce_type, source, str(data["external_id"]), data, *variant)


def _report(
    ce_type: str, source: str, actor_external_id: str, data: dict[str, Any], *variant: str
) -> Record:
    return record(
        ce_id=sample_id(ce_type, source, str(data["external_id"]), *variant),
        ce_type=ce_type,
        ce_source=source,
        ce_time=data["observed_at"],
        subject=str(data["external_id"]),
        key=f"{source}|{actor_external_id}",
        data=data,
    )
