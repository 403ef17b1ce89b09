"""A small world by seed: books lent and taken back, members counted, praised, reminded; and poison.

All that is said has ids of its own, so that a run with faults and one without say the same.
"""

import random
from datetime import timedelta
from functools import partial
from uuid import UUID

from impulse_chassis.envelope import Attributes, render
from impulse_chassis.testing import START, World
from tests.chassis.club import AskStrangely, PraiseMember
from tests.chassis.lending import DESK, LendBook
from tests.simulation.cast import Phase, Saying

SOURCES = ["urn:partner:a", "urn:partner:b"]
READERS = ["Ada", "Emmy", "Grace", "Lise", "Sofja"]


def scenario(seed: int) -> list[Phase]:
    """Three phases; between them all timers come due, after them all patience is at an end."""
    chance = random.Random(f"library {seed}")
    books = [UUID(int=number) for number in range(chance.randint(2, 6))]
    return [
        Phase([_saying(chance, books, f"{phase}-{number}") for number in range(18)], then)
        for phase, then in enumerate(
            [timedelta(days=8), timedelta(days=30), timedelta(hours=3)],
        )
    ]


def _saying(chance: random.Random, books: list[UUID], number: str) -> Saying:
    kind = chance.random()
    reader = chance.choice(READERS)
    # Two partners may use the same id.
    message_id = chance.choice([f"{number}", f"shared {number[:3]}"])
    source = chance.choice(SOURCES)
    if message_id.startswith("shared"):
        message_id = f"{message_id} {chance.randrange(10**6)}"
    if kind < 0.55:
        book = chance.choice(books)
        # Mostly its usual reader, who may have it again: a book with many versions.
        usual = READERS[book.int % len(READERS)]
        message = LendBook(book_id=book, reader=chance.choice([usual, usual, usual, reader]))
        return lambda world: world.say(message, source=source, message_id=message_id)
    if kind < 0.75:
        name = chance.choice([*READERS, "nobody"])
        praise = PraiseMember(name=name)
        return lambda world: world.say(praise, source=source, message_id=message_id)
    if kind < 0.82:
        how = chance.choice(["fail", "refuse late", "wait late", "say too much"])
        ask = AskStrangely(name=f"strange {number}", how=how)
        return lambda world: world.say(ask, source=source, message_id=message_id)
    return partial(_poison, message_id, source, chance.choice([0, 1, 2, 3]))


def _poison(message_id: str, source: str, which: int, world: World) -> None:
    attributes = Attributes(message_id, source, LendBook.ce_type, START)
    headers = list(render(attributes))
    if which == 0:
        world.say_raw(DESK.name, b"k", b"\xff{", headers)
    elif which == 1:
        world.say_raw(DESK.name, None, b'{"reader": "\\ud800"}', headers)
    elif which == 2:
        world.say_raw(DESK.name, b"\0", message_id.encode(), [("ce_id", b"\xff")])
    else:
        world.say_raw(DESK.name, b"k", None, headers)
