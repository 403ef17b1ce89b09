"""What is said waits in the order in which it was said, byte for byte."""

from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from impulse_chassis import outbox
from impulse_chassis.envelope import Attributes, Outgoing, render
from impulse_chassis.outbox import TooLarge, check_size, dump_headers, load_headers
from impulse_chassis.testing import START
from impulse_contracts import topics
from tests.chassis.records import rows
from tests.fixtures.statements import counting

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
HEADERS = st.lists(st.tuples(TEXT, st.none() | st.binary(max_size=8)), max_size=4)


def write(engine, *messages):
    with engine.begin() as connection:
        outbox.write(connection.connection.driver_connection.cursor(), messages)


def ask(engine, function, *arguments):
    with engine.begin() as connection:
        return function(connection.connection.driver_connection, *arguments)


@given(HEADERS)
def test_headers_are_kept_byte_for_byte(headers):
    assert load_headers(dump_headers(headers)) == headers


NAME = st.none() | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=9)


@given(
    st.builds(
        Attributes,
        id=TEXT,
        source=TEXT,
        type=TEXT,
        time=st.just(START),
        subject=NAME,
        correlation_id=NAME,
        causation_id=NAME,
        principal=NAME,
        on_behalf_of=NAME,
        traceparent=NAME,
    )
)
def test_attributes_are_written_as_the_headers_that_they_render_to(attributes):
    assert sorted(load_headers(dump_headers(attributes))) == sorted(render(attributes))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    key=st.none() | st.binary(max_size=9), value=st.none() | st.binary(max_size=99), headers=HEADERS
)
@pytest.mark.parametrize("topic", ["a.topic"])
def test_any_bytes_come_out_as_they_went_in(engine, topic, key, value, headers):
    write(engine, Outgoing(topic, key, value, headers))
    [row] = ask(engine, outbox.claim)
    assert (row.topic, row.key, row.value, row.headers) == (topic, key, value, headers)
    ask(engine, outbox.forget, [row.id])
    assert ask(engine, outbox.claim) == []


def test_rows_come_in_order_and_stay_until_they_are_forgotten(engine):
    write(engine, *(Outgoing("t", None, b"%d" % number) for number in range(5)))
    first = ask(engine, outbox.claim, 3)
    assert [row.value for row in first] == [b"0", b"1", b"2"]
    assert ask(engine, outbox.claim, 3) == first
    ask(engine, outbox.forget, [first[0].id, first[2].id])
    assert [row.value for row in ask(engine, outbox.claim)] == [b"1", b"3", b"4"]


def test_topics_that_are_left_out_keep_their_place(engine):
    write(engine, *(Outgoing(topic, None, b"") for topic in "abcab"))

    def claimed(**options):
        return "".join(row.topic for row in ask(engine, partial(outbox.claim, **options)))

    assert claimed(left_out=["a"]) == "bcb"
    assert claimed(left_out=["a"], limit=1) == "b"
    assert claimed(left_out=["a", "b", "d"]) == "c"
    assert claimed() == "abcab"


def test_a_claim_reads_by_id_whatever_else_waits(engine):
    """Counted when only a topic that is left out waited, and the others have come since."""
    filled = """INSERT INTO outbox (topic, key, value, headers)
                SELECT %s, 'k', '{}', '[]' FROM generate_series(1, 5000)"""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(filled, ("left out",))
        connection.exec_driver_sql("ANALYZE outbox")
        connection.exec_driver_sql(filled, ("other",))
        plans = []

        class Explained:
            def execute(self, statement, arguments, **options):
                driver = connection.connection.driver_connection
                plans.extend(driver.execute(f"EXPLAIN {statement}", arguments).fetchall())
                return driver.execute(statement, arguments, **options)

        explained: Any = Explained()
        claimed = outbox.claim(explained, left_out=["left out"])
    assert [row.topic for row in claimed] == ["other"] * outbox.BATCH
    assert "Index Scan using outbox_pkey" in plans[1][0], plans


def test_a_culprit_is_set_aside(engine):
    write(engine, Outgoing("t", b"k", b"1", [("a", None)]), Outgoing("t", None, b"2"))
    culprit = ask(engine, outbox.claim)[0]
    ask(engine, outbox.park, culprit.id, "too large", START)
    assert [row.value for row in ask(engine, outbox.claim)] == [b"2"]
    [parked] = rows(engine, "SELECT id, key, value, headers, error FROM outbox_parked")
    assert parked == (culprit.id, b"k", b"1", '[["a", null]]', "too large")
    pending, age, set_aside = ask(engine, outbox.backlog)
    assert (pending, set_aside) == (1, 1)
    assert 0 <= age < 60


def test_an_empty_outbox_has_no_age(engine):
    assert ask(engine, outbox.backlog) == (0, 0.0, 0)


def test_any_number_costs_one_statement(engine):
    with counting(engine) as count:
        write(engine, *(Outgoing("t", None, b"") for _ in range(500)))
    assert count.total == 1


def test_what_is_too_large_is_known_before():
    limit = topics.ACTORS.max_bytes
    check_size(Outgoing(topics.ACTORS.name, b"", b"x" * limit))
    with pytest.raises(TooLarge):
        check_size(Outgoing(topics.ACTORS.name, b"k", b"x" * limit))
    with pytest.raises(TooLarge):
        check_size(Outgoing(topics.ACTORS.name, None, b"x" * limit, [("h", b"")]))
    check_size(Outgoing(topics.ACTORS.name, None, b"x" * limit, []))
    check_size(Outgoing(topics.DEAD_LETTERS.name, b"", b"x" * limit, [("h", None)]))
    with pytest.raises(TooLarge):
        check_size(Outgoing("unknown", b"k", b"x" * limit))
