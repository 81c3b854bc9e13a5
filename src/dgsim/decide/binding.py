"""What binds each province: the constraint whose relaxation by itself gains it most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from dgsim.country import Country
from dgsim.decide.constraints import CONSTRAINT_NAMES, CONSTRAINTS
from dgsim.decide.evaluator import Evaluator, interval, make_evaluator
from dgsim.decide.explanation import sized
from dgsim.decide.finding import Finding
from dgsim.engine.run import Progress
from dgsim.engine.sets import PLAUSIBLE_NAME, ParametersLike
from dgsim.errors import StudyError, did_you_mean
from dgsim.scenario import load_scenario, quarter_text
from dgsim.study.amounts import amount
from dgsim.study.catalogue import STOCKS
from dgsim.study.record import Basis
from dgsim.study.simulate import shortened
from dgsim.study.together import ScenarioLike
from dgsim.texts import words
from dgsim.texts.clauses import (
    Clause,
    Fact,
    Fill,
    Key,
    Listed,
    Percent,
    Size,
    Stock,
    Within,
    clause,
)
from dgsim.world.tables import OUTCOMES

NOTHING = "nothing"  # the label of a province that no relaxation clearly helps
SIZE_UNIT = "share by which a constraint is relaxed"


@dataclass(frozen=True, repr=False)
class Binding(Finding):
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

    def relaxed(self, constraint: str) -> Clause:
        """What was relaxed of a constraint, and by how much.

        Parameters
        ----------
        constraint : str
            Of the column `constraint`.

        Returns
        -------
        Clause
            What becomes words in a language.
        """
        return relaxed(constraint, self.by)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """What binds how many provinces most, and whose relaxation gains the whole country most."""
        counts = self.labels["binds"].value_counts()
        bound = [name for name in counts.index if name != NOTHING]
        parts = [clause("bind.part", constraint=Within(label(name)), count=int(counts[name])) for name in bound]
        if NOTHING in counts.index:
            parts.append(clause("bind.part", constraint=label(NOTHING), count=int(counts[NOTHING])))
        about: dict[str, Fill] = {"policy": self.scenario, "stock": Within(Stock(self.stock)), "quarter": self.quarter}
        clear = int(self.labels["clear"].sum())
        first = self.national.iloc[0]
        gain: dict[str, Fill] = {**sized(first, "gain", self.unit), "relaxed": self.relaxed(first["constraint"])}
        return (
            clause("bind.most", parts=Listed(tuple(parts)), all=len(self.labels), clear=clear, **about),
            clause("bind.gains_most", constraint=Within(label(first["constraint"])), **gain),
        )

    def clauses_of(self, province_code: str, called: str) -> tuple[Clause, ...]:
        """What binds one province most, which is called so, and by how much it is ahead of the next.

        Parameters
        ----------
        province_code : str
            As in the country's table.
        called : str
            The province's name in the sentence.

        Returns
        -------
        tuple of Clause
            What becomes sentences in a language.
        """
        row = self.labels[self.labels["province_code"] == province_code].iloc[0]
        about: dict[str, Fill] = {"province": called, "stock": Within(Stock(self.stock)), "quarter": self.quarter}
        if row["binds"] == NOTHING:
            return (clause("bind.nothing_sentence", **about),)
        size: dict[str, Fill] = {**sized(row, "gain", self.unit), "relaxed": self.relaxed(row["binds"])}
        ahead: dict[str, Fill] = {"second": Within(label(row["second"])), "lead": Size(float(row["lead"]), self.unit)}
        return (
            clause("bind.sentence", constraint=Within(label(row["binds"])), **about, **size),
            clause("bind.ahead" if row["clear"] else "bind.level", **ahead),
        )


def label(constraint: str) -> Fact:
    """What a constraint, or that there is none, is called."""
    return Key(f"bind.{constraint}")


def relaxed(constraint: str, by: float) -> Clause:
    """What is relaxed of a constraint, and by how much (0.5: by half)."""
    return clause(f"bind.{constraint}_relaxed", by=Percent(by))


def binding(
    scenario: ScenarioLike,
    *,
    stock: str = "use",
    quarter: str | None = None,
    by: float | str = 0.5,
    constraints: Sequence[str] = CONSTRAINT_NAMES,
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
    by : float or str, default 0.5
        How far each constraint is relaxed, a share above 0 and up to 1, or text as "50%", in all provinces at once, so
        that neighbours' gains count too.
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
    size = amount(by, SIZE_UNIT, "by")
    if size == 0.0:
        raise StudyError(f"by = {by} relaxes nothing: write such as 50% ({SIZE_UNIT})")
    evaluator = make_evaluator(
        plan,
        quarter=quarter,
        replications=replications,
        seed=seed,
        country=country,
        parameters=parameters,
        progress=progress,
    )
    evaluator.expect(1 + len(chosen))
    before, better = evaluator.stock(plan, stock), OUTCOMES[stock].sign if stock in OUTCOMES.names else 1
    relaxed = [constraint.by(size) for constraint in CONSTRAINTS if constraint.name in chosen]
    gained = np.stack([better * (evaluator.stock(plan, stock, change) - before) for change in relaxed])
    names = [name for name in CONSTRAINT_NAMES if name in chosen]
    labels = labels_of(evaluator, names, gained)
    return Binding(
        scenario=plan.name,
        stock=stock,
        unit=STOCKS[stock].unit,
        quarter=quarter_text(evaluator.quarter),
        by=size,
        basis=evaluator.basis(plan),
        labels=labels,
        gains=gains_of(evaluator, names, gained),
        national=_national(names, gained, labels, size),
    )


def _chosen(constraints: Sequence[str]) -> set[str]:
    for name in constraints:
        if name not in CONSTRAINT_NAMES:
            meant = did_you_mean(name, CONSTRAINT_NAMES) or f"; there are {', '.join(CONSTRAINT_NAMES)}"
            raise StudyError(f"{name} is not a constraint{meant}")
    if len(set(constraints)) < 2:
        raise StudyError("what binds most is told of two constraints or more")
    return set(constraints)


def gains_of(evaluator: Evaluator, names: list[str], gained: np.ndarray) -> pd.DataFrame:
    """A row for each province and constraint, from gains [constraint, replication, province]."""
    mean, low, high = interval(gained.swapaxes(0, 1))
    land = evaluator.country
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


def labels_of(evaluator: Evaluator, names: list[str], gained: np.ndarray) -> pd.DataFrame:
    """What binds each province most, with the next and its distance; nothing where no gain is clear."""
    mean, low, high = interval(gained.swapaxes(0, 1))
    rows = []
    for row, (code, name) in enumerate(zip(evaluator.country.codes, evaluator.country.names, strict=True)):
        first, second = np.argsort(-mean[:, row], kind="stable")[:2]
        lead, lead_low, lead_high = interval(gained[first, :, row] - gained[second, :, row])
        sure = low[first, row] > 0.0
        rows.append(
            {
                "province_code": code,
                "province": name,
                "region": evaluator.country.regions[row],
                "binds": names[first] if sure else NOTHING,
                "gain": mean[first, row],
                "low": low[first, row],
                "high": high[first, row],
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
    table = pd.DataFrame({"constraint": names, "gain": mean, "low": low, "high": high})
    table["provinces"] = [int((labels["binds"] == name).sum()) for name in names]
    table["says"] = [relaxed(name, by).text(words()) for name in names]
    return table.sort_values("gain", ascending=False, kind="stable", ignore_index=True)
