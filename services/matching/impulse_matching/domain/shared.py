"""What two texts have in common, in their own words: the reason that people are told."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from impulse_matching.domain import german, reading, taxonomy
from impulse_matching.domain.text import BROADER, EVERYDAY

PIECE = 5
"""Letters in a row that two forms of a word have in common at the least."""
LEAST = 0.2
"""What tells less than that is no reason: both may speak of people."""
REMEMBERED = 1 << 11
"""So many texts are kept as they were read last: some 15 KB each."""


class Shared(NamedTuple):
    """A word that both texts write, or two words of theirs that mean one concept."""

    word: str
    other: str
    concept: taxonomy.Concept | None
    """None where both write the same word."""


def shared(text: str, other: str, limit: int = 2) -> list[Shared]:
    """What both texts write of, as each spells it; what tells most comes first."""
    mine, theirs = _said(text), _said(other)
    pairs = [*_same_words(mine, theirs), *_same_concepts(mine, theirs)]
    found: list[Shared] = []
    named: set[str] = set()
    for _, each in sorted(pairs, key=lambda pair: -pair[0]):
        if len(found) == limit:
            break
        # Nothing is named twice, be it in another form ("streichen", "gestrichen") or concept.
        marks = _marks(each)
        if not marks & named:
            found.append(each)
            named |= marks
    return found


class _Said(NamedTuple):
    """What a text says, ready to be compared."""

    words: dict[str, float]
    """Each word, and how much it tells."""
    pieces: dict[str, str]
    """Piece -> the first word that has it."""
    concepts: dict[str, tuple[float, str]]
    """Concept -> how much it is spoken of, and by which word: of equal ones the first."""


@lru_cache(maxsize=REMEMBERED)
def _said(text: str) -> _Said:
    said = _Said({}, {}, {})
    for mention in reading.read(text):
        word, telling = mention.said, EVERYDAY if mention.is_everyday else 1.0
        if word in said.words:
            continue
        said.words[word] = telling
        for piece in _pieces(word):
            said.pieces.setdefault(piece, word)
        for spoken_of, share in mention.concepts:
            for concept, steps in taxonomy.shipped().lineage(spoken_of).items():
                value = share * BROADER**steps * telling
                if value > said.concepts.get(concept, (0.0, ""))[0]:
                    said.concepts[concept] = value, word
    return said


def _same_words(mine: _Said, theirs: _Said) -> Iterator[tuple[float, Shared]]:
    for word, telling in mine.words.items():
        pieces = _pieces(word)
        if theirs.pieces.keys().isdisjoint(pieces):
            continue
        common = [piece for piece in pieces if piece in theirs.pieces]
        if 2 * len(common) >= len(pieces):
            value = len(common) / len(pieces) * telling
            if value >= LEAST:
                yield value, Shared(word, theirs.pieces[common[0]], None)


def _same_concepts(mine: _Said, theirs: _Said) -> Iterator[tuple[float, Shared]]:
    lists = taxonomy.shipped()
    for concept, (value, word) in mine.concepts.items():
        if concept in theirs.concepts:
            other_value, other = theirs.concepts[concept]
            value = value * other_value * lists.telling(concept)
            if value >= LEAST:
                yield value, Shared(word, other, lists.concepts[concept])


@lru_cache(maxsize=1 << 16)
def _mark(word: str) -> str:
    return german.plain(word)[:PIECE]


def _marks(each: Shared) -> set[str]:
    """What is named with a pair: the stems of its words, and their concepts."""
    concepts = [each.concept.id] if each.concept else [c for c, _ in reading.of_word(each.word)]
    return {*concepts, _mark(each.word), _mark(each.other)}


@lru_cache(maxsize=1 << 16)
def _pieces(word: str) -> tuple[str, ...]:
    folded = german.fold(word)
    return tuple(folded[start : start + PIECE] for start in range(len(folded) - PIECE + 1))
