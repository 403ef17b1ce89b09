"""How figures of reports are written: what their codes are called, and their values."""

from collections.abc import Mapping
from datetime import date

from impulse_contracts.booking.codes import BookingState, ProgrammeCategory, SupportState
from impulse_contracts.booking.cooperation_codes import NotRedeemedReason, ValueMethod
from impulse_contracts.codes import (
    Accessibility,
    ActorType,
    CooperationState,
    CvFormat,
    CvMode,
    DeclineReason,
    Direction,
    EventFormat,
    ListingStatus,
    ProposalState,
    SocietalTopic,
)
from impulse_contracts.reasons import Reason
from impulse_contracts.ruhr import MUNICIPALITIES
from impulse_contracts.types import Coded

DIMENSIONS: dict[str, tuple[str, str]] = {
    "actor_type": ("Art der Organisation", "Kind of organisation"),
    "ags": ("Gemeinde", "Municipality"),
    "quarter": ("Quartal", "Quarter"),
    "topic": ("Gesellschaftliche Aufgabe", "Societal task"),
    "programme_category": ("Art des Angebots", "Kind of offer"),
    "event_format": ("Format", "Format"),
    "day": ("Tag", "Day"),
    "edition": ("Veranstaltung", "Edition"),
    "booking_state": ("Stand", "State"),
    "support_state": ("Stand", "State"),
    "listing_status": ("Stand", "State"),
    "proposal_state": ("Ausgang", "Result"),
    "cooperation_state": ("Ausgang", "Result"),
    "direction": ("Art", "Kind"),
    "decline_reason": ("Grund", "Reason"),
    "not_redeemed_reason": ("Grund", "Reason"),
    "reason": ("Grund", "Reason"),
    "presence": ("Anwesenheit", "Attendance"),
    "goal": ("Ziel", "Goal"),
    "cv_mode": ("Art des Einsatzes", "Mode"),
    "cv_format": ("Format", "Format"),
    "accessibility": ("Barrierefreiheit", "Accessibility"),
    "met": ("Beim Angebot", "With the offer"),
    "exposure": ("Gemessen", "Measured"),
    "extreme": ("Wert", "Value"),
    "value_method": ("Methode", "Method"),
    "months": ("Nach", "After"),
    "redeemed": ("Umgesetzt", "Carried out"),
    "grade": ("Bewertet", "Evaluated"),
}
"""What figures are counted by, in German and English."""
_CODES: dict[str, type[Coded]] = {
    "actor_type": ActorType,
    "topic": SocietalTopic,
    "programme_category": ProgrammeCategory,
    "event_format": EventFormat,
    "booking_state": BookingState,
    "support_state": SupportState,
    "listing_status": ListingStatus,
    "proposal_state": ProposalState,
    "cooperation_state": CooperationState,
    "direction": Direction,
    "decline_reason": DeclineReason,
    "not_redeemed_reason": NotRedeemedReason,
    "cv_mode": CvMode,
    "cv_format": CvFormat,
    "accessibility": Accessibility,
    "value_method": ValueMethod,
}
_WORDS: dict[tuple[str, str], tuple[str, str]] = {
    ("presence", "present"): ("anwesend", "present"),
    ("presence", "absent"): ("abwesend", "absent"),
    ("redeemed", "yes"): ("ja", "yes"),
    ("redeemed", "no"): ("nein", "no"),
    ("met", "yes"): ("ja", "yes"),
    ("met", "no"): ("nein", "no"),
    ("exposure", "per_need"): ("je offenem Bedarf", "per open need"),
    ("exposure", "per_inhabitants"): ("je 10.000 Einwohner:innen", "per 10,000 inhabitants"),
    ("extreme", "lowest"): ("niedrigster", "lowest"),
    ("extreme", "highest"): ("höchster", "highest"),
    ("extreme", "times"): ("höchster durch niedrigsten", "highest by lowest"),
    ("grade", "structure"): ("Struktur", "structure"),
    ("grade", "process"): ("Ablauf", "process"),
    ("grade", "result"): ("Ergebnis", "result"),
}
_REASONS = {str(each): each for each in Reason}
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
    if dimension == "day":
        return date.fromisoformat(code).strftime("%Y-%m-%d" if english else "%d.%m.%Y")
    if dimension == "goal":
        return f"SDG {int(code)}"
    if dimension == "months":
        return f"{int(code)} months" if english else f"{int(code)} Monaten"
    if words := _WORDS.get((dimension, code)):
        return words[english]
    if dimension == "reason" and code in _REASONS:
        # Without the details that a single refusal has.
        return _REASONS[code].label(language).split("{")[0].rstrip(" :(")
    codes = _CODES.get(dimension)
    found = {str(each): each for each in codes or ()}.get(code)
    return found.label(language) if found else code


def heading(dimension: str, language: str) -> str:
    """What a dimension is called."""
    de, en = DIMENSIONS.get(dimension, (dimension, dimension))
    return en if language == "en" else de
