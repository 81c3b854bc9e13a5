"""An appraisal: what plans are worth against a baseline, beyond their own horizon, to whom, when and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dgsim.appraisals.gathering import Gathered, check_memory, discounting, gather
from dgsim.appraisals.horizon import HELD, check_plans, money_after, prolonged, quarters_to
from dgsim.appraisals.items import ITEM, ITEM_RUNS, ORDERS, items_of, labels_of, mixtures_of, split
from dgsim.appraisals.lines import CENTRE, COSTS, LINES, WHAT, WHAT_OF, WHO
from dgsim.appraisals.places import PLACES, PROVINCE, groups_of, weights_of
from dgsim.appraisals.prices import VALUE_OF_HOUR, prices_of
from dgsim.appraisals.risk import check_sets, knowing, swing_runs, switching, tornado
from dgsim.appraisals.worth import TOTAL, Worth, frame, lines_of_provinces, ratio, record
from dgsim.country import Country, load_country
from dgsim.engine.run import MOST_HELD, Progress, run_count, shifted
from dgsim.engine.sets import PLAUSIBLE_NAME, Ensemble, ParametersLike, load_parameters
from dgsim.errors import StudyError, did_you_mean, whole_number
from dgsim.scenario import Scenario, load_scenario, quarter_text
from dgsim.scenario.calendar import FIRST_YEAR
from dgsim.study.compare import paired_interval
from dgsim.study.frames import BAND
from dgsim.study.record import Basis
from dgsim.study.together import ScenarioLike, listed
from dgsim.texts.clauses import Fact
from dgsim.world.tables import QUARTERS_PER_YEAR

TO = "2040Q4"
# What ministries and banks appraise with: 5 and 6% (World Bank 2016), 9% (Asian Development Bank 2017), 12% (developing
# countries); an hour at 18 thousand VND (half of wages after tax) and at 43 (the Government Office).
RATES = (0.05, 0.06, 0.09, 0.12)
HOURS = (18.0, 43.0)
# Years that what is built lasts: the upper end for "other sectors" of Annex I of Delegated Regulation (EU) 480/2014, by
# which the EU's guide to cost-benefit analysis (2014) goes; 15 to 20 for broadband, 10 to 15 for the rest.
LIFE = 15.0
MOST_YEARS = 100.0
ELASTICITY = 1.3  # of the marginal utility of income (HM Treasury, Green Book 2022, annex 3)
WHO_BY, WHAT_BY, LINE_BY, YEAR_BY = "who", "what", "line", "year"
BY = (WHO_BY, WHAT_BY, LINE_BY, YEAR_BY, ITEM, *PLACES)


@dataclass(frozen=True, repr=False, eq=False)
class Appraisal:
    """What plans are worth against a baseline on the same luck, bvnd of 2020, discounted to the start of 2020.

    Every table is a plan less the baseline, with the discounted net flows of the remaining life of what the plan built
    beyond the baseline, unless it says otherwise; costs are positive, and net benefit = benefits - costs + transfers.

    Attributes
    ----------
    worths : tuple of Worth
        The sums, one a plan.
    plans : tuple of Scenario
        As they were given, before they were prolonged.
    baseline : Scenario
        As it was given.
    to : str
        The last quarter that is run.
    budgets : str
        What becomes of yearly budgets after a plan's own horizon: held or ended.
    life_years : float
        How long what is built lasts; 0 where no remaining life is credited.
    optimism_bias : bool
        Whether what provinces build is taken to cost more than thought.
    country : Country
        Where.
    seed : int
        The luck that all share.
    parameters : Ensemble
        The sets of uncertain parameters that all share.
    items : DataFrame or None
        What each item of a roadmap and each group of instruments is worth: the columns of `accounts`, and `sampling`
        (half the 95% interval that sampling orders leaves), `without_it, without_low, without_high` (what is lost where
        it alone is left out), `points_of_use` and `cost_per_point`; with `items=True` only.
    labels : Mapping
        What people call these items and groups, by name.
    swings : DataFrame or None
        What `tornado` gives; with `risk=True` only.
    """

    worths: tuple[Worth, ...]
    plans: tuple[Scenario, ...]
    baseline: Scenario
    to: str
    budgets: str
    life_years: float
    optimism_bias: bool
    country: Country
    seed: int
    parameters: Ensemble
    items: pd.DataFrame | None = None
    labels: Mapping[str, Fact] = field(default_factory=dict)
    swings: pd.DataFrame | None = None

    def __repr__(self) -> str:
        names = ", ".join(self.names)
        return f"Appraisal({names} against {self.baseline.name}, to {self.to}, {self.replications} replications)"

    @property
    def names(self) -> tuple[str, ...]:
        """The plans by name."""
        return tuple(plan.name for plan in self.plans)

    @property
    def replications(self) -> int:
        """The number of runs of each plan."""
        return self.worths[0].count

    @cached_property
    def last_observed(self) -> int | None:
        """The last year of which the country's tables tell anything; what is later is extrapolated."""
        years = [int(str(when).rpartition("/")[2][:4]) for when in self.country.national()["when"]]
        return max(years, default=None)

    @property
    def basis(self) -> Basis:
        """What was run: scenarios, country, seed, replications and parameters."""
        ran = tuple(worth.plan.scenario for worth in self.worths)
        return Basis((self.worths[0].base.scenario, *ran), self.country, self.seed, self.replications, self.parameters)

    def accounts(
        self,
        by: str = WHO_BY,
        *,
        value_of_hour: float | None = None,
        discount_rate: float | None = None,
        elasticity: float | None = None,
    ) -> pd.DataFrame:
        """The accounts, a record for each part and a row `total` for each plan.

        Parameters
        ----------
        by : str, default "who"
            "who" (centre, provinces, citizens, firms), "what" (costs, benefits, transfers), "line" (each line of who
            and what), "year", "province", "region" or "fifth" (of income a head, the poorest first). Places hold
            their provinces' budgets, citizens and firms; the centre is a row of its own. "item" with `items=True`.
        value_of_hour : float, optional
            Thousand VND for all; by default each set's own.
        discount_rate : float, optional
            A year, for all; by default each set's own. For places one of RATES.
        elasticity : float, optional
            Of the marginal utility of income: a column `weighted` counts what citizens gain in poorer provinces for
            more (Green Book: 1.3); places only.

        Returns
        -------
        DataFrame
            `plan, by, name, costs, benefits, transfers, net_benefit, low, high, benefit_cost_ratio, break_even,
            chance_to_pay, replications, band_low, band_high, ratio_low, ratio_high`: bvnd; `low, high` the 95%
            interval of the mean, `band_low, band_high` the 5th and 95th percentile over replications, `ratio_low,
            ratio_high` the 95% interval of the ratio. Places have `people` (million) and
            `per_head` (million VND) too, and with an elasticity `weighted`.

        Raises
        ------
        StudyError
            If there is no such division, or no places at this rate.
        """
        if by not in BY:
            raise StudyError(f"by = {by} is not one of {', '.join(BY)}{did_you_mean(by, BY)}")
        if by == ITEM:
            return self._of_items(value_of_hour, discount_rate, elasticity)
        if elasticity is not None and by not in PLACES:
            raise StudyError(f"elasticity weighs places: ask for it by one of {', '.join(PLACES)}, not by {by}")
        made: Callable[..., pd.DataFrame] = self._of_places if by in PLACES else self._of_lines
        return pd.concat(
            [made(number, by, value_of_hour, discount_rate, elasticity) for number in range(len(self.plans))],
            ignore_index=True,
        )

    def _of_items(self, hour: float | None, rate: float | None, elasticity: float | None) -> pd.DataFrame:
        if self.items is None:
            raise StudyError("items were not appraised: ask for them with appraise(..., items=True)")
        if (hour, rate, elasticity) != (None, None, None):
            raise StudyError("items are appraised at each set's own prices: give neither hour, rate nor elasticity")
        return self.items.copy()

    def _of_lines(
        self, number: int, by: str, hour: float | None, rate: float | None, _elasticity: float | None
    ) -> pd.DataFrame:
        worth = self.worths[number]
        if by == YEAR_BY:
            return self._of_years(number, hour, rate)
        lines, paths = (
            worth.lines(rate, {VALUE_OF_HOUR: hour}),
            worth.cumulative(rate, {VALUE_OF_HOUR: hour}).mean(axis=0),
        )
        parts: dict[str, np.ndarray] = {
            WHO_BY: {who: np.array([line.who == who for line in LINES]) for who in WHO},
            WHAT_BY: WHAT_OF,
            LINE_BY: {
                f"{line.who}.{line.what}.{line.line}": np.arange(len(LINES)) == at for at, line in enumerate(LINES)
            },
        }[by] | {TOTAL: np.ones(len(LINES), bool)}
        rows = []
        for name, chosen in parts.items():
            kinds = {what: of & chosen for what, of in WHAT_OF.items()}
            rows.append(record(by, name, lines, kinds, paths[:, chosen].sum(axis=1)))
        return frame(self.plans[number].name, rows)

    def _of_years(self, number: int, hour: float | None, rate: float | None) -> pd.DataFrame:
        """Discounted, a record a year and one for the remaining life."""
        worth = self.worths[number]
        running = worth.cumulative(rate, {VALUE_OF_HOUR: hour})
        quarterly = np.diff(running, axis=1, prepend=0.0)
        rows = []
        for first in range(0, worth.quarters, QUARTERS_PER_YEAR):
            lines = quarterly[:, first : first + QUARTERS_PER_YEAR].sum(axis=1)
            rows.append(record(YEAR_BY, str(FIRST_YEAR + first // QUARTERS_PER_YEAR), lines, WHAT_OF))
        whole = worth.lines(rate, {VALUE_OF_HOUR: hour})
        rows.append(record(YEAR_BY, "remaining life", whole - running[:, -1], WHAT_OF))
        rows.append(record(YEAR_BY, TOTAL, whole, WHAT_OF, running.mean(axis=0).sum(axis=1)))
        return frame(self.plans[number].name, rows)

    def _of_places(
        self, number: int, by: str, hour: float | None, rate: float | None, elasticity: float | None
    ) -> pd.DataFrame:
        worth = self.worths[number]
        lines = worth.provinces(self._rate_number(rate), rate, {VALUE_OF_HOUR: hour})
        whole = worth.lines(rate, {VALUE_OF_HOUR: hour})
        people = self.country.column("population_2019") / 1e6
        own = hour is None and rate is None
        rows = []
        for name, chosen in groups_of(self.country, by).items():
            path = worth.paths[:, chosen].sum(axis=1) if own else None
            row = record(by, name, lines[:, chosen].sum(axis=1), lines_of_provinces(), path)
            rows.append(row | {"people": people[chosen].sum()})
        centre = np.array([line.who == CENTRE for line in LINES])
        paths = worth.cumulative(rate, {VALUE_OF_HOUR: hour}).mean(axis=0)
        of_centre = {what: of & centre for what, of in WHAT_OF.items()}
        rows.append(record(by, CENTRE, whole, of_centre, paths[:, centre].sum(axis=1)))
        rows.append(record(by, TOTAL, whole, WHAT_OF, paths.sum(axis=1)) | {"people": people.sum()})
        table = frame(self.plans[number].name, rows)
        if by == PROVINCE:
            table.insert(2, "province_code", [*self.country.codes, None, None])
        table["per_head"] = table["net_benefit"] / table["people"] / 1e3
        if elasticity is not None:
            table["weighted"] = weights_of(self.country, by, lines.mean(axis=0), whole.mean(axis=0), elasticity)
        return table

    def _rate_number(self, rate: float | None) -> int:
        rates = (None, *RATES)
        if rate not in rates:
            allowed = ", ".join(f"{one:g}" for one in RATES)
            raise StudyError(f"discount_rate = {rate:g} is not one of {allowed}: places are kept for these only")
        return rates.index(rate)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """The total of each plan at several discount rates and values of a citizen's hour, side by side.

        Columns: `plan, discount_rate, value_of_hour` (missing: each set's own), `costs, benefits, net_benefit, low,
        high, benefit_cost_ratio, break_even, chance_to_pay, points_of_use, cost_per_point, replications`.
        """
        rows = []
        for plan, worth in zip(self.names, self.worths, strict=True):
            points = worth.points_of_use.mean()
            for rate in (None, *RATES):
                for hour in (None, *HOURS):
                    path = worth.cumulative(rate, {VALUE_OF_HOUR: hour}).mean(axis=0).sum(axis=1)
                    row = record("total", TOTAL, worth.lines(rate, {VALUE_OF_HOUR: hour}), WHAT_OF, path)
                    costs = float(row["costs"])  # type: ignore[arg-type]
                    row |= {"plan": plan, "discount_rate": rate, "value_of_hour": hour, "points_of_use": points}
                    rows.append(row | {"cost_per_point": ratio(costs, points)})
        columns = ["plan", "discount_rate", "value_of_hour", "costs", "benefits", "net_benefit", "low", "high"]
        columns += [
            "benefit_cost_ratio",
            "break_even",
            "chance_to_pay",
            "points_of_use",
            "cost_per_point",
            "replications",
        ]
        return pd.DataFrame(rows)[columns].astype({"discount_rate": float, "value_of_hour": float})

    @cached_property
    def flows(self) -> pd.DataFrame:
        """What is paid, gained and passed on in every year, to whom; not discounted.

        Columns: `plan, year, remaining` (whether it is after the horizon), `extrapolated` (after the last observed
        year), `who, what, bvnd, low, high` (5th and 95th percentile over replications), `discounted`. A cost is
        positive; years after the horizon hold what remains.
        """
        rows = []
        for plan, worth in zip(self.names, self.worths, strict=True):
            quarterly = worth.by_quarter(remaining=True)
            starts = range(0, quarterly.shape[1], QUARTERS_PER_YEAR)
            discounts = np.stack([discounting(rate, quarterly.shape[1]) for rate in worth.plan.prices.rates])
            yearly = np.stack([quarterly[:, at : at + QUARTERS_PER_YEAR].sum(axis=1) for at in starts], axis=1)
            worths = (quarterly * discounts[:, :, np.newaxis]).mean(axis=0)
            now = np.stack([worths[at : at + QUARTERS_PER_YEAR].sum(axis=0) for at in starts])
            for who in WHO:
                for what in WHAT:
                    chosen = np.array([line.who == who and line.what == what for line in LINES])
                    sign = -1.0 if what == COSTS else 1.0
                    sums = sign * yearly[:, :, chosen].sum(axis=2)
                    low, high = np.quantile(sums, BAND, axis=0)
                    for at, first in enumerate(starts):
                        year = FIRST_YEAR + at
                        rows.append(
                            {
                                "plan": plan,
                                "year": year,
                                "remaining": first >= worth.quarters,
                                "extrapolated": self.last_observed is None or year > self.last_observed,
                                "who": who,
                                "what": what,
                                "bvnd": sums[:, at].mean(),
                                "low": low[at],
                                "high": high[at],
                                "discounted": sign * now[at, chosen].sum(),
                            }
                        )
        return pd.DataFrame(rows)

    @cached_property
    def curve(self) -> pd.DataFrame:
        """Net benefit from the start to the end of each quarter, discounted, without any remaining life.

        Columns: `plan, quarter, extrapolated, net_benefit, low, high` (5th and 95th percentile over replications), and
        `chance`, the share of replications in which the plan has paid by then.
        """
        tables = []
        for plan, worth in zip(self.names, self.worths, strict=True):
            running = worth.cumulative().sum(axis=2)
            low, high = np.quantile(running, BAND, axis=0)
            quarters = [quarter_text(at) for at in range(worth.quarters)]
            late = [self.last_observed is None or int(text[:4]) > self.last_observed for text in quarters]
            tables.append(
                pd.DataFrame(
                    {
                        "plan": plan,
                        "quarter": [str(text) for text in quarters],
                        "extrapolated": late,
                        "net_benefit": running.mean(axis=0),
                        "low": low,
                        "high": high,
                        "chance": (running > 0.0).mean(axis=0),
                    }
                )
            )
        return pd.concat(tables, ignore_index=True)

    @cached_property
    def horizons(self) -> pd.DataFrame:
        """What a plan commits after its own horizon, and what it is worth with and without a remaining life.

        Columns: `plan, own_end, planned, planned_after` (bvnd), `net_benefit, low, high` (to the horizon only),
        `remaining_life, remaining_low, remaining_high` (what the remaining life adds).
        """
        rows = []
        for plan, worth in zip(self.plans, self.worths, strict=True):
            whole, cut = worth.lines().sum(axis=1), worth.lines(remaining=False).sum(axis=1)
            own, more = paired_interval(cut), paired_interval(whole - cut)
            rows.append(
                {
                    "plan": plan.name,
                    "own_end": str(quarter_text(plan.plan_quarters - 1)),
                    "planned": plan.planned_money(),
                    "planned_after": money_after(plan, worth.plan.scenario),
                    **dict(zip(("net_benefit", "low", "high"), map(float, own.values()), strict=True)),
                    **dict(
                        zip(
                            ("remaining_life", "remaining_low", "remaining_high"),
                            map(float, more.values()),
                            strict=True,
                        )
                    ),
                }
            )
        return pd.DataFrame(rows)

    @cached_property
    def switching(self) -> pd.DataFrame:
        """Up to which value of each price a plan pays, the others as they are.

        Columns: `plan, price, unit, value` (mean of the runs; of a factor 1), `range_low, range_high` (of the parameter
        table), `switching_value` (missing where none is), `within_range`.
        """
        rows = [row for plan, worth in zip(self.names, self.worths, strict=True) for row in switching(plan, worth)]
        return pd.DataFrame(rows)

    @property
    def tornado(self) -> pd.DataFrame:
        """What each plan is worth where an assumption is low or high in every set, all else as it is, largest first.

        Columns: `plan, parameter, unit, low, high` (5th and 95th percentile of the sets), `net_low, net_high`, their
        95% intervals `net_low_from, net_low_to, net_high_from, net_high_to`, `exact` (a price; of the others the
        eight strongest are run, and what a regression over the runs cannot tell from chance is left out) and
        `replications`. Raises StudyError unless it was asked for with `risk=True`.
        """
        if self.swings is None:
            raise StudyError("the tornado was not run: ask for it with appraise(..., risk=True)")
        return self.swings.copy()

    @cached_property
    def knowing(self) -> pd.DataFrame:
        """What knowing each assumption beforehand is worth to the choice among the plans and the baseline (EVPPI).

        Columns: `parameter, unit, evppi` (bvnd), `share` (of what knowing everything is worth, the last row, "all").
        Raises StudyError where there are under 20 sets.
        """
        return knowing(list(self.worths), self.parameters)


def appraise(
    plans: ScenarioLike | Iterable[ScenarioLike],
    baseline: ScenarioLike = "base",
    to: str = TO,
    *,
    replications: int = 200,
    seed: int = 0,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    assumptions: Mapping[str, Any] | None = None,
    budgets: str = HELD,
    life_years: float = LIFE,
    optimism_bias: bool = False,
    items: bool = False,
    item_runs: int = ITEM_RUNS,
    orders: int = ORDERS,
    risk: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Appraisal:
    """What plans are worth against a baseline on the same luck, to a horizon beyond their own.

    Parameters
    ----------
    plans : str, Path, Mapping, Scenario or iterable of them
        What is appraised.
    baseline : str, Path, Mapping or Scenario, default "base"
        What it is compared with: by default the centre builds nothing.
    to : str, default "2040Q4"
        The last quarter that is run; levers hold their last value.
    replications : int, default 200
        Runs of each plan and of the baseline.
    seed, country, assumptions, progress : optional
        As in `simulate`.
    parameters : str, Path or sequence of Mapping, default "plausible"
        As in `simulate`.
    budgets : str, default "held"
        What becomes of yearly budgets after a plan's own horizon: "held" or "ended".
    life_years : float, default 15
        How long what is built lasts, years; 0 leaves out what remains at the horizon.
    optimism_bias : bool, default False
        Take what provinces build to cost 27% more than thought, the mean of IT projects (Flyvbjerg and Budzier 2011);
        what the centre builds overruns in every run already.
    items : bool, default False
        Also share out each plan's worth among the items of its roadmap and its groups of instruments: Shapley values
        over mixed plans, all of them up to 8 items and groups, sampled orders beyond.
    item_runs : int, default 40
        Runs of each mixed plan.
    orders : int, default 32
        Orders that are sampled beyond 8, at least 4.
    risk : bool, default False
        Also run each plan and the baseline with the eight assumptions that it hangs on most low and high: `tornado`.
    workers : int, optional
        Threads; by default one a core. Results do not depend on them.

    Returns
    -------
    Appraisal
        Accounts, yearly flows, the curve of break-even, and the totals at several discount rates and values of time.

    Raises
    ------
    ScenarioError, CountryError
        If a scenario or the country cannot be used: one sentence a mistake.
    StudyError
        If an argument cannot.

    Examples
    --------
    >>> from dgsim import appraise
    >>> found = appraise("staged", to="2021Q4", replications=2)
    >>> found.accounts()["name"].tolist()
    ['centre', 'provinces', 'citizens', 'firms', 'total']
    """
    policies, base = [load_scenario(which) for which in listed(plans)], load_scenario(baseline)
    check_plans(policies, base)
    quarters = quarters_to(to)
    if not 0.0 <= life_years <= MOST_YEARS:
        raise StudyError(f"life_years = {life_years:g} is outside 0..{MOST_YEARS:g} (years)")
    land, sets = load_country(country), load_parameters(parameters)
    count, luck = run_count(replications), whole_number(seed, "seed", 0)
    few, walks = run_count(item_runs, "item_runs", 2), whole_number(orders, "orders", 4, MOST_HELD)
    life = round(life_years * QUARTERS_PER_YEAR)
    check_memory(count, 1 + len(policies), quarters, len(land) * (2 + len(RATES)))
    longer = [prolonged(policy, quarters, budgets) for policy in (base, *policies)]
    longer = [policy.with_changes(**assumptions) for policy in longer] if assumptions else longer
    hybrids = [split(plan, longer[0]) for plan in longer[1:]] if items else []
    if risk:
        check_sets(sets, count)
    steps = [count] * len(longer) + [mixtures_of(one, orders=walks) * few for one in hybrids]
    steps += [swing_runs(count)] * len(policies) * risk
    told = [shifted(progress, sum(steps[:at]), sum(steps)) for at in range(len(steps))]

    def gathered(policy: Scenario, runs: int, rates: Sequence[float], heard: Progress | None) -> Gathered:
        numbers = range(runs)
        prices = prices_of(policy, sets, numbers, optimism_bias)
        arguments: dict[str, Any] = {"seed": luck, "replications": numbers, "workers": workers, "progress": heard}
        return gather(policy, land, sets, prices, rates, **arguments)

    runs = [gathered(policy, count, RATES, heard) for policy, heard in zip(longer, told, strict=False)]
    shared = [
        items_of(one, lambda plan, heard: gathered(plan, few, (), heard), life, orders=walks, runs=few, progress=heard)
        for one, heard in zip(hybrids, told[len(longer) :], strict=False)
    ]
    worths = tuple(Worth(one, runs[0], life) for one in runs[1:])
    swings = (
        []
        if not risk
        else [
            row
            for plan, worth, heard in zip(policies, worths, told[-len(policies) :], strict=True)
            for row in tornado(plan.name, worth, sets, lambda one, few, heard: gathered(one, few, (), heard), heard)
        ]
    )
    return Appraisal(
        worths,
        tuple(policies),
        base,
        str(quarter_text(quarters - 1)),
        budgets,
        life_years,
        optimism_bias,
        land,
        luck,
        sets,
        pd.concat(shared, ignore_index=True) if shared else None,
        {name: label for one in hybrids for name, label in labels_of(one).items()},
        pd.DataFrame(swings) if risk else None,
    )
