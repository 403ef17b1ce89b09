"""Where a new offer or need may start from: shipped beginnings, one a format."""

import tomllib
from dataclasses import dataclass

from impulse_gateway.web.language import Language
from impulse_gateway.web.rendering import HERE


@dataclass(frozen=True)
class Starter:
    """A beginning by its key: its label, and what stands in the form, in each language."""

    key: str
    de: str
    en: str
    fields: dict[str, list[str]]
    texts: dict[str, dict[str, list[str]]]

    def values(self, language: Language) -> dict[str, list[str]]:
        """What stands in the form."""
        return self.fields | self.texts[language]


STARTERS: dict[str, Starter] = {
    key: Starter(key=key, **values)
    for key, values in tomllib.loads((HERE / "starters.toml").read_text("utf-8")).items()
}
"""The shipped beginnings, in the order of the file."""
