"""Who is told what of a cooperation: the other side, whose turn it is, who is in charge."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from impulse_chassis.testing import START, Node, World
from impulse_contracts.booking.agreements import Signature
from impulse_contracts.booking.cooperation_codes import ActionKind, CooperationStep, Responsible
from impulse_contracts.booking.cooperations import (
    AgreementDrafted,
    AgreementSigned,
    ContactLeft,
    CooperationAgreed,
    CooperationCancelled,
    CooperationDueSoon,
    CooperationEntered,
    CooperationEscalated,
    CooperationOverdue,
    CooperationPrepared,
    DeliveryDecided,
    DeliveryPlanned,
    DeliverySoon,
    NextAction,
    NextActionDue,
    PreparationDue,
    RedemptionChecked,
    Step,
)
from impulse_contracts.codes import (
    CooperationState,
    Direction,
    IntakeChannel,
    MessageState,
    PersonRole,
)
from impulse_contracts.notifications import MessageQueued, MessageSent, MessageSuppressed
from impulse_contracts.parts import OnBehalf
from impulse_notifications.app import service
from impulse_notifications.domain.message import Template
from tests.notifications.given import (
    NEED_ACTOR,
    NEED_PERSON,
    OFFER_PERSON,
    both_sides,
    membership,
    now,
    opened,
    person,
    say_all,
)

AGENCY, BROKER, OPERATOR = UUID(int=3), UUID(int=13), UUID(int=14)
STAFF = [BROKER, OPERATOR]
BOTH = [NEED_PERSON, OFFER_PERSON]


@pytest.fixture
def world(engine_of):
    world = World([Node(service, engine_of(service))])
    broker = membership(BROKER, AGENCY, roles=(PersonRole.BROKER,))
    runs_it = membership(OPERATOR, UUID(int=4), roles=(PersonRole.OPERATOR,))
    say_all(world, *both_sides(), person(BROKER), broker, person(OPERATOR), runs_it)
    return world


def of(kind, **changes):
    """A fact on a cooperation of the two."""
    return kind.model_validate({**opened().model_dump(), **changes})


def step(side, on_behalf=None):
    return Step(
        step=CooperationStep.CANCELLED,
        at=START,
        state=CooperationState.CANCELLED,
        side=side,
        on_behalf=on_behalf,
    )


def turn(responsible, due=date(2026, 12, 8)):
    return NextAction(kind=ActionKind.GET_ACQUAINTED, responsible=responsible, due=due)


SIGNED = Signature(side=Direction.NEED, at=START)
DATES = [{"starts": START + timedelta(days=2), "ends": START + timedelta(days=3)}]
ITEMS = [
    {"item": "rain_plan", "responsible": "need", "due": "2026-12-24"},
    {"item": "briefing", "responsible": "both", "due": "2027-01-05"},
]
CHECKED = [{"months": 3, "on": "2027-02-24", "redeemed": False, "state": "agreed"}]
DONE = [{**CHECKED[0], "redeemed": True, "state": "preparing"}]
PHONE = OnBehalf(channel=IntakeChannel.PHONE, on=date(2026, 11, 24))


@pytest.mark.parametrize(
    ("fact", "template", "persons"),
    [
        (of(CooperationEntered), Template.COOPERATION_ENTERED, BOTH),
        (of(AgreementDrafted), Template.COOPERATION_TO_SIGN, BOTH),
        (of(AgreementDrafted, missing=["performance"]), None, []),
        (of(AgreementSigned, signatures=[SIGNED]), Template.COOPERATION_TO_SIGN, [OFFER_PERSON]),
        (of(CooperationAgreed), Template.COOPERATION_AGREED, BOTH),
        (
            of(CooperationCancelled, state="cancelled", steps=[step(Direction.OFFER)]),
            Template.COOPERATION_CHANGED,
            [NEED_PERSON],
        ),
        (
            of(CooperationCancelled, state="cancelled", steps=[step(Direction.OFFER, PHONE)]),
            Template.COOPERATION_CHANGED,
            BOTH,
        ),
        (
            of(NextActionDue, next_action=turn(Responsible.OFFER)),
            Template.COOPERATION_ACTION_DUE,
            [OFFER_PERSON],
        ),
        (
            of(NextActionDue, next_action=turn(Responsible.BROKER), in_charge=AGENCY),
            Template.COOPERATION_ACTION_DUE,
            [BROKER],
        ),
        (
            of(CooperationEscalated, next_action=turn(Responsible.BOTH), in_charge=AGENCY),
            Template.COOPERATION_ESCALATED,
            [BROKER],
        ),
        (
            of(CooperationEscalated, next_action=turn(Responsible.BOTH)),
            Template.COOPERATION_ESCALATED,
            STAFF,
        ),
        (
            of(CooperationEscalated, next_action=turn(Responsible.BOTH), in_charge=AGENCY, times=2),
            Template.COOPERATION_ESCALATED,
            STAFF,
        ),
        (of(ContactLeft, lost=["offer"]), Template.COOPERATION_CONTACT_LEFT, STAFF),
        (
            of(ContactLeft, lost=["offer"], in_charge=AGENCY),
            Template.COOPERATION_CONTACT_LEFT,
            [BROKER],
        ),
        (of(ContactLeft, in_charge=AGENCY), None, []),
        (
            of(PreparationDue, checklist=ITEMS, due_items=["rain_plan"]),
            Template.COOPERATION_ITEMS_DUE,
            [NEED_PERSON],
        ),
        (of(DeliverySoon, dates=DATES), Template.COOPERATION_DAY_SOON, BOTH),
        (
            of(DeliveryDecided, state="evaluating", steps=[step(Direction.NEED)]),
            Template.COOPERATION_DECIDED,
            [OFFER_PERSON],
        ),
        (
            of(RedemptionChecked, state="agreed", redemption=CHECKED),
            Template.COOPERATION_UNREDEEMED,
            BOTH,
        ),
        (of(RedemptionChecked, state="completed", redemption=CHECKED), None, []),
        (of(RedemptionChecked, state="preparing", redeemed_at=START, redemption=DONE), None, []),
    ],
)
def test_those_are_told_whom_it_concerns(world, fact, template, persons):
    world.say(fact)
    world.settle()
    for kind in (MessageQueued, MessageSent):
        heard = [(each.data.person_id, each.data.template) for each in world.heard(kind)]
        assert sorted(heard) == sorted((each, template) for each in persons)


def test_nobody_is_told_of_their_turn_when_it_is_over(world):
    world.say(of(NextActionDue, next_action=turn(Responsible.NEED, START.date())))
    world.now += timedelta(days=1)
    world.settle()
    assert not world.heard(MessageQueued)
    assert {each.data.person_id for each in world.heard(MessageSuppressed)} == {NEED_PERSON}


def test_nobody_is_reminded_by_mail_of_what_has_begun(world):
    """T12: the mail is not sent after the start, however long it waited for its turn."""
    world.say(of(DeliverySoon, dates=DATES))
    world.now += timedelta(days=2, hours=1)
    world.settle()
    assert not world.heard(MessageQueued)
    assert len(world.heard(MessageSuppressed)) == 4


SOON = now()
DAYS, OTHERS = (
    [{"starts": SOON + timedelta(days=each), "ends": SOON + timedelta(days=each + 1)}]
    for each in (2, 7)
)
TURN = turn(Responsible.BOTH, SOON.date() + timedelta(days=2))
TO_DO = [{"item": "briefing", "responsible": "both", "due": SOON.date() + timedelta(days=2)}]
PREPARED = {"state": "preparing", "dates": DAYS, "checklist": TO_DO}


@pytest.mark.parametrize(
    ("reminder", "after"),
    [
        (of(DeliverySoon, **PREPARED), {"state": "cancelled"}),
        (of(DeliverySoon, **PREPARED), {"state": "on_hold"}),
        (of(DeliverySoon, **PREPARED), {"dates": OTHERS}),
        (of(DeliveryPlanned, **PREPARED), {"dates": OTHERS}),
        (of(NextActionDue, next_action=TURN), {"next_action": turn(Responsible.NEED)}),
        (
            of(CooperationEscalated, next_action=TURN, in_charge=NEED_ACTOR),
            {"next_action": None},
        ),
        (
            of(PreparationDue, **PREPARED, due_items=["briefing"]),
            {"checklist": [{**TO_DO[0], "done_on": SOON.date()}]},
        ),
        (of(AgreementDrafted, state="negotiating"), {"state": "agreed"}),
        (of(RedemptionChecked, state="agreed", redemption=CHECKED), {"state": "evaluating"}),
        (of(CooperationDueSoon, state="agreed"), {"state": "completed"}),
        (of(CooperationOverdue, state="agreed"), {"state": "evaluating"}),
    ],
)
async def test_what_is_not_so_any_more_nobody_is_reminded_of(office, reminder, after):
    """T12: the mails wait, as the mail server is away; when it is back, it is too late for them."""
    say_all(office.world, reminder)
    waiting = office.mails()
    assert {each.state for each in waiting} == {MessageState.QUEUED}
    values = {**reminder.model_dump(), "version": 2, **after}
    say_all(office.world, CooperationPrepared.model_validate(values))
    assert not office.due()
    await office.rounds(1)
    assert not office.post.mails
    assert {each.state for each in office.mails()} == {MessageState.SUPPRESSED}


@pytest.mark.parametrize("kind", [CooperationDueSoon, CooperationOverdue])
@pytest.mark.parametrize("state", ["introduced", "negotiating"])
async def test_of_the_last_day_those_hear_too_who_have_not_agreed_or_agree_anew(
    office, kind, state
):
    say_all(office.world, of(kind, state=state))
    await office.rounds(1)
    assert len(office.post.mails) == 2
    assert {each.state for each in office.mails()} == {MessageState.SENT}


async def test_what_else_happens_to_a_cooperation_keeps_no_reminder_back(office):
    reminder = of(DeliverySoon, **PREPARED)
    say_all(office.world, reminder)
    values = {**reminder.model_dump(), "version": 2, "checklist": (), "dates": [*DAYS, *OTHERS]}
    say_all(office.world, CooperationPrepared.model_validate(values))
    await office.rounds(1)
    assert len(office.post.mails) == 2


def test_the_side_whose_hours_were_changed_is_told_what_it_had_said_and_what_stands(world):
    """56 hours became 10: both figures are in its inbox, in its language."""
    said = {"side": "offer", "at": START, "outcome": "done", "persons": 8, "hours": 56}
    stands = {"side": "need", "at": START, "outcome": "partly", "persons": 1, "hours": 10}
    decided = of(
        DeliveryDecided,
        state="evaluating",
        steps=[step(Direction.NEED)],
        reports=[said],
        decision=stands,
    )
    say_all(world, decided)
    [told] = world.heard(MessageSent)
    assert "This stands: partly done, 1 person, 10 hours." in told.data.text
    assert "You had reported: done, 8 persons, 56 hours." in told.data.text
    assert told.data.path == f"/cooperations/{decided.cooperation_id}", "its entry leads there"
    [mail] = world.heard(MessageQueued)
    assert mail.data.path is None
