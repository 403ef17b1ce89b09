"""Listings for the tests of matching: plain ones to vary, and any that may arrive."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from hypothesis import strategies as st

from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.codes import (
    Accessibility,
    CooperationState,
    CvFormat,
    CvMode,
    Direction,
    ListingStatus,
    PlaceMode,
    Requirement,
    ResourceCategory,
    SocietalTopic,
    TimeMode,
    Unit,
)
from impulse_contracts.parts import CounterOffer, Place, Quantity, TeamSize, Time
from impulse_contracts.registry.listings import ListingPublished
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.proposals import proposal_id

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = NOW.date()

ESSEN = Place(latitude=51.4556, longitude=7.0116, postcode="45127", ags="05113000")
ESSEN_WEST = Place(latitude=51.4589, longitude=6.9747, postcode="45144", ags="05113000")
BOCHUM = Place(latitude=51.4818, longitude=7.2162, postcode="44787", ags="05911000")
HAMM = Place(latitude=51.6806, longitude=7.8150, postcode="59065", ags="05915000")
ONLINE = Place(mode=PlaceMode.ONLINE)
NOWHERE = Place(postcode="00000")


def listing(name: str, direction: Direction, **fields: Any) -> Listing:
    """A listing called `name`: of its own actor in Essen, open, about helping hands."""
    values: dict[str, Any] = {
        "listing_id": uuid5(NAMESPACE_URL, f"{direction} {name}"),
        "actor_id": uuid5(NAMESPACE_URL, f"actor of the {direction} {name}"),
        "version": 1,
        "status": ListingStatus.OPEN,
        "direction": direction,
        "title": name,
        "resource_category": ResourceCategory.HANDS,
        "place": ESSEN,
        "confirmed_at": NOW,
        "example": True,
        **fields,
    }
    return Listing(ListingPublished.model_validate(values))


def need(name: str, **fields: Any) -> Listing:
    """A need called `name`."""
    return listing(name, Direction.NEED, **fields)


def offer(name: str, **fields: Any) -> Listing:
    """An offer called `name`."""
    return listing(name, Direction.OFFER, **fields)


def changed(old: Listing, **fields: Any) -> Listing:
    """The next version of a listing."""
    values = {"version": old.state.version + 1, **fields}
    return Listing(old.state.model_copy(update=values))


def ended(kind: type[CooperationFact], need_id: UUID, offer_id: UUID) -> CooperationFact:
    """That what came of a proposal ended without having been carried out."""
    return kind(
        version=2,
        cooperation_id=uuid4(),
        proposal_id=proposal_id(need_id, offer_id),
        need_id=need_id,
        offer_id=offer_id,
        need_actor_id=uuid4(),
        offer_actor_id=uuid4(),
        need_title="Streichen",
        offer_title="Malern",
        state=CooperationState.CANCELLED,
        opened_at=NOW,
        redeem_by=TODAY + timedelta(days=365),
    )


WORDS = """
    Streichaktion Jugendzentrum Wände streichen Renovierung Gartenarbeit Schulgarten Beete
    Website Webseite Steuern Vereinsbuchhaltung Laptops Computer Umzug Möbel Vorlesen Kita
"""

_words = st.sampled_from(WORDS.split())
_moments = st.integers(-60, 120).map(lambda days: NOW + timedelta(days=days))


def _times() -> st.SearchStrategy[Time]:
    return st.builds(
        Time,
        mode=st.sampled_from(TimeMode),
        start=st.none() | _moments,
        end=st.none() | _moments,
        duration_hours=st.none() | st.sampled_from([0.0, 1.5, 8.0, 400.0]),
        flexibility_days=st.sampled_from([0, 7, 366]),
        rrule=st.sampled_from([None, "FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=MO,TH"]),
    )


def _places() -> st.SearchStrategy[Place]:
    return st.builds(
        lambda place, reach: place.model_copy(update={"max_distance_km": reach}),
        st.sampled_from([ESSEN, ESSEN_WEST, BOCHUM, HAMM, ONLINE, NOWHERE]),
        st.none() | st.sampled_from([0.0, 5.0, 30.0, 100.0]),
    )


def _teams() -> st.SearchStrategy[TeamSize]:
    sizes = st.tuples(st.integers(1, 20), st.integers(1, 20)).map(sorted)
    return sizes.map(lambda pair: TeamSize(min=pair[0], max=pair[1]))


def _some(codes: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from([*codes, "unknown"]), max_size=3, unique=True).map(tuple)


def listings(ids: int = 12) -> st.SearchStrategy[Listing]:
    """Any listing that may arrive, of few ids, actors and words, so that many have to do with
    each other."""
    uuids = st.integers(1, ids).map(lambda number: UUID(int=number))
    return st.builds(
        ListingPublished,
        listing_id=uuids,
        actor_id=st.integers(1, 6).map(lambda number: UUID(int=number)),
        version=st.just(1),
        status=st.sampled_from([*[ListingStatus.OPEN] * 6, *ListingStatus, "unknown"]),
        direction=st.sampled_from([*Direction, *Direction, "unknown"]),
        title=st.lists(_words, min_size=1, max_size=4).map(" ".join),
        description=st.lists(_words, max_size=8).map(" ".join),
        resource_category=st.sampled_from([*[ResourceCategory.HANDS] * 3, *ResourceCategory]),
        skills=st.lists(st.sampled_from(["renovation", "juggling"]), max_size=2).map(tuple),
        quantity=st.none()
        | st.builds(
            Quantity,
            value=st.sampled_from([0.0, 1.0, 8.0]),
            unit=st.sampled_from([*Unit, "unknown"]),
        ),
        team_size=st.none() | _teams(),
        cv_format=st.none() | st.sampled_from(CvFormat),
        cv_mode=st.none() | st.sampled_from(CvMode),
        accessibility=_some(Accessibility),
        time=_times(),
        place=_places(),
        topics=_some(SocietalTopic),
        requirements=_some(Requirement),
        counter_offers=st.lists(
            st.builds(
                CounterOffer,
                title=st.just("Fotos für die Website"),
                resource_category=st.sampled_from([*ResourceCategory, "unknown"]),
            ),
            max_size=2,
        ).map(tuple),
        valid_until=st.none() | st.dates(date(2026, 11, 20), date(2027, 3, 1)),
        example=st.booleans(),
        confirmed_at=st.integers(0, 120).map(lambda days: NOW - timedelta(days=days)),
    ).map(Listing)


def fitting(direction: Direction, ids: int = 12) -> st.SearchStrategy[Listing]:
    """Any open listing of one market; most fit most of the opposite one, so that there is something
    to put in order."""
    return st.builds(
        lambda each, **fields: changed(
            each,
            version=1,
            status=ListingStatus.OPEN,
            direction=direction,
            resource_category=ResourceCategory.HANDS,
            requirements=(),
            valid_until=None,
            example=True,
            **fields,
        ),
        listings(ids),
        place=st.sampled_from([ESSEN, ESSEN_WEST, BOCHUM, ONLINE]),
        time=st.just(Time()) | _times(),
        team_size=st.none() | _teams(),
    )


def markets(ids: int = 12) -> st.SearchStrategy[tuple[Listing, list[Listing]]]:
    """A listing, and others of which most are of the opposite market."""

    def of(mine: Direction, theirs: Direction) -> st.SearchStrategy[tuple[Listing, list[Listing]]]:
        others = fitting(theirs, ids) | listings(ids)
        return st.tuples(
            fitting(mine, ids), st.lists(others, min_size=2, unique_by=lambda each: each.listing_id)
        )

    # Both are made once: made anew for each example (`flatmap`), they took a third of the time.
    return of(Direction.NEED, Direction.OFFER) | of(Direction.OFFER, Direction.NEED)
