"""The form of a project: what was entered, and what is wrong with it."""

from typing import Any

from pydantic import ValidationError

from impulse_contracts import faults
from impulse_contracts.booking.projects import ProjectFact, ProjectTerms
from impulse_gateway.web import numbers
from impulse_gateway.web.listing_form import Entered, Fault, one, with_contacts

PLAIN = ("title", "description", "resource_category", "cv_format", "cv_mode")


def terms(values: Entered) -> tuple[ProjectTerms | None, list[Fault]]:
    """What was entered, or what is wrong with it."""
    data: dict[str, Any] = {name: one(values, name) for name in ("title", "description")}
    for name in ("resource_category", "cv_format", "cv_mode"):
        if written := one(values, name):
            data[name] = written
    data["topics"] = values.get("topics", [])
    team = {end: numbers.whole(one(values, f"team_{end}")) for end in ("min", "max")}
    if any(team.values()):
        least = team["min"] or team["max"]
        data["team"] = {"min": least, "max": team["max"] or least}
    if written := one(values, "hours"):
        data["hours"] = numbers.decimal(written)
    found = {each.field: each for each in with_contacts(values, "title", "description")}
    try:
        said = ProjectTerms.model_validate(data)
        return (None if found else said), list(found.values())
    except ValidationError as errors:
        for error in errors.errors():
            field = str(error["loc"][0]) if error["loc"] else "title"
            if field == "team":
                field = f"team_{error['loc'][1]}" if len(error["loc"]) > 1 else "team_max"
            found.setdefault(field, Fault(field, *faults.in_words(error)))
        return None, list(found.values())


def of_project(project: ProjectFact) -> dict[str, list[str]]:
    """A project as it stands in the form."""
    said: dict[str, object] = {name: getattr(project, name) for name in PLAIN}
    said["hours"] = numbers.written(project.hours) if project.hours else None
    if project.team:
        said |= {"team_min": project.team.min, "team_max": project.team.max}
    values = {name: [str(value)] for name, value in said.items() if value not in (None, "")}
    return {**values, "topics": [str(each) for each in project.topics]}
