"""Poison: each bad record becomes one dead letter and is answered; the good ones all pass."""

import asyncio
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from impulse_local.readiness import why_not_ready
from tests.faults.reporter import SOURCE
from tests.fixtures.spoilt import NAME, READ, say
from tests.fixtures.stack import eventually

pytestmark = pytest.mark.fault
REPORTS = "impulse.actor-reports"
GOOD = {
    "external_id": "p",
    "kind": "nonprofit",
    "legal_name": "Beispielverein",
    "seat": {"postcode": "45144"},
    "observed_at": "2026-11-20T08:15:00+01:00",
}


def headers(**changes: bytes | None) -> list[tuple[str, bytes]]:
    found = {
        "ce_specversion": b"1.0",
        "ce_id": str(uuid4()).encode(),
        "ce_source": SOURCE.encode(),
        "ce_type": b"impulse.partner.actor.reported.v1",
        "ce_time": datetime.now(UTC).isoformat().encode(),
        "content-type": b"application/json",
        **{name.replace("__", "-"): value for name, value in changes.items()},
    }
    return [(name, value) for name, value in found.items() if value is not None]


def body(**changes: object) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


FAR = (datetime.now(UTC) + timedelta(days=3)).isoformat()
POISON = {
    "not json": (b"{oops", headers(), "not_json"),
    "unknown type": (body(), headers(ce_type=b"impulse.partner.actor.imagined.v1"), "unknown_type"),
    "no name": (body(legal_name="  "), headers(), "contract_violation"),
    "no place": (body(seat={}), headers(), "contract_violation"),
    "unknown code": (body(kind="club"), headers(), "contract_violation"),
    "tombstone": (None, headers(), "unexpected_tombstone"),
    "header not utf-8": (body(), headers(ce_subject=b"\xff\xfe"), "bad_header"),
    "name of a header not utf-8": (body(), [*headers(ce_id=None), (NAME, b"1")], "bad_header"),
    "no id": (body(), headers(ce_id=None), "bad_header"),
    "a megabyte": (
        body(website="https://x.example/" + "y" * 900_000),
        headers(),
        "contract_violation",
    ),
    "nul": (body(legal_name="a\0b"), headers(), "contract_violation"),
    "unpaired surrogate": (
        body().replace(b"Beispielverein", b"\\ud800"),
        headers(),
        "contract_violation",
    ),
    "far ahead": (body(observed_at=FAR), headers(), "contract_violation"),
    "time far ahead": (body(), headers(ce_time=FAR.encode()), "contract_violation"),
}


def test_each_becomes_one_dead_letter_with_its_bytes_and_an_outcome(stack, reporter):
    stack.start("registry").ready()
    harmless = [*headers(), (NAME, b"1")]
    spoken = {**{name: each[:2] for name, each in POISON.items()}, "harmless": (body(), harmless)}
    for name, (value, sent) in spoken.items():
        reporter.report()
        if NAME in dict(sent):
            stack.flush()
            asyncio.run(say(stack.bootstrap, stack.prefix + REPORTS, name.encode(), value, sent))
        else:
            stack.say_raw(REPORTS, name.encode(), value, sent)
        reporter.report()
    reporter.settled()
    letters = eventually(
        lambda: (lambda found: found if len(found) >= len(POISON) else [])(
            stack.read("impulse.dead-letters")
        )
    )
    assert len(letters) == len(POISON), "exactly one each"
    outcomes = stack.outcomes()
    by_key = {letter.key: letter for letter in letters}
    for name, (value, sent, reason) in POISON.items():
        letter = by_key[name]
        assert letter.value == value, name
        assert letter.headers["dl_reason"].decode() == reason, (name, letter.headers["dl_detail"])
        assert letter.headers["dl_topic"].decode() == stack.prefix + REPORTS
        for header, raw in sent:
            assert letter.headers[READ if header is NAME else header] == raw, name
        assert b"yyyy" not in letter.headers["dl_detail"], "never the value"
        identity = dict(sent).get("ce_id")
        if identity is not None:
            [outcome] = outcomes[identity.decode()]
            answer = json.loads(outcome.value)
            assert (outcome.type, answer["reason"]) == ("impulse.outcome.refused.v1", reason), name
            assert answer["message"]["de"] != answer["message"]["en"]
    [outcome] = eventually(lambda: stack.outcomes().get(dict(harmless)["ce_id"].decode()))
    assert outcome.type == "impulse.outcome.accepted.v1", "a name that we don't know is no fault"
    reporter.check()


def test_a_partition_of_nothing_but_poison_is_paused_and_resumes_by_command(stack, reporter):
    process = stack.start("registry")
    process.ready()
    for number in range(150):
        stack.say_raw(REPORTS, b"always the same", b"{oops %d" % number, headers())
    stack.flush()

    def not_ready() -> str:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{process.port}/readyz").close()
        except urllib.error.HTTPError as error:
            return error.read().decode()
        return ""

    assert "bad records in a row" in eventually(not_ready)
    eventually(lambda: len(stack.read("impulse.dead-letters")) >= 100)
    metrics = urllib.request.urlopen(f"http://127.0.0.1:{process.port}/metrics").read().decode()
    assert 'impulse_consumer_paused_partition{partition="' in metrics
    assert len(stack.read("impulse.dead-letters")) == 100, "the rest waits"
    process.kill()
    process.start()
    # So that a stack with a pause can be started.
    eventually(lambda: (found := why_not_ready(process.port)) and found.only_paused)
    for _ in range(60):
        reporter.report()
    reporter_partitions = {reporter.said[found] for found in reporter.said}
    assert reporter_partitions
    environment = {
        **os.environ,
        "IMPULSE_DATABASE_URL": stack.postgres.url_of(stack.databases["registry"]),
    }
    listed = subprocess.run(
        [sys.executable, "-m", "impulse_chassis.cli", "dead-letters", "list", "--limit", "3"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert "not_json" in listed.stdout, listed.stderr
    assert "100 in a row" in listed.stdout or "bad records in a row" in listed.stdout
    resumed = subprocess.run(
        [sys.executable, "-m", "impulse_chassis.cli", "dead-letters", "resume"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert "1 partition(s) of registry go on" in resumed.stdout, resumed.stderr
    eventually(lambda: len(stack.read("impulse.dead-letters")) == 150)
    process.ready()
    reporter.settled()
    reporter.check()
