"""Logs: a line an event, JSON with service and time, and calm where a library is not."""

import io
import json
import logging
import sys
import time

import pytest
import structlog

from impulse_chassis import logs


@pytest.fixture
def output(monkeypatch):
    """What a process configured for JSON at INFO writes."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logs.configure("lending", "INFO", "json")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers[:], level = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_an_event_is_a_line_of_json(output):
    structlog.get_logger("impulse.test").info("lent", book="Krabat", count=3)
    [line] = output()
    assert line["event"] == "lent"
    assert (line["service"], line["level"], line["logger"]) == ("lending", "info", "impulse.test")
    assert (line["book"], line["count"]) == ("Krabat", 3)
    assert line["timestamp"].endswith("Z")


def test_what_libraries_log_looks_the_same(output):
    logging.getLogger("some.library").warning("went %s", "wrong")
    [line] = output()
    assert (line["event"], line["level"], line["logger"]) == (
        "went wrong",
        "warning",
        "some.library",
    )


def test_an_exception_stays_on_its_line(output):
    try:
        raise ValueError("no\nsecond line")
    except ValueError:
        structlog.get_logger("impulse.test").exception("failed")
    [line] = output()
    assert "ValueError" in line["exception"]


def test_below_the_level_nothing_is_written(output):
    structlog.get_logger("impulse.test").debug("details")
    logging.getLogger("some.library").debug("details")
    logging.getLogger("uvicorn.access").info("GET /metrics")
    assert output() == []


def test_a_library_that_floods_is_calmed(output, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    chatty = logging.getLogger("aiokafka.conn")
    for number in range(100):
        chatty.error("broker away %d", number)
    chatty.warning("another level passes")
    for number in range(5):
        logging.getLogger("impulse.test").error("ours %d", number)
    clock[0] += 2.5
    chatty.error("still away")
    events = [line["event"] for line in output()]
    assert events == [
        "broker away 0",
        "another level passes",
        *(f"ours {number}" for number in range(5)),
        "still away",
    ]


def test_faststream_says_what_goes_wrong_as_all_others_do(output, capsys):
    kafka = logging.getLogger("faststream")
    kafka.warning("Auto create topics is disabled.")
    kafka.error("Kafka error occurred")
    [line] = output()
    assert line["event"] == "Kafka error occurred"
    assert capsys.readouterr().err == "", "nor by a handler of its own"


def test_a_console_for_people(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        logs.configure("lending", "INFO", "console")
        structlog.get_logger("impulse.test").info("lent", book="Krabat")
    finally:
        root.handlers[:], level = before
        root.setLevel(level)
        structlog.reset_defaults()
    assert "lent" in written.getvalue()
    assert "book=Krabat" in written.getvalue()
