"""A new service with nothing but the chassis' public names: under 60 lines, and it works."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from impulse_chassis.testing import Node, World
from impulse_contracts.outcomes import Outcome
from impulse_contracts.reasons import Reason
from tests.chassis import lending
from tests.chassis.lending import BookLent, LendBook


def test_a_service_is_short():
    code = [line for line in Path(lending.__file__).read_text().splitlines() if line.strip()]
    assert len(code) < 60


def test_it_lends_refuses_and_takes_back(engine):
    world = World([Node(lending.service, engine)])
    book = uuid4()
    first = world.say(LendBook(book_id=book, reader="first"))
    second = world.say(LendBook(book_id=book, reader="second"))
    world.settle()

    [lent] = world.heard(BookLent)
    assert (lent.data.reader, lent.data.version) == ("first", 1)
    outcomes = {heard.data.command_id: heard.data for heard in world.heard(Outcome)}
    accepted, refused = outcomes[first], outcomes[second]
    assert (accepted.aggregate_id, accepted.version) == (str(book), 1)
    assert refused.reason is Reason.WRONG_STATE
    assert "„verliehen“" in refused.message.de

    world.advance(timedelta(days=28))
    assert [heard.data.reader for heard in world.heard(BookLent)] == ["first", None]
    assert len(world.heard(Outcome)) == 2, "a timer has no outcome"
