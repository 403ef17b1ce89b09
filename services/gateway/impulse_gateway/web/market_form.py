"""The form in which a market is planned: who takes part, by name, and how many talks there are."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from impulse_contracts import faults
from impulse_contracts.codes import EventFormat
from impulse_contracts.markets import PlanMarket
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.web import numbers
from impulse_gateway.web.listing_form import Entered, Fault, one

SIDES = ("companies", "nonprofits")
_COUNTS = ("least", "most", "rounds", "tables")
_TIMED = ("rounds", "tables")

Named = Mapping[str, Sequence[ActorState]]
"""The organisations that go by a name, in small letters."""


def names(values: Entered) -> set[str]:
    """All that was entered as names, in small letters."""
    return {name.lower() for side in SIDES for name in _lines(values, side)}


def command(
    values: Entered, edition_id: UUID, named: Named
) -> tuple[PlanMarket | None, list[Fault]]:
    """What was entered as a command, or what is wrong with it."""
    data: dict[str, Any] = {"edition_id": edition_id, "format": one(values, "format")}
    found: list[Fault] = []
    for side in SIDES:
        data[side] = []
        for name in _lines(values, side):
            known = named.get(name.lower(), ())
            if len(known) == 1:
                data[side].append(known[0].actor_id)
            else:
                found.append(_unclear(side, name, several=bool(known)))
    timed = data["format"] == EventFormat.SPEED_MEETING
    for field in _COUNTS:
        if field in _TIMED and not timed:
            continue
        if written := one(values, field):
            data[field] = numbers.whole(written)
    try:
        said = PlanMarket.model_validate(data)
    except ValidationError as errors:
        told = {fault.field for fault in found}
        for error in errors.errors():
            # A rule about several fields is told where they begin.
            field = str(error["loc"][0]) if error["loc"] else ("rounds" if timed else "companies")
            if field not in told:
                found.append(Fault(field, *faults.in_words(error)))
                told.add(field)
        return None, found
    return (None, found) if found else (said, [])


def _unclear(side: str, name: str, *, several: bool) -> Fault:
    if several:
        return Fault(
            side,
            f"„{name}“ heißen mehrere; bitte die Kennung aus der Adresse der Organisation angeben",
            f"several are called “{name}”; please give the id in the organisation's address",
        )
    return Fault(
        side,
        f"„{name}“ ist nicht eingetragen; bitte den ganzen Namen angeben",
        f"“{name}” is not registered; please give the whole name",
    )


def _lines(values: Entered, side: str) -> list[str]:
    return [line.strip() for line in one(values, side).split("\n") if line.strip()]
