"""The auditor can fail: every invariant, broken on purpose, is found; and so are bugs of a chassis.

First each violation is planted in a world that was well; then the chassis is broken as a careless
change would break it, and some seed must show it.
"""

from uuid import UUID, uuid4

import pytest

from impulse_chassis import inbox, outcomes
from impulse_chassis.projection import Projection
from impulse_chassis.testing import World
from impulse_chassis.transaction import Transaction
from impulse_contracts import topics
from tests.chassis import club
from tests.chassis.club import ShelfRow
from tests.chassis.lending import BOOKS, BookLent
from tests.simulation import steps
from tests.simulation.auditor import Auditor
from tests.simulation.books import differences, state
from tests.simulation.cast import QUIET, Faults
from tests.simulation.library import scenario
from tests.simulation.scheduler import Simulation
from tests.simulation.stage import clear

SEED = 3


@pytest.fixture
def well(library):
    """A world at rest in which all is well."""
    return finished(library, SEED, QUIET)


def finished(stage, seed, faults) -> World:
    clear(stage)
    return Simulation(stage, seed, faults).run(scenario(SEED))


def findings(stage, world):
    return Auditor(stage, world.log).findings()


def planted(stage, world, *statements, service=0):
    """What the auditor says after `statements` on a service's database."""
    with stage[service][1].begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    return findings(stage, world)


def without(world, topic, number=0):
    """Takes a record out of the log."""
    place, records = next(
        (place, found) for place, found in world.log.records.items() if place[0] == topic and found
    )
    return records.pop(number), place


def test_it_finds_nothing_where_all_is_well(library, well):
    assert findings(library, well) == []


# ---------------------------------------------------------------------------- planted violations


def test_i2_a_row_that_never_left_the_outbox(library, well):
    found = planted(
        library, well, "INSERT INTO outbox (topic, headers) VALUES ('test.books', '[]')"
    )
    assert any(each.startswith("I2 lending: 1 rows left in outbox") for each in found)
    assert any("was committed and is not on the log" in each for each in found)


def test_i2_a_record_that_was_lost_between_outbox_and_log(library, well):
    for topic in (BOOKS.name, topics.OUTCOMES.name, topics.DEAD_LETTERS.name):
        record, place = without(well, topic, -1)
        assert any(
            each.startswith("I2") and "not on the log" in each for each in findings(library, well)
        )
        well.log.records[place].append(record)


def test_i2_a_record_that_no_transaction_has_said(library, well):
    well.say(BookLent(book_id=uuid4(), reader=None, version=1), source="urn:impulse:lending")
    found = findings(library, well)
    assert any("on the log and was never committed" in each for each in found)


def test_i2_a_parked_row(library, well):
    found = planted(
        library,
        well,
        """INSERT INTO outbox_parked (id, topic, headers, created_at, parked_at, error)
           VALUES (0, 't', '[]', now(), now(), '')""",
    )
    assert found == ["I2 lending: 1 rows left in outbox_parked"]


def test_i3_a_command_without_outcome(library, well):
    without(well, topics.OUTCOMES.name)
    assert any(each.startswith("I3 no outcome for") for each in findings(library, well))


def test_i3_two_outcomes_for_one_command(library, well):
    record = well.log.of(topics.OUTCOMES.name)[0]
    headers = [(name, b"another" if name == "ce_id" else value) for name, value in record.headers]
    well.say_raw(record.topic, record.key, record.value, headers)
    assert any(each.startswith("I3 2 different outcomes") for each in findings(library, well))
    well.say_raw(
        record.topic, record.key, record.value.replace(b"Angenommen", b"x"), record.headers
    )
    assert any("different outcomes" in each for each in findings(library, well))


def test_i3_an_outcome_that_nobody_asked_for(library, well):
    record = well.log.of(topics.OUTCOMES.name)[0]
    body = record.value.replace(b'"source":"', b'"source":"x')
    well.say_raw(record.topic, record.key, body, record.headers)
    assert any(
        each.startswith("I3 an outcome that nobody asked") for each in findings(library, well)
    )


def test_i4_an_effect_that_happened_twice(library, well):
    found = planted(
        library,
        well,
        """INSERT INTO audit_outbox SELECT * FROM audit_outbox
           WHERE topic = 'test.books' LIMIT 1""",
    )
    assert [each[:11] for each in found] == ["I4 lending:"]
    assert found[0].endswith("was said 2 times")


def test_i4_a_message_that_was_handled_twice_or_never(library, well):
    found = planted(library, well, "INSERT INTO audit_inbox SELECT * FROM audit_inbox LIMIT 1")
    assert found[0].endswith("was handled 2 times")
    found = planted(
        library,
        well,
        "TRUNCATE audit_inbox",
        "DELETE FROM inbox WHERE key IN (SELECT key FROM inbox LIMIT 1)",
        f"INSERT INTO inbox VALUES ('{UUID(int=0)}', now())",
        "TRUNCATE audit_inbox",
    )
    assert [each.rsplit(" was ", 1)[1] for each in found] == [
        "never handled",
        "handled and never sent",
    ]


def test_i6_a_read_model_that_differs_from_the_facts(library, well):
    for statement in (
        "DELETE FROM club_shelf WHERE book_id IN (SELECT book_id FROM club_shelf LIMIT 1)",
        "UPDATE club_shelf SET reader = 'nobody'",
        f"INSERT INTO club_shelf VALUES ('{UUID(int=99)}', 1, 'nobody')",
    ):
        found = planted(library, well, statement, service=1)
        assert found
        assert all(each.startswith("I6 club: club_shelf") for each in found)


def test_i7_a_gap_and_a_version_that_came_twice(library, well):
    record, place = without(well, BOOKS.name)
    assert any(each.startswith("I7") for each in findings(library, well)), "the first is missing"
    well.log.records[place].insert(0, record)
    fact = BookLent.model_validate_json(record.value)
    other = fact.model_copy(update={"reader": "another"})
    well.say(other, source="urn:impulse:lending", key=record.key.decode())
    found = findings(library, well)
    assert any("2 different versions" in each for each in found)


def test_a_dead_letter_too_few_or_too_many(library, well):
    where = "topic = 'impulse.dead-letters'"
    found = planted(
        library,
        well,
        f"""CREATE TEMP TABLE one AS SELECT * FROM audit_outbox WHERE {where} LIMIT 1;
            INSERT INTO audit_outbox SELECT * FROM one; DROP TABLE one""",
    )
    assert any("2 dead letters for one record" in each for each in found)
    found = planted(library, well, f"DELETE FROM audit_outbox WHERE {where}")
    assert any("dead letter missing in lending" in each for each in found)


def test_a_dead_letter_with_other_bytes(library, well):
    where = "topic = 'impulse.dead-letters' AND strpos(headers, 'not_json') > 0"
    found = planted(library, well, f"UPDATE audit_outbox SET value = 'x' WHERE {where}")
    assert any("with other bytes" in each for each in found)


def test_another_final_state(library, well):
    before = state(library)
    assert differences(before, before) == []
    planted(library, well, "UPDATE book SET reader = 'nobody' WHERE version = 1")
    planted(library, well, "DELETE FROM club_member", service=1)
    found = differences(before, state(library))
    assert any(each.startswith("club.club_member: only in a quiet run") for each in found)


# -------------------------------------------------------------------------- a chassis with a bug


def some_seed_shows(stage, faults=None, most=60):
    """What is wrong in a quiet run, or else in the first of some runs with faults."""
    found = findings(stage, finished(stage, SEED, QUIET))
    expected = state(stage)
    for seed in range(most):
        if found:
            return found
        try:
            world = finished(stage, seed, faults or Faults())
        except Exception as error:
            return [f"{type(error).__name__}: {error}"]
        found = findings(stage, world)
        found += differences(expected, state(stage))
    return found


def test_a_relay_that_deletes_before_it_sends(library, monkeypatch):
    claim = steps.claim

    def deletes(simulation, group, replica):
        moved = claim(simulation, group, replica)
        if replica.claimed:
            replica.node.forget([row.id for row in replica.claimed])
        return moved

    broken = [deletes if step is claim else step for step in steps.STEPS]
    monkeypatch.setattr(steps, "STEPS", broken)
    assert any(each.startswith("I2") for each in some_seed_shows(library))


def test_offsets_that_are_committed_before_the_transaction(library, monkeypatch):
    process = steps.process

    def eager(simulation, group, replica):
        for record in replica.at_hand:
            place = (record.topic, record.partition)
            if group.owner.get(place) == replica.number:
                group.committed[place] = record.offset + 1
        return process(simulation, group, replica)

    broken = [eager if step is process else step for step in steps.STEPS]
    monkeypatch.setattr(steps, "STEPS", broken)
    assert any(each.startswith(("I3", "I4")) for each in some_seed_shows(library))


def test_an_inbox_that_is_not_asked(library, monkeypatch):
    monkeypatch.setattr(inbox, "handled", lambda cursor, keys: {})
    assert some_seed_shows(library)


def test_an_inbox_that_forgets(library, monkeypatch):
    monkeypatch.setattr(inbox, "remember", lambda cursor, outcomes, now: None)
    assert any(each.startswith("I4") for each in some_seed_shows(library))


def test_an_outcome_with_an_id_of_its_own_each_time(library, monkeypatch):
    record = outcomes.record
    monkeypatch.setattr(outcomes, "record", lambda name, key, *rest: record(name, uuid4(), *rest))
    assert any("different outcomes" in each for each in some_seed_shows(library))


def test_a_read_model_that_takes_whatever_comes_last(library, monkeypatch):
    careless = Projection(BookLent, ShelfRow)
    careless._upsert = careless._upsert.replace(" WHERE excluded.version > t.version", "")
    monkeypatch.setattr(club.service, "projects", [careless])
    found = some_seed_shows(library, Faults(move=0.3, rewind=0.2, crash_between=0.05))
    assert any(each.startswith("I6") for each in found), found


def test_things_said_with_an_id_of_their_own_each_time(library, monkeypatch):
    """Then what is said again after a crash is another message; here a second effect shows."""
    monkeypatch.setattr(inbox, "remember", lambda cursor, outcomes, now: None)
    attributes = Transaction._attributes
    monkeypatch.setattr(
        Transaction,
        "_attributes",
        lambda self, message, message_id: attributes(self, message, message_id or str(uuid4())),
    )
    assert some_seed_shows(library)
