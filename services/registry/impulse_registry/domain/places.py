"""Where a seat is: what was said of a place, with its coordinates."""

from functools import lru_cache

from impulse_contracts.parts import Seat
from impulse_registry.domain.geography import locate


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
