"""A service that lends books: how little a service has to say. Used by the tests of the chassis."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Field, SQLModel

from impulse_chassis import Aggregate, Handlers, Refused, Repository, Service, ServiceSettings
from impulse_contracts import topics
from impulse_contracts.message import Command, Fact, Timer
from impulse_contracts.reasons import Reason

DESK = topics.Topic(
    "test.lending.commands", "book id", "tests", topics.Cleanup.DELETE, incoming=True
)
BOOKS = topics.Topic("test.books", "book id", "lending", topics.Cleanup.COMPACT)


class LendBook(Command, ce_type="test.lending.lend_book.v1", topic=DESK, key="book_id"):
    book_id: UUID
    reader: str


class ReturnOverdue(Timer, ce_type="test.lending.return_overdue.v1", topic=DESK, key="book_id"):
    book_id: UUID


class BookLent(Fact, ce_type="test.lending.book.lent.v1", topic=BOOKS, key="book_id"):
    book_id: UUID
    reader: str | None


class Settings(ServiceSettings, service="lending"): ...  # IMPULSE_LENDING_*


class Book(Aggregate, key="book_id"):
    book_id: UUID
    reader: str | None = None


class BookRow(SQLModel, table=True):
    __tablename__ = "book"
    book_id: UUID = Field(primary_key=True)
    version: int
    reader: str | None


books = Repository(BookRow, Book, ("Das Buch", "The book"))
handlers = Handlers()


@handlers.load(LendBook, ReturnOverdue)
def _(tx, messages):
    books.lock(tx, {message.data.book_id for message in messages})


@handlers.on(LendBook)
def lend_book(tx, command):
    book = books.get(tx, command.book_id) or Book(book_id=command.book_id)
    if book.reader and book.reader != command.reader:
        raise Refused(Reason.WRONG_STATE, state=("verliehen", "lent"))
    book = books.put(tx, book.evolve(reader=command.reader))
    tx.publish(BookLent.of(book))
    tx.schedule(ReturnOverdue(book_id=book.book_id), at=tx.now + timedelta(days=28))
    return book


@handlers.on(ReturnOverdue)
def return_overdue(tx, timer):
    book = books.put(tx, books.require(tx, timer.book_id).evolve(reader=None))
    tx.publish(BookLent.of(book))


service = Service("lending", Settings, handlers, reads=[DESK])
