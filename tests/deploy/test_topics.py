"""Topics are created from the registry and kept as it says."""

from __future__ import annotations

import dataclasses
import time

import pytest
from confluent_kafka import KafkaError, Producer
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)

from impulse_contracts.topics import ACTOR_REPORTS, ACTORS, ALL, DEAD_LETTERS, MIB, OUTCOMES, PEOPLE
from impulse_topics import TopicError, provision, provisioning, wanted
from impulse_topics.__main__ import main
from tests.fixtures.pair import Kafka

WEEK = 604_800


def settings_of(admin: AdminClient, name: str) -> dict[str, str]:
    resource = ConfigResource(ResourceType.TOPIC, name)
    described = admin.describe_configs([resource])[resource].result(20)
    return {key: entry.value for key, entry in described.items()}


@pytest.fixture
def admin(kafka: Kafka) -> AdminClient:
    return AdminClient({"bootstrap.servers": kafka.bootstrap})


def test_every_topic_of_the_registry_is_created_once(kafka: Kafka, admin: AdminClient) -> None:
    prefix = kafka.unique("all") + "."
    first = provision(kafka.bootstrap, erasure_seconds=WEEK, prefix=prefix)
    assert sorted(first.created) == sorted(prefix + topic.name for topic in ALL)
    there = admin.list_topics(timeout=20).topics
    for topic in ALL:
        assert len(there[prefix + topic.name].partitions) == topic.partitions
    assert settings_of(admin, prefix + PEOPLE.name)["cleanup.policy"] == "compact"

    again = provision(kafka.bootstrap, erasure_seconds=WEEK, prefix=prefix)
    assert (again.created, again.altered) == ([], {})


def test_partners_have_topics_like_the_common_one(kafka: Kafka, admin: AdminClient) -> None:
    prefix = kafka.unique("partners") + "."
    topics = wanted({"IMPULSE_REGISTRY_PARTNERS": "stadt=https://stadt.example/api"})
    assert topics[: len(ALL)] == ALL
    own = [topic for topic in topics if topic.carries is ACTOR_REPORTS]
    provision(kafka.bootstrap, erasure_seconds=WEEK, prefix=prefix, topics=own)
    common = settings_of(admin, f"{prefix}impulse.actor-reports")
    assert settings_of(admin, f"{prefix}impulse.actor-reports.stadt") == common
    with pytest.raises(TopicError, match="name=source"):
        wanted({"IMPULSE_PARTNERS": "stadt"})
    assert wanted({}) == ALL


def test_a_changed_setting_is_applied_and_others_are_left_alone(
    kafka: Kafka, admin: AdminClient
) -> None:
    prefix = kafka.unique("changed") + "."
    topics = [ACTORS, OUTCOMES, PEOPLE]
    provision(kafka.bootstrap, erasure_seconds=WEEK, prefix=prefix, topics=topics)
    by_hand = ConfigEntry("segment.bytes", "16777216", incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(
        ResourceType.TOPIC, prefix + PEOPLE.name, incremental_configs=[by_hand]
    )
    admin.incremental_alter_configs([resource])[resource].result(20)

    longer = dataclasses.replace(OUTCOMES, retention_seconds=WEEK * 2)
    changes = provision(
        kafka.bootstrap, erasure_seconds=3600, prefix=prefix, topics=[ACTORS, longer, PEOPLE]
    )
    assert changes.created == []
    assert changes.altered[prefix + OUTCOMES.name] == {"retention.ms": str(WEEK * 2000)}
    assert set(changes.altered) == {prefix + OUTCOMES.name, prefix + PEOPLE.name}
    # The controller answers a change before the broker knows of it.
    until = time.monotonic() + 120
    while (people := settings_of(admin, prefix + PEOPLE.name))["max.compaction.lag.ms"] != "900000":
        assert time.monotonic() < until, people
        time.sleep(0.05)
    assert people["cleanup.policy"] == "compact"
    assert people["segment.bytes"] == "16777216"


@pytest.mark.parametrize("seconds", ["0", "-1", "soon", "31536001", "9" * 5000])
def test_a_wrong_bound_is_named_before_anything_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], seconds: str
) -> None:
    monkeypatch.setenv("IMPULSE_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    monkeypatch.setenv("IMPULSE_ERASURE_SECONDS", seconds)
    assert main() == 2
    said = capsys.readouterr().err
    assert said.startswith("IMPULSE_ERASURE_SECONDS is ")
    assert said.endswith("; allowed: a whole number from 1 to 31536000\n")


@pytest.mark.parametrize(
    ("servers", "why"),
    [("127.0.0.1:1", "Connection refused"), ("nobody.invalid:9092", "'nobody.invalid:9092'")],
)
def test_a_kafka_that_is_away_is_said_once(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], servers: str, why: str
) -> None:
    monkeypatch.setattr(provisioning, "TIMEOUT_SECONDS", 0.5)
    with pytest.raises(TopicError, match=rf"^can't reach Kafka: {servers}/bootstrap: .*{why}"):
        provision(servers, erasure_seconds=WEEK)
    assert capfd.readouterr() == ("", "")


def test_too_few_partitions_are_said_and_left(kafka: Kafka, admin: AdminClient) -> None:
    prefix = kafka.unique("short") + "."
    name = prefix + ACTORS.name
    admin.create_topics([NewTopic(name, 2, 1)])[name].result(20)
    with pytest.raises(TopicError, match=rf"{name}: 2 partitions, the registry says 6"):
        provision(kafka.bootstrap, erasure_seconds=WEEK, prefix=prefix, topics=[ACTORS])


def test_what_kafka_refuses_is_said(kafka: Kafka) -> None:
    wrong = dataclasses.replace(ACTORS, name="not a topic")
    with pytest.raises(TopicError, match=r"not a topic: .*"):
        provision(kafka.bootstrap, erasure_seconds=WEEK, topics=[wrong])


def test_dead_letters_take_two_mebibytes_and_the_rest_one(kafka: Kafka) -> None:
    prefix = kafka.unique("large") + "."
    topics = [ACTORS, DEAD_LETTERS]
    provision(kafka.bootstrap, erasure_seconds=WEEK, prefix=prefix, topics=topics)
    producer = Producer({"bootstrap.servers": kafka.bootstrap, "message.max.bytes": 4 * MIB})
    failures: dict[str, str] = {}

    def told(error: KafkaError | None, message) -> None:
        if error is not None:
            failures[message.topic()] = str(error)

    for topic in topics:
        producer.produce(prefix + topic.name, b"x" * (2 * MIB), b"key", on_delivery=told)
    assert producer.flush(120) == 0
    assert set(failures) == {prefix + ACTORS.name}
    assert "MSG_SIZE_TOO_LARGE" in failures[prefix + ACTORS.name]
