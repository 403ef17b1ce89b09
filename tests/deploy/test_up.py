"""`python -m impulse_local up` as a user runs it, with stand-ins for the services.

The services themselves are not tested here but what the stack does with any five of them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from impulse_contracts import topics
from impulse_local.daemon import Daemon
from impulse_local.kafka import Broker
from impulse_local.ports import free_port
from impulse_local.postgres import Database
from impulse_local.settings import SERVICES
from tests.fixtures.pair import Kafka, Postgres

# Answers /readyz; tells what it was given; the gateway also has a page.
SERVICE = """
import os, signal, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ["IMPULSE_DATABASE_URL"].encode())
    def log_message(self, *_): pass

def serve(setting):
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ[setting])), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()

serve("IMPULSE_{NAME}_METRICS_PORT")
if "{NAME}" == "GATEWAY":
    serve("IMPULSE_GATEWAY_PORT")
print("up in session", os.getsid(0) == os.getpid(), os.environ["IMPULSE_INSTANCE"], flush=True)
signal.sigwait([signal.SIGTERM])
"""
SAMPLE = "print('120 von 120 Beispielen', flush=True)"


class Run:
    """One data directory with its ports, and `up` on it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        modules = folder / "modules"
        for name in SERVICES:
            self._module(modules, f"impulse_{name}", SERVICE.replace("{NAME}", name.upper()))
        self._module(modules, "impulse_sample", SAMPLE)
        self.ports = {f"{name.upper()}_METRICS_PORT": free_port() for name in SERVICES}
        for name in ("GATEWAY_PORT", "KAFKA_PORT", "MAIL_PORT", "MAILBOX_PORT"):
            self.ports[name] = free_port()
        self.environment = {
            **{key: value for key, value in os.environ.items() if "IMPULSE_" not in key},
            **{f"IMPULSE_{name}": str(port) for name, port in self.ports.items()},
            "IMPULSE_DATA_DIR": str(self.data),
            "PYTHONPATH": str(modules),
        }
        self._output = folder / "output.txt"
        self._process: subprocess.Popen[bytes] | None = None

    def _module(self, modules: Path, name: str, code: str) -> None:
        (modules / name).mkdir(parents=True)
        (modules / name / "__init__.py").touch()
        (modules / name / "__main__.py").write_text(code)

    def up(self, *arguments: str) -> None:
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "impulse_local", "up", *arguments],
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def output(self) -> str:
        return self._output.read_text()

    def until(self, words: str, seconds: float = 120) -> float:
        began = time.monotonic()
        while words not in self.output:
            assert self._process is not None
            running = self._process.poll() is None and time.monotonic() - began < seconds
            assert running or words in self.output, self.output
            time.sleep(0.05)
        return time.monotonic() - began

    def signal(self, number: int) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(120)

    def wait(self) -> int:
        assert self._process is not None
        return self._process.wait(120)

    def daemon(self, name: str) -> Daemon:
        if name == "kafka":
            return Broker(self.data / "kafka", self.ports["KAFKA_PORT"]).daemon
        if name == "postgres":
            return Database(self.data / "postgres").daemon
        return Daemon(name, self.data / "run" / f"{name}.pid", self.data / "logs" / f"{name}.log")

    def processes(self) -> dict[str, psutil.Process | None]:
        return {name: self.daemon(name).find() for name in (*SERVICES, "mail", "kafka", "postgres")}

    def clean_up(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.signal(signal.SIGTERM)
        for name in self.processes():
            self.daemon(name).stop(10, signal.SIGINT if name == "postgres" else None)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    run = Run(tmp_path)
    yield run
    run.clean_up()


def test_from_nothing_to_ready_and_back(run: Run) -> None:
    run.up()
    run.until("120 von 120 Beispielen")
    assert f"\nready: http://127.0.0.1:{run.ports['GATEWAY_PORT']}\n" in run.output
    assert f"{len(topics.ALL)} topics created" in run.output
    assert all(run.processes().values())
    assert "up in session True local" in run.daemon("matching").last_lines()
    address = f"http://127.0.0.1:{run.ports['BOOKING_METRICS_PORT']}/"
    with urllib.request.urlopen(address) as answer:
        url = answer.read().decode()
    assert url.startswith("postgresql+psycopg://postgres@/postgres?host=")

    second = subprocess.run(
        [sys.executable, "-m", "impulse_local", "up"],
        env=run.environment,
        capture_output=True,
        text=True,
    )
    assert second.returncode == 1
    assert "the stack already runs on" in second.stderr

    # What dies comes back, the broker and the database too.
    for name in ("booking", "postgres", "kafka"):
        run.daemon(name).kill()
        run.until(f"{name} | ended (killed by signal 9); starting it again")
        run.until(f"{name} | runs again")
    assert all(run.processes().values())

    assert run.signal(signal.SIGINT) == 0
    _, _, stopping = run.output.partition("\nstopping …\n")
    assert stopping.endswith("stopped\n")  # what a process has to say meanwhile stands before it
    assert not any(run.processes().values())


def test_a_killed_supervisor_leaves_nothing_that_the_next_start_does_not_settle(run: Run) -> None:
    run.up("--empty")
    run.until("ready: ")
    before = run.processes()
    run.signal(signal.SIGKILL)
    assert run.processes() == before

    run.up("--empty")
    seconds = run.until("ready: ")
    after = run.processes()
    assert (after["kafka"], after["postgres"]) == (before["kafka"], before["postgres"])
    assert all(after[name] not in (None, before[name]) for name in SERVICES)
    assert "kafka | still runs: taking it over" in run.output
    assert "sample |" not in run.output
    assert seconds < 25
    assert run.signal(signal.SIGTERM) == 0
    assert not any(run.processes().values())


def test_five_ends_stop_the_stack_with_the_last_lines(
    run: Run, kafka: Kafka, postgres: Postgres
) -> None:
    # On a Kafka and a PostgreSQL of one's own.
    run.environment["IMPULSE_KAFKA_BOOTSTRAP_SERVERS"] = kafka.bootstrap
    run.environment["IMPULSE_TOPIC_PREFIX"] = kafka.unique("five") + "."
    run.environment["IMPULSE_DATABASE_URL"] = postgres.url
    module = Path(run.environment["PYTHONPATH"]) / "impulse_matching" / "__main__.py"
    module.write_text("print('the index is broken'); raise SystemExit(7)")
    run.up()
    assert run.wait() == 1
    assert "matching ended 5 times within 60 s (last: exit status 7)" in run.output
    assert run.output.rstrip().endswith("the index is broken")
    assert not any(run.processes().values())


@pytest.mark.parametrize("setting", ["IMPULSE_GATEWAY_PORT", "IMPULSE_MAIL_PORT"])
def test_a_port_in_use_ends_the_start(run: Run, setting: str, kafka: Kafka) -> None:
    taken = kafka.bootstrap.rpartition(":")[2]
    run.environment[setting] = taken
    run.up()
    assert run.wait() == 1
    assert f"port {taken} on 127.0.0.1 is in use by another program" in run.output
    assert setting in run.output


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("IMPULSE_KAFKA_BOOTSTRAP_SERVERS", "foo", "='foo': names no server as host:port"),
        ("IMPULSE_REGISTRY_PARTNERS", "stadt", "IMPULSE_REGISTRY_PARTNERS: "),
    ],
)
def test_a_wrong_setting_is_said_before_anything_starts(
    run: Run, setting: str, value: str, says: str
) -> None:
    run.environment[setting] = value
    run.up()
    assert run.wait() == 1
    assert run.output.startswith("wrong settings:\n  " + setting)
    assert says in run.output
    assert "starting" not in run.output
    assert "KAFKA" not in run.output.replace(setting, "")
