"""Fit the uncertain parameters to what was observed, and write the tables the package ships.

    dgsim sweep experiments/fit.toml --out first-wave
    python experiments/fit.py first-wave

Writes src/dgsim/engine/tables/plausible.csv (sets of all uncertain parameters, equal weight), informed.csv (prior and
posterior of each), the defaults of uncertain parameters in parameters.csv (the medians of those sets; priors stay as
evidence has them), and docs/images/prior-posterior.png. See docs/decisions/0020-history-matching.md.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
import pandas as pd

from dgsim.country import Country, load_country
from dgsim.evidence import history_matching, tempering
from dgsim.evidence.targets import USED, Target, figures, targets_of
from dgsim.scenario import load_scenario
from dgsim.scenario.calendar import quarter_index
from dgsim.show.figures.fitting import prior_posterior_figure
from dgsim.sweeps.results import load_sweep
from dgsim.world import tables
from dgsim.world.state import PANEL
from dgsim.world.tables import PARAMETERS, Parameter

ROOT = Path(__file__).parents[1]
ENGINE, EVIDENCE = ROOT / "src/dgsim/engine/tables", ROOT / "src/dgsim/evidence/tables"
QUARTERS, SEED = 16, 2022
CANDIDATES, SHIPPED = 200_000, 128
WAVES = (1_024, 2_048)  # sets run in each wave after the first
POSTERIOR = 1_024  # sets that are moved by real runs
MOVES = 3  # rounds of them after each step
REPLICATIONS = 4
FAR = 3.0  # standard deviations beyond which a set is ruled out
INFORMED = 0.85  # posterior spread against the prior's below which a parameter counts as informed
SHIFTED = 0.5  # prior standard deviations by which the mean has moved


class Space:
    """The uncertain parameters as columns: sets as arrays and as mappings."""

    def __init__(self, parameters: list[Parameter]) -> None:
        self.parameters = parameters
        self.names = [p.name for p in parameters]
        self.bounds = np.array([[p.low for p in parameters], [p.high for p in parameters]], dtype=float)

    def mappings(self, points: np.ndarray) -> list[dict[str, float]]:
        """One mapping a set."""
        return [dict(zip(self.names, row, strict=True)) for row in points.tolist()]


def first_wave(folder: Path, country: Country, targets: dict[str, Target], space: Space):
    """Points and figures of the sweep of experiments/fit.toml."""
    sweep = load_sweep(folder)
    rows = sweep.provinces
    panel = np.zeros((sweep.manifest["points"], QUARTERS, len(country)), PANEL)
    for quarter, part in rows.groupby("quarter", observed=True):
        part = part.sort_values(["point"], kind="stable")
        for name in USED:
            panel[name][:, quarter_index(str(quarter))] = part[name].to_numpy().reshape(len(panel), len(country))
    return sweep.points[space.names].to_numpy(), figures(panel, country, targets)


def candidates(space: Space, emulator: history_matching.Emulator, targets, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Sets drawn from the prior, and their weights by emulated likelihood, none where a set is ruled out."""
    points = history_matching.prior_sample(space.parameters, CANDIDATES, seed)
    emulated = emulator(points)
    logs = history_matching.log_likelihood(emulated, targets, emulator.error)
    ruled_out = (history_matching.implausibility(emulated, targets, emulator.error) > FAR).any(axis=1)
    weights = history_matching.weights_of(np.where(ruled_out, -np.inf, logs))
    print(
        f"  not ruled out {1 - ruled_out.mean():.1%}, "
        f"effective {history_matching.effective(weights):,.0f} of {len(points):,}"
    )
    return points, weights


def tell(values: np.ndarray, targets: dict[str, Target], spread: np.ndarray) -> None:
    """Observed against the mean of the sets, on standard output."""
    for place, target in enumerate(targets.values()):
        mean, sd, luck = values[:, place].mean(), values[:, place].std(), spread[place]
        print(f"  {target.name:18s} {target.observed:8.3f} model {mean:8.3f} sd {sd:.3f} luck {luck:.3f}")


def fit(folder: Path) -> tuple[Space, np.ndarray]:
    """Sets that agree with the data [set, parameter], as likely as their runs are."""
    country, space = load_country(), Space(list(PARAMETERS.uncertain))
    targets = targets_of(country)
    history = load_scenario("history").with_changes(quarters=QUARTERS)

    def run(sets: np.ndarray, seed: int) -> np.ndarray:
        return history_matching.run_sets(
            history, country, space.mappings(sets), targets, replications=REPLICATIONS, seed=seed
        )

    points, values = first_wave(folder, country, targets, space)
    for seed, size in enumerate((*WAVES, 0), SEED + 1):
        emulator = history_matching.Emulator(points, values, space.bounds)
        explained = dict(zip(targets, emulator.explained().round(2).tolist(), strict=True))
        print(f"emulator of {len(points):,} points explains {explained}", flush=True)
        drawn, weights = candidates(space, emulator, targets, seed)
        if size:
            chosen = drawn[history_matching.resampled(weights, size, seed)]
            runs = run(chosen, seed)
            points, values = np.concatenate([points, chosen]), np.concatenate([values, runs.mean(axis=1)])
    spread = np.sqrt(runs.var(axis=1, ddof=1).mean(axis=0))
    found = tempering.tempered(
        space.parameters,
        drawn[tempering.systematic(weights, np.random.default_rng(SEED), POSTERIOR)],
        lambda sets: history_matching.log_likelihood(emulator(sets), targets, emulator.error),
        lambda sets: history_matching.log_likelihood(run(sets, seed).mean(axis=1), targets, spread),
        seed=SEED,
        moves=MOVES,
        tell=lambda s: print(f"  real {s.real:.3f}, step {s.step:.2f}, taken {s.taken:.0%}", flush=True),
    )
    tell(run(found, seed + 1).mean(axis=1), targets, spread)
    return space, found


def informed_table(space: Space, posterior: np.ndarray) -> pd.DataFrame:
    """Prior and posterior of each parameter, the best informed first."""
    prior = history_matching.prior_sample(space.parameters, 20_000, SEED)
    ratio, shift = (
        posterior.std(axis=0) / prior.std(axis=0),
        (posterior.mean(axis=0) - prior.mean(axis=0)) / prior.std(axis=0),
    )
    table = pd.DataFrame(
        {
            "parameter": space.names,
            "prior_mean": prior.mean(axis=0),
            "prior_sd": prior.std(axis=0),
            "posterior_mean": posterior.mean(axis=0),
            "posterior_sd": posterior.std(axis=0),
            "informed": (ratio < INFORMED) | (np.abs(shift) > SHIFTED),
        }
    )
    return table.iloc[np.argsort(ratio - np.abs(shift), kind="stable")]


def move_defaults(space: Space, posterior: np.ndarray) -> None:
    """The medians of the posterior become the defaults, to four digits; the priors stay where evidence put them."""
    medians = dict(zip(space.names, np.median(posterior, axis=0).tolist(), strict=True))
    table = Path(tables.__file__).parent / "parameters.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["name"] in medians:
            row["default"] = f"{medians[row['name']]:.4g}"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the finished sweep of experiments/fit.toml")
    space, posterior = fit(parser.parse_args().folder)
    shipped = posterior[np.random.default_rng(SEED).choice(len(posterior), SHIPPED, replace=False)]
    with (ENGINE / "plausible.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(space.names)
        writer.writerows([[f"{value:.4g}" for value in row] for row in shipped.tolist()])
    move_defaults(space, posterior)
    table = informed_table(space, posterior)
    table.to_csv(EVIDENCE / "informed.csv", index=False, float_format="%.4g", lineterminator="\n")
    prior = history_matching.prior_sample(space.parameters, 4_000, SEED)
    columns = dict(zip(space.names, zip(prior.T, posterior.T, strict=True), strict=True))
    caption = f"{POSTERIOR:,} sets of the posterior; dashed: the mode of the prior. experiments/fit.py"
    order, about = list(table["parameter"]), {p.name: p for p in space.parameters}
    figure = prior_posterior_figure(columns, order, about, caption)
    figure.savefig(ROOT / "docs/images/prior-posterior.png", dpi=130)
    print(table.head(30).to_string(index=False))


if __name__ == "__main__":
    main()
