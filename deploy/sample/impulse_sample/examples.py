"""Example organisations: made up, marked as such, at real postcodes of the Ruhr area."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random
from typing import Any

from impulse_sample.register import BERLIN
from impulse_sample.tables import Row, rows, table

EXAMPLES = "urn:impulse:sample:examples"
"""The `ce_source` of everything that is made up."""

AGENCY = "org-001"
"""External id of the volunteer agency whose broker and operator are added."""

AGENCY_DOMAIN = "beispiel-agentur.example"

_LATIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e"})


@dataclass(frozen=True)
class Example:
    """An example organisation: what is reported of it, the words for texts about it, for whom
    it works, and (of a company) the skills that it offers."""

    report: dict[str, Any]
    words: dict[str, str]
    target_groups: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    @property
    def external_id(self) -> str:
        """Its id in the sample."""
        return str(self.report["external_id"])

    @property
    def city(self) -> str:
        """Where it sits."""
        return str(self.report["seat"]["city"])


def midnight(today: date) -> datetime:
    """When the sample is observed: the beginning of a day in Berlin."""
    return datetime.combine(today, time(), BERLIN)


def organisations(random: Random, today: date) -> list[Example]:
    """The organisations that need something (51, all kinds of intermediaries among them), then
    the companies that offer something (32). Every municipality is as likely as it has postcodes,
    and no two are of one kind in one city."""
    seats = list(rows("ruhr_postcodes.csv"))
    random.shuffle(seats)
    kinds = [
        kind for kind in table("organisations.toml", "organisation") for _ in range(kind["count"])
    ]
    found = [
        _needing(f"org-{number:03d}", kind, seat, random, today)
        for number, (kind, seat) in enumerate(zip(kinds, _spread(kinds, seats), strict=True), 1)
    ]
    trades = list(table("organisations.toml", "company"))
    return found + [
        _company(f"firma-{number:03d}", trade, seat, random, today)
        for number, (trade, seat) in enumerate(zip(trades, _spread(trades, seats), strict=True), 1)
    ]


def _spread(kinds: list[dict[str, Any]], seats: list[Row]) -> Iterator[Row]:
    """A seat for each kind, taken off `seats`: never one city twice for one noun."""
    taken: set[tuple[str, str]] = set()
    for kind in kinds:
        seat = next(seat for seat in seats if (kind["noun"], seat["ort"]) not in taken)
        taken.add((kind["noun"], seat["ort"]))
        seats.remove(seat)
        yield seat


def _needing(
    external_id: str, kind: dict[str, Any], seat: Row, random: Random, today: date
) -> Example:
    base = _base(external_id, kind, seat, today)
    report = base | {
        "kind": kind["kind"],
        "actor_type": kind["actor_type"],
        "carrier": kind["carrier"],
        "legal_form": kind["legal_form"],
        "topics": kind["topics"],
        "icnpo_group": kind["icnpo_group"],
        "languages": ["de", *random.sample(("ar", "en", "tr", "uk"), random.randint(0, 2))],
    }
    if random.random() < 0.1:
        report["contact"] = base["contact"] | {"language": "en"}
    words = {name: kind[name] for name in ("where", "whose", "group", "whom")}
    return Example(report, words | {"city": seat["ort"]}, tuple(kind["target_groups"]))


def _company(
    external_id: str, trade: dict[str, Any], seat: Row, random: Random, today: date
) -> Example:
    report = _base(external_id, trade, seat, today) | {
        "kind": "company",
        "actor_type": trade["size"],
        "carrier": "private",
        "legal_form": {
            "GmbH": "gmbh",
            "mbH": "gmbh",
            "AG": "ag",
            "eG": "cooperative",
            "GmbH & Co. KG": "gmbh_co_kg",
        }[trade["suffix"]],
        "size_class": trade["size"].removeprefix("company_"),
        "languages": ["de", *random.sample(("en", "tr", "pl"), random.randint(0, 1))],
    }
    return Example(report, {"city": seat["ort"]}, themes=tuple(trade["themes"]))


def _base(external_id: str, kind: dict[str, Any], seat: Row, today: date) -> dict[str, Any]:
    name = f"Beispiel {kind['noun']} {seat['ort']} {kind['suffix']}".strip()
    domain = AGENCY_DOMAIN if external_id == AGENCY else f"{_slug(name, kind['suffix'])}.example"
    return {
        "external_id": external_id,
        "legal_name": name,
        "example": True,
        "seat": {"postcode": seat["plz"], "city": seat["ort"], "ags": seat["ags"]},
        "website": f"https://{domain}",
        "contact": {
            "name": f"Kontaktstelle Beispiel-{kind['noun']}",
            "email": f"kontakt@{domain}",
            "language": "de",
        },
        "observed_at": midnight(today),
    }


def _slug(name: str, suffix: str) -> str:
    plain = name.removesuffix(suffix).lower().translate(_LATIN)
    return "-".join(re.findall(r"[a-z0-9]+", plain))
