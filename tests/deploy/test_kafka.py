"""The embedded broker."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from impulse_local.jars import class_path
from impulse_local.java import java, options
from impulse_local.kafka import Broker, link
from impulse_local.ports import PortInUse, free_port
from tests.fixtures.pair import Kafka


def test_takes_a_record_and_keeps_it_through_a_crash(kafka: Kafka) -> None:
    topic = kafka.unique("taken")
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(20)
    producer = Producer({"bootstrap.servers": kafka.bootstrap, "acks": "all"})
    producer.produce(topic, "Grüße".encode(), b"key")
    assert producer.flush(20) == 0

    kafka.kill()
    kafka.start()

    consumer = Consumer(
        {
            "bootstrap.servers": kafka.bootstrap,
            "group.id": kafka.unique("group"),
            "auto.offset.reset": "earliest",
        }
    )
    consumer.subscribe([topic])
    record = consumer.poll(20)
    consumer.close()
    assert record is not None
    assert record.value() == "Grüße".encode()


def test_a_start_is_recorded_and_linked_for_later_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "share" / "impulse" / "kafka.aot"
    assert link(target)
    assert list(target.parent.iterdir()) == [target]
    classes = class_path()
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    # With AOTMode=on Java does not go on where it can't use the file.
    used = [str(java()), *options(), "-XX:AOTMode=on", "-cp", classes, "-version"]
    assert f"-XX:AOTCache={target}" in used
    assert subprocess.run(used, capture_output=True, check=False).returncode == 0
    target.write_bytes(b"of another Java")
    assert subprocess.run(used, capture_output=True, check=False).returncode != 0
    used.remove("-XX:AOTMode=on")
    assert subprocess.run(used, capture_output=True, check=False).returncode == 0, "goes on without"
    target.unlink()
    assert not [option for option in options() if "AOT" in option]


def test_a_port_in_use_is_said_with_its_setting(tmp_path: Path, kafka: Kafka) -> None:
    taken = int(kafka.bootstrap.rpartition(":")[2])
    with pytest.raises(PortInUse, match=rf"port {taken} .* IMPULSE_KAFKA_PORT=<port>"):
        Broker(tmp_path, taken).start()


def test_a_running_broker_is_taken_over_and_moves_to_another_port(tmp_path: Path) -> None:
    folder = tmp_path / "Über uns"
    with Broker(folder, free_port()) as first:
        assert (folder / "data" / "meta.properties").exists(), "nowhere else"
        process = first.daemon.find()
        again = Broker(folder, first.port)
        assert again.start()
        assert again.daemon.find() == process

        moved = Broker(folder, free_port())
        assert not moved.start()
        assert moved.daemon.find() != process
        moved.stop()
        assert not first.running
