"""How data of an older major version becomes data of the newer one.

A new major version is a new type. The older type's class may go when nobody sends it any more;
what is kept of it is read as the newer one, by a pure function:

    @upcaster("impulse.lending.lend_book.v1", "impulse.lending.lend_book.v2")
    def _(data: Data) -> Data:
        return {**data, "copies": 1}
"""

import re
from collections.abc import Callable
from typing import Any

Data = dict[str, Any]
Upcaster = Callable[[Data], Data]

UPCASTERS: dict[str, tuple[str, Upcaster]] = {}
"""For an older type: the next one, and how its data is made. Empty while all types are v1."""

_VERSIONED = re.compile(r"(?P<name>impulse\.[a-z0-9_.]+)\.v(?P<major>[1-9][0-9]*)")


def upcaster(old: str, new: str) -> Callable[[Upcaster], Upcaster]:
    """Registers the decorated function as the way from type `old` to `new`.

    Raises TypeError where `new` isn't the next major version of `old`, or `old` has a way already.
    """
    was, now = _VERSIONED.fullmatch(old), _VERSIONED.fullmatch(new)
    if not (
        was and now and was["name"] == now["name"] and int(now["major"]) == int(was["major"]) + 1
    ):
        raise TypeError(f"{new} is not the next major version of {old}")
    if old in UPCASTERS:
        raise TypeError(f"{old} has an upcaster already, to {UPCASTERS[old][0]}")

    def register(function: Upcaster) -> Upcaster:
        UPCASTERS[old] = (new, function)
        return function

    return register


def upcast(ce_type: str, data: Data) -> tuple[str, Data]:
    """The newest type that `ce_type` can be read as, and `data` in its shape."""
    while ce_type in UPCASTERS:
        ce_type, function = UPCASTERS[ce_type]
        data = function(data)
    return ce_type, data
