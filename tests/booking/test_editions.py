"""Editions: stages by time, and registration as a booking that moves with the edition."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_booking.app import service
from impulse_booking.domain import editions as rules
from impulse_booking.domain.editions import RUNNING, Edition, offer_id, workshop_offer_id
from impulse_contracts.booking.edition_codes import EditionStage
from impulse_contracts.booking.editions import (
    CancelEdition,
    CloseEdition,
    EditionTerms,
    Sides,
)
from impulse_contracts.booking.programme import (
    CancelSession,
    ChangeCapacity,
    ChangeProgrammeOffer,
    ProgrammeTerms,
    RescheduleSession,
    SessionFact,
    WithdrawProgrammeOffer,
)
from impulse_contracts.codes import EventFormat
from impulse_contracts.reasons import Reason
from tests.booking.cooperating import AGENCY, BROKER, HOST
from tests.booking.editing import (
    DAY,
    EDITION,
    PREPARED,
    WEEK,
    WORKSHOP,
    EditionWorld,
    announcement,
    change,
)
from tests.booking.programme import at, ident, request

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
spans = st.integers(1, 60).map(lambda days: timedelta(days=days))
moments = st.timedeltas(timedelta(0), timedelta(days=400)).map(lambda later: NOW + later)


@st.composite
def said(draw: st.DrawFn) -> EditionTerms:
    """Terms with any of the times left out."""
    opens = NOW + draw(spans)
    closes = opens + draw(spans)
    starts = closes + draw(st.sampled_from([timedelta(0), timedelta(days=9)]))
    return EditionTerms(
        title="Markt",
        format=EventFormat.MARKTPLATZ,
        starts=starts,
        ends=starts + timedelta(hours=2),
        registration_opens=draw(st.sampled_from([None, opens])),
        registration_closes=draw(st.sampled_from([None, closes])),
        nonprofit_places=3,
    )


@given(said(), moments, moments)
def test_time_leads_on_and_never_back(terms, one, other):
    edition = rules.announce(EDITION, terms, NOW)
    earlier, later = sorted((one, other))
    ranks = [RUNNING.index(rules.stage_at(edition, each)) for each in (earlier, later)]
    assert ranks == sorted(ranks)


@given(said(), st.lists(moments, max_size=6))
def test_each_stage_is_said_once_whenever_it_is_looked_at(terms, looks):
    """However late, and at last it is where only somebody can end it."""
    edition: Edition = rules.announce(EDITION, terms, NOW)
    passed = [edition.stage]
    for now in [*sorted(looks), terms.ends]:
        while (further := rules.advanced(edition, now)) is not None:
            assert further.version == edition.version + 1
            edition = further
            passed.append(edition.stage)
        at_now = edition.stage, rules.advanced(edition, now)
        assert at_now == (rules.stage_at(edition, now), None)
        waits = rules.next_look(edition, now)
        assert (waits is None) == (edition.stage is EditionStage.RESULTS)
        assert waits is None or waits > now
    steps = [stage for stage, _ in rules.timetable(edition)]
    assert passed[-len(steps) :] == steps
    assert rules.close(edition, terms.ends).stage is EditionStage.CLOSED


@pytest.mark.parametrize("end", [rules.cancel, rules.close])
def test_what_is_ended_stays_so(end):
    now = at(8 * WEEK + 3) if end is rules.close else NOW
    ended = end(rules.announce(EDITION, announcement(), NOW), now)
    later = now + timedelta(days=900)
    assert rules.stage_at(ended, later) is ended.stage
    assert rules.advanced(ended, later) is None
    assert rules.next_look(ended, later) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"registration_closes": at(9 * WEEK)},
        {"registration_opens": at(7 * WEEK)},
        {"registration_opens": at(9 * WEEK), "registration_closes": None},
        {"deadlines": {"submit_by": at(5), "claim_by": at(4)}},
        {"deadlines": {"submit_by": at(12 * WEEK), "claim_by": at(22 * WEEK)}},
        {"deadlines": {"submit_by": at(4 * WEEK), "claim_by": at(8 * WEEK + 3)}},
        {"workshop": {**PREPARED, "starts": at(9 * WEEK), "ends": at(9 * WEEK + 3)}},
    ],
)
def test_times_that_do_not_follow_each_other_break_the_contract(wrong):
    with pytest.raises(ValueError, match=r"registration_|claim_by|submit_by|workshop"):
        announcement(**wrong)


# -------------------------------------------------------------------------------- its life


@pytest.fixture
def world(engine_of):
    return EditionWorld(engine_of(service))


def test_it_is_announced_with_what_is_booked_and_time_leads_it_on(world):
    world.announced(opened=False, workshop=PREPARED)
    [fact] = world.said()
    assert (fact.stage, fact.version) == ("announced", 1)
    assert fact.places == Sides(companies=2, nonprofits=2), "as many of one as of the other"
    day, before = world.session(DAY), world.session(WORKSHOP)
    assert (day.capacity, day.edition_id, day.category) == (4, EDITION, "event")
    assert (before.title, before.capacity, before.quotas) == (PREPARED["title"], 2, ())
    assert (fact.session_id, fact.programme_offer_id) == (DAY, day.programme_offer_id)
    world.move_to(9 * WEEK)
    stages = [(each.version, each.stage, each.since) for each in world.said()]
    assert stages[1:] == [
        (2, "registration", at(WEEK)),
        (3, "preparation", at(7 * WEEK)),
        (4, "day", at(8 * WEEK)),
        (5, "results", at(8 * WEEK + 2)),
    ]
    world.accepted(CloseEdition(edition_id=EDITION))
    assert world.said()[-1].stage == "closed"
    world.refused(CloseEdition(edition_id=EDITION), Reason.WRONG_STATE)


def test_each_side_has_its_places_whatever_kind_the_others_are(world):
    """Municipal bodies and intermediaries share the places of non-profits."""
    world.announced()
    world.companies("C1", "C2", "C3")
    world.know("N1", "N2")
    world.know("M1", kind="municipal", actor_type="municipality", carrier="municipal")
    world.know("I1", kind="intermediary", actor_type="volunteer_agency")
    states = world.register("C1", "C2", "C3", "M1", "I1", "N1", "N2")
    taken, waits = "confirmed", "waitlisted"
    assert states == [taken, taken, waits, taken, taken, waits, waits]
    world.cancel("I1")
    assert world.states("C3", "N1", "N2") == [waits, "offered", waits], "the next of its side"


def test_it_can_be_booked_while_registration_is_open(world):
    world.announced(opened=False)
    world.know("N1")
    world.refused(request("N1", DAY), Reason.NOT_OPEN_YET)
    world.move_to(7 * WEEK)
    world.refused(request("N1", DAY), Reason.CLOSED)


def test_applications_are_reviewed_for_a_night_shift(world):
    world.announced(format="night_shift")
    world.know("N1")
    assert world.register("N1") == ["requested"]


def test_what_is_booked_moves_along_with_it(world):
    """One command, and the places that it adds go to who waits."""
    world.announced(workshop=PREPARED)
    world.companies("C1", "C2", "C3")
    assert world.register("C1", "C2", "C3")[-1] == "waitlisted"
    later = {"starts": at(9 * WEEK), "ends": at(9 * WEEK + 2)}
    world.accepted(change(title="Großer Markt", **later, nonprofit_places=3))
    day = world.session(DAY)
    assert (day.title, day.starts, day.capacity, day.sequence) == (
        "Großer Markt",
        at(9 * WEEK),
        6,
        1,
    )
    assert world.states("C1", "C3") == ["confirmed", "offered"]
    assert world.session(WORKSHOP).state == "cancelled", "it is not said any more"
    assert world.offer(workshop_offer_id(EDITION)).state == "withdrawn"
    world.accepted(change(**later, workshop=PREPARED, nonprofit_places=3))
    again = world.session(WORKSHOP)
    assert (again.state, again.sequence, again.taken) == ("scheduled", 1, 0)
    versions = [
        each.data.version for each in world.heard(SessionFact) if each.data.session_id == DAY
    ]
    assert versions == list(range(1, len(versions) + 1))


def test_nobody_pays_unless_whoever_runs_it_says_so(world):
    """A company that was invited had read that terms are on request."""
    world.announced()
    offer = world.offer(offer_id(EDITION))
    assert "private" in offer.free_for
    terms = {name: getattr(offer, name) for name in ProgrammeTerms.model_fields}
    said = {**terms, "programme_offer_id": offer.programme_offer_id, "free_for": ("nonprofit",)}
    world.accepted(ChangeProgrammeOffer.model_validate(said))
    world.accepted(change(title="Großer Markt"))
    after = world.offer(offer_id(EDITION))
    assert (after.title, after.free_for) == ("Großer Markt", ("nonprofit",)), "it stays as said"


def test_what_did_not_change_is_not_said_again(world):
    world.announced(workshop=PREPARED)
    before = len(world.heard(SessionFact))
    world.accepted(change(workshop=PREPARED, description="Mit Musik"))
    assert len(world.heard(SessionFact)) == before
    assert world.offer(offer_id(EDITION)).description == "Mit Musik"


def test_registration_that_is_prolonged_opens_again(world):
    world.announced()
    world.move_to(7 * WEEK)
    assert world.said()[-1].stage == "preparation"
    world.accepted(change(registration_closes=at(7 * WEEK + 24)))
    world.move_to(7 * WEEK + 24)
    assert [each.stage for each in world.said()[-2:]] == ["registration", "preparation"]


def test_a_workshop_that_is_over_stays_as_it_was(world):
    world.announced(workshop=PREPARED)
    world.move_to(7 * WEEK)
    world.accepted(change(title="Anders", workshop=PREPARED))
    assert world.session(WORKSHOP).state == "scheduled"
    moved = {**PREPARED, "starts": at(7 * WEEK + 5), "ends": at(7 * WEEK + 6)}
    world.refused(change(workshop=moved), Reason.CLOSED)


def test_a_side_keeps_the_places_that_it_has_taken(world):
    world.announced()
    world.companies("C1", "C2")
    world.register("C1")
    world.advance(timedelta(hours=1))
    world.register("C2")
    refusal = world.refused(change(company_places=1), Reason.PLACES_ARE_TAKEN)
    assert str(ident("booking/C2")) in refusal.message.de
    assert str(ident("booking/C1")) not in refusal.message.de
    world.accepted(change(nonprofit_places=0, company_places=2))


def test_cancelling_it_cancels_all_that_was_booked(world):
    world.announced(workshop=PREPARED)
    world.know("N1", "N2")
    world.register("N1")
    world.register("N2", session_id=WORKSHOP)
    world.accepted(CancelEdition(edition_id=EDITION))
    assert world.states("N1", "N2") == ["cancelled_by_provider"] * 2
    assert {world.session(each).state for each in (DAY, WORKSHOP)} == {"cancelled"}
    world.refused(change(), Reason.WRONG_STATE)
    world.move_to(10 * WEEK)
    assert world.said()[-1].stage == "cancelled"


def test_its_sessions_are_changed_with_it_alone(world):
    world.announced()
    times: dict[str, Any] = {"starts": at(5), "ends": at(6)}
    for command in (
        RescheduleSession(session_id=DAY, **times),
        ChangeCapacity(session_id=DAY, capacity=9),
        CancelSession(session_id=DAY),
        WithdrawProgrammeOffer(programme_offer_id=offer_id(EDITION)),
    ):
        world.refused(command, Reason.PART_OF_EDITION)
    assert world.offer(offer_id(EDITION)).state == "published"
    world.know("N1")
    assert world.register("N1") == ["confirmed"], "its registration is open still"


def test_whoever_runs_it_says_so_and_nobody_else(world):
    run = announcement(provider_actor_id=AGENCY)
    world.refused(run, Reason.NOT_ALLOWED, principal=str(HOST))
    world.accepted(run, principal=str(BROKER))
    world.refused(run, Reason.ALREADY_EXISTS)
    helper = world.member("helper", "the agency")
    world.accepted(change(provider_actor_id=AGENCY), principal=helper)
    other: dict[str, Any] = {"provider_actor_id": ident("the need")}
    world.refused(change(**other), Reason.NOT_ALLOWED, principal=helper)
    for kind in (CancelEdition, CloseEdition):
        world.refused(kind(edition_id=EDITION), Reason.NOT_ALLOWED, principal=str(HOST))


def test_contacts_and_times_that_are_past_are_refused(world):
    world.refused(announcement(title="Anruf: 0201 123456"), Reason.CONTACT_IN_TEXT)
    past: dict[str, Any] = {"registration_opens": None, "registration_closes": None}
    world.refused(announcement(**past, starts=at(-5), ends=at(-4)), Reason.TIME_IN_PAST)
    assert not world.said()
