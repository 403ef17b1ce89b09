"""Dead letters keep their bytes, tell the sender, can be retried or discarded; and the breaker."""

from datetime import timedelta
from uuid import uuid4

import pytest

from impulse_chassis import Service, deadletters, project
from impulse_chassis.deadletters import Health
from impulse_chassis.outbox import load_headers
from impulse_chassis.testing import START, Node, World
from impulse_contracts import topics
from impulse_contracts.outcomes import Outcome
from impulse_contracts.reasons import Reason
from tests.chassis import club, lending
from tests.chassis.club import MEMBERS, AskStrangely, MemberCounted, MemberRow, Settings
from tests.chassis.lending import BOOKS, DESK, BookLent, LendBook
from tests.chassis.records import GOOD, record, rows, value


def ask(engine, function, *arguments, **more):
    with engine.begin() as connection:
        return function(connection.connection.driver_connection, *arguments, **more)


def letters(world):
    return world.log.of(topics.DEAD_LETTERS.name)


def why(letter):
    return {name: each.decode() for name, each in letter.headers if name.startswith("dl_")}


def spoil(world, number=1, body=b"nonsense", first=0, topic=DESK):
    """Bad commands on one partition, each with an id of its own."""
    for each in range(first, first + number):
        headers = [(name, each.encode()) for name, each in {**GOOD, "ce_id": f"bad {each}"}.items()]
        headers.append(("ce_type", LendBook.ce_type.encode()))
        world.say_raw(topic.name, b"one key", body, headers)


def test_a_letter_keeps_every_byte_and_says_why(world, engine):
    headers = [("ce_id", b"\xff"), ("x", None), ("x", b"twice"), ("ce_source", b"s")]
    sent = world.say_raw(DESK.name, b"\x00\xff", b"\x00\xffnonsense", headers)
    world.settle()
    [letter] = letters(world)
    assert (letter.key, letter.value, letter.headers[:4]) == (sent.key, sent.value, headers)
    assert why(letter) == {
        "dl_reason": "bad_header",
        "dl_detail": "ce_id is not UTF-8",
        "dl_topic": DESK.name,
        "dl_partition": str(sent.partition),
        "dl_offset": "0",
        "dl_consumer": "lending",
        "dl_time": START.isoformat(),
    }
    [kept] = ask(engine, deadletters.opened)
    assert (kept.key, kept.value, kept.headers) == (sent.key, sent.value, headers)
    assert (kept.topic, kept.partition, kept.offset) == (DESK.name, sent.partition, 0)
    assert (kept.reason, kept.attempt, kept.died_at) == ("bad_header", 1, START)


def test_a_tombstone_that_means_nothing_keeps_its_null(world):
    world.say_raw(DESK.name, None, None, [])
    world.settle()
    [letter] = letters(world)
    assert (letter.key, letter.value) == (None, None)
    assert why(letter)["dl_reason"] == "unexpected_tombstone"


def test_the_sender_learns_of_it_where_there_is_an_id(world):
    spoil(world)
    world.say_raw(DESK.name, b"k", b"nonsense", [("ce_id", b"but no source")])
    world.settle()
    assert len(letters(world)) == 2
    [outcome] = world.heard(Outcome)
    assert (outcome.data.command_id, outcome.data.source) == ("bad 0", GOOD["ce_source"])
    assert outcome.data.reason is Reason.NOT_JSON
    assert (
        outcome.data.message.de == "Der Inhalt ist kein JSON: Zeile 1, Zeichen 1 ist nicht lesbar"
    )


def test_a_bad_fact_has_no_outcome(club_node):
    world = World([club_node])
    headers = [(name, each.encode()) for name, each in GOOD.items()]
    world.say_raw(BOOKS.name, b"k", b"{}", [*headers, ("ce_type", BookLent.ce_type.encode())])
    world.settle()
    assert len(letters(world)) == 1
    assert world.heard(Outcome) == []


def test_exactly_one_letter_however_often_it_comes(world, lending_node):
    spoil(world)
    world.settle()
    for _ in range(3):
        lending_node.committed.clear()
        lending_node.restart()
        world.settle()
    spoil(world)
    world.settle()
    assert len(letters(world)) == 1
    assert len({each.attributes.id for each in world.heard(Outcome)}) == 1


def test_a_retry_is_the_same_message_with_the_next_attempt(club_engine):
    world = World([Node(club.service, club_engine)])
    command = world.say(AskStrangely(name="Ada", how="fail"))
    world.settle()
    [letter] = ask(club_engine, deadletters.opened)
    assert letter.reason == "handler_error"
    assert ask(club_engine, deadletters.retry, letter.id, world.now)
    assert not ask(club_engine, deadletters.retry, letter.id, world.now), "once"
    assert not ask(club_engine, deadletters.discard, letter.id)
    assert ask(club_engine, deadletters.find, letter.id).state == "retried"
    world.settle()
    [again] = ask(club_engine, deadletters.opened)
    assert (again.attempt, again.value) == (2, letter.value)

    original = club.handlers.handlers[AskStrangely]
    club.handlers.handlers[AskStrangely] = lambda tx, _: None  # a release that can do it
    try:
        ask(club_engine, deadletters.retry, again.id, world.now)
        world.settle()
    finally:
        club.handlers.handlers[AskStrangely] = original
    found = sorted(world.heard(Outcome), key=lambda each: each.data.attempt)
    assert [each.data.attempt for each in found] == [1, 2, 3]
    assert [each.data.reason for each in found] == [Reason.HANDLER_ERROR] * 2 + [None]
    assert {each.data.command_id for each in found} == {command}
    assert len({each.attributes.id for each in found}) == 3
    assert ask(club_engine, deadletters.count_open) == 0
    assert len(world.log.of(club.DESK.name)) == 1, "nobody else takes it for a new one"


def test_a_tombstone_is_tried_again(club_engine, monkeypatch):
    """And what waits beside it is not kept from being tried."""
    counted = project(MemberCounted, into=MemberRow)
    world = World([Node(Service("club", Settings, projects=[counted]), club_engine)])
    world.say(MemberCounted(name="Ada", version=1, borrowed=1, praised=0, reminded=0))
    world.settle()
    with monkeypatch.context() as broken:
        broken.setattr(counted, "_delete", "DELETE FROM no_such_table")
        world.say_raw(MEMBERS.name, b"Ada", None, [])
        world.settle()
    [letter] = ask(club_engine, deadletters.opened)
    assert ask(club_engine, deadletters.retry, letter.id, world.now)
    world.settle()
    for table in ("club_member", "waiting"):
        assert rows(club_engine, f"SELECT * FROM {table}") == [], table


def test_a_retry_is_said_to_nobody_else(engine):
    """On the topic it would look new to every other service, and stale to every reader."""
    node = Node(lending.service, engine)
    node.processor = lending.service.processor(
        engine, lending.Settings.defaults(topic_prefix="blue.")
    )
    bad = record("blue." + DESK.name, b"nonsense", ce_type=LendBook.ce_type)
    node.process([bad], START)
    before = node.claim()
    [letter] = ask(engine, deadletters.opened)
    assert ask(engine, deadletters.retry, letter.id, START)
    assert node.claim() == before
    node.processor.sweep(START)
    [again] = ask(engine, deadletters.opened)
    assert (again.attempt, again.topic) == (2, "blue." + DESK.name)


def test_a_letter_that_is_too_large_is_sent_without_its_value_and_kept_whole(engine):
    node = Node(lending.service, engine)
    huge = b"{" + b"x" * (3 * 1024 * 1024)
    node.process([record(DESK.name, huge, ce_type=LendBook.ce_type)], START)
    [letter] = ask(engine, deadletters.opened)
    assert letter.value == huge
    sent = next(row for row in node.claim() if row.topic == "impulse.dead-letters")
    assert sent.value is None
    assert "impulse dead-letters show" in (dict(sent.headers)["dl_detail"] or b"").decode()


def test_handlers_that_fail_on_and_on_pause_the_partition_too(club_engine):
    node = Node(club.service, club_engine)
    commands = [
        record(
            club.DESK.name,
            AskStrangely(name=f"{number}", how="fail").model_dump_json().encode(),
            ce_type=AskStrangely.ce_type,
            ce_id=str(number),
        )
        for number in range(101)
    ]
    progress = node.processor.process(commands, START)
    assert list(progress.paused.values()) == ["100 bad records in a row"]
    assert ask(club_engine, deadletters.paused) == progress.paused


def test_a_letter_can_be_discarded(world, engine):
    spoil(world)
    world.settle()
    [letter] = ask(engine, deadletters.opened)
    assert ask(engine, deadletters.discard, letter.id)
    assert ask(engine, deadletters.opened) == []
    assert ask(engine, deadletters.count_open) == 0
    assert ask(engine, deadletters.find, letter.id).state == "discarded"
    assert ask(engine, deadletters.find, 4711) is None


def test_letters_are_forgotten_since_they_may_hold_personal_data(world, engine):
    spoil(world)
    world.settle()
    assert ask(engine, deadletters.forget_old, START) == 0
    assert ask(engine, deadletters.forget_old, START + timedelta(microseconds=1)) == 1


def test_headers_are_kept_as_they_were(world, engine):
    spoil(world)
    world.settle()
    [(text,)] = rows(engine, "SELECT headers FROM dead_letter")
    assert dict(load_headers(text))["ce_id"] == b"bad 0"


# --------------------------------------------------------------------------- circuit breaker


def noted(*parts):
    health = Health()
    for good, times in parts:
        for _ in range(times):
            health.note(good)
    return health.fault()


def test_a_hundred_in_a_row_are_too_many():
    assert noted((False, 99)) is None
    assert noted((False, 99), (True, 1), (False, 99)) is None
    assert noted((False, 100)) == "100 bad records in a row"
    assert noted((True, 1000), (False, 100)) == "100 bad records in a row"


def test_more_than_half_of_the_last_500_are_too_many():
    half = [(False, 1), (True, 1)] * 249
    assert noted(*half, (True, 1), (False, 1)) is None, "half is not more than half"
    assert noted(*half, (False, 2)) == "251 of the last 500 records were bad"
    assert noted(*[(False, 60), (True, 1)] * 8) is None, "not before there are 500"
    assert noted(*[(False, 60), (True, 1)] * 9) == "491 of the last 500 records were bad"


def test_a_partition_of_nothing_but_poison_is_paused_and_the_others_go_on(world, engine):
    spoil(world, 250)
    good = [world.say(LendBook(book_id=uuid4(), reader="somebody")) for _ in range(50)]
    node = world.nodes[0]
    records = node.pending(world.log)
    progress = node.processor.process(records, START)
    [(place, fault)] = progress.paused.items()
    assert fault == "100 bad records in a row"
    poison = [each for each in records if (each.topic, each.partition) == place]
    last = [index for index, each in enumerate(poison) if each.value == b"nonsense"][99]
    assert progress.offsets[place] == last + 1, "what was looked at is committed, not the rest"
    assert value(engine, "SELECT count(*) FROM dead_letter") == 100
    handled = value(engine, "SELECT count(*) FROM book")
    assert handled == len(good) - sum(each.value != b"nonsense" for each in poison[last:])
    assert ask(engine, deadletters.paused) == {place: fault}


def test_half_open_a_trial_that_is_bad_changes_nothing_and_a_good_one_passes(world, engine):
    spoil(world, 150)
    node = world.nodes[0]
    [(place, _)] = node.processor.process(node.pending(world.log), START).paused.items()
    rest = world.log.records[place][100:]
    trial = node.processor.process(rest[:1], START)
    assert (trial.paused, trial.offsets) == ({}, {place: 101})
    assert value(engine, "SELECT count(*) FROM dead_letter") == 101
    assert ask(engine, deadletters.paused).keys() == {place}, "only a command lifts it"


def test_it_resumes_by_command_and_pauses_again_where_nothing_got_better(world, engine):
    spoil(world, 250)
    node = world.nodes[0]
    [(place, fault)] = node.processor.process(node.pending(world.log), START).paused.items()
    assert ask(engine, deadletters.resume, ("elsewhere", 0)) == 0
    assert ask(engine, deadletters.resume, place) == 1
    assert ask(engine, deadletters.paused) == {}
    again = node.processor.process(world.log.records[place][100:], START)
    assert (again.paused, again.offsets) == ({place: fault}, {place: 200})
    assert ask(engine, deadletters.resume) == 1


def test_what_is_processed_again_after_a_failure_counts_once(world, engine):
    """The database was away: the same records come again, the breaker has not seen them yet."""
    spoil(world, 60)
    node = world.nodes[0]
    records = node.pending(world.log)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE dead_letter RENAME TO gone")
    for _ in range(3):
        with pytest.raises(Exception, match="UndefinedTable"):
            node.process(records, START)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO dead_letter")
    assert node.processor.process(records, START).paused == {}
