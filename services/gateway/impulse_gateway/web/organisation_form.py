"""The form of an organisation's profile: what was entered, what it says, what is wrong with it."""

from typing import Any

from pydantic import ValidationError

from impulse_contracts import faults, free_text
from impulse_contracts.partner import ActorProfile
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.web.listing_form import Entered, Fault, one

LISTS = ("topics", "languages")
_TEXTS = (
    *("kind", "actor_type", "carrier", "unit", "legal_name", "display_name", "legal_form"),
    *("w_idnr", "size_class", "website"),
)
_SEAT = ("postcode", "city", "ags")
_REGISTER = {"court": "register_court", "number": "register_number"}
_WITHOUT_CONTACTS = ("legal_name", "display_name", "unit", "size_class")
_SUGGESTED = ("actor_type", "carrier")
"""Fields that the registry fills where nobody said them."""


def profile(values: Entered, *, example: bool = False) -> tuple[ActorProfile | None, list[Fault]]:
    """What was entered as an organisation's profile, or what is wrong with it."""
    found = _contacts(values)
    said: ActorProfile | None = None
    try:
        said = ActorProfile.model_validate({**_as_data(values), "example": example})
    except ValidationError as errors:
        told = {fault.field for fault in found}
        for error in errors.errors():
            field = _field_of(error["loc"])
            if field not in told:
                found.append(Fault(field, *faults.in_words(error)))
                told.add(field)
    return (None, found) if found else (said, [])


def of_actor(actor: ActorState) -> dict[str, list[str]]:
    """An organisation as it stands in the form; what is only suggested of it is left open."""
    said = {field for each in actor.provenance for field in each.fields}
    data = actor.model_dump(mode="json", by_alias=False)
    left = {name for name in _SUGGESTED if actor.provenance and name not in said}
    values = {name: [data[name]] for name in _TEXTS if data[name] and name not in left}
    values |= {name: list(data[name]) for name in LISTS if data[name]}
    values |= {name: [data["seat"][name]] for name in _SEAT if data["seat"][name]}
    if actor.icnpo_group is not None:
        values["icnpo_group"] = [str(actor.icnpo_group)]
    if actor.register_entry is not None:
        values["register_court"] = [actor.register_entry.court]
        values["register_number"] = [actor.register_entry.number]
    return values


# ------------------------------------------------------------------------------- the parts


def _as_data(values: Entered) -> dict[str, Any]:
    """The form as the contract has it: what is empty is left out."""
    data: dict[str, Any] = {name: each for name in _TEXTS if (each := one(values, name))}
    data |= {name: values.get(name, []) for name in LISTS}
    data["seat"] = {name: each for name in _SEAT if (each := one(values, name))}
    group = one(values, "icnpo_group")
    if group:
        data["icnpo_group"] = int(group) if group.isdecimal() and len(group) < 9 else group
    entry = {name: each for name, field in _REGISTER.items() if (each := one(values, field))}
    if entry:
        data["register_entry"] = entry
    return data


def _contacts(values: Entered) -> list[Fault]:
    """Texts that everybody reads, and that hold an address or a number."""
    return [
        Fault(
            field,
            "bitte ohne E-Mail-Adresse und Telefonnummer: das kann jeder lesen",
            "please without e-mail address and telephone number: everybody can read this",
        )
        for field in _WITHOUT_CONTACTS
        if free_text.has_contact(one(values, field))
    ]


def _field_of(place: tuple[int | str, ...]) -> str:
    """The field of the form in which a fault of the contract is found."""
    name = str(place[0])
    inner = str(place[1]) if len(place) > 1 else ""
    if name == "seat":
        return inner if inner in _SEAT else "postcode"
    if name in ("register", "register_entry"):
        return _REGISTER.get(inner, "register_number")
    return name
