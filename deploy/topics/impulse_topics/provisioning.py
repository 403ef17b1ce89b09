"""Brings a cluster's topics to what the registry in `contracts/` says."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)

from impulse_contracts.partner_topics import partner_topics
from impulse_contracts.topics import ALL, Topic

TIMEOUT_SECONDS = 30
BROKER_DEFAULT = -1
CRITICAL = 2  # of syslog's levels

T = TypeVar("T")


class TopicError(Exception):
    """Topics can't be made what the registry says; the message names each one and why."""


@dataclass
class Changes:
    """What provisioning did: names of topics created, settings changed (topic -> new values)."""

    created: list[str] = field(default_factory=list)
    altered: dict[str, dict[str, str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{len(self.created)} topics created, {len(self.altered)} changed"


def wanted(environment: Mapping[str, str]) -> tuple[Topic, ...]:
    """All topics, and those of the partners that the environment names.

    Raises TopicError for a setting that names none.
    """
    names = ("IMPULSE_REGISTRY_PARTNERS", "IMPULSE_PARTNERS")  # As the registry reads it.
    setting = next((environment[name] for name in names if name in environment), "")
    try:
        return (*ALL, *partner_topics(setting))
    except ValueError as error:
        raise TopicError(f"{names[0]}: {error}") from None


def provision(
    bootstrap_servers: str,
    *,
    erasure_seconds: int,
    topics: Iterable[Topic] = ALL,
    prefix: str = "",
    replication_factor: int = BROKER_DEFAULT,
) -> Changes:
    """Creates missing topics and sets the settings that differ; safe to repeat, and by several.

    `erasure_seconds` is the bound for personal data, `prefix` goes before each name (for tests).
    Settings that the registry does not name are left alone, partitions are never added: a key
    would move to another partition and its messages could overtake each other.
    Raises TopicError for what the cluster refuses and for topics with too few partitions.
    """
    admin = _reach(bootstrap_servers)
    wanted = {prefix + topic.name: topic for topic in topics}
    changes = Changes(created=_create(admin, wanted, erasure_seconds, replication_factor))
    _check_partitions(admin, wanted)
    existing = {name: topic for name, topic in wanted.items() if name not in changes.created}
    if existing:
        changes.altered = _alter(admin, existing, erasure_seconds)
    return changes


def _reach(bootstrap_servers: str) -> AdminClient:
    """A client that has had an answer. What fails meanwhile is said once, by TopicError, and not
    twenty times a second on standard error."""
    faults: list[KafkaError] = []
    config: dict[str, Any] = {"log_level": CRITICAL, "error_cb": faults.append}
    admin = AdminClient(config | {"bootstrap.servers": bootstrap_servers})
    try:
        admin.list_topics(timeout=TIMEOUT_SECONDS)
    except KafkaException as error:
        admin.poll(0)
        first: KafkaError = (faults or error.args)[0]
        raise TopicError(f"can't reach Kafka: {first.str()}") from error
    return admin


def _create(
    admin: AdminClient, wanted: dict[str, Topic], erasure_seconds: int, replication_factor: int
) -> list[str]:
    existing = _ask(lambda: admin.list_topics(timeout=TIMEOUT_SECONDS), "reach Kafka").topics
    missing = [
        NewTopic(
            name,
            num_partitions=topic.partitions,
            replication_factor=replication_factor,
            config=topic.config(erasure_seconds),
        )
        for name, topic in wanted.items()
        if name not in existing
    ]
    if not missing:
        return []
    created, refused = [], []
    futures = admin.create_topics(missing, operation_timeout=TIMEOUT_SECONDS)
    for name, future in futures.items():
        try:
            future.result()
            created.append(name)
        except KafkaException as error:
            # Somebody else was faster: then it is compared like any that was there before.
            if _code(error) != KafkaError.TOPIC_ALREADY_EXISTS:
                refused.append(f"{name}: {error.args[0].str()}")
    if refused:
        raise TopicError("Kafka refused to create topics:\n" + "\n".join(refused))
    return created


def _check_partitions(admin: AdminClient, wanted: dict[str, Topic]) -> None:
    partitions = _partitions(admin, wanted.keys())
    short = [
        f"{name}: {partitions[name]} partitions, the registry says {topic.partitions}"
        for name, topic in wanted.items()
        if partitions[name] < topic.partitions
    ]
    if short:
        raise TopicError(
            "topics with too few partitions (adding some would break the order of a key; "
            "empty the topic, delete it and provision again):\n" + "\n".join(short)
        )


def _partitions(admin: AdminClient, names: Collection[str]) -> dict[str, int]:
    """How many partitions each topic has; waits until the brokers know of all of them.

    The controller answers a creation before the brokers have heard of it.
    """
    until = time.monotonic() + TIMEOUT_SECONDS
    while True:
        told = _ask(lambda: admin.list_topics(timeout=TIMEOUT_SECONDS), "list the topics").topics
        known = {name: len(told[name].partitions) for name in names if name in told}
        if len(known) == len(names):
            return known
        if time.monotonic() > until:
            unknown = ", ".join(sorted(set(names) - set(known)))
            raise TopicError(f"created, but not known to the brokers yet: {unknown}")
        time.sleep(0.05)


def _alter(
    admin: AdminClient, wanted: dict[str, Topic], erasure_seconds: int
) -> dict[str, dict[str, str]]:
    described = admin.describe_configs(
        [ConfigResource(ResourceType.TOPIC, name) for name in wanted],
        request_timeout=TIMEOUT_SECONDS,
    )
    changed: dict[str, dict[str, str]] = {}
    for resource, future in described.items():
        current = _ask(future.result, f"read the settings of {resource.name}")
        settings = wanted[resource.name].config(erasure_seconds)
        different = {key: value for key, value in settings.items() if current[key].value != value}
        if different:
            changed[resource.name] = different
    if not changed:
        return {}
    # Incremental: the older request replaces all settings of a topic by the ones it names.
    altered = admin.incremental_alter_configs(
        [
            ConfigResource(
                ResourceType.TOPIC,
                name,
                incremental_configs=[
                    ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
                    for key, value in settings.items()
                ],
            )
            for name, settings in changed.items()
        ],
        request_timeout=TIMEOUT_SECONDS,
    )
    for resource, future in altered.items():
        _ask(future.result, f"change the settings of {resource.name}")
    return changed


def _ask(question: Callable[[], T], purpose: str) -> T:
    try:
        return question()
    except KafkaException as error:
        raise TopicError(f"can't {purpose}: {error.args[0].str()}") from error


def _code(error: KafkaException) -> int:
    code: int = error.args[0].code()
    return code
