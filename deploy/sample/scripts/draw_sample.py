"""Draws the sample of real organisations from its published originals.

    python deploy/sample/scripts/draw_sample.py FOLDER

FOLDER holds actors/ruhr_vereine_offeneregister.csv, actors/ruhr_unternehmen_offeneregister.csv,
actors/ruhr_grossempfaenger_geonames.csv and geo/ruhr_plz.csv (sources and licences:
impulse_sample/data/ATTRIBUTION.md). The draw is by the hash of the register's own number, so the
same originals give the same files, byte for byte: every municipality gets its share of the
sample, and at least a few. Left out: sole traders (and what may be one, by its name),
liquidations, names of more than 200 characters, and companies whose postcode lies in another
municipality than their seat.
"""

import csv
import hashlib
import re
import sys
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).parents[1] / "impulse_sample" / "data"
ASSOCIATIONS, COMPANIES = 1600, 900
AT_LEAST = 6
LEFT_OUT = re.compile(r"\be\. ?K|\be\. ?Kf|\bInh(\.|aber)|\bi\. ?L\.|Liquidation")
PARTNERSHIP = re.compile(r"KG|OHG|Kommandit|offene Handels|Limited|Ltd", re.IGNORECASE)
CITY_HALL = re.compile(r"^Stadt(verwaltung)?( |$)")
CHAMBER = re.compile(r"Industrie[- ]*und Handelskammer|^IHK|Handwerkskammer")

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    """Rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, columns: tuple[str, ...], rows: list[Row]) -> None:
    """Writes the columns of the rows under a header, with one line feed a row."""
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def order(row: Row) -> str:
    """The place of an organisation in the draw: a hash of its number in the register."""
    return hashlib.sha256(row["company_number"].encode()).hexdigest()


def draw(rows: list[Row], size: int) -> list[Row]:
    """About `size` rows: of each municipality its share, and at least a few of each."""
    by_municipality: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_municipality[row["ags"]].append(row)
    drawn: list[Row] = []
    for ags in sorted(by_municipality):
        candidates = sorted(by_municipality[ags], key=order)
        drawn += candidates[: max(AT_LEAST, round(size * len(candidates) / len(rows)))]
    return sorted(drawn, key=lambda row: row["company_number"])


def usable(rows: list[Row]) -> list[Row]:
    """Rows that may be shown: whole, not too long, no sole trader, not wound up."""
    return [
        row
        for row in rows
        if 3 <= len(row["name"].strip()) <= 200
        and not LEFT_OUT.search(row["name"])
        and (row["register_art"] != "HRA" or PARTNERSHIP.search(row["name"]))
    ]


def public_bodies(rows: list[Row]) -> list[Row]:
    """City administrations and chambers, each once, where the name or the district says which."""
    found: dict[str, Row] = {}
    for row in rows:
        name = re.sub(r"^Stadt(verwaltung)?\b ?", "Stadt ", row["name"]).strip()
        if row["name"].startswith("Stadt Hamm Bürgeramt"):
            name = "Stadt Hamm"
        if CITY_HALL.match(row["name"]):
            city = name.removeprefix("Stadt").strip() or row["kreis"]
            if "kreis" in city.lower():
                continue
            body = {"name": f"Stadt {city}", "kind": "municipal", "city": city}
        elif CHAMBER.search(row["name"]):
            body = {"name": row["name"], "kind": "chamber", "city": row["kreis"]}
        else:
            continue
        found.setdefault(body["name"], body | {"postcode": row["plz"]})
    return [found[name] for name in sorted(found)]


def main(folder: Path) -> None:
    """Reads the originals in a folder and writes the sample's four files."""
    postcodes = read(folder / "geo" / "ruhr_plz.csv")
    municipality_of = {row["plz"]: row["ags"] for row in postcodes}
    associations = usable(read(folder / "actors" / "ruhr_vereine_offeneregister.csv"))
    companies = [
        row
        for row in usable(read(folder / "actors" / "ruhr_unternehmen_offeneregister.csv"))
        if not row["plz"] or municipality_of.get(row["plz"]) == row["ags"]
    ]
    columns = (
        "company_number",
        "name",
        "register_art",
        "register_nr",
        "registergericht",
        "sitz",
        "ags",
        "abgerufen",
    )
    write("offeneregister_associations.csv", columns, draw(associations, ASSOCIATIONS))
    write("offeneregister_companies.csv", (*columns, "plz"), draw(companies, COMPANIES))
    write(
        "geonames_public_bodies.csv",
        ("name", "kind", "city", "postcode"),
        public_bodies(read(folder / "actors" / "ruhr_grossempfaenger_geonames.csv")),
    )
    write("ruhr_postcodes.csv", ("plz", "ort", "ags"), sorted(postcodes, key=lambda r: r["plz"]))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
