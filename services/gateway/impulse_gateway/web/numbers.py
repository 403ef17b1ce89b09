"""Numbers as people write them in forms, and spreadsheets in files."""

import re
from decimal import Decimal

_GROUPED = r"(\d+|[1-9]\d{0,2}([. ]\d{3})+)"
"""Points and blanks stand between groups of three digits, as in 1.200, and nowhere else."""
_WHOLE = re.compile(rf"{_GROUPED}([.,]0{{1,2}})?")
"""A whole number may be written with decimals that say nothing, as in 1200.00."""
_DECIMAL = re.compile(rf"{_GROUPED}([.,](\d{{1,2}}|\d{{4,}}))?")
"""Not three decimals: it would not be known whether 1,200 means a thousand; 1,2000 does not."""
_LONGEST = 11


def whole(written: str) -> int | str:
    """A whole number; what is none stays text, and is a fault in a command."""
    found = _read(_WHOLE, written)
    return int(float(found)) if found else written


def decimal(written: str) -> float | str:
    """A number with comma or point; what is none stays text, and is a fault in a command."""
    found = _read(_DECIMAL, written)
    return float(found) if found else written


def written(value: float) -> str:
    """A number as it stands in a form, where it is read as the same."""
    before, _, decimals = f"{Decimal(str(value)):f}".partition(".")
    decimals = decimals.rstrip("0")
    return f"{before}.{decimals.ljust(4, '0') if len(decimals) > 2 else decimals}".rstrip(".")


def _read(pattern: re.Pattern[str], written: str) -> str | None:
    match = pattern.fullmatch(" ".join(written.split()))
    if not match:
        return None
    digits = re.sub(r"[. ]", "", match[1])
    return digits + (match[3] or "").replace(",", ".") if len(digits) <= _LONGEST else None
