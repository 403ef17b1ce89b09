"""What the databases of a simulation hold, and what was ever committed to them."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Engine

from impulse_chassis.database import reading
from impulse_chassis.envelope import StoredRecord
from tests.simulation.stage import Stage

CHASSIS_TABLES = [
    "inbox",
    "outbox",
    "outbox_parked",
    "timer",
    "waiting",
    "dead_letter",
    "paused_partition",
    "alembic_version",
    "alembic_version_chassis",
    "audit_outbox",
    "audit_inbox",
]


def open_books(engine: Engine) -> None:
    """From now on the database notes what is committed to its outbox and its inbox."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            """
            CREATE TABLE IF NOT EXISTS audit_outbox (
                id bigint, topic text, key bytea, value bytea, headers text
            );
            CREATE TABLE IF NOT EXISTS audit_inbox (key uuid, outcome text);
            CREATE OR REPLACE FUNCTION note_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO audit_outbox
                VALUES (new.id, new.topic, new.key, new.value, new.headers);
                RETURN NULL;
            END $$;
            CREATE OR REPLACE FUNCTION note_inbox() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO audit_inbox VALUES (new.key, new.outcome);
                RETURN NULL;
            END $$;
            CREATE OR REPLACE TRIGGER note AFTER INSERT ON outbox
            FOR EACH ROW EXECUTE FUNCTION note_outbox();
            CREATE OR REPLACE TRIGGER note AFTER INSERT ON inbox
            FOR EACH ROW EXECUTE FUNCTION note_inbox();
            """
        )


@dataclass(frozen=True)
class Said:
    """A record, from an outbox or from the log."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]

    def header(self, name: str) -> str:
        """The last header of that name, or nothing."""
        return (dict(self.headers).get(name) or b"").decode("utf-8", "replace")

    @property
    def name(self) -> str:
        """What it is, for people."""
        return f"{self.topic} {self.header('ce_type')} {self.header('ce_id')} key {self.key!r}"


def said_by(record: StoredRecord) -> Said:
    """What a record of the log says."""
    return Said(record.topic, record.key, record.value, tuple(record.headers))


def rows(
    engine: Engine, statement: str, values: Mapping[str, object] | None = None
) -> list[tuple[Any, ...]]:
    """What a statement finds; `values` are its parameters, by name."""
    with reading(engine) as driver:
        return driver.execute(statement, values).fetchall()


@cache
def columns_of(engine: Engine, table: str) -> list[str]:
    """The columns that a projection fills; json can't be compared, jsonb can."""
    found = rows(
        engine,
        """
        SELECT column_name FROM information_schema.columns
        WHERE table_name = %(table)s AND is_generated = 'NEVER' AND column_default IS NULL
          AND data_type <> 'json'
        """,
        {"table": table},
    )
    return [name for (name,) in found]


@cache
def tables_of(engine: Engine) -> list[str]:
    """Those of the service itself, not of its chassis."""
    found = rows(engine, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [name for (name,) in found if name not in CHASSIS_TABLES]


Normal = Callable[[str, str, dict[str, Any]], dict[str, Any] | None]
"""Makes a row (of service and table) comparable between runs; None leaves it out."""


def state(services: Stage, normal: Normal = lambda _, __, row: row) -> dict[str, list[str]]:
    """What all tables of the services hold, in an order of its own."""
    found: dict[str, list[str]] = {}
    for service, engine in services:
        tables = tables_of(engine)
        held = rows(
            engine,
            " UNION ALL ".join(
                f"SELECT '{name}', to_jsonb(t) FROM \"{name}\" AS t" for name in tables
            ),
        )
        kept: dict[str, list[str]] = {name: [] for name in tables}
        for table, row in held:
            if (same := normal(service.name, table, row)) is not None:
                kept[table].append(json.dumps(same, sort_keys=True))
        found |= {f"{service.name}.{table}": sorted(each) for table, each in kept.items()}
    return found


def differences(one: Mapping[str, list[str]], other: Mapping[str, list[str]]) -> list[str]:
    """What two final states disagree about."""
    found = []
    for name in sorted(one.keys() | other.keys()):
        here, there = Counter(one.get(name, ())), Counter(other.get(name, ()))
        found += [f"{name}: only in a quiet run: {row}" for row in (here - there).elements()]
        found += [f"{name}: only with faults: {row}" for row in (there - here).elements()]
    return found
