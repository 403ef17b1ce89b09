"""How much the words of a name say: next to nothing, little, or what it is about.

Folded as `names.core` folds them. The common ones stand in more than one of a thousand names of
the associations and companies of the Ruhr area.
"""

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

_FILLERS = """
a ab als am an auf aus bei beim beschraenkter das dem den der des die e eine einer eingetragener
er es et fuer haftung im in mbh mit of ohne the und vom von vor zu zum zur
"""
FILLERS = frozenset(_FILLERS.split())
_COMMON = """
abteilung allgemeiner arbeitsgemeinschaft arbeitskreis auto autohaus bau beteiligungs bezirk
bildung billard blau buerger bund bundesverband club co consulting deutschland djk dr dt elektro
ev fc firma foerderer foerderkreis foerderung foerderverein frauen freie freunde freundeskreis
gartenverein gebrueder gemeinde gemeinnuetzige gemeinschaft gesellschaft grundbesitz grundstuecks
handels hans haus heinrich hilfe holding immobilien initiative institut interessengemeinschaft
international islamische jehovas josef jugend kath kg kinder kleingaertnerverein kleingartenverein
kreis kreisverband kultur kulturverein landesverband loeschgruppe loeschzug lohnsteuerhilfeverein
management menschen mitte nord ortsgruppe ortsverein ost partner pflege pro rot sanitaer sankt
schuetzenverein schule service siedlergemeinschaft sport sportgemeinschaft sportverein stadt
staedt stiftung strasse sued sv team technik tennis tennisclub tuerkisch tuerkischer turn
turnverein tv umgebung union unterstuetzungseinrichtung unterstuetzungskasse unterstuetzungsverein
verband verein vereinigung vermoegensverwaltungs versammlung vertriebs verwaltung verwaltungs
weiss west wilhelm zentrum zeugen
"""
COMMON = frozenset(_COMMON.split())
_PLACES = """
bochum bochumer bottrop castrop datteln dinslaken dorsten dortmund dortmunder duisburg duisburger
erkenschwick essen essener gelsenkirchen gelsenkirchener gladbeck hagen hagener haltern hamm
hammer hattingen herne herner herten lippe luenen marl moers muelheim niederrhein nrw oberhausen
oer rauxel recklinghausen rhein ruhr ruhrgebiet unna waltrop wesel westfalen witten wittener
"""
PLACES = frozenset(_PLACES.split())
"""Names of whole municipalities and regions. Districts are not here: they tell apart."""

ROLES = {
    **dict.fromkeys(
        ("foerderverein", "foerderkreis", "foerderer", "foerderung", "freunde", "freundeskreis"),
        "supports",
    ),
    **dict.fromkeys(
        ("verwaltungs", "beteiligungs", "holding", "grundbesitz", "vermoegensverwaltungs"), "holds"
    ),
    **dict.fromkeys(
        ("unterstuetzungskasse", "unterstuetzungseinrichtung", "unterstuetzungsverein"), "relieves"
    ),
}
"""What one organisation is to another of the same name: the Förderverein of a school is not the
school, and the Verwaltungs-GmbH not the company that it leads."""

USUAL = {
    "ag": ("arbeitsgemeinschaft",),
    "asb": ("arbeiter", "samariter", "bund"),
    "awo": ("arbeiterwohlfahrt",),
    "bv": ("buergerverein",),
    "dlrg": ("dt", "lebens", "rettungs", "gesellschaft"),
    "drk": ("dt", "rotes", "kreuz"),
    "ff": ("freiwillige", "feuerwehr"),
    "ig": ("interessengemeinschaft",),
    "kgv": ("kleingartenverein",),
    "kleingaertnerverein": ("kleingartenverein",),
    "mgv": ("maennergesangverein",),
    "tc": ("tennisclub",),
}
"""What usual short forms stand for. Others are read from initials."""

_WEIGHTS = dict.fromkeys(FILLERS, 0.0) | dict.fromkeys(COMMON | PLACES, 0.35)


_OF_FORMS = (
    "beschraenkter",
    "eingetragener",
    "gesellschaft",
    "haftungsbeschraenkt",
    "kommanditgesellschaft",
    "unternehmergesellschaft",
)


@lru_cache(maxsize=100_000)
def weight(word: str) -> float:
    """How much it says that two names share a word: 0 to 1. A misspelled word of a legal form,
    which `names` does not know for one, says next to nothing either."""
    known = _WEIGHTS.get(word)
    if known is not None:
        return known
    misspelled = len(word) > 8 and any(
        OSA.distance(word, form, score_cutoff=2) <= 2 for form in _OF_FORMS
    )
    return 0.1 if misspelled else 1.0


def roles(words: Iterable[str]) -> frozenset[str]:
    """What an organisation with these words in its name is to another."""
    return frozenset(ROLES[word] for word in words if word in ROLES)
