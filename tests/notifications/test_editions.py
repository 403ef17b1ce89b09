"""The deadlines of an edition's projects: told once to the side that they concern, never after."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from impulse_chassis.testing import START, Node, World
from impulse_contracts.booking.bookings import BookingWaitlisted
from impulse_contracts.booking.editions import (
    EditionAdvanced,
    EditionCancelled,
    EditionChanged,
    EditionClosed,
    EditionCounted,
)
from impulse_contracts.booking.projects import ProjectClaimed, ProjectSubmitted, ProjectWithdrawn
from impulse_contracts.codes import ActorKind, MessageState, PersonRole
from impulse_contracts.notifications import MessageQueued, MessageSent
from impulse_notifications.app import service
from impulse_notifications.domain.message import Template
from tests.notifications.given import (
    NEED_ACTOR,
    NEED_PERSON,
    OFFER_ACTOR,
    OFFER_PERSON,
    actor,
    both_sides,
    membership,
    person,
    say_all,
)
from tests.notifications.programme import booking, edition, session

SUBMIT, CLAIM = Template.PROJECTS_TO_SUBMIT, Template.PROJECTS_TO_CLAIM
CLOSE = Template.EDITION_TO_CLOSE


@pytest.fixture
def world(engine_of):
    world = World([Node(service, engine_of(service))])
    firm = actor(OFFER_ACTOR, "Beispiel Malerbetrieb GmbH")
    firm = firm.model_copy(update={"version": 2, "kind": ActorKind.COMPANY})
    come = booking(booking_id=uuid4(), actor_id=OFFER_ACTOR)
    say_all(world, *both_sides(), firm, person(NEED_PERSON), session(), booking(), come)
    return world


def told(world, kind=MessageQueued):
    return [
        (each.data.person_id, each.data.template, (each.attributes.time - START).days)
        for each in world.heard(kind)
        if each.data.template in (SUBMIT, CLAIM, CLOSE)
    ]


def project(kind=ProjectSubmitted, **changes):
    return kind.model_validate(
        {
            "version": 1,
            "project_id": UUID(int=45),
            "edition_id": edition().edition_id,
            "actor_id": NEED_ACTOR,
            "state": "free",
            "title": "Ein Hochbeet für den Hof",
            "resource_category": "hands",
            "submitted_at": START,
            **changes,
        }
    )


def go_on(world, days=10):
    for _ in range(days * 2):
        world.advance(timedelta(hours=12))


def test_each_side_is_told_of_its_deadline_once(world):
    say_all(world, edition())
    say_all(world, edition(EditionCounted, version=2))
    go_on(world)
    assert told(world) == [(NEED_PERSON, SUBMIT, 1), (OFFER_PERSON, CLAIM, 3)]
    texts = [
        each.data.text
        for each in world.heard(MessageSent)
        if each.data.template == SUBMIT and each.data.text
    ]
    assert texts == [
        "Noch bis 28. November 2026, 10:00 Uhr können Sie für „Beispielmarkt“ Projekte einreichen."
    ]


def test_of_another_deadline_or_of_none_nobody_is_told_as_of_the_one_before(world):
    later = {"submit_by": START + timedelta(days=5), "claim_by": START + timedelta(days=6)}
    say_all(world, edition())
    say_all(world, edition(EditionChanged, version=2, deadlines=later))
    world.advance(timedelta(days=1, hours=1))
    assert not told(world)
    world.advance(timedelta(days=1))
    assert told(world) == [(NEED_PERSON, SUBMIT, 2)]
    say_all(world, edition(EditionCancelled, version=3, stage="cancelled", deadlines=later))
    go_on(world)
    assert len(told(world)) == 1


def test_nobody_is_told_when_it_is_over_or_without_a_place(world):
    """T12: the worker was down when it was time, and when it was too late."""
    say_all(world, edition())
    say_all(world, booking(BookingWaitlisted, version=2))
    world.now += timedelta(days=4, hours=1)
    world.settle()
    assert told(world) == [(OFFER_PERSON, CLAIM, 4)]


def test_who_has_submitted_or_claimed_is_not_reminded_to_do_so(world):
    say_all(world, edition(), project())
    claimed = {"state": "claimed", "claimed_by": OFFER_ACTOR, "claimed_at": START}
    say_all(world, project(ProjectClaimed, version=2, **claimed))
    go_on(world)
    assert not told(world)


def test_who_took_a_project_back_is_reminded_as_before(world):
    say_all(world, edition(), project())
    say_all(world, project(ProjectWithdrawn, version=2, state="withdrawn"))
    go_on(world)
    assert told(world) == [(NEED_PERSON, SUBMIT, 1), (OFFER_PERSON, CLAIM, 3)]


async def test_nobody_is_asked_by_mail_to_close_what_is_closed_by_then(office):
    """The mails wait, as the mail server is away."""
    office.world.now -= timedelta(hours=1)
    since = office.world.now - timedelta(days=6, hours=23)
    over = {"provider_actor_id": OFFER_ACTOR, "deadlines": None, "since": since}
    say_all(office.world, edition(EditionAdvanced, stage="results", **over))
    office.world.advance(timedelta(hours=1))
    assert office.due()
    say_all(office.world, edition(EditionClosed, version=2, stage="closed", **over))
    assert not office.due()
    await office.rounds(1)
    assert not office.post.mails
    assert {each.state for each in office.mails()} == {MessageState.SUPPRESSED}


@pytest.mark.parametrize("provider", [None, OFFER_ACTOR])
def test_whoever_runs_it_is_reminded_to_close_it_every_week_until_they_have(world, provider):
    broker = uuid4()
    say_all(world, person(broker), membership(broker, uuid4(), roles=(PersonRole.BROKER,)))
    over = {"provider_actor_id": provider, "deadlines": None, "since": START}
    say_all(world, edition(EditionAdvanced, stage="results", **over))
    go_on(world, days=6)
    # A fact between changes nothing of when they are reminded.
    say_all(world, edition(EditionCounted, version=2, stage="results", **over))
    go_on(world, days=10)
    runs = OFFER_PERSON if provider else broker
    assert sorted(told(world)) == [(runs, CLOSE, 7), (runs, CLOSE, 14)]
    texts = [each.data.text for each in world.heard(MessageSent) if each.data.template == CLOSE]
    assert all("Beispielmarkt" in each for each in texts if each)
    assert any(texts)
    closed = {**over, "since": world.now}
    say_all(world, edition(EditionClosed, version=3, stage="closed", **closed))
    go_on(world, days=20)
    assert len(told(world)) == 2
