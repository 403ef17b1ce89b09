"""Three partners that report the same organisations in their own spellings, from a seed.

The organisations are the rows of the open register (data of OffeneRegister.de, CC BY 4.0): 12,598
associations, 9,681 removed ones, 15,714 companies of the Ruhr area. A row is an organisation, and
the truth: some rows bear equal names, and must not become one. The rules were written before the
likeness was tuned, and are no part of it.

A register entry is court, kind and number. When courts were merged their numbers stayed: so of a
row whose company number names a former court (`R1202_R1206_VR1245`), the entry is that court's.

Two names are longer than a report may say: of all the first 280 characters are taken.

1. *The agency* reports each as it stands in the register, with the municipality.
2. *The city* reports each with its entry in another spelling of court and number (all), and of its
   name: the legal form otherwise (40 %), umlauts spelled out (25 %), abbreviations (25 %), "&" or
   "und" (30 %), capitals (10 %), quotation marks (10 %); with a postcode of the municipality
   (60 %).
3. *The network* gives an entry for 40 %, in yet another spelling. To the others it does one thing
   (70 %) or two (30 %): a typing error, swapped or lost letters in a word of five or more (30 of
   100), a word left out of three or more (15), the legal form left out (15), a short form such as
   TSV (10), a district in place of the municipality, half of them without a postcode (10), another
   postcode of the municipality (15), other case (5). Where a name offers no place for it, nothing
   is done.
"""

import csv
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from impulse_contracts.partner import ActorReported

FOLDER = "IMPULSE_SHARED_DATA"
"""Names the folder of the real data; else it is looked for beside the checkout."""
SEED = 2026
FILES = (
    "ruhr_vereine_offeneregister.csv",
    "ruhr_vereine_geloescht_offeneregister.csv",
    "ruhr_unternehmen_offeneregister.csv",
)
AGENCY = "https://agentur.beispiel.example/api"
CITY = "https://stadt.beispiel.example/api"
NETWORK = "https://netzwerk.beispiel.example/api"
PARTNERS = (AGENCY, CITY, NETWORK)


class Organisation(NamedTuple):
    """A row of the register."""

    number: str
    name: str
    court: str
    kind: str
    entry: int
    city: str
    ags: str
    nonprofit: bool


@dataclass(frozen=True, slots=True)
class Variant:
    """What a partner reports of an organisation."""

    organisation: str
    """Whom it is truly about."""
    source: str
    name: str
    court: str | None
    number: str | None
    seat: dict[str, str]
    kind: str

    @property
    def external_id(self) -> str:
        """How the partner knows it."""
        return f"{PARTNERS.index(self.source) + 1}-{self.organisation}"

    def report(self, observed_at: str = "2026-11-02T09:00:00Z") -> ActorReported:
        """The report as it is sent."""
        data: dict[str, Any] = {
            "external_id": self.external_id,
            "observed_at": observed_at,
            "kind": self.kind,
            "legal_name": self.name,
            "seat": self.seat,
        }
        if self.court is not None:
            data["register"] = {"court": self.court, "number": self.number}
        return ActorReported.model_validate(data)


# --------------------------------------------------------------------------- the real rows


def folder() -> Path | None:
    """Where the real data is; None if it is not there."""
    named = os.environ.get(FOLDER)
    found = Path(named) if named else Path(__file__).parents[3] / "shared" / "data"
    return found if (found / "actors" / FILES[0]).is_file() else None


def organisations(count: int | None = None, seed: int = SEED) -> list[Organisation]:
    """All organisations, or a sample; always the same ones, in the same order."""
    where = folder()
    if where is None:
        raise FileNotFoundError(f"the real data is not here; {FOLDER} names its folder")
    rows = [
        _organisation(row)
        for name in FILES
        for row in csv.DictReader((where / "actors" / name).open(encoding="utf-8-sig"))
    ]
    if count is None or count >= len(rows):
        return rows
    return Random(seed).sample(rows, count)


def _organisation(row: dict[str, str]) -> Organisation:
    former = row["company_number"].split("_")[1:-1]
    court = row["registergericht"]
    if former:
        court = FORMER_COURTS.get(former[-1], f"{court} {former[-1]}")
    return Organisation(
        number=row["company_number"],
        name=row["name"][:280],
        court=court,
        kind=row["register_art"],
        entry=int(row["register_nr"]),
        city=row["sitz"],
        ags=row["ags"],
        nonprofit=row["register_art"] == "VR" or row.get("gemeinnuetzig_im_namen") == "1",
    )


FORMER_COURTS = {
    "R1201": "Dinslaken",
    "R1205": "Mülheim an der Ruhr",
    "R1206": "Oberhausen",
    "R1208": "Wesel",
    "R1305": "Moers",
    "R1306": "Rheinberg",
    "R2203": "Herne",
    "R2205": "Herne-Wanne",
    "R2207": "Witten",
    "R2401": "Castrop-Rauxel",
    "R2405": "Kamen",
    "R2406": "Lünen",
    "R2407": "Unna",
    "R2501": "Bottrop",
    "R2502": "Dorsten",
    "R2504": "Essen-Borbeck",
    "R2505": "Essen-Steele",
    "R2508": "Gelsenkirchen-Buer",
    "R2509": "Gladbeck",
    "R2510": "Hattingen",
    "R2511": "Marl",
    "R2608": "Schwelm",
    "R2609": "Schwerte",
    "R2610": "Wetter",
}


@cache
def _postcodes() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    where = folder()
    assert where is not None
    with (where / "geo" / "ruhr_plz.csv").open(encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines):
            found[row["ags"]].append(row["plz"])
    return found


# ------------------------------------------------------------------------------ the partners


def variants(organisation: Organisation, seed: int = SEED) -> Iterator[Variant]:
    """What the three partners report of an organisation."""
    for source, spelled in ((AGENCY, _agency), (CITY, _city), (NETWORK, _network)):
        random = Random(f"{seed} {source} {organisation.number}")
        yield spelled(organisation, source, random)


def _agency(each: Organisation, source: str, _random: Random) -> Variant:
    number = f"{each.kind} {each.entry}"
    return _variant(each, source, each.name, (each.court, number), {"city": each.city})


def _city(each: Organisation, source: str, random: Random) -> Variant:
    name = each.name
    for share, change in (
        (0.40, _other_form),
        (0.25, _umlauts_spelled),
        (0.25, _abbreviated),
        (0.30, _other_and),
        (0.10, _capitals),
        (0.10, _quoted),
    ):
        if random.random() < share:
            name = change(name, random)
    court = random.choice(("Amtsgericht {}", "AG {}", "Registergericht {}")).format(each.court)
    number = random.choice(_NUMBERS[each.kind]).format(each.entry)
    seat = {"city": each.city}
    if random.random() < 0.6:
        seat |= _postcode(each, random)
    return _variant(each, source, name, (court, number), seat)


def _network(each: Organisation, source: str, random: Random) -> Variant:
    seat = _other_postcode(each, random)
    if random.random() < 0.4:
        court = each.court.upper() if random.random() < 0.5 else f"AG {each.court}"
        return _variant(each, source, each.name, (court, f"{each.kind}{each.entry}"), seat)
    name = each.name
    for _ in range(1 if random.random() < 0.7 else 2):
        if random.random() < 0.75:
            (change,) = random.choices(list(_IN_NAME), list(_IN_NAME.values()))
            name = change(name, random)
        else:
            (move,) = random.choices(list(_IN_SEAT), list(_IN_SEAT.values()))
            seat = move(each, random) or seat
    return _variant(each, source, name, None, seat)


def _variant(
    each: Organisation,
    source: str,
    name: str,
    register: tuple[str, str] | None,
    seat: dict[str, str],
) -> Variant:
    court, number = register or (None, None)
    kind = "nonprofit" if each.nonprofit else "company"
    return Variant(each.number, source, name, court, number, seat, kind)


_NUMBERS = {
    "VR": ("VR{}", "VR 0{}", "Vereinsregister Nr. {}", "vr {}", "VR-Nr. {}"),
    "HRA": ("HRA{}", "HR A {}", "HRA 0{}", "Handelsregister A {}", "HRA Nr. {}"),
    "HRB": ("HRB{}", "HR B {}", "HRB 0{}", "Handelsregister B {}", "HRB Nr. {}"),
    "GnR": ("GnR{}", "GNR {}", "GnR 0{}", "Genossenschaftsregister {}", "GnR Nr. {}"),
}

# ------------------------------------------------------------------ other spellings of a name

_FORMS = (
    (re.compile(r"\be\. ?V\.|\beV\b"), ("e.V.", "e. V.", "eV", "eingetragener Verein")),
    (re.compile(r"\bGesellschaft mit beschränkter Haftung|\bGmbH\b"), ("GmbH", "G.m.b.H.")),
    (re.compile(r"\(haftungsbeschränkt\)"), ("(haftungsbeschränkt)", "haftungsbeschränkt")),
    (re.compile(r"& Co\. ?KG"), ("& Co. KG", "+ Co. KG", "& Co KG", "und Co. KG")),
)
_ABBREVIATIONS = (
    ("Sankt ", "St. "),
    ("Evangelische ", "Ev. "),
    ("Evangelischer ", "Ev. "),
    ("Katholische ", "Kath. "),
    ("Katholischer ", "Kath. "),
    ("Städtische ", "Städt. "),
    ("Städtischer ", "Städt. "),
    ("Deutsche ", "Dt. "),
    ("Deutscher ", "Dt. "),
    ("Deutsches ", "Dt. "),
    ("Friedrich-", "Fr.-"),
    ("straße", "str."),
    ("Gebrüder ", "Gebr. "),
)
_SHORT = (
    ("Turn- und Sportverein", "TSV"),
    ("Turnverein", "TV"),
    ("Sportverein", "SV"),
    ("Förderverein", "FV"),
    ("Kleingartenverein", "KGV"),
    ("Kleingärtnerverein", "KGV"),
    ("Tennisclub", "TC"),
    ("Bürgerverein", "BV"),
    ("Männergesangverein", "MGV"),
    ("Interessengemeinschaft", "IG"),
    ("Arbeitsgemeinschaft", "AG"),
    ("Deutsches Rotes Kreuz", "DRK"),
    ("Arbeiterwohlfahrt", "AWO"),
    ("Freiwillige Feuerwehr", "FF"),
)
_DISTRICTS = {
    "Bochum": ("Wattenscheid", "Langendreer", "Linden", "Gerthe", "Stiepel"),
    "Dortmund": ("Hörde", "Aplerbeck", "Mengede", "Hombruch", "Scharnhorst"),
    "Duisburg": ("Hamborn", "Meiderich", "Rheinhausen", "Walsum", "Homberg"),
    "Essen": ("Kray", "Steele", "Borbeck", "Kettwig", "Werden"),
    "Gelsenkirchen": ("Buer", "Horst", "Erle", "Schalke", "Rotthausen"),
    "Hagen": ("Haspe", "Hohenlimburg", "Boele", "Vorhalle", "Eilpe"),
    "Hamm": ("Heessen", "Bockum-Hövel", "Pelkum", "Uentrop", "Rhynern"),
    "Herne": ("Wanne-Eickel", "Sodingen", "Holthausen", "Börnig", "Horsthausen"),
    "Oberhausen": ("Sterkrade", "Osterfeld", "Schmachtendorf", "Holten", "Lirich"),
    "Witten": ("Annen", "Herbede", "Heven", "Bommern", "Stockum"),
}


def _other_form(name: str, random: Random) -> str:
    for pattern, spellings in _FORMS:
        name = pattern.sub(random.choice(spellings), name)
    return name


def _umlauts_spelled(name: str, _random: Random) -> str:
    for letter, spelled in zip("äöüÄÖÜß", ("ae", "oe", "ue", "Ae", "Oe", "Ue", "ss"), strict=True):
        name = name.replace(letter, spelled)
    return name


def _abbreviated(name: str, _random: Random) -> str:
    for word, short in _ABBREVIATIONS:
        name = name.replace(word, short)
    return name


def _other_and(name: str, random: Random) -> str:
    return re.sub(r" (?:&|\+|und) (?!Co)", f" {random.choice(('&', '+', 'und', 'u.'))} ", name)


def _capitals(name: str, _random: Random) -> str:
    return name.upper()


def _quoted(name: str, random: Random) -> str:
    left, right = random.choice(("„“", "»«", "“”", '""'))
    bare = re.sub('["„“”»«]', "", name)
    return f"{left}{bare}{right}"


# ------------------------------------------------------------------- what the network does


def _typing_error(name: str, random: Random) -> str:
    places = [found.span() for found in re.finditer(r"[^\W\d_]{5,}", name)]
    if not places:
        return name
    start, end = random.choice(places)
    at = random.randrange(start + 1, end - 1)
    if random.random() < 0.5:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + name[at + 1 :]


def _word_left_out(name: str, random: Random) -> str:
    words = name.split()
    if len(words) < 3:
        return name
    del words[random.randrange(1, len(words))]
    return " ".join(words)


def _form_left_out(name: str, _random: Random) -> str:
    for pattern, _ in _FORMS:
        name = pattern.sub("", name)
    return " ".join(name.split()) or name


def _short_form(name: str, _random: Random) -> str:
    for word, short in _SHORT:
        name = name.replace(word, short)
    return name


def _other_case(name: str, random: Random) -> str:
    return name.upper() if random.random() < 0.5 else name.lower()


def _postcode(each: Organisation, random: Random) -> dict[str, str]:
    known = _postcodes().get(each.ags)
    return {"postcode": random.choice(known)} if known else {}


def _other_postcode(each: Organisation, random: Random) -> dict[str, str]:
    return {"city": each.city, **_postcode(each, random)}


def _district(each: Organisation, random: Random) -> dict[str, str]:
    if each.city not in _DISTRICTS:
        return {}
    district = random.choice(_DISTRICTS[each.city])
    return {"city": district, **(_postcode(each, random) if random.random() < 0.5 else {})}


# In 100: the first come to 75, the others to 25.
_IN_NAME = {
    _typing_error: 30,
    _word_left_out: 15,
    _form_left_out: 15,
    _short_form: 10,
    _other_case: 5,
}
_IN_SEAT = {_district: 10, _other_postcode: 15}
