"""What people offer and need, in words: concepts with their synonyms, as brokers keep them.

A concept has broader ones, so that "Gitarre" and "Orchester" meet in music. The lists are the CSV
files in `impulse_matching/taxonomy/`, all of them together.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from math import log

from impulse_matching.domain import german

COLUMNS = ("id", "broader", "de", "en", "terms")
_COMMENT = re.compile("^#.*$", re.MULTILINE)
_LETTER = re.compile(r"\b[^\W\d_]\b")
_ID = re.compile(r"[a-z][a-z0-9_]*")
WHOLE = "="
"""Stands before a term that is meant as a word of its own, not as a part of others."""


Phrase = tuple[tuple[str, ...], str]
"""The stems of a term of several words, and its concept."""


@dataclass(frozen=True)
class Concept:
    """Something to offer or need. `terms` are its words, as they are listed."""

    id: str
    de: str
    en: str
    broader: tuple[str, ...]
    terms: tuple[str, ...]
    where: str
    """File and line, for those who look after the list."""


@dataclass(frozen=True)
class Taxonomy:
    """Concepts by id, and the stems of their terms.

    `phrases` are terms of several words by their first stem. `everyday` are stems of words that
    stand in so many texts that they tell little. `version` changes with the lists.
    """

    concepts: Mapping[str, Concept]
    stems: Mapping[str, str]
    """Stem of a term of one word -> concept."""
    parts: frozenset[str]
    """Stems that count as parts of compounds, too."""
    phrases: Mapping[str, tuple[Phrase, ...]]
    everyday: frozenset[str]
    version: str

    def lineage(self, concept: str) -> dict[str, int]:
        """The concept and all broader ones: id -> how many steps up."""
        return self._lineages[concept]

    def telling(self, concept: str) -> float:
        """How much a concept says: 1 for one without narrower ones, less the more it covers."""
        return self._telling[concept]

    @cached_property
    def _lineages(self) -> dict[str, dict[str, int]]:
        return {each: _lineage(each, self.concepts) for each in self.concepts}

    @cached_property
    def _telling(self) -> dict[str, float]:
        covered = dict.fromkeys(self.concepts, 0)
        for lineage in self._lineages.values():
            for each in lineage:
                covered[each] += 1
        return {each: 1 - log(n) / log(len(covered) + 1) for each, n in covered.items()}


def _lineage(concept: str, concepts: Mapping[str, Concept]) -> dict[str, int]:
    steps = {concept: 0}
    for each in (found := [concept]):
        for broader in concepts[each].broader:
            if broader not in steps:
                steps[broader] = steps[each] + 1
                found.append(broader)
    return steps


def parse(sheets: Mapping[str, str], everyday: str = "") -> Taxonomy:
    """The taxonomy in CSV sheets by name; raises ValueError with sheet and line of each fault.

    `everyday` lists words, separated by commas; lines that begin with # are left out.
    """
    concepts: dict[str, Concept] = {}
    faults: list[str] = []
    for name, sheet in sheets.items():
        for concept in _rows(name, sheet, faults):
            if concept.id in concepts:
                faults.append(f"{concept.where}: {concept.id} is in {concepts[concept.id].where}")
            concepts.setdefault(concept.id, concept)
    for concept in concepts.values():
        faults += [
            f"{concept.where}: no concept is called {broader}"
            for broader in concept.broader
            if broader not in concepts
        ]
    faults = faults or _circles(concepts)
    stems, parts, phrases = _terms(concepts, faults)
    if faults:
        raise ValueError("\n".join(faults))
    lists = "\n".join([*sheets.values(), everyday])
    return Taxonomy(
        concepts=concepts,
        stems=stems,
        parts=frozenset(parts),
        phrases=phrases,
        everyday=frozenset(map(german.stem, german.words(_COMMENT.sub("", everyday)))),
        version=hashlib.blake2b(lists.encode(), digest_size=8).hexdigest(),
    )


def _rows(name: str, sheet: str, faults: list[str]) -> Iterator[Concept]:
    for number, line in enumerate(sheet.splitlines(), 1):
        where = f"{name}, line {number}"
        cells = tuple(cell.strip() for cell in line.split(";"))
        if not line.strip() or line.startswith("#") or cells == COLUMNS:
            continue
        if len(cells) != len(COLUMNS):
            faults.append(f"{where}: {len(cells)} cells, not {len(COLUMNS)} ({';'.join(COLUMNS)})")
            continue
        concept, broader, de, en, terms = cells
        if not _ID.fullmatch(concept) or not de or not en:
            faults.append(f"{where}: an id (a-z, 0-9, _) and a label in both languages are needed")
            continue
        listed = tuple(term.strip() for term in terms.split(",") if term.strip())
        yield Concept(concept, de, en, tuple(broader.split()), listed, where)


def _circles(concepts: Mapping[str, Concept]) -> list[str]:
    return [
        f"{concept.where}: {concept.id} is broader than itself"
        for concept in concepts.values()
        if any(concept.id in _lineage(above, concepts) for above in concept.broader)
    ]


def _terms(
    concepts: Mapping[str, Concept], faults: list[str]
) -> tuple[dict[str, str], set[str], dict[str, tuple[Phrase, ...]]]:
    owners: dict[tuple[str, ...], Concept] = {}
    parts: set[str] = set()
    for concept in concepts.values():
        for term in (concept.de, *concept.terms):
            key = tuple(german.stem(word) for word in german.words(term))
            if not key or _LETTER.search(term):
                faults.append(f"{concept.where}: {term} is no word, or a letter is")
                continue
            owner = owners.setdefault(key, concept)
            if owner is not concept:
                faults.append(f"{concept.where}: {term} is a term of {owner.id}, {owner.where}")
            elif len(key) == 1 and not term.startswith(WHOLE):
                parts.add(key[0])
    stems: dict[str, str] = {}
    phrases: dict[str, tuple[Phrase, ...]] = {}
    for key, concept in owners.items():
        if len(key) == 1:
            stems[key[0]] = concept.id
        else:
            phrases[key[0]] = (*phrases.get(key[0], ()), (key, concept.id))
    return stems, parts, phrases


@cache
def shipped() -> Taxonomy:
    """The lists that come with the package."""
    folder = files("impulse_matching") / "taxonomy"
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".csv"))
    sheets = {name: (folder / name).read_text("utf-8") for name in names}
    return parse(sheets, (folder / "everyday.txt").read_text("utf-8"))
