"""Aggregates in PostgreSQL: locked and read by ids, kept in the transaction, written in bulk.

A row's columns are the aggregate's fields, so that JSON is the whole mapping: PostgreSQL makes it
(`row_to_json`) and takes it (`jsonb_populate_recordset`), pydantic reads and writes it.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from psycopg import Cursor
from sqlalchemy import Column
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlmodel import SQLModel

from impulse_chassis.aggregate import Aggregate, Refused
from impulse_chassis.inbox import Conflict
from impulse_chassis.transaction import Transaction
from impulse_contracts.reasons import Reason

A = TypeVar("A", bound=Aggregate)
K = TypeVar("K", UUID, str)


@dataclass(slots=True)
class _Entry(Generic[A]):
    stored_version: int
    """The version in the table; 0 where there is no row."""
    current: A | None
    dirty: bool = False


Names = Callable[[A], Iterable[Hashable]]
"""What an aggregate is found by, as a function of the module: the people of an actor, say."""


class _Index:
    """The keys of what a transaction has loaded, by what the aggregates name."""

    def __init__(self) -> None:
        self.keys: dict[Hashable, set[Any]] = {}
        self._names: dict[Any, set[Hashable]] = {}
        self._seen = 0

    def follow(self, known: "_Known", names: Names[Any]) -> None:
        """Takes in what was loaded and put since it was last asked."""
        for key in known.touched[self._seen :]:
            current = known[key].current
            new = set() if current is None else set(names(current))
            for gone in self._names.get(key, set()) - new:
                self.keys[gone].discard(key)
            for name in new:
                self.keys.setdefault(name, set()).add(key)
            self._names[key] = new
        self._seen = len(known.touched)


class _Known(dict[Any, _Entry[Any]]):
    """What a transaction knows of one table, by key; `touched` are the keys in the order in which
    something was loaded or changed."""

    def __init__(self) -> None:
        super().__init__()
        self.touched: list[Any] = []
        self.indexes: dict[Names[Any], _Index] = {}


class Repository(Generic[A, K]):
    """The aggregates of one table.

    `table` is the SQLModel of the rows: each column is called like the field (or its alias) of
    `model`, whose key is the primary key. `subject` names one in refusals, in
    German (nominative) and English: `("Das Buch", "The book")`.
    """

    def __init__(
        self, table: type[SQLModel], model: type[A], subject: tuple[str, str] = ("Das", "It")
    ) -> None:
        self.model = model
        self.key = key = model.key_field
        self.subject = subject
        columns: list[Column[Any]] = list(table.__table__.columns)  # type: ignore[attr-defined]
        self.name = str(table.__table__.name)  # type: ignore[attr-defined]
        self._key_type = _sql_type(next(column for column in columns if column.name == key))
        written = [f'"{column.name}"' for column in columns if column.computed is None]
        updates = ", ".join(f"{column} = excluded.{column}" for column in written)
        self._select = f'SELECT row_to_json(t)::text FROM "{self.name}" AS t WHERE '
        self._order = f' ORDER BY t."{key}"'
        self._upsert = f"""
            INSERT INTO "{self.name}" AS t ({", ".join(written)})
            SELECT {", ".join(written)} FROM jsonb_populate_recordset(null::"{self.name}", %s)
            ON CONFLICT ("{key}") DO UPDATE SET {updates}
            WHERE (t."{key}", t.version) IN (
                SELECT * FROM unnest(%b::{self._key_type}[], %b::int[])
            )
        """
        self._delete = f'DELETE FROM "{self.name}" WHERE "{key}" = ANY(%b)'

    # -------------------------------------------------------------------------------- loading

    def lock(self, tx: Transaction, keys: Iterable[K]) -> None:
        """Loads aggregates for update, in key order: one statement. Those loaded are left alone."""
        self._load(tx, keys, " FOR UPDATE OF t")

    def read(self, tx: Transaction, keys: Iterable[K]) -> None:
        """Loads aggregates that will not be changed: one statement."""
        self._load(tx, keys, "")

    def read_again(self, tx: Transaction, keys: Iterable[K]) -> None:
        """As `read`, of those that were loaded before: somebody else may have changed them.

        Those not loaded, and what was put here, are left alone.
        """
        known = self._known(tx)
        stale = [key for key in keys if key in known and not known[key].dirty]
        for key in stale:
            del known[key]
        self._load(tx, stale, "")

    def _load(self, tx: Transaction, keys: Iterable[K], lock: str) -> None:
        known = self._known(tx)
        wanted = list(set(keys) - known.keys())
        if not wanted:
            return
        self.select(tx, f't."{self.key}" = ANY(%b)', (wanted,), lock=lock)
        for key in wanted:
            known.setdefault(key, _Entry(0, None))

    def select(
        self,
        tx: Transaction,
        where: str,
        parameters: tuple[object, ...] = (),
        lock: str = " FOR UPDATE OF t",
    ) -> list[A]:
        """Loads the aggregates that fulfil `where` (SQL over alias `t`); returns them as they are.

        One statement; for loaders, and only in a service's store. What this transaction has loaded
        before is not overwritten.
        """
        known = self._known(tx)
        cursor = tx.cursor()
        cursor.execute(self._select + where + self._order + lock, parameters)
        found = []
        for (text,) in cursor.fetchall():
            aggregate = self.model.model_validate_json(text)
            key = getattr(aggregate, self.key)
            if key not in known:
                known[key] = _Entry(aggregate.version, aggregate)
                known.touched.append(key)
            entry = known[key]
            if entry.current is not None:
                found.append(entry.current)
        return found

    def _known(self, tx: Transaction) -> _Known:
        known: _Known | None = tx.identity_map.get(self)
        if known is None:
            known = tx.identity_map[self] = _Known()
        return known

    # ------------------------------------------------------------------ for handlers: no statement

    def get(self, tx: Transaction, key: K) -> A | None:
        """The aggregate as it is now in this transaction; None where there is none.

        Raises LookupError when it was not loaded: the loader of the message forgot it.
        """
        try:
            return self._known(tx)[key].current
        except KeyError:
            raise LookupError(f"{self.name} {key} was not loaded by the message's loader") from None

    def require(self, tx: Transaction, key: K) -> A:
        """As `get`; refuses with `not_found` where there is none."""
        aggregate = self.get(tx, key)
        if aggregate is None:
            raise Refused(Reason.NOT_FOUND, subject=self.subject)
        return aggregate

    def loaded(self, tx: Transaction, where: Callable[[A], bool]) -> list[A]:
        """Those in this transaction that fulfil `where`, in key order."""
        found = [
            (key, entry.current)
            for key, entry in self._known(tx).items()
            if entry.current is not None and where(entry.current)
        ]
        return [aggregate for _, aggregate in sorted(found, key=lambda each: each[0])]

    def naming(self, tx: Transaction, names: Names[A], name: Hashable) -> list[A]:
        """Those in this transaction among whose `names` is `name`, in key order.

        As `loaded`, without looking at each of them: in a batch of 500 that is what counts.
        """
        known = self._known(tx)
        index = known.indexes.setdefault(names, _Index())
        index.follow(known, names)
        found = (known[key].current for key in sorted(index.keys.get(name, ()), key=_rank))
        return [each for each in found if each is not None]

    def put(self, tx: Transaction, aggregate: A) -> A:
        """Keeps the aggregate's next version; written when the batch ends. Returns it."""
        tx.changed()
        key = getattr(aggregate, self.key)
        known = self._known(tx)
        entry = known.get(key)
        if entry is None:
            raise LookupError(f"{self.name} {key} was not loaded by the message's loader")
        before = entry.current.version if entry.current else 0
        if aggregate.version != before + 1:
            raise ValueError(f"{self.name} {key} is at {before}, not before {aggregate.version}")
        entry.current = aggregate
        entry.dirty = True
        known.touched.append(key)
        return aggregate

    def remove(self, tx: Transaction, key: K) -> None:
        """Deletes the aggregate's row when the batch ends."""
        tx.changed()
        known = self._known(tx)
        entry = known[key]
        entry.current = None
        entry.dirty = True
        known.touched.append(key)

    # -------------------------------------------------------------------------------- writing

    def flush(self, tx: Transaction, cursor: Cursor[Any]) -> None:
        """Writes what was put and removed: at most two statements.

        Raises `Conflict` where a row is no longer what was loaded.
        """
        dirty = [(key, entry) for key, entry in self._known(tx).items() if entry.dirty]
        dirty.sort(key=lambda pair: _rank(pair[0]))
        put = [(key, entry) for key, entry in dirty if entry.current is not None]
        if put:
            rows = ",".join(entry.current.model_dump_json() for _, entry in put if entry.current)
            cursor.execute(
                self._upsert,
                (
                    f"[{rows}]",
                    [key for key, _ in put],
                    [entry.stored_version for _, entry in put],
                ),
            )
            if cursor.rowcount != len(put):
                raise Conflict
        removed = [key for key, entry in dirty if entry.current is None and entry.stored_version]
        if removed:
            cursor.execute(self._delete, (removed,))


_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


def _rank(key: UUID | str) -> int | str:
    """What a key is sorted by; numbers compare ten times as fast as UUIDs do."""
    return key if isinstance(key, str) else key.int


def _sql_type(column: "Column[Any]") -> str:
    return str(column.type.compile(dialect=_DIALECT))
