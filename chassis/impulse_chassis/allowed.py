"""What a setting may be, in words: from the JSON Schema of the settings that it belongs to."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "a text",
    "password": "a secret",
    "directory-path": "a folder that exists",
    "path": "a path",
}
_BOUNDS = {
    "exclusiveMinimum": "greater than {:.12g}",
    "minimum": "at least {:.12g}",
    "maximum": "at most {:.12g}",
    "minLength": "{} characters or more",
    "maxLength": "at most {} characters",
    "pattern": "matching {}",
}


def allowed(settings: type[BaseModel], name: str) -> str:
    """What `settings` take for their field `name`: `a whole number from 1 to 65535`."""
    field = settings.model_json_schema()["properties"][name]
    [kind] = [kind for kind in field.get("anyOf", [field]) if kind.get("type") != "null"]
    return _words({**field, **kind})


def _words(kind: Mapping[str, Any]) -> str:
    if "enum" in kind:
        return "one of " + ", ".join(map(str, kind["enum"]))
    if "examples" in kind:
        return "like " + " or ".join(kind["examples"])
    said = _KINDS.get(kind.get("format", ""), _KINDS[kind["type"]])
    if "minimum" in kind and "maximum" in kind:
        return f"{said} from {kind['minimum']:.12g} to {kind['maximum']:.12g}"
    bounds = [text.format(kind[name]) for name, text in _BOUNDS.items() if name in kind]
    return ", ".join([said, *bounds])
