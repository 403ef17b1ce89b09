"""Read models: the newest state of other services' aggregates, in this service's database, and what
facts leave there for good.

Facts carry the whole state and a version, so a reader needs no inbox: the newest version of each
key wins, however often and in whatever order facts come. Only where tombstones delete, the inbox
keeps a fact that comes again from bringing back what is gone, and a tombstone that comes again from
taking away what came after it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from psycopg import Cursor
from pydantic_core import to_json
from sqlmodel import SQLModel

from impulse_chassis.envelope import Received
from impulse_contracts.message import MESSAGES, Fact, Message
from impulse_contracts.topics import Topic


class Projection:
    """Keeps `state` facts in `table`, whose columns are fields of the fact; tombstones delete."""

    def __init__(self, state: type[Fact] | type[Message], table: type[SQLModel]) -> None:
        self.state = state
        self.key = state.key_field
        self.topic: Topic = state.topic
        self.name = str(table.__table__.name)  # type: ignore[attr-defined]
        columns = [
            f'"{column.name}"'
            for column in table.__table__.columns  # type: ignore[attr-defined]
            if column.computed is None and not column.server_default
        ]
        updates = ", ".join(f"{column} = excluded.{column}" for column in columns)
        newer = " WHERE excluded.version > t.version" if '"version"' in columns else ""
        self._upsert = f"""
            INSERT INTO "{self.name}" AS t ({", ".join(columns)})
            SELECT {", ".join(columns)} FROM jsonb_populate_recordset(null::"{self.name}", %s)
            ON CONFLICT ("{self.key}") DO UPDATE SET {updates}{newer}
        """
        self._delete = f'DELETE FROM "{self.name}" WHERE "{self.key}"::text = ANY(%s)'

    def wanted(self) -> dict[str, type[Message]]:
        """The messages that this projection keeps, by type."""
        return {
            name: message for name, message in MESSAGES.items() if issubclass(message, self.state)
        }

    def take(
        self, cursor: Cursor[Any], changes: Iterable[tuple[str, Received[Any] | None]]
    ) -> None:
        """As `apply`, with facts as they were received."""
        self.apply(cursor, ((key, each.data if each else None) for key, each in changes))

    def apply(self, cursor: Cursor[Any], changes: Iterable[tuple[str, Message | None]]) -> None:
        """Keeps what `changes` (key and fact, None for a tombstone) say: two statements at most."""
        newest: dict[str, Message | None] = {}
        gone: set[str] = set()
        for key, fact in changes:
            known = newest.get(key)
            if known is None or fact is None or _version(fact) >= _version(known):
                newest[key] = fact
            if fact is None:
                gone.add(key)
        if gone:
            # Those that came back after their tombstone too: their versions begin anew.
            cursor.execute(self._delete, (sorted(gone),))
        rows = [fact.model_dump_json() for _, fact in sorted(newest.items()) if fact is not None]
        if rows:
            cursor.execute(self._upsert, (f"[{','.join(rows)}]",))


class Recording(Projection):
    """Keeps what `of` makes of each message, a row that nobody changes: facts that come again, in
    whatever order, find theirs there. `of` gives None for a fact that leaves nothing."""

    def __init__(
        self,
        state: type[Fact] | type[Message],
        table: type[SQLModel],
        of: Callable[[Received[Any]], dict[str, Any] | None],
    ) -> None:
        super().__init__(state, table)
        self.of = of
        columns = list(table.__table__.columns)  # type: ignore[attr-defined]
        self.keys = [str(column.name) for column in columns if column.primary_key]
        names = ", ".join(f'"{column.name}"' for column in columns)
        self._insert = f"""
            INSERT INTO "{self.name}" ({names})
            SELECT {names} FROM jsonb_populate_recordset(null::"{self.name}", %s)
            ON CONFLICT DO NOTHING
        """

    def take(
        self, cursor: Cursor[Any], changes: Iterable[tuple[str, Received[Any] | None]]
    ) -> None:
        """Adds the rows that are new: one statement."""
        made = (self.of(received) for _, received in changes if received is not None)
        rows: dict[tuple[str, ...], dict[str, Any]] = {}
        for row in made:
            if row is not None:
                # The first stays, as it does where both come one after the other.
                rows.setdefault(tuple(str(row[key]) for key in self.keys), row)
        if rows:
            # Always in the same order: another replica may add some of them at the same time.
            ordered = [row for _, row in sorted(rows.items())]
            cursor.execute(self._insert, (to_json(ordered).decode(),))


def _version(fact: Message) -> int:
    return int(getattr(fact, "version", 0) or 0)


def project(state: type[Fact] | type[Message], *, into: type[SQLModel]) -> Projection:
    """`project(ActorState, into=ActorRow)`: keep the newest state of each key of a topic."""
    return Projection(state, into)


def record(
    state: type[Fact] | type[Message],
    *,
    into: type[SQLModel],
    of: Callable[[Received[Any]], dict[str, Any] | None],
) -> Recording:
    """`record(BookingFact, into=EvidenceRow, of=row)`: keep a row of every fact, for good."""
    return Recording(state, into, of)
