"""Which actor a first report speaks of: one that is known, a unit of one, or a new one."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from impulse_contracts.codes import LegalForm
from impulse_registry.domain import names, registers
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.records import Record


class Found(NamedTuple):
    """What a report was found to speak of.

    `actor` is the one that it describes, None for a new one; `bearer` the one that bears the new
    one; `units` are those that the new one bears, which were reported before it.
    """

    actor: Actor | None = None
    bearer: UUID | None = None
    units: tuple[Actor, ...] = ()


def find(
    record: Record,
    by_register: Sequence[Actor],
    by_number: Sequence[Actor],
    by_name: Sequence[Actor],
    *,
    is_borne: bool = False,
) -> Found:
    """What a record speaks of, that came under a name which is new to us.

    It is compared with the actors that share its register entry, its W-IdNr, or its name and
    place. One legal entity bears many actors: reports of it that state a unit or another type are
    of a unit, and so are those that name a bearer (`is_borne`); the others are of one and the
    same. By its name an actor is known only if no other has it and nothing else says that they are
    two.
    """
    numbered = [
        each
        for each in by_number
        if each not in by_register and not _differ(_entry(record), _entry(each))
    ]
    entity = [each for each in (*by_register, *numbered) if each.example == record.example]
    if entity:
        return _find_in_entity(record, entity, is_borne)
    if len(by_name) == 1 and not is_another(record, by_name[0]):
        return Found(by_name[0])
    return Found()


def is_another(record: Record, actor: Actor) -> bool:
    """Whether something says that an actor of the same name and place is not the one meant.

    That both are known to a register or by a number, and not by the same, is enough.
    """
    return (
        record.example != actor.example
        or _shares_source(record, actor)
        or _differ(_entry(record) or _number(record), _entry(actor) or _number(actor))
        or _differ(_form(record), _form(actor))
        or _other_type(record, actor)
    )


def _find_in_entity(record: Record, entity: Sequence[Actor], is_borne: bool) -> Found:
    bearers = [each for each in entity if each.unit is None and each.carrier_actor_id is None]
    others = [each for each in entity if each not in bearers]
    for each in (*bearers, *others):
        if _is_same(record, each, is_borne):
            return Found(each)
    if bearers:
        return Found(bearer=bearers[0].actor_id)
    borne = next((each.carrier_actor_id for each in entity if each.carrier_actor_id), None)
    if borne is None and record.unit is None and not is_borne:
        return Found(units=tuple(entity))
    return Found(bearer=borne)


def _is_same(record: Record, actor: Actor, is_borne: bool) -> bool:
    """Whether a record is of this actor of its legal entity, and not of a unit beside it."""
    if not _same_unit(record.unit, actor.unit) or _other_type(record, actor):
        return False
    if is_borne and record.unit is None and not _same_name(record, actor):
        return False
    return not _own_twin(record, actor)


def _own_twin(record: Record, actor: Actor) -> bool:
    """Whether one partner has two ids for what only a W-IdNr shows as one: offices of a city."""
    return _shares_source(record, actor) and not (_entry(record) and _entry(actor))


def _shares_source(record: Record, actor: Actor) -> bool:
    """Whether the same partner knows the actor under another id: to it they are two things."""
    assert record.source is not None
    return any(each.source == record.source.source for each in actor.sources)


def _other_type(record: Record, actor: Actor) -> bool:
    """Whether both state their type, and not the same."""
    return actor.states_its_type and _differ(record.actor_type, actor.actor_type)


def _same_unit(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    return names.core(one) == names.core(other)


def _same_name(record: Record, actor: Actor) -> bool:
    return names.core(record.legal_name) == names.core(actor.legal_name)


def _differ(one: object | None, other: object | None) -> bool:
    """Whether both are known, and not the same."""
    return one is not None and other is not None and one != other


def _entry(of: Record | Actor) -> str | None:
    entry = of.register_entry
    return registers.parse(entry.court, entry.number) if entry else None


def _form(of: Record | Actor) -> LegalForm | None:
    return of.legal_form or names.form(of.legal_name)


def _number(of: Record | Actor) -> str | None:
    return registers.w_idnr(of.w_idnr) if of.w_idnr else None
