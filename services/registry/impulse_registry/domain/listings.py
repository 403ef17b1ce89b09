"""The life of an offer or a need: published, confirmed, stale, closed, withdrawn."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any, TypeVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.codes import (
    Accessibility,
    ActorKind,
    Direction,
    ListingStatus,
    PlaceMode,
    Requirement,
    ResourceCategory,
    SocietalTopic,
)
from impulse_contracts.message import Part
from impulse_contracts.partner import ListingContent
from impulse_contracts.parts import CounterOffer, Place, Quantity, Source, TeamSize, Time
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.listings import (
    ListingChanged,
    ListingClosed,
    ListingMarkedStale,
    ListingPublished,
    ListingState,
    ListingWithdrawnFact,
)
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.places import located

P = TypeVar("P", bound=Part)

BERLIN = ZoneInfo("Europe/Berlin")
"""Days of listings begin and end in the Ruhr area."""
VISIBLE = frozenset({ListingStatus.OPEN, ListingStatus.STALE})


class Listing(Aggregate, key="listing_id"):
    """An offer or a need, whole; fields as in `ListingState`.

    `confirmed_at` is when that which stands was said. `changed_at` is when a person last changed
    it by a command: a report observed before that is late.
    """

    listing_id: UUID
    actor_id: UUID
    status: ListingStatus = ListingStatus.OPEN
    direction: Direction
    title: str
    description: str = ""
    resource_category: ResourceCategory
    skills: tuple[str, ...] = ()
    quantity: Quantity | None = None
    team_size: TeamSize | None = None
    time: Time = Time()
    place: Place = Place()
    topics: tuple[SocietalTopic, ...] = ()
    target_groups: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    accessibility: tuple[Accessibility, ...] = ()
    counter_offers: tuple[CounterOffer, ...] = ()
    valid_until: date | None = None
    example: bool = False
    sources: tuple[Source, ...] = ()
    confirmed_at: datetime
    changed_at: datetime | None = None

    def require(self, *allowed: ListingStatus) -> None:
        """Refuses with `wrong_state` unless its status is one of `allowed`."""
        if self.status not in allowed:
            raise Refused(Reason.WRONG_STATE, state=(self.status.de, self.status.en))


# -------------------------------------------------------------------------------- reports


def is_late(listing: Listing | None, key: IdentityKey, observed_at: datetime) -> bool:
    """Whether something later is known than a report observed at `observed_at`."""
    changed_at = listing.changed_at if listing else None
    return key.is_later(observed_at) or (changed_at is not None and observed_at < changed_at)


def report(
    listing: Listing | None,
    key: IdentityKey,
    source: Source,
    content: ListingContent,
    actor: Actor,
    at: datetime,
    status: ListingStatus,
) -> tuple[Listing, ...]:
    """The states that follow from a report, observed at `at`, that is not late.

    `status` is what time makes of it (`status_at`). One that is new to us is published, and goes
    on at once to `status`, or to withdrawn if a withdrawal came before it that is not older. A
    known one takes on what the report says and is open again, unless its withdrawal is later.
    Empty if the report says nothing new. Raises `wrong_state` when the actor is archived.
    """
    actor.require_active()
    described = describe(content, actor)
    if listing is None:
        new = Listing(
            version=1,
            listing_id=key.subject_id,
            actor_id=actor.actor_id,
            sources=(source,),
            confirmed_at=at,
            **described,
        )
        if key.withdrawn_at is not None and key.withdrawn_at >= at:
            status = ListingStatus.WITHDRAWN
        return _passing(new, status)
    if key.withdrawn_after(at):
        status = ListingStatus.WITHDRAWN
    described |= {"actor_id": actor.actor_id, "status": status}
    if source not in listing.sources:
        described["sources"] = (*listing.sources, source)
    if all(getattr(listing, name) == value for name, value in described.items()):
        return ()
    return (listing.evolve(confirmed_at=at, **described),)


def withdraw(listing: Listing | None, key: IdentityKey, at: datetime) -> Listing | None:
    """The listing taken back by a withdrawal observed at `at`; None if that changes nothing.

    It does not where the listing is unknown or withdrawn, or something later is known.
    """
    if listing is None or listing.status is ListingStatus.WITHDRAWN or is_late(listing, key, at):
        return None
    return listing.evolve(status=ListingStatus.WITHDRAWN, confirmed_at=at)


def withdraw_with_actor(listing: Listing) -> Listing:
    """The listing taken back because its actor was archived."""
    return listing.evolve(status=ListingStatus.WITHDRAWN)


# ------------------------------------------------------------------------------- commands


def publish(
    listing_id: UUID, content: ListingContent, actor: Actor, now: datetime, status: ListingStatus
) -> tuple[Listing, ...]:
    """A listing that no partner has reported, and what time makes of it (`status`).

    Raises `wrong_state` when the actor is archived.
    """
    actor.require_active()
    new = Listing(
        version=1,
        listing_id=listing_id,
        actor_id=actor.actor_id,
        confirmed_at=now,
        changed_at=now,
        **describe(content, actor),
    )
    return _passing(new, status)


def change(
    listing: Listing, content: ListingContent, actor: Actor, now: datetime, status: ListingStatus
) -> Listing:
    """The listing with other content, confirmed; `status` is what time makes of it.

    Raises `wrong_state` when it is withdrawn or its actor archived.
    """
    listing.require(*VISIBLE, ListingStatus.CLOSED)
    actor.require_active()
    return listing.evolve(
        status=status, confirmed_at=now, changed_at=now, **describe(content, actor)
    )


def withdraw_by_hand(listing: Listing, now: datetime) -> Listing:
    """The listing taken back. Raises `wrong_state` when it is withdrawn or closed."""
    listing.require(*VISIBLE)
    return listing.evolve(status=ListingStatus.WITHDRAWN, confirmed_at=now, changed_at=now)


# ----------------------------------------------------------------------------------- time


def status_at(
    now: datetime, valid_until: date | None, confirmed_at: datetime, stale_after: timedelta
) -> ListingStatus:
    """What time makes of a listing: closed after its last day, stale when long not confirmed."""
    if valid_until is not None and now >= end_of(valid_until):
        return ListingStatus.CLOSED
    return ListingStatus.OPEN if now < confirmed_at + stale_after else ListingStatus.STALE


def last_confirmed(listing: Listing, heard: Iterable[IdentityKey]) -> datetime:
    """When a listing was last confirmed, also by reports that said nothing new."""
    reports = (key.reported_at for key in heard)
    return max([listing.confirmed_at, *(at for at in reports if at is not None)])


def next_check(listing: Listing, confirmed_at: datetime, stale_after: timedelta) -> datetime | None:
    """When time changes the listing's status next, if nobody confirms it; None: never."""
    if listing.status not in VISIBLE:
        return None
    ends = [] if listing.valid_until is None else [end_of(listing.valid_until)]
    if listing.status is ListingStatus.OPEN:
        ends.append(confirmed_at + stale_after)
    return min(ends, default=None)


def end_of(day: date) -> datetime:
    """The end of a day in the Ruhr area."""
    return datetime.combine(day + timedelta(days=1), clock.min, BERLIN)


# ------------------------------------------------------------------------------- the parts


def _passing(new: Listing, status: ListingStatus) -> tuple[Listing, ...]:
    """A listing as it is published, open, and then as it is."""
    return (new,) if status is new.status else (new, new.evolve(status=status))


_FACT_OF_STATUS: dict[ListingStatus, type[ListingState]] = {
    ListingStatus.OPEN: ListingChanged,
    ListingStatus.STALE: ListingMarkedStale,
    ListingStatus.CLOSED: ListingClosed,
    ListingStatus.WITHDRAWN: ListingWithdrawnFact,
}


def fact_of(before: Listing | None, after: Listing) -> type[ListingState]:
    """The kind of fact that turned `before` into `after`."""
    if before is None:
        return ListingPublished
    return ListingChanged if before.status is after.status else _FACT_OF_STATUS[after.status]


def describe(content: ListingContent, actor: Actor) -> dict[str, Any]:
    """The fields of a listing that its content sets; place and example flag as the actor's."""
    return {
        "direction": content.direction,
        "title": content.title,
        "description": content.description,
        "resource_category": content.resource_category,
        "skills": content.skills,
        "quantity": None if content.quantity is None else _plain(Quantity, content.quantity),
        "team_size": content.team_size,
        "time": _plain(Time, content.time),
        "place": place_of(content, actor),
        "topics": content.topics,
        "target_groups": content.target_groups,
        "requirements": content.requirements,
        "accessibility": content.accessibility,
        "counter_offers": tuple(_plain(CounterOffer, offer) for offer in content.counter_offers),
        "valid_until": content.valid_until,
        "example": actor.example,
    }


def place_of(content: ListingContent, actor: Actor) -> Place:
    """Where it happens: at the postcode that it names, else at its actor's seat; online nowhere."""
    place = content.place
    if place is None:
        company = actor.kind is ActorKind.COMPANY
        mode = PlaceMode.AT_COMPANY if company else PlaceMode.AT_NONPROFIT
        return _at(mode, actor, None, None)
    if place.mode is PlaceMode.ONLINE:
        return Place(mode=place.mode)
    return _at(place.mode, actor, (place.postcode or "").strip() or None, place.max_distance_km)


def _at(mode: PlaceMode, actor: Actor, postcode: str | None, reach: float | None) -> Place:
    spot = located(postcode) if postcode else actor.seat
    return Place(
        mode=mode,
        postcode=spot.postcode,
        ags=spot.ags,
        latitude=spot.latitude,
        longitude=spot.longitude,
        max_distance_km=reach,
    )


def _plain(kind: type[P], reported: P) -> P:
    """A reported part as facts have it: equal to what is read back from the database."""
    construct: Any = kind.model_construct
    return cast(P, construct(None, **dict(reported)))
