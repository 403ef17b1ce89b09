"""A report, the whole way: an operator has it cut, booking counts it beside all else."""

import csv
import io
import os
import subprocess
import sys

import pytest

from tests.fixtures.stack import Stack


def impulse(stack: Stack, *arguments: str) -> bytes:
    """What the operators' command says."""
    environment = {
        **os.environ,
        "LC_ALL": "de_DE.UTF-8",
        "IMPULSE_KAFKA_BOOTSTRAP_SERVERS": stack.bootstrap,
        "IMPULSE_TOPIC_PREFIX": stack.prefix,
        "IMPULSE_GATEWAY_DATABASE_URL": stack.postgres.url_of(stack.databases["gateway"]),
    }
    command = [sys.executable, "-m", "impulse_chassis.cli", "report", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=180)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_a_report_is_cut_shown_and_taken_away(stack):
    if not isinstance(stack, Stack):
        pytest.skip("needs the databases of the stack")
    days = ("--begins", "2025-01-01", "--cut-off", "2025-12-31")
    report_id = impulse(stack, "cut", *days).decode().strip()
    assert report_id in impulse(stack, "list").decode()
    assert "Erreichte Organisationen: 0" in impulse(stack, "show", report_id).decode()
    table = impulse(stack, "export", report_id, "--format", "csv").decode()
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["figure"] for row in rows} >= {"actors_reached", "redemption_rate", "exposure_gini"}
    assert all(row["definition"] for row in rows if not row["code"])
