"""The checker of schema changes: each kind of incompatible change, and each that is allowed."""

from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import Field, create_model

from impulse_contracts import topics
from impulse_contracts.compatibility import incompatibilities
from impulse_contracts.message import Command, Fact, Message, Part, Report, Timer
from impulse_contracts.outcomes import Outcome
from impulse_contracts.schemas import ABOUT, schema_of
from impulse_contracts.types import Coded, Day, Identifier, Moment, Name, Open, Title

Fields = dict[str, Any]


class Genre(Coded):
    """A genre."""

    NOVEL = "novel", "Roman", "novel"
    POETRY = "poetry", "Lyrik", "poetry"


class FewerGenres(Coded):
    """A genre."""

    NOVEL = "novel", "Roman", "novel"


class MoreGenres(Coded):
    """A genre."""

    NOVEL = "novel", "Roman", "novel"
    POETRY = "poetry", "Lyrik", "poetry"
    DRAMA = "drama", "Drama", "drama"


class Shelf(Part):
    """Where a book stands."""

    room: str
    row: int = 1


class Nowhere(Part):
    """A place that nobody can find."""


class LongerShelf(Part):
    """Where a book stands."""

    room: str
    row: int = 1
    side: str = "left"


class OtherShelf(Part):
    """Where a book stands."""

    room: str
    row: int = 2


def schema(kind: type[Message], fields: Fields, subject: str = "book_id") -> dict[str, Any]:
    """The schema of a message about books with these fields."""
    message = create_model(
        "Book",
        __base__=kind,
        __cls_kwargs__={"topic": topics.ACTORS, "key": subject},
        book_id=(str, ...),
        **fields,
    )
    return {**schema_of(message), "description": "About a book."}


def found(kind: type[Message], old: Fields, new: Fields) -> list[str]:
    problems = incompatibilities(schema(kind, old), schema(kind, new))
    return [f"{problem.path}: {problem.what}" for problem in problems]


Text = (str, ...)
Words = Annotated[str, Field(max_length=10)]
FewWords = Annotated[str, Field(max_length=5)]
Count = Annotated[int, Field(ge=1, le=10)]
SmallCount = Annotated[int, Field(ge=2, le=10)]
Pattern = Annotated[str, Field(pattern="^a")]
OtherPattern = Annotated[str, Field(pattern="^b")]

BROKEN_FOR_ALL = {
    "required field added": ({}, {"title": Text}, "title: required field added"),
    "field removed": ({"title": (str, "")}, {}, "title: field removed"),
    "required field removed": ({"title": Text}, {}, "title: field removed"),
    "field renamed": ({"title": (str, "")}, {"name": (str, "")}, "title: field removed"),
    "became required": ({"title": (str, "")}, {"title": Text}, "title: field became required"),
    "no default": (
        {},
        {"tags": (list[str], Field(default_factory=list))},
        "tags: field added without a default",
    ),
    "type changed": (
        {"pages": (int, ...)},
        {"pages": (str, ...)},
        "pages: is no longer allowed to be integer",
    ),
    "number to integer": (
        {"pages": (float, ...)},
        {"pages": (int, ...)},
        "pages: is no longer allowed to be number",
    ),
    "null forbidden": (
        {"title": (str | None, ...)},
        {"title": Text},
        "title: is no longer allowed to be null",
    ),
    "list of others": (
        {"tags": (tuple[str, ...], ())},
        {"tags": (tuple[int, ...], ())},
        "tags[]: is no longer allowed to be string",
    ),
    "became a list": (
        {"title": (str, ...)},
        {"title": (tuple[str, ...], ...)},
        "title: is no longer allowed to be string",
    ),
    "codes removed": (
        {"genre": (Genre, ...)},
        {"genre": (FewerGenres, ...)},
        "genre: codes removed: poetry",
    ),
    "codes removed from an open list": (
        {"genre": (Open[Genre], ...)},
        {"genre": (Open[FewerGenres], ...)},
        "genre: codes removed: poetry",
    ),
    "text to codes": (
        {"genre": (str, ...)},
        {"genre": (Genre, ...)},
        "genre: any text was allowed, now only a list of codes",
    ),
    "list of codes closed": (
        {"genre": (Open[Genre], ...)},
        {"genre": (Genre, ...)},
        "genre: the list of codes became closed",
    ),
    "maximum lowered": (
        {"title": (Words, ...)},
        {"title": (FewWords, ...)},
        "title: maxLength changed from 10 to 5",
    ),
    "maximum added": (
        {"title": (str, ...)},
        {"title": (FewWords, ...)},
        "title: maxLength changed from None to 5",
    ),
    "minimum raised": (
        {"pages": (Count, ...)},
        {"pages": (SmallCount, ...)},
        "pages: minimum changed from 1 to 2",
    ),
    "pattern changed": (
        {"title": (Pattern, ...)},
        {"title": (OtherPattern, ...)},
        "title: pattern changed from ^a to ^b",
    ),
    "pattern added": (
        {"title": (str, ...)},
        {"title": (Pattern, ...)},
        "title: pattern changed from None to ^a",
    ),
    "format changed": (
        {"due": (Moment, ...)},
        {"due": (Day, ...)},
        "due: format changed from date-time to date",
    ),
    "default changed": (
        {"copies": (int, 1)},
        {"copies": (int, 2)},
        "copies: default changed from 1 to 2",
    ),
    "default inside changed": (
        {"shelf": (Shelf, Shelf(room="A"))},
        {"shelf": (OtherShelf, OtherShelf(room="A"))},
        "shelf.row: default changed from 1 to 2",
    ),
    "required field added inside a list": (
        {"shelves": (tuple[Nowhere, ...], ())},
        {"shelves": (tuple[Shelf, ...], ())},
        "shelves[].room: required field added",
    ),
}

BROKEN_FOR_READERS = {
    "became optional": (
        {"title": Text},
        {"title": (str, "")},
        "title: field became optional",
    ),
    "null allowed": (
        {"title": Text},
        {"title": (str | None, ...)},
        "title: may now be null",
    ),
    "integer to number": (
        {"pages": (int, ...)},
        {"pages": (float, ...)},
        "pages: may now be number",
    ),
    "codes added to a closed list": (
        {"genre": (Genre, ...)},
        {"genre": (MoreGenres, ...)},
        "genre: codes added to a list that readers take as closed: drama",
    ),
    "list of codes opened": (
        {"genre": (Genre, ...)},
        {"genre": (Open[Genre], ...)},
        "genre: the list of codes became open",
    ),
    "codes to text": (
        {"genre": (Genre, ...)},
        {"genre": (str, ...)},
        "genre: was a list of codes, now any text",
    ),
    "maximum raised": (
        {"title": (FewWords, ...)},
        {"title": (Words, ...)},
        "title: maxLength changed from 5 to 10",
    ),
    "minimum lowered": (
        {"pages": (SmallCount, ...)},
        {"pages": (Count, ...)},
        "pages: minimum changed from 2 to 1",
    ),
    "pattern dropped": (
        {"title": (Pattern, ...)},
        {"title": (str, ...)},
        "title: pattern changed from ^a to None",
    ),
}

ALLOWED = {
    "nothing": ({"title": Text}, {"title": Text}),
    "optional field added": ({}, {"title": (str, "")}),
    "nullable field added": ({}, {"title": (str | None, None)}),
    "field added inside": (
        {"shelf": (Shelf, Shelf(room="A"))},
        {"shelf": (LongerShelf, LongerShelf(room="A"))},
    ),
    "codes added to an open list": (
        {"genre": (Open[Genre], ...), "more": (tuple[Open[Genre], ...], ())},
        {"genre": (Open[MoreGenres], ...), "more": (tuple[Open[MoreGenres], ...], ())},
    ),
    "described otherwise": (
        {"title": (str, Field(description="Its name."))},
        {"title": (str, Field(description="What it is called.", examples=["Faust"]))},
    ),
    "fields in another order": (
        {"title": Text, "pages": (int, 1)},
        {"pages": (int, 1), "title": Text},
    ),
}

INCOMING = pytest.mark.parametrize("kind", [Report, Command, Timer])
READ = pytest.mark.parametrize("kind", [Fact, Outcome])
ALL = pytest.mark.parametrize("kind", [Report, Command, Timer, Fact, Outcome])


@ALL
@pytest.mark.parametrize("change", BROKEN_FOR_ALL.values(), ids=BROKEN_FOR_ALL.keys())
def test_is_refused_in_every_message(kind, change):
    old, new, what = change
    assert any(problem.startswith(what) for problem in found(kind, old, new)), found(kind, old, new)


@READ
@pytest.mark.parametrize("change", BROKEN_FOR_READERS.values(), ids=BROKEN_FOR_READERS.keys())
def test_is_refused_in_what_others_read(kind, change):
    old, new, what = change
    assert any(problem.startswith(what) for problem in found(kind, old, new)), found(kind, old, new)


@INCOMING
@pytest.mark.parametrize("change", BROKEN_FOR_READERS.values(), ids=BROKEN_FOR_READERS.keys())
def test_is_allowed_in_what_comes_in(kind, change):
    old, new, _ = change
    assert found(kind, old, new) == []


@ALL
@pytest.mark.parametrize("change", ALLOWED.values(), ids=ALLOWED.keys())
def test_is_allowed_in_every_message(kind, change):
    old, new = change
    assert found(kind, old, new) == []


@ALL
@pytest.mark.parametrize("about", ["kind", "topic", "subject"])
def test_a_message_stays_where_it_is(kind, about):
    old, new = schema(kind, {}), schema(kind, {})
    new[ABOUT] = {**new[ABOUT], about: "elsewhere"}
    [problem] = incompatibilities(old, new)
    assert problem.what.startswith(f"{about} changed from ")


def test_the_refusal_says_type_place_fault_and_way_out():
    old, new = schema(Report, {}), schema(Report, {"title": Text})
    for one in (old, new):
        one[ABOUT]["type"] = "impulse.lending.book.reported.v1"
    [problem] = incompatibilities(old, new)
    assert str(problem) == (
        "impulse.lending.book.reported.v1: title: required field added, which nobody sends yet. "
        "Undo it, or make it optional with a default that means what its absence means today; "
        "otherwise leave impulse.lending.book.reported.v1 as it is and declare a new type with "
        "the next major version and an upcaster (impulse_contracts.upcast)."
    )


def test_a_choice_that_the_checker_does_not_understand_is_no_silent_yes():
    unclear = {"what": (Annotated[str, Field(max_length=3)] | Annotated[str, Field(min_length=9)],
                        ...)}  # fmt: skip
    with pytest.raises(ValueError, match="a choice between two kinds of string"):
        found(Fact, unclear, unclear)


# What the checker allows must be true: tried with random pairs of schemas and random data.

FAMILIES = st.sampled_from(
    [
        [str, Words, FewWords, Pattern, OtherPattern, Identifier, Name, Title, str | None],
        [int, Count, SmallCount, float, bool, Count | None],
        [Genre, FewerGenres, MoreGenres, Open[Genre], Open[MoreGenres], Genre | None, str],
        [tuple[str, ...], tuple[Genre, ...], tuple[MoreGenres, ...], tuple[Shelf, ...]],
        [Shelf, LongerShelf, OtherShelf, Shelf | None, LongerShelf | None],
    ]
)
VALUES: list[Any] = [
    "", "a", "abcdefg", "novel", "poetry", "drama", "x" * 250, 0, 1, 2, 11, 1.5, True, None,
    [], ["novel"], ["drama"], ["other"], [1], [{"room": "A"}], {"room": "A"},
    {"room": "A", "row": 2}, {"row": 2}, {}, {"room": "A", "side": "right"},
]  # fmt: skip


@st.composite
def changes(draw):
    """A field before and after a change: of types that are near each other, or not there."""
    family = st.sampled_from(draw(FAMILIES))
    field = st.tuples(family, st.sampled_from([..., None])).map(lambda pair: {"field": pair})
    return draw(field), draw(field)


@settings(max_examples=150, deadline=None)
@given(changes(), st.sampled_from([Report, Fact]))
def test_what_is_allowed_breaks_nobody(change, kind):
    before, after = (schema(kind, fields) for fields in change)
    if incompatibilities(before, after):
        return
    data = [{"book_id": "1", "version": 1, "field": value} for value in VALUES]
    data.append({"book_id": "1", "version": 1})
    for one, other in [(before, after)] if kind is Report else [(before, after), (after, before)]:
        for item in filter(Draft202012Validator(one).is_valid, data):
            assert Draft202012Validator(other).is_valid(item), item
