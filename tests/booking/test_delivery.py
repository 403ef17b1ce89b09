"""How a cooperation is carried out: what both say, what stands, and what follows of it."""

from datetime import timedelta

import pytest

from impulse_booking.app import service
from impulse_booking.domain.days import day_of
from impulse_contracts.booking.agreements import DraftAgreement, SignAgreement
from impulse_contracts.booking.cooperation_commands import CancelCooperation, EndUnredeemed
from impulse_contracts.booking.cooperations import (
    CooperationAgreed,
    CooperationDueSoon,
    CooperationEscalated,
    CooperationOverdue,
    DeliverySoon,
    DeliveryStarted,
    NextActionDue,
)
from impulse_contracts.booking.deliveries import (
    CompleteCooperation,
    ContinueCooperation,
    DecideDelivery,
    EvaluateCooperation,
    PlanDelivery,
    ReportDelivery,
)
from impulse_contracts.outcomes import OutcomeRefused
from impulse_contracts.reasons import Reason
from tests.booking.cooperating import BOTH, BROKER, FIRM, HOST, PHONE, TERMS, CooperationWorld, said
from tests.booking.delivering import DAY, carried_out, planned, weekly

GRADES = {"structure": 4, "process": 5, "result": 5}


@pytest.fixture
def world(engine_of):
    return CooperationWorld(engine_of(service))


def test_from_the_date_to_the_end(world):
    key = planned(world)
    assert world.now_is(key).state == "preparing"
    world.advance(timedelta(days=58))
    assert len(world.heard(DeliverySoon)) == 1
    assert not world.heard(DeliveryStarted)
    world.advance(timedelta(days=2))
    assert world.now_is(key).state == "in_delivery"
    world.advance(timedelta(days=2))
    world.accepted(
        said(ReportDelivery, key, side="offer", outcome="done", persons=8, hours=56.0),
        principal=str(FIRM),
    )
    assert world.now_is(key).next_action.kind == "decide"
    decide = said(DecideDelivery, key, side="need", outcome="done", persons=8, hours=52.0)
    world.accepted(decide, principal=str(HOST))
    for side in ("need", "offer"):
        world.accepted(
            said(EvaluateCooperation, key, side=side, on_behalf=PHONE, **GRADES),
            principal=str(BROKER),
        )
    assert world.now_is(key).next_action.kind == "conclude"
    world.accepted(said(CompleteCooperation, key, side="need"), principal=str(HOST))
    over = world.now_is(key)
    assert (over.state, over.next_action, over.decision.hours) == ("completed", None, 52.0)
    assert {each.side for each in over.evaluations} == {"need", "offer"}


def test_both_are_reminded_of_the_day_while_they_draft_anew(world):
    key = planned(world)
    world.accepted(said(DraftAgreement, key, terms=TERMS, side="need"), principal=str(HOST))
    for _ in range(70):
        world.advance(timedelta(days=1))
    [soon] = world.heard(DeliverySoon)
    assert soon.data.state == "negotiating"
    assert not world.heard(DeliveryStarted)


def test_what_both_report_stands_side_by_side_until_the_approving_side_decides(world):
    key = carried_out(world)
    partly = {"outcome": "partly", "persons": 6, "hours": 30.0}
    world.refused(said(ReportDelivery, key, side="need", **partly), Reason.REASON_MISSING)
    partly["reason"] = "effort_underestimated"
    world.accepted(said(ReportDelivery, key, side="need", **partly), principal=str(HOST))
    again = {"outcome": "done", "persons": 8, "hours": 54.0}
    world.accepted(said(ReportDelivery, key, side="offer", **again), principal=str(FIRM))
    reports = {each.side: each.hours for each in world.now_is(key).reports}
    assert reports == {"need": 30.0, "offer": 54.0}
    decision = {"outcome": "done", "hours": 50.0}
    world.refused(
        said(DecideDelivery, key, side="offer", **decision), Reason.NOT_APPROVING, str(FIRM)
    )
    world.accepted(said(DecideDelivery, key, side="need", **decision), principal=str(HOST))
    assert world.now_is(key).decision.hours == 50.0
    assert {each.side: each.hours for each in world.now_is(key).reports} == reports


def test_what_the_side_with_the_need_alone_reports_the_other_one_confirms(world):
    key = planned(world)
    world.advance(timedelta(days=61))
    world.accepted(said(ReportDelivery, key, side="need", outcome="done", hours=40.0))
    assert world.now_is(key).next_action.responsible == "offer"
    decision = {"outcome": "done", "hours": 40.0}
    world.refused(said(DecideDelivery, key, side="need", **decision), Reason.NOT_APPROVING)
    world.accepted(said(DecideDelivery, key, side="offer", **decision), principal=str(FIRM))


def test_what_was_not_done_needs_another_date(world):
    key = planned(world)
    world.advance(timedelta(days=61))
    not_done = {"outcome": "not_done", "reason": "staff_change"}
    world.accepted(said(ReportDelivery, key, side="need", **not_done), principal=str(HOST))
    again = world.now_is(key)
    assert (again.state, again.dates, again.next_action.kind) == ("agreed", (), "find_date")
    assert again.steps[-1].reason == "staff_change"
    # The other side says otherwise; the approving one settles it.
    world.accepted(said(ReportDelivery, key, side="offer", outcome="done"), principal=str(FIRM))
    assert world.now_is(key).state == "evaluating"
    world.accepted(said(DecideDelivery, key, side="need", **not_done), principal=str(HOST))
    assert (world.now_is(key).state, world.now_is(key).redeemed_at) == ("agreed", None)
    later = [{"starts": DAY + timedelta(days=30), "ends": DAY + timedelta(days=31)}]
    world.accepted(said(PlanDelivery, key, dates=later))
    assert (world.now_is(key).reports, world.now_is(key).decision) == ((), None)
    world.accepted(said(EndUnredeemed, key, reason="date_not_found"))


def test_what_is_reported_after_it_was_decided_that_it_was_not_done_is_decided_anew(world):
    key = carried_out(world)
    not_done = {"outcome": "not_done", "reason": "date_not_found", "persons": 0, "hours": 0}
    world.accepted(said(DecideDelivery, key, side="need", **not_done), principal=str(HOST))
    assert world.now_is(key).decision.outcome == "not_done"
    # They do it after all, without having said when; the one who was there says so.
    world.advance(timedelta(days=10))
    done = {"outcome": "done", "persons": 8, "hours": 56.0}
    world.accepted(said(ReportDelivery, key, side="need", **done), principal=str(HOST))
    now = world.now_is(key)
    assert (now.state, now.decision, len(now.reports)) == ("evaluating", None, 1)
    assert (now.next_action.kind, now.next_action.responsible) == ("decide", "offer")
    world.accepted(said(DecideDelivery, key, side="offer", **done), principal=str(FIRM))
    assert (world.now_is(key).decision.hours, world.now_is(key).redeemed_at) == (56.0, world.now)


def test_what_is_decided_no_report_changes(world):
    key = carried_out(world)
    done = {"outcome": "done", "persons": 8, "hours": 50.0}
    world.accepted(said(DecideDelivery, key, side="need", **done), principal=str(HOST))
    decided = world.now_is(key)
    denies = said(ReportDelivery, key, side="offer", outcome="not_done", reason="other")
    world.accepted(denies, principal=str(FIRM))
    now = world.now_is(key)
    assert [each.outcome for each in now.reports] == ["not_done"], "beside what stands"
    kept = ("state", "decision", "redeemed_at", "dates", "next_action")
    assert {name: getattr(now, name) for name in kept} == {
        name: getattr(decided, name) for name in kept
    }
    # The side that decided may still do so otherwise.
    changed = said(DecideDelivery, key, side="need", outcome="not_done", reason="other")
    world.accepted(changed, principal=str(HOST))
    assert (world.now_is(key).state, world.now_is(key).redeemed_at) == ("agreed", None)


@pytest.mark.parametrize("outcome", ["done", "partly"])
def test_nothing_is_done_before_its_date(world, outcome):
    key = planned(world)
    report = {"side": "offer", "outcome": outcome, "reason": "other", "hours": 56.0}
    world.refused(said(ReportDelivery, key, **report), Reason.NOT_BEGUN, str(FIRM))
    [*_, refusal] = world.heard(OutcomeRefused)
    assert "23.01.2027" in refusal.data.message.de
    assert (world.now_is(key).state, world.now_is(key).redeemed_at) == ("preparing", None)
    world.advance(DAY - world.now)
    world.accepted(said(ReportDelivery, key, **report), principal=str(FIRM))
    assert world.now_is(key).state == "evaluating"


def test_that_it_will_not_be_done_is_said_before_its_date(world):
    key = planned(world)
    world.accepted(said(ReportDelivery, key, side="need", outcome="not_done", reason="other"))
    assert (world.now_is(key).state, world.now_is(key).dates) == ("agreed", ())


@pytest.mark.parametrize(
    ("reports", "decides", "both"),
    [(BOTH, HOST, [True, False]), (FIRM, BOTH, [False, True]), (FIRM, HOST, [False, False])],
)
def test_t17_who_says_what_was_done_and_belongs_to_both_is_a_warning(world, reports, decides, both):
    key = planned(world)
    world.advance(timedelta(days=61))
    done = {"outcome": "done", "persons": 8, "hours": 560.0}
    world.accepted(said(ReportDelivery, key, side="offer", **done), principal=str(reports))
    world.accepted(said(DecideDelivery, key, side="need", **done), principal=str(decides))
    now = world.now_is(key)
    [report] = now.reports
    assert [report.on_both_sides, now.decision.on_both_sides] == both
    assert ("conflict_of_interest" in now.warnings) == any(both)


@pytest.mark.parametrize("ending", [CompleteCooperation, ContinueCooperation])
def test_no_side_ends_it_before_it_stands_what_was_done(world, ending):
    key = carried_out(world)
    for side, who in (("offer", FIRM), ("need", HOST)):
        refused = world.refused(said(ending, key, side=side), Reason.NOT_DECIDED, str(who))
        assert "das macht die Organisation mit dem Bedarf" in refused.message.de
    assert world.now_is(key).next_action.kind == "decide"
    done = {"outcome": "done", "persons": 8, "hours": 56.0}
    world.accepted(said(DecideDelivery, key, side="need", **done), principal=str(HOST))
    world.accepted(said(ending, key, side="offer"), principal=str(FIRM))


def test_brokers_end_what_nobody_decides(world):
    key = carried_out(world)
    world.accepted(said(CompleteCooperation, key), principal=str(BROKER))
    assert (world.now_is(key).state, world.now_is(key).decision) == ("completed", None)


def test_what_is_left_gets_a_date_and_what_was_done_stands(world):
    key = carried_out(world)
    partly = {"outcome": "partly", "persons": 8, "hours": 56.0, "reason": "effort_underestimated"}
    world.accepted(said(DecideDelivery, key, side="need", **partly), principal=str(HOST))
    known = world.now_is(key)
    world.accepted(said(PlanDelivery, key, side="offer", dates=weekly(4)), principal=str(FIRM))
    now = world.now_is(key)
    assert (now.state, now.next_action.kind) == ("preparing", "prepare")
    kept = ("reports", "decision", "redeemed_at")
    assert [getattr(now, each) for each in kept] == [getattr(known, each) for each in kept]
    # What was done, if only partly, can't be called off any more.
    for end in (EndUnredeemed, CancelCooperation):
        world.refused(said(end, key, reason="other"), Reason.WRONG_STATE)
    world.advance(timedelta(weeks=4))
    assert world.now_is(key).state == "in_delivery"
    done = {"outcome": "done", "persons": 8, "hours": 80.0}
    world.accepted(said(ReportDelivery, key, side="offer", **done), principal=str(FIRM))
    now = world.now_is(key)
    assert (now.state, now.decision, now.next_action.kind) == (
        *("evaluating", known.decision),
        "decide",
    )
    world.accepted(said(DecideDelivery, key, side="need", **done), principal=str(HOST))
    now = world.now_is(key)
    assert (now.decision.hours, now.next_action.kind) == (80.0, "evaluate")
    assert now.redeemed_at == known.redeemed_at


def test_what_was_done_stands_when_nothing_comes_of_what_is_left(world):
    key = planned(world)
    world.advance(timedelta(days=61))
    partly = {"outcome": "partly", "persons": 8, "hours": 56.0, "reason": "effort_underestimated"}
    world.accepted(said(ReportDelivery, key, side="offer", **partly), principal=str(FIRM))
    # What nobody decided would be replaced by what is reported of another date.
    for side, who in (("offer", FIRM), (None, BROKER)):
        plan = said(PlanDelivery, key, side=side, dates=weekly(4))
        world.refused(plan, Reason.NOT_DECIDED, principal=str(who))
    world.accepted(said(DecideDelivery, key, side="need", **partly), principal=str(HOST))
    stood = world.now_is(key)

    def stands():
        now = world.now_is(key)
        assert (now.state, now.redeemed_at) == ("evaluating", stood.redeemed_at)
        assert (now.decision.outcome, now.decision.hours) == ("partly", 56.0)
        assert (now.steps[-1].reason, now.next_action.kind) == ("staff_change", "evaluate")

    not_done = {"outcome": "not_done", "reason": "staff_change"}
    world.accepted(said(PlanDelivery, key, side="offer", dates=weekly(4)), principal=str(FIRM))
    world.advance(timedelta(weeks=4))
    world.accepted(said(ReportDelivery, key, side="offer", **not_done), principal=str(FIRM))
    stands()
    # They try once more; the one side says that it was done then, the other one decides.
    world.accepted(said(PlanDelivery, key, side="offer", dates=weekly(8)), principal=str(FIRM))
    world.advance(timedelta(weeks=4))
    done = {"outcome": "done", "persons": 8, "hours": 80.0}
    world.accepted(said(ReportDelivery, key, side="offer", **done), principal=str(FIRM))
    assert world.now_is(key).next_action.kind == "decide"
    world.accepted(said(DecideDelivery, key, side="need", **not_done), principal=str(HOST))
    stands()
    assert [each.redeemed for each in world.now_is(key).redemption] == [True]
    world.accepted(said(CompleteCooperation, key, side="need"), principal=str(HOST))


def test_of_its_last_day_nobody_is_told_who_has_carried_it_out_partly(world):
    key = carried_out(world)
    partly = {"outcome": "partly", "persons": 8, "hours": 56.0, "reason": "effort_underestimated"}
    world.accepted(said(DecideDelivery, key, side="need", **partly), principal=str(HOST))
    world.accepted(said(PlanDelivery, key, side="offer", dates=weekly(40)), principal=str(FIRM))
    for _ in range(9):
        world.advance(timedelta(days=30))
    now = world.now_is(key)
    assert (now.state, now.redeem_by < day_of(world.now)) == ("preparing", True)
    assert not world.heard(CooperationDueSoon)
    assert not world.heard(CooperationOverdue)


def test_what_was_done_is_reported_while_they_draft_anew(world):
    key = planned(world)
    better = {**TERMS, "estimated_value_eur": 900}
    lacking = said(DraftAgreement, key, terms={**better, "value_method": None}, side="need")
    world.accepted(lacking, principal=str(HOST))
    world.advance(timedelta(days=61))
    done = {"outcome": "done", "persons": 8, "hours": 56.0}
    world.accepted(said(ReportDelivery, key, side="offer", **done), principal=str(FIRM))
    world.accepted(said(DecideDelivery, key, side="need", **done), principal=str(HOST))
    # What they want to agree on is still to be completed and signed, and then it is agreed.
    world.refused(said(SignAgreement, key, side="need"), Reason.AGREEMENT_INCOMPLETE, str(HOST))
    draft = said(DraftAgreement, key, terms=better, side="need")
    world.accepted(draft, principal=str(HOST))
    for side, who in (("need", HOST), ("offer", FIRM)):
        world.accepted(said(SignAgreement, key, side=side), principal=str(who))
    [_, agreed] = world.heard(CooperationAgreed)
    assert (agreed.data.state, agreed.data.terms.estimated_value_eur) == ("evaluating", 900)
    for step in (said(SignAgreement, key, side="need"), draft):
        world.refused(step, Reason.WRONG_STATE, str(HOST))


def test_what_was_not_done_while_they_draft_anew_is_signed_before_it_is_tried_again(world):
    key = planned(world)
    world.accepted(said(DraftAgreement, key, terms=TERMS, side="need"), principal=str(HOST))
    not_done = {"outcome": "not_done", "reason": "date_not_found"}
    world.accepted(said(ReportDelivery, key, side="need", **not_done), principal=str(HOST))
    now = world.now_is(key)
    assert (now.state, now.dates, now.next_action.kind) == ("negotiating", (), "sign")


def test_t12_a_reminder_is_not_given_after_the_start(world):
    """The worker that sends reminders is down for six hours, over the morning and the start."""
    key = planned(world)
    world.advance(timedelta(days=57))
    assert not world.heard(DeliverySoon)
    world.now += timedelta(days=3, hours=6)
    world.settle()
    assert not world.heard(DeliverySoon), "it has begun: no reminder of it"
    assert world.now_is(key).state == "in_delivery"


def test_t12_a_reminder_missed_for_six_hours_is_given_once(world):
    planned(world)
    world.advance(timedelta(days=57))
    world.now += timedelta(days=1, hours=6)
    for _ in range(3):
        world.settle()
        world.now += timedelta(hours=1)
    assert len(world.heard(DeliverySoon)) == 1


def test_nobody_forgets_what_was_not_reported_or_decided(world):
    key = planned(world)
    for _ in range(30):
        world.advance(timedelta(days=3))
    assert "report" in {each.data.next_action.kind for each in world.heard(NextActionDue)}
    late = [each.data.next_action.kind for each in world.heard(CooperationEscalated)]
    assert late[-1] == "report"
    world.accepted(said(ReportDelivery, key, side="offer", outcome="done"))
    for _ in range(30):
        world.advance(timedelta(days=3))
    late = [each.data.next_action.kind for each in world.heard(CooperationEscalated)]
    assert list(dict.fromkeys(late))[-2:] == ["report", "decide"]


def test_t13_the_same_log_once_more_changes_nothing_and_says_nothing(world):
    key = carried_out(world)
    before, facts = world.now_is(key), len(world.log.of("impulse.cooperations"))
    for _ in range(2):
        world.nodes[0].committed.clear()
        world.settle()
    assert world.now_is(key) == before
    assert len(world.log.of("impulse.cooperations")) == facts
