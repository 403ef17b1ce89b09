"""How figures of reports are written: what their codes are called, and their values."""

from collections.abc import Mapping

from impulse_contracts.booking.codes import BookingState, ProgrammeCategory
from impulse_contracts.codes import ActorType, SocietalTopic
from impulse_contracts.ruhr import MUNICIPALITIES
from impulse_contracts.types import Coded

DIMENSIONS: dict[str, tuple[str, str]] = {
    "actor_type": ("Art der Organisation", "Kind of organisation"),
    "ags": ("Gemeinde", "Municipality"),
    "quarter": ("Quartal", "Quarter"),
    "topic": ("Gesellschaftliche Aufgabe", "Societal task"),
    "programme_category": ("Art des Angebots", "Kind of offer"),
    "booking_state": ("Stand", "State"),
}
"""What figures are counted by, in German and English."""
_CODES: dict[str, type[Coded]] = {
    "actor_type": ActorType,
    "topic": SocietalTopic,
    "programme_category": ProgrammeCategory,
    "booking_state": BookingState,
}
_PLACES: Mapping[str, str] = {each.ags: each.name for each in MUNICIPALITIES}


def label(dimension: str, code: str, language: str) -> str:
    """What a code of a dimension is called; a municipality outside the area by its key."""
    english = language == "en"
    if code == "unknown":
        return "not known" if english else "nicht bekannt"
    if dimension == "ags":
        return _PLACES.get(code, code)
    if dimension == "quarter":
        year, number = code.split("-Q")
        return f"Q{number} {year}" if english else f"{number}. Quartal {year}"
    codes = _CODES.get(dimension)
    found = {str(each): each for each in codes or ()}.get(code)
    return found.label(language) if found else code


def heading(dimension: str, language: str) -> str:
    """What a dimension is called."""
    de, en = DIMENSIONS.get(dimension, (dimension, dimension))
    return en if language == "en" else de
