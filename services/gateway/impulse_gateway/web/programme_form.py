"""The form of an offer of the programme: what was entered, and what is wrong with it."""

import re
from typing import Any

from pydantic import ValidationError

from impulse_contracts import faults
from impulse_contracts.booking.programme import ProgrammeOfferFact, ProgrammeTerms
from impulse_gateway.domain import areas
from impulse_gateway.web import numbers
from impulse_gateway.web.listing_form import Entered, Fault, one

PLAIN = (
    *("title", "category", "description", "event_format", "capacity_unit", "selection_mode"),
    *("group_policy", "overlap_policy"),
)
LISTS = ("topics", "open_to", "free_for", "languages", "prerequisites")
NUMBERS = (
    *("bookings_per_organisation", "party_limit", "answer_hours", "last_offer_hours"),
    *("cancel_hours", "no_shows_allowed"),
)
FLAGS = ("evidence_needed", "waiting_list")
MATERIAL = ("title", "version", "link")
MATERIALS = 3
"""How many materials the form has room for, at least."""


def beginning() -> dict[str, list[str]]:
    """The form of a new offer: the rules by which most are booked."""
    rules = _written(ProgrammeTerms.model_validate({"title": "-", "category": "qualification"}))
    return {name: values for name, values in rules.items() if name not in ("title", "category")}


def of_offer(offer: ProgrammeOfferFact) -> dict[str, list[str]]:
    """An offer as it stands in the form."""
    return _written(offer)


def terms(
    values: Entered, known: ProgrammeOfferFact | None
) -> tuple[ProgrammeTerms | None, list[Fault]]:
    """What was entered, or what is wrong with it. What the form does not ask stays as it is
    `known`."""
    data: dict[str, Any] = (
        known.model_dump(include=set(ProgrammeTerms.model_fields)) if known else {}
    )
    data |= {name: one(values, name) for name in ("title", "category", "description")}
    for name in PLAIN:
        if one(values, name):
            data[name] = one(values, name)
    data["event_format"] = one(values, "event_format") or None
    data |= {name: values.get(name, []) for name in LISTS}
    data |= {name: name in values for name in FLAGS}
    for name in NUMBERS:
        written = one(values, name)
        if written:
            data[name] = numbers.whole(written)
        elif name in ("bookings_per_organisation", "party_limit"):
            data[name] = None
    data["areas"] = [areas.key(each) for each in areas.written(one(values, "areas"))]
    entered = {
        row: {part: one(values, f"material_{part}_{row}") for part in MATERIAL}
        for row in range(rows(values))
    }
    filled = [row for row, material in entered.items() if any(material.values())]
    data["materials"] = [entered[row] for row in filled]
    found: dict[str, Fault] = {}
    for row in filled:
        if not entered[row]["link"]:
            field = f"material_link_{row}"
            found[field] = Fault(field, "bitte den Link angeben", "please state the link")
    try:
        said = ProgrammeTerms.model_validate(data)
        return (None if found else said), list(found.values())
    except ValidationError as errors:
        for error in errors.errors():
            field = _field_of(error["loc"], filled)
            found.setdefault(field, Fault(field, *faults.in_words(error)))
        return None, list(found.values())


def rows(values: Entered) -> int:
    """How many materials the form shows: those that are there, and room for more."""
    used = [
        int(number)
        for name in values
        for number in re.findall(r"^material_(?:title|version|link)_(\d{1,2})$", name)
    ]
    return max(MATERIALS, *(min(each, 29) + 1 for each in used)) if used else MATERIALS


def _field_of(place: tuple[int | str, ...], filled: list[int]) -> str:
    """The field of the form in which a fault of the contract is found."""
    if place[0] == "materials" and len(place) > 2:
        return f"material_{place[2]}_{filled[int(place[1])]}"
    return str(place[0])


def _written(said: ProgrammeTerms | ProgrammeOfferFact) -> dict[str, list[str]]:
    data = said.model_dump(mode="json")
    values = {
        name: [str(data[name])] for name in (*PLAIN, *NUMBERS) if data[name] not in (None, "")
    }
    values |= {name: [str(each) for each in data[name]] for name in LISTS}
    values |= {name: ["1"] for name in FLAGS if data[name]}
    values["areas"] = [", ".join(areas.name(each) for each in data["areas"])]
    for place, material in enumerate(data["materials"]):
        values |= {f"material_{part}_{place}": [material[part]] for part in MATERIAL}
    return values
