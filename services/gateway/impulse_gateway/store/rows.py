"""Rows as the facts that they are, pages of them, and words to search for."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection

M = TypeVar("M", bound=BaseModel)

PAGE = 25
"""How many things a page shows."""


class Page(BaseModel, Generic[M]):
    """Some of many: `next` is the cursor of the page after this one, None on the last."""

    items: list[M]
    total: int
    next: str | None = None


class BadCursor(ValueError):
    """A cursor that was not made here."""


def find(
    connection: Connection, model: type[M], sql: str, parameters: Mapping[str, object]
) -> list[M]:
    """The rows of `sql`, whose first column is a row as JSON text."""
    rows = connection.exec_driver_sql(sql, dict(parameters)).fetchall()
    return [model.model_validate_json(row[0]) for row in rows]


def page(
    connection: Connection,
    model: type[M],
    table: str,
    where: Sequence[str],
    parameters: Mapping[str, object],
    *,
    order: tuple[str, str],
    kind: Callable[[str], object] = str,
    descending: bool = False,
    after: str | None = None,
    limit: int = PAGE,
) -> Page[M]:
    """A page of a table by `order`: a column whose values `kind` reads from text, and the key.

    The names are our own, the values in `parameters` anybody's. Raises `BadCursor`.
    """
    first, second = order
    direction, beyond = ("DESC", "<") if descending else ("ASC", ">")
    condition = " AND ".join(where) or "true"
    counted = connection.exec_driver_sql(
        f"SELECT count(*) FROM {table} AS t WHERE {condition}",  # noqa: S608
        dict(parameters),
    ).scalar_one()
    given = dict(parameters)
    if after is not None:
        given["first"], given["second"] = _decode(after, kind)
        condition += f" AND (t.{first}, t.{second}) {beyond} (%(first)s, %(second)s)"
    rows = connection.exec_driver_sql(
        f"""
        SELECT row_to_json(t)::text, t.{first}::text, t.{second}::text
        FROM {table} AS t WHERE {condition}
        ORDER BY t.{first} {direction}, t.{second} {direction} LIMIT {limit + 1:d}
        """,  # noqa: S608
        given,
    ).fetchall()
    more = len(rows) > limit
    return Page(
        items=[model.model_validate_json(row[0]) for row in rows[:limit]],
        total=counted,
        next=_encode(*rows[limit - 1][1:]) if more else None,
    )


def _encode(first: str, second: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([first, second]).encode()).decode().rstrip("=")


def _decode(cursor: str, kind: Callable[[str], object]) -> tuple[object, UUID]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        first, second = json.loads(text)
        if "\0" in first:
            raise BadCursor
        return kind(first), UUID(second)
    except (ValueError, binascii.Error, TypeError, AttributeError):
        raise BadCursor from None


_FOLD = str.maketrans("ÄÖÜäöüßéèêáàâ", "AOUaouseeeaaa")


def words(text: str) -> str | None:
    """A `tsquery` for rows that hold words beginning with all those in `text`; None for none.

    Folds as the generated columns do (migration 0001).
    """
    found = re.findall(r"[^\W_]+", text.translate(_FOLD))
    return " & ".join(f"{word}:*" for word in found[:10]) or None


def json_list(*values: Any) -> str:
    """Values as a JSON array, to compare with a jsonb column."""
    return json.dumps(values)
