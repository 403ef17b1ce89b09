"""The life of an actor: reported, registered, changed, archived, back again, one with another."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.codes import (
    ActorKind,
    ActorStatus,
    ActorType,
    Carrier,
    LegalForm,
    SocietalTopic,
    SuspensionReason,
)
from impulse_contracts.parts import (
    Evidence,
    Handover,
    InheritedEvidence,
    Provenance,
    RegisterEntry,
    Seat,
    Source,
)
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import (
    ActorArchived,
    ActorDetailsChanged,
    ActorMerged,
    ActorReactivated,
    ActorRegistered,
    ActorSeparated,
    ActorState,
)
from impulse_contracts.registry.life import ActorConfirmed
from impulse_contracts.unchecked import with_defaults
from impulse_registry.domain.evidence import is_verified
from impulse_registry.domain.identity import IdentityKey, actor_key, hand_key
from impulse_registry.domain.records import Heard, standing


class Actor(Aggregate, key="actor_id"):
    """An organisation, whole; fields as in `ActorState`.

    What it is, is worked out from what was said under all its names (`names`). `confirmed_at` is
    when the newest of that which stands was said. `changed_at` is when a person last changed it by
    a command.
    """

    actor_id: UUID
    status: ActorStatus = ActorStatus.REGISTERED
    kind: ActorKind
    actor_type: ActorType
    carrier: Carrier
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
    sources: tuple[Source, ...] = ()
    carrier_actor_id: UUID | None = None
    merged_into: UUID | None = None
    absorbed: tuple[UUID, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    inherited: InheritedEvidence | None = None
    needs_renewal: bool = False
    suspended_for: SuspensionReason | None = None
    in_charge: UUID | None = None
    handed_over: bool = False
    handovers: tuple[Handover, ...] = ()
    admitted_at: datetime | None = None
    service_area: tuple[str, ...] = ()
    confirmed_at: datetime
    changed_at: datetime | None = None
    reminded_at: datetime | None = None
    renewal_told: date | None = None
    due_at: datetime | None = None

    @property
    def is_archived(self) -> bool:
        """Whether it is out of sight."""
        return self.status is ActorStatus.ARCHIVED

    @property
    def is_merged(self) -> bool:
        """Whether another one goes on for it."""
        return self.status is ActorStatus.MERGED

    @property
    def names(self) -> tuple[str, ...]:
        """The natural keys of all that may have been said of it."""
        by_hand = (self.actor_id, *self.absorbed) if self.changed_at or self.absorbed else ()
        return (
            *(actor_key(each.source, each.external_id) for each in self.sources),
            *(hand_key(each) for each in by_hand),
        )

    @property
    def states_its_type(self) -> bool:
        """Whether somebody said what type of organisation it is; else it is the usual one."""
        return any("actor_type" in each.fields for each in self.provenance)

    def require_active(self) -> None:
        """Refuses with `wrong_state` when it is archived, or another one goes on for it."""
        if self.is_archived or self.is_merged:
            raise Refused(Reason.WRONG_STATE, state=(self.status.de, self.status.en))


# ------------------------------------------------------------------- what it is, from its names


def registered(
    actor_id: UUID, name: IdentityKey, at: datetime, bearer: UUID | None = None
) -> tuple[Actor, ...]:
    """The states of an actor of which something is said for the first time, under `name`.

    It is archived at once if a withdrawal came before that is not older.
    """
    assert name.record is not None and name.reported_at is not None
    source = name.record.source
    values = dict(
        version=1,
        actor_id=actor_id,
        sources=(source,) if source else (),
        carrier_actor_id=bearer,
        confirmed_at=name.reported_at,
        changed_at=None if source else at,
        **standing((Heard(name.record, name.reported_at, name.key),)),
    )
    new = with_defaults(Actor, values)
    if not name.gone:
        return (new,)
    return new, new.evolve(status=ActorStatus.ARCHIVED, confirmed_at=name.withdrawn_at)


def reworked(
    actor: Actor, names: Sequence[IdentityKey], at: datetime, **changes: object
) -> Actor | None:
    """The actor as that which was said under `names` has it; None if it is so already.

    `at` is when the newest of it was said. `changes` are made besides.
    """
    alive, gone = heard(names)
    values = standing(alive or gone)
    said = [each.record.source for each in names if each.record]
    known = {source for source in said if source}
    kept = [source for source in actor.sources if source in known]
    values["sources"] = (*kept, *(each for each in said if each and each not in kept))
    if not alive:
        values["status"] = ActorStatus.ARCHIVED
    elif actor.is_archived:
        values["status"] = back(actor)
    values |= changes
    if all(getattr(actor, name) == values[name] for name in values.keys() - {"provenance"}):
        return None
    return actor.evolve(confirmed_at=max(at, actor.confirmed_at), **values)


def heard(names: Sequence[IdentityKey]) -> tuple[list[Heard], list[Heard]]:
    """What was said under names and stands, and what was withdrawn."""
    alive: list[Heard] = []
    gone: list[Heard] = []
    for name in names:
        if name.record is not None and name.reported_at is not None:
            (gone if name.gone else alive).append(Heard(name.record, name.reported_at, name.key))
    return alive, gone


def fact_of(before: Actor | None, after: Actor) -> type[ActorState]:
    """The kind of fact that turned `before` into `after`."""
    if before is None:
        return ActorRegistered
    if before.is_merged != after.is_merged:
        return ActorMerged if after.is_merged else ActorSeparated
    if before.is_archived == after.is_archived:
        again = before.status is ActorStatus.STALE and after.status is not ActorStatus.STALE
        return ActorConfirmed if again else ActorDetailsChanged
    return ActorArchived if after.is_archived else ActorReactivated


def back(actor: Actor) -> ActorStatus:
    """The status of an actor that is heard of again.

    Verified while accepted evidence stands, its own or its bearer's; a suspension is lifted by
    staff alone.
    """
    if actor.suspended_for:
        return ActorStatus.SUSPENDED
    verified = is_verified(actor.evidence, actor.inherited)
    return ActorStatus.VERIFIED if verified else ActorStatus.REGISTERED
