"""JSON Schemas of the messages, made from their classes, and the committed ones beside them."""

import ast
import inspect
import json
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from impulse_contracts.message import MESSAGES, Command, Fact, Message, Part, Report, Timer

SCHEMAS = Path(__file__).parent / "schemas"
"""`<ce_type>.json`: the committed schema of each type that ever was."""

EXAMPLES = Path(__file__).parent / "examples"
"""`<ce_type>.json` and `<ce_type>.<variant>.json`: golden data, kept by hand, valid for good."""

ABOUT = "x-impulse"
"""The keyword under which a schema says what JSON Schema has no word for: kind, topic, subject."""

LATER_CODE = "a code that came later: read it as unknown and go on"

_DESIGN_PAPER = re.compile(r" \([a-z]+\.md [^)]*\)")

Schema = dict[str, Any]


class _Untitled(GenerateJsonSchema):
    """Leaves out the titles that only repeat the names of fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def messages() -> dict[str, type[Message]]:
    """The messages of this package by `ce_type`: whoever imports us may have some of their own."""
    ours = __package__ + "."
    return {
        ce_type: message
        for ce_type, message in sorted(MESSAGES.items())
        if message.__module__.startswith(ours)
    }


def kind(message: type[Message]) -> str:
    """`report`, `command`, `timer`, `fact` or `outcome`."""
    for base in (Report, Command, Timer, Fact):
        if issubclass(message, base):
            return base.__name__.lower()
    return "outcome"


def schema_of(message: type[Message]) -> Schema:
    """The JSON Schema (2020-12) of a message's data, for whoever reads or writes it.

    In facts a list of codes is open: the schema names the codes and takes any other text too.
    """
    return deepcopy(_schema_of(message))


@cache
def _schema_of(message: type[Message]) -> Schema:
    schema = message.model_json_schema(schema_generator=_Untitled)
    _describe(schema, message)
    _open_codes(schema)
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        ABOUT: {
            "type": message.ce_type,
            "kind": kind(message),
            "topic": message.topic.name,
            "subject": message.key_field,
        },
        **schema,
    }


def committed() -> dict[str, Schema]:
    """The committed schemas by `ce_type`: what the world outside relies on."""
    return {
        path.stem: json.loads(path.read_text("utf-8")) for path in sorted(SCHEMAS.glob("*.json"))
    }


def examples() -> Iterator[tuple[str, str, Schema]]:
    """The golden examples: file name, `ce_type` and data."""
    for path in sorted(EXAMPLES.glob("*.json")):
        name = path.name.removesuffix(".json")
        ce_type = name if name.rpartition(".")[2].startswith("v") else name.rpartition(".")[0]
        yield path.name, ce_type, json.loads(path.read_text("utf-8"))


def as_text(document: object) -> str:
    """A document as it is committed: readable, with umlauts, one way to write each value."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _open_codes(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _open_codes(item)
    elif isinstance(node, dict):
        if node == {"const": "unknown", "type": "string"}:
            node.clear()
            node.update(type="string", description=LATER_CODE)
        for item in node.values():
            _open_codes(item)


def _describe(schema: Schema, message: type[Message]) -> None:
    """Puts the docstrings below fields into the schema, where classes have some."""
    definitions = {message.__name__: schema} | schema.get("$defs", {})
    for cls in _parts(message):
        properties = definitions.get(cls.__name__, {}).get("properties")
        if properties is None:
            continue
        for name, field in cls.model_fields.items():
            docstring = _field_docstring(cls, name)
            if docstring:
                properties[field.alias or name]["description"] = docstring
    for node in definitions.values():
        node["description"] = _DESIGN_PAPER.sub("", node.get("description", ""))


def _parts(message: type[Message]) -> Iterator[type[Part]]:
    yield message
    for module in _modules():
        for item in vars(module).values():
            if inspect.isclass(item) and issubclass(item, Part) and not issubclass(item, Message):
                yield item


def _modules() -> list[ModuleType]:
    return [module for name, module in sys.modules.items() if name.startswith(__package__ + ".")]


def _field_docstring(cls: type[Part], field: str) -> str | None:
    for base in cls.__mro__:
        docstring = _docstrings(sys.modules[base.__module__]).get((base.__name__, field))
        if docstring:
            return docstring
    return None


@cache
def _docstrings(module: ModuleType) -> dict[tuple[str, str], str]:
    """The strings that stand below the fields of a module's classes, by class and field."""
    found: dict[tuple[str, str], str] = {}
    if not hasattr(module, "__file__"):
        return found
    for cls in ast.parse(inspect.getsource(module)).body:
        if not isinstance(cls, ast.ClassDef):
            continue
        for field, text in zip(cls.body, cls.body[1:], strict=False):
            match field, text:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(ast.Constant(str() as doc)):
                    found[cls.name, name] = inspect.cleandoc(doc)
    return found
