"""What a listing says, as facts have it: taken from what a partner reports or a person enters."""

from typing import Any, TypeVar, cast

from impulse_contracts.codes import ActorKind, PlaceMode
from impulse_contracts.message import Part
from impulse_contracts.partner import ListingContent
from impulse_contracts.parts import Costs, CounterOffer, Place, Quantity, Time
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.places import located

P = TypeVar("P", bound=Part)


def describe(content: ListingContent, actor: Actor) -> dict[str, Any]:
    """The fields of a listing that its content sets; place and example flag as the actor's."""
    return {
        "direction": content.direction,
        "title": content.title,
        "description": content.description,
        "resource_category": content.resource_category,
        "skills": content.skills,
        "cv_format": content.cv_format,
        "cv_mode": content.cv_mode,
        "cc_instrument": content.cc_instrument,
        "worktime_basis": content.worktime_basis,
        "quantity": None if content.quantity is None else _plain(Quantity, content.quantity),
        "team_size": content.team_size,
        "time": _plain(Time, content.time),
        "place": place_of(content, actor),
        "topics": content.topics,
        "target_groups": content.target_groups,
        "requirements": content.requirements,
        "accessibility": content.accessibility,
        "costs": None if content.costs is None else _plain(Costs, content.costs),
        "counter_offers": tuple(_plain(CounterOffer, offer) for offer in content.counter_offers),
        "visibility": content.visibility,
        "valid_until": content.valid_until,
        "example": actor.example,
    }


def place_of(content: ListingContent, actor: Actor) -> Place:
    """Where it happens: at the postcode that it names, else at its actor's seat; online nowhere."""
    place = content.place
    if place is None:
        company = actor.kind is ActorKind.COMPANY
        mode = PlaceMode.AT_COMPANY if company else PlaceMode.AT_NONPROFIT
        return _at(mode, False, actor, None, None)
    if place.mode is PlaceMode.ONLINE:
        return Place(mode=place.mode)
    postcode = (place.postcode or "").strip() or None
    return _at(place.mode, place.mode_stated, actor, postcode, place.max_distance_km)


def _at(
    mode: PlaceMode, stated: bool, actor: Actor, postcode: str | None, reach: float | None
) -> Place:
    spot = located(postcode) if postcode and postcode != actor.seat.postcode else actor.seat
    return Place(
        mode=mode,
        mode_stated=stated,
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
