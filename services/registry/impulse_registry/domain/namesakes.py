"""Two organisations of one name in one place: which reports cannot tell them apart.

A report that has nothing but a name is taken for the one organisation that is known by it. Once
another one of that name shows, with a register entry of its own, nobody can tell any more whom
such reports meant: they stand by themselves again, until a broker says. A partner that says the
entry itself, and another one, meant somebody else all along.
"""

from collections.abc import Sequence
from uuid import UUID

from impulse_chassis.envelope import stable_uuid
from impulse_registry.domain import registers
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.naturalkeys import is_name, keys_of
from impulse_registry.domain.records import Record


def parted_id(name: str) -> UUID:
    """The id of the actor that stands under a name alone, once it is taken from another."""
    return stable_uuid("actor", name, "parted")


def may_be_parted(name: IdentityKey) -> bool:
    """Whether a report under this name says who it means by the name alone."""
    record = name.record
    return record is None or (record.source is not None and all(map(is_name, keys_of([record]))))


def means_another(record: Record, name: IdentityKey, known: Actor, said: list[IdentityKey]) -> bool:
    """Whether `record` shows that `name` was taken for a known actor by its name alone, wrongly.

    It states a register entry, and all that others `said` of that actor is another one.
    """
    entries = {_entry(each.record) for each in said if each.record and each.key != name.key}
    return (
        name.record is not None
        and may_be_parted(name)
        and not known.absorbed
        and _entry(record) is not None
        and bool(entries - {None})
        and _entry(record) not in entries
    )


def doubtful(record: Record, known: Actor, names: Sequence[IdentityKey]) -> list[IdentityKey]:
    """What was said of a known actor, and may be of the new one that `record` describes instead.

    Only where both have a register entry, and not the same: else they may be one. Where a broker
    has decided on the known one, that stands.
    """
    entries = {_entry(each.record) for each in names if each.record} - {None}
    if known.absorbed or _entry(record) is None or not entries or _entry(record) in entries:
        return []
    shared = keys_of([record])
    return [
        each
        for each in names
        if each.record
        and may_be_parted(each)
        and shared & keys_of([each.record])
        and parted_id(each.key) != known.actor_id
    ]


def _entry(record: Record) -> str | None:
    entry = record.register_entry
    return registers.parse(entry.court, entry.number) if entry else None
