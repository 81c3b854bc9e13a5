"""Who is left behind: the provinces that end last, how sure that is, what binds them, and which levers help them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from scipy.stats import t as student

from dgsim.country import Country
from dgsim.decide.binding import gains_of, label, labels_of
from dgsim.decide.constraints import CONSTRAINTS, FURTHER_CONSTRAINTS
from dgsim.decide.evaluator import Evaluator, interval, make_evaluator
from dgsim.decide.explanation import sized
from dgsim.decide.finding import Finding
from dgsim.decide.moves import moved, moves
from dgsim.engine.run import Progress
from dgsim.engine.sets import PLAUSIBLE_NAME, ParametersLike
from dgsim.errors import StudyError, printable, whole_number
from dgsim.numbers import shown
from dgsim.scenario import Scenario, load_scenario, quarter_text
from dgsim.study.amounts import amount
from dgsim.study.catalogue import STOCKS
from dgsim.study.chance import chance
from dgsim.study.record import Basis, sets_said
from dgsim.study.sequential import CONFIDENCE
from dgsim.study.simulate import shortened
from dgsim.study.together import ScenarioLike
from dgsim.texts import ENGLISH, words
from dgsim.texts.clauses import Clause, Fact, Fill, Key, Listed, Number, Stock, Within, clause
from dgsim.world.tables import OUTCOME_NAMES, OUTCOMES

SPEND = ("central_spend", "provincial_spend")
SIZE_UNIT = "share by which a constraint is relaxed"
MONEY_UNIT = "bvnd per year"
MORE_OFTEN_THAN_NOT = 0.5
BAND = (0.05, 0.95)
DIGITS = 3


@dataclass(frozen=True, repr=False)
class Behind(Finding):
    """The provinces that a plan leaves behind.

    Attributes
    ----------
    scenario : str
        Under which policy.
    stock, unit, quarter : str
        What provinces are ranked by, its unit, and when.
    worst : int
        How many are told of.
    money : float
        By how many bvnd a year a lever of money is moved.
    basis : Basis
        Scenario, country, luck and parameters.
    standings : DataFrame
        `province_code, province, region, mean, low, high, chance, chance_low, chance_high, rank, rank_low, rank_high,
        behind`, a row a province, the likeliest to be left behind first: the stock's mean and its 95% interval; the
        share of runs in which it is among the last, with its Wilson interval; the mean rank from the bottom (1: last)
        with its 5th and 95th percentile over runs; and whether it is one of those told of.
    reasons : DataFrame
        `province_code, province, binds, gain, low, high, second, lead, lead_low, lead_high, clear` of those left
        behind: what binds most over all runs, as `binding` has it, with habits, peers and leaders besides.
    gains : DataFrame
        `province_code, province, constraint, gain, low, high` of those left behind.
    levers : DataFrame
        `lever, gain, low, high, everywhere, everywhere_low, everywhere_high, planned, cost, cost_low, cost_high,
        cost_per_point, per_point_low, per_point_high, helped, clear`, the largest gain first: what a move of the lever
        gains the mean of those left behind, and the mean of all; what it plans, and what centre and provinces spend
        more, from the start to the quarter (bvnd, not discounted, less the plan as it is); its cost by points gained,
        missing where the gain is not clear; how many of them clearly gain.
    by_province : DataFrame
        `province_code, province, lever, gain, low, high` of those left behind.
    """

    scenario: str
    stock: str
    unit: str
    quarter: str
    worst: int
    money: float
    basis: Basis
    standings: pd.DataFrame
    reasons: pd.DataFrame
    gains: pd.DataFrame
    levers: pd.DataFrame
    by_province: pd.DataFrame

    def __repr__(self) -> str:
        return f"Behind({self.scenario}: {self.worst} provinces in {self.stock}, {self.quarter})"

    @property
    def provinces(self) -> pd.DataFrame:
        """The provinces left behind, with what binds each."""
        found = self.standings[self.standings["behind"]].drop(columns="behind")
        reasons = self.reasons[["province_code", "binds", "gain", "clear"]]
        return found.merge(reasons, on="province_code", how="left").rename(columns={"gain": "binds_gain"})

    @property
    def note(self) -> Clause:
        """From which runs it is, how levers were moved, and to when money is counted."""
        about: dict[str, Fill] = {"policy": self.scenario, "quarter": self.quarter, "money": Number(self.money)}
        return clause(
            "behind.note",
            count=self.basis.replications,
            seed=str(self.basis.seed),
            sets=sets_said(self.basis.parameters),
            **about,
        )

    def in_words(self, language: str = ENGLISH) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The provinces left behind and the levers, their names and what binds in the words of a language.

        Parameters
        ----------
        language : str, default "en"
            "en" or "vi".

        Returns
        -------
        tuple of DataFrame
            `provinces` and `levers`.
        """
        w = words(language)
        country, provinces = self.basis.country, self.provinces
        own = dict(zip(country.codes, w.own(country, "names"), strict=True))
        provinces = provinces.assign(
            province=provinces["province_code"].map(own), binds=[label(name).text(w) for name in provinces["binds"]]
        )
        return provinces, self.levers.assign(lever=[move_label(name).text(w) for name in self.levers["lever"]])

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """How sure it is who is left behind, what binds most of them, which lever helps most, which at least cost."""
        about: dict[str, Fill] = {"policy": self.scenario, "stock": Within(Stock(self.stock)), "quarter": self.quarter}
        sure = int((self.standings["chance_low"] > MORE_OFTEN_THAN_NOT).sum())
        said = [clause("behind.sure", count=sure, worst=self.worst, all=len(self.standings), **about)]
        counts = self.reasons["binds"].value_counts()
        parts = tuple(
            clause("bind.part", constraint=Within(label(str(name))), count=int(n)) for name, n in counts.items()
        )
        said.append(clause("behind.reasons", parts=Listed(parts), all=len(self.reasons)))
        clear = self.levers[self.levers["clear"]]
        if clear.empty:
            return (*said, clause("behind.no_lever", quarter=self.quarter))
        first = clear.iloc[0]
        said.append(clause("behind.most", lever=Within(move_label(first["lever"])), **sized(first, "gain", self.unit)))
        if clear["cost_per_point"].notna().any():
            cheapest = clear.sort_values("cost_per_point", kind="stable").iloc[0]
            cost: Fill = Number(float(cheapest["cost_per_point"]), DIGITS)
            said.append(
                clause("behind.cheapest", lever=Within(move_label(cheapest["lever"])), cost=cost, quarter=self.quarter)
            )
        return tuple(said)


def move_label(move: str) -> Fact:
    """What a move is called."""
    return Key(f"move.{move}")


def behind(
    scenario: ScenarioLike,
    *,
    worst: int = 10,
    stock: str = "use",
    quarter: str | None = None,
    by: float | str = 0.5,
    money: float = 200.0,
    replications: int = 100,
    seed: int = 0,
    quarters: int | None = None,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    progress: Progress | None = None,
) -> Behind:
    """Tell which provinces a plan leaves behind, why, and what each real lever would do for them, at which cost.

    All runs meet the same luck and sets of parameters, so that gains are paired.

    Parameters
    ----------
    scenario : str, Path, Mapping or Scenario
        As in `simulate`.
    worst : int, default 10
        How many provinces are told of.
    stock : str, default "use"
        A column of the table of provinces; last is who has least of it, or most where less is better.
    quarter : str, optional
        When; by default at the end.
    by : float or str, default 0.5
        How far each constraint is relaxed to tell what binds, as in `binding`.
    money : float, default 200
        By how many bvnd a year a lever of money is moved, from the start to the end of the plan.
    replications : int, default 100
        Runs of each of these worlds.
    seed, quarters, country, progress : optional
        As in `simulate`.
    parameters : str, Path or sequence of Mapping, default "plausible"
        As in `simulate`.

    Returns
    -------
    Behind
        Who, how sure, why, and what helps.

    Raises
    ------
    ScenarioError, CountryError
        If the scenario or the country cannot be used: one sentence a mistake.
    StudyError
        If an argument cannot.

    Examples
    --------
    >>> from dgsim import behind
    >>> found = behind("staged", worst=3, replications=2, quarters=6)
    >>> len(found.provinces), "equalisation" in list(found.levers["lever"])
    (3, True)
    """
    plan = shortened(load_scenario(scenario), quarters)
    size = amount(by, SIZE_UNIT, "by")
    if size == 0.0:
        raise StudyError(f"by = {by} relaxes nothing: write such as 50% ({SIZE_UNIT})")
    if isinstance(money, bool) or not isinstance(money, int | float) or not (0.0 < money < math.inf):
        raise StudyError(f"money = {printable(str(money))} is no amount above 0 ({MONEY_UNIT})")
    evaluator = make_evaluator(
        plan,
        quarter=quarter,
        replications=replications,
        seed=seed,
        country=country,
        parameters=parameters,
        progress=progress,
    )
    worst = whole_number(worst, "worst", 1, len(evaluator.country) - 1)
    relaxed = (*CONSTRAINTS, *FURTHER_CONSTRAINTS)
    plans = {move: moved(plan, move, money) for move in moves()}
    plans = {move: one for move, one in plans.items() if one.digest() != plan.digest()}
    evaluator.expect(1 + len(relaxed) + len(plans))

    better = OUTCOMES[stock].sign if stock in OUTCOMES.names else 1
    before, spent = evaluator.ends(plan, stock)
    table = standings(evaluator.country, before, better, worst)
    told = table["behind"].to_numpy()
    rows = np.array([evaluator.country.index(code) for code in table.loc[told, "province_code"]])
    gained = np.stack([better * (evaluator.stock(plan, stock, one.by(size)) - before) for one in relaxed])
    names = [one.name for one in relaxed]
    kept = table.loc[told, "province_code"]
    ends = {move: evaluator.ends(one, stock) for move, one in plans.items()}
    helped = {move: better * (after - before)[:, rows] for move, (after, _) in ends.items()}
    levers = [
        _lever(move, helped[move], better * (after - before), _spend(paid) - _spend(spent), STOCKS[stock].unit)
        | {"planned": _planned(plans[move], evaluator) - _planned(plan, evaluator)}
        for move, (after, paid) in ends.items()
    ]
    return Behind(
        scenario=plan.name,
        stock=stock,
        unit=STOCKS[stock].unit,
        quarter=quarter_text(evaluator.quarter),
        worst=worst,
        money=float(money),
        basis=evaluator.basis(plan),
        standings=table,
        reasons=_of(labels_of(evaluator, names, gained), kept).drop(columns="region"),
        gains=_of(gains_of(evaluator, names, gained), kept),
        levers=_by_gain(pd.DataFrame(levers)[LEVER_COLUMNS]),
        by_province=_by_province(evaluator.country, rows, helped),
    )


LEVER_COLUMNS = [
    *("lever", "gain", "low", "high", "everywhere", "everywhere_low", "everywhere_high", "planned"),
    *("cost", "cost_low", "cost_high", "cost_per_point", "per_point_low", "per_point_high", "helped", "clear"),
]


def _by_gain(levers: pd.DataFrame) -> pd.DataFrame:
    return levers.sort_values("gain", ascending=False, kind="stable", ignore_index=True)


def standings(country: Country, values: np.ndarray, better: int, worst: int) -> pd.DataFrame:
    """Where every province stands in a stock [replication, province], the likeliest to be left behind first.

    `better` is 1 where more is better, -1 where less is. Provinces that are alike share their mean rank.
    """
    mean, low, high = interval(values)
    ranks = rankdata(better * values, axis=1)
    shares = np.array([chance(column <= worst) for column in ranks.T])
    rank_low, rank_high = np.quantile(ranks, BAND, axis=0)
    table = pd.DataFrame(
        {
            "province_code": country.codes,
            "province": country.names,
            "region": country.regions,
            **{"mean": mean, "low": low, "high": high},
            **dict(zip(("chance", "chance_low", "chance_high"), shares.T, strict=True)),
            **{"rank": ranks.mean(axis=0), "rank_low": rank_low, "rank_high": rank_high},
        }
    ).sort_values(["chance", "rank"], ascending=[False, True], kind="stable", ignore_index=True)
    return table.assign(behind=np.arange(len(table)) < worst)


def _of(table: pd.DataFrame, codes: pd.Series) -> pd.DataFrame:
    """The rows of provinces, in the order of their codes."""
    order = {code: number for number, code in enumerate(codes)}
    kept = table[table["province_code"].isin(order)]
    return kept.sort_values("province_code", key=lambda one: one.map(order), kind="stable", ignore_index=True)


def _spend(outcomes: np.ndarray) -> np.ndarray:
    """What centre and provinces spend, from outcomes [replication, outcome]."""
    spent: np.ndarray = outcomes[:, [OUTCOME_NAMES.index(name) for name in SPEND]].sum(axis=1)
    return spent


def _planned(plan: Scenario, evaluator: Evaluator) -> float:
    """The money a plan commits up to the quarter that is looked at (bvnd)."""
    cut = plan.model_copy(update={"plan_quarters": min(plan.plan_quarters, evaluator.quarter + 1)})
    return cut.planned_money()


def _lever(move: str, gained: np.ndarray, everywhere: np.ndarray, cost: np.ndarray, unit: str) -> dict[str, object]:
    """What a move gains those left behind, and all [replication, province], and what it costs [replication]."""
    found: dict[str, object] = {"lever": move}
    for name, samples in (("", gained.mean(axis=1)), ("everywhere", everywhere.mean(axis=1)), ("cost", cost)):
        mean, low, high = (float(end) for end in interval(samples))
        named = (name or "gain", f"{name}_low" if name else "low", f"{name}_high" if name else "high")
        found |= dict(zip(named, (mean, low, high), strict=True))
    clear = found["low"] > 0.0  # type: ignore[operator]
    points = shown(1.0, unit) * gained.mean(axis=1)
    per_point = ratio(cost, points) if clear else (math.nan, math.nan, math.nan)
    _, low_of_each, _ = interval(gained)
    return (
        found
        | dict(zip(("cost_per_point", "per_point_low", "per_point_high"), per_point, strict=True))
        | {"helped": int((low_of_each > 0.0).sum()), "clear": bool(clear)}
    )


def ratio(above: np.ndarray, below: np.ndarray) -> tuple[float, float, float]:
    """The ratio of two means over paired runs [run], and its 95% interval by the jackknife.

    >>> [round(end, 2) for end in ratio(np.array([2.0, 4.0, 6.0]), np.array([1.0, 2.0, 3.0]))]
    [2.0, 2.0, 2.0]
    """
    count, whole = len(above), float(above.sum() / below.sum())
    without = (above.sum() - above) / (below.sum() - below)
    error = math.sqrt((count - 1) * float(without.var()))
    half = float(student.ppf((1.0 + CONFIDENCE) / 2.0, count - 1)) * error
    return whole, whole - half, whole + half


def _by_province(country: Country, rows: np.ndarray, helped: dict[str, np.ndarray]) -> pd.DataFrame:
    """A row for each province left behind and lever."""
    tables = []
    for move, gained in helped.items():
        mean, low, high = interval(gained)
        about = {
            "province_code": [country.codes[row] for row in rows],
            "province": [country.names[row] for row in rows],
        }
        tables.append(pd.DataFrame({**about, "lever": move, "gain": mean, "low": low, "high": high}))
    return pd.concat(tables, ignore_index=True)
