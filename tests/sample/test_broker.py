"""The sample's connection to a real broker."""

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from impulse_sample.broker import Broker, Missing
from impulse_sample.envelope import Headers
from impulse_sample.reports import real_reports
from tests.fixtures.pair import Kafka


@pytest.fixture
def topic(kafka: Kafka) -> str:
    name = kafka.unique("impulse.sample")
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    made = admin.create_topics([NewTopic(name, num_partitions=3, replication_factor=1)])
    made[name].result(30)
    return name


def test_what_is_published_is_seen_from_the_beginning_byte_for_byte(
    kafka: Kafka, topic: str
) -> None:
    reports = list(real_reports(limit=500))
    publishing = Broker(kafka.bootstrap)
    for report in reports:
        publishing.publish(topic, report)
    publishing.flush(30)
    publishing.close()

    watching = Broker(kafka.bootstrap)
    watching.watch((topic,), (), timeout=10)
    seen: list[tuple[str, Headers, bytes | None]] = []
    watching.catch_up(lambda *record: seen.append(record), timeout=30)
    watching.close()
    assert {name for name, _, _ in seen} == {topic}
    assert sorted((headers, value) for _, headers, value in seen) == sorted(
        (report.headers, report.value) for report in reports
    )


def test_a_missing_topic_is_named(kafka: Kafka) -> None:
    broker = Broker(kafka.bootstrap)
    with pytest.raises(Missing, match=r"topics are missing there: impulse\.nowhere"):
        broker.watch((), ("impulse.nowhere",), timeout=0.1)
    broker.close()
