"""What was said of an actor under one name, and which of it stands.

Every partner that reports an actor has one record of it, and so have the people who describe it by
hand. None is lost when they are taken together: what the actor is, is worked out from all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import Field

from impulse_contracts.codes import (
    DEFAULT_TYPES,
    ActorKind,
    ActorType,
    Carrier,
    IntakeChannel,
    LegalForm,
    SocietalTopic,
)
from impulse_contracts.message import Part
from impulse_contracts.partner import ActorProfile
from impulse_contracts.parts import Provenance, RegisterEntry, Seat, Source
from impulse_contracts.unchecked import with_defaults
from impulse_registry.domain.carrier import default_carrier
from impulse_registry.domain.places import located


class Record(Part):
    """A profile as it was stated, who said so and how; defaults are not filled in.

    `source` is None for what was said by hand; `recorded_by` is the person who entered that, and
    `said_on` when the party told them.
    `confirmed` says that the party itself stands for it, `confirmed_fields` for which fields
    of what others said. A street is not kept: nobody needs it, and sole traders live where they
    work.
    """

    source: Source | None = None
    channel: IntakeChannel = IntakeChannel.IMPORT
    recorded_by: UUID | None = None
    confirmed: bool = False
    confirmed_fields: tuple[str, ...] = ()
    said_on: date | None = None
    kind: ActorKind
    actor_type: ActorType | None = None
    carrier: Carrier | None = None
    unit: str | None = None
    legal_name: str
    display_name: str | None = None
    legal_form: LegalForm | None = None
    register_entry: Annotated[RegisterEntry | None, Field(alias="register")] = None
    w_idnr: str | None = None
    seat: Seat
    topics: tuple[SocietalTopic, ...] = ()
    icnpo_group: int | None = None
    size_class: str | None = None
    languages: tuple[str, ...] = ()
    website: str | None = None
    example: bool = False


FIELDS = tuple(
    name
    for name in Record.model_fields
    if name not in {"source", "channel", "recorded_by", "confirmed", "confirmed_fields", "said_on"}
)
"""The fields of a profile, in the order of a fact."""
_FROM_THE_FIRST = ("kind", "legal_name", "example")
_SAID = {"register_entry": "register"}
"""Fields that are called otherwise in messages."""
_FILLED = tuple(name for name in FIELDS if name not in {*_FROM_THE_FIRST, "seat"})
_CONFIRMABLE = tuple(name for name in FIELDS if name != "example")


class Heard(NamedTuple):
    """A record and when it was known to be so; `name` settles which of two comes first."""

    record: Record
    at: datetime
    name: str


def record_of(
    profile: ActorProfile,
    source: Source | None = None,
    channel: IntakeChannel = IntakeChannel.IMPORT,
    recorded_by: UUID | None = None,
    confirmed: bool = False,
    said_on: date | None = None,
) -> Record:
    """The record that a profile makes: blank texts left out, the seat located."""
    seat = profile.seat
    values = {
        "source": source,
        "channel": channel,
        "recorded_by": recorded_by,
        "confirmed": confirmed,
        "said_on": said_on,
        "kind": profile.kind,
        "actor_type": profile.actor_type,
        "carrier": profile.carrier,
        "unit": _given(profile.unit),
        "legal_name": profile.legal_name,
        "display_name": _given(profile.display_name),
        "legal_form": profile.legal_form,
        "register_entry": profile.register_entry,
        "w_idnr": _given(profile.w_idnr),
        "seat": located(seat.postcode, seat.city, seat.ags),
        "topics": profile.topics,
        "icnpo_group": profile.icnpo_group,
        "size_class": _given(profile.size_class),
        "languages": profile.languages,
        "website": _given(profile.website),
        "example": profile.example,
    }
    return with_defaults(Record, values)


def begins_unit(before: Record | None, now: Record | ActorProfile) -> bool:
    """Whether what spoke of a whole organisation speaks of a unit of it from now on."""
    return before is not None and before.unit is None and _given(now.unit) is not None


def standing(heard: Sequence[Heard]) -> dict[str, Any]:
    """The fields that stand, and what they rest on.

    What the party confirmed stands over what others say; else the later stands over the earlier,
    whoever said it. What the first leaves empty is filled by those after it. So the order in which
    records arrived does not matter.
    """
    ranked = sorted(heard, key=_rank, reverse=True) if len(heard) > 1 else heard
    first = ranked[0].record
    values: dict[str, Any] = {name: getattr(first, name) for name in _FROM_THE_FIRST}
    rests: list[list[str]] = [list(_FROM_THE_FIRST[:2])] + [[] for _ in ranked[1:]]
    for name in _FILLED:
        values[name] = getattr(first, name)
        for place, each in enumerate(ranked):
            found = getattr(each.record, name)
            if found is not None and found != ():
                values[name] = found
                rests[place].append(name)
                break
    place = next((i for i, each in enumerate(ranked) if each.record.seat.located_by), 0)
    values["seat"] = ranked[place].record.seat
    rests[place].append("seat")
    values["actor_type"] = values["actor_type"] or DEFAULT_TYPES[first.kind]
    values["carrier"] = values["carrier"] or default_carrier(
        first.kind, values["actor_type"], values["legal_form"]
    )
    values["provenance"] = tuple(
        part
        for each, fields in zip(ranked, rests, strict=True)
        for part in _provenance(each, fields)
    )
    return values


def confirmed(record: Record, stands: Mapping[str, Any]) -> Record:
    """The record with those fields confirmed by the party that say what `stands`."""
    fields = tuple(name for name in _CONFIRMABLE if _says(record, name, stands[name]))
    return record.model_copy(update={"confirmed_fields": fields})


def still_confirmed(record: Record, before: Record | None) -> Record:
    """The record with those fields confirmed that were so `before`, and say the same."""
    if before is None or not before.confirmed_fields:
        return record
    fields = (
        name for name in before.confirmed_fields if _says(record, name, getattr(before, name))
    )
    return record.model_copy(update={"confirmed_fields": tuple(fields)})


def _rank(heard: Heard) -> tuple[bool, datetime, bool, str]:
    record = heard.record
    return record.confirmed, heard.at, record.source is None, heard.name


def _provenance(heard: Heard, fields: list[str]) -> Iterator[Provenance]:
    """What the fields rest on: those that the party confirmed, and the others."""
    record = heard.record
    own = fields if record.confirmed else [x for x in fields if x in record.confirmed_fields]
    for by_party, its in ((True, own), (False, [x for x in fields if x not in own])):
        if its:
            values = {
                "fields": tuple(_SAID.get(name, name) for name in its),
                "source": record.source.source if record.source else None,
                "channel": record.channel,
                "at": heard.at,
                "confirmed": by_party,
                "said_on": record.said_on,
            }
            yield with_defaults(Provenance, values)


def _says(record: Record, name: str, value: object) -> bool:
    said = getattr(record, name)
    return said is not None and said != () and said == value


def _given(text: str | None) -> str | None:
    return (text.strip() or None) if text else None
