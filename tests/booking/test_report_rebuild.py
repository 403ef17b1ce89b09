"""Evidence made anew from the topics: in any order, more than once, and after compaction."""

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from impulse_booking.app import service
from impulse_chassis.envelope import StoredRecord
from impulse_contracts import topics
from impulse_contracts.booking.reports import ReportCut
from tests.booking.reporting import ReportWorld, content, figure
from tests.booking.test_report import played

FACTS = {name for name, topic in topics.BY_NAME.items() if not topic.incoming}


def facts_of(world: ReportWorld) -> list[StoredRecord]:
    """All facts in the log, that the reports rest on."""
    return [
        record
        for (topic, _), records in sorted(world.log.records.items())
        if topic in FACTS - {topics.OUTCOMES.name, topics.REPORTS.name}
        for record in records
    ]


@pytest.fixture
def told(engine_of):
    """What was said in a season, and the report of it."""
    world = ReportWorld(engine_of(service))
    played(world)
    world.advance(timedelta(days=60))
    return world, world.cut()


def anew(engine_of, told: ReportWorld, records: list[StoredRecord]) -> ReportCut:
    """The report that a service with an empty database cuts, which read these records."""
    world = ReportWorld(engine_of(service))
    world.now = told.now
    node = world.nodes[0]
    known = [each for each in records if each.topic in node.processor.topics]
    for place in range(0, len(known), 7):
        node.process(known[place : place + 7], world.now)
    return world.cut()


@given(seed=st.integers(0, 2**32))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_same_bytes_in_whatever_order_the_facts_came(engine_of, told, seed):
    world, report = told
    chance = random.Random(seed)
    records = facts_of(world)
    records += chance.sample(records, len(records) // 3)
    chance.shuffle(records)
    again = anew(engine_of, world, records)
    assert again.digest == report.digest
    assert content(again) == content(report)


def test_a_fact_less_is_another_report(engine_of, told):
    """So that the tests above can fail."""
    world, report = told
    records = [each for each in facts_of(world) if each.topic != "impulse.cooperations"]
    assert anew(engine_of, world, records).digest != report.digest


def test_after_compaction_figures_on_bookings_and_cooperations_are_the_same(engine_of, told):
    """Compacted topics keep the newest fact of each key; the others keep all for five years."""
    world, report = told
    newest = {
        (each.topic, each.key): each
        for each in facts_of(world)
        if topics.BY_NAME[each.topic].compacted
    }
    records = [
        each
        for each in facts_of(world)
        if not topics.BY_NAME[each.topic].compacted or newest[each.topic, each.key] is each
    ]
    assert len(records) < len(facts_of(world))
    again = anew(engine_of, world, records)
    for name in ("actors_reached", "participants", "cooperations_opened"):
        assert figure(again, name) == figure(report, name)
