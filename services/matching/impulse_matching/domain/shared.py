"""What two texts have in common, in their own words: the reason that people are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from impulse_matching.domain import german, reading, taxonomy
from impulse_matching.domain.reading import Mention
from impulse_matching.domain.text import BROADER, EVERYDAY

PIECE = 5
"""Letters in a row that two forms of a word have in common at the least."""
LEAST = 0.2
"""What tells less than that is no reason: both may speak of people."""


class Shared(NamedTuple):
    """A word that both texts write, or two words of theirs that mean one concept."""

    word: str
    other: str
    concept: taxonomy.Concept | None
    """None where both write the same word."""


def shared(text: str, other: str, limit: int = 2) -> list[Shared]:
    """What both texts write of, as each spells it; what tells most comes first."""
    mine, theirs = reading.read(text), reading.read(other)
    pairs = [*_same_words(mine, theirs), *_same_concepts(mine, theirs)]
    pairs.sort(key=lambda pair: -pair[0])
    found: list[Shared] = []
    named: set[str] = set()
    for value, each in pairs:
        # Nothing is named twice, be it in another form ("streichen", "gestrichen") or concept.
        marks = _marks(each)
        if value >= LEAST and not marks & named:
            found.append(each)
            named |= marks
    return found[:limit]


def _same_words(
    mine: Sequence[Mention], theirs: Sequence[Mention]
) -> Iterator[tuple[float, Shared]]:
    found = {piece: each.said for each in reversed(theirs) for piece in _pieces(each.said)}
    for mention in mine:
        pieces = _pieces(mention.said)
        common = [piece for piece in pieces if piece in found]
        if 2 * len(common) >= len(pieces) > 0:
            value = len(common) / len(pieces) * (EVERYDAY if mention.is_everyday else 1)
            yield value, Shared(mention.said, found[common[0]], None)


def _same_concepts(
    mine: Sequence[Mention], theirs: Sequence[Mention]
) -> Iterator[tuple[float, Shared]]:
    lists = taxonomy.shipped()
    here, there = _spoken_of(mine), _spoken_of(theirs)
    for concept in here.keys() & there.keys():
        (value, word), (other_value, other) = here[concept], there[concept]
        yield (
            value * other_value * lists.telling(concept),
            Shared(word, other, lists.concepts[concept]),
        )


def _spoken_of(mentions: Sequence[Mention]) -> dict[str, tuple[float, str]]:
    """Concept -> how much it is spoken of, and by which word: of equal ones the first."""
    found: dict[str, tuple[float, str]] = {}
    for mention in mentions:
        for spoken_of, share in mention.concepts:
            for concept, steps in taxonomy.shipped().lineage(spoken_of).items():
                value = share * BROADER**steps * (EVERYDAY if mention.is_everyday else 1)
                if value > found.get(concept, (0.0, ""))[0]:
                    found[concept] = value, mention.said
    return found


def _marks(each: Shared) -> set[str]:
    """What is named with a pair: the stems of its words, and their concepts."""
    concepts = [each.concept.id] if each.concept else [c for c, _ in reading.of_word(each.word)]
    return {*concepts, *(german.plain(word)[:PIECE] for word in (each.word, each.other))}


def _pieces(word: str) -> list[str]:
    folded = german.fold(word)
    return [folded[start : start + PIECE] for start in range(len(folded) - PIECE + 1)]
