"""A whole RUHRDAX and the year after it, from a seed: nothing is forgotten, nobody is told twice,
and the report says what a plain loop over the topics counts."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from impulse_booking.app import service
from impulse_booking.domain.cooperation import OPEN
from impulse_chassis.database import reading
from impulse_chassis.testing import START, Log
from impulse_contracts.booking.bookings import BookingFact
from impulse_contracts.booking.cooperations import CooperationAgreed, CooperationFact
from impulse_contracts.booking.editions import EditionFact, EditionResults, Sides
from impulse_contracts.booking.reports import ReportCut
from impulse_contracts.outcomes import Outcome
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.topics import BOOKING_COMMANDS
from tests.booking.counted import Counted
from tests.booking.counted_lives import lives
from tests.booking.counted_needs import agreements
from tests.booking.programme import ident
from tests.booking.reminders import REMINDERS, demand_in_time
from tests.booking.reporting import ReportWorld, figure, values
from tests.booking.test_report_counted import counts
from tests.booking.year import AGREEMENTS, DAY, EDITION, Year, year
from tests.fixtures.shelf import Shelf

SEED = 3
BEGINS, CUT_OFF = date(2026, 11, 1), date(2028, 2, 29)
END = datetime(2028, 3, 10, 12, tzinfo=UTC)


class YearWorld(ReportWorld):
    """Booking for a year: the clock goes from one thing to the next, whoever does it."""

    def live(self, of: Year) -> None:
        """All that is said, each when it is, and what comes due between."""
        for message in of.known:
            self.say(message)
        self.settle()
        for number, each in enumerate(of.said):
            self.until(each.at)
            self.say(
                each.message, principal=each.principal, message_id=str(ident(f"said {number}"))
            )
        self.until(END)
        self.settle()

    def until(self, at: datetime) -> None:
        """What comes due by then, each at its time."""
        if at == self.now:
            return
        self.work()
        [node] = self.nodes
        while (due := self.next_timer()) is not None and due <= at:
            self.now = max(self.now, due)
            node.processor.fire_timers(self.now)
            self.relay(node)
            self.work()
        self.now = at

    def work(self) -> None:
        """Answers what was said. Its own facts booking reads when the year is over."""
        [node] = self.nodes
        while records := [
            each for each in node.pending(self.log) if each.topic == BOOKING_COMMANDS.name
        ]:
            node.committed.update(node.process(records, self.now))
            self.relay(node)

    def next_timer(self) -> datetime | None:
        """When something comes due."""
        with reading(self.engine) as connection:
            found = connection.execute(
                "SELECT min(due) FROM timer WHERE ce_type LIKE 'impulse.booking.%'"
            ).fetchone()
        return found[0] if found else None

    def cooperations(self) -> dict[Any, list[tuple[CooperationFact, datetime]]]:
        """What was said of each, and when, in order."""
        found = defaultdict(list)
        for each in self.heard(CooperationFact):
            found[each.data.cooperation_id].append((each.data, each.attributes.time or START))
        return found


@pytest.fixture(scope="module")
def lived(shelf: Shelf) -> Iterator[tuple[YearWorld, ReportCut]]:
    """The year of the seed, and the report of it."""
    with shelf.engine(service) as engine:
        world = YearWorld(engine)
        world.live(year(SEED))
        yield world, world.cut(BEGINS, CUT_OFF)


def test_each_command_has_one_outcome(lived):
    world, _ = lived
    answers = defaultdict(list)
    for each in world.heard(Outcome):
        answers[each.data.command_id].append(each.data.reason)
    asked = year(SEED).said
    expected = {str(ident(f"said {number}")): [each.refused] for number, each in enumerate(asked)}
    assert {key: answers[key] for key in expected} == expected
    assert len({each.refused for each in asked}) == 4, "accepted, and refused for three reasons"


def test_agreements_are_numbered_without_a_gap(lived):
    world, report = lived
    newest = [history[-1][0] for history in world.cooperations().values()]
    agreed = [each for each in newest if each.number]
    assert len(newest) == AGREEMENTS + 2
    assert {each.number for each in agreed} == {f"2027-{one + 1}" for one in range(AGREEMENTS)}
    assert {each.edition_number for each in agreed} == set(range(1, AGREEMENTS + 1))
    assert all(DAY < each.opened_at < DAY + timedelta(minutes=90) for each in newest)
    on_the_floor = [each for each in agreed if each.agreed_at < DAY + timedelta(minutes=90)]
    assert len(on_the_floor) == 36
    assert values(report, "cooperations_without_agreement") == {("declined",): 1, ("withdrawn",): 1}


def test_what_came_of_the_edition_is_what_the_topics_say(lived):
    world, report = lived
    counted = Counted(world.log, BEGINS, CUT_OFF)
    came = counted.bookings()
    [*_, closed] = [each.data for each in world.heard(EditionFact) if each.data.results]
    of = [history[-1][0] for history in world.cooperations().values()]
    worth = [each.terms.estimated_value_eur or 0 for each in of if each.number]
    attended = _attended(world)
    assert closed.edition_id == EDITION
    assert closed.results == EditionResults(
        counted_at=closed.results.counted_at,
        registered=Sides(companies=25, nonprofits=40),
        attended=Sides(companies=attended["company"], nonprofits=attended["nonprofit"]),
        agreements=AGREEMENTS,
        drafts=0,
        estimated_value_eur=sum(worth),
    )
    assert sum(attended.values()) < 65
    for name in ("attendance", "bookings_by_state"):
        assert counts(figure(report, name), came[name]) == came[name]


def _attended(world: YearWorld) -> Counter[str]:
    kinds = {each.data.actor_id: str(each.data.kind) for each in world.heard(ActorState)}
    newest = {each.data.booking_id: each.data for each in world.heard(BookingFact)}
    return Counter(kinds[each.actor_id] for each in newest.values() if each.state == "attended")


def test_nothing_is_forgotten(lived):
    world, _ = lived
    with world.engine.connect() as connection:
        timed = set(connection.execute(text("SELECT key FROM timer")).scalars())
    left = 0
    for key, history in world.cooperations().items():
        assert [fact.version for fact, _ in history] == list(range(1, len(history) + 1))
        for fact, _ in history:
            assert (fact.next_action is not None) == (fact.state in OPEN)
        fact, _ = history[-1]
        left += fact.state in OPEN
        assert (str(key) in timed) == (fact.state in OPEN), "what is open is looked at again"
    assert left > 3


def test_reminders_are_given_once_and_never_after_the_fact(lived):
    world, _ = lived
    told: Counter[type[CooperationFact]] = Counter()
    for history in world.cooperations().values():
        reminded: tuple[str, ...] = ()
        for fact, at in history:
            assert fact.reminded[: len(reminded)] == reminded
            new = fact.reminded[len(reminded) :]
            assert len(new) <= 1
            assert not set(new) & set(reminded)
            reminded = fact.reminded
            if isinstance(fact, REMINDERS):
                assert new
                told[type(fact)] += 1
                demand_in_time(fact, at)
    assert set(told) == set(REMINDERS)


def test_the_report_says_what_the_topics_say(lived):
    world, report = lived
    assert not report.preliminary
    counted = Counted(world.log, BEGINS, CUT_OFF)
    expected = lives(counted)
    assert len(expected) == 12
    begun, at_editions = counted.cooperations(), agreements(counted)
    for name in ("cooperations_opened", "cooperations_by_topic"):
        expected[name] = begun[name]
    for name in ("agreements_by_edition", "estimated_value_by_edition"):
        expected[name] = at_editions[name]
    for name, count in expected.items():
        found = figure(report, name)
        if found.hidden:
            assert any(0 < many < 5 for many in expected["volunteers"].values())
        else:
            assert counts(found, count) == count, name
    due = values(report, "agreements_after_months")
    assert (due["12", "yes"], due["12", "no"]) == (28, 13)


def test_the_checks_of_redemption_are_those_of_the_report(lived):
    world, report = lived
    looked = Counter(
        (f"{each.months:02d}", "yes" if each.redeemed else "no")
        for history in world.cooperations().values()
        for each in history[-1][0].redemption
    )
    assert looked == values(report, "agreements_after_months")


def test_what_one_side_reported_and_the_other_one_denied_is_not_carried_out(lived):
    world, report = lived
    denied = {
        key
        for key, history in world.cooperations().items()
        if any(
            any(each.outcome == "done" for each in fact.reports) and fact.decision is None
            for fact, _ in history
        )
        and history[-1][0].decision
        and history[-1][0].decision.outcome == "not_done"
    }
    agreed = {
        each.attributes.id
        for each in world.heard(CooperationAgreed)
        if each.data.cooperation_id in denied
    }
    behind = world.behind(report)
    assert agreed
    assert agreed <= set(behind["agreements_after_months", ("12", "no")])
    assert not agreed & set(behind["agreements_after_months", ("12", "yes")])


def test_the_whole_log_once_more_changes_nothing_and_sends_nothing(lived):
    world, _ = lived
    again = YearWorld(world.engine, Log())
    again.now = world.now
    for place, records in world.log.records.items():
        again.log.records[place] = [*records]
    before = _rows(world.engine)
    again.settle()
    assert _rows(world.engine) == before
    said = {
        place
        for place, records in again.log.records.items()
        if len(records) > len(world.log.records.get(place, ()))
    }
    assert {topic for topic, _ in said} == {"impulse.outcomes"}, "who asks again is answered again"


def test_the_same_log_read_anew_and_the_same_seed_once_more_give_the_same_report(lived, engine_of):
    world, report = lived
    reader = YearWorld(engine_of(service))
    reader.now = END
    node = reader.nodes[0]
    facts = [
        record
        for (topic, _), records in sorted(world.log.records.items())
        if topic in node.processor.topics and not topic.endswith((".commands", ".reports"))
        for record in records
    ]
    for place in range(0, len(facts), 500):
        node.process(facts[place : place + 500], reader.now)
    anew = reader.cut(BEGINS, CUT_OFF)
    assert anew.digest == report.digest
    again = YearWorld(engine_of(service))
    again.live(year(SEED))
    assert _told(again) == _told(world)
    assert again.cut(BEGINS, CUT_OFF).figures == report.figures


def _told(world: YearWorld) -> list[tuple[datetime, str]]:
    return [(at, f.model_dump_json()) for each in world.cooperations().values() for f, at in each]


def _rows(engine: Engine) -> dict[str, str]:
    """All that stands in tables of booking's own, as text."""
    with engine.connect() as connection:
        names = connection.execute(
            text(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                " AND tablename !~ 'alembic|inbox|outbox'"
            )
        ).scalars()
        return {
            name: str(
                connection.execute(
                    text(f"SELECT md5(json_agg(t ORDER BY t::text)::text) FROM {name} AS t")
                ).scalar()
            )
            for name in names
        }
