"""The form of an edition: what was entered, and what is wrong with it."""

from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from impulse_contracts import faults
from impulse_contracts.booking.editions import AnnounceEdition, ChangeEdition, EditionFact
from impulse_contracts.codes import EventFormat
from impulse_gateway.domain import areas
from impulse_gateway.web import local_times, numbers
from impulse_gateway.web.listing_form import BERLIN, Entered, Fault, one, with_contacts

C = TypeVar("C", AnnounceEdition, ChangeEdition)

FORMATS = (
    EventFormat.MARKTPLATZ,
    EventFormat.RUHRDAX,
    EventFormat.PROJEKTBOERSE,
    EventFormat.LOCAL_ACTION_DAY,
    EventFormat.NIGHT_SHIFT,
    EventFormat.GUTE_SACHE_COURSE,
    EventFormat.SPEED_MEETING,
)
"""The formats of which there are editions."""
_PLACE = ("postcode", "city", "venue")
_REGISTRATION = ("registration_opens", "registration_closes")
_DEADLINES = ("submit_by", "claim_by")


def command(
    kind: type[C], values: Entered, fixed: dict[str, Any], known: EditionFact | None
) -> tuple[C | None, list[Fault]]:
    """What was entered as a command, or what is wrong with it. What the form does not ask stays as
    it is `known`."""
    found: list[Fault] = []
    data: dict[str, Any] = {**fixed, "example": known is not None and known.example}
    if known is not None and known.provider_actor_id is not None:
        data["provider_actor_id"] = known.provider_actor_id
    data |= {name: one(values, name) for name in ("title", "format", "description")}
    data["topics"] = values.get("topics", [])
    data["selection_mode"] = one(values, "selection_mode") or None
    data["ags"] = areas.key(one(values, "ags")) or None
    for name in ("nonprofit_places", "company_places"):
        if written := one(values, name):
            data[name] = numbers.whole(written)
    data |= _times(values, found)
    for field in _REGISTRATION:
        data[field] = local_times.moment(one(values, field), field, found)
    data |= _place(values, "")
    data["workshop"] = _workshop(values, found)
    if any(one(values, field) for field in _DEADLINES):
        data["deadlines"] = {
            field: local_times.moment(one(values, field), field, found, needed=True)
            for field in _DEADLINES
        }
    found += with_contacts(values, "title", "description")
    if found:
        return None, found
    try:
        return kind.model_validate(data), []
    except ValidationError as errors:
        wrong: dict[str, Fault] = {}
        for error in errors.errors():
            field = _field_of(error["loc"], str(error["msg"]))
            wrong.setdefault(field, Fault(field, *faults.in_words(error)))
        return None, list(wrong.values())


def of_edition(edition: EditionFact) -> dict[str, list[str]]:
    """An edition as it stands in the form."""
    said: dict[str, object] = {
        "title": edition.title,
        "format": edition.format,
        "description": edition.description,
        "selection_mode": edition.selection_mode,
        "ags": areas.name(edition.ags) if edition.ags else "",
        "nonprofit_places": edition.places.nonprofits,
        "company_places": edition.places.companies,
        **{field: _local(getattr(edition, field)) for field in _REGISTRATION},
        **_place_of(edition.place, ""),
    }
    if edition.meetings:
        lines = [local_times.line(each.starts, each.ends) for each in edition.meetings]
        said["meetings"] = "\n".join(lines)
    else:
        said |= {"starts": _local(edition.starts), "ends": _local(edition.ends)}
    if workshop := edition.workshop:
        said |= {
            "workshop_title": workshop.title,
            "workshop_starts": _local(workshop.starts),
            "workshop_ends": _local(workshop.ends),
            "workshop_places": workshop.places,
            **_place_of(workshop.place, "workshop_"),
        }
    if edition.deadlines:
        said |= {field: _local(getattr(edition.deadlines, field)) for field in _DEADLINES}
    values = {name: [str(value)] for name, value in said.items() if value not in (None, "")}
    values["topics"] = [str(each) for each in edition.topics]
    if edition.place:
        values["accessibility"] = [str(each) for each in edition.place.accessibility]
    return values


def _times(values: Entered, found: list[Fault]) -> dict[str, Any]:
    """Its day, or the meetings of a course."""
    spans = local_times.spans(one(values, "meetings"), "meetings", found)
    if spans:
        return {
            "meetings": [{"starts": starts, "ends": ends} for starts, ends in spans],
            "starts": min(starts for starts, _ in spans),
            "ends": max(ends for _, ends in spans),
        }
    return _from_to(values, "", found)


def _from_to(values: Entered, prefix: str, found: list[Fault]) -> dict[str, Any]:
    starts, ends = (
        local_times.moment(one(values, prefix + field), prefix + field, found, needed=True)
        for field in ("starts", "ends")
    )
    if starts and ends:
        local_times.ordered(starts, ends, prefix + "ends", found)
    return {"starts": starts, "ends": ends}


def _workshop(values: Entered, found: list[Fault]) -> dict[str, Any] | None:
    fields = ("title", "starts", "ends", "places", *_PLACE, "online_link")
    if not any(one(values, f"workshop_{field}") for field in fields):
        return None
    return {
        "title": one(values, "workshop_title"),
        "places": numbers.whole(one(values, "workshop_places")) or None,
        **_from_to(values, "workshop_", found),
        **_place(values, "workshop_"),
    }


def _place(values: Entered, prefix: str) -> dict[str, Any]:
    """Where it is, and by which link; a link that is not said again stays."""
    place: dict[str, Any] = {
        name: one(values, prefix + name) for name in _PLACE if one(values, prefix + name)
    }
    if not prefix and "accessibility" in values:
        place["accessibility"] = values["accessibility"]
    return {"place": place or None, "online_link": one(values, prefix + "online_link") or None}


def _place_of(place: Any, prefix: str) -> dict[str, object]:
    return {prefix + name: getattr(place, name) for name in _PLACE} if place else {}


def _field_of(place: tuple[int | str, ...], said: str) -> str:
    """The field of the form in which a fault of the contract is found."""
    if not place:
        # A rule about several fields begins with the one that it is told at.
        if "workshop" in said:
            return "workshop_starts"
        return next((each for each in (*_REGISTRATION, *_DEADLINES) if each in said), "starts")
    if place[0] == "workshop" and len(place) > 1:
        return f"workshop_{place[2] if place[1] == 'place' and place[2:] else place[1]}"
    if place[0] == "deadlines":
        return str(place[1]) if len(place) > 1 else "claim_by"
    return str(place[1 if place[0] == "place" and place[1:] else 0])


def _local(moment: datetime | None) -> str:
    return moment.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M") if moment else ""
