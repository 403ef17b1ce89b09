"""The life of an offer or a need: published, confirmed, stale, closed, withdrawn; or a template."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.codes import (
    Accessibility,
    ActorStatus,
    CcInstrument,
    CvFormat,
    CvMode,
    Direction,
    ListingStatus,
    Requirement,
    ResourceCategory,
    SocietalTopic,
    Visibility,
    WorktimeBasis,
)
from impulse_contracts.partner import ListingContent
from impulse_contracts.parts import (
    Costs,
    CounterOffer,
    Handover,
    OnBehalf,
    Place,
    Quantity,
    Source,
    TeamSize,
    Time,
)
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.listings import (
    ListingChanged,
    ListingClosed,
    ListingMarkedStale,
    ListingPublished,
    ListingReminded,
    ListingState,
    ListingWithdrawnFact,
)
from impulse_registry.domain import free_text
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.content import describe
from impulse_registry.domain.identity import IdentityKey, hand_key, listing_key

VISIBLE = frozenset({ListingStatus.OPEN, ListingStatus.STALE})


class Listing(Aggregate, key="listing_id"):
    """An offer or a need, whole; fields as in `ListingState`.

    `with_actor` says that it is withdrawn only because its actor was. `confirmed_at` is when that
    which stands was said, `confirm_by` set while its actor is reminded
    of it: whatever confirms it takes that away. `changed_at` is when a person last changed
    or confirmed it by a command: a report observed before that is late.
    """

    listing_id: UUID
    actor_id: UUID
    status: ListingStatus = ListingStatus.OPEN
    direction: Direction
    title: str
    description: str = ""
    resource_category: ResourceCategory
    skills: tuple[str, ...] = ()
    cv_format: CvFormat | None = None
    cv_mode: CvMode | None = None
    cc_instrument: CcInstrument | None = None
    worktime_basis: WorktimeBasis | None = None
    quantity: Quantity | None = None
    team_size: TeamSize | None = None
    time: Time = Time()
    place: Place = Place()
    topics: tuple[SocietalTopic, ...] = ()
    target_groups: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    accessibility: tuple[Accessibility, ...] = ()
    costs: Costs | None = None
    counter_offers: tuple[CounterOffer, ...] = ()
    visibility: Visibility = Visibility.PUBLIC
    valid_until: date | None = None
    example: bool = False
    sources: tuple[Source, ...] = ()
    on_behalf: OnBehalf | None = None
    in_charge: UUID | None = None
    handovers: tuple[Handover, ...] = ()
    with_actor: bool = False
    confirmed_at: datetime
    confirm_by: datetime | None = None
    changed_at: datetime | None = None

    def require(self, *allowed: ListingStatus) -> None:
        """Refuses with `wrong_state` unless its status is one of `allowed`."""
        if self.status not in allowed:
            raise Refused(Reason.WRONG_STATE, state=(self.status.de, self.status.en))


def said_in(content: Listing | ListingContent) -> dict[str, Any]:
    """What a listing says, or a report of it, without what is made of it."""
    return content.model_dump(mode="json", include=_SAID)


def says_other(listing: Listing, after: Listing) -> bool:
    """Whether a listing says something else after a change."""
    return any(getattr(listing, name) != getattr(after, name) for name in _SAID)


def said_by(listing: Listing) -> str:
    """The name under which that came which the listing says: its partner's, or that of people."""
    if not listing.sources or listing.changed_at == listing.confirmed_at:
        return hand_key(listing.listing_id)
    newest = listing.sources[-1]
    return listing_key(newest.source, newest.external_id)


_SAID = set(ListingContent.model_fields) & set(Listing.model_fields)


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
    status = _with_actor(status, actor)
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
    described |= {
        "actor_id": actor.actor_id,
        "status": status,
        "on_behalf": None,
        "with_actor": False,
        "confirm_by": None,
    }
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
    """The listing taken back because its actor was archived: it comes back with it."""
    return listing.evolve(status=ListingStatus.WITHDRAWN, with_actor=True)


def settled(
    listing: Listing,
    actor: Actor,
    heard: Collection[IdentityKey],
    partners: Collection[str],
    status: ListingStatus,
) -> Listing:
    """The listing as one of this actor, which is not archived; the same object if it is.

    One that was withdrawn with its actor is back, as time has it (`status`), if it was not taken
    back itself meanwhile and one of the `partners` that know the actor reports it.
    """
    comes_back = (
        listing.with_actor
        and listing.status is ListingStatus.WITHDRAWN
        and not (heard and all(each.gone for each in heard))
        and (not listing.sources or any(each.source in partners for each in listing.sources))
    )
    now = _with_actor(status if comes_back else listing.status, actor)
    if now is listing.status:
        return listing
    return listing.evolve(status=now, confirm_by=None, with_actor=False)


# ------------------------------------------------------------------------------- commands


def publish(
    listing_id: UUID,
    content: ListingContent,
    actor: Actor,
    now: datetime,
    status: ListingStatus,
    on_behalf: OnBehalf | None = None,
) -> tuple[Listing, ...]:
    """A listing that no partner has reported, and what time makes of it (`status`).

    `on_behalf` says that a broker enters it for the actor. One that is a template is that from the
    beginning. Raises `wrong_state` when the actor is archived, `contact_in_text`.
    """
    actor.require_active()
    free_text.demand_none(content)
    new = Listing(
        version=1,
        listing_id=listing_id,
        actor_id=actor.actor_id,
        on_behalf=on_behalf,
        confirmed_at=now,
        changed_at=now,
        **describe(content, actor),
    )
    if status is ListingStatus.TEMPLATE:
        return (new.model_copy(update={"status": status}),)
    return _passing(new, _with_actor(status, actor))


def change(
    listing: Listing,
    content: ListingContent,
    actor: Actor,
    now: datetime,
    status: ListingStatus,
    on_behalf: OnBehalf | None = None,
) -> Listing:
    """The listing with other content, confirmed; `status` is what time makes of it.

    A template stays one. Raises `wrong_state` when it is withdrawn or its actor archived,
    `contact_in_text`.
    """
    listing.require(*VISIBLE, ListingStatus.CLOSED, ListingStatus.TEMPLATE)
    actor.require_active()
    free_text.demand_none(content)
    if listing.status is ListingStatus.TEMPLATE:
        status = listing.status
    return listing.evolve(
        status=_with_actor(status, actor),
        on_behalf=on_behalf,
        confirmed_at=now,
        confirm_by=None,
        changed_at=now,
        **describe(content, actor),
    )


def confirm(
    listing: Listing, actor: Actor, now: datetime, on_behalf: OnBehalf | None = None
) -> Listing:
    """The listing said to stand as it is: open, unless its actor is out of sight.

    `on_behalf` says that a broker was told so. Raises `wrong_state` when it is neither open nor
    stale.
    """
    listing.require(*VISIBLE)
    return listing.evolve(
        status=_with_actor(ListingStatus.OPEN, actor),
        on_behalf=on_behalf,
        confirmed_at=now,
        confirm_by=None,
        changed_at=now,
    )


def copy(
    original: Listing,
    listing_id: UUID,
    actor: Actor,
    now: datetime,
    *,
    until: date | None,
    template: bool,
) -> tuple[Listing, ...]:
    """A new listing of the same actor that says what `original` says, up to `until`.

    It is published, and out of sight at once with its actor; or a template. Of a date that has
    passed only the duration is left, and nothing of who is in charge of the original. Raises
    `wrong_state` when the actor is archived.
    """
    actor.require_active()
    time = original.time
    dated = time.end or time.start
    if dated is not None and dated < now:
        time = Time(duration_hours=time.duration_hours, flexibility_days=time.flexibility_days)
    copied = original.model_copy(
        update={
            "version": 1,
            "listing_id": listing_id,
            "status": ListingStatus.TEMPLATE if template else ListingStatus.OPEN,
            "time": time,
            "valid_until": until,
            "example": actor.example,
            "sources": (),
            "on_behalf": None,
            "in_charge": None,
            "handovers": (),
            "with_actor": False,
            "confirmed_at": now,
            "changed_at": now,
            "confirm_by": None,
        }
    )
    return _passing(copied, _with_actor(copied.status, actor))


def moved_to(listing: Listing, actor: Actor) -> Listing:
    """The listing as that of another actor: the survivor, where its own is merged into that."""
    return listing.evolve(actor_id=actor.actor_id, example=actor.example)


def withdraw_by_hand(listing: Listing, now: datetime) -> Listing:
    """The listing taken back. Raises `wrong_state` when it is withdrawn or closed."""
    listing.require(*VISIBLE, ListingStatus.TEMPLATE)
    return listing.evolve(status=ListingStatus.WITHDRAWN, confirmed_at=now, changed_at=now)


# ------------------------------------------------------------------------------- the parts


def _with_actor(status: ListingStatus, actor: Actor) -> ListingStatus:
    """The status of a listing whose actor may be out of sight: so is the listing then."""
    hidden = actor.status in (ActorStatus.STALE, ActorStatus.SUSPENDED)
    return ListingStatus.STALE if hidden and status is ListingStatus.OPEN else status


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
    if after.confirm_by is not None and before.confirm_by is None:
        return ListingReminded
    return ListingChanged if before.status is after.status else _FACT_OF_STATUS[after.status]
