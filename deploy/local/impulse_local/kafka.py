"""The embedded broker: Apache Kafka in KRaft mode, one node, on 127.0.0.1."""

from __future__ import annotations

import base64
import json
import re
import socket
import struct
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from impulse_local import jars
from impulse_local.daemon import Daemon
from impulse_local.errors import StackError
from impulse_local.java import java, linked, options
from impulse_local.ports import free_port, port_is_free, require_free_port

READY_SECONDS = 90
STOP_SECONDS = 30
LINK_SECONDS = 120
CHATTY = (  # two thirds of what a start says: a line for each partition
    "state.change.logger",
    "kafka.cluster.Partition",
    "org.apache.kafka.controller.ReplicationControlManager",
    "org.apache.kafka.controller.ConfigurationControlManager",
    "org.apache.kafka.controller.PartitionChangeBuilder",
)

SETTINGS = """\
# Written at every start of the local stack.
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
controller.listener.names=CONTROLLER
listeners=BROKER://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=BROKER://127.0.0.1:{port}
inter.broker.listener.name=BROKER
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}

# Topics come from the registry in contracts/, never from a typing mistake.
auto.create.topics.enable=false
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1

# A stack that was down for weeks goes on where it stopped.
offsets.retention.minutes=525600

# One node: nobody else could join, and after a crash its own old session is what it waits for,
# asking again at the pace of its heartbeat.
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=1000
broker.heartbeat.interval.ms=250
# After a crash each log is read again and flushed.
num.recovery.threads.per.data.dir=4

# A crash of the broker loses nothing: the operating system holds the pages. A power cut loses what
# was not flushed; with one node nobody has a copy. Flushing every second bounds that loss at no
# measurable cost; flushing every record would take three quarters of the throughput.
log.flush.interval.ms=1000
log.flush.scheduler.interval.ms=1000

# Erasure and retention are seen to soon, also with a short IMPULSE_ERASURE_SECONDS.
log.retention.check.interval.ms=5000
log.cleaner.backoff.ms=2000

# Index files are mapped at full size: small ones for many small partitions.
log.index.size.max.bytes=1048576
"""


class Broker:
    """One broker with its data in a folder, found again there by whoever starts it next."""

    # Not that a stop came while it was still reading what groups had committed.
    serious = re.compile(r"\] (ERROR|FATAL) (?!.* due to Stopped loading records )")

    def __init__(
        self,
        data_dir: Path,
        port: int,
        *,
        log_file: Path | None = None,
        setting: str = "IMPULSE_KAFKA_PORT",
        say: Callable[[str], None] = lambda line: None,
        record: Path | None = None,
    ) -> None:
        """`setting` is what an error about the port names; `say` takes lines of progress.

        `record` gets the classes of this run when it is stopped, linked for later ones.
        """
        self.data_dir = data_dir.resolve()
        self.port = port
        self._setting = setting
        self._say = say
        self._record = record
        self._properties = self.data_dir / "server.properties"
        self.daemon = Daemon(
            "kafka", self.data_dir / "broker.pid", log_file or self.data_dir / "broker.log"
        )

    @property
    def bootstrap(self) -> str:
        """What clients connect to."""
        return f"127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        """Whether the broker's process runs now."""
        return self.daemon.running

    def start(self) -> bool:
        """Brings the broker up and waits until it answers; True when one was taken over.

        Raises PortInUse or StackError (with the end of the log) when it can't.
        """
        if self.daemon.running and self._configured_port() == self.port:
            self._wait_until_ready()
            return True
        self.stop()  # one that runs on another port than asked for
        self._properties.parent.mkdir(parents=True, exist_ok=True)
        require_free_port(self.port, self._setting)
        run = [str(java()), "-cp", jars.class_path(say=self._say)]
        self._configure()
        self._format(run)
        self.daemon.start(
            [
                *run[:1],
                *options(record=self._record),
                "-XX:+ExitOnOutOfMemoryError",
                *(f"-Dorg.slf4j.simpleLogger.log.{name}=warn" for name in CHATTY),
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
                *run[1:],
                "kafka.Kafka",
                str(self._properties),
            ],
            cwd=self.data_dir,
        )
        self._wait_until_ready()
        return False

    def stop(self) -> None:
        """Stops the broker in order: it hands its logs to the disk and ends."""
        self.daemon.stop(STOP_SECONDS)

    def kill(self) -> None:
        """Ends the broker at once, as a crash would."""
        self.daemon.kill()

    def __enter__(self) -> Broker:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _configure(self) -> None:
        self._properties.write_text(
            SETTINGS.format(
                port=self.port,
                controller_port=self._controller_port(),
                # Java reads such a file as Latin-1, with the escapes that JSON has.
                data=json.dumps(str(self.data_dir / "data"))[1:-1],
            )
        )

    def _configured_port(self) -> int | None:
        try:
            lines = self._properties.read_text().splitlines()
        except FileNotFoundError:
            return None
        told = [line for line in lines if line.startswith("advertised.listeners=")]
        return int(told[0].rpartition(":")[2]) if told else None

    def _controller_port(self) -> int:
        """The controller's own port: the one of the last start if it is still free."""
        kept = self.data_dir / "controller.port"
        port = int(kept.read_text()) if kept.exists() else 0
        if not port or port == self.port or not port_is_free(port):
            port = free_port()
            kept.write_text(str(port))
        return port

    def _format(self, run: list[str]) -> None:
        if (self.data_dir / "data" / "meta.properties").exists():
            return
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # A leading dash would be read as an option.
        command = ["kafka.tools.StorageTool", "format", "-t", "A" + cluster[1:], "-c"]
        told = subprocess.run(
            [*run, *command, str(self._properties)], capture_output=True, text=True, check=False
        )
        if told.returncode:
            raise StackError(
                f"Apache Kafka can't set up its data in {self.data_dir}:\n"
                + told.stdout
                + told.stderr
            )

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            if not self.daemon.running:
                raise StackError(
                    f"Apache Kafka ended while it started; the end of {self.daemon.log_file}:\n"
                    + self.daemon.last_lines()
                )
            if answers(self.bootstrap):
                return
            time.sleep(0.1)
        raise StackError(
            f"Apache Kafka did not answer on {self.bootstrap} within {READY_SECONDS} s; "
            f"the end of {self.daemon.log_file}:\n{self.daemon.last_lines()}"
        )


def link(target: Path | None = None) -> bool:
    """Starts and stops a broker once, so that later ones find its classes linked in `target`.

    Whether they do: an old Java can't. Raises StackError when a broker does not run here at all.
    """
    target = target or linked()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        recorded = Path(folder) / target.name
        broker = Broker(Path(folder), free_port(), record=recorded)
        broker.start()
        broker.daemon.stop(LINK_SECONDS)
        if not recorded.exists():
            return False
        recorded.replace(target)
    return True


def answers(bootstrap: str) -> bool:
    """Whether a broker listens there and takes consumer groups.

    Asks for the coordinator of a group, by the protocol itself: one small request, which on a new
    broker also creates the topic that groups are kept in (the first consumers would stumble over
    its absence), and which fails as long as the cluster does not count the broker in.
    """
    host, _, port = bootstrap.rpartition(":")
    find_coordinator, version, correlation, no_client_id = 10, 0, 1, -1
    group = b"impulse.ready"
    request = struct.pack(
        ">hhihh", find_coordinator, version, correlation, no_client_id, len(group)
    )
    request += group
    try:
        with socket.create_connection((host, int(port)), timeout=2) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            answer = connection.makefile("rb").read(10)
    except OSError:
        return False
    if len(answer) < 10:
        return False
    _, correlated, error = struct.unpack(">iih", answer)
    return bool(correlated == correlation and error == 0)
