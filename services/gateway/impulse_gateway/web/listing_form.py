"""The form of an offer or a need: what was entered, what it says, and what is wrong with it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from impulse_contracts import faults, free_text
from impulse_contracts.codes import Direction, IntakeChannel, PlaceMode, TimeMode
from impulse_contracts.partner import ListingContent
from impulse_contracts.parts import ReportedOnBehalf
from impulse_contracts.registry.listings import ListingState
from impulse_gateway.web import numbers

BERLIN = ZoneInfo("Europe/Berlin")
COUNTER_OFFERS = 3
"""How many counter-offers the form has room for, at least."""
LISTS = ("skills", "topics", "target_groups", "requirements", "accessibility")
_PLAIN = (
    *("direction", "title", "description", "resource_category", "cv_format", "cv_mode"),
    *("cc_instrument", "worktime_basis", "visibility", "valid_until"),
)
_NESTED = {
    "quantity": {"value": "quantity_value", "unit": "quantity_unit"},
    "team_size": {"min": "team_min", "max": "team_max"},
    "time": {
        "mode": "time_mode",
        "start": "start",
        "end": "end",
        "duration_hours": "duration_hours",
        "rrule": "rrule",
        "flexibility_days": "flexibility_days",
    },
    "place": {
        "mode": "place_mode",
        "postcode": "postcode",
        "max_distance_km": "max_distance_km",
    },
    "costs": {"material_paid_by": "material_paid_by", "host_fee_eur": "host_fee_eur"},
}
_ANSWERED = {
    *("title", "resource_category", "skills", "topics", "cv_format", "cv_mode"),
    *_NESTED["quantity"].values(),
    *_NESTED["team_size"].values(),
    *_NESTED["time"].values(),
}
"""What an entry that answers another one begins with."""
_NUMBERS = {
    *("quantity_value", "team_min", "team_max", "duration_hours", "flexibility_days"),
    *("max_distance_km", "host_fee_eur"),
}
_MOMENTS = {"start", "end"}
_BROKEN = {"team_size": "team_max", "time": "end"}
"""Where a rule about several fields is told."""

Entered = Mapping[str, list[str]]
"""The values of a form by field; a field that is not there is empty."""


class Fault(NamedTuple):
    """What is wrong with a field, in German and English."""

    field: str
    de: str
    en: str


def one(values: Entered, name: str) -> str:
    """The value of a field; empty where it is not there."""
    return values.get(name, [""])[0]


def entered(pairs: Iterable[tuple[str, object]]) -> dict[str, list[str]]:
    """What a form sent; line breaks as they are written everywhere else."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        said = storable(value).strip() if isinstance(value, str) else ""
        if said:
            found.setdefault(storable(name), []).append(said.replace("\r\n", "\n"))
    return found


def storable(text: str) -> str:
    """A text without the one character that no database takes, and nobody types."""
    return text.replace("\0", "")


def with_contacts(values: Mapping[str, str | list[str]], *fields: str) -> list[Fault]:
    """Texts that others read, and that hold an address or a number."""
    said = ((field, values.get(field, "")) for field in fields)
    return [
        Fault(
            field,
            "bitte ohne E-Mail-Adresse und Telefonnummer: Kontakte nennt Impulse beiden Seiten, "
            "wenn sie zugesagt haben",
            "please without e-mail address and telephone number: Impulse names contacts to both "
            "sides when they have agreed",
        )
        for field, text in said
        if free_text.has_contact(text if isinstance(text, str) else "\n".join(text))
    ]


def content(values: Entered) -> tuple[ListingContent | None, list[Fault]]:
    """What was entered as a listing's content, or what is wrong with it."""
    found = _missing(values) + _contacts(values)
    said: ListingContent | None = None
    try:
        said = ListingContent.model_validate(_as_data(values))
    except ValidationError as errors:
        told = {fault.field for fault in found}
        for error in errors.errors():
            field = _field_of(error["loc"])
            if field not in told:
                found.append(Fault(field, *faults.in_words(error)))
                told.add(field)
    return (None, found) if found else (said, [])


def on_behalf(values: Entered) -> tuple[ReportedOnBehalf | None, list[Fault]]:
    """How and when a party told a broker, or what is wrong with that."""
    channel, on = one(values, "channel"), one(values, "on")
    found = []
    if channel not in set(IntakeChannel):
        found.append(Fault("channel", "bitte eine Möglichkeit wählen", "please choose one"))
    if not on:
        found.append(Fault("on", "bitte den Tag angeben", "please state the day"))
    if found:
        return None, found
    try:
        return ReportedOnBehalf.model_validate({"channel": channel, "on": on}), []
    except ValidationError:
        return None, [Fault("on", "muss ein Tag sein (JJJJ-MM-TT)", "must be a day (YYYY-MM-DD)")]


def of_listing(listing: ListingState) -> dict[str, list[str]]:
    """A listing as it stands in the form."""
    data = listing.model_dump(mode="json")
    values = {name: [str(data[name])] for name in _PLAIN if data[name] not in (None, "")}
    values |= {name: [str(each) for each in data[name]] for name in LISTS}
    for part, fields in _NESTED.items():
        for name, field in fields.items():
            value = (data[part] or {}).get(name)
            if value is not None:
                values[field] = [_written(field, value)]
    if not listing.place.mode_stated:
        values.pop("place_mode", None)
    for place, offer in enumerate(data["counter_offers"]):
        values[f"counter_title_{place}"] = [offer["title"]]
        values[f"counter_category_{place}"] = [str(offer["resource_category"])]
    return values


def answer_to(wanted: ListingState) -> dict[str, list[str]]:
    """The beginning of an entry with which one asks for `wanted`: the other direction of the same.

    Its words are its owner's, the place and what is given in return too.
    """
    known = of_listing(wanted)
    offers = wanted.direction == Direction.OFFER
    taken = {name: values for name, values in known.items() if name in _ANSWERED}
    return taken | {"direction": [Direction.NEED if offers else Direction.OFFER]}


def rows(values: Entered) -> int:
    """How many counter-offers the form shows: those that are there, and room for more."""
    used = [
        int(name.removeprefix("counter_title_"))
        for name in values
        if name.startswith("counter_title_") and name.removeprefix("counter_title_").isdecimal()
    ]
    return max(COUNTER_OFFERS, *(min(each, 19) + 1 for each in used)) if used else COUNTER_OFFERS


# ------------------------------------------------------------------------------- the parts


def _as_data(values: Entered) -> dict[str, Any]:
    """The form as the contract has it: what is empty is left out."""
    data: dict[str, Any] = {name: one(values, name) for name in _PLAIN if one(values, name)}
    data |= {name: values.get(name, []) for name in LISTS}
    for part, fields in _NESTED.items():
        said = {name: _read(field, one(values, field)) for name, field in fields.items()}
        said = {name: value for name, value in said.items() if value is not None}
        if said:
            data[part] = said
    if data.get("quantity", {}).keys() == {"unit"}:
        del data["quantity"]  # how much is left open
    if "time" in data and data["time"].get("mode") != TimeMode.RECURRING:
        data["time"].pop("rrule", None)
    data["counter_offers"] = [
        {
            "title": one(values, f"counter_title_{place}"),
            "resource_category": one(values, f"counter_category_{place}") or None,
        }
        for place in range(rows(values))
        if one(values, f"counter_title_{place}")
    ]
    return data


def _missing(values: Entered) -> list[Fault]:
    """What the contract may do without, and a person must say."""
    mode = one(values, "time_mode")
    found = []
    if mode in (TimeMode.FIXED, TimeMode.WINDOW) and not one(values, "start"):
        found.append(Fault("start", "bitte angeben, wann es beginnt", "please state the beginning"))
    if mode == TimeMode.WINDOW and not one(values, "end"):
        found.append(Fault("end", "bitte angeben, wann es endet", "please state the end"))
    if one(values, "place_mode") == PlaceMode.THIRD and not one(values, "postcode"):
        found.append(
            Fault(
                "postcode",
                "bitte die Postleitzahl des Ortes angeben",
                "please state the postcode of the place",
            )
        )
    return found


def _contacts(values: Entered) -> list[Fault]:
    counter_offers = (f"counter_title_{n}" for n in range(rows(values)))
    return with_contacts(values, "title", "description", *counter_offers)


def _field_of(place: tuple[int | str, ...]) -> str:
    """The field of the form in which a fault of the contract is found."""
    name = str(place[0])
    if name == "counter_offers" and len(place) > 2:
        return f"counter_{'title' if place[2] == 'title' else 'category'}_{place[1]}"
    if name in _NESTED:
        inner = _NESTED[name].get(str(place[1])) if len(place) > 1 else None
        return inner or _BROKEN.get(name, next(iter(_NESTED[name].values())))
    return name


def _read(field: str, value: str) -> object:
    """A value as the contract has it; one that can't be read stays text, and is a fault there."""
    if not value:
        return None
    if field in _NUMBERS:
        number = numbers.decimal(value)
        return int(number) if isinstance(number, float) and number.is_integer() else number
    if field in _MOMENTS:
        try:
            return datetime.fromisoformat(value).replace(tzinfo=BERLIN)
        except ValueError:
            return value
    return value


def _written(field: str, value: Any) -> str:
    """A value as the form has it."""
    if field in _MOMENTS:
        return datetime.fromisoformat(value).astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M")
    return numbers.written(value) if isinstance(value, float) else str(value)
