"""The agreement: drafted, complete, signed by both, and every way in which it does not come."""

from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from impulse_booking.app import service
from impulse_booking.domain.days import day_of
from impulse_chassis.testing import START
from impulse_contracts.booking.agreements import DraftAgreement, SignAgreement
from impulse_contracts.booking.cooperation_commands import (
    CancelCooperation,
    DeclineCooperation,
    EndUnredeemed,
    HoldCooperation,
    ResumeCooperation,
    SetNextAction,
    WithdrawCooperation,
)
from impulse_contracts.booking.cooperations import (
    AgreementSigned,
    CooperationAgreed,
    CooperationEntered,
    CooperationEscalated,
    CooperationFact,
    CooperationOverdue,
    NextActionDue,
    RedemptionChecked,
)
from impulse_contracts.booking.preparations import NameContacts
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ActorMerged, ActorSeparated
from tests.booking.cooperating import (
    AGENCY,
    BOTH,
    BROKER,
    FIRM,
    HOST,
    NEED,
    OFFER,
    PHONE,
    TERMS,
    CooperationWorld,
    belongs,
    entry,
    said,
)
from tests.booking.programme import ident, organisation


@pytest.fixture
def world(engine_of):
    return CooperationWorld(engine_of(service))


def test_it_is_agreed_when_both_have_signed_what_is_complete(world):
    key = world.opened()
    topics = world.now_is(key).topics
    world.accepted(
        said(DraftAgreement, key, terms={**TERMS, "redeem_by": None}, side="need"),
        principal=str(HOST),
    )
    assert world.now_is(key).missing == ("redeem_by",)
    refused = world.refused(
        said(SignAgreement, key, side="need"), Reason.AGREEMENT_INCOMPLETE, principal=str(HOST)
    )
    assert "der letzte Tag der Umsetzung" in refused.message.de
    world.accepted(said(DraftAgreement, key, terms=TERMS, side="offer"), principal=str(FIRM))
    world.accepted(said(SignAgreement, key, side="need"), principal=str(HOST))
    assert world.now_is(key).next_action.responsible == "offer"
    world.accepted(said(SignAgreement, key, side="offer", on_behalf=PHONE), principal=str(BROKER))
    assert len(world.heard(AgreementSigned)) == 1
    [heard] = world.heard(CooperationAgreed)
    agreed = heard.data
    assert (agreed.state, agreed.number, agreed.redeem_by) == (
        "agreed",
        "2026-1",
        date(2027, 10, 1),
    )
    assert [(each.side, each.person_id) for each in agreed.signatures] == [
        ("need", HOST),
        ("offer", None),
    ]
    assert agreed.steps[-1].on_behalf.channel == "phone"
    assert agreed.topics == topics, "the need's topics, as they were"
    assert agreed.in_charge == AGENCY
    assert agreed.next_action.kind == "find_date"


def test_agreements_are_numbered_without_a_gap_in_one_batch(world):
    signing = {"on_behalf": {"channel": "event_floor", "on": "2026-11-24"}}
    lacking = {**TERMS, "performance": " "}
    entered = [entry(terms=lacking if count == 2 else TERMS, signing=signing) for count in range(5)]
    for each in entered:
        world.say(each, principal=str(BROKER))
    world.settle()
    found = [world.now_is(each.cooperation_id) for each in entered]
    numbers = sorted(each.number for each in found if each.number)
    assert numbers == ["2026-1", "2026-2", "2026-3", "2026-4"]
    draft = found[2]
    assert (draft.state, draft.missing) == ("negotiating", ("performance",))
    assert isinstance(draft, CooperationEntered)
    assert draft.proposal_id == draft.cooperation_id
    assert [each.version for each in found] == [1] * 5


def test_only_brokers_enter_and_never_one_organisation_with_itself(world):
    world.refused(entry(), Reason.NOT_ALLOWED, principal=str(HOST))
    world.refused(entry(offer_actor_id=NEED), Reason.SAME_ORGANISATION)
    world.refused(entry(need_title="Ruf an: 0201 1234567"), Reason.CONTACT_IN_TEXT)
    first = entry()
    world.accepted(first, principal=str(BROKER))
    assert world.now_is(first.cooperation_id).state == "introduced"
    world.refused(first, Reason.ALREADY_EXISTS)
    later = entry(need_actor_id=ident("unheard"))
    message_id = world.say(later)
    world.settle()
    assert not world.outcomes(message_id), "it waits for the organisation"
    world.say(organisation("unheard"))
    world.advance(timedelta(seconds=4))
    assert world.now_is(later.cooperation_id).need_actor_id == ident("unheard")


def test_who_is_entered_to_have_signed_belongs_to_that_side(world):
    signing = {"on_behalf": PHONE, "need_signatory_id": HOST, "offer_signatory_id": HOST}
    world.refused(entry(terms=TERMS, signing=signing), Reason.NOT_OF_SIDE)
    right = entry(terms=TERMS, signing={**signing, "offer_signatory_id": FIRM})
    world.accepted(right)
    assert [each.person_id for each in world.now_is(right.cooperation_id).signatures] == [
        HOST,
        FIRM,
    ]
    both = {"need_signatory_id": BOTH, "offer_signatory_id": BOTH}
    alone = entry(terms=TERMS, signing={**signing, **both})
    world.accepted(alone)
    assert "conflict_of_interest" in world.now_is(alone.cooperation_id).warnings


def test_who_may_speak_for_whom(world):
    key = world.opened()
    draft = said(DraftAgreement, key, terms=TERMS, side="need")
    world.refused(draft, Reason.NOT_ALLOWED, principal=str(FIRM))
    world.refused(draft, Reason.NOT_ALLOWED, principal=str(ident("a stranger")))
    for told in ({"side": "need", "on_behalf": PHONE}, {}):
        world.refused(
            said(DraftAgreement, key, terms=TERMS, **told), Reason.NOT_ALLOWED, principal=str(HOST)
        )
        world.accepted(said(DraftAgreement, key, terms=TERMS, **told), principal=str(BROKER))
    tomorrow = {"channel": "phone", "on": "2026-11-26"}
    world.refused(said(SignAgreement, key, side="need", on_behalf=tomorrow), Reason.DATE_IN_FUTURE)


def test_t17_a_conflict_of_interest_is_flagged_and_hinders_nothing(world):
    """T17: the same person for both sides, as a board member here and an employee there."""
    key = world.opened()
    world.accepted(said(DraftAgreement, key, terms=TERMS, side="need"), principal=str(BOTH))
    world.accepted(said(SignAgreement, key, side="need"), principal=str(HOST))
    assert "conflict_of_interest" not in world.now_is(key).warnings
    world.accepted(
        said(SignAgreement, key, side="offer", signatory_id=BOTH, on_behalf=PHONE),
        principal=str(BROKER),
    )
    agreed = world.now_is(key)
    assert agreed.state == "agreed"
    assert "conflict_of_interest" in agreed.warnings


def test_a_broker_signs_for_a_side_only_as_it_told_them(world):
    key = world.opened()
    world.accepted(said(DraftAgreement, key, terms=TERMS))
    sign = said(SignAgreement, key, side="need")
    world.refused(sign, Reason.CHANNEL_MISSING, principal=str(BROKER))
    told = {"side": "need", "on_behalf": PHONE}
    for nobody in (FIRM, ident("nobody")):
        named = said(SignAgreement, key, signatory_id=nobody, **told)
        world.refused(named, Reason.NOT_OF_SIDE, principal=str(BROKER))
    world.accepted(said(SignAgreement, key, **told), principal=str(BROKER))
    [signature] = world.now_is(key).signatures
    assert (signature.person_id, signature.on_behalf.channel) == (None, "phone")


def test_t17_who_changes_sides_and_signs_again_is_flagged(world):
    key = world.opened()
    world.accepted(said(DraftAgreement, key, terms=TERMS))
    world.accepted(said(SignAgreement, key, side="need"), principal=str(HOST))
    world.say(belongs(HOST, OFFER).model_copy(update={"version": 2}))
    world.settle()
    world.accepted(said(SignAgreement, key, side="offer"), principal=str(HOST))
    assert "conflict_of_interest" in world.now_is(key).warnings


def test_what_is_drafted_anew_is_signed_anew_under_its_number(world):
    key = world.agreed()
    world.accepted(said(DraftAgreement, key, terms={**TERMS, "performance": "Nur ein Raum."}))
    again = world.now_is(key)
    assert (again.state, again.signatures, again.number) == ("negotiating", (), "2026-1")
    world.refused(said(DeclineCooperation, key, reason="other"), Reason.WRONG_STATE)
    for side in ("need", "offer"):
        world.accepted(said(SignAgreement, key, side=side))
    assert (world.now_is(key).state, world.now_is(key).number) == ("agreed", "2026-1")


@pytest.mark.parametrize(
    ("command", "state"),
    [(DeclineCooperation, "declined"), (WithdrawCooperation, "withdrawn")],
)
def test_before_anything_is_agreed_a_side_can_leave(world, command, state):
    key = world.opened()
    world.refused(said(CancelCooperation, key, reason="other", side="need"), Reason.WRONG_STATE)
    world.accepted(said(command, key, reason="other", side="offer"), principal=str(FIRM))
    over = world.now_is(key)
    assert (over.state, over.next_action, over.steps[-1].side) == (state, None, "offer")
    assert "other" in (over.steps[-1].reason, over.steps[-1].decline_reason)
    refused = world.refused(said(SignAgreement, key, side="need"), Reason.WRONG_STATE)
    assert "die Kooperation ist beendet" in refused.message.de


@pytest.mark.parametrize(
    ("command", "state"),
    [(CancelCooperation, "cancelled"), (EndUnredeemed, "not_redeemed")],
)
def test_what_was_agreed_is_cancelled_or_not_redeemed(world, command, state):
    key = world.agreed()
    refused = world.refused(said(DeclineCooperation, key, reason="other"), Reason.WRONG_STATE)
    assert "vereinbart" in refused.message.de
    assert "Absage" in refused.message.de
    assert "cancellation" in refused.message.en
    world.accepted(said(command, key, reason="contact_lost"), principal=str(BROKER))
    assert (world.now_is(key).state, world.now_is(key).steps[-1].reason) == (state, "contact_lost")
    said_so_far = len(world.heard(CooperationFact))
    world.advance(timedelta(days=500))
    later = [type(each.data) for each in world.heard(CooperationFact)][said_so_far:]
    assert later == [RedemptionChecked] * 3, "nobody is reminded of what is over"


def test_what_is_on_hold_goes_on_where_it_was(world):
    key = world.agreed()
    hold = {"reason": "staff_change", "side": "offer"}
    world.refused(said(HoldCooperation, key, until="2026-11-01", **hold), Reason.DATE_IN_PAST)
    world.accepted(said(HoldCooperation, key, until="2027-01-15", **hold), principal=str(FIRM))
    world.accepted(said(HoldCooperation, key, until="2027-02-15", **hold), principal=str(FIRM))
    held = world.now_is(key)
    assert (held.state, held.hold.state, held.next_action.kind) == ("on_hold", "agreed", "resume")
    assert held.next_action.due == date(2027, 2, 15)
    world.advance(timedelta(days=80))
    assert [each.data.next_action.kind for each in world.heard(NextActionDue)] == ["resume"]
    world.accepted(said(ResumeCooperation, key, side="need"), principal=str(HOST))
    assert (world.now_is(key).state, world.now_is(key).hold) == ("agreed", None)


def test_nothing_rests_until_it_is_forgotten(world):
    key = world.agreed()
    at_most = {"reason": "staff_change", "side": "offer", "until": "2027-05-24"}
    too_long = said(HoldCooperation, key, **{**at_most, "until": "2027-05-25"})
    refused = world.refused(too_long, Reason.DATE_TOO_FAR, principal=str(FIRM))
    assert "2027-05-24" in refused.message.de
    action = {"text": "Anrufen", "responsible": "both", "due": "2099-01-01"}
    world.refused(said(SetNextAction, key, **action), Reason.DATE_TOO_FAR)
    # It may be said again; then of its last day, 2027-10-01, both are told nevertheless.
    world.accepted(said(HoldCooperation, key, **at_most), principal=str(FIRM))
    world.advance(timedelta(days=170))
    world.accepted(said(HoldCooperation, key, **{**at_most, "until": "2027-11-10"}))
    world.advance(timedelta(days=145))
    assert [world.now_is(key).state for _ in world.heard(CooperationOverdue)] == ["on_hold"]


def test_what_is_next_can_be_said_and_is_escalated_when_it_is_late(world):
    key = world.opened()
    action = {"responsible": "broker", "due": "2026-12-10"}
    world.refused(
        said(SetNextAction, key, text="mail an a@b.example", **action), Reason.CONTACT_IN_TEXT
    )
    world.accepted(said(SetNextAction, key, text="Anrufen", **action), principal=str(BROKER))
    assert world.now_is(key).next_action.text == "Anrufen"
    world.advance(timedelta(days=14))
    assert len(world.heard(NextActionDue)) == 1
    assert not world.heard(CooperationEscalated)
    world.advance(timedelta(days=6))
    [escalated] = world.heard(CooperationEscalated)
    assert escalated.data.in_charge == AGENCY
    world.accepted(said(DraftAgreement, key, terms=TERMS))
    assert world.now_is(key).next_action.kind == "sign", "something else happened"


def test_what_is_late_is_told_again_until_somebody_does_something(world):
    key, touched = world.agreed(), world.agreed()
    for day in range(1, 100):
        world.advance(timedelta(days=1))
        if day == 34:
            world.accepted(said(NameContacts, touched, side="need", contact_id=HOST))
    told: dict[UUID, list[tuple[int, int]]] = {key: [], touched: []}
    for each in world.heard(CooperationEscalated):
        days = (each.attributes.time - START).days
        told[each.data.cooperation_id].append((each.data.times, days))
    # A date is to be found in 28 days; three days after that it is late.
    assert told[key] == [(1, 31), (2, 45), (3, 59), (4, 73)]
    assert told[touched] == [(1, 31), (2, 48), (3, 59), (4, 73)]


def test_what_stays_open_is_told_every_quarter_for_as_long_as_it_does(world):
    key = world.agreed()
    for _ in range(160):
        world.advance(timedelta(days=7))
    told = [each.data.times for each in world.heard(CooperationEscalated)]
    assert told == list(range(1, len(told) + 1))
    days = [(each.attributes.time - START).days for each in world.heard(CooperationEscalated)]
    waited = [later - earlier for earlier, later in pairwise(days[3:])]
    assert waited == [91] * 11
    assert world.now_is(key).next_action.kind == "find_date"


def test_what_was_to_be_told_again_while_the_worker_was_down_is_told_once(world):
    world.opened()
    world.advance(timedelta(days=50))
    assert [each.data.times for each in world.heard(CooperationEscalated)] == [3]


def test_the_last_day_is_no_more_than_two_years_ahead(world):
    key = world.opened()
    for day in ("2999-01-01", "2028-11-25"):
        terms = {**TERMS, "redeem_by": day}
        world.refused(said(DraftAgreement, key, terms=terms), Reason.DATE_TOO_FAR)
    world.accepted(said(DraftAgreement, key, terms={**TERMS, "redeem_by": "2028-11-24"}))


def test_nobody_checks_their_own_agreement(world):
    key = world.opened()
    for who in (HOST, FIRM, BOTH):
        own = {**TERMS, "witness_id": who}
        draft = said(DraftAgreement, key, terms=own, side="need")
        world.refused(draft, Reason.WITNESS_OF_SIDE, principal=str(HOST))
        world.refused(entry(terms=own), Reason.WITNESS_OF_SIDE, principal=str(BROKER))
    checked = said(DraftAgreement, key, terms={**TERMS, "witness_id": BROKER})
    world.accepted(checked, principal=str(BROKER))


def test_it_is_agreed_as_of_the_day_on_which_both_had_signed(world):
    """Signed on paper last year, and entered today: it counts where it belongs."""
    told = {"channel": "event_floor", "on": "2025-12-20"}
    late = entry(terms=TERMS, signing={"on_behalf": told})
    world.accepted(late, principal=str(BROKER))
    agreed = world.now_is(late.cooperation_id)
    assert (agreed.number, day_of(agreed.agreed_at)) == ("2025-1", date(2025, 12, 20))
    # What was over by then is not looked at: nobody is told of it as if it were news.
    world.advance(timedelta(days=40))
    [check] = world.now_is(late.cooperation_id).redemption
    assert (check.months, check.on) == (12, date(2026, 12, 20))
    # The one signed this year, the other one last year: it was agreed this year.
    for days, number in (([told["on"], "2026-11-02"], "2026-1"), ([told["on"]] * 2, "2025-2")):
        key = entry(terms=TERMS)
        world.accepted(key)
        for side, day in zip(("offer", "need"), days, strict=True):
            on_behalf = {"channel": "letter", "on": day}
            world.accepted(said(SignAgreement, key.cooperation_id, side=side, on_behalf=on_behalf))
        agreed = world.now_is(key.cooperation_id)
        assert (agreed.number, str(day_of(agreed.agreed_at))) == (number, max(days))


def test_a_year_turns_between_both_signatures(world):
    """A broker hears later that the other side had signed long before."""
    key = world.opened()
    world.accepted(said(DraftAgreement, key, terms=TERMS))
    world.advance(timedelta(days=34))
    world.accepted(said(SignAgreement, key, side="need"), principal=str(HOST))
    world.advance(timedelta(days=7))
    told = {"channel": "letter", "on": "2025-12-29"}
    world.accepted(said(SignAgreement, key, side="offer", on_behalf=told), principal=str(BROKER))
    agreed = world.now_is(key)
    assert (world.now.year, agreed.number) == (2027, "2026-1")
    assert day_of(agreed.agreed_at) == date(2026, 12, 28)


def test_texts_hold_no_contacts(world):
    key = world.opened()
    for field in ("performance", "counter_performance"):
        terms = {**TERMS, field: "Rückfragen an team@firma.example"}
        world.refused(said(DraftAgreement, key, terms=terms), Reason.CONTACT_IN_TEXT)
    assert world.now_is(key).terms is None


def test_the_sides_of_what_was_entered(world):
    first = entry(terms=TERMS)
    world.accepted(first, principal=str(BROKER))
    assert (world.now_is(first.cooperation_id).origin) == "entered"
    key = first.cooperation_id
    world.accepted(said(SignAgreement, key, side="offer"), principal=str(FIRM))
    assert world.now_is(key).signatures[0].person_id == FIRM
    assert world.now_is(key).offer_actor_id == OFFER


def test_t18_what_was_entered_goes_along_with_a_merge_and_back(world):
    first = entry(terms=TERMS)
    world.accepted(first, principal=str(BROKER))
    gone = organisation("the offer").model_dump() | {"version": 2}
    survivor = ident("the survivor")
    merged = {**gone, "status": "merged", "merged_into": survivor}
    world.say(organisation("the survivor"))
    world.say(ActorMerged.model_validate(merged))
    world.settle()
    moved = world.now_is(first.cooperation_id)
    assert (moved.need_actor_id, moved.offer_actor_id) == (NEED, survivor)
    assert not moved.warnings
    world.say(ActorSeparated.model_validate({**gone, "version": 3}))
    world.settle()
    back = world.now_is(first.cooperation_id)
    assert (back.offer_actor_id, back.formerly, back.terms) == (OFFER, (), moved.terms)


def test_two_that_become_one_organisation_are_a_conflict_of_interest(world):
    first = entry(terms=TERMS)
    world.accepted(first, principal=str(BROKER))
    gone = organisation("the offer").model_dump() | {"version": 2}
    world.say(ActorMerged.model_validate({**gone, "status": "merged", "merged_into": NEED}))
    world.settle()
    one = world.now_is(first.cooperation_id)
    assert (one.need_actor_id, one.offer_actor_id) == (NEED, NEED)
    assert "conflict_of_interest" in one.warnings
    world.say(ActorSeparated.model_validate({**gone, "version": 3}))
    world.settle()
    assert not world.now_is(first.cooperation_id).warnings
