"""Read models: the newest state of each key, however often and in whatever order facts come."""

import itertools
from collections import Counter
from functools import partial
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from impulse_chassis import Service, project
from impulse_chassis import record as recording_of
from impulse_chassis.envelope import Attributes, Received, StoredRecord
from impulse_chassis.testing import START, Node, World
from impulse_chassis.transaction import Transaction
from impulse_contracts.message import DELETED
from tests.chassis.club import MEMBERS, MemberCounted, MemberRow, Settings, ShelfRow
from tests.chassis.lending import BookLent
from tests.chassis.records import record, rows
from tests.fixtures.statements import counting

SHELF = project(BookLent, into=ShelfRow)
COUNTED = project(MemberCounted, into=MemberRow)
ONE, TWO = UUID(int=1), UUID(int=2)


def lent(version, reader="somebody", book=ONE):
    return str(book), BookLent(book_id=book, version=version, reader=reader)


def apply(engine, *changes, projection=SHELF):
    with engine.begin() as connection:
        projection.apply(Transaction(connection, "club", START).cursor(), changes)


def reader(engine):
    return Node(Service("reader", Settings, projects=[COUNTED]), engine)


def shelf(engine):
    return rows(engine, "SELECT book_id, version, reader FROM club_shelf ORDER BY book_id")


def test_the_newest_version_wins(club_engine):
    apply(club_engine, lent(1), lent(3, "third"), lent(2))
    assert shelf(club_engine) == [(ONE, 3, "third")]
    apply(club_engine, lent(2))
    apply(club_engine, lent(3, "not again"))
    assert shelf(club_engine) == [(ONE, 3, "third")]
    apply(club_engine, lent(4, None), lent(1, book=TWO))
    assert shelf(club_engine) == [(ONE, 4, None), (TWO, 1, "somebody")]


def test_a_tombstone_deletes(club_engine):
    apply(club_engine, lent(1), lent(1, book=TWO))
    apply(club_engine, (str(ONE), None), (str(UUID(int=9)), None))
    assert shelf(club_engine) == [(TWO, 1, "somebody")]


def test_what_comes_after_a_tombstone_is_a_new_beginning(club_engine):
    apply(club_engine, lent(5))
    apply(club_engine, (str(ONE), None), lent(1, "new"))
    assert shelf(club_engine) == [(ONE, 1, "new")]
    apply(club_engine, lent(2), (str(ONE), None))
    assert shelf(club_engine) == []


def test_any_number_of_facts_costs_two_statements(club_engine):
    for number in (2, 300):
        facts = [lent(1, book=UUID(int=each)) for each in range(number)]
        gone = [(str(UUID(int=1000 + each)), None) for each in range(number)]
        with counting(club_engine) as count:
            apply(club_engine, *facts, *gone)
        assert count.total == 2


def test_it_wants_the_facts_of_its_state():
    assert SHELF.wanted() == {BookLent.ce_type: BookLent}


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["a", "a", "b"]),
        st.none() | st.integers(1, 4),
    ),
    max_size=8,
)


def in_order(changes):
    """What a reader that takes one change at a time would have."""
    found: dict[str, int] = {}
    for name, version in changes:
        if version is None:
            found.pop(name, None)
        elif version > found.get(name, 0):
            found[name] = version
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@example(changes=[("a", 2), ("a", None), ("a", 1)], cuts={1})
@given(changes=CHANGES, cuts=st.sets(st.integers(1, 7)))
def test_batches_come_to_the_same_as_single_changes(club_engine, changes, cuts):
    with club_engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM club_member")
    edges = [0, *sorted(cut for cut in cuts if cut < len(changes)), len(changes)]
    for begin, end in itertools.pairwise(edges):
        batch = [
            (
                name,
                None
                if version is None
                else MemberCounted(name=name, version=version, borrowed=0, praised=0, reminded=0),
            )
            for name, version in changes[begin:end]
        ]
        apply(club_engine, *batch, projection=COUNTED)
    assert dict(rows(club_engine, "SELECT name, version FROM club_member")) == in_order(changes)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(order=st.permutations([1, 2, 3, 4]), again=st.lists(st.integers(1, 4), max_size=3))
def test_any_order_and_any_repeats_come_to_the_same(club_engine, order, again):
    with club_engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM club_shelf")
    for version in [*order, *again]:
        apply(club_engine, lent(version, f"reader {version}"))
    assert shelf(club_engine) == [(ONE, 4, "reader 4")]


def test_what_comes_again_after_its_tombstone_stays_deleted(club_engine):
    """A version says nothing there; a person who was erased must not come back by a repeat."""
    node = reader(club_engine)
    world = World([node])
    state = MemberCounted(name="Ada", version=1, borrowed=1, praised=0, reminded=0)
    world.say(state, message_id="17")
    world.say_raw(MEMBERS.name, b"Ada", None, [])
    world.settle()
    [fact, _] = world.log.of(MEMBERS.name)
    node.process([fact], START)  # a replica that has not noticed that it was replaced
    world.say(state, message_id="17")  # a relay that sends again what it has sent
    world.settle()
    assert rows(club_engine, "SELECT * FROM club_member") == []
    world.say(state.model_copy(update={"borrowed": 7}))
    world.settle()
    assert rows(club_engine, "SELECT version, borrowed FROM club_member") == [(1, 7)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    changes=st.lists(
        st.tuples(st.sampled_from("ab"), st.booleans(), st.integers(0, 3)), min_size=1, max_size=8
    ),
    batches=st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=12),
)
@example(changes=[("a", True, 0), ("a", False, 0), ("a", True, 0)], batches=[(3, True)])
@example(changes=[("a", True, 0), ("a", False, 0), ("a", True, 2)], batches=[(3, False)])
@example(changes=[("a", True, 0), ("a", False, 2)], batches=[(1, False), (1, False)])
def test_repeats_neither_bring_back_nor_take_away(club_engine, changes, batches):
    """A relay that was killed sends the last ones again; a reader takes some batches twice."""
    with club_engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM club_member")
    versions: Counter[str] = Counter()
    sent, log = [], []
    for name, there, again in changes:
        versions[name] = versions[name] + 1 if there else 0
        state = MemberCounted(name=name, version=versions[name], borrowed=0, praised=0, reminded=0)
        body = state.model_dump_json().encode() if there else None
        ce_type = MemberCounted.ce_type if there else DELETED
        sent.append(partial(record, MEMBERS.name, body, ce_type=ce_type, key=name.encode()))
        sent[-1].keywords["ce_id"] = str(uuid4())
        log += [say() for say in [sent[-1], *sent[len(sent) - again :]]]
    node = reader(club_engine)
    for size, twice in [*batches, (len(log), True)]:
        batch, log = log[:size], log[size:]
        for _ in range(1 + twice):
            node.process(batch, START)
    assert dict(rows(club_engine, "SELECT name, version FROM club_member")) == +versions


def test_a_tombstone_without_an_id_is_known_by_its_place(club_engine):
    """As older releases wrote them."""
    node = reader(club_engine)
    fact = MemberCounted(name="a", version=1, borrowed=0, praised=0, reminded=0).model_dump_json()
    said = [
        record(MEMBERS.name, fact.encode(), ce_type=MemberCounted.ce_type, ce_id="1"),
        record(MEMBERS.name, None, key=b"a", headers=[]),
        record(MEMBERS.name, fact.encode(), ce_type=MemberCounted.ce_type, ce_id="2"),
    ]
    for _ in range(2):
        node.process(said, START)
        assert rows(club_engine, "SELECT version FROM club_member") == [(1,)]


@pytest.mark.parametrize("key", [b"x", b"", None, b"\xff", b"a\0b"])
def test_tombstones_with_any_key_are_taken(club_engine, key):
    reader(club_engine).process([record(MEMBERS.name, None, key=key, headers=[])], START)
    assert rows(club_engine, "SELECT * FROM dead_letter") == []


def test_what_is_recorded_is_never_changed(club_engine):
    """A row of each fact, whatever comes again, in whatever order; some facts leave none."""

    def of(received):
        fact = received.data
        if fact.reader is None:
            return None
        return {"book_id": fact.book_id, "version": fact.version, "reader": fact.reader}

    recording = recording_of(BookLent, into=ShelfRow, of=of)

    def received(fact):
        record = StoredRecord("club", 0, 0, 0, b"", b"")
        return Received(Attributes("1", "urn:impulse:test", fact.ce_type), fact, record, ONE)

    def take(*facts):
        changes = [(key, received(fact)) for key, fact in facts]
        with club_engine.begin() as connection:
            recording.take(Transaction(connection, "club", START).cursor(), changes)

    take(lent(2), lent(1, "never", book=TWO), lent(1, None))
    take(lent(3, "another"), lent(1, "again", book=TWO))
    assert shelf(club_engine) == [(ONE, 2, "somebody"), (TWO, 1, "never")]
