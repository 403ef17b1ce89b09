"""Reports: what counts, when it counts, and that the same evidence makes the same bytes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from impulse_booking.app import service
from impulse_booking.beside import count_next
from impulse_contracts.booking.cooperations import (
    CooperationAgreed,
    CooperationEntered,
    CooperationEvaluated,
    CooperationFact,
    CooperationHeld,
    CooperationNotRedeemed,
    CooperationResumed,
    DeliveryDecided,
)
from impulse_contracts.booking.reports import CutReport, ReportCut, ReportFact, ReportRequested
from impulse_contracts.codes import PersonRole
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.listings import ListingConfirmed, ListingPublished
from tests.booking.programme import ident, organisation
from tests.booking.reporting import (
    BEGINS,
    CUT_OFF,
    ReportWorld,
    agreed,
    content,
    figure,
    listing,
    values,
)

ESSEN, DORTMUND = "05113000", "05913000"


@pytest.fixture
def world(engine_of):
    return ReportWorld(engine_of(service))


def played(world: ReportWorld) -> None:
    """Three organisations at a workshop, one cooperation, one that only reported, one example."""
    world.workshop(A=(4, "present"), B=(3, "present"), C=(2, "no_show"))
    dortmund = {"postcode": "44135", "city": "Dortmund", "ags": DORTMUND}
    world.say(organisation("D", kind="intermediary", actor_type="volunteer_agency", seat=dortmund))
    world.say(organisation("reported only"))
    world.say(organisation("example", example=True))
    world.say(agreed("A", "D"))
    world.say(agreed("A", "example", example=True))
    world.say(listing(ListingPublished, "imported", "reported only"))
    world.settle()


def test_figures_of_a_small_programme_as_counted_by_hand(world):
    played(world)
    report = world.cut()
    club = ("nonprofit_association", ESSEN, "2026-Q4")
    assert values(report, "actors_reached") == {
        club: 3,
        ("volunteer_agency", DORTMUND, "2026-Q4"): 1,
    }
    assert figure(report, "actors_reached").total == 4
    assert values(report, "intermediaries_newly_active") == {(DORTMUND,): 1}
    assert values(report, "cooperations_opened") == {(ESSEN,): 1}
    assert values(report, "cooperations_by_topic") == {("social_cohesion",): 1}
    assert values(report, "participants") == {("qualification",): 7}
    assert [(each.definition_de != "", each.definition_en != "") for each in report.figures] == [
        (True, True)
    ] * len(report.figures)


def test_the_facts_behind_a_figure_are_on_the_topics(world):
    played(world)
    report = world.cut()
    said = {
        dict(record.headers)["ce_id"].decode()
        for (topic, _), records in world.log.records.items()
        if not topic.endswith("commands")
        for record in records
    }
    behind = world.behind(report)
    for each in report.figures:
        for row in each.rows:
            facts = behind.get((each.name, row.key))
            assert row.facts == (None if each.of_persons else len(facts or ()))
            assert facts is None or not each.of_persons
            assert row.facts or each.of_persons or not row.value
            assert set(facts or ()) <= said


def test_who_confirms_a_listing_is_reached_and_who_was_merged_counts_once(world):
    world.know("A", "B")
    world.say(listing(ListingConfirmed, "need of A", "A", version=2))
    world.say(listing(ListingConfirmed, "need of B", "B", version=2))
    world.settle()
    assert figure(world.cut(), "actors_reached").total == 2
    world.say(organisation("B", version=2, status="merged", merged_into=ident("A")))
    world.settle()
    report = world.cut()
    assert figure(report, "actors_reached").total == 1
    [row] = figure(report, "actors_reached").rows
    assert (row.value, row.facts) == (1, 2)


def test_who_took_part_counts_whoever_goes_on_for_them(world):
    world.workshop(A=(4, "present"), B=(3, "present"))
    world.merged("A", "B")
    assert values(world.cut(), "participants") == {("qualification",): 7}


def test_fewer_than_five_persons_are_not_told(world):
    world.workshop(A=(2, "present"), B=(2, "present"))
    found = figure(world.cut(), "participants")
    assert (found.total, found.rows, found.hidden) == (None, (), True)
    # Organisations are no persons.
    assert figure(world.cut(), "actors_reached").total == 2


def test_a_report_is_preliminary_until_nothing_can_count_any_more(world):
    """The period ends at midnight in Germany, 23 h UTC; facts may be a day on their way."""
    last = world.now.date()
    assert world.cut(cut_off=last).preliminary
    world.now = datetime.fromisoformat("2026-11-25T22:59:59+00:00")
    assert world.cut(cut_off=last).preliminary
    world.now += timedelta(seconds=1)
    assert not world.cut(cut_off=last).preliminary


def test_what_happens_at_midnight_counts_for_the_day_that_begins(world):
    world.know("A", "D")
    world.now = datetime.fromisoformat("2026-12-31T22:59:59.999+00:00")
    world.say(agreed("A", "D"))
    world.settle()
    world.now = datetime.fromisoformat("2026-12-31T23:00:00+00:00")
    world.say(agreed("D", "A"))
    world.settle()
    assert figure(world.cut(), "cooperations_opened").total == 1
    next_year = world.cut(date(2027, 1, 1), date(2027, 12, 31))
    assert figure(next_year, "cooperations_opened").total == 1


def test_the_same_cut_off_gives_the_same_bytes_later(world):
    played(world)
    world.advance(timedelta(days=60))
    before = world.cut()
    world.say(agreed("B", "D"))
    world.say(organisation("A", version=2, actor_type="foundation"))
    world.settle()
    world.advance(timedelta(days=400))
    after = world.cut()
    assert after.digest == before.digest
    assert content(after) == content(before)
    assert content(world.cut(cut_off=date(2027, 12, 31))) != content(before)


def test_a_fact_that_comes_too_late_counts_when_it_came(world):
    """Said in December, in the log only in February: the report of December stays as it is."""
    played(world)
    listed = listing(ListingConfirmed, "need of C", "E", version=2)
    world.know("E")
    happened = world.now
    world.advance(timedelta(days=60))
    before = world.cut()
    [record] = [world.log.of("impulse.listings")[0]]
    headers = [
        (name, happened.isoformat().encode() if name == "ce_time" else value)
        for name, value in record.headers
        if name not in ("ce_id", "ce_type", "ce_subject")
    ]
    headers += [("ce_id", b"late"), ("ce_type", listed.ce_type.encode())]
    headers += [("ce_subject", listed.key.encode())]
    world.say_raw(
        "impulse.listings", listed.key.encode(), listed.model_dump_json().encode(), headers
    )
    world.settle()
    assert content(world.cut()) == content(before)
    later = world.cut(date(2027, 1, 1), date(2027, 12, 31))
    assert later.late == 1
    assert figure(later, "actors_reached").total == 1


def told(world: ReportWorld, kind: type[CooperationFact], number: int, **fields: object) -> None:
    """A fact on a cooperation, as booking tells it; each in the version after the one before."""
    key = ident(f"cooperation {number}")
    version = 1 + sum(each.data.cooperation_id == key for each in world.heard(CooperationFact))
    values = {
        **{"version": version, "cooperation_id": key, "proposal_id": key, "need_id": key},
        **{"offer_id": key, "need_actor_id": ident("A"), "offer_actor_id": ident("D")},
        **{"need_title": "Bedarf", "offer_title": "Angebot", "state": "agreed"},
        **{"opened_at": world.now, "redeem_by": "2027-12-01", "format": "social_day", **fields},
    }
    world.say(kind.model_validate(values), source="urn:impulse:booking")
    world.settle()


def test_what_was_agreed_is_followed_to_its_end(world):
    """Three agreements: one carried out after two months, one after five, one never."""
    world.know("A")
    world.know("D", seat={"postcode": "44135", "city": "Dortmund", "ags": DORTMUND})
    terms = {"performance": "Streichen", "estimated_value_eur": 500, "value_method": "market_price"}
    for number in range(3):
        told(world, CooperationEntered, number, state="introduced")
        world.advance(timedelta(days=number))
        returned = {"counter_performance": "Fotos"} if number == 0 else {}
        told(world, CooperationAgreed, number, terms={**terms, **returned})
    for number, days, persons in ((0, 60, 3), (1, 90, 4)):
        world.advance(timedelta(days=days))
        stands = {"side": "need", "at": world.now, "outcome": "done", "hours": 10.1}
        stands["persons"] = persons
        done = {"state": "evaluating", "redeemed_at": world.now, "decision": stands}
        told(world, DeliveryDecided, number, **done)
        grades = {"side": "need", "at": world.now, "structure": 4, "process": 3}
        grades["result"] = 5 - number
        told(world, CooperationEvaluated, number, evaluations=[grades], **done)
    step = {"step": "not_redeemed", "at": world.now, "state": "not_redeemed"}
    over = {"state": "not_redeemed", "steps": [{**step, "reason": "date_not_found"}]}
    told(world, CooperationNotRedeemed, 2, **over)
    world.advance(timedelta(days=400))
    report = world.cut(date(2026, 11, 1), date(2027, 12, 31))
    assert values(report, "agreements") == {("social_day",): 3}
    assert figure(report, "agreements_with_return").total == 0.3333
    assert figure(report, "agreements_across_municipalities").total == 1
    assert values(report, "estimated_value") == {("market_price",): 1500}
    assert figure(report, "days_to_agreement").total == 1
    assert values(report, "redemption_rate") == {("03",): 0.3333, ("06",): 0.6667, ("12",): 0.6667}
    assert values(report, "agreements_not_carried_out_by_reason") == {
        **{("03", "unknown"): 2, ("06", "date_not_found"): 1, ("12", "date_not_found"): 1}
    }
    assert values(report, "agreements_not_redeemed") == {("date_not_found",): 1}
    assert values(report, "volunteers") == {("social_day",): 7}
    assert values(report, "hours_delivered") == {("social_day",): 20.2}
    means = {("structure",): 4, ("process",): 3, ("result",): 4.5}
    assert values(report, "evaluation_means") == means
    # Those of one of them alone would tell of three persons.
    first = world.cut(date(2026, 11, 1), date(2027, 2, 28))
    for name in ("volunteers", "hours_delivered"):
        assert (figure(first, name).rows, figure(first, name).total) == ((), None)


def test_what_was_signed_long_before_it_was_entered_is_asked_for_once(world):
    """Its first three months were over before anybody here knew of it."""
    world.know("A", "D")
    signed = {"agreed_at": datetime(2026, 6, 1, 6, tzinfo=UTC)}
    told(world, CooperationAgreed, 0, **signed)
    world.advance(timedelta(days=900))
    first = world.cut(date(2026, 7, 1), date(2026, 10, 31))
    known = world.cut()
    later = world.cut(date(2027, 1, 1), date(2027, 12, 31))
    asked = [values(each, "agreements_after_months") for each in (first, known, later)]
    assert asked == [{}, {("03", "no"): 1, ("06", "no"): 1}, {("12", "no"): 1}]


def test_a_rest_that_is_over_is_no_reason(world):
    world.know("A", "D")
    rests = {"step": "put_on_hold", "at": world.now, "state": "on_hold", "reason": "staff_change"}
    resumed = {"step": "resumed", "at": world.now, "state": "agreed"}
    hold = {"until": "2027-04-01", "reason": "staff_change", "state": "agreed"}
    for number in range(2):
        told(world, CooperationAgreed, number)
        told(world, CooperationHeld, number, state="on_hold", steps=[rests], hold=hold)
    told(world, CooperationResumed, 0, steps=[rests, resumed])
    world.advance(timedelta(days=200))
    report = world.cut(date(2027, 1, 1), date(2027, 3, 31))
    reasons = values(report, "agreements_not_carried_out_by_reason")
    assert reasons == {("03", "staff_change"): 1, ("03", "unknown"): 1}


def test_only_who_runs_the_programme_cuts_a_report(world):
    command = CutReport(report_id=ident("report"), begins=BEGINS, cut_off=CUT_OFF)
    world.know("A")
    member = world.member("member", "A", roles=(PersonRole.ADMIN,))
    world.refused(command, Reason.NOT_ALLOWED, principal=member)
    # Nothing was taken on, so that nothing is counted either.
    assert not count_next(world.engine, world.now)
    broker = world.member("broker", "A", roles=(PersonRole.BROKER,))
    world.accepted(command, principal=broker)
    world.refused(command, Reason.ALREADY_EXISTS, principal=broker)
    world.count()
    world.refused(command, Reason.ALREADY_EXISTS, principal=broker)
    assert [type(each.data) for each in world.heard(ReportFact)] == [ReportRequested, ReportCut]
    assert [each.data.version for each in world.heard(ReportFact)] == [1, 2]
