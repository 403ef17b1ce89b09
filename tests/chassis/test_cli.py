"""The operators' command shows all of what it lists, whatever stands in it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from impulse_chassis import cli, outbox
from impulse_chassis.testing import START, World
from impulse_contracts import topics
from tests.chassis.lending import DESK
from tests.chassis.records import GOOD

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
Impulse = Callable[..., str]


@pytest.fixture
def impulse(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Impulse:
    """`impulse ARGUMENTS --service lending` on a narrow terminal; what it says."""
    url = engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("IMPULSE_LENDING_DATABASE_URL", url)
    monkeypatch.setenv("COLUMNS", "40")

    def run(*arguments: str) -> str:
        told = CliRunner().invoke(cli.app, [*arguments, "--service", "lending"])
        assert told.exit_code == 0, told.output
        return told.stdout

    return run


def test_a_listed_dead_letter_shows_its_topic_its_reason_and_its_time(
    world: World, impulse: Impulse
):
    headers = [(name, each.encode()) for name, each in {**GOOD, "ce_type": "odd[/b]"}.items()]
    sent = world.say_raw(DESK.name, b"key", b"{}", headers)
    world.settle()
    names, letter, summary = impulse("dead-letters", "list").splitlines()
    assert names.split() == ["id", "time", "record", "attempt", "reason", "detail"]
    record = f"{DESK.name}/{sent.partition}@{sent.offset}"
    assert letter.startswith(f"1   {START:%Y-%m-%d %H:%M:%S}  {record}  1        unknown_type  ")
    assert "odd[/b]" in letter
    assert summary == "1 of 1 open dead letters of lending"


def test_what_kafka_refused_is_listed_whatever_its_key_and_goes_out_again(
    engine: Engine, impulse: Impulse
):
    raw = engine.raw_connection()
    connection = raw.driver_connection
    assert connection is not None
    connection.autocommit = True
    connection.execute(
        "INSERT INTO outbox (topic, key, value, headers)"
        " VALUES (%s, %s, %s, '[]'), (%s, %s, %s, '[]')",
        (topics.DEAD_LETTERS.name, b"a\xff", b"xyz", topics.PEOPLE.name, None, None),
    )
    for number in (1, 2):
        outbox.park(connection, number, "MessageSizeTooLargeError: no\nroom", NOON)
    raw.close()
    names, first, second = impulse("outbox", "list").splitlines()
    assert names.split() == ["id", "parked", "topic", "key", "bytes", "error"]
    error = r"MessageSizeTooLargeError: no\nroom"
    assert first.split(maxsplit=6) == [
        *("1", "2026-11-30", "12:00:00", "impulse.dead-letters", r"a\xff", "3", error)
    ]
    assert second.split(maxsplit=6) == [
        *("2", "2026-11-30", "12:00:00", "impulse.people", "-", "-", error)
    ]
    assert impulse("outbox", "retry", "1") == "1 is published again\n"
    assert len(impulse("outbox", "list").splitlines()) == 2
