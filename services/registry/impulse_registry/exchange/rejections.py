"""The file of rejected rows: which, why, and what stood there, to be mended and given again."""

import csv
from collections.abc import Iterable
from pathlib import Path

from impulse_contracts.directory import guarded
from impulse_registry.exchange.checking import Rejected
from impulse_registry.exchange.table import Table

ROW, GERMAN, ENGLISH = "Zeile / row", "Grund", "reason"


def path_beside(file: Path) -> Path:
    """Where the rejected rows of a file go: `orte.rejected.csv` beside `orte.csv`."""
    return file.with_name(f"{file.name.removesuffix('.csv')}.rejected.csv")


def write(path: Path, table: Table, rejected: Iterable[Rejected]) -> None:
    """Writes the rows in their order; without any, removes what an earlier run left there.

    Only its owner may read the file: it says what the original says, contacts included.
    """
    rows = sorted(rejected, key=lambda each: each.row.number)
    path.unlink(missing_ok=True)
    if not rows:
        return
    path.touch(mode=0o600)
    # What was rejected before and is given again has these columns already.
    columns = [name for name in table.columns if name not in (ROW, GERMAN, ENGLISH)]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=table.separator)
        writer.writerow([ROW, GERMAN, ENGLISH, *columns])
        for each in rows:
            cells = (guarded(each.row.cells.get(name, "")) for name in columns)
            writer.writerow([each.row.number, each.why.de, each.why.en, *cells])
