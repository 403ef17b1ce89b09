"""Which concepts a German text speaks of: words, their forms, parts of compounds, phrases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from impulse_matching.domain import german, taxonomy

SHORTEST_PART = 4
"""Letters that a part of a compound must have; shorter ones turn up by chance."""
SURE_PART = 5
"""Letters from which on a part may stand beside something unknown."""
LONGEST_PART = 24
SHORTEST_GAP = 3
_LINKS = ("", "s", "es", "n", "en", "er", "e")
_PREFIXES = "ab an auf aus be bei ein ent er ge her hin in miss mit nach um un ur ver vor zer zu"
_NO_PART = frozenset(_PREFIXES.split())


class Mention(NamedTuple):
    """A word of a text, or several that are one term, and the concepts that they speak of."""

    words: tuple[str, ...]
    concepts: tuple[tuple[str, float], ...]
    """Each with the share of the word that speaks of it."""
    is_everyday: bool
    """Whether it stands in so many texts that it tells little."""

    @property
    def said(self) -> str:
        """The words as the text spells them."""
        return " ".join(self.words)


def read(text: str) -> list[Mention]:
    """The telling words of a text, in their order."""
    words = list(german.words(text))
    mentions: list[Mention] = []
    place = 0
    while place < len(words):
        length, concept = _phrase(words, place) if _phrases_from(words[place]) else (1, "")
        if concept:
            said = tuple(words[place : place + length])
            mentions.append(Mention(said, ((concept, 1.0),), False))
        elif mention := _alone(words[place]):
            mentions.append(mention)
        place += length
    return mentions


@lru_cache(maxsize=1 << 16)
def _alone(word: str) -> Mention | None:
    """A word that is no part of a longer term; None where it tells nothing."""
    if german.says_nothing(word):
        return None
    return Mention((word,), of_word(word), is_everyday(word))


def _phrase(words: Sequence[str], place: int) -> tuple[int, str]:
    """The longest term of several words that begins at a word: its length, and its concept.

    One word and no concept where there is none.
    """
    best = (1, "")
    for stems, concept in _phrases_from(words[place]):
        rest = words[place + 1 : place + len(stems)]
        if (
            len(stems) > best[0]
            and len(rest) == len(stems) - 1
            and all(stem in _forms(word) for stem, word in zip(stems[1:], rest, strict=True))
        ):
            best = len(stems), concept
    return best


@lru_cache(maxsize=1 << 16)
def _phrases_from(word: str) -> tuple[taxonomy.Phrase, ...]:
    phrases = taxonomy.shipped().phrases
    return tuple(phrase for form in _forms(word) for phrase in phrases.get(form, ()))


@lru_cache(maxsize=1 << 16)
def _forms(word: str) -> tuple[str, ...]:
    return german.forms(german.plain(word))


@lru_cache(maxsize=1 << 16)
def of_word(word: str) -> tuple[tuple[str, float], ...]:
    """The concepts that a word speaks of by itself, or else by its parts."""
    stems = taxonomy.shipped().stems
    for form in _forms(word):
        if form in stems:
            return ((stems[form], 1.0),)
    bare = german.plain(word)
    return tuple((stems[part], len(part) / len(bare)) for part in split(bare))


@lru_cache(maxsize=1 << 16)
def is_everyday(word: str) -> bool:
    """Whether a word stands in so many texts that it tells little."""
    lists = taxonomy.shipped()
    for form in _forms(word):
        if form in lists.everyday:
            return True
        if form in lists.stems:
            return False
    return False


class _Way(NamedTuple):
    """A way to split the first letters of a word: the more of them are known, the more worth."""

    worth: float
    parts: tuple[str, ...]
    """The known parts."""
    gaps: int
    after_gap: bool


def split(bare: str) -> list[str]:
    """The stems that a compound is put together from, as far as they are listed.

    Long stems are preferred to short ones. What is not listed stays a gap; beside a gap short
    stems do not count, as they turn up by chance.
    """
    known = taxonomy.shipped().parts
    best: list[_Way | None] = [_Way(0, (), 0, False), *[None] * len(bare)]

    def reach(end: int, way: _Way) -> None:
        reached = best[end]
        if reached is None or way.worth > reached.worth:
            best[end] = way

    for start, way in enumerate(best):
        if way is None:
            continue
        for end in range(start + SHORTEST_GAP, min(len(bare), start + LONGEST_PART) + 1):
            piece = bare[start:end]
            if piece in known and len(piece) >= SHORTEST_PART:
                longer = _Way(way.worth + len(piece) ** 2, (*way.parts, piece), way.gaps, False)
                for stop in _stops(bare, end):
                    reach(stop, longer)
            if not way.after_gap and piece not in _NO_PART:
                reach(end, _Way(way.worth - 1, way.parts, way.gaps + 1, True))
    whole = best[len(bare)]
    if whole is None:
        return []
    return [part for part in whole.parts if not whole.gaps or len(part) >= SURE_PART]


def _stops(bare: str, end: int) -> Iterator[int]:
    """Where a part that ends at `end` may stop: there, behind a link, behind a last ending."""
    for link in _LINKS:
        if bare.startswith(link, end):
            yield end + len(link)
    if bare[:end] in german.forms(bare):
        yield len(bare)
