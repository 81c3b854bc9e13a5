"""The patterns of the theory as claims over an ensemble: in how many sets each direction comes out.

The tests hold the same patterns at the central values, each with its own `central`; here every set of parameters is
asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dgsim.country.groups import POOR, RICH, fifth, income_a_head
from dgsim.evidence.ensemble_runs import Floats, SetMeans, SetRuns
from dgsim.evidence.targets import rank_correlation
from dgsim.numbers import SCALE
from dgsim.scenario.calendar import END
from dgsim.world.tables import FOUNDATIONS, OUTCOMES

Measure = Callable[[SetRuns], Floats]
Named = tuple[str, dict[str, Any]]  # a shipped scenario, and the levers or assumptions that are changed
INPUT, EMERGES, OPEN = "input", "emerges", "open"  # what a direction is
RUNS_NEEDED = 40  # scenarios, with their variants, that the patterns compare
AWARDED = 150.0  # bvnd a year, as the plans that give awards
TO_2040 = 84  # quarters
LARGEST = 2  # provinces
MUCH_ALIKE = 0.25  # a rank correlation of 63 that differs from nought at 5%
FAILING = {"failed_hard": 0.5, "failed_easy": 0.08}
THIRD = 3


@dataclass(frozen=True)
class Pattern:
    """One direction: `measure` gives a value a set, which must lie above `least` and, if there is one, below `most`.

    central   what its mean over luck lies above at the central values of all parameters; None where that is not claimed
    role      INPUT where a parameter or lever states it outright, EMERGES where it follows from other causes, OPEN
              where the theory asks and does not claim
    """

    pattern: str
    text: str
    unit: str
    measure: Measure
    least: float = 0.0
    most: float = np.inf
    central: float | None = 0.0
    role: str = EMERGES

    @property
    def claim(self) -> str:
        """Its name and text, as a table of claims has it."""
        return f"{self.pattern}: {self.text}"

    def holds(self, values: Floats) -> NDArray[np.bool_]:
        """Whether the direction comes out, one truth a set."""
        found: NDArray[np.bool_] = (values > self.least) & (values < self.most)
        return found


@dataclass(frozen=True)
class Gap:
    """The measure: one scenario less the other in an outcome; `subject` is the one that the claim speaks of."""

    one: Named
    other: Named
    outcome: str
    quarter: str
    subject: Named

    def __call__(self, runs: SetRuns) -> Floats:
        """One value a set."""
        one, other = (runs.of(name, **changes) for name, changes in (self.one, self.other))
        return runs.difference(one, other, self.outcome, self.quarter)

    @property
    def rival(self) -> Named:
        """The scenario that the subject is held against."""
        return self.other if self.subject == self.one else self.one


def gap_between(one: Named, other: Named, outcome: str, quarter: str = END, *, subject: Named | None = None) -> Gap:
    """The measure of a claim that speaks of `subject`, by default the first."""
    return Gap(one, other, outcome, quarter, subject or one)


def level(name: str, outcome: str, quarter: str) -> Measure:
    """The measure: an outcome of one scenario."""
    return lambda runs: runs.of(name).outcome(outcome, quarter)


def _leap(runs: SetRuns) -> Floats:
    history = runs.of("history")
    return history.outcome("supply", "2021Q4") - history.outcome("supply", "2020Q3")


def joint_gain(outcome: str) -> Measure:
    """What technology and reform bring together beyond what each brings alone."""

    def measure(runs: SetRuns) -> Floats:
        both = runs.of("staged", (*FOUNDATIONS, "process_reform")).outcome(outcome)
        neither = runs.of("staged", ()).outcome(outcome)
        technology = runs.of("staged", FOUNDATIONS).outcome(outcome)
        return (
            both
            - neither
            - (technology - neither)
            - (runs.of("staged", ("process_reform",)).outcome(outcome) - neither)
        )

    return measure


def gains_of_staged(runs: SetRuns, name: str) -> list[Floats]:
    """What the staged order gains over a pure one, a value a set: early supply, net benefit, less duplication."""
    staged, other = runs.of("staged"), runs.of(name)
    return [
        runs.difference(staged, other, "supply", "2021Q4"),
        runs.difference(staged, other, "net_benefit"),
        runs.difference(other, staged, "own_platform_excess"),
    ]


def _frontier(runs: SetRuns) -> Floats:
    """How clearly the staged order beats each pure order in its best of three respects, in spreads over the sets."""
    best = []
    for name in ("services-first", "foundations-first"):
        gains = gains_of_staged(runs, name)
        best.append(np.max([gain / max(gain.std(), 1e-12) for gain in gains], axis=0))
    least: Floats = np.min(best, axis=0)
    return least


def _supply_over_use(runs: SetRuns) -> Floats:
    plain, paid = runs.of("staged", lump_sum=AWARDED), runs.of("reward-supply")
    quarter = "2021Q4"
    return runs.difference(paid, plain, "supply", quarter) - runs.difference(paid, plain, "use", quarter)


def _filed_but_not_served(quarter: str) -> Measure:
    """Dossiers that come in online less those that end there."""

    def measure(runs: SetRuns) -> Floats:
        history = runs.of("history")
        return history.outcome("use_any_step", quarter) - history.outcome("use_full_process", quarter)

    return measure


def _by_income(runs: SetRuns) -> Floats:
    """Rank correlation over the provinces of dossiers that end online with income."""
    return rank_correlation(runs.of("history").stock("use_full_process", "2024Q2"), income_a_head(runs.country))


def _largest_low(runs: SetRuns) -> Floats:
    """Full-process use in the mean province less that in the two with most people."""
    shares = runs.of("history").stock("use_full_process", "2024Q2")
    largest = np.argsort(-runs.country.column("population_2019"), kind="stable")[:LARGEST]
    lower: Floats = shares.mean(axis=1) - shares[:, largest].mean(axis=1)
    return lower


def _foundations_favoured(runs: SetRuns) -> Floats:
    """Net benefit to 2040 of the plan that rests services on foundations, less that of services first."""
    staged, services = (runs.of(name, quarters=TO_2040) for name in ("staged", "services-first"))
    return runs.difference(staged, services, "net_benefit", "2040Q4")


def _stickiness(name: str, **changes: Any) -> Measure:
    """Provincial spending added by each bvnd that the centre grants."""

    def measure(runs: SetRuns) -> Floats:
        plain, granted = runs.of("staged"), runs.of(name, **changes)
        added = granted.stock("granted").sum(axis=1) - plain.stock("granted").sum(axis=1)
        spent: Floats = runs.difference(granted, plain, "provincial_spend") / added
        return spent

    return measure


def _matching_sticks_more(runs: SetRuns) -> Floats:
    return _stickiness("matching")(runs) - _stickiness("staged", lump_sum=250.0)(runs)


def _flow(run: SetMeans, name: str, provinces: NDArray[np.bool_] | slice = slice(None)) -> Floats:
    total: Floats = run.stock(name)[:, provinces].sum(axis=1)
    return total


def _leaks(runs: SetRuns) -> Floats:
    run = runs.of("training-only")
    return _flow(run, "trained_to_private") / _flow(run, "trained_made")


def _stay(runs: SetRuns) -> Floats:
    shares = [_flow(run, "trained") / _flow(run, "trained_made") for run in _training(runs)]
    return shares[1] - shares[0]


def _training(runs: SetRuns) -> tuple[SetMeans, SetMeans]:
    return runs.of("training-only"), runs.of("training-and-retention")


def _poor_lose(runs: SetRuns) -> Floats:
    income = income_a_head(runs.country)
    lost = []
    for group in (fifth(income, POOR), fifth(income, RICH)):
        run = runs.of("training-only")
        gone = _flow(run, "trained_to_private", group) + _flow(run, "trained_to_provinces", group)
        lost.append((gone - _flow(run, "trained_arrived", group)) / _flow(run, "trained_made", group))
    return lost[0] - lost[1]


def late_gain(quarter: str) -> Measure:
    """What peers bring the third of provinces that is last without them, less what they bring the first third."""

    def measure(runs: SetRuns) -> Floats:
        peers, alone = runs.of("staged"), runs.of("no-peers")
        order = np.argsort(alone.stock("use", "2027Q4"), axis=1, kind="stable")
        gain = np.take_along_axis(peers.stock("use", quarter) - alone.stock("use", quarter), order, axis=1)
        third = gain.shape[1] // THIRD
        late: Floats = gain[:, :third].mean(axis=1) - gain[:, -third:].mean(axis=1)
        return late

    return measure


def bad_examples(quarter: str) -> Measure:
    """What learning from peers brings where failures are hardly seen, less what it brings where all are."""

    def measure(runs: SetRuns) -> Floats:
        effects = []
        for visible in (0.2, 1.0):
            seen: dict[str, Any] = {**FAILING, "failure_visible": visible}
            effects.append(runs.difference(runs.of("staged", **seen), runs.of("no-peers", **seen), "use", quarter))
        return effects[0] - effects[1]

    return measure


def _fades(runs: SetRuns) -> Floats:
    never, once = runs.of("staged", league_table=False), runs.of("league-table-once")
    early = runs.difference(once, never, "reported_index", "2021Q4")
    return early - 2.0 * runs.difference(once, never, "reported_index")


def _finished(runs: SetRuns) -> Floats:
    medium, annual = runs.of("medium-term-budgets"), runs.of("annual-budgets")
    done: Floats = (medium.stock("finished_multi_year") - annual.stock("finished_multi_year")).mean(axis=1)
    return done


def _more_platforms(one: Named, other: Named, quarter: str) -> Measure:
    """Own platforms in the mean province under one scenario less under the other."""

    def measure(runs: SetRuns) -> Floats:
        numbers = [runs.of(name, **changes).stock("own_platforms", quarter) for name, changes in (one, other)]
        more: Floats = (numbers[0] - numbers[1]).mean(axis=1)
        return more

    return measure


def _rewarded(share: float) -> Named:
    return "reward-supply", {"audit_share": share}


S: Named = ("staged", {})
FF: Named = ("foundations-first", {})
SF: Named = ("services-first", {})
BOTH: Named = ("technology-and-reform", {})
TECHNOLOGY: Named = ("technology-only", {})
MATCHED: Named = ("matching", {})
EQUALISED: Named = ("matching-equalised", {})
MEDIUM: Named = ("medium-term-budgets", {})
ANNUAL: Named = ("annual-budgets", {})
BELIEVED: Named = ("promises-believed", {})
DOUBTED: Named = ("promises-not-believed", {})
NEGLECTED: Named = ("security-neglected", {})
ALONE: Named = ("no-peers", {})
AUDITED: Named = ("reward-use", {"audit_share": 0.5})
OWN_PLATFORMS = "own platforms a province"
USE, SUPPLY, BVND = (OUTCOMES[name].unit for name in ("use", "supply", "central_spend"))
LEAP, LITTLE_USE, MUCH_USE, WIDE = 0.4, 0.05, 0.3, 0.3
PATTERNS = (
    Pattern(
        "P1",
        f"supply leaps from 2020Q3 to 2021Q4 by more than {100 * LEAP:.0f} points",
        SUPPLY,
        _leap,
        LEAP,
        central=LEAP,
    ),
    Pattern(
        "P1",
        f"dossiers that end online in mid-2024 are between {LITTLE_USE:.0%} and {MUCH_USE:.0%}",
        USE,
        level("history", "use_full_process", "2024Q2"),
        LITTLE_USE,
        MUCH_USE,
        LITTLE_USE,
    ),
    Pattern(
        "P2",
        "reform with technology saves more hours than technology",
        OUTCOMES["hours_saved"].unit,
        gap_between(BOTH, TECHNOLOGY, "hours_saved"),
    ),
    Pattern("P2", "the joint gain in use exceeds the sum of the single gains", USE, joint_gain("use")),
    Pattern(
        "P2",
        "reform with technology is worth more by 2030 than technology: net benefit",
        OUTCOMES["net_benefit"].unit,
        gap_between(BOTH, TECHNOLOGY, "net_benefit"),
        central=None,
        role=OPEN,
    ),
    Pattern(
        "P2",
        "and by 2040",
        OUTCOMES["net_benefit"].unit,
        gap_between(
            (BOTH[0], {"quarters": TO_2040}),
            (TECHNOLOGY[0], {"quarters": TO_2040}),
            "net_benefit",
            "2040Q4",
        ),
        central=None,
    ),
    Pattern("P3", "services first leads early supply", SUPPLY, gap_between(SF, FF, "supply", "2020Q4"), central=0.2),
    Pattern("P3", "services first ends with less use", USE, gap_between(FF, SF, "use", subject=SF), central=None),
    Pattern("P3", "services first builds more own platforms", OWN_PLATFORMS, _more_platforms(SF, FF, "2025Q4")),
    Pattern(
        "P3",
        "services first pays more for own platforms beside the shared one",
        BVND,
        gap_between(SF, FF, "own_platform_excess"),
    ),
    Pattern("P3", "the staged order is dominated by neither", "spreads", _frontier, central=None),
    Pattern("P4", "rewarding supply raises supply more than use", SUPPLY, _supply_over_use),
    Pattern(
        "P4",
        "rewarding use raises dossiers that end online where audits look",
        USE,
        gap_between(AUDITED, ("staged", {"lump_sum": AWARDED, "audit_share": 0.5}), "use_full_process"),
    ),
    Pattern(
        "P4",
        "and dossiers that officials file where they do not",
        USE,
        gap_between(("reward-use", {"audit_share": 0.0}), AUDITED, "assisted_share"),
    ),
    Pattern(
        "P4",
        "with less audit the reporting gap grows",
        SCALE,
        gap_between(_rewarded(0.0), _rewarded(0.5), "reporting_gap"),
        central=0.02,
    ),
    Pattern("P5", "matching widens the gap of use by 2026", USE, gap_between(MATCHED, S, "gap_p90_p10", "2026Q4")),
    Pattern(
        "P5", "matching still widens it in 2030", USE, gap_between(MATCHED, S, "gap_p90_p10"), central=None, role=OPEN
    ),
    Pattern(
        "P5",
        "equalisation narrows it",
        USE,
        gap_between(MATCHED, EQUALISED, "gap_p90_p10", "2026Q4", subject=EQUALISED),
    ),
    Pattern(
        "P5", "at some cost to early use", USE, gap_between(MATCHED, EQUALISED, "use", "2024Q4", subject=EQUALISED)
    ),
    Pattern(
        "P6",
        "a lump sum raises spending by clearly less than its size",
        "bvnd per bvnd",
        _stickiness("staged", lump_sum=250.0),
        0.0,
        0.7,
    ),
    Pattern("P6", "matching by more than a lump sum", "bvnd per bvnd", _matching_sticks_more, central=None),
    Pattern("P6", "and by more than its size", "bvnd per bvnd", _stickiness("matching"), 1.0, central=None, role=OPEN),
    Pattern(
        "P7",
        "training alone leaks over a tenth to the private sector",
        "share of trained",
        _leaks,
        0.1,
        central=0.1,
        role=INPUT,
    ),
    Pattern("P7", "with retention a larger share stays", "share of trained", _stay),
    Pattern("P7", "poor provinces lose most", "share of trained", _poor_lose, central=None),
    Pattern("P8", "with peers the late adopters gain most", USE, late_gain(END), central=None),
    Pattern("P8", "bad examples slow adoption", USE, bad_examples("2027Q4")),
    Pattern(
        "P8", "learning from peers raises mean use", USE, gap_between(S, ALONE, "use", subject=ALONE), central=None
    ),
    Pattern(
        "P8",
        "and does so by 2027",
        USE,
        gap_between(S, ALONE, "use", "2027Q4", subject=ALONE),
        central=None,
        role=OPEN,
    ),
    Pattern("P9", "ranking once fades to under half", SCALE, _fades, role=INPUT),
    Pattern(
        "P9",
        "sustained priority keeps it up",
        SCALE,
        gap_between(("league-table-sustained", {}), ("league-table-once", {}), "reported_index"),
        role=INPUT,
    ),
    Pattern("P10", "security neglected: more incidents", "number", gap_between(NEGLECTED, S, "incidents"), role=INPUT),
    Pattern("P10", "and less use", USE, gap_between(S, NEGLECTED, "use", subject=NEGLECTED), central=0.02),
    Pattern("P11", "medium-term budgets lapse less", BVND, gap_between(ANNUAL, MEDIUM, "lapsed_money", subject=MEDIUM)),
    Pattern("P11", "and finish more projects that span years", "projects a province", _finished),
    Pattern(
        "P13",
        "promises believed: less early supply",
        SUPPLY,
        gap_between(DOUBTED, BELIEVED, "supply", "2021Q4", subject=BELIEVED),
    ),
    Pattern("P13", "and fewer own platforms", OWN_PLATFORMS, _more_platforms(DOUBTED, BELIEVED, "2021Q4")),
    Pattern(
        "P13",
        "and less is paid for own platforms beside the shared one",
        BVND,
        gap_between(DOUBTED, BELIEVED, "own_platform_excess", subject=BELIEVED),
    ),
    Pattern(
        "P14",
        "fee cuts and feedback raise use where supply is there",
        USE,
        gap_between(("fee-cut-and-feedback", {}), S, "use", "2026Q4"),
        0.0,
        role=INPUT,
    ),
    Pattern(
        "P14",
        "and do little before",
        USE,
        gap_between(("fee-cut-and-feedback", {}), S, "use", "2020Q4"),
        -0.01,
        0.01,
        -0.01,
    ),
    Pattern(
        "P15",
        "dossiers that end online do not follow income in 2024",
        "-1..1",
        _by_income,
        -1.0,
        MUCH_ALIKE,
        central=None,
    ),
    Pattern("P15", "and are fewer in the two largest cities", USE, _largest_low, central=None),
    Pattern(
        "P16",
        f"what comes in online is {100 * WIDE:.0f} points more than what ends there by 2024",
        USE,
        _filed_but_not_served("2024Q4"),
        WIDE,
        central=WIDE,
    ),
    Pattern(
        "P17",
        "by 2040 services that rest on foundations are worth more than services first",
        OUTCOMES["net_benefit"].unit,
        _foundations_favoured,
        central=None,
    ),
)


def claims_about(scenarios: Collection[str], outcome: str) -> list[tuple[str, Gap]]:
    """The claims that speak of one of these scenarios as it is shipped, in this outcome: the claim, and its measure.

    >>> [claim for claim, _ in claims_about(["staged", "services-first"], "use")]
    ['P3: services first ends with less use']
    """
    gaps = [(pattern.claim, pattern.measure) for pattern in PATTERNS if isinstance(pattern.measure, Gap)]
    return [
        (claim, gap)
        for claim, gap in gaps
        if gap.outcome == outcome and gap.subject[0] in scenarios and not gap.subject[1]
    ]
