"""Example offers of the programme, with sessions in the weeks to come, and an example edition."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from impulse_contracts import topics
from impulse_contracts.booking.advice import SetAdviceHours
from impulse_contracts.booking.editions import AnnounceEdition
from impulse_contracts.booking.programme import PublishProgrammeOffer, ScheduleSession
from impulse_sample.commands import BROKER_EMAIL, command
from impulse_sample.envelope import Record, sample_id
from impulse_sample.register import BERLIN
from impulse_sample.tables import table

BOOKING_TOPIC = topics.BOOKING_COMMANDS.name
_NO_TERMS = {"name", "session", "hours", "day", "workshop"}


def offers() -> list[Record]:
    """Commands that publish the offers."""
    return [
        command(
            PublishProgrammeOffer.ce_type,
            key=offer_id,
            about=offer_id,
            data={
                "programme_offer_id": offer_id,
                "example": True,
                **{name: value for name, value in offer.items() if name not in _NO_TERMS},
            },
        )
        for offer in table("programme.toml", "offer")
        for offer_id in [_offer_id(offer)]
    ]


def dates(today: date) -> list[Record]:
    """Commands that set the offers' hours and sessions, once the offers are there, and announce
    editions; in one month always the same."""
    return [
        *(record for offer in table("programme.toml", "offer") for record in _dates(offer, today)),
        *(_edition(edition, today) for edition in table("programme.toml", "edition")),
    ]


def _offer_id(offer: dict[str, Any]) -> str:
    return sample_id("programme_offer", offer["name"])


def _dates(offer: dict[str, Any], today: date) -> Iterator[Record]:
    offer_id = _offer_id(offer)
    if hours := offer.get("hours"):
        adviser_id = sample_id("person", BROKER_EMAIL)
        yield command(
            SetAdviceHours.ce_type,
            key=adviser_id,
            about=adviser_id,
            data={"adviser_id": adviser_id, "programme_offer_id": offer_id, "weekly": hours},
        )
    # By months, so that what was said today is known tomorrow, and there is always one ahead.
    month = today.replace(day=1)
    for number, each in enumerate(offer.get("session", ())):
        about = f"{offer['name']}|{number}|{month}"
        session_id = sample_id("session", about)
        yield command(
            ScheduleSession.ce_type,
            key=session_id,
            about=about,
            data={
                "session_id": session_id,
                "programme_offer_id": offer_id,
                "capacity": each["capacity"],
                **_session(each, month),
            },
        )


def _edition(edition: dict[str, Any], today: date) -> Record:
    month = today.replace(day=1)
    about = f"{edition['name']}|{month}"
    edition_id = sample_id("edition", about)
    terms = {name: value for name, value in edition.items() if name not in _NO_TERMS}
    workshop = edition["workshop"]
    data = {
        "edition_id": edition_id,
        "example": True,
        **terms,
        **_session(edition["day"], month),
        "workshop": {"title": workshop["title"], "places": workshop["places"]}
        | _session(workshop["day"], month),
    }
    return command(AnnounceEdition.ce_type, key=edition_id, about=about, data=data)


def _session(said: dict[str, Any], month: date) -> dict[str, Any]:
    first = _tuesday(month + timedelta(days=31, weeks=said["weeks"]))
    length = timedelta(hours=said["hours"])
    meetings = [
        (begins, begins + length)
        for weeks in said.get("meets_every_weeks", [0])
        for begins in [_at(first + timedelta(weeks=weeks), said["at"])]
    ]
    written = [
        {"starts": begins.isoformat(), "ends": ends.isoformat()} for begins, ends in meetings
    ]
    return {
        "starts": written[0]["starts"],
        "ends": written[-1]["ends"],
        "timezone": BERLIN.key,
        "meetings": written if len(written) > 1 else [],
        "online_link": said.get("online_link"),
    }


def _tuesday(day: date) -> date:
    return day + timedelta(days=(1 - day.weekday()) % 7)


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), BERLIN)
