"""The fields of a report, by dotted path, and how a cell becomes the value of one. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from impulse_contracts.message import Message
from impulse_contracts.schemas import Schema, schema_of

_YES = frozenset(("ja", "j", "yes", "y", "true", "wahr", "x", "1"))
_NO = frozenset(("nein", "n", "no", "false", "falsch", "0"))
_GERMAN_NUMBER = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?|[0-9]+,[0-9]+")


def kinds_of(message: type[Message]) -> dict[str, str]:
    """The fields of a message by path, `seat.postcode`, each with what it takes.

    `text`, `moment`, `day`, `integer`, `number`, `boolean` or `list` (of texts). What is inside a
    list of objects is reached like that of an object: one row can name one.
    """
    schema = schema_of(message)
    return dict(_kinds(schema, schema, ""))


def required_of(message: type[Message]) -> list[str]:
    """The fields that a message can't be without."""
    return list(schema_of(message)["required"])


def _kinds(node: Schema, root: Schema, prefix: str) -> Iterator[tuple[str, str]]:
    for name, field in node["properties"].items():
        inner = _read(field, root)
        if inner["type"] == "array":
            item = _read(inner["items"], root)
            inner = item if "properties" in item else inner
        if "properties" in inner:
            yield from _kinds(inner, root, f"{prefix}{name}.")
        else:
            yield prefix + name, _kind(inner)


def _read(field: Schema, root: Schema) -> Schema:
    if "anyOf" in field:
        field = next(item for item in field["anyOf"] if item.get("type") != "null")
    if "$ref" in field:
        found: Schema = root["$defs"][field["$ref"].removeprefix("#/$defs/")]
        return found
    return field


def _kind(field: Schema) -> str:
    if field["type"] == "array":
        return "list"
    if field["type"] == "string":
        return {"date-time": "moment", "date": "day"}.get(field.get("format", ""), "text")
    return str(field["type"])


def converted(text: str, kind: str) -> Any:
    """The value that a cell means for a field of this kind.

    What can't be converted stays a text: the contract then says what the field takes.
    """
    if kind == "boolean":
        lowered = text.lower()
        return lowered in _YES if lowered in _YES | _NO else text
    if kind in ("integer", "number"):
        if _GERMAN_NUMBER.fullmatch(text):
            text = text.replace(".", "").replace(",", ".")
        try:
            return int(text) if kind == "integer" else float(text)
        except ValueError:
            return text
    return text


def put(data: dict[str, Any], path: str, value: Any, listed: frozenset[str]) -> None:
    """Puts a value at a dotted path; `listed` are the fields that hold objects in a list."""
    *parents, name = path.split(".")
    for parent in parents:
        inner = data.setdefault(parent, [{}] if parent in listed else {})
        data = inner[0] if isinstance(inner, list) else inner
    data[name] = value


def listed_in(message: type[Message]) -> frozenset[str]:
    """The fields of a message that hold objects in a list."""
    schema = schema_of(message)
    properties: Mapping[str, Schema] = schema["properties"]
    return frozenset(
        name
        for name, field in properties.items()
        if (found := _read(field, schema))["type"] == "array"
        and "properties" in _read(found["items"], schema)
    )
