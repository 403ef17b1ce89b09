"""The life of an actor: reported, registered, changed, archived, back again."""

from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.codes import (
    DEFAULT_TYPES,
    ActorKind,
    ActorStatus,
    ActorType,
    Carrier,
    LegalForm,
    SocietalTopic,
)
from impulse_contracts.partner import ActorProfile
from impulse_contracts.parts import RegisterEntry, Seat, Source
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import (
    ActorArchived,
    ActorDetailsChanged,
    ActorReactivated,
    ActorRegistered,
    ActorState,
)
from impulse_registry.domain.carrier import default_carrier
from impulse_registry.domain.geography import locate
from impulse_registry.domain.identity import IdentityKey


class Actor(Aggregate, key="actor_id"):
    """An organisation, whole; fields as in `ActorState`.

    `confirmed_at` is when that which stands was said. `changed_at` is when a person last changed
    it by a command: a report observed before that is late. A street is not kept: nobody needs it,
    and sole traders live where they work.
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
    merged_into: UUID | None = None
    confirmed_at: datetime
    changed_at: datetime | None = None

    @property
    def is_archived(self) -> bool:
        """Whether it is out of sight."""
        return self.status is ActorStatus.ARCHIVED

    def require_active(self) -> None:
        """Refuses with `wrong_state` when it is archived."""
        if self.is_archived:
            raise Refused(Reason.WRONG_STATE, state=(self.status.de, self.status.en))


# -------------------------------------------------------------------------------- reports


def is_late(actor: Actor | None, key: IdentityKey, observed_at: datetime) -> bool:
    """Whether something later is known than a report observed at `observed_at`."""
    return key.is_later(observed_at) or _changed_after(actor, observed_at)


def report(
    actor: Actor | None, key: IdentityKey, source: Source, profile: ActorProfile, at: datetime
) -> tuple[Actor, ...]:
    """The states that follow from a report, observed at `at`, that is not late.

    One that is new to us is registered, and archived at once if a withdrawal came before it that
    is not older. A known one takes on what the report says; an archived one is back unless its
    withdrawal is later. Empty if the report says nothing new.
    """
    described = describe(profile)
    if actor is None:
        new = Actor(
            version=1, actor_id=key.subject_id, sources=(source,), confirmed_at=at, **described
        )
        if key.withdrawn_at is None or key.withdrawn_at < at:
            return (new,)
        return new, archive(new, key.withdrawn_at)
    if source not in actor.sources:
        described["sources"] = (*actor.sources, source)
    if actor.is_archived and not key.withdrawn_after(at):
        described["status"] = ActorStatus.REGISTERED
    if all(getattr(actor, name) == value for name, value in described.items()):
        return ()
    return (actor.evolve(confirmed_at=at, **described),)


def withdraw(actor: Actor | None, key: IdentityKey, at: datetime) -> Actor | None:
    """The actor archived by a withdrawal observed at `at`; None if that changes nothing.

    It does not where the actor is unknown or archived, or something later is known.
    """
    if actor is None or actor.is_archived or is_late(actor, key, at):
        return None
    return archive(actor, at)


def _changed_after(actor: Actor | None, at: datetime) -> bool:
    return actor is not None and actor.changed_at is not None and at < actor.changed_at


# ------------------------------------------------------------------------------- commands


def register(actor_id: UUID, profile: ActorProfile, now: datetime) -> Actor:
    """An actor that no partner has reported."""
    return Actor(
        version=1, actor_id=actor_id, confirmed_at=now, changed_at=now, **describe(profile)
    )


def change(actor: Actor, profile: ActorProfile, now: datetime) -> Actor:
    """The actor with another profile. Raises `wrong_state` when it is archived."""
    actor.require_active()
    return actor.evolve(confirmed_at=now, changed_at=now, **describe(profile))


def archive(actor: Actor, at: datetime) -> Actor:
    """The actor out of sight."""
    return actor.evolve(status=ActorStatus.ARCHIVED, confirmed_at=at)


def archive_by_hand(actor: Actor, now: datetime) -> Actor:
    """The actor out of sight until it is reported anew. Raises `wrong_state` when it is already."""
    actor.require_active()
    return actor.evolve(status=ActorStatus.ARCHIVED, confirmed_at=now, changed_at=now)


# ------------------------------------------------------------------------------- the parts


def fact_of(before: Actor | None, after: Actor) -> type[ActorState]:
    """The kind of fact that turned `before` into `after`."""
    if before is None:
        return ActorRegistered
    if before.is_archived == after.is_archived:
        return ActorDetailsChanged
    return ActorArchived if after.is_archived else ActorReactivated


def describe(profile: ActorProfile) -> dict[str, Any]:
    """The fields of an actor that a profile sets, defaults filled in and the seat located."""
    actor_type = profile.actor_type or DEFAULT_TYPES[profile.kind]
    seat = profile.seat
    return {
        "kind": profile.kind,
        "actor_type": actor_type,
        "carrier": profile.carrier or default_carrier(profile.kind, actor_type, profile.legal_form),
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


@lru_cache(maxsize=10_000)
def located(postcode: str | None, city: str | None = None, ags: str | None = None) -> Seat:
    """A seat with its coordinates; `located_by` is None where the place is not known."""
    place = locate(postcode, city, ags)
    return Seat(
        postcode=place.postcode,
        city=place.city,
        ags=place.ags,
        latitude=place.latitude,
        longitude=place.longitude,
        located_by=place.located_by,
    )


def _given(text: str | None) -> str | None:
    return (text.strip() or None) if text else None
