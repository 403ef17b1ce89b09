"""Municipalities and districts of the Ruhr area by the names that people call them."""

import re

from impulse_contracts.ruhr import DISTRICTS, MUNICIPALITIES

_NAMES = {each.ags: each.name for each in MUNICIPALITIES} | dict(DISTRICTS)
# A city that is its own district is meant as the city.
_KEYS = {
    name.casefold(): ags for ags, name in sorted(_NAMES.items(), key=lambda each: len(each[0]))
}


def name(ags: str) -> str:
    """What a municipality or district is called; of those elsewhere, the key."""
    return _NAMES.get(ags, ags)


def key(written: str) -> str:
    """The key of a municipality or district by its name; what is no name of one stays as it is."""
    return _KEYS.get(written.casefold(), written)


def written(text: str) -> list[str]:
    """The names and keys that somebody wrote, separated by commas."""
    return [each for part in re.split("[,;\n]", text) if (each := part.strip())]
