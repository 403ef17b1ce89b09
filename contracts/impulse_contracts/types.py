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

# Line breaks are the only control characters that a description may hold. Those that turn the
# direction of writing show something else than what is there, and the rest of a page with it.
_TURNING = r"\x{202a}-\x{202e}\x{2066}-\x{2069}"
_PLAIN = r"[^\x00-\x1f\x7f-\x9f]"
_LINE = rf"[^\x00-\x1f\x7f-\x9f{_TURNING}]"
# Spaces, format characters, and letters that show nothing, as the Hangul and Braille blanks.
_VISIBLE = r"[^\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\x{2800}]"
NOT_BLANK = rf"^{_LINE}*{_VISIBLE}{_LINE}*$"
_MAYBE_BLANK = rf"^{_LINE}*$"
_LINES = rf"^[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f{_TURNING}]*$"
_CODE = r"^[a-z0-9_]{1,60}$"
_LANGUAGE = r"^[a-z]{2,3}$"
_AGS = r"^([0-9]{5}|[0-9]{8})$"
_EMAIL = r"^[^@\s\x00-\x1f\x7f-\x9f]+@[^@\s\x00-\x1f\x7f-\x9f]+$"
_HOST = r"[^\s\x00-\x1f\x7f-\x9f:/?#@<>\"\\]+"
_WEBSITE = rf"^\s*$|^\s*((?i:https?)://)?{_HOST}\.{_HOST}(:[0-9]+)?([/?#]{_LINE}*)?$"


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
_PORTABLE = _Published(rf"^{_PLAIN}*[^\s\x00-\x1f\x7f-\x9f]{_PLAIN}*$")
_PORTABLE_BLANK = _Published(rf"^{_PLAIN}*$")
_PORTABLE_LINES = _Published(r"^[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]*$")

Identifier = Annotated[str, StringConstraints(max_length=200, pattern=NOT_BLANK), _PORTABLE]
Name = Annotated[str, StringConstraints(max_length=300, pattern=NOT_BLANK), _PORTABLE]
OptionalName = Annotated[
    str, StringConstraints(max_length=300, pattern=_MAYBE_BLANK), _PORTABLE_BLANK
]
Title = Annotated[str, StringConstraints(max_length=200, pattern=NOT_BLANK), _PORTABLE]
Description = Annotated[str, StringConstraints(max_length=10_000, pattern=_LINES), _PORTABLE_LINES]
Code = Annotated[str, StringConstraints(pattern=_CODE)]
LanguageCode = Annotated[str, StringConstraints(pattern=_LANGUAGE)]
Postcode = Annotated[str, StringConstraints(max_length=10, pattern=_MAYBE_BLANK), _PORTABLE_BLANK]
Ags = Annotated[str, StringConstraints(pattern=_AGS)]
EmailAddress = Annotated[str, StringConstraints(max_length=254, pattern=_EMAIL)]
Website = Annotated[str, StringConstraints(max_length=300, pattern=_WEBSITE), _PORTABLE_BLANK]
"""The address of a website: of http or https, or without either (`www.verein.example`)."""
PATTERNS: dict[str, tuple[str, str]] = {
    _CODE: (
        "darf nur Kleinbuchstaben, Ziffern und _ enthalten (höchstens 60)",
        "may hold small letters, digits and _ only (at most 60)",
    ),
    _LANGUAGE: ("muss eine Sprache sein wie de oder tr", "must be a language like de or tr"),
    _AGS: (
        "muss ein Gemeindeschlüssel sein: 8 Ziffern, oder 5 für einen Kreis",
        "must be a municipality key: 8 digits, or 5 for a district",
    ),
    _EMAIL: ("ist keine E-Mail-Adresse", "is not an e-mail address"),
    _WEBSITE: (
        "muss eine Webadresse sein wie https://www.verein.example",
        "must be a web address like https://www.verein.example",
    ),
    **dict.fromkeys(
        (NOT_BLANK, _MAYBE_BLANK, _LINES),
        (
            "enthält Steuerzeichen, die nicht erlaubt sind",
            "holds control characters that are not allowed",
        ),
    ),
}
"""What a text must be, or holds, that does not match."""
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
            is_known = isinstance(value, codes) or (isinstance(value, str) and value in known)
            return value if is_known else "unknown"

        return Annotated[codes | Literal["unknown"], BeforeValidator(tolerate)]


if TYPE_CHECKING:
    Open = Annotated[E, "open"]
else:
    Open = _Open
