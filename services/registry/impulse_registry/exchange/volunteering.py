"""Organisations and their needs as linked open data: the “Volunteering Data” profile. Pure.

The vocabulary of the Open Data Institute for volunteering (standard.volunteeringdata.io, beta):
organisations with activities, these with a role, and a session with place and time. Our code lists
are concepts of their own there, with labels in German and English.
"""

from collections.abc import Iterable
from typing import Any

from impulse_contracts.codes import Direction, ListingStatus, PlaceMode, ResourceCategory
from impulse_contracts.directory import ATTRIBUTION, named_after_persons
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.types import Coded

CONTEXT = "https://api.volunteeringdata.io/context/v1"
_OURS = {"rights": "http://purl.org/dc/terms/rights"}
_DONE_BY_PEOPLE = frozenset((ResourceCategory.HANDS, ResourceCategory.MINDS))


def document(actors: Iterable[ActorState], listings: Iterable[ListingState]) -> dict[str, Any]:
    """The organisations in the order given, each with those of its open needs that people meet."""
    needs: dict[Any, list[ListingState]] = {}
    for listing in listings:
        if _is_activity(listing):
            needs.setdefault(listing.actor_id, []).append(listing)
    return {
        "@context": [CONTEXT, _OURS],
        "rights": _both(*ATTRIBUTION),
        "graph": [_organisation(actor, needs.get(actor.actor_id, [])) for actor in actors],
    }


def _is_activity(listing: ListingState) -> bool:
    return (
        listing.direction == Direction.NEED
        and listing.status == ListingStatus.OPEN
        and listing.resource_category in _DONE_BY_PEOPLE
        and not listing.example
    )


def _organisation(actor: ActorState, needs: list[ListingState]) -> dict[str, Any]:
    hidden = named_after_persons(actor)
    name = None if hidden else actor.display_name or actor.legal_name
    return _told(
        type="Organisation",
        id=f"urn:uuid:{actor.actor_id}",
        label=name,
        name=name,
        website=None if hidden or not actor.website else _address(actor.website),
        cause=_concepts(actor.topics, "Cause"),
        location=[]
        if hidden
        else _location(actor.seat.city, actor.seat.latitude, actor.seat.longitude),
        activity=[_activity(need) for need in sorted(needs, key=lambda need: need.listing_id)],
    )


def _activity(need: ListingState) -> dict[str, Any]:
    return _told(
        type="Activity",
        id=f"urn:uuid:{need.listing_id}",
        label=need.title,
        title=need.title,
        description=need.description or need.title,
        cause=_concepts(need.topics, "Cause"),
        allowsRemoteParticipation=need.place.mode == PlaceMode.ONLINE,
        role=[
            _told(
                type="Role",
                title=need.title,
                requirement=_concepts(need.requirements, "Requirement"),
                accessibility=_concepts(need.accessibility, "Accessibility"),
            )
        ],
        session=[
            _told(
                type="ActivitySession",
                location=_location(None, need.place.latitude, need.place.longitude),
                time=_told(
                    type="SessionTime",
                    beginning=need.time.start.isoformat() if need.time.start else None,
                    end=need.time.end.isoformat() if need.time.end else None,
                ),
            )
        ],
    )


def _location(label: str | None, latitude: float | None, longitude: float | None) -> list[Any]:
    if latitude is None and label is None:
        return []
    return [_told(type="Location", label=label, latitude=latitude, longitude=longitude)]


def _address(website: str) -> str:
    """An address that is absolute: another would be one of the vocabulary's own site."""
    return website if "://" in website else f"https://{website}"


def _concepts(codes: Iterable[Coded | str], kind: str) -> list[dict[str, Any]]:
    return [
        {
            "type": kind,
            "id": f"urn:impulse:{type(code).__name__.lower()}:{code}",
            "label": _both(code.de, code.en),
        }
        for code in codes
        if isinstance(code, Coded)
    ]


def _both(de: str, en: str) -> list[dict[str, str]]:
    return [{"value": de, "@language": "de"}, {"value": en, "@language": "en"}]


def _told(**fields: Any) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, [])}
