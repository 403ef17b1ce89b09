"""Upcasters: how data of an older major version is read as the newer one."""

import pytest

from impulse_contracts import upcast as module
from impulse_contracts.upcast import upcast, upcaster


@pytest.fixture(autouse=True)
def lending(monkeypatch):
    """A library that once had single copies, then several, then named its borrowers' cards."""
    monkeypatch.setattr(module, "UPCASTERS", {})

    @upcaster("impulse.lending.lend_book.v1", "impulse.lending.lend_book.v2")
    def _(data):
        return {**data, "copies": 1}

    @upcaster("impulse.lending.lend_book.v2", "impulse.lending.lend_book.v3")
    def _(data):
        return {"card_id" if name == "card" else name: value for name, value in data.items()}


def test_the_oldest_is_read_as_the_newest():
    old = {"book_id": "b", "card": "c"}
    newest = ("impulse.lending.lend_book.v3", {"book_id": "b", "card_id": "c", "copies": 1})
    assert upcast("impulse.lending.lend_book.v1", old) == newest
    assert old == {"book_id": "b", "card": "c"}


def test_the_newest_stays_as_it_is():
    data = {"book_id": "b"}
    assert upcast("impulse.lending.lend_book.v3", data) == ("impulse.lending.lend_book.v3", data)
    assert upcast("impulse.lending.other.v1", data) == ("impulse.lending.other.v1", data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("impulse.lending.lend_book.v3", "impulse.lending.lend_book.v5"),
        ("impulse.lending.lend_book.v3", "impulse.lending.lend_books.v4"),
        ("impulse.lending.lend_book.v3", "impulse.lending.lend_book.v2"),
        ("impulse.lending.lend_book", "impulse.lending.lend_book.v2"),
    ],
)
def test_only_the_next_major_version_is_a_way(old, new):
    with pytest.raises(TypeError, match="not the next major version"):
        upcaster(old, new)


def test_there_is_one_way_only():
    with pytest.raises(TypeError, match="has an upcaster already"):
        upcaster("impulse.lending.lend_book.v1", "impulse.lending.lend_book.v2")
