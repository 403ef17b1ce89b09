"""The connection to Kafka: publish records, watch topics from their beginning."""

import time
from collections.abc import Callable, Iterable

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)

from impulse_sample.envelope import Headers, Record

Seen = Callable[[str, Headers, bytes | None], None]


class Missing(Exception):
    """Something that should be there is not; the text says what, and what to do."""


class Broker:
    """A producer and a consumer without a group, at one address.

    The consumer commits nothing: every run reads the watched topics from their beginning.
    """

    def __init__(self, bootstrap_servers: str) -> None:
        self.address = bootstrap_servers
        common = {"bootstrap.servers": bootstrap_servers, "log_level": 2}
        self._producer = Producer(common | {"enable.idempotence": True, "linger.ms": 5})
        self._consumer = Consumer(
            common
            | {
                "group.id": "impulse-sample",
                "enable.auto.commit": False,
                "enable.partition.eof": True,
                "fetch.wait.max.ms": 50,
            }
        )
        self._failed: list[str] = []
        self._behind: set[tuple[str, int]] = set()

    def watch(self, topics: Iterable[str], written: Iterable[str], timeout: float) -> None:
        """Starts to read topics from their beginning; raises Missing when the broker, or one of
        them or of those to be `written`, is not there within `timeout` seconds."""
        watched = set(topics)
        wanted = watched | set(written)
        deadline = time.monotonic() + timeout
        while True:
            try:
                known = self._consumer.list_topics(timeout=2).topics
                absent = wanted - known.keys()
                trouble = f"topics are missing there: {', '.join(sorted(absent))}"
            except KafkaException as error:
                known, absent = {}, wanted
                trouble = f"it does not answer: {error.args[0].str()}"
            if not absent:
                break
            if time.monotonic() > deadline:
                raise Missing(
                    f"Kafka at {self.address}: {trouble}. Start the stack with `make up`, or name"
                    " your broker in IMPULSE_KAFKA_BOOTSTRAP_SERVERS."
                )
            time.sleep(0.5)
        places = [
            TopicPartition(topic, partition, OFFSET_BEGINNING)
            for topic in sorted(watched)
            for partition in known[topic].partitions
        ]
        self._behind = {(place.topic, place.partition) for place in places}
        self._consumer.assign(places)

    def publish(self, topic: str, record: Record) -> None:
        """Hands a record over for sending; what the broker refuses shows in `flush`."""
        while True:
            try:
                self._producer.produce(
                    topic,
                    key=record.key,
                    value=record.value,
                    headers=[(name, value) for name, value in record.headers],
                    on_delivery=self._delivered,
                )
                return
            except BufferError:
                self._producer.poll(0.1)

    def flush(self, timeout: float) -> None:
        """Waits until everything was acknowledged; raises Missing when that fails."""
        unsent = self._producer.flush(timeout)
        if unsent or self._failed:
            reason = self._failed[0] if self._failed else f"no answer within {timeout:.0f} s"
            raise Missing(
                f"Kafka at {self.address} did not take {unsent + len(self._failed)} records:"
                f" {reason}."
            )

    def take(self, seen: Seen, seconds: float) -> int:
        """Hands new records of the watched topics to `seen`, waiting at most `seconds` for the
        first; returns how many there were."""
        self._producer.poll(0)
        taken = 0
        for message in self._consumer.consume(1000, timeout=seconds):
            error = message.error()
            if error is None:
                seen(message.topic() or "", _headers(message), message.value())
                taken += 1
            elif error.code() == KafkaError._PARTITION_EOF:
                self._behind.discard((message.topic() or "", message.partition() or 0))
            elif error.fatal():
                raise Missing(f"Kafka at {self.address}: {error.str()}.")
        return taken

    def catch_up(self, seen: Seen, timeout: float) -> None:
        """Reads what is already on the watched topics; raises Missing after `timeout` seconds
        without progress."""
        last = time.monotonic()
        while self._behind:
            before = len(self._behind)
            if self.take(seen, 0.2) or len(self._behind) < before:
                last = time.monotonic()
            elif time.monotonic() - last > timeout:
                raise Missing(f"Kafka at {self.address} stopped answering for {timeout:.0f} s.")

    def close(self) -> None:
        """Leaves the broker."""
        self._consumer.close()

    def _delivered(self, error: KafkaError | None, _: Message) -> None:
        if error is not None:
            self._failed.append(error.str())


def _headers(message: Message) -> Headers:
    found = message.headers() or []
    pairs = found.items() if isinstance(found, dict) else found
    return [
        (name, value if isinstance(value, bytes) else (value or "").encode())
        for name, value in pairs
    ]
