"""Names of organisations: one name in all its spellings, and the legal form that it states.

`core` folds what only the writer chose: case, umlauts, quotation marks, "&" or "und", the
spelling of the legal form, abbreviations that have one meaning. It keeps what tells organisations
apart: numbers, years, districts, departments, and the order of the words.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from impulse_contracts.codes import LegalForm

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_APOSTROPHES = re.compile("['`´‘’‚‛′\u00ad\u200b-\u200f\u2060\ufeff]")
"""With what nobody sees: soft hyphens, marks without width."""
_AND = re.compile(r"[&+]|(?<![^\W_])u\.(?=\s|$)")
_WORDS = re.compile(r"[^\W_]+")

# "e.V." stands alone; "Ev." is evangelisch. Written without a full stop in between, only the
# capital tells them apart.
_E_V_APART = re.compile(r"(?<![^\W_])[eE](?:\s*\.\s*|\s+)[vV](?![^\W_])")
_E_V_TOGETHER = re.compile(r"(?<![^\W_])eV(?![^\W_])")
_E_V = "eingetragenerverein"
_G_M_B_H = re.compile(r"(?i)(?<![^\W_])(g?)\.?\s?m\.\s?b\.\s?h(?![^\W_])")

# Several words that are one, once folded. The first that fits is taken.
_PHRASES = (
    (r"(?:eingetragener|eingetr) verein", _E_V),
    (
        r"(?:g|gemein|gemeinnuetzige) ?(?:gmbh|gesellschaft (?:mbh|mit beschraenkter haftung))",
        "ggmbh",
    ),
    (r"(?:g|gemeinnuetzige) ?(?:ug|unternehmergesellschaft)(?: haftungsbeschraenkt)?", "gug"),
    (r"(?:ug|unternehmergesellschaft)(?: haftungsbeschraenkt)?", "ug"),
    (r"gesellschaft mit beschraenkter haftung", "gmbh"),
    (r"mit beschraenkter haftung", "mbh"),
    (r"gesellschaft mbh", "gmbh"),
    (r"(?<=[a-z])gesellschaft mbh\b", " gmbh"),
    (r"kommanditgesellschaft auf aktien", "kgaa"),
    (r"kommanditgesellschaft", "kg"),
    (r"aktiengesellschaft", "ag"),
    (r"offene handelsgesellschaft", "ohg"),
    (r"(?:eingetragene genossenschaft|eingetr genossenschaft)", "eg"),
    (r"partnerschaftsgesellschaft|partg|partgmbb", "partg"),
    (r"(?:koerperschaft|anstalt) (?:des )?oeffentlichen rechts|kdoer|koer|aoer", "aoer"),
    (r"eingetragene[rs]? kauf(?:mann|frau|leute)|ekfm|ekfr", "ek"),
    (r"nordrhein westfalens?", "nrw"),
    (r"ad", "an der"),
    (r"id", "in der"),
)
_FOLDED_PHRASES = tuple(
    (re.compile(rf"\b(?:{pattern})\b" if not pattern.startswith("(?<=") else pattern), word)
    for pattern, word in _PHRASES
)
_WHOLE = "|".join(pattern for pattern, _ in _PHRASES if not pattern.startswith("(?<="))
_PARTS = "|".join(pattern for pattern, _ in _PHRASES if pattern.startswith("(?<="))
_ANY_PHRASE = re.compile(rf"\b(?:{_WHOLE})\b|{_PARTS}")
"""Most names hold none of them, and one look says so."""

# Read wherever they stand: no name means anything else by them.
_MBH = "mbh"
_PLAIN_FORMS = {
    _E_V: LegalForm.E_V,
    "ggmbh": LegalForm.GGMBH,
    "gug": LegalForm.GUG,
    "gmbh": LegalForm.GMBH,
    _MBH: LegalForm.GMBH,
    "haftungsbeschraenkt": LegalForm.UG,
    "kgaa": LegalForm.KGAA,
    "gbr": LegalForm.GBR,
    "egbr": LegalForm.E_GBR,
}
# Read at the end of a name only: "KG Rote Funken" is a carnival society, "AG Spielplatz" works
# together, "Ev. Jugend" is evangelisch.
_LAST_FORMS = {
    "ev": LegalForm.E_V,
    "ug": LegalForm.UG,
    "ag": LegalForm.AG,
    "kg": LegalForm.KG,
    "ohg": LegalForm.OHG,
    "ek": LegalForm.EK,
    "eg": LegalForm.COOPERATIVE,
    "se": LegalForm.SE,
    "partg": LegalForm.PARTG,
    "aoer": LegalForm.PUBLIC_BODY,
}
# Also with a word lost: "GmbH & Co.", "GmbH & KG".
_CO_KG = re.compile(
    r"\b(?:gmbh|mbh|ggmbh|ug|ag|ltd|limited)(?: haftungsbeschraenkt)? "
    r"(?:(?:und )?co ?(?:kg|ohg)|(?:und )?co\b|und kg)"
    r"|\b(?:und )?co ?kg\b"
)
_CO_KG_WORD = "gmbhcokg"

# Inflected words and their abbreviations, folded into the abbreviation.
_INFLECTED = re.compile(
    r"(?P<ev>evangelisch)(?:e[rnsm]?)?|(?P<kath>katholisch)(?:e[rnsm]?)?"
    r"|(?P<staedt>staedtisch)(?:e[rnsm]?)?|(?P<dt>deutsch)(?:e[rnsm]?)?"
)
_ABBREVIATED = {
    "st": "sankt",
    "str": "strasse",
    "v": "verein",
    "fr": "friedrich",
    "gebr": "gebrueder",
    "ges": "gesellschaft",
    "gem": "gemeinnuetzige",
    "foerderv": "foerderverein",
    "sportv": "sportverein",
    "turnv": "turnverein",
}
# "FV" before a school is a Förderverein; elsewhere it plays football.
_SUPPORTED = re.compile(r"schule|gymnasium|kindergarten|kita|museum|theater|bad$|bibliothek|hospiz")
_LEADING = frozenset({"firma", "fa"})


class Name(NamedTuple):
    """A name, taken apart."""

    core: str
    """What is left of it without the legal form, folded."""
    form: LegalForm | None
    """The legal form that it states; None if it states none."""


def core(name: str) -> str:
    """The canonical name without its legal form; equal for every spelling of one name."""
    return parse(name).core


def form(name: str) -> LegalForm | None:
    """The legal form that the name states: "GmbH & Co. KG" is another than "GmbH"."""
    return parse(name).form


@lru_cache(maxsize=50_000)
def parse(name: str) -> Name:
    """The name taken apart. One that is nothing but a legal form, or has no word, is its core."""
    words = _read(name) or [fold(name).strip() or name.strip()]
    kept, stated = _without_forms(words)
    if kept and kept[0] in _LEADING and len(kept) > 1:
        kept = kept[1:]
    return Name(" ".join(_expanded(kept or words)), stated)


def fold(text: str) -> str:
    """Lower case, umlauts and ß spelled out, other accents dropped."""
    composed = unicodedata.normalize("NFKC", text).translate(_UMLAUTS).casefold()
    if composed.isascii():
        return composed
    decomposed = unicodedata.normalize("NFKD", composed)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _read(name: str) -> list[str]:
    """The folded words, with initials joined ("S. V." is "SV") and phrases read as one word."""
    text = unicodedata.normalize("NFKC", name)
    text = _E_V_TOGETHER.sub(f" {_E_V} ", _E_V_APART.sub(f" {_E_V} ", text))
    text = _AND.sub(" und ", _APOSTROPHES.sub("", _G_M_B_H.sub(r" \1mbh ", text)))
    line = " ".join(_joined(_WORDS.findall(fold(text))))
    if _ANY_PHRASE.search(line):
        for pattern, word in _FOLDED_PHRASES:
            line = pattern.sub(word, line)
    return _CO_KG.sub(_CO_KG_WORD, line).split()


def _joined(words: list[str]) -> list[str]:
    joined: list[str] = []
    open_run = False
    for word in words:
        initial = len(word) == 1 and word.isalpha()
        if initial and open_run:
            joined[-1] += word
        else:
            joined.append(word)
        open_run = initial
    return joined


def _without_forms(words: list[str]) -> tuple[list[str], LegalForm | None]:
    stated: LegalForm | None = None
    kept: list[str] = []
    for word in words:
        plain = LegalForm.GMBH_CO_KG if word == _CO_KG_WORD else _PLAIN_FORMS.get(word)
        if plain is None:
            kept.append(word)
        else:
            stated = plain
            if word == _MBH:
                # Of a GmbH only with what was before it, and may have told more: a Baugesellschaft.
                kept.append(word)
    while len(kept) > 1 and stated is None and kept[-1] in _LAST_FORMS:
        stated = _LAST_FORMS[kept.pop()]
    return kept, stated


def _expanded(words: list[str]) -> list[str]:
    expanded = []
    for place, word in enumerate(words):
        inflected = _INFLECTED.fullmatch(word)
        if inflected:
            expanded.append(inflected.lastgroup or word)
        elif word == "fv" and any(_SUPPORTED.search(later) for later in words[place + 1 :]):
            expanded.append("foerderverein")
        elif word.endswith("str") and len(word) > 5:
            expanded.append(f"{word}asse")
        else:
            expanded.append(_ABBREVIATED.get(word, word))
    return expanded
