"""Who helps in which municipality of the Ruhr area."""

from collections.abc import Sequence
from typing import NamedTuple

from impulse_contracts.registry.actors import ActorState
from impulse_contracts.ruhr import MUNICIPALITIES, Municipality


class Help(NamedTuple):
    """A municipality and who helps there, whoever is in charge first; nobody yet, if empty."""

    place: Municipality
    by: tuple[ActorState, ...]


def coverage(members: Sequence[ActorState]) -> list[Help]:
    """Each of the 53 municipalities by name, and who helps there.

    `members` come in the order of their admission; who names the municipality itself stands before
    who names its district. The registry decides by the same rule who is in charge.
    """
    found = []
    for place in sorted(MUNICIPALITIES, key=lambda each: each.name):
        areas = (place.ags, place.ags[:5])
        by = [each for area in areas for each in members if area in each.service_area]
        found.append(Help(place, tuple({each.actor_id: each for each in by}.values())))
    return found
