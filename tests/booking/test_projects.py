"""Projects of an edition: claimed once, given back, and only in time by who is registered."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_booking.app import service
from impulse_booking.domain import projects as rules
from impulse_booking.domain.editions import announce
from impulse_booking.domain.projects import Project
from impulse_booking.handlers import keeping_cooperations, projects
from impulse_chassis.aggregate import Refused
from impulse_chassis.testing import Node
from impulse_contracts.booking.agreements import DraftAgreement, SignAgreement
from impulse_contracts.booking.cooperation_commands import (
    CancelCooperation,
    DeclineCooperation,
    EndUnredeemed,
    WithdrawCooperation,
)
from impulse_contracts.booking.cooperations import CooperationOpened
from impulse_contracts.booking.edition_codes import ProjectState
from impulse_contracts.booking.editions import CancelEdition
from impulse_contracts.booking.projects import (
    ChangeProject,
    ClaimProject,
    ProjectFact,
    ReleaseProject,
    SubmitProject,
    WithdrawProject,
)
from impulse_contracts.message import Message
from impulse_contracts.reasons import Reason
from tests.booking.cooperating import BROKER, FIRM, HOST, NEED, OFFER, TERMS, said
from tests.booking.editing import DEADLINES, EDITION, WEEK, EditionWorld, announcement
from tests.booking.programme import at, ident

PROJECT = ident("project")
ABOUT: dict[str, Any] = {
    "title": "Hochbeete bauen",
    "resource_category": "hands",
    "team": {"min": 4, "max": 8},
    "cv_mode": "action_day",
    "topics": ["climate_impact"],
}


def asked(kind: type[Message], **fields: Any) -> Message:
    """A command on the project."""
    return kind.model_validate({"project_id": PROJECT, **fields})


def submitting(**fields: Any) -> Message:
    """The project is submitted."""
    return asked(SubmitProject, **{**ABOUT, "edition_id": EDITION, "actor_id": NEED, **fields})


def claiming(actor_id: UUID = OFFER, **fields: Any) -> Message:
    """A company claims it."""
    return asked(ClaimProject, actor_id=actor_id, **fields)


class Exchange(EditionWorld):
    """An edition with projects, at which both organisations have a place."""

    def ready(self, **fields: Any) -> None:
        self.announced(format="projektboerse", deadlines=DEADLINES, **fields)
        self.companies("another")
        self.register("the need", "the offer", "another")

    def project(self) -> ProjectFact:
        found: ProjectFact = self.heard(ProjectFact)[-1].data
        return found


@pytest.fixture
def world(engine_of):
    exchange = Exchange(engine_of(service))
    exchange.ready()
    return exchange


def test_a_claim_begins_a_cooperation_and_nobody_else_gets_it(world):
    world.accepted(submitting(), principal=str(HOST))
    assert world.project().state == "free"
    world.accepted(claiming(), principal=str(FIRM))
    project = world.project()
    assert (project.state, project.claimed_by, project.claims) == ("claimed", OFFER, 1)
    refusal = world.refused(claiming(ident("another")), Reason.PROJECT_TAKEN)
    assert "Unternehmen" not in refusal.message.de, "nobody is told who has it"
    begun = world.now_is(project.cooperation_id)
    assert isinstance(begun, CooperationOpened), "contacts are disclosed, as both want it"
    assert (begun.origin, begun.state, begun.edition_id) == ("project", "introduced", EDITION)
    assert (begun.need_actor_id, begun.offer_actor_id) == (NEED, OFFER)
    assert (begun.need_title, begun.format) == (ABOUT["title"], "action_day")
    assert begun.topics == ("climate_impact",)
    for command in (asked(ChangeProject, **ABOUT), asked(WithdrawProject)):
        world.refused(command, Reason.WRONG_STATE)


def test_what_is_given_back_can_be_claimed_again(world):
    world.accepted(submitting(), claiming())
    first = world.project().cooperation_id
    world.refused(asked(ReleaseProject), Reason.NOT_ALLOWED, principal=str(HOST))
    world.accepted(asked(ReleaseProject), principal=str(FIRM))
    project = world.project()
    assert (project.state, project.claimed_by, project.cooperation_id) == ("free", None, None)
    ended = world.now_is(first)
    assert (ended.state, ended.steps[-1].reason) == ("withdrawn", "company_withdrew")
    world.accepted(claiming(ident("another")))
    assert world.project().cooperation_id not in (None, first)
    assert world.project().claims == 2


def test_all_of_it_can_come_in_one_batch(world):
    for command in (
        submitting(),
        claiming(),
        asked(ReleaseProject),
        claiming(ident("another")),
        claiming(),
    ):
        world.say(command)
    world.settle()
    states = {each.data.version: each.data.state for each in world.heard(ProjectFact)}
    assert states == {1: "free", 2: "claimed", 3: "free", 4: "claimed"}


@pytest.mark.parametrize(
    ("kind", "frees"),
    [
        (DeclineCooperation, True),
        (WithdrawCooperation, True),
        (CancelCooperation, True),
        (EndUnredeemed, False),
    ],
)
def test_a_cooperation_that_ends_before_it_is_carried_out_frees_the_project(world, kind, frees):
    world.accepted(submitting(), claiming())
    key = world.project().cooperation_id
    if kind in (CancelCooperation, EndUnredeemed):
        world.accepted(said(DraftAgreement, key, terms=TERMS))
        world.accepted(*(said(SignAgreement, key, side=side) for side in ("need", "offer")))
        assert world.now_is(key).edition_number == 1
    world.accepted(said(kind, key, reason="other"))
    assert world.project().state == ("free" if frees else "claimed")


def test_whoever_goes_on_for_a_side_has_its_project_and_what_came_of_it(world):
    world.accepted(submitting(), claiming())
    key = world.project().cooperation_id
    world.know("goes on")
    world.merged("the offer", "goes on")
    assert world.now_is(key).offer_actor_id == ident("goes on")
    boss = world.member("boss", "goes on")
    world.accepted(asked(ReleaseProject), principal=boss)
    assert world.project().state == "free"


def test_after_the_deadlines_nothing_of_that_is_possible(world):
    world.accepted(submitting())
    world.move_to(4 * WEEK)
    late = submitting(project_id=ident("late"))
    assert "22.12.2026" in world.refused(late, Reason.DEADLINE_OVER).message.de
    world.accepted(claiming())
    key = world.project().cooperation_id
    world.move_to(8 * WEEK + 1)
    world.refused(asked(ReleaseProject), Reason.DEADLINE_OVER)
    world.accepted(said(DeclineCooperation, key, reason="other"))
    assert world.project().state == "claimed", "nobody could claim it any more"


def test_who_is_not_registered_on_that_side_neither_submits_nor_claims(world):
    world.know("N2")
    refused = world.refused(submitting(actor_id=ident("N2")), Reason.NOT_REGISTERED)
    assert "gemeinnützigen Seite" in refused.message.de
    world.refused(submitting(actor_id=OFFER), Reason.NOT_REGISTERED)
    world.accepted(submitting())
    world.companies("C9")
    assert (
        "als Unternehmen" in world.refused(claiming(ident("C9")), Reason.NOT_REGISTERED).message.de
    )
    world.refused(claiming(NEED), Reason.NOT_REGISTERED)
    assert world.register("C9") == ["waitlisted"]
    world.refused(claiming(ident("C9")), Reason.NOT_REGISTERED)


def test_who_may_and_what_may_not(world, engine_of):
    world.refused(submitting(), Reason.NOT_ALLOWED, principal=str(FIRM))
    phone = {"on_behalf": {"channel": "phone", "on": "2026-11-24"}}
    world.refused(submitting(**phone), Reason.NOT_ALLOWED, principal=str(HOST))
    world.refused(submitting(title="Mail an a@b.example"), Reason.CONTACT_IN_TEXT)
    world.refused(submitting(edition_id=ident("none")), Reason.NOT_FOUND)
    world.accepted(submitting(**phone), principal=str(BROKER))
    assert world.project().on_behalf.channel == "phone"
    world.refused(submitting(), Reason.ALREADY_EXISTS)
    world.refused(claiming(), Reason.NOT_ALLOWED, principal=str(HOST))
    changed = asked(ChangeProject, **{**ABOUT, "title": "Beete"})
    world.refused(changed, Reason.NOT_ALLOWED, principal=str(FIRM))
    world.accepted(changed, principal=str(HOST))
    assert world.project().title == "Beete"
    world.accepted(asked(WithdrawProject), principal=str(HOST))
    world.refused(claiming(), Reason.WRONG_STATE)
    none = Exchange(engine_of(service))
    none.announced()
    none.register("the need")
    none.refused(submitting(), Reason.NO_PROJECTS)


def test_a_project_of_an_edition_that_is_cancelled_is_not_claimed(world):
    world.accepted(submitting())
    world.accepted(CancelEdition(edition_id=EDITION))
    world.ask(claiming())
    assert world.project().state == "withdrawn"


@pytest.mark.parametrize("by_company", [True, False])
def test_what_was_claimed_goes_on_without_an_edition_and_can_be_given_back(world, by_company):
    world.accepted(submitting(), claiming())
    world.accepted(CancelEdition(edition_id=EDITION))
    key = world.project().cooperation_id
    assert (world.project().state, world.now_is(key).state) == ("claimed", "introduced")
    if by_company:
        world.accepted(asked(ReleaseProject), principal=str(FIRM))
    else:
        world.accepted(said(DeclineCooperation, key, reason="other"))
    assert (world.project().state, world.project().claimed_by) == ("withdrawn", None)
    assert world.now_is(key).state in ("withdrawn", "declined")


@pytest.mark.parametrize("reason", ["need_gone", "nonprofit_withdrew"])
def test_a_project_that_nobody_needs_any_more_is_not_offered_again(world, reason):
    world.accepted(submitting(), claiming())
    key = world.project().cooperation_id
    withdrawing = said(WithdrawCooperation, key, side="need", reason=reason)
    world.accepted(withdrawing, principal=str(HOST))
    assert (world.project().state, world.project().cooperation_id) == ("withdrawn", None)
    world.refused(claiming(ident("another")), Reason.WRONG_STATE)


def test_nobody_claims_a_project_of_who_gave_the_place_back(world):
    world.accepted(submitting())
    world.cancel("the need")
    refusal = world.refused(claiming(), Reason.NOT_REGISTERED)
    assert "gemeinnützigen Seite" in refusal.message.de
    assert world.project().state == "free"


def test_of_two_replicas_that_claim_it_at_once_one_gets_it(world, monkeypatch):
    """Each waits, before it writes, for the other to have decided: as long as that may take."""
    world.accepted(submitting())
    both, keep = Barrier(2), keeping_cooperations.keep

    def kept(*arguments: Any) -> Any:
        with suppress(BrokenBarrierError):
            both.wait(2)
        return keep(*arguments)

    monkeypatch.setattr(projects, "keep", kept)
    claims = [world.say(claiming(OFFER)), world.say(claiming(ident("another")))]
    records = world.nodes[0].pending(world.log)
    replicas = [
        Thread(target=Node(service, world.engine).process, args=([record], world.now))
        for record in records
    ]
    for each in replicas:
        each.start()
    for each in replicas:
        each.join()
    world.nodes[0].committed[records[0].topic, records[0].partition] += len(records)
    world.settle()
    outcomes = [outcome.reason for each in claims for outcome in world.outcomes(each)]
    assert sorted(outcomes, key=str) == [None, Reason.PROJECT_TAKEN]
    assert world.project().claims == 1


# ------------------------------------------------------------------------------- any order


EDITION_NOW = announce(EDITION, announcement(deadlines=DEADLINES), at(0))
steps = st.lists(
    st.tuples(st.sampled_from(["claim", "release", "withdraw"]), st.integers(0, 3)), max_size=12
)


@given(steps, st.lists(st.integers(0, 9 * WEEK), max_size=12))
def test_it_is_claimed_by_one_at_a_time_in_any_order(steps, hours):
    """Each claim that succeeds found it free; and has a cooperation of its own."""
    project: Project = rules.submit(submitting(), NEED, EDITION_NOW, at(0))  # type: ignore[arg-type]
    moments = sorted(hours) + [9 * WEEK] * len(steps)
    cooperations = set()
    for (step, who), hour in zip(steps, moments, strict=False):
        now, before = at(hour), project
        try:
            if step == "claim":
                project = rules.claim(project, EDITION_NOW, ident(str(who)), now)
            elif step == "release":
                project = rules.release(project, EDITION_NOW, now)
            else:
                project = rules.withdraw(project)
        except Refused:
            assert project is before
            continue
        if step != "withdraw":
            assert now < DEADLINES["claim_by"]
        if step == "claim":
            assert before.state is ProjectState.FREE
            assert project.cooperation_id not in cooperations
            cooperations.add(project.cooperation_id)
        assert (project.claimed_by is None) == (project.state is not ProjectState.CLAIMED)
    assert len(cooperations) == project.claims
