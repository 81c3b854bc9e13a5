"""Every number of the model: unit, range, role, source, and whether the data say anything about it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from dgsim.country.structure import STRUCTURE
from dgsim.evidence.targets import TABLE as TARGETS
from dgsim.numbers import digits_text
from dgsim.texts import ENGLISH, Words, words
from dgsim.world.tables import ASSUMED, COLUMNS, FOUNDATIONS, ITEMS, PARAMETERS, SERVICES, Item, Service

TABLES = Path(__file__).parent / "tables"
INFORMED = TABLES / "informed.csv"
PUBLISHED = TABLES / "published.csv"
CATALOGUE = TABLES / "catalogue_sources.csv"  # number, source, basis of services and items; the others are assumed
FIELDS = ("number", "kind", "role", "value", "unit", "low", "high", "source", "basis", "informed", "label")


def sources(language: str = ENGLISH) -> pd.DataFrame:
    """A row a number: `number, kind, role, value, unit, low, high, source, basis, informed, label`.

    kind is parameter, structure, service, item or target; role as in the table of parameters, else constant; basis
    is assumed, published or definition (a lever that is off, the unit of a scale), and of an assumed number the source
    may say what speaks for its size or its direction; informed says of an uncertain parameter whether the fit moved or
    narrowed it, with prior and posterior in words. Units, sources and informed are in the language that is asked for.

    >>> table = sources()
    >>> set(table["kind"]) == {"parameter", "structure", "service", "item", "target"}
    True
    """
    w = words(language)
    catalogues = (*_catalogue("service", SERVICES, w), *_catalogue("item", ITEMS, w))
    rows = [*_parameters(w), *_structure(w), *catalogues, *_targets(w)]
    return pd.DataFrame(rows, columns=list(FIELDS))


def assumed(known: pd.DataFrame) -> pd.Series:
    """Which numbers of `sources()`, in any language, are assumed [number].

    >>> table = sources("vi")
    >>> bool(assumed(table)[table["number"] == "money.planning_margin"].item())
    True
    """
    return known["basis"] == ASSUMED


def published() -> pd.DataFrame:
    """Every published figure that was read for the model, and how it is used; all columns are text, in English.

    Columns: `kind, figure, value, low, high, unit, measured, where_and_when, source, quality, used`. kind is number (of
    a parameter or a catalogue), anchor (what a system, programme or task took), budget or series; quality is A of
    official statistics and reviewed papers, B of grey literature, C of the press, with M what is remembered and was
    not read again; used names what rests on the figure, or says why nothing does.

    >>> table = published()
    >>> table.loc[table["figure"] == "leaving_rate", "used"].iloc[0]
    '`leaving_rate`'
    """
    return pd.read_csv(PUBLISHED, dtype=str, keep_default_na=False)


def informed_table() -> pd.DataFrame:
    """Prior and posterior of every uncertain parameter, the best informed first.

    Columns: `parameter, prior_mean, prior_sd, posterior_mean, posterior_sd, informed`.
    """
    return pd.read_csv(INFORMED)


def _parameters(w: Words) -> list[tuple[object, ...]]:
    known = {str(row["parameter"]): row for row in informed_table().to_dict("records")}
    rows: list[tuple[object, ...]] = []
    for p in PARAMETERS:
        said = ""
        if p.name in known:
            row = known[p.name]
            before, after = (_spread(row, when, w.language) for when in ("prior", "posterior"))
            said = w("informed.yes" if row["informed"] else "informed.no", before=before, after=after)
        size = (p.default, w.of(p.unit), p.low, p.high)
        rows.append((p.key, "parameter", p.role, *size, w.of(p.source), p.basis, said, p.label))
    return rows


def _spread(row: Mapping[Any, Any], when: str, language: str) -> str:
    mean, sd = (
        digits_text(row[f"{when}_{name}"], digits, language=language) for name, digits in (("mean", 3), ("sd", 2))
    )
    return f"{mean} ± {sd}"


def _structure(w: Words) -> list[tuple[object, ...]]:
    """The numbers by which a country is laid out."""
    return [
        (s.number, "structure", "constant", s.value, w.of(s.unit), s.low, s.high, w.of(s.source), s.basis, "", s.label)
        for s in STRUCTURE.values()
    ]


def _catalogue(kind: str, table: Iterable[Item] | Iterable[Service], w: Words) -> list[tuple[object, ...]]:
    """The numbers of a catalogue, row by row."""
    rows: list[tuple[object, ...]] = []
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        known = {row["number"]: (row["source"], row["basis"]) for row in csv.DictReader(file)}
    for entry in table:
        name = getattr(entry, kind)
        for column, number, unit in _numbers(entry):
            label = f"{entry.label}: {column.replace('_', ' ')}"
            source, basis = known.get(f"{name}.{column}", (ASSUMED, ASSUMED))
            about = (f"{name}.{column}", kind, "constant", number, w.of(unit))
            rows.append((*about, None, None, w.of(source), basis, "", label))
    return rows


def _numbers(entry: Item | Service) -> Iterator[tuple[str, float, str]]:
    """Column, number and unit of a row; a column for each foundation that some service needs."""
    for column, value in vars(entry).items():
        if column == "needs":
            for f, foundation in enumerate(FOUNDATIONS):
                if any(service.needs[f] for service in SERVICES):
                    yield f"needs_{foundation}", value[f], COLUMNS[column].unit
        elif isinstance(value, float):
            yield column, value, COLUMNS[column].unit


def _targets(w: Words) -> list[tuple[object, ...]]:
    """The errors of observation and model that the fit allows."""
    rows: list[tuple[object, ...]] = []
    with TARGETS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            label = f"Error allowed: {row['label']} ({row['why']})"
            source = w("informed.observed", indicator=row["indicator"], when=row["when"])
            error, unit = float(row["error"]), w.of(row["unit"])
            about = (f"{row['target']}.error", "target", "constant", error, unit)
            rows.append((*about, None, None, source, ASSUMED, "", label))
    return rows
