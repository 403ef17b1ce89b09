"""Who is told what, and what becomes of a message: the pure part."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_chassis.testing import START
from impulse_contracts.booking.cooperations import CooperationDueSoon
from impulse_contracts.codes import (
    Channel,
    Direction,
    Language,
    MessageState,
    ProposalState,
)
from impulse_contracts.matching import ProposalExpired, ProposalReminded
from impulse_contracts.notifications import (
    MessageFailed,
    MessageQueued,
    MessageSent,
    MessageSuppressed,
)
from impulse_contracts.registry.life import (
    ActorConfirmationDue,
    ActorEvidenceDueSoon,
    ActorMarkedStale,
)
from impulse_contracts.registry.listings import ListingChanged
from impulse_contracts.registry.network import ActorHandedOver
from impulse_notifications.domain.attempt import Attempt, Outcome, Retries, after_attempt
from impulse_notifications.domain.message import Template, Why, fact_of, message_id, suppress
from impulse_notifications.domain.notice import (
    NEWS,
    email,
    in_app,
    notices_of,
    sign_in_link,
)
from tests.notifications.given import (
    NEED_ACTOR,
    OFFER_ACTOR,
    accepted,
    link,
    notices_on,
    nowhere,
    of_actor,
    opened,
    reminded,
)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (ProposalState.ACCEPTED_BY_NEED, [OFFER_ACTOR]),
        (ProposalState.ACCEPTED_BY_OFFER, [NEED_ACTOR]),
        ("unknown", []),
    ],
)
def test_an_acceptance_is_told_to_the_other_side(state, told):
    said = notices_on(accepted(state=state))
    assert [notice.actor_id for notice in said] == told
    assert {notice.template for notice in said} <= {Template.PROPOSAL_ACCEPTED}


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (ProposalState.SENT, [NEED_ACTOR, OFFER_ACTOR]),
        (ProposalState.ACCEPTED_BY_NEED, [OFFER_ACTOR]),
        (ProposalState.ACCEPTED_BY_OFFER, [NEED_ACTOR]),
    ],
)
def test_of_a_missing_answer_those_are_reminded_who_have_given_none(state, told):
    fact = ProposalReminded(**accepted(state=state).model_dump())
    said = notices_on(fact)
    assert [notice.actor_id for notice in said] == told
    assert {notice.template for notice in said} == {Template.PROPOSAL_UNANSWERED}
    assert fact.answer_until is not None
    late = notices_on(fact, happened_at=fact.answer_until - timedelta(days=3))
    assert {notice.send_by for notice in late} == {fact.answer_until}, "not after the time is over"


@pytest.mark.parametrize("fact", [opened(), ProposalExpired(**accepted().model_dump())])
def test_other_facts_are_told_to_both_sides(fact):
    need, offer = notices_on(fact)
    assert (need.actor_id, need.matter.side) == (NEED_ACTOR, Direction.NEED)
    assert (offer.actor_id, offer.matter.side) == (OFFER_ACTOR, Direction.OFFER)
    assert (need.matter.partner_id, offer.matter.partner_id) == (OFFER_ACTOR, NEED_ACTOR)
    assert need.notice_id != offer.notice_id


def test_a_notice_names_the_page_that_shows_what_it_is_about():
    cooperation, proposal = opened(), accepted(state=ProposalState.ACCEPTED_BY_NEED)
    for fact, path in (
        (cooperation, f"/cooperations/{cooperation.cooperation_id}"),
        (proposal, f"/proposals/{proposal.proposal_id}"),
    ):
        assert {notice.matter.path for notice in notices_on(fact)} == {path}


@pytest.mark.parametrize("direction", list(Direction))
def test_of_an_unconfirmed_listing_its_own_side_is_told_while_it_can_be_confirmed(direction):
    fact = reminded(direction=direction)
    [notice] = notices_on(fact)
    assert (notice.actor_id, notice.template) == (NEED_ACTOR, Template.LISTING_UNCONFIRMED)
    assert notice.matter.path == f"/listings/{fact.listing_id}/confirm"
    titles = {Direction.NEED: notice.matter.need_title, Direction.OFFER: notice.matter.offer_title}
    assert titles.pop(direction) == fact.title
    assert list(titles.values()) == [""]
    soon = START + timedelta(days=1)
    [short] = notices_on(reminded(confirm_by=soon))
    assert short.send_by == soon


@pytest.mark.parametrize("direction", list(Direction))
def test_of_a_listing_without_a_place_its_own_side_is_told_once_for_a_postcode(direction):
    fact = nowhere(direction=direction)
    [notice] = notices_on(fact)
    assert (notice.actor_id, notice.template) == (NEED_ACTOR, Template.LISTING_NOT_LOCATED)
    assert notice.matter.path == f"/listings/{fact.listing_id}/edit"
    own = notice.matter.need_title or notice.matter.offer_title
    assert own == fact.title
    changed = nowhere(ListingChanged, listing_id=fact.listing_id, title="Gartentag")
    assert [each.notice_id for each in notices_of(changed, "another", START, START)] == [
        notice.notice_id
    ]
    moved = nowhere(ListingChanged, listing_id=fact.listing_id, postcode="99999")
    assert [each.notice_id for each in notices_on(moved)] != [notice.notice_id]


@pytest.mark.parametrize(
    "changes",
    [
        {"place": {"postcode": "45127", "latitude": 51.4, "longitude": 7.0}},
        {"place": {"mode": "online"}},
        {"status": "stale"},
    ],
)
def test_of_a_listing_that_is_somewhere_or_not_open_nothing_is_told(changes):
    assert notices_on(nowhere(**changes)) == ()


AGENCY = uuid4()


@pytest.mark.parametrize(
    ("kind", "template", "told"),
    [
        (ActorConfirmationDue, Template.ACTOR_UNCONFIRMED, NEED_ACTOR),
        (ActorMarkedStale, Template.ACTOR_STALE, NEED_ACTOR),
        (ActorEvidenceDueSoon, Template.EVIDENCE_ENDS, NEED_ACTOR),
        (ActorHandedOver, Template.ACTOR_HANDED_OVER, AGENCY),
    ],
)
def test_of_an_actor_its_people_are_told_and_of_a_handover_who_is_in_charge_now(
    kind, template, told
):
    [notice] = notices_on(of_actor(kind, in_charge=AGENCY))
    assert (notice.actor_id, notice.template) == (told, template)
    assert notice.matter.path == f"/organisations/{NEED_ACTOR}/care"


def test_what_goes_to_the_operator_is_told_to_nobody():
    assert notices_on(of_actor(ActorHandedOver)) == ()


def test_a_message_is_known_by_cause_person_template_and_channel():
    person = uuid4()
    ids = {
        message_id(cause, each, template, channel)
        for cause in ("a", "b")
        for each in (person, uuid4())
        for template in Template
        for channel in Channel
    }
    assert len(ids) == 2 * 2 * len(Template) * 2
    assert message_id("a", person, Template.SIGN_IN_LINK, Channel.EMAIL) in ids


def test_an_email_is_queued_and_the_inbox_has_its_message_at_once():
    [_, offer] = notices_on(opened())
    mail = email(offer, uuid4(), Language.EN, START)
    inbox = in_app(offer, uuid4(), Language.EN, "title", "text", START)
    assert isinstance(fact_of(mail), MessageQueued)
    assert (mail.version, mail.title, mail.text, mail.next_try) == (1, None, None, START)
    assert isinstance(fact_of(inbox), MessageSent)
    assert (inbox.version, inbox.title, inbox.text) == (1, "title", "text")
    assert (inbox.sent_at, inbox.next_try) == (START, None)


def test_what_comes_too_late_is_suppressed():
    old = START - NEWS
    [need, _] = notices_on(opened(), happened_at=old)
    for late in (
        email(need, uuid4(), Language.DE, START),
        in_app(need, uuid4(), Language.DE, "t", "t", START),
        sign_in_link(link(uuid4(), expires_at=START), "cause", Language.DE, START),
    ):
        assert isinstance(fact_of(late), MessageSuppressed)
        assert late.version == 1
        assert late.detail
        assert (late.title, late.text, late.link, late.next_try) == (None, None, None, None)


def test_nobody_is_reminded_of_a_day_that_has_passed():
    fact = CooperationDueSoon(**opened().model_dump())
    [need, _] = notices_on(fact, happened_at=START + timedelta(days=364))
    # The first moment of the day after, in Germany.
    assert need.send_by.isoformat() == "2027-11-25T00:00:00+01:00"


def test_an_answer_is_asked_for_only_while_it_is_wanted():
    soon = START + timedelta(days=1)
    [offer] = notices_on(accepted(answer_until=soon))
    assert offer.send_by == soon
    [offer] = notices_on(accepted(answer_until=None))
    assert offer.send_by == START + NEWS


def queued():
    return email(notices_on(opened())[0], uuid4(), Language.DE, START)


@pytest.mark.parametrize(
    ("outcome", "state", "fact"),
    [
        (Outcome.SENT, MessageState.SENT, MessageSent),
        (Outcome.TEMPORARY, MessageState.QUEUED, MessageQueued),
        (Outcome.PERMANENT, MessageState.FAILED, MessageFailed),
        (Outcome.UNKNOWN, MessageState.UNKNOWN_OUTCOME, MessageFailed),
    ],
)
def test_after_an_attempt(outcome, state, fact):
    why = None if outcome is Outcome.SENT else Why.REFUSED
    message = after_attempt(queued(), Attempt(outcome, why, "550"), START, Retries())
    assert message.state is state
    assert type(fact_of(message)) is fact
    assert (message.version, message.attempts) == (2, 1)
    assert (message.next_try is not None) is (state is MessageState.QUEUED)
    assert (message.sent_at is not None) is (state is MessageState.SENT)
    if why:
        assert message.detail == "550: Der Mailserver nimmt die Nachricht nicht an."


def test_a_link_is_forgotten_when_it_was_sent_or_never_will_be():
    message = sign_in_link(link(uuid4()), "cause", Language.DE, START)
    assert message.link
    for outcome in Outcome:
        after = after_attempt(message, Attempt(outcome), START, Retries())
        assert (after.link is not None) is (outcome is Outcome.TEMPORARY)
    assert suppress(message, Why.ERASED).link is None


@given(st.integers(1, 100_000))
def test_pauses_double_and_are_bounded(failures):
    retries = Retries(first=timedelta(seconds=2), longest=timedelta(minutes=5))
    pause = retries.pause(failures)
    assert timedelta(seconds=2) <= pause <= timedelta(minutes=5)
    assert pause.total_seconds() == min(2**failures, 300)
    assert retries.pause(failures + 1) >= pause


def test_what_is_refused_for_long_is_given_up():
    attempt = Attempt(Outcome.TEMPORARY, Why.NOT_NOW, "450")
    retries = Retries(give_up=timedelta(hours=1))
    early = after_attempt(queued(), attempt, START + timedelta(minutes=59), retries)
    late = after_attempt(queued(), attempt, START + timedelta(hours=1), retries)
    assert (early.state, late.state) == (MessageState.QUEUED, MessageState.FAILED)
