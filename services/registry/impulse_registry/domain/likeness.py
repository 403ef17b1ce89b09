"""How likely two entries are one organisation: what a broker is asked about.

Nothing is merged on likeness. It finds what exact identity cannot: typing errors, words left
out, abbreviations, another postcode. What tells organisations apart counts against it: another
number or year, a word in each that the other lacks (districts, departments), another legal form,
another entry in a register.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from impulse_contracts.codes import LegalForm
from impulse_registry.domain import names
from impulse_registry.domain.words import FILLERS, PLACES, USUAL, roles, weight

THRESHOLD = 0.6
"""From here on a broker is asked."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What of an actor is compared; plain values, folded."""

    name: str
    other_name: str | None = None
    """The name it goes by, and the unit, where they are not in the name."""
    form: LegalForm | None = None
    ags: str | None = None
    postcode: str | None = None
    register: str | None = None
    w_idnr: str | None = None
    website: str | None = None


class Evidence(NamedTuple):
    """One thing that was compared."""

    criterion: str
    """name, numbers, legal_form, place, register, w_idnr, website."""
    a: str | None
    b: str | None
    agrees: bool


class Likeness(NamedTuple):
    """What the comparison of two actors gives."""

    score: float
    """0 to 1; from `THRESHOLD` on they may be one."""
    evidence: tuple[Evidence, ...]


def traits(
    legal_name: str,
    *,
    display_name: str | None = None,
    unit: str | None = None,
    ags: str | None = None,
    postcode: str | None = None,
    register: str | None = None,
    w_idnr: str | None = None,
    website: str | None = None,
) -> Traits:
    """The traits of an actor; `register` and `w_idnr` as `registers` writes them."""
    name = names.parse(legal_name)
    core = f"{name.core} {names.core(unit)}" if unit else name.core
    other = names.core(display_name) if display_name else None
    return Traits(
        name=core,
        other_name=other if other != core else None,
        form=name.form,
        ags=ags,
        postcode=postcode,
        register=register,
        w_idnr=w_idnr,
        website=_host(website) if website else None,
    )


# -------------------------------------------------------------------------------- comparing


def compare(a: Traits, b: Traits) -> Likeness:
    """How alike two actors are, and why. Symmetric; an actor is wholly like itself."""
    score, number_a, number_b = _best_names(a, b)
    evidence = [Evidence("name", a.name, b.name, score >= THRESHOLD)]
    if number_a or number_b:
        agree = _numbers_agree(number_a, number_b)
        evidence.append(_evidence("numbers", " ".join(number_a), " ".join(number_b), agree))
        score *= (1.0 if number_a and number_b else 0.95) if agree else 0.5
    for criterion, one, other, factor in (
        ("legal_form", a.form, b.form, 0.85 if {a.form, b.form} in _NEAR else 0.65),
        ("place", a.ags, b.ags, 0.55),
        ("register", a.register, b.register, 0.7),
        ("w_idnr", a.w_idnr, b.w_idnr, 0.7),
    ):
        if one and other:
            evidence.append(_evidence(criterion, one, other, one == other))
            score *= 1.0 if one == other else factor
    if a.website and b.website:
        same = a.website == b.website
        evidence.append(_evidence("website", a.website, b.website, same))
        score = score + (1.0 - score) * 0.3 if same else score
    return Likeness(round(score, 4), tuple(evidence))


_NEAR = (
    {LegalForm.KG, LegalForm.GMBH_CO_KG},
    {LegalForm.GMBH, LegalForm.GGMBH},
    {LegalForm.UG, LegalForm.GUG},
)
"""Forms that become one another when a word is lost."""


def _evidence(criterion: str, a: str, b: str, agrees: bool) -> Evidence:
    return Evidence(criterion, a or None, b or None, agrees)


def _best_names(a: Traits, b: Traits) -> tuple[float, tuple[str, ...], tuple[str, ...]]:
    best = _name_likeness(a.name, b.name)
    if a.other_name or b.other_name:
        for one in filter(None, (a.name, a.other_name)):
            for other in filter(None, (b.name, b.other_name)):
                best = max(best, _name_likeness(one, other))
    return best, _numbers(a.name), _numbers(b.name)


def _name_likeness(a: str, b: str) -> float:
    """How alike two names are. Words are paired, a word with its misspelling, its beginning or
    with the words whose initials it is; what is left over on one side was dropped, what is left
    over on both tells apart."""
    if a == b:
        return 1.0
    left, right = (list(_words(name)) for name in sorted((a, b)))
    shared = _pair(left, right)
    shared += _pair_initials(left, right) + _pair_initials(right, left)
    role = _ROLE_FACTOR[max(map(_strictness, roles(left) ^ roles(right)), default=0)]
    missing, extra = sum(map(weight, left)), sum(map(weight, right))
    whole = shared + max(missing, extra)
    if not whole:
        return 0.0
    spaced = OSA.normalized_similarity(a.replace(" ", ""), b.replace(" ", ""))
    dropped, differing = abs(missing - extra), min(missing, extra)
    worded = shared / (shared + 0.3 * dropped + 1.75 * differing)
    return role * float(max(worded, spaced if spaced >= 0.93 else 0.0))


_ROLE_FACTOR = (1.0, 0.7, 0.55)


def _strictness(role: str) -> int:
    """How sure another role means another organisation. A holding word is often left out; a
    Förderverein is never the school."""
    return 1 if role == "holds" else 2


def _pair(left: list[str], right: list[str]) -> float:
    """Takes out the words that both have; returns what they weigh."""
    shared = 0.0
    for word in tuple(left):
        if word in right:
            left.remove(word)
            right.remove(word)
            shared += weight(word)
    for word in tuple(left):
        match = next((other for other in right if _alike(word, other)), None)
        if match is not None:
            left.remove(word)
            right.remove(match)
            shared += 0.9 * min(weight(word), weight(match))
    return shared


def _pair_initials(short: list[str], long: list[str]) -> float:
    shared = 0.0
    for word in tuple(short):
        if not (2 <= len(word) <= 5 and word.isalpha()):
            continue
        for start in range(len(long)):
            taken = word[0] == long[start][0] and _spelled_by(word, long[start:])
            if taken:
                short.remove(word)
                del long[start : start + taken]
                shared += 0.8
                break
    return shared


def _spelled_by(initials: str, words: Sequence[str]) -> int:
    """How many of the words the initials stand for; 0 if they do not. A compound gives two:
    Turn- und Sportverein is TSV."""
    spelled = ""
    for count, word in enumerate(words, 1):
        spelled += word[0]
        for ending, letter in _ENDINGS:
            if word.endswith(ending) and len(word) > len(ending):
                spelled += letter
                break
        if spelled == initials:
            return count
        if not initials.startswith(spelled):
            return 0
    return 0


_ENDINGS = (("verein", "v"), ("verband", "v"), ("gemeinschaft", "g"), ("club", "c"), ("bund", "b"))


@lru_cache(maxsize=100_000)
def _alike(a: str, b: str) -> bool:
    """Whether one word may be the other misspelled, or cut short."""
    a, b = (_stem(word) for word in (a, b))
    shorter = min(len(a), len(b))
    if shorter < 4:
        return False
    if len(a) != len(b) and (a.startswith(b) or b.startswith(a)):
        rest = a[shorter:] + b[shorter:]
        return shorter >= 5 and (len(rest) <= 2 or OSA.distance(rest, "gesellschaft") <= 2)
    allowed = 1 if shorter < 7 else 2
    if a[0] != b[0] and shorter < 7:
        return False
    return OSA.distance(a, b, score_cutoff=allowed) <= allowed


def _stem(word: str) -> str:
    return _LONG.get(word) or _ENDING.sub("", word)


_LONG = {"ev": "evangelisch", "kath": "katholisch", "staedt": "staedtisch", "dt": "deutsch"}
"""What `names` folds to an abbreviation, for those who misspell it in full."""
_ENDING = re.compile(r"(?<=sch)e[rnsm]?$")
_NUMBER = re.compile(r"\d+|[ivx]{1,4}")


def _numbers_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether no number speaks against it: one side may leave out what the other says, and a
    year its century."""
    left = list((Counter(a) - Counter(b)).elements())
    right = list((Counter(b) - Counter(a)).elements())
    if not left or not right:
        return True
    return all(any(_same_year(one, other) for other in right) for one in left)


def _same_year(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return len(short) == 2 and len(long) == 4 and long.endswith(short)


@lru_cache(maxsize=50_000)
def _numbers(name: str) -> tuple[str, ...]:
    return tuple(word for word in name.split() if _NUMBER.fullmatch(word))


@lru_cache(maxsize=50_000)
def _words(name: str) -> tuple[str, ...]:
    """The words that say something; numbers are compared on their own."""
    return tuple(
        word
        for written in name.split()
        for word in USUAL.get(written, (_bare(written),))
        if word not in FILLERS and not _NUMBER.fullmatch(word)
    )


def _bare(word: str) -> str:
    """A compound with "gesellschaft" is its first part: Handelsgesellschaft mbH, Handels-GmbH."""
    return word.removesuffix("gesellschaft") or word


def _host(website: str) -> str | None:
    host = re.sub(r"^(?:https?://)?(?:www\.)?", "", website.strip().casefold()).split("/")[0]
    return host or None


# --------------------------------------------------------------------------------- blocking


def block_keys(traits: Traits) -> frozenset[str]:
    """Where to look for what may be the same: actors that share a key are compared.

    Keys are made of what is rare: the beginnings of two telling words, or one telling word and
    the municipality. A name of common words alone is looked for with two of them in its
    municipality. So the number of actors under a key grows with the place, not with the country.
    """
    words = sorted(set(_words(traits.name)), key=lambda word: (-weight(word), -len(word), word))
    telling = [word for word in words if weight(word) == 1.0][:4]
    places = [word for word in words if word in PLACES]
    keys = {f"{a[:6]} {b[:6]}" for a, b in _pairs(telling[:3] + places[:1])}
    keys.add(f"={traits.name}")
    if traits.ags:
        keys |= {f"{traits.ags} {part}" for word in telling for part in _parts(word)}
        keys |= {f"{traits.ags} {a[:5]} {b[:5]}" for a, b in _pairs(words[:3])}
        if len(telling) == 1 and len(telling[0]) < 7:
            keys |= {f"{traits.ags} -{part}" for part in _with_one_letter_less(telling[0])}
        if not telling:
            keys.add(f"{traits.ags} {traits.name.replace(' ', '')[:9]}")
    if traits.website:
        keys.add(f"@{traits.website}")
    return frozenset(keys)


def _parts(word: str) -> set[str]:
    """Parts of a word of which one typing error leaves one whole."""
    parts = {word[:4], f"{word[0]}*{word[-4:]}"}
    if len(word) < 8:
        parts |= {f"{word[:3]}*", f"{word[0]}*{word[-3:]}"}
    return parts


def _with_one_letter_less(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    ordered = sorted(words)
    return [(a, b) for place, a in enumerate(ordered) for b in ordered[place + 1 :]]
