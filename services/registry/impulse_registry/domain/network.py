"""The network of intermediaries: who is admitted, where each helps, who is in charge of whom.

The most specific area decides: a municipality before its district; of several with the same area
whoever was admitted first. Where nobody helps the programme operator is in charge (None). A
decision on one actor stands over the areas while the intermediary it names is in the network.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from impulse_chassis.aggregate import Refused
from impulse_contracts.codes import ActorStatus
from impulse_contracts.parts import Handover
from impulse_contracts.reasons import Reason
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.geography import is_area
from impulse_registry.domain.listings import Listing

COUNTING = frozenset({ActorStatus.REGISTERED, ActorStatus.VERIFIED, ActorStatus.STALE})
"""Intermediaries in other states help nobody."""
HISTORY = 20
"""So many handovers are kept with an actor or listing."""


@dataclass(frozen=True, slots=True)
class Intermediary:
    """A member of the network that counts."""

    actor_id: UUID
    admitted_at: datetime
    service_area: tuple[str, ...]


@dataclass(frozen=True)
class Network:
    """The intermediaries that count."""

    members: tuple[Intermediary, ...] = ()

    @cached_property
    def _by_area(self) -> dict[str, list[UUID]]:
        found: dict[str, list[UUID]] = {}
        for member in sorted(self.members, key=lambda each: (each.admitted_at, each.actor_id)):
            for area in member.service_area:
                found.setdefault(area, []).append(member.actor_id)
        return found

    @cached_property
    def _ids(self) -> frozenset[UUID]:
        return frozenset(member.actor_id for member in self.members)

    def __contains__(self, actor_id: UUID | None) -> bool:
        return actor_id in self._ids

    def helping_at(self, ags: str | None, *, but: UUID | None = None) -> UUID | None:
        """Who helps in a municipality; `but` is not asked. None: the programme operator."""
        for area in (ags, ags[:5]) if ags else ():
            for actor_id in self._by_area.get(area, ()):
                if actor_id != but:
                    return actor_id
        return None

    def in_charge_of(self, actor: Actor) -> tuple[UUID | None, bool]:
        """Who is in charge of an actor, and whether that was decided. Nobody is of themselves."""
        if actor.handed_over and actor.in_charge in self:
            return actor.in_charge, True
        return self.helping_at(actor.seat.ags, but=actor.actor_id), False


def placed(actor: Actor, network: Network, now: datetime, *, known: bool) -> Actor:
    """A state with the intermediary that is in charge of it; the same version.

    That it passed from one to another is history, unless the actor is not `known` yet.
    """
    in_charge, decided = network.in_charge_of(actor)
    if in_charge == actor.in_charge and decided == actor.handed_over:
        return actor
    changes: dict[str, object] = {"in_charge": in_charge, "handed_over": decided}
    if known and in_charge != actor.in_charge:
        changes["handovers"] = _history(actor.handovers, actor.in_charge, in_charge, now, True)
    return actor.model_copy(update=changes)


def follow(actor: Actor, network: Network, now: datetime) -> Actor | None:
    """The actor's next version if another is in charge of it now."""
    after = placed(actor, network, now, known=True)
    return None if after is actor else after.evolve()


def hand_over(actor: Actor, to: UUID | None, network: Network, now: datetime) -> Actor:
    """The actor with somebody in charge by decision, or (None) as the areas say.

    Raises `not_admitted` for one that is not in the network, or the actor itself.
    """
    actor.require_active()
    _demand_admitted(to, network, itself=actor.actor_id)
    target = network.helping_at(actor.seat.ags, but=actor.actor_id) if to is None else to
    return actor.evolve(
        in_charge=target,
        handed_over=to is not None,
        handovers=_history(actor.handovers, actor.in_charge, target, now, False),
    )


def hand_over_listing(
    listing: Listing, to: UUID | None, network: Network, now: datetime
) -> Listing:
    """The listing with somebody in charge by decision, or (None) as its actor."""
    _demand_admitted(to, network, itself=listing.actor_id)
    return listing.evolve(
        in_charge=to, handovers=_history(listing.handovers, listing.in_charge, to, now, False)
    )


def given_back(listing: Listing, now: datetime) -> Listing:
    """The listing in the hands of whoever is in charge of its actor, as nobody else is any more."""
    return listing.evolve(
        in_charge=None, handovers=_history(listing.handovers, listing.in_charge, None, now, True)
    )


def admit(actor: Actor, areas: Iterable[str], now: datetime) -> Actor:
    """The actor as an intermediary; one that is one already keeps its date.

    Raises `wrong_state` when it is not alive, `unknown_area`.
    """
    if actor.status not in COUNTING:
        raise Refused(Reason.WRONG_STATE, state=(actor.status.de, actor.status.en))
    return actor.evolve(admitted_at=actor.admitted_at or now, service_area=_checked(areas))


def set_area(actor: Actor, areas: Iterable[str]) -> Actor:
    """The intermediary with another area. Raises `not_admitted`, `unknown_area`."""
    _demand_member(actor)
    return actor.evolve(service_area=_checked(areas))


def end_admission(actor: Actor) -> Actor:
    """The actor as no intermediary any more. Raises `not_admitted`."""
    _demand_member(actor)
    return actor.evolve(admitted_at=None, service_area=())


def counts(actor: Actor | None) -> bool:
    """Whether it is an intermediary that helps somebody."""
    return actor is not None and actor.admitted_at is not None and actor.status in COUNTING


def is_other(before: Actor, after: Actor) -> bool:
    """Whether the network is another by this change of an actor."""
    return (counts(before), before.service_area) != (counts(after), after.service_area)


def _demand_member(actor: Actor) -> None:
    if actor.admitted_at is None:
        raise Refused(Reason.NOT_ADMITTED, subject=("Die Organisation", "The actor"))


def _demand_admitted(to: UUID | None, network: Network, *, itself: UUID) -> None:
    if to is not None and (to == itself or to not in network):
        raise Refused(Reason.NOT_ADMITTED, subject=("Die Organisation", "The actor"))


def _checked(areas: Iterable[str]) -> tuple[str, ...]:
    """The keys, once each and in order. Raises `unknown_area`."""
    found = sorted(set(areas))
    for key in found:
        if not is_area(key):
            raise Refused(Reason.UNKNOWN_AREA, detail=key)
    return tuple(found)


def _history(
    before: Sequence[Handover],
    given_by: UUID | None,
    taken_by: UUID | None,
    now: datetime,
    by_rule: bool,
) -> tuple[Handover, ...]:
    handover = Handover(at=now, given_by=given_by, taken_by=taken_by, by_rule=by_rule)
    return (*before, handover)[-HISTORY:]
