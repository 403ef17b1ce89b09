"""Builds the shipped geographic reference from its published originals.

    python services/registry/scripts/build_geo.py FOLDER

FOLDER holds plz_zentren_deutschland.csv, plz_ags_deutschland.csv, nrw_gemeinden.csv and
ruhr_gemeinden.csv (sources and licences: impulse_registry/geo/ATTRIBUTION.md). The same
originals give the same two files, byte for byte.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean

TARGET = Path(__file__).parents[1] / "impulse_registry" / "geo"

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    """Rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, header: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Writes rows under a comma-separated header, with one line feed a row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def district_name(ags: str, name: str) -> str:
    """ "Kreis Wesel" for the Wesel that a municipality belongs to; a city that belongs to no
    Kreis (AGS ending in 000) is its own district."""
    is_named = ags.endswith("000") or "kreis" in name.lower() or "region" in name.lower()
    return name if is_named else f"Kreis {name}"


def municipalities(folder: Path, centroids: dict[str, tuple[float, float]]) -> dict[str, Row]:
    """Every municipality by its AGS: official figures in North Rhine-Westphalia; elsewhere
    the centre is the mean of the centroids of its postcodes; district and population are
    left out."""
    nrw = {row["ags"]: row for row in read(folder / "nrw_gemeinden.csv")}
    ruhr = {row["ags"]: row for row in read(folder / "ruhr_gemeinden.csv")}
    by_ags: dict[str, list[Row]] = defaultdict(list)
    for row in read(folder / "plz_ags_deutschland.csv"):
        by_ags[row["ags"]].append(row)

    found: dict[str, Row] = {}
    for ags in sorted(by_ags.keys() | nrw.keys()):
        official = nrw.get(ags)
        points = [centroids[row["plz"]] for row in by_ags[ags] if row["plz"] in centroids]
        if official:
            name = official["name_amtlich"].partition(",")[0]
            district = district_name(ags, official["kreis"].partition(",")[0])
            latitude, longitude = float(official["lat"]), float(official["lon"])
        elif points:
            name, district = by_ags[ags][0]["ort"], ""
            latitude, longitude = (fmean(axis) for axis in zip(*points, strict=True))
        else:
            continue
        found[ags] = {
            "name": name,
            "district": district,
            "population": official["einwohner_2024_12_31"] if official else "",
            "latitude": f"{latitude:.4f}",
            "longitude": f"{longitude:.4f}",
            "ruhr": "1" if ags in ruhr else "0",
        }
    return found


def nearest_first(
    candidates: Iterable[str], point: tuple[float, float], known: dict[str, Row]
) -> list[str]:
    """Candidates ordered by how near their centre is to a point (longitude counts 0.63 of
    latitude at 51 degrees north)."""

    def squared(ags: str) -> tuple[float, str]:
        north = float(known[ags]["latitude"]) - point[0]
        east = (float(known[ags]["longitude"]) - point[1]) * 0.63
        return north * north + east * east, ags

    return sorted(set(candidates) & known.keys(), key=squared)


def main(folder: Path) -> None:
    """Reads the originals in a folder and writes postcodes.csv and municipalities.csv."""
    centres = read(folder / "plz_zentren_deutschland.csv")
    centroids = {row["plz"]: (float(row["lat"]), float(row["lon"])) for row in centres}
    known = municipalities(folder, centroids)
    of_postcode: dict[str, list[str]] = defaultdict(list)
    for row in read(folder / "plz_ags_deutschland.csv"):
        of_postcode[row["plz"]].append(row["ags"])

    write(
        TARGET / "postcodes.csv",
        "postcode,latitude,longitude,ags",
        (
            (
                postcode,
                f"{point[0]:.4f}",
                f"{point[1]:.4f}",
                " ".join(nearest_first(of_postcode[postcode], point, known)),
            )
            for postcode, point in sorted(centroids.items())
        ),
    )
    write(
        TARGET / "municipalities.csv",
        "ags,name,district,population,latitude,longitude,ruhr",
        ((ags, *row.values()) for ags, row in sorted(known.items())),
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
