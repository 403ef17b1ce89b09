"""The public directory of organisations as a table: its columns, and how cells are written. Pure.

Whoever offers it (a command, a page) says the same. It holds no personal data: no contact, no
street, and no name of an organisation that is named after persons.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from impulse_contracts.codes import ActorStatus, ActorType, LegalForm
from impulse_contracts.registry.actors import ActorState

LISTED = frozenset((ActorStatus.REGISTERED, ActorStatus.VERIFIED))
"""Who is in the directory, as on the pages: nobody who left, is suspended, stale or merged."""

PERSONAL_FORMS = frozenset(
    (LegalForm.EK, LegalForm.SELF_EMPLOYED, LegalForm.GBR, LegalForm.E_GBR, LegalForm.PARTG)
)
"""Legal forms whose firms bear the names of persons, who often live where they work."""

COLUMNS = {
    "actor_id": ("Kennung bei Impulse", "id at Impulse"),
    "status": ("Zustand", "state"),
    "kind": ("Art", "kind"),
    "actor_type": ("Typ", "type"),
    "carrier": ("Träger", "who bears it"),
    "unit": ("Teil der Organisation", "part of the organisation"),
    "legal_name": ("Name nach Register oder Satzung", "name in register or statutes"),
    "display_name": ("üblicher Name", "name it goes by"),
    "legal_form": ("Rechtsform", "legal form"),
    "register_court": ("Registergericht", "court of the register"),
    "register_number": ("Registernummer", "number in the register"),
    "w_idnr": ("Wirtschafts-Identifikationsnummer", "business identification number"),
    "postcode": ("Postleitzahl", "postcode"),
    "city": ("Ort", "city"),
    "ags": ("Amtlicher Gemeindeschlüssel", "official municipality key"),
    "latitude": ("geografische Breite (WGS 84)", "latitude (WGS 84)"),
    "longitude": ("geografische Länge (WGS 84)", "longitude (WGS 84)"),
    "topics": ("gesellschaftliche Aufgaben, mit | getrennt", "societal tasks, separated by |"),
    "icnpo_group": ("ICNPO-Gruppe", "ICNPO group"),
    "size_class": ("Größe", "size"),
    "languages": ("Sprachen, mit | getrennt", "languages, separated by |"),
    "website": ("Website", "website"),
    "confirmed_at": ("zuletzt bestätigt", "last confirmed"),
}
"""The columns in their order, with what they hold in German and English."""

LISTS = frozenset(("topics", "languages"))
"""The columns that hold several values."""

ATTRIBUTION = (
    "Organisationen, soweit aus öffentlichen Quellen: OffeneRegister.de und GeoNames (CC BY 4.0). "
    "Koordinaten: © Mitwirkende von OpenStreetMap (ODbL 1.0). Gemeindeschlüssel: © Statistisches "
    "Bundesamt (Destatis), 2025.",
    "Organisations, as far as they come from public sources: OffeneRegister.de and GeoNames "
    "(CC BY 4.0). Coordinates: © OpenStreetMap contributors (ODbL 1.0). Municipality keys: "
    "© Federal Statistical Office (Destatis), 2025.",
)
"""Whom whoever passes the directory on has to name, in German and English."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def listed(actor: ActorState) -> bool:
    """Whether an organisation is in the directory; what is made up never is."""
    return actor.status in LISTED and not actor.example


def named_after_persons(actor: ActorState) -> bool:
    """Whether its names may be those of persons, and so are left out."""
    return actor.legal_form in PERSONAL_FORMS or actor.actor_type == ActorType.SELF_EMPLOYED


def entry(actor: ActorState) -> dict[str, Any]:
    """What the directory says of an organisation, by column."""
    seat, register = actor.seat, actor.register_entry
    hidden = named_after_persons(actor)
    return {
        "actor_id": str(actor.actor_id),
        "status": actor.status,
        "kind": actor.kind,
        "actor_type": actor.actor_type,
        "carrier": actor.carrier,
        "unit": actor.unit,
        "legal_name": None if hidden else actor.legal_name,
        "display_name": None if hidden else actor.display_name,
        "legal_form": actor.legal_form,
        "register_court": None if hidden or not register else register.court,
        "register_number": None if hidden or not register else register.number,
        "w_idnr": None if hidden else actor.w_idnr,
        "postcode": seat.postcode,
        "city": seat.city,
        "ags": seat.ags,
        "latitude": None if hidden else seat.latitude,
        "longitude": None if hidden else seat.longitude,
        "topics": list(actor.topics),
        "icnpo_group": actor.icnpo_group,
        "size_class": actor.size_class,
        "languages": list(actor.languages),
        "website": None if hidden else actor.website,
        "confirmed_at": actor.confirmed_at.isoformat(),
    }


def in_order(actors: Iterable[ActorState]) -> list[ActorState]:
    """Those that are listed, always in the same order: as their ids."""
    return sorted(filter(listed, actors), key=lambda actor: actor.actor_id)


def csv_lines(actors: Iterable[ActorState]) -> Iterator[str]:
    """The directory as CSV (RFC 4180), header first, a line for each organisation given."""
    yield csv_header()
    yield from map(csv_line, actors)


def csv_header() -> str:
    """The first line of the CSV: the names of the columns."""
    return line(COLUMNS)


def csv_line(actor: ActorState) -> str:
    """An organisation as a line of the CSV."""
    return line(entry(actor).values())


def jsonl_line(actor: ActorState) -> str:
    """An organisation as a line of JSON: an object with the columns."""
    return json.dumps(entry(actor), ensure_ascii=False, separators=(",", ":")) + "\n"


def metadata(url: str) -> dict[str, Any]:
    """What the CSV at `url` holds, as the W3C's Metadata Vocabulary for Tabular Data says it."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "de"}],
        "url": url,
        "dc:title": _both("Organisationen bei Impulse", "Organisations at Impulse"),
        "dc:rights": _both(*ATTRIBUTION),
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True},
        "tableSchema": {
            "primaryKey": "actor_id",
            "columns": [
                {
                    "name": name,
                    "titles": name,
                    "dc:description": _both(*described),
                    **({"separator": "|"} if name in LISTS else {}),
                }
                for name, described in COLUMNS.items()
            ],
        },
    }


def _both(de: str, en: str) -> list[dict[str, str]]:
    return [{"@value": de, "@language": "de"}, {"@value": en, "@language": "en"}]


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: it gets an apostrophe in front.

    `plain` takes it off again, so that nothing is lost on the way.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def plain(text: str) -> str:
    """What a guarded cell said."""
    return text[1:] if _GUARDED.match(text) else text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return guarded("|".join(value) if isinstance(value, list) else str(value))


def line(values: Iterable[object]) -> str:
    """Some values as a line of CSV (RFC 4180), none of which a spreadsheet takes for a formula."""
    written = io.StringIO()
    csv.writer(written).writerow(map(_cell, values))
    return written.getvalue()
