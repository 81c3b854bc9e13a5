"""Makes the package's tables of Viet Nam from a folder of raw data.

    python experiments/make_country_tables.py RAW_FOLDER [OUT_FOLDER]

The raw folder holds provinces.csv, adjacency.csv, observed.csv, merger_2025.csv, national.csv and
provinces.geojson. What a table could only repeat is left out after it was found to agree: names of
provinces beside their codes, and how many old provinces a new one is made of. No figure is changed, and none that
the package has is lost: raw data that lack a row of its tables are refused before anything is written.
``country.toml``, ``columns.csv`` and ``insets.csv`` are written by hand; they are copied when OUT_FOLDER is not
the package's own. The result is loaded, which checks it, and the reference page's table of columns made anew.
"""

from __future__ import annotations

import csv
import shutil
import sys
from collections import Counter
from pathlib import Path

from dgsim.country import load_country
from dgsim.country.schema import DATA, FORM, columns_of

RAW_NAMES = {
    "provinces": "provinces.csv",
    "borders": "adjacency.csv",
    "observed": "observed.csv",
    "merger": "merger_2025.csv",
    "national": "national.csv",
}
KEYS = {  # what tells one row of a table from another
    "provinces": ("province_code",),
    "borders": ("code_a", "code_b"),
    "observed": ("province_code", "indicator", "year"),
    "merger": ("old_code",),
    "national": ("indicator", "when"),
}
REFERENCE = Path(__file__).parents[1] / "docs" / "reference" / "country.md"
BEGIN, END = "<!-- columns -->\n", "<!-- end of columns -->\n"


def main(raw: Path, out: Path) -> None:
    """Write every table into ``out`` and load it; the package's own tables refresh the reference page too."""
    rows = {table: read(raw / name) for table, name in RAW_NAMES.items()}
    check_nothing_lost(rows, raw)
    check_repeated(rows)
    out.mkdir(parents=True, exist_ok=True)
    for table in RAW_NAMES:
        write(out / f"{table}.csv", [column.column for column in columns_of(table)], rows[table])
    shutil.copyfile(raw / "provinces.geojson", out / "provinces.geojson")
    for name in ("country.toml", "columns.csv", "insets.csv"):
        if out.resolve() != DATA.resolve():
            shutil.copyfile(DATA / name, out / name)
    print(f"{out}: {load_country(out)!r}")
    if out.resolve() == DATA.resolve():
        REFERENCE.write_text(with_columns(REFERENCE.read_text(encoding="utf-8")), encoding="utf-8")


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, every cell as text."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    """The named columns of ``rows``."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def check_repeated(rows: dict[str, list[dict[str, str]]]) -> None:
    """What is left out says nothing that is not said elsewhere."""
    names = {row["province_code"]: (row["name_en"], row["name_vi"]) for row in rows["provinces"]}
    parts = Counter(row["new_code"] for row in rows["merger"])
    for row in rows["borders"]:
        agree(row, (row["name_a"], row["name_b"]), (names[row["code_a"]][0], names[row["code_b"]][0]))
    for row in rows["merger"]:
        agree(row, (row["old_name_en"], row["old_name_vi"]), names[row["old_code"]])
        agree(row, row["n_old_in_new"], str(parts[row["new_code"]]))
        agree(row, row["unchanged"], str(parts[row["new_code"]] == 1))


def check_nothing_lost(rows: dict[str, list[dict[str, str]]], raw: Path) -> None:
    """Stop where a row of the package's tables is not among the raw ones."""
    for table, key in KEYS.items():
        there = {tuple(row[name] for name in key) for row in rows[table]}
        packaged = [tuple(row[name] for name in key) for row in read(DATA / f"{table}.csv")]
        lost = [row for row in packaged if row not in there]
        if lost:
            raise SystemExit(
                f"{raw / RAW_NAMES[table]}: {len(lost)} of {len(packaged)} rows of the package are not there, the "
                f"first {', '.join(lost[0])}: add them, or take them from {DATA / table}.csv first"
            )


def agree(row: dict[str, str], said: object, known: object) -> None:
    """Stop where a repeated cell differs from its home."""
    if said != known:
        raise SystemExit(f"{row}: {said} should repeat {known}")


def with_columns(page: str) -> str:
    """The reference page with its table of columns made anew from ``columns.csv``."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    rows = ["table", "column", "unit", "allowed", "blank", "year", "publisher", "note"]
    lines = [f"| {' | '.join(rows)} |", "|" + "---|" * len(rows)]
    for column in FORM:
        allowed = "text" if column.kind == "text" else column.allowed
        blank = "allowed" if column.blank else "refused"
        meaning = [f"`{column.table}`", f"`{column.column}`", column.unit, allowed, blank]
        cells = [cell.replace("|", "/") for cell in (*meaning, column.year, column.publisher, column.note)]
        lines.append(f"| {' | '.join(cells)} |")
    return before + BEGIN + "\n".join(lines) + "\n" + END + after


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else DATA)
