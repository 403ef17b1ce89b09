"""What is wrong with a field, in words that its sender understands, German and English."""

from collections.abc import Mapping
from typing import Any

from impulse_contracts.types import NOT_BLANK, PATTERNS, blank


class Broken(ValueError):
    """A rule of a contract that no type can express; raised in validators."""

    def __init__(self, de: str, en: str) -> None:
        super().__init__(en)
        self.de = de
        self.en = en


_WORDS = {
    "missing": ("fehlt", "is missing"),
    "string_too_short": ("ist zu kurz", "is too short"),
    "string_too_long": (
        "ist zu lang (höchstens {max_length} Zeichen)",
        "is too long (at most {max_length} characters)",
    ),
    "extra_forbidden": ("ist unbekannt", "is not known"),
    "dict_type": ("muss eine Tabelle sein", "must be a table"),
    "too_long": ("hat mehr als {max_length} Einträge", "has more than {max_length} entries"),
    "too_short": ("hat weniger als {min_length} Einträge", "has fewer than {min_length} entries"),
    "enum": ("muss einer dieser Werte sein: {expected}", "must be one of {expected}"),
    "literal_error": ("muss einer dieser Werte sein: {expected}", "must be one of {expected}"),
    "uuid_parsing": ("ist keine UUID", "is not a UUID"),
    "uuid_type": ("ist keine UUID", "is not a UUID"),
    "string_type": ("muss ein Text sein", "must be a text"),
    "int_type": ("muss eine ganze Zahl sein", "must be a whole number"),
    "int_parsing": ("muss eine ganze Zahl sein", "must be a whole number"),
    "int_from_float": ("muss eine ganze Zahl sein", "must be a whole number"),
    "float_type": ("muss eine Zahl sein", "must be a number"),
    "float_parsing": ("muss eine Zahl sein", "must be a number"),
    "finite_number": ("muss eine endliche Zahl sein", "must be a finite number"),
    "bool_type": ("muss true oder false sein", "must be true or false"),
    "bool_parsing": ("muss true oder false sein", "must be true or false"),
    "greater_than": ("muss größer als {gt} sein", "must be greater than {gt}"),
    "greater_than_equal": ("muss mindestens {ge} sein", "must be at least {ge}"),
    "less_than": ("muss kleiner als {lt} sein", "must be less than {lt}"),
    "less_than_equal": ("darf höchstens {le} sein", "must be at most {le}"),
    "json_invalid": ("ist kein JSON", "is not JSON"),
    "model_type": ("muss ein Objekt sein", "must be an object"),
    "model_attributes_type": ("muss ein Objekt sein", "must be an object"),
    "tuple_type": ("muss eine Liste sein", "must be a list"),
    "list_type": ("muss eine Liste sein", "must be a list"),
    "date_type": ("muss ein Tag sein (JJJJ-MM-TT)", "must be a day (YYYY-MM-DD)"),
    "date_from_datetime_parsing": (
        "muss ein Tag sein (JJJJ-MM-TT)",
        "must be a day (YYYY-MM-DD)",
    ),
    "timezone_aware": (
        "muss eine Zeit mit Zeitzone sein (RFC 3339)",
        "must be a time with an offset (RFC 3339)",
    ),
    "datetime_type": ("ist keine Zeit nach RFC 3339", "is not a time of RFC 3339"),
    "datetime_from_date_parsing": ("ist keine Zeit nach RFC 3339", "is not a time of RFC 3339"),
    "written": ("ist keine Zeit nach RFC 3339", "is not a time of RFC 3339"),
}
_EMPTY = ("ist leer", "is empty")
_OTHER = ("ist so nicht zulässig", "is not allowed like this")


def in_words(error: Mapping[str, Any]) -> tuple[str, str]:
    """What one of pydantic's errors says, in German and English; never the value itself.

    `error` is of `ValidationError.errors()`, with its context.
    """
    context = {name: str(value) for name, value in error.get("ctx", {}).items()}
    broken = error.get("ctx", {}).get("error")
    if isinstance(broken, Broken):
        return broken.de, broken.en
    if error["type"] == "string_pattern_mismatch":
        return _mismatch(error, context["pattern"])
    de, en = _WORDS.get(error["type"], _OTHER)
    try:
        english = en.format_map(context)
        context["expected"] = context.get("expected", "").replace(" or ", " oder ")
        return de.format_map(context), english
    except KeyError:
        return _OTHER


def _mismatch(error: Mapping[str, Any], pattern: str) -> tuple[str, str]:
    given = error.get("input")
    if pattern == NOT_BLANK and isinstance(given, str) and blank(given):
        return _EMPTY
    return PATTERNS.get(pattern, _OTHER)
