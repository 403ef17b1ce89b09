"""Real organisations as the public register and GeoNames name them.

Only what they say is reported: no topic, contact, offer or need of a real organisation.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from impulse_sample.tables import Row, rows

REGISTER = "https://offeneregister.de"
GEONAMES = "https://www.geonames.org"

BERLIN = ZoneInfo("Europe/Berlin")
GEONAMES_AS_OF = datetime(2026, 1, 1, tzinfo=BERLIN)
"""GeoNames does not say when an entry was seen: the year in which the sample was drawn."""

LONGEST_NAME = 300

_NONPROFIT = re.compile(r"\bg\s?GmbH|\bgUG\b|gemeinn", re.IGNORECASE)
_FORMS = tuple(
    (re.compile(pattern, re.IGNORECASE), form)
    for pattern, form in (
        (
            r"(GmbH|mbH|Haftung|UG|AG|SE)\W*(\(haftungsbeschränkt\))?\W*(&|und|u\.)\s*Co",
            "gmbh_co_kg",
        ),
        (r"\bKGaA\b|Kommanditgesellschaft auf Aktien", "kgaa"),
        (r"\be\.?\s?G\b|Genossenschaft", "cooperative"),
        (r"\bUG\b|Unternehmergesellschaft", "ug"),
        (r"GmbH\b|mbH\b|m\.\s?b\.\s?H|beschränkter Haftung", "gmbh"),
        (r"\bSE\b", "se"),
        (r"\bAG\b|Aktiengesellschaft", "ag"),
        (r"\bOHG\b|offene Handelsgesellschaft", "ohg"),
        (r"\bKG\b|Kommanditgesellschaft", "kg"),
    )
)


def legal_form(name: str, register: str) -> str | None:
    """The legal form that a register (VR, HRA, HRB, GnR) and a name tell; None when they don't."""
    if register == "VR":
        return "e_v"
    if register == "GnR":
        return "cooperative"
    if register == "HRB" and _NONPROFIT.search(name):
        return "gug" if re.search(r"\bg?UG\b|Unternehmergesellschaft", name) else "ggmbh"
    return next((form for pattern, form in _FORMS if pattern.search(name)), None)


def registered_organisation(row: Row) -> dict[str, Any]:
    """The report's data on an organisation of the register, columns as in the original."""
    name, register = row["name"].strip(), row["register_art"]
    form = legal_form(name, register)
    return {
        "external_id": row["company_number"],
        "kind": "nonprofit" if form in ("e_v", "ggmbh", "gug") else "company",
        "legal_name": name,
        "legal_form": form,
        "register": {
            "court": row["registergericht"],
            "number": f"{register} {row['register_nr']}",
        },
        "seat": {"city": row["sitz"], "ags": row["ags"]}
        | ({"postcode": row["plz"]} if row.get("plz") else {}),
        "observed_at": datetime.fromisoformat(row["abgerufen"]).replace(tzinfo=BERLIN),
    }


def public_body(row: Row) -> dict[str, Any]:
    """The report's data on a city administration or a chamber. Its postcode is one for its post
    only and has no area; so the seat is the city."""
    is_city = row["kind"] == "municipal"
    return {
        "external_id": f"{row['postcode']}-{row['name']}",
        "kind": "municipal" if is_city else "intermediary",
        "actor_type": "municipality" if is_city else "chamber_association",
        "carrier": "municipal" if is_city else "public_other",
        "legal_name": row["name"],
        "legal_form": "municipality_body" if is_city else "public_body",
        "seat": {"city": row["city"]},
        "observed_at": GEONAMES_AS_OF,
    }


def organisations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Source and report data of every real organisation of the sample."""
    for row in rows("geonames_public_bodies.csv"):
        yield GEONAMES, public_body(row)
    yield from from_register(
        rows("offeneregister_associations.csv") + rows("offeneregister_companies.csv")
    )


def from_register(register_rows: Sequence[Row]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Source and report data of rows of the register; names that are too long are left out."""
    for row in register_rows:
        if len(row["name"].strip()) <= LONGEST_NAME:
            yield REGISTER, registered_organisation(row)
