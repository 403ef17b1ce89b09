"""A service that lends books: how little a service has to say. Used by the tests of the chassis."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import (
    Aggregate,
    Handlers,
    Messages,
    Refused,
    Repository,
    Service,
    ServiceSettings,
    Table,
    Transaction,
)
from impulse_contracts.message import Command, Fact, Timer
from impulse_contracts.reasons import Reason
from impulse_contracts.topics import Cleanup, Topic

DESK = Topic("test.lending.commands", "book id", "tests", Cleanup.DELETE, incoming=True)
BOOKS = Topic("test.books", "book id", "lending", Cleanup.COMPACT)
MIGRATIONS = Path(__file__).with_name("lending_migrations")


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


class BookRow(Table, table=True):
    __tablename__ = "book"
    book_id: UUID = Field(primary_key=True)
    version: int
    reader: str | None


books: Repository[Book, UUID] = Repository(BookRow, Book, ("Das Buch", "The book"))
handlers = Handlers()


@handlers.load(LendBook, ReturnOverdue)
def load_books(tx: Transaction, messages: Messages) -> None:
    books.lock(tx, {message.data.book_id for message in messages})


@handlers.on(LendBook)
def lend_book(tx: Transaction, command: LendBook) -> Book:
    book = books.get(tx, command.book_id) or Book(book_id=command.book_id)
    if book.reader and book.reader != command.reader:
        raise Refused(Reason.WRONG_STATE, state=("verliehen", "lent"))
    book = books.put(tx, book.evolve(reader=command.reader))
    tx.publish(BookLent.of(book))
    tx.schedule(ReturnOverdue(book_id=book.book_id), at=tx.now + timedelta(days=28))
    return book


@handlers.on(ReturnOverdue)
def return_overdue(tx: Transaction, timer: ReturnOverdue) -> None:
    book = books.put(tx, books.require(tx, timer.book_id).evolve(reader=None))
    tx.publish(BookLent.of(book))


service = Service("lending", Settings, handlers, reads=[DESK], migrations=MIGRATIONS)
