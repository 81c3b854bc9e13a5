"""What the analyses with SALib and the EMA Workbench ask for on the command line, and how they write what they find."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from dgsim import __version__
from dgsim.analysis.problem import Trial, parameters_of, trial
from dgsim.errors import CountryError, ScenarioError, StudyError
from dgsim.scenario.calendar import quarter_text
from dgsim.show.figures.style import saver
from dgsim.study.catalogue import outcome_named
from dgsim.study.record import country_text
from dgsim.texts import IN_ENGLISH
from dgsim.world.tables import OUTCOMES


def asked(
    about: str | None,
    *,
    size: int,
    size_help: str,
    baseline: str | None = None,
    replications: int = 4,
    strongest: Sequence[str] = (),
    more: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[argparse.Namespace, Trial]:
    """What was asked, with `question` and `unit` of the outcome in words, and the trial of every point.

    Raises StudyError or ScenarioError.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="staged")
    parser.add_argument("--baseline", default=baseline, help=f"take the difference from this one (default: {baseline})")
    parser.add_argument("--outcome", default="use")
    parser.add_argument("--parameters", nargs="*", default=(), help="uncertain parameters or themes to vary")
    parser.add_argument("--size", type=int, default=size, help=f"{size_help} (default: {size})")
    text = f"runs a point, all with the same luck (default: {replications})"
    parser.add_argument("--replications", type=int, default=replications, help=text)
    parser.add_argument("--quarters", type=int, help="stop earlier")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    for name, settings in (more or {}).items():
        parser.add_argument(name, **settings)
    given = parser.parse_args()
    outcome_named(given.outcome)
    given.parameters = parameters_of("uncertain", given.parameters or strongest)
    chosen = {name: getattr(given, name) for name in ("baseline", "replications", "quarters", "seed")}
    tried = trial(given.scenario, **chosen)
    row = OUTCOMES[given.outcome]
    last = quarter_text(tried.scenario.quarters - 1)
    against = f" minus {tried.baseline.name}" if tried.baseline else ""
    given.question, given.unit = f"{row.outcome} in {last} ({tried.scenario.name}{against})", row.unit
    return given, tried


def answered(main: Callable[[], None]) -> None:
    """Run a script; what was asked wrongly is told in a sentence."""
    try:
        main()
    except (StudyError, ScenarioError, CountryError) as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def told(done: int, points: int) -> None:
    """Progress, in place, beside the results."""
    if done % 50 == 0 or done == points:
        print(f"\r{done} of {points} points", end="\n" if done == points else "", file=sys.stderr, flush=True)


def caption(tried: Trial, method: str) -> str:
    """The line below a figure."""
    luck = f"{tried.replications} replications a point, seed {tried.seed}"
    return f"{country_text(tried.country)} · {method} · {luck} · dgsim {__version__}, {IN_ENGLISH('header.scope')}"


def save(folder: Path, name: str, table: pd.DataFrame, figure: Figure) -> None:
    """The table as CSV and the figure as PNG and SVG; their names are printed."""
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / f"{name}.csv", index=False)
    write = saver(figure, figure.texts[-1].get_text())
    for path in (folder / f"{name}.png", folder / f"{name}.svg"):
        write(path)
    print(f"{folder}: {name}.csv, {name}.png, {name}.svg")
