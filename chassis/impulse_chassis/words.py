"""What a command says to people, in German and English."""

import os
from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """A sentence in German and English."""

    de: str
    en: str

    def __call__(self, language: str) -> str:
        """The sentence in `language`; German for anything but `en`."""
        return self.en if language == "en" else self.de


class Unusable(Exception):
    """A file or a mapping that nothing can be done with; nothing was sent."""

    def __init__(self, de: str, en: str) -> None:
        super().__init__(en)
        self.words = Words(de, en)


def language_of(environment: Mapping[str, str] = os.environ) -> str:
    """The language of the terminal: German where its locale is, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return "de" if value.lower().startswith("de") else "en"
    return "en"
