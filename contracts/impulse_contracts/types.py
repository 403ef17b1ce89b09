"""The building blocks of messages: bounded texts, moments, codes with labels in two languages."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import CoreSchema, core_schema

# Line breaks are the only control characters that a description may hold.
_LINE = r"[^\x00-\x1f\x7f-\x9f]"
# Spaces, format characters, and letters that show nothing, as the Hangul and Braille blanks.
_VISIBLE = r"[^\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\x{2800}]"
_NOT_BLANK = rf"^{_LINE}*{_VISIBLE}{_LINE}*$"
_MAYBE_BLANK = rf"^{_LINE}*$"
_LINES = r"^[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"


@dataclass(frozen=True)
class _Published:
    """What a JSON Schema shows for a pattern that only pydantic's core understands."""

    pattern: str

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "pattern": self.pattern}


# Properties of Unicode are written differently in each language: readers of the schema see spaces
# and control characters refused, and learn of the rest by the outcome.
_PORTABLE = _Published(rf"^{_LINE}*[^\s\x00-\x1f\x7f-\x9f]{_LINE}*$")

Identifier = Annotated[str, StringConstraints(max_length=200, pattern=_NOT_BLANK), _PORTABLE]
Name = Annotated[str, StringConstraints(max_length=300, pattern=_NOT_BLANK), _PORTABLE]
OptionalName = Annotated[str, StringConstraints(max_length=300, pattern=_MAYBE_BLANK)]
Title = Annotated[str, StringConstraints(max_length=200, pattern=_NOT_BLANK), _PORTABLE]
Description = Annotated[str, StringConstraints(max_length=10_000, pattern=_LINES)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Postcode = Annotated[str, StringConstraints(max_length=10, pattern=_MAYBE_BLANK)]
Ags = Annotated[str, StringConstraints(pattern=r"^([0-9]{5}|[0-9]{8})$")]
EmailAddress = Annotated[
    str,
    StringConstraints(
        max_length=254, pattern=r"^[^@\s\x00-\x1f\x7f-\x9f]+@[^@\s\x00-\x1f\x7f-\x9f]+$"
    ),
]
_SEEN = TypeAdapter(Annotated[str, StringConstraints(pattern=_VISIBLE)])


def blank(text: str | None) -> bool:
    """Whether there is no text, or one in which nothing is to be seen."""
    try:
        return not text or not _SEEN.validate_python(text)
    except ValidationError:
        return True


Whole = Annotated[int, Strict()]
"""A whole number, written as one: no text, no 2.0, no true."""
Number = Annotated[float, Strict()]
"""A number, written as one."""
Flag = Annotated[bool, Strict()]
"""Yes or no, written as true or false."""


@dataclass(frozen=True)
class _Written:
    """How a time is written in JSON; without it pydantic takes numbers and half a dozen more forms.

    Runs in pydantic's core: one pattern before the parser, and no Python for each message.
    """

    kind: type
    pattern: str
    format: str
    fault: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        parsed = handler(source)
        text = core_schema.chain_schema(
            [
                core_schema.custom_error_schema(
                    core_schema.str_schema(pattern=self.pattern),
                    custom_error_type="written",
                    custom_error_message=self.fault,
                ),
                parsed,
            ]
        )
        instance = core_schema.chain_schema([core_schema.is_instance_schema(self.kind), parsed])
        return core_schema.json_or_python_schema(
            json_schema=text,
            python_schema=core_schema.tagged_union_schema(
                {"text": text, "instance": instance},
                lambda value: "text" if isinstance(value, str) else "instance",
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "format": self.format}


Moment = Annotated[
    AwareDatetime,
    # So that it can be written in every offset: arithmetic with the ends of the calendar fails.
    Field(ge=datetime(1, 1, 2, tzinfo=UTC), le=datetime(9999, 12, 30, tzinfo=UTC)),
    _Written(
        datetime,
        r"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$",
        "date-time",
        "must be a time as RFC 3339 writes it, with its offset: 2026-11-20T08:15:00+01:00",
    ),
]
"""A point in time, RFC 3339 with an offset."""
Day = Annotated[
    date,
    Field(le=date(9999, 12, 30)),
    _Written(date, r"^\d{4}-\d\d-\d\d$", "date", "must be a day as RFC 3339 writes it: 2027-02-28"),
]
"""A calendar day, `2027-02-28`."""


class Coded(StrEnum):
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

    def label(self, language: str) -> str:
        """The label in `language`: `de` or `en`; German for anything else."""
        return self.en if language == "en" else self.de


E = TypeVar("E", bound=Coded)


class _Open:
    """`Open[E]`: what a reader of facts takes: a code of E, or `unknown` for any other."""

    def __class_getitem__(cls, codes: type[E]) -> Any:
        known = frozenset(str(member.value) for member in codes)

        def tolerate(value: object) -> object:
            return value if value in known or isinstance(value, codes) else "unknown"

        return Annotated[codes | Literal["unknown"], BeforeValidator(tolerate)]


if TYPE_CHECKING:
    Open = Annotated[E, "open"]
else:
    Open = _Open
