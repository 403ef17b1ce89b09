"""Natural keys: what tells that two reports speak of one organisation, whoever sends them.

A register entry and a Wirtschafts-Identifikationsnummer name the legal entity. A name at a place is
weaker: it decides only where nothing else says otherwise (`likeness` is for all that is weaker).
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Self
from uuid import UUID

from impulse_chassis.aggregate import Aggregate
from impulse_contracts.parts import RegisterEntry
from impulse_registry.domain import names, registers
from impulse_registry.domain.records import Record

CROWDED = 12
"""So many actors of one name and place are no help to know one by it; more are not kept."""


class NaturalKey(Aggregate, key="key"):
    """A key and the actors that it speaks of; `crowded` once there were too many of them."""

    key: str
    holders: tuple[UUID, ...] = ()
    crowded: bool = False

    def with_holder(self, actor_id: UUID) -> Self:
        """The key speaking of this actor, too; the same object if it does already."""
        if actor_id in self.holders or self.crowded:
            return self
        if len(self.holders) >= CROWDED and self.key.startswith("name/"):
            return self.evolve(holders=(), crowded=True)
        return self.evolve(holders=(*self.holders, actor_id))

    def without_holder(self, actor_id: UUID) -> Self:
        """The key not speaking of this actor; the same object if it never did."""
        if actor_id not in self.holders:
            return self
        return self.evolve(holders=tuple(each for each in self.holders if each != actor_id))


def keys_of(records: Iterable[Record]) -> set[str]:
    """The natural keys of records."""
    return {
        key
        for each in records
        for key in keys_in(each.legal_name, each.register_entry, each.w_idnr, each.seat.ags)
    }


def keys_in(
    legal_name: str, entry: RegisterEntry | None, w_idnr: str | None, ags: str | None
) -> tuple[str, ...]:
    """The natural keys in a profile, the strongest first."""
    court, number = (entry.court, entry.number) if entry else (None, None)
    return _keys(legal_name, court, number, w_idnr, ags)


@lru_cache(maxsize=5_000)
def _keys(
    legal_name: str, court: str | None, number: str | None, w_idnr: str | None, ags: str | None
) -> tuple[str, ...]:
    entry = registers.parse(court, number) if court and number else None
    entity = registers.w_idnr(w_idnr) if w_idnr else None
    core = names.core(legal_name) if ags else None
    return (
        *((f"register/{entry}",) if entry else ()),
        *((f"w_idnr/{entity}",) if entity else ()),
        *((f"name/{core}|{ags}",) if core else ()),
    )


def is_name(key: str) -> bool:
    """Whether a key is a name at a place; else it names a legal entity."""
    return key.startswith("name/")


def bearer_key(source: str, external_id: str) -> str:
    """Under which the units wait whose bearer a partner, `source`, knows as `external_id`."""
    return f"bearer/{source.replace('|', '%7C')}|{external_id}"
