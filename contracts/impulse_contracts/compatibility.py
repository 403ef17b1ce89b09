"""Whether a message's schema may change the way it did.

The committed schema is what others rely on. What comes in (reports, commands, timers) must go on
to accept everything that was valid. Facts and outcomes are read by services that know the older
schema, and kept for years for readers that know the newer one: on the fields that both know, old
and new must take the same data. Both rules are transitive, so comparing with the schema before
protects every version there ever was.

A field that is added needs a default. A field is never removed, also where it comes in: senders
would be ignored in silence, and the name might come back with another meaning.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from impulse_contracts.schemas import ABOUT, Schema

ADVICE = (
    "Undo it, or make it optional with a default that means what its absence means today; "
    "otherwise leave {ce_type} as it is and declare a new type with the next major version and "
    "an upcaster (impulse_contracts.upcast)."
)

_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
# Compared on their own, or said for people only.
_ELSEWHERE = {
    *_UPPER, *_LOWER, "type", "enum", "const", "properties", "required", "items", "default",
    "title", "description", "examples", "deprecated", "$schema", "$defs", ABOUT, "x-open",
}  # fmt: skip


@dataclass(frozen=True)
class Incompatibility:
    """One change that somebody who relies on the committed schema would suffer from."""

    ce_type: str
    path: str
    what: str

    def __str__(self) -> str:
        place = f" {self.path}:" if self.path else ""
        return f"{self.ce_type}:{place} {self.what}. {ADVICE.format(ce_type=self.ce_type)}"


def incompatibilities(old: Schema, new: Schema) -> list[Incompatibility]:
    """What of the change from `old` (committed) to `new` breaks those who rely on `old`."""
    about = old[ABOUT]
    comparison = _Comparison(old, new, incoming=about["kind"] in ("report", "command", "timer"))
    moved = [
        ("", f"{name} changed from {was} to {new[ABOUT].get(name)}")
        for name, was in about.items()
        if new[ABOUT].get(name) != was
    ]
    found = [*moved, *comparison.of(old, new, "")]
    return [Incompatibility(about["type"], path, what) for path, what in found]


Found = Iterator[tuple[str, str]]


class _Comparison:
    """Walks through two schemas at once; yields path and fault."""

    def __init__(self, old: Schema, new: Schema, *, incoming: bool) -> None:
        self._old, self._new, self._incoming = old, new, incoming

    def of(self, old: Schema, new: Schema, path: str) -> Found:
        before, after = _by_kind(old, self._old), _by_kind(new, self._new)
        if not self._incoming:
            for name in sorted(after.keys() - before.keys()):
                yield path, f"may now be {name}, which older readers don't expect"
        for name, was in before.items():
            now = after.get(name)
            if now is None and name == "integer" and self._incoming:
                now = after.get("number")
            if now is None:
                yield path, f"is no longer allowed to be {name}"
            else:
                yield from self._same_kind(was, now, path)

    def _same_kind(self, old: Schema, new: Schema, path: str) -> Found:
        yield from self._codes(old, new, path)
        yield from self._bounds(old, new, path)
        yield from self._fields(old, new, path)
        if "items" in old and "items" in new:
            yield from self.of(old["items"], new["items"], f"{path}[]")
        elif "items" in new or ("items" in old and not self._incoming):
            yield path, "items are described where they were not, or the other way round"
        for word in sorted((old.keys() | new.keys()) - _ELSEWHERE):
            if old.get(word) != new.get(word) and not (self._incoming and word not in new):
                yield path, f"{word} changed from {old.get(word)} to {new.get(word)}"

    def _codes(self, old: Schema, new: Schema, path: str) -> Found:
        was, now = set(old.get("enum", ())), set(new.get("enum", ()))
        if was and (now or new.get(_OPEN)) and was - now:
            yield path, f"codes removed: {_listed(was - now)}"
        if now and not was:
            yield path, "any text was allowed, now only a list of codes"
        if was and now and now - was and not self._incoming and not old.get(_OPEN):
            yield path, f"codes added to a list that readers take as closed: {_listed(now - was)}"
        if was and not now and not self._incoming:
            yield path, "was a list of codes, now any text"
        if was and now and old.get(_OPEN) and not new.get(_OPEN):
            yield path, "the list of codes became closed"
        if was and now and new.get(_OPEN) and not old.get(_OPEN) and not self._incoming:
            yield path, "the list of codes became open, which older readers don't expect"

    def _bounds(self, old: Schema, new: Schema, path: str) -> Found:
        for words, tighter in ((_UPPER, -1), (_LOWER, 1)):
            for word in words:
                was, now = old.get(word), new.get(word)
                if was == now:
                    continue
                tightened = was is None or (now is not None and (now - was) * tighter > 0)
                if tightened or not self._incoming:
                    yield path, f"{word} changed from {was} to {now}"

    def _fields(self, old: Schema, new: Schema, path: str) -> Found:
        was, now = old.get("properties", {}), new.get("properties", {})
        needed_before, needed = set(old.get("required", ())), set(new.get("required", ()))
        for name in sorted(was.keys() - now.keys()):
            yield _join(path, name), "field removed"
        for name in sorted(now.keys() - was.keys()):
            if name in needed:
                yield _join(path, name), "required field added, which nobody sends yet"
            elif "default" not in now[name]:
                yield _join(path, name), "field added without a default"
        for name in sorted(was.keys() & now.keys()):
            place = _join(path, name)
            before, after = was[name].get("default"), now[name].get("default")
            if name in needed - needed_before:
                yield place, "field became required"
            if name in needed_before - needed and not self._incoming:
                yield place, "field became optional, and older readers need it"
            if name not in needed_before | needed and not _keeps(before, after):
                yield place, f"default changed from {before} to {after}"
            yield from self.of(was[name], now[name], place)


_OPEN = "x-open"


def _by_kind(schema: Schema, root: Schema) -> dict[str, Schema]:
    """The alternatives of a schema by JSON type, references followed.

    Codes beside any text are one alternative: an open list (`x-open`).
    """
    found: dict[str, Schema] = {}
    for alternative in _alternatives(schema, root):
        name = str(alternative.get("type", "anything"))
        if name not in found:
            found[name] = alternative
        elif name == "string" and ("enum" in found[name]) != ("enum" in alternative):
            codes = found[name].get("enum") or alternative["enum"]
            found[name] = {"type": "string", "enum": codes, _OPEN: True}
        else:
            raise ValueError(f"a choice between two kinds of {name} can't be compared: {schema}")
    return found


def _alternatives(schema: Schema, root: Schema) -> Iterator[Schema]:
    if "$ref" in schema:
        yield from _alternatives(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    elif "anyOf" in schema:
        for alternative in schema["anyOf"]:
            yield from _alternatives(alternative, root)
    elif "const" in schema:
        yield {"type": schema.get("type", "string"), "enum": [schema["const"]]}
    else:
        yield schema


def _keeps(old: Any, new: Any) -> bool:
    """Whether a default still says what it said; inside it, fields may have been added."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return all(name in new and _keeps(old[name], new[name]) for name in old)
    return bool(old == new)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _listed(codes: set[str]) -> str:
    return ", ".join(sorted(codes))
