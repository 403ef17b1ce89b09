"""Two organisations of one name in one place: which reports cannot tell them apart.

A report that has nothing but a name is taken for the one organisation that is known by it. Once
another one of that name shows, by its register entry or because a partner knows two, nobody can
tell any more whom such reports meant: they stand by themselves again, until a broker says. So it
does not matter in which order reports come. A partner that says the entry itself, and another one,
meant somebody else all along.
"""

from collections.abc import Sequence
from uuid import UUID

from impulse_chassis.envelope import stable_uuid
from impulse_registry.domain import registers
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.finding import is_another
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.naturalkeys import is_name, keys_of
from impulse_registry.domain.records import Record, begins_unit


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


def became_unit(record: Record, name: IdentityKey, known: Actor, said: list[IdentityKey]) -> bool:
    """Whether `record` shows that `name` stands for a unit of a known actor, and not for all of it.

    It begins to state a unit, and a partner's name is left that stands for the whole. Where a
    broker has decided on the known one, that stands.
    """
    others = [each.record for each in said if each.record and each.key != name.key]
    return (
        begins_unit(name.record, record)
        and not known.absorbed
        and any(each.source and each.unit is None for each in others)
    )


def doubtful(
    record: Record, actor: Actor, known: Actor, names: Sequence[IdentityKey]
) -> list[IdentityKey]:
    """What was said of a known actor by a name alone, and may be of another one of that name.

    `record` was just found to be of `actor`, and has the name, too. Another one there is where that
    says that it is not the known one, or where its partner knows the known one by that name under
    another id besides. Where a broker has decided on the known one, that stands.
    """
    shared = keys_of([record])
    named = [
        each
        for each in names
        if each.record and each.record.source != record.source and may_be_parted(each)
        if shared & keys_of([each.record])
    ]
    if known.absorbed or not (
        any(_partner(each.record) == _partner(record) for each in named)
        if known.actor_id == actor.actor_id
        else is_another(record, known)
    ):
        return []
    stays = names[:1] if len(named) == len(names) else []
    return [each for each in named if each not in stays and parted_id(each.key) != known.actor_id]


def _partner(record: Record | None) -> str | None:
    return record.source.source if record and record.source else None


def _entry(record: Record) -> str | None:
    entry = record.register_entry
    return registers.parse(entry.court, entry.number) if entry else None
