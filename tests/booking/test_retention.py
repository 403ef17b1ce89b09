"""Evidence is kept for some years after its report was submitted; later reports stay the same."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from impulse_booking.app import service
from impulse_booking.beside import delete_next
from impulse_chassis.testing import START
from impulse_contracts.booking.reports import (
    CutReport,
    EvidenceDeleted,
    ReportEvidence,
    ReportFact,
    ReportSubmitted,
    SubmitReport,
)
from impulse_contracts.reasons import Reason
from tests.booking.programme import ident
from tests.booking.reporting import ReportWorld, agreed, content, figure
from tests.booking.season import Season

FIRST = (START.date(), date(2028, 2, 29))
LATER = ((date(2028, 3, 1), date(2028, 3, 31)), (date(2028, 3, 1), date(2028, 12, 31)))
SUBMITTED = date(2028, 4, 1)
GONE = Reason.EVIDENCE_DELETED


@pytest.fixture
def world(engine_of):
    """A season of more than a year, some time after it."""
    world = ReportWorld(engine_of(service))
    Season(world, random.Random(3)).play(290)
    assert world.now.year == 2028
    world.now = world.now.replace(year=2029)
    return world


def happenings(world: ReportWorld) -> Counter[str]:
    """On how many things that happened before 2028 there is evidence, by what they are."""
    with world.engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT noun, count(*) FROM (SELECT noun, subject, max(at) AS last FROM evidence"
                " GROUP BY noun, subject) AS things WHERE last < '2028-02-29T23:00Z' GROUP BY noun"
            )
        )
        return Counter({row.noun: row.count for row in found})


def test_evidence_is_deleted_when_its_time_is_over_and_later_reports_stay_the_same(world):
    first = world.cut(*FIRST)
    before = [world.cut(*period) for period in LATER]
    assert any(figure(each, "agreements_after_months").rows for each in before)
    world.accepted(SubmitReport(report_id=first.report_id, submitted_on=SUBMITTED))
    [submitted] = [each.data for each in world.heard(ReportSubmitted)]
    assert (submitted.version, submitted.evidence_until) == (3, date(2033, 4, 1))
    world.now = world.now.replace(year=2033, month=4, day=1, hour=12)
    assert not delete_next(world.engine, world.now)
    there = happenings(world)
    world.now += timedelta(days=1)
    assert delete_next(world.engine, world.now)
    assert not delete_next(world.engine, world.now)
    world.settle()
    assert [each.data.version for each in world.heard(EvidenceDeleted)] == [4]
    ended = [each.key for each in world.log.of("impulse.reports") if each.value is None]
    told = [each.data for each in world.heard(ReportEvidence)]
    parts = [str(each.part_id).encode() for each in told if each.report_id == first.report_id]
    assert sorted(ended) == sorted(parts) != []
    left = happenings(world)
    assert all(there[noun] for noun in ("request", "booking", "proposal", "cooperation"))
    assert left["request"] == left["booking"] == 0
    assert 0 < left["cooperation"] < there["cooperation"]
    assert left["proposal"] < there["proposal"]
    assert left["listing"] == there["listing"]
    for period, report in zip(LATER, before, strict=True):
        again = world.cut(*period)
        assert again.digest == report.digest
        assert content(again) == content(report)
    world.refused(CutReport(report_id=ident("again"), begins=FIRST[1], cut_off=FIRST[1]), GONE)
    # What was kept for them is needed.
    for noun in ("proposal", "cooperation"):
        told = [world.cut(*period).digest for period in LATER]
        with world.engine.begin() as connection:
            connection.execute(
                text("DELETE FROM evidence WHERE noun = :noun AND at < '2028-02-29T23:00Z'"),
                {"noun": noun},
            )
        assert [world.cut(*period).digest for period in LATER] != told


def test_nobody_is_new_a_second_time(engine_of):
    """Of what an organisation did, the first act is known for good."""
    world = ReportWorld(engine_of(service))
    world.know("D", kind="intermediary", actor_type="volunteer_agency")
    world.offered(2)
    world.book("D")
    world.cancel("D")
    world.now = world.now.replace(year=2027)
    first = world.cut(START.date(), date(2026, 12, 31))
    assert figure(first, "intermediaries_newly_active").total == 1
    world.accepted(SubmitReport(report_id=first.report_id, submitted_on=date(2027, 3, 1)))
    world.say(agreed("A", "D"))
    world.settle()
    world.now = world.now.replace(year=2032)
    later = (date(2027, 1, 1), date(2027, 12, 31))
    before = world.cut(*later)
    assert figure(before, "intermediaries_newly_active").total == 0
    assert delete_next(world.engine, world.now)
    assert world.cut(*later).digest == before.digest
    with world.engine.begin() as connection:
        connection.execute(text("DELETE FROM evidence WHERE noun = 'act'"))
    assert figure(world.cut(*later), "intermediaries_newly_active").total == 1


def test_a_report_that_is_not_complete_is_not_submitted_and_a_day_can_be_corrected(world):
    preliminary = world.cut(START.date(), world.now.date())
    submit = SubmitReport(report_id=preliminary.report_id, submitted_on=SUBMITTED)
    world.refused(submit, Reason.NOT_CUT_YET)
    world.refused(submit.model_copy(update={"report_id": ident("none")}), Reason.NOT_FOUND)
    cut = world.cut(START.date(), date(2026, 12, 31))
    submit = submit.model_copy(update={"report_id": cut.report_id})
    world.refused(submit, Reason.NOT_ALLOWED, principal=world.member("member", "org 1"))
    world.accepted(submit)
    world.accepted(submit.model_copy(update={"submitted_on": date(2028, 2, 29)}))
    told = [each for each in world.heard(ReportFact) if each.data.report_id == cut.report_id]
    newest = {each.record.key: each.data for each in told}
    # Compaction, too, leaves the figures, and when it was submitted.
    assert sorted(each.data.version for each in told) == [1, 2, 3, 4]
    assert sorted(each.version for each in newest.values()) == [2, 4]
    assert max(newest.values(), key=lambda each: each.version).evidence_until == date(2033, 2, 28)
