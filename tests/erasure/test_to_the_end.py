"""Erasure to the end, on a real broker and real databases: no byte is left within the bound.

Looked at are all tables of all services, and all files of the broker, segments included. Not the
free space of PostgreSQL's files and its write-ahead log, nor what the disk keeps of deleted files.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from impulse_contracts import topics
from impulse_contracts.erasures import OBEYING, ErasureCompleted
from tests.erasure.traces import Known, in_databases, in_logs
from tests.fixtures.pair import Kafka, Postgres
from tests.fixtures.stack import Stack, eventually

BOUND = 30
AT_ONCE = 10
"""Seconds in which the databases have forgotten: the time of a few messages, not of the bound."""


@pytest.fixture(scope="module")
def stack(
    kafka: Kafka, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """All services, with a bound of half a minute."""
    folder: Path = tmp_path_factory.mktemp("erasure")
    found = Stack(kafka, postgres, folder, kafka.unique("erasure") + ".", erasure_seconds=BOUND)
    try:
        found.start_mail()
        found.start_all()
        yield found
    finally:
        found.close()


def test_no_byte_is_left_anywhere_within_the_bound(stack: Stack):
    known = Known()
    known.become_known(stack)
    before = {name.split(".")[0] for name in in_databases(stack, known.marks)}
    assert before >= {"registry", "notifications", "gateway"}, "the test would find them"
    places = {name.split("/")[0].removeprefix(stack.prefix) for name in in_logs(stack, known.marks)}
    written = {name.rpartition("-")[0] for name in places}
    assert written >= {each.name for each in topics.ALL if each.personal}, "on all personal topics"

    begun = time.monotonic()
    known.be_erased(stack)
    eventually(lambda: not in_databases(stack, known.marks), AT_ONCE)
    databases = time.monotonic() - begun
    # Each look reads all that the broker has.
    eventually(lambda: not in_logs(stack, known.marks), BOUND + 5, every=1)
    everywhere = time.monotonic() - begun
    print(f"databases {databases:.1f} s, everywhere {everywhere:.1f} s")
    assert everywhere <= BOUND
    assert not in_databases(stack, known.marks)

    completed = eventually(lambda: _completed(stack), BOUND)
    assert set(completed) == {str(person) for person in known.persons}
    assert all(set(told["acknowledged"]) == set(OBEYING) for told in completed.values())


def _completed(stack: Stack) -> dict[str, dict[str, Any]]:
    found = {
        record.key: json.loads(record.value or b"{}")
        for record in stack.read(topics.ERASURES.name)
        if record.type == ErasureCompleted.ce_type
    }
    return found if len(found) == 2 else {}


def test_a_database_from_a_backup_forgets_before_it_is_ready(stack: Stack):
    """The person is back in a table, and the service does not know of the erasure any more."""
    known = Known()
    known.become_known(stack)
    with stack.database("gateway") as connection:
        rows = connection.execute(
            "SELECT row_to_json(person)::text FROM person WHERE person_id = ANY(%s)",
            (list(known.persons),),
        ).fetchall()
    known.be_erased(stack)
    eventually(lambda: not in_databases(stack, known.marks), AT_ONCE)
    assert stack.processes["gateway"].stop() == 0
    with stack.database("gateway") as connection:
        for row in rows:
            connection.execute(
                "INSERT INTO person SELECT * FROM json_populate_record(null::person, %s)", row
            )
        connection.execute("DELETE FROM forgotten")
    assert in_databases(stack, known.marks) == ["gateway.person"] * 2
    stack.processes["gateway"].start()
    stack.processes["gateway"].ready()
    assert not in_databases(stack, known.marks), stack.processes["gateway"].tail()
