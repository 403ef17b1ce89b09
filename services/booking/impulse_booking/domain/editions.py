"""Editions: how far they are follows from what they say and the time, until somebody ends them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from impulse_booking.domain.sessions import spanned
from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.booking.codes import SelectionMode
from impulse_contracts.booking.edition_codes import EditionStage
from impulse_contracts.booking.editions import (
    EditionResults,
    EditionTerms,
    ProjectDeadlines,
    ReportedWorkshop,
    Sides,
    Workshop,
)
from impulse_contracts.booking.programme import Meeting, SessionPlace
from impulse_contracts.codes import EventFormat, SocietalTopic
from impulse_contracts.reasons import Reason

BEFORE = (EditionStage.ANNOUNCED, EditionStage.REGISTRATION, EditionStage.PREPARATION)
"""The stages in which its day is ahead."""
RUNNING = (*BEFORE, EditionStage.DAY, EditionStage.RESULTS)
"""The stages that time leads through, in order."""
ENTERING = (EditionStage.DAY, EditionStage.RESULTS)
"""The stages in which its agreements are entered."""


class Edition(Aggregate, key="edition_id"):
    """An edition. Fields as in `EditionFact`."""

    edition_id: UUID
    stage: EditionStage
    since: datetime
    title: str
    format: EventFormat
    description: str
    topics: tuple[SocietalTopic, ...]
    provider_actor_id: UUID | None
    ags: str | None
    place: SessionPlace | None
    online: bool
    programme_offer_id: UUID
    session_id: UUID
    starts: datetime
    ends: datetime
    timezone: str
    meetings: tuple[Meeting, ...]
    places: Sides
    registration_opens: datetime | None
    registration_closes: datetime | None
    selection_mode: SelectionMode
    workshop: Workshop | None
    deadlines: ProjectDeadlines | None
    results: EditionResults | None = None
    example: bool


def offer_id(edition_id: UUID) -> UUID:
    """The programme offer that is booked by who takes part."""
    return uuid5(edition_id, "offer")


def day_id(edition_id: UUID) -> UUID:
    """The session of its day."""
    return uuid5(edition_id, "day")


def workshop_offer_id(edition_id: UUID) -> UUID:
    """The programme offer of the workshop before."""
    return uuid5(edition_id, "workshop offer")


def workshop_id(edition_id: UUID) -> UUID:
    """The session of the workshop before."""
    return uuid5(edition_id, "workshop")


def announce(edition_id: UUID, terms: EditionTerms, now: datetime) -> Edition:
    """A new edition, in the stage that it has now."""
    announced = Edition(
        version=1,
        edition_id=edition_id,
        stage=EditionStage.ANNOUNCED,
        since=now,
        programme_offer_id=offer_id(edition_id),
        session_id=day_id(edition_id),
        **_said(edition_id, terms, None),
    )
    return _placed(announced, now)


def change(edition: Edition, terms: EditionTerms, now: datetime) -> Edition:
    """The edition with other terms, and in the stage that follows from them; its registration may
    open again. Refuses with `wrong_state` when its day has begun, or it is over."""
    require(edition, BEFORE, now)
    return _placed(edition.evolve(**_said(edition.edition_id, terms, edition)), now)


def cancel(edition: Edition, now: datetime) -> Edition:
    """It does not take place. Refuses with `wrong_state` when its day has begun, or it is over."""
    require(edition, BEFORE, now)
    return edition.evolve(stage=EditionStage.CANCELLED, since=now)


def close(edition: Edition, now: datetime) -> Edition:
    """Nothing is entered any more. Refuses with `wrong_state` before its day is over."""
    require(edition, (EditionStage.RESULTS,), now)
    return edition.evolve(stage=EditionStage.CLOSED, since=now)


def require(edition: Edition, stages: tuple[EditionStage, ...], now: datetime) -> None:
    """Refuses with `wrong_state` unless the edition is in one of the stages at `now`."""
    stage = stage_at(edition, now)
    if stage not in stages:
        raise Refused(Reason.WRONG_STATE, state=(stage.de, stage.en))


def stage_at(edition: Edition, now: datetime) -> EditionStage:
    """The stage of the edition at `now`; one that was ended stays so."""
    if edition.stage not in RUNNING:
        return edition.stage
    begun = [stage for stage, begins in timetable(edition) if begins <= now]
    return begun[-1] if begun else EditionStage.ANNOUNCED


def timetable(edition: Edition) -> Iterator[tuple[EditionStage, datetime]]:
    """When each of its stages begins, in order; without the one from which it is announced."""
    yield EditionStage.REGISTRATION, edition.registration_opens or edition.since
    if edition.registration_closes is not None:
        yield EditionStage.PREPARATION, edition.registration_closes
    yield EditionStage.DAY, edition.starts
    yield EditionStage.RESULTS, edition.ends


def advanced(edition: Edition, now: datetime) -> Edition | None:
    """The edition one stage further, if that stage has begun by `now`."""
    if edition.stage not in RUNNING:
        return None
    rank = RUNNING.index(edition.stage)
    for stage, begins in timetable(edition):
        if RUNNING.index(stage) > rank and begins <= now:
            return edition.evolve(stage=stage, since=max(begins, edition.since))
    return None


def next_look(edition: Edition, now: datetime) -> datetime | None:
    """When its next stage begins; None when that is for somebody to say."""
    if edition.stage not in RUNNING:
        return None
    return next((begins for _, begins in timetable(edition) if begins > now), None)


def _placed(edition: Edition, now: datetime) -> Edition:
    """The same version in the stage that follows from what it says."""
    stage = stage_at(edition, now)
    since = edition.since if stage is edition.stage else now
    return edition.model_copy(update={"stage": stage, "since": since})


def _said(edition_id: UUID, terms: EditionTerms, before: Edition | None) -> dict[str, Any]:
    """What the terms say; a link that was told before stays."""
    starts, ends = spanned(terms)
    return {
        "title": terms.title,
        "format": terms.format,
        "description": terms.description,
        "topics": terms.topics,
        "provider_actor_id": terms.provider_actor_id,
        "ags": terms.ags,
        "place": terms.place,
        "online": terms.online_link is not None or bool(before and before.online),
        "starts": starts,
        "ends": ends,
        "timezone": terms.timezone,
        "meetings": terms.meetings,
        "places": places_of(terms),
        "registration_opens": terms.registration_opens,
        "registration_closes": terms.registration_closes,
        "selection_mode": selection_of(terms),
        "workshop": _workshop(edition_id, terms.workshop, before.workshop if before else None),
        "deadlines": terms.deadlines,
        "example": terms.example,
    }


def places_of(terms: EditionTerms) -> Sides:
    """For how many of each side it is: as many companies as others, where nothing else is said."""
    companies = terms.company_places
    return Sides(
        companies=terms.nonprofit_places if companies is None else companies,
        nonprofits=terms.nonprofit_places,
    )


def selection_of(terms: EditionTerms) -> SelectionMode:
    """How it is decided who takes part: for a night shift a jury selects."""
    if terms.selection_mode is not None:
        return terms.selection_mode
    if terms.format is EventFormat.NIGHT_SHIFT:
        return SelectionMode.APPLICATION_REVIEW
    return SelectionMode.FIRST_COME


def _workshop(
    edition_id: UUID, terms: ReportedWorkshop | None, before: Workshop | None
) -> Workshop | None:
    if terms is None:
        return None
    starts, ends = spanned(terms)
    return Workshop(
        title=terms.title,
        programme_offer_id=workshop_offer_id(edition_id),
        session_id=workshop_id(edition_id),
        starts=starts,
        ends=ends,
        places=terms.places,
        place=terms.place,
        online=terms.online_link is not None or bool(before and before.online),
    )
