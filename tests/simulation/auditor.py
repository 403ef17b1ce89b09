"""The auditor: reads every database and the log, and says what is wrong.

I1: no capacity is given out twice. I2: what is committed to an outbox is on the log, and nothing
else. I3: what asks for it has one outcome. I4: every effect just once. I5: a person is told once of
one cause, or it is explained. I6: read models are the fold of the facts. I7: versions have no gaps.

It keeps books of its own: triggers note what was ever committed to an outbox or inbox, so that what
was lost between database and log is missed, and what was done twice is seen.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from impulse_chassis import Service
from impulse_chassis.envelope import Attributes, Bad, Received, StoredRecord, Tombstone, inbox_key
from impulse_chassis.outbox import load_headers
from impulse_chassis.parsing import Unwanted, parse
from impulse_chassis.projection import Projection, Recording
from impulse_chassis.testing import Log
from impulse_contracts import topics
from impulse_contracts.message import MESSAGES, Fact, Incoming, Message
from tests.simulation.books import Said, columns_of, rows, said_by
from tests.simulation.recorded import recorded
from tests.simulation.stage import Stage

Asked = tuple[str, str, int]
"""Source, id and attempt of what must be answered."""


class Auditor:
    """Looks at the end of a run, when all is at rest; `findings` is empty where all is well."""

    def __init__(self, services: Stage, log: Log) -> None:
        self.services = services
        self.log = log
        self.wanted = {service.name: _wanted(service) for service, _ in services}
        self.records = [each for _, found in sorted(log.records.items()) for each in found]
        self.said = Counter(said_by(each) for each in self.records)
        self.committed = {service.name: _committed(engine) for service, engine in services}
        self.understood = {service.name: [*self._understood(service)] for service, _ in services}

    def findings(self) -> list[str]:
        """Every broken invariant, in words."""
        return list(self._all())

    def _all(self) -> Iterator[str]:
        for service, engine in self.services:
            yield from self._at_rest(service, engine)
            yield from self._outbox_is_on_the_log(service)
            yield from self._said_once(service)
            yield from self._handled_once(service, engine)
            for projection in service.projects:
                if not isinstance(projection, Recording):
                    yield from self._read_model(service, engine, projection)
            yield from recorded(service, engine, self.understood[service.name])
            yield from self._dead_letters(service, engine)
        yield from self._outcomes()
        yield from self._versions()

    # ------------------------------------------------------------- I2: nothing is lost on the way

    def _at_rest(self, service: Service, engine: Engine) -> Iterator[str]:
        for table in ("outbox", "outbox_parked"):
            [(left,)] = rows(engine, f"SELECT count(*) FROM {table}")
            if left:
                yield f"I2 {service.name}: {left} rows left in {table}"

    def _outbox_is_on_the_log(self, service: Service) -> Iterator[str]:
        committed = self.committed[service.name]
        for each in committed:
            if each not in self.said:
                yield f"I2 {service.name}: {each.name} was committed and is not on the log"
        source = f"urn:impulse:{service.name}"
        for each in self.said:
            ours = each.header("ce_source") == source and each.topic != topics.DEAD_LETTERS.name
            if ours and each not in committed:
                yield f"I2 {service.name}: {each.name} is on the log and was never committed"

    # ---------------------------------------------------------------- I4: every effect just once

    def _said_once(self, service: Service) -> Iterator[str]:
        """A message's effects have ids made from it: a second effect says the same id again."""
        times: Counter[str] = Counter()
        for each, number in self.committed[service.name].items():
            effect = each.topic not in (topics.OUTCOMES.name, topics.DEAD_LETTERS.name)
            if effect and each.value is not None:
                times[each.header("ce_id")] += number
        for ce_id, number in times.items():
            if number > 1:
                yield f"I4 {service.name}: {ce_id} was said {number} times"

    def _handled_once(self, service: Service, engine: Engine) -> Iterator[str]:
        found = rows(engine, "SELECT key, count(*) FROM audit_inbox GROUP BY 1 HAVING count(*) > 1")
        for key, number in found:
            yield f"I4 {service.name}: {key} was handled {number} times"
        handled = service.handlers.handlers
        expected = {
            item.inbox_key
            for item in self.understood[service.name]
            if not isinstance(item, Received)
            or type(item.data) in handled
            or item.data.topic.tombstones
        }
        present = {key for (key,) in rows(engine, "SELECT key FROM inbox")}
        waiting = {key for (key,) in rows(engine, "SELECT inbox_key FROM waiting")}
        for key in sorted(expected - present - waiting):
            yield f"I4 {service.name}: {key} was never handled"
        for key in sorted(present - expected):
            yield f"I4 {service.name}: {key} was handled and never sent"

    def _understood(self, service: Service) -> Iterator[Received[Any] | Tombstone | Bad]:
        for record in self.records:
            if record.topic in service.topics:
                found = self._parse(service, record)
                if found is not None:
                    yield found

    def _parse(
        self, service: Service, record: StoredRecord
    ) -> Received[Any] | Tombstone | Bad | None:
        # Whether a time was too far ahead depends on when it was read; scenarios leave that alone.
        now = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        try:
            return parse(record, service.topics[record.topic], now, self.wanted[service.name])
        except Bad as bad:
            return bad
        except Unwanted:
            return None

    # ------------------------------------------------------------------------ I3: one outcome each

    def _outcomes(self) -> Iterator[str]:
        answers: dict[Asked, set[tuple[str, str, bytes | None]]] = defaultdict(set)
        for record in self.log.of(topics.OUTCOMES.name):
            said = said_by(record)
            body = json.loads(record.value or b"{}")
            answer = (body["source"], body["command_id"], body["attempt"])
            answers[answer].add((said.header("ce_id"), said.header("ce_type"), record.value))
        expected: set[Asked] = set()
        for service, engine in self.services:
            waiting = {key for (key,) in rows(engine, "SELECT inbox_key FROM waiting")}
            for item in self.understood[service.name]:
                if (asked := _asks(item, service)) and inbox_key(*asked) not in waiting:
                    expected.add(asked)
        for missing in sorted(expected - answers.keys()):
            yield f"I3 no outcome for {missing}"
        for unasked in sorted(answers.keys() - expected):
            yield f"I3 an outcome that nobody asked for: {unasked}"
        for answered, found in sorted(answers.items()):
            if len(found) > 1:
                yield f"I3 {len(found)} different outcomes for {answered}"

    # ---------------------------------------------------------- I6: read models = the fold of facts

    def _read_model(
        self, service: Service, engine: Engine, projection: Projection
    ) -> Iterator[str]:
        newest: dict[str, Message] = {}
        wanted = projection.wanted()
        for record in self.log.of(projection.topic.name):
            if record.value is None:
                newest.pop((record.key or b"").decode(), None)
                continue
            kind = wanted.get(said_by(record).header("ce_type"))
            if kind is not None:
                fact = kind.model_validate_json(record.value)
                known = newest.get(fact.key)
                if known is None or getattr(fact, "version", 1) > getattr(known, "version", 0):
                    newest[fact.key] = fact
        expected = f"[{','.join(fact.model_dump_json() for fact in newest.values())}]"
        fold = f'json_populate_recordset(null::"{projection.name}", %(facts)s::json)'
        table = f'"{projection.name}"'
        columns = ", ".join(f'"{name}"' for name in columns_of(engine, projection.name))
        chosen = f"SELECT {columns} FROM"
        found = rows(
            engine,
            f"""
            SELECT 'lacks', * FROM ({chosen} {fold} EXCEPT {chosen} {table}) AS a UNION ALL
            SELECT 'should not have', * FROM ({chosen} {table} EXCEPT {chosen} {fold}) AS b
            """,
            {"facts": expected},
        )
        for what, *row in found:
            yield f"I6 {service.name}: {projection.name} {what} {row}"

    # ------------------------------------------------------------------- I7: versions without gaps

    def _versions(self) -> Iterator[str]:
        for name in sorted({place[0] for place in self.log.records}):
            sent: set[tuple[str, bytes | None]] = set()
            seen: dict[bytes | None, dict[int, set[bytes | None]]] = defaultdict(
                lambda: defaultdict(set)
            )
            for record in self.log.of(name):
                said = said_by(record)
                # What was sent again after a crash is known by its id, a tombstone too.
                if (again := (said.header("ce_id"), record.value)) in sent:
                    continue
                sent.add(again)
                if record.value is None:
                    seen.pop(record.key, None)
                    continue
                kind = MESSAGES.get(said.header("ce_type"))
                if kind is None or not issubclass(kind, Fact):
                    continue
                version = json.loads(record.value)["version"]
                versions = seen[record.key]
                if version not in versions and version != len(versions) + 1:
                    yield f"I7 {name} {record.key!r}: version {version} after {sorted(versions)}"
                versions[version].add(record.value)
            for key, versions in seen.items():
                for version, values in versions.items():
                    if len(values) > 1:
                        yield f"I7 {name} {key!r}: {len(values)} different versions {version}"

    # ------------------------------------------------------------------------------- dead letters

    def _dead_letters(self, service: Service, engine: Engine) -> Iterator[str]:
        """Exactly one for each bad record, with its bytes; and its row for the operator."""
        expected: dict[UUID, set[tuple[bytes | None, bytes | None]]] = defaultdict(set)
        good: set[UUID] = set()
        for item in self.understood[service.name]:
            if isinstance(item, Bad):
                expected[item.inbox_key].add((item.record.key, item.record.value))
            elif isinstance(item, Received):
                good.add(item.inbox_key)
        letters: dict[UUID, list[Said]] = defaultdict(list)
        for each, number in self.committed[service.name].items():
            if each.topic == topics.DEAD_LETTERS.name:
                record = StoredRecord(
                    each.header("dl_topic"),
                    int(each.header("dl_partition")),
                    int(each.header("dl_offset")),
                    self._timestamp(each),
                    each.key,
                    each.value,
                    [header for header in each.headers if not header[0].startswith("dl_")],
                )
                found = self._parse(service, record)
                if isinstance(found, Received | Bad):
                    letters[found.inbox_key].extend([each] * number)
                else:
                    yield f"dead letter of {service.name} without a bad record: {each.name}"
        for key in sorted(expected.keys() - letters.keys() - good):
            yield f"dead letter missing in {service.name}: {key}"
        for key, sent in letters.items():
            if len(sent) > 1:
                yield f"{len(sent)} dead letters for one record in {service.name}: {key}"
            if key in expected and (sent[0].key, sent[0].value) not in expected[key]:
                yield f"dead letter in {service.name} with other bytes: {key}"
        [(kept,)] = rows(engine, "SELECT count(*) FROM dead_letter")
        if kept != sum(map(len, letters.values())):
            yield f"{service.name} keeps {kept} dead letters and sent {len(letters)}"

    def _timestamp(self, letter: Said) -> int:
        place = (letter.header("dl_topic"), int(letter.header("dl_partition")))
        return self.log.records[place][int(letter.header("dl_offset"))].timestamp


# -------------------------------------------------------------------------------------- helpers


def _committed(engine: Engine) -> Counter[Said]:
    """What was ever committed to the outbox."""
    found = rows(engine, "SELECT topic, key, value, headers FROM audit_outbox ORDER BY id")
    return Counter(
        Said(topic, key, value, tuple(load_headers(headers)))
        for topic, key, value, headers in found
    )


def _wanted(service: Service) -> dict[str, type[Message]]:
    """The messages that a service handles or projects, by type."""
    found = dict(service.handlers.wanted())
    for projection in service.projects:
        found |= projection.wanted()
    return found


def _asks(item: Received[Any] | Tombstone | Bad, service: Service) -> Asked | None:
    """What must be answered, if it must."""
    if isinstance(item, Received) and isinstance(item.data, Incoming):
        return _asked(item.attributes)
    if isinstance(item, Bad) and item.attributes is not None:
        topic = service.topics[item.record.topic]
        if topic.incoming and item.attributes.source != f"urn:impulse:{service.name}":
            return _asked(item.attributes)
    return None


def _asked(attributes: Attributes) -> Asked:
    return attributes.source, attributes.id, attributes.attempt
