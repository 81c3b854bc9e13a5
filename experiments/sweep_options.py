"""What the experiments with sweeps ask for on the command line, and how they run, caption and write."""

from __future__ import annotations

import argparse
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
from analysis_options import answered
from matplotlib.figure import Figure

from dgsim import __version__
from dgsim.country import load_country
from dgsim.errors import StudyError
from dgsim.numbers import interval_text, number_text
from dgsim.show.figures.style import saver
from dgsim.show.terminal.pace import pace_shown
from dgsim.study.record import country_text
from dgsim.sweeps.design_file import load_design
from dgsim.sweeps.results import Sweep
from dgsim.sweeps.sweep import sweep
from dgsim.texts import IN_ENGLISH
from dgsim.world.tables import OUTCOMES

__all__ = ["answered", "asked", "caption", "explored", "markdown", "save", "spread", "spread_text", "unit_of"]

QUICK = 8  # points of the sample


def asked(about: str | None, name: str) -> argparse.Namespace:
    """What was asked for: `out`, `quick`, `page`; and the name of the experiment."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to; a sweep goes into sweep/")
    parser.add_argument(
        "--quick", action="store_true", help="few points of the sample or few quarters, one run of each"
    )
    parser.add_argument("--page", type=Path, help="renew the table and the figures of a page, such as docs/findings.md")
    given = parser.parse_args()
    given.name = name
    return given


def explored(about: str | None, name: str) -> tuple[Sweep, argparse.Namespace]:
    """The sweep of the design of this name, gone on with where it was left, and what was asked for."""
    given = asked(about, name)
    design = load_design(Path(__file__).with_name(f"{name}.toml"))
    if given.quick:
        design = replace(design, sample_points=QUICK, replications=1)
    with pace_shown(quiet=False) as (progress, tell):
        result = sweep(design, given.out / "sweep", resume=True, progress=progress, tell=tell)
    return result, given


def unit_of(outcome: str) -> str:
    """The unit of an outcome."""
    return OUTCOMES[outcome].unit


def spread(table: pd.DataFrame) -> pd.DataFrame:
    """`middle, low, high` of every column over its rows: median, 5th and 95th percentile."""
    return table.quantile([0.5, 0.05, 0.95]).T.set_axis(["middle", "low", "high"], axis="columns")


def caption(result: Sweep, worlds: int) -> str:
    """The line below a figure."""
    about = result.manifest["design"]
    luck = f"{about['replications']} replications a point, seed {about['seed']}"
    place = country_text(load_country())
    runs, scope = f"{result.manifest['runs']:,} runs", IN_ENGLISH("header.scope")
    return f"{place} · {worlds} worlds · {runs} · {luck} · dgsim {__version__}, {scope}"


def markdown(table: pd.DataFrame) -> str:
    """A table as Markdown, index first, with three digits that count."""
    flat = table.reset_index()
    cells = [[str(name) for name in flat.columns], ["---"] * flat.shape[1]]
    cells += [[f"{v:.3g}" if isinstance(v, float) else str(v) for v in row] for row in flat.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def spread_text(table: pd.DataFrame, unit: str) -> pd.Series:
    """Every row of a table whose first three columns are a number and its range, as text in the unit it is shown in."""
    return table.apply(lambda row: f"{number_text(row.iloc[0], unit)} ({interval_text(*row.iloc[1:3], unit)})", axis=1)


def save(
    given: argparse.Namespace,
    tables: Mapping[str, pd.DataFrame],
    figures: Mapping[str, Figure],
    told: Mapping[str, pd.Series | list[str]],
    rows: pd.Index,
    part: str = "",
) -> None:
    """Tables as CSV and figures as PNG and SVG; tables are printed too, and `told`, by rows, is for the page.

    A script that has more tables than one in the page names the `part` each belongs to.
    """
    folder, for_page = given.out, markdown(pd.DataFrame(told, rows))
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv")
        print(f"\n{name}\n\n{markdown(table)}")
    for name, figure in figures.items():
        write = saver(figure, figure.texts[1].get_text())
        for path in (folder / f"{name}.png", folder / f"{name}.svg"):
            write(path)
    print(f"\n{for_page}")
    if given.page:
        _renew(given.page, given.name, for_page, folder, part)
    print(f"\n{folder}: {', '.join([*(f'{name}.csv' for name in tables), *(f'{name}.png' for name in figures)])}")


def _renew(page: Path, name: str, text: str, folder: Path, part: str) -> None:
    """Put the table between this script's marks in the page, and its figures where the page shows them."""
    which = f", {part}" if part else ""
    begin, end = f"<!-- made by experiments/{name}.py{which} -->\n", f"<!-- end of {name}{which} -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise StudyError(f"{page} has no place for the table: {begin.strip()} and {end}")
    page.write_text(f"{before}{begin}\n{text}\n\n{end}{after}", encoding="utf-8")
    for image in re.findall(rf"\]\(([^)]*/{name}-[^)/]*\.png)\)", before + after):
        made = folder / Path(image).name
        if made.exists() or not part:  # another part of the script makes the others
            shutil.copyfile(made, page.parent / image)
