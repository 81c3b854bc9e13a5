"""What binds each province: the constraint whose relaxation by itself gains it most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from dgsim.country import Country
from dgsim.decide.constraints import CONSTRAINTS, NAMES
from dgsim.decide.evaluator import Bench, interval, make_bench
from dgsim.engine.run import Progress
from dgsim.engine.sets import PLAUSIBLE_NAME, ParametersLike
from dgsim.errors import StudyError, did_you_mean
from dgsim.scenario import load_scenario, quarter_text
from dgsim.study.compare import ScenarioLike
from dgsim.study.record import Basis
from dgsim.study.simulate import shortened
from dgsim.world.state import PANEL_FIELDS
from dgsim.world.tables import OUTCOMES

NOTHING = "nothing"  # the label of a province that no relaxation clearly helps
LARGEST = 1.0


@dataclass(frozen=True, repr=False)
class Binding:
    """What holds every province back.

    Attributes
    ----------
    scenario : str
        Under which policy.
    stock, unit, quarter : str
        More of what is a gain, its unit, and when it is measured.
    by : float
        How far each constraint was relaxed, a share.
    basis : Basis
        Scenario, country, luck and parameters.
    labels : DataFrame
        `province_code, province, region, binds, gain, low, high, second, lead, lead_low, lead_high, clear`: what binds
        most, what relaxing it gains, the next, by how much it is ahead, and whether that is clear.
    gains : DataFrame
        `province_code, province, constraint, gain, low, high`: every province and constraint.
    national : DataFrame
        `constraint, gain, low, high, provinces, says`: the mean over provinces, how many it binds most, and what was
        relaxed.
    """

    scenario: str
    stock: str
    unit: str
    quarter: str
    by: float
    basis: Basis
    labels: pd.DataFrame
    gains: pd.DataFrame
    national: pd.DataFrame

    def __repr__(self) -> str:
        return f"Binding({self.scenario}: {self.stock} in {self.quarter})"


def binding(
    scenario: ScenarioLike,
    *,
    stock: str = "use",
    quarter: str | None = None,
    by: float = 0.5,
    constraints: Sequence[str] = NAMES,
    replications: int = 100,
    seed: int = 0,
    quarters: int | None = None,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    progress: Progress | None = None,
) -> Binding:
    """Relax one constraint of a scenario at a time, and tell which gains each province most.

    All runs meet the same luck and sets of parameters.

    Parameters
    ----------
    scenario : str, Path, Mapping or Scenario
        As in `simulate`.
    stock : str, default "use"
        A column of the table of provinces. A gain is more of it, or less where it is an outcome of which less is
        better.
    quarter : str, optional
        When it is measured; by default at the end.
    by : float, default 0.5
        How far each constraint is relaxed, a share above 0 and up to 1, in all provinces at once, so that neighbours'
        gains count too.
    constraints : sequence of str, optional
        Which are tried, two or more; by default all: money, specialists, foundations, redesign, incentives.
    replications : int, default 100
        Runs of each of these worlds.
    seed, quarters, country, progress : optional
        As in `simulate`.
    parameters : str, Path or sequence of Mapping, default "plausible"
        As in `simulate`.

    Returns
    -------
    Binding
        What binds every province, and the gain of every relaxation with its 95% interval.

    Raises
    ------
    ScenarioError, CountryError
        If the scenario or the country cannot be used: one sentence a mistake.
    StudyError
        If an argument cannot.

    Examples
    --------
    >>> from dgsim import binding
    >>> found = binding("staged", replications=2, quarters=4)
    >>> len(found.labels), sorted(found.national["constraint"])
    (63, ['foundations', 'incentives', 'money', 'redesign', 'specialists'])
    """
    plan = shortened(load_scenario(scenario), quarters)
    chosen = _chosen(constraints)
    if not 0.0 < by <= LARGEST:
        raise StudyError(f"by = {by} is outside 0..{LARGEST:g} (share by which a constraint is relaxed), 0 excluded")
    bench = make_bench(
        plan,
        quarter=quarter,
        replications=replications,
        seed=seed,
        country=country,
        parameters=parameters,
        progress=progress,
    )
    bench.expect(1 + len(chosen))
    before, better = bench.stock(plan, stock), OUTCOMES[stock].sign if stock in OUTCOMES else 1
    relaxed = [constraint.by(by) for constraint in CONSTRAINTS if constraint.name in chosen]
    gained = np.stack([better * (bench.stock(plan, stock, change) - before) for change in relaxed])
    names = [name for name in NAMES if name in chosen]
    labels = _labels(bench, names, gained)
    return Binding(
        scenario=plan.name,
        stock=stock,
        unit=next(field.unit for field in PANEL_FIELDS if field.name == stock),
        quarter=quarter_text(bench.quarter),
        by=by,
        basis=bench.basis(plan),
        labels=labels,
        gains=_gains(bench, names, gained),
        national=_national(names, gained, labels, by),
    )


def _chosen(constraints: Sequence[str]) -> set[str]:
    for name in constraints:
        if name not in NAMES:
            raise StudyError(
                f"{name} is not a constraint{did_you_mean(name, NAMES) or '; there are ' + ', '.join(NAMES)}"
            )
    if len(set(constraints)) < 2:
        raise StudyError("what binds most is told of two constraints or more")
    return set(constraints)


def _gains(bench: Bench, names: list[str], gained: np.ndarray) -> pd.DataFrame:
    """A row for each province and constraint, from gains [constraint, replication, province]."""
    mean, low, high = interval(gained.swapaxes(0, 1))
    land = bench.country
    count = len(names)
    return pd.DataFrame(
        {
            "province_code": np.repeat(land.codes, count),
            "province": np.repeat(land.names, count),
            "constraint": names * len(land),
            "gain": mean.T.ravel(),
            "low": low.T.ravel(),
            "high": high.T.ravel(),
        }
    )


def _labels(bench: Bench, names: list[str], gained: np.ndarray) -> pd.DataFrame:
    """What binds each province most, with the next and its distance; nothing where no gain is clear."""
    mean, low, high = interval(gained.swapaxes(0, 1))
    rows = []
    for place, (code, name) in enumerate(zip(bench.country.codes, bench.country.names, strict=True)):
        first, second = np.argsort(-mean[:, place], kind="stable")[:2]
        lead, lead_low, lead_high = interval(gained[first, :, place] - gained[second, :, place])
        sure = low[first, place] > 0.0
        rows.append(
            {
                "province_code": code,
                "province": name,
                "region": bench.country.regions[place],
                "binds": names[first] if sure else NOTHING,
                "gain": mean[first, place],
                "low": low[first, place],
                "high": high[first, place],
                "second": names[second],
                "lead": float(lead),
                "lead_low": float(lead_low),
                "lead_high": float(lead_high),
                "clear": bool(sure and lead_low > 0.0),
            }
        )
    return pd.DataFrame(rows)


def _national(names: list[str], gained: np.ndarray, labels: pd.DataFrame, by: float) -> pd.DataFrame:
    mean, low, high = interval(gained.mean(axis=2).T)
    says = {constraint.name: constraint.says.format(by=f"{by:.0%}") for constraint in CONSTRAINTS}
    table = pd.DataFrame({"constraint": names, "gain": mean, "low": low, "high": high})
    table["provinces"] = [int((labels["binds"] == name).sum()) for name in names]
    table["says"] = [says[name] for name in names]
    return table.sort_values("gain", ascending=False, kind="stable", ignore_index=True)
