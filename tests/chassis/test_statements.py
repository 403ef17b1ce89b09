"""A batch costs a handful of statements: their number never depends on its messages."""

from uuid import uuid4

from tests.chassis import lending
from tests.chassis.lending import LendBook
from tests.fixtures.statements import counted


def lend(number):
    return [LendBook(book_id=uuid4(), reader="somebody") for _ in range(number)]


def test_fresh_messages(engine):
    few = counted(lending.service, engine, lend(50))
    many = counted(lending.service, engine, lend(500))
    assert few.total == many.total <= 6, many.statements
