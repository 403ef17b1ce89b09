"""The ground on which is measured: an embedded broker and database of the run's own, durable."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from confluent_kafka import Consumer, Producer, TopicPartition
from sqlalchemy import Engine

from impulse_local.kafka import Broker
from impulse_local.ports import free_port
from impulse_local.postgres import Database
from impulse_sample.reports import bulk_reports
from impulse_topics import provision
from tests.fixtures.pair import Kafka, Postgres
from tests.fixtures.stack import Process, Stack

SERVICE = [sys.executable, str(Path(__file__).with_name("plain_service.py"))]
HANDWRITTEN = str(Path(__file__).with_name("handwritten.py"))


@contextmanager
def durable() -> Iterator[Postgres]:
    """A database server of the run's own: what is committed is on the disk."""
    with tempfile.TemporaryDirectory(prefix="impulse-bench-") as name:
        postgres = Postgres.__new__(Postgres)
        postgres._external = None
        postgres._server = Database(Path(name) / "postgres")
        postgres._server.start()
        try:
            yield postgres
        finally:
            postgres.stop()


@contextmanager
def pair() -> Iterator[tuple[Kafka, Postgres]]:
    """A broker and a database as in production: what is committed is on the disk."""
    with durable() as postgres, tempfile.TemporaryDirectory(prefix="impulse-bench-") as name:
        kafka = Kafka.__new__(Kafka)
        kafka._external = None
        kafka._broker = Broker(Path(name) / "kafka", free_port())
        kafka._broker.start()
        try:
            yield kafka, postgres
        finally:
            kafka.stop()


def preload(bootstrap: str, prefix: str, count: int) -> None:
    """Puts `count` reports on real organisations on the reports' topic behind `prefix`."""
    provision(bootstrap, erasure_seconds=604_800, prefix=prefix)
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 20})
    for record in bulk_reports(count):
        while True:
            try:
                producer.produce(
                    prefix + "impulse.actor-reports",
                    record.value,
                    record.key,
                    headers=list(record.headers),
                )
                break
            except BufferError:
                producer.poll(0.1)
    producer.flush()


def rate(
    bootstrap: str, topic: str, count: int, seconds: float = 300, first: int | None = None
) -> float:
    """Waits until `topic` holds `count` records; records a second from number `first` to the last.

    The time of each is the one that its producer gave it.
    """
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "bench"})
    try:
        partitions = consumer.list_topics(topic, 10).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
        times: list[int] = []
        deadline = time.monotonic() + seconds
        while len(times) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(times)} of {count} on {topic} after {seconds} s")
            times.extend(record.timestamp()[1] for record in consumer.consume(1000, 0.5))
        times.sort()
        # The first batch is the warm-up: connections, plans, code.
        begin = min(1000, count // 10) if first is None else first
        return (len(times) - begin) / max(0.001, (times[-1] - times[begin]) / 1000)
    finally:
        consumer.close()


def server_of(engine: Engine) -> psutil.Process:
    """The database server that an engine is connected with."""
    with engine.connect() as connection:
        pid = int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
    server = psutil.Process(pid).parent()
    assert server is not None
    return server


def busy(server: psutil.Process) -> float:
    """How many seconds of processor time a database server has spent, with all its processes."""
    spent = []
    for process in server.children():
        with suppress(psutil.NoSuchProcess):  # what has ended is counted with the server
            spent.append(process.cpu_times())
    ended = server.cpu_times()
    own = sum(each.user + each.system for each in [ended, *spent])
    return float(own + ended.children_user + ended.children_system)


def memory_mb(process: Process) -> float:
    """Resident memory of a process, in MB."""
    assert process._process is not None
    return float(psutil.Process(process._process.pid).memory_info().rss) / 1e6


def stack_on(kafka: Kafka, postgres: Postgres, folder: Path, name: str) -> Stack:
    """A stack of services behind a prefix of its own."""
    return Stack(kafka, postgres, folder, kafka.unique(name) + ".")
