"""The loop to compare with: the same work by hand, synchronous, without any framework.

confluent-kafka `consume(500)`, psycopg with unnest and executemany, produce and flush; an inbox, a
state and an outbox in one transaction; two records out an event, a fact with the version that
follows the stored one and an outcome, with the headers of the contract.

    python handwritten.py BOOTSTRAP DATABASE_URL PREFIX COUNT
"""

import json
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import psycopg
from confluent_kafka import Consumer, Producer, TopicPartition

from impulse_contracts.codes import ActorStatus, ActorType, Carrier, IntakeChannel
from impulse_contracts.message import Message
from impulse_contracts.outcomes import BothLanguages, OutcomeAccepted
from impulse_contracts.partner import ActorReported
from impulse_contracts.parts import Provenance, Seat, Source
from impulse_contracts.registry.actors import ActorRegistered

SOURCE = "urn:impulse:handwritten"
FIELDS = ("kind", "legal_name", "legal_form", "register", "topics", "seat")
TABLES = """
CREATE TABLE IF NOT EXISTS inbox (key uuid PRIMARY KEY, handled_at timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS actor (actor_id uuid PRIMARY KEY, version int NOT NULL, state jsonb);
CREATE TABLE IF NOT EXISTS outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, topic text NOT NULL, key bytea,
    value bytea, headers jsonb);
"""


def main() -> None:
    """Handles COUNT records, then ends."""
    bootstrap, url, prefix, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    reports = prefix + ActorReported.topic.name
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": prefix + "handwritten",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([reports])
    producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "acks": "all"})
    handled = 0
    with psycopg.connect(url) as connection:
        connection.execute(TABLES)
        connection.commit()
        while handled < count:
            records = consumer.consume(500, 0.5)
            if not records:
                continue
            handle(connection, records)
            relay(connection, producer, prefix)
            ends: dict[Any, int] = {}
            for record in records:
                ends[record.topic(), record.partition()] = (record.offset() or 0) + 1
            places = [TopicPartition(topic, number, end) for (topic, number), end in ends.items()]
            consumer.commit(offsets=places, asynchronous=False)
            handled += len(records)
    consumer.close()


def handle(connection: psycopg.Connection[Any], records: list[Any]) -> None:
    """One transaction: inbox, state, outbox."""
    now = datetime.now(UTC)
    messages = []
    for record in records:
        headers = {name: value.decode() for name, value in record.headers()}
        report = ActorReported.model_validate_json(record.value())
        key = uuid5(NAMESPACE_URL, f"{headers['ce_source']} {headers['ce_id']}")
        messages.append((key, headers, report))
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inbox SELECT unnest(%s::uuid[]), %s ON CONFLICT DO NOTHING RETURNING key",
            ([key for key, _, _ in messages], now),
        )
        fresh: set[UUID] = {row[0] for row in cursor.fetchall()}
        actors = {
            key: uuid5(NAMESPACE_URL, f"{headers['ce_source']}|{report.external_id}")
            for key, headers, report in messages
            if key in fresh
        }
        cursor.execute(
            "SELECT actor_id, version FROM actor WHERE actor_id = ANY(%s) FOR UPDATE",
            (list(actors.values()),),
        )
        versions: dict[UUID, int] = dict(cursor.fetchall())
        states, out = [], []
        for key, headers, report in messages:
            if key not in actors:
                continue
            actor_id = actors[key]
            versions[actor_id] = version = versions.get(actor_id, 0) + 1
            fact = ActorRegistered.model_construct(
                None,
                version=version,
                actor_id=actor_id,
                status=ActorStatus.REGISTERED,
                kind=report.kind,
                actor_type=report.actor_type or ActorType.NONPROFIT_ASSOCIATION,
                carrier=report.carrier or Carrier.NONPROFIT,
                legal_name=report.legal_name,
                legal_form=report.legal_form,
                register_entry=report.register_entry,
                seat=Seat(postcode=report.seat.postcode, city=report.seat.city),
                topics=report.topics,
                sources=(Source(source=headers["ce_source"], external_id=report.external_id),),
                provenance=(
                    Provenance.model_construct(
                        None,
                        fields=FIELDS,
                        source=headers["ce_source"],
                        channel=IntakeChannel.IMPORT,
                        at=report.observed_at,
                        confirmed=False,
                    ),
                ),
                confirmed_at=report.observed_at,
            )
            body = fact.model_dump_json()
            states.append((actor_id, version, body))
            out.append(row("impulse.actors", str(actor_id), body, ActorRegistered, now, headers))
            outcome = OutcomeAccepted.model_construct(
                None,
                command_id=headers["ce_id"],
                command_type=headers["ce_type"],
                source=headers["ce_source"],
                aggregate_id=str(actor_id),
                version=version,
                reason=None,
                message=BothLanguages.model_construct(de="Angenommen.", en="Accepted."),
                attempt=1,
            ).model_dump_json()
            out.append(
                row("impulse.outcomes", headers["ce_id"], outcome, OutcomeAccepted, now, headers)
            )
        cursor.executemany(
            """INSERT INTO actor VALUES (%s, %s, %s) ON CONFLICT (actor_id)
               DO UPDATE SET version = excluded.version, state = excluded.state""",
            states,
        )
        cursor.executemany(
            "INSERT INTO outbox (topic, key, value, headers) VALUES (%s, %s, %s, %s)", out
        )


def row(
    topic: str, key: str, body: str, said: type[Message], now: datetime, cause: dict[str, str]
) -> tuple[str, bytes, bytes, str]:
    """A row of the outbox, with the headers that the contract asks for."""
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid4()),
        "ce_source": SOURCE,
        "ce_type": said.ce_type,
        "ce_time": now.isoformat(),
        "ce_subject": key,
        "ce_correlationid": cause.get("ce_correlationid", cause["ce_id"]),
        "ce_causationid": cause["ce_id"],
        "content-type": "application/json",
    }
    return topic, key.encode(), body.encode(), json.dumps(headers)


def relay(connection: psycopg.Connection[Any], producer: Producer, prefix: str) -> None:
    """Sends what is in the outbox and deletes it."""
    with connection.transaction():
        rows = connection.execute(
            "SELECT id, topic, key, value, headers FROM outbox ORDER BY id"
        ).fetchall()
        for _, topic, key, value, headers in rows:
            while True:
                try:
                    producer.produce(prefix + topic, value, key, headers=headers)
                    break
                except BufferError:
                    producer.poll(0.1)
        producer.flush()
        connection.execute("DELETE FROM outbox WHERE id = ANY(%s)", ([each[0] for each in rows],))


if __name__ == "__main__":
    main()
