"""The heart: one batch, one transaction; each message takes effect once."""

from uuid import UUID, uuid4

from impulse_chassis import Service
from impulse_chassis.testing import START, Node, World
from impulse_contracts.outcomes import Outcome, OutcomeAccepted
from impulse_contracts.reasons import Reason
from tests.chassis import club, lending
from tests.chassis.club import MemberCounted
from tests.chassis.lending import DESK, BookLent, LendBook, ReturnOverdue
from tests.chassis.records import record, rows, value
from tests.fixtures.statements import counting


def outcomes(world):
    return {each.data.command_id: each.data for each in world.heard(Outcome)}


def lend(world, reader="somebody", book=None, **more):
    return world.say(LendBook(book_id=book or uuid4(), reader=reader), **more)


def test_a_command_has_an_effect_a_fact_and_an_outcome(world, engine):
    book = uuid4()
    command = lend(world, book=book, source="urn:partner", principal="p")
    world.settle()
    [fact] = world.heard(BookLent)
    [answer] = world.heard(Outcome)
    assert (fact.attributes.causation_id, fact.attributes.correlation_id) == (command, command)
    assert isinstance(answer.data, OutcomeAccepted)
    assert answer.data.model_dump() == {
        "command_id": command,
        "command_type": LendBook.ce_type,
        "source": "urn:partner",
        "aggregate_id": str(book),
        "version": 1,
        "reason": None,
        "message": {"de": "Angenommen.", "en": "Accepted."},
        "attempt": 1,
    }
    assert answer.record.key == command.encode()
    assert answer.attributes.subject == command
    assert rows(engine, "SELECT book_id, version, reader FROM book") == [(book, 1, "somebody")]


def test_the_same_command_id_100_times_has_one_effect_and_the_same_outcome(world, engine):
    book = uuid4()
    for _ in range(60):
        lend(world, book=book, message_id="17")
    world.settle()
    for _ in range(40):
        lend(world, book=book, message_id="17")
    world.settle()
    assert [each.data.version for each in world.heard(BookLent)] == [1]
    answers = world.heard(Outcome)
    assert len(answers) == 100, "every repeat is answered"
    assert len({each.attributes.id for each in answers}) == 1
    assert len({each.record.value for each in answers}) == 1
    assert value(engine, "SELECT count(*) FROM inbox") == 1


def test_a_refused_command_stays_refused(world):
    book = uuid4()
    lend(world, "first", book)
    lend(world, "second", book, message_id="17")
    world.settle()
    world.say(ReturnOverdue(book_id=book), source="urn:impulse:lending")
    world.settle()
    lend(world, "second", book, message_id="17")
    world.settle()
    found = [each for each in world.heard(Outcome) if each.data.command_id == "17"]
    assert [each.data.reason for each in found] == [Reason.WRONG_STATE] * 2
    assert len({each.attributes.id for each in found}) == 1
    assert [each.data.reader for each in world.heard(BookLent)] == ["first", None]


def test_a_note_is_said_with_the_outcome_it_belongs_to_and_with_its_repeats(world, monkeypatch):
    lend_book = lending.handlers.handlers[LendBook]

    def lend_with_a_note(tx, command):
        if command.reader != "somebody":
            tx.note("Mit Eselsohren.", "With dog ears.")
        return lend_book(tx, command)

    monkeypatch.setitem(lending.handlers.handlers, LendBook, lend_with_a_note)
    book = uuid4()
    lend(world, "noted", book, message_id="noted")
    lend(world, "refused", book, message_id="refused")
    lend(world, message_id="plain")
    world.settle()
    lend(world, "noted", book, message_id="noted")
    world.settle()
    said = [(each.data.command_id, each.data.message.en) for each in world.heard(Outcome)]
    assert said.count(("noted", "Accepted. With dog ears.")) == 2
    assert ("plain", "Accepted.") in said
    assert all("dog ears" not in text for asked, text in said if asked == "refused")
    assert len(said) == 4


def test_two_partners_may_use_the_same_id(world):
    for source in ("urn:one", "urn:two"):
        lend(world, message_id="17", source=source)
    world.settle()
    assert len(world.heard(BookLent)) == 2
    answers = world.heard(Outcome)
    assert {each.data.source for each in answers} == {"urn:one", "urn:two"}
    assert len({each.attributes.id for each in answers}) == 2


def test_redelivery_after_lost_offsets_changes_nothing(world, lending_node, engine):
    for number in range(20):
        lend(world, f"reader {number}", UUID(int=number % 5))
    world.settle()
    before = rows(engine, "SELECT * FROM book ORDER BY book_id"), len(world.heard(BookLent))
    lending_node.committed.clear()
    lending_node.restart()
    world.settle()
    after = rows(engine, "SELECT * FROM book ORDER BY book_id"), len(world.heard(BookLent))
    assert before == after
    assert len({each.attributes.id for each in world.heard(Outcome)}) == 20


def test_messages_on_one_aggregate_see_each_other_in_order(world):
    book = uuid4()
    for reader in ("first", "second"):
        lend(world, reader, book)
        world.say(ReturnOverdue(book_id=book), source="urn:impulse:lending")
    world.settle()
    assert [(each.data.version, each.data.reader) for each in world.heard(BookLent)] == [
        (1, "first"),
        (2, None),
        (3, "second"),
        (4, None),
    ]


def test_facts_are_projected_and_handled(club_world, club_engine):
    book = uuid4()
    for _ in range(2):
        club_world.say(BookLent(book_id=book, version=2, reader="Ada"), message_id="17")
    club_world.say(BookLent(book_id=book, version=1, reader="Grace"))
    club_world.settle()
    assert rows(club_engine, "SELECT version, reader FROM club_shelf") == [(2, "Ada")]
    assert dict(rows(club_engine, "SELECT name, borrowed FROM club_member")) == {
        "Ada": 1,
        "Grace": 1,
    }
    assert club_world.heard(Outcome) == [], "facts have no outcome"


def test_a_service_that_only_reads_facts_needs_no_inbox(club_engine):
    service = Service("reader", club.Settings, projects=club.service.projects)
    node = Node(service, club_engine)
    world = World([node])
    world.say(BookLent(book_id=uuid4(), version=1, reader="Ada"))
    records = node.pending(world.log)
    with counting(club_engine) as count:
        node.process(records, START)
    assert count.total == 1, count.statements
    assert value(club_engine, "SELECT count(*) FROM club_shelf") == 1


def test_offsets_are_those_after_what_was_looked_at(world, lending_node):
    for _ in range(30):
        lend(world)
    world.say_raw(lending.BOOKS.name, b"k", b"nobody reads it", [])
    records = lending_node.pending(world.log)
    offsets = lending_node.process(records, START)
    assert offsets == {
        (DESK.name, partition): len(world.log.records[DESK.name, partition])
        for partition in range(6)
        if world.log.records[DESK.name, partition]
    }


def test_an_empty_batch_and_one_of_unknown_facts_do_nothing(club_node, club_engine):
    with counting(club_engine) as count:
        assert club_node.process([], START) == {}
        tick = record(lending.BOOKS.name, b"{}", ce_type="impulse.chassis.tick.v1", offset=7)
        assert club_node.process([tick], START) == {(lending.BOOKS.name, 0): 8}
    assert count.total == 0


def test_counted_facts_keep_contiguous_versions(club_world):
    for number in range(50):
        club_world.say(BookLent(book_id=UUID(int=number), version=1, reader=f"m{number % 3}"))
    club_world.settle()
    for name in ("m0", "m1", "m2"):
        versions = [e.data.version for e in club_world.heard(MemberCounted) if e.data.name == name]
        assert versions == list(range(1, len(versions) + 1))
