"""The one answer to each command and report, in two languages, with an id that never changes."""

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_chassis import Handlers, Refused
from impulse_chassis.envelope import Attributes, inbox_key
from impulse_chassis.outbox import dump_headers, load_headers
from impulse_chassis.outcomes import outcome, record
from impulse_chassis.testing import START
from impulse_contracts.message import Fact
from impulse_contracts.outcomes import BothLanguages, OutcomeAccepted, OutcomeRefused
from impulse_contracts.reasons import Reason
from tests.chassis.club import Member
from tests.chassis.lending import Book, BookLent, LendBook, ReturnOverdue

ASKED = Attributes("17", "urn:partner", "test.x.v1", START, correlation_id="first", attempt=2)
KEY = inbox_key("urn:partner", "17", 2)


def headers(outgoing):
    found = load_headers(dump_headers(outgoing.headers))
    return {name: (value or b"").decode() for name, value in found}


def test_accepted_with_the_version_that_stands():
    text = outcome(ASKED, Book(book_id=UUID(int=1), version=7), None)
    found = OutcomeAccepted.model_validate_json(text)
    assert (found.command_id, found.source, found.command_type) == (
        "17",
        "urn:partner",
        "test.x.v1",
    )
    assert (found.aggregate_id, found.version, found.attempt) == (str(UUID(int=1)), 7, 2)
    assert found.reason is None
    assert OutcomeAccepted.model_validate_json(outcome(ASKED, None, None)).aggregate_id is None


@given(id=st.text(), version=st.integers(0, 10**9), asked=st.text())
def test_any_id_is_written_as_json_writes_it(id, version, asked):
    attributes = Attributes(asked, asked, asked, START)
    text = outcome(attributes, Member(name=id, version=version), None)
    assert OutcomeAccepted.model_validate_json(text) == OutcomeAccepted(
        command_id=asked,
        command_type=asked,
        source=asked,
        aggregate_id=id,
        version=version,
        message=BothLanguages(de="Angenommen.", en="Accepted."),
    )


@given(notes=st.lists(st.tuples(st.text(), st.text()), min_size=1))
def test_accepted_with_what_its_sender_should_know(notes):
    book = Book(book_id=UUID(int=1), version=7)
    found = OutcomeAccepted.model_validate_json(outcome(ASKED, book, None, notes))
    assert found.message.de == " ".join(["Angenommen.", *(de for de, _ in notes)])
    assert found.message.en == " ".join(["Accepted.", *(en for _, en in notes)])
    plain = OutcomeAccepted.model_validate_json(outcome(ASKED, book, None))
    assert found.model_copy(update={"message": plain.message}) == plain


@pytest.mark.parametrize("reason", list(Reason))
def test_refused_in_two_languages(reason):
    refusal = Refused(reason, detail="x", subject=("Das Buch", "The book"), state=("weg", "gone"))
    found = OutcomeRefused.model_validate_json(outcome(ASKED, None, refusal))
    assert (found.reason, found.aggregate_id, found.version) == (reason, None, None)
    assert found.message.de
    assert found.message.de != found.message.en
    assert "{" not in found.message.de + found.message.en


def test_the_record_says_what_it_answers():
    text = outcome(ASKED, None, None)
    sent = record("lending", KEY, ASKED, text, START)
    assert (sent.topic, sent.key) == ("impulse.outcomes", b"17")
    said = headers(sent)
    assert said["ce_type"] == "impulse.outcome.accepted.v1"
    assert said["ce_source"] == "urn:impulse:lending"
    assert (said["ce_causationid"], said["ce_correlationid"]) == ("17", "first")
    again = record("lending", KEY, ASKED, text, START)
    assert headers(again)["ce_id"] == said["ce_id"]
    other = record("lending", inbox_key("urn:other", "17"), ASKED, text, START)
    assert headers(other)["ce_id"] != said["ce_id"]


@pytest.mark.parametrize("text", ['"reason":null', "null", 'x", "reason":null, "y":"'])
def test_no_text_in_a_refusal_makes_it_look_accepted(text):
    asked = Attributes(text, text, text)
    refused = outcome(asked, None, Refused(Reason.NOT_JSON, detail=text))
    assert json.loads(refused)["reason"] == "not_json"
    assert headers(record("x", KEY, asked, refused, START))["ce_type"] == OutcomeRefused.ce_type


def test_a_message_has_one_handler_with_a_type():
    handlers = Handlers()
    handlers.on(LendBook)(lambda tx, command: None)
    with pytest.raises(TypeError, match="LendBook has two handlers"):
        handlers.on(LendBook)(lambda tx, command: None)
    with pytest.raises(TypeError, match="has no ce_type"):
        handlers.on(Fact)(lambda tx, fact: None)
    assert handlers.wanted() == {LendBook.ce_type: LendBook}


def test_a_handler_may_have_several_messages_and_a_service_several_parts():
    books, shelves = Handlers(), Handlers()

    @shelves.load(BookLent)
    def load_shelves(tx, messages): ...

    @books.load(LendBook, ReturnOverdue)
    def load_books(tx, messages): ...

    @books.on(LendBook, ReturnOverdue)
    def book(tx, message): ...

    shelves.on(BookLent)(book)
    both = Handlers(books, shelves)
    assert both.handlers == {LendBook: book, ReturnOverdue: book, BookLent: book}
    assert [loader for _, loader in both.loaders] == [load_books, load_shelves]
    with pytest.raises(TypeError, match="two handlers"):
        Handlers(books, books)
