"""Models made of values that are valid already: what every message and every state goes through."""

from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)


def unchecked(kind: type[M], values: dict[str, Any]) -> M:
    """A model with all its fields as they are given, by name; `values` become its own.

    As `model_construct`, without its search for aliases and defaults: four times faster.
    """
    made = kind.__new__(kind)
    object.__setattr__(made, "__dict__", values)
    object.__setattr__(made, "__pydantic_fields_set__", set(values))
    object.__setattr__(made, "__pydantic_extra__", None)
    object.__setattr__(made, "__pydantic_private__", None)
    return made


def with_defaults(kind: type[M], values: dict[str, Any]) -> M:
    """As `unchecked`; what is not given has its default."""
    return unchecked(kind, {**_defaults(kind), **values})


@cache
def _defaults(kind: type[BaseModel]) -> dict[str, Any]:
    fields = kind.model_fields.items()
    return {name: field.default for name, field in fields if not field.is_required()}
