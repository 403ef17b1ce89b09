"""The building blocks of messages: bounded texts, moments, codes with labels in two languages."""

from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar

from pydantic import AwareDatetime, BeforeValidator, StringConstraints

# Line breaks and tabs are the only control characters that a description may hold.
_LINE = r"[^\x00-\x1f\x7f-\x9f]"
_NOT_BLANK = rf"^{_LINE}*[^\s\x00-\x1f\x7f-\x9f]{_LINE}*$"
_MAYBE_BLANK = rf"^{_LINE}*$"
_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"

Identifier = Annotated[str, StringConstraints(max_length=200, pattern=_NOT_BLANK)]
Name = Annotated[str, StringConstraints(max_length=300, pattern=_NOT_BLANK)]
OptionalName = Annotated[str, StringConstraints(max_length=300, pattern=_MAYBE_BLANK)]
Title = Annotated[str, StringConstraints(max_length=200, pattern=_NOT_BLANK)]
Description = Annotated[str, StringConstraints(max_length=10_000, pattern=_LINES)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Postcode = Annotated[str, StringConstraints(max_length=10, pattern=_MAYBE_BLANK)]
Ags = Annotated[str, StringConstraints(pattern=r"^([0-9]{5}|[0-9]{8})$")]
EmailAddress = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$")
]
Moment = AwareDatetime
"""A point in time, RFC 3339 with an offset."""


class Coded(str, Enum):
    """A closed list of codes, each with its German and English label."""

    if TYPE_CHECKING:
        de: str
        en: str

    def __new__(cls, code: str, de: str, en: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.de = de
        member.en = en
        return member

    def __str__(self) -> str:
        return str(self.value)

    def label(self, language: str) -> str:
        """The label in `language`: `de` or `en`; German for anything else."""
        return self.en if language == "en" else self.de


E = TypeVar("E", bound=Coded)


class _Open:
    """`Open[E]`: what a reader of facts takes: a code of E, or `unknown` for one it doesn't know."""

    def __class_getitem__(cls, codes: type[E]) -> Any:
        known = frozenset(str(member.value) for member in codes)

        def tolerate(value: object) -> object:
            return value if value in known or isinstance(value, codes) else "unknown"

        return Annotated[codes | Literal["unknown"], BeforeValidator(tolerate)]


if TYPE_CHECKING:
    Open = Annotated[E, "open"]
else:
    Open = _Open
