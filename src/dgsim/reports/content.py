"""What a report tells, as tables and sentences; how it looks is another matter."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dgsim._version import __version__
from dgsim.analysis.sensitivity import by_chance, set_means, where_it_flips
from dgsim.decide.explain import explain
from dgsim.decide.explanation import Explanation, sized
from dgsim.engine.run import Progress, rules_digest
from dgsim.engine.sets import PLAUSIBLE_NAME, ParametersLike
from dgsim.scenario import Scenario, difference, load_scenario, shipped_scenarios
from dgsim.scenario.naming import file_name
from dgsim.study.compare import Comparison
from dgsim.study.record import caption, country_hash, country_text
from dgsim.study.simulate import shortened
from dgsim.texts import ENGLISH, words
from dgsim.texts.clauses import Clause, Fill, Level, Listed, Within, clause
from dgsim.texts.clauses import Outcome as OutcomeFact
from dgsim.world.tables import OUTCOMES, PARAMETERS, Outcome

EXPLAINED = 100  # replications of an attribution at most: it runs every mixture of the groups of levers
FEWEST_SETS = 30  # below which nothing is said of assumptions that matter
MOST_ASSUMPTIONS = 5


@dataclass(frozen=True)
class Told:
    """One scenario beside the baseline.

    differences   sentences: what it changes
    answer        a sentence: where the outcome ends, and how far from the baseline
    why           the attribution of the difference; None where the two are the same policy
    assumptions   `parameter, label, unit, rank_correlation, clear, low_third, high_third`; clear where chance would
                  hardly bring so much about in any of the parameters; empty where there are too few sets
    """

    scenario: Scenario
    differences: tuple[str, ...]
    answer: str
    why: Explanation | None
    assumptions: pd.DataFrame


@dataclass(frozen=True, repr=False)
class Content:
    """All that a page tells.

    language      in which it is told
    comparison    the runs, the baseline first
    outcome       the name of the outcome the report is about; `about` is its row of the catalogue
    told          one a scenario besides the baseline
    validation    `group, claim, who, unit, observed, model, low, high, share, holds, note`; None in another country
    commands      lines for a terminal that make the same numbers
    """

    title: str
    question: str
    language: str
    comparison: Comparison
    outcome: str
    told: tuple[Told, ...]
    validation: pd.DataFrame | None
    commands: tuple[str, ...]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.title!r}: {', '.join(self.comparison.scenarios)})"

    @property
    def about(self) -> Outcome:
        """The outcome's label, unit and direction."""
        return OUTCOMES[self.outcome]

    @property
    def country(self) -> str:
        """The country, as a title names it."""
        return country_text(self.comparison.country, self.language)

    @property
    def caption(self) -> str:
        """The line below every figure."""
        return caption(self.comparison, self.language)

    @property
    def quarter(self) -> str:
        """The last quarter of the runs."""
        return str(self.comparison.differences["quarter"].iloc[-1])

    @property
    def identity(self) -> dict[str, str]:
        """What must be the same for the numbers to be the same."""
        return {
            "dgsim": __version__,
            "rules and data": rules_digest()[:16],
            "country": country_hash(self.comparison.country)[:16],
            "parameters": str(self.comparison.parameters.record()["sha256"])[:16],
        }


def parts_of(progress: Progress | None, count: int) -> list[Progress | None]:
    """One progress for each of so many parts of equal length, in thousandths of a part."""
    if progress is None:
        return [None] * count

    def part(number: int) -> Callable[[int, int], None]:
        return lambda done, of: progress(1000 * number + 1000 * done // max(1, of), 1000 * count)

    return [part(number) for number in range(count)]


def told_of(
    comparison: Comparison,
    base: Scenario,
    policy: Scenario,
    outcome: str,
    language: str,
    luck: dict[str, Any],
    part: Progress | None,
) -> Told:
    """One scenario beside the baseline: what it changes, where the outcome ends, and why."""
    same, w = base.digest() == policy.digest(), words(language)
    return Told(
        scenario=policy,
        differences=tuple(change.said.text(w) for change in difference(base, policy)),
        answer=_answer(comparison, policy.name, outcome).text(w),
        why=None if same else explain(policy, base, outcome=outcome, progress=part, **luck),
        assumptions=_assumptions(comparison, policy.name, outcome),
    )


def _answer(comparison: Comparison, name: str, outcome: str) -> Clause:
    """Where the outcome ends under a scenario, and how far from the baseline."""
    quarter = str(comparison.differences["quarter"].iloc[-1])
    level = float(_last(comparison.levels, name, outcome, quarter)["mean"])
    row = _last(comparison.differences, name, outcome, quarter)
    names: dict[str, Fill] = {"policy": name, "baseline": comparison.baseline, "quarter": quarter}
    return clause(
        "report.answer", level=Level(level, str(row["unit"])), **names, **sized(row, "difference", row["unit"])
    )


def _last(table: pd.DataFrame, scenario: str, outcome: str, quarter: str) -> pd.Series:
    chosen_rows = (table["scenario"] == scenario) & (table["outcome"] == outcome) & (table["quarter"] == quarter)
    return table[chosen_rows].iloc[0]


def _assumptions(comparison: Comparison, name: str, outcome: str) -> pd.DataFrame:
    """The parameters with which the difference from the baseline goes most, over the plausible sets."""
    columns = ["parameter", "label", "unit", "rank_correlation", "clear", "low_third", "high_third"]
    means = set_means(comparison, outcome)
    if len(means) < FEWEST_SETS or len(comparison.parameters) < FEWEST_SETS:
        return pd.DataFrame(columns=columns)
    table = where_it_flips(means, name, comparison.baseline, comparison.parameters, MOST_ASSUMPTIONS)
    table["clear"] = table["rank_correlation"].abs() > by_chance(len(means), len(comparison.parameters.names))
    table["label"] = [PARAMETERS[parameter].label for parameter in table["parameter"]]
    table["unit"] = [PARAMETERS[parameter].unit for parameter in table["parameter"]]
    return table[columns]


def question_of(policies: Sequence[Scenario], outcome: str, language: str) -> str:
    """The question a page answers where none was given."""
    key = "report.question_many" if len(policies) > 2 else "report.question"
    names: dict[str, Fill] = {"others": listed(policies[1:]), "baseline": policies[0].name}
    return clause(key, outcome=Within(OutcomeFact(outcome)), **names).text(words(language))


def title_of(policies: Sequence[Scenario], language: str) -> str:
    """The heading of a page where none was given."""
    return clause("report.title", others=listed(policies[1:]), baseline=policies[0].name).text(words(language))


def listed(policies: Sequence[Scenario]) -> Fill:
    """The names of scenarios as a sentence lists them: a, b and c."""
    *first, last = (policy.name for policy in policies)
    return Listed((Listed(tuple(first)), last), "list.and") if first else last


def commands_of(
    comparison: Comparison,
    outcome: str,
    quarters: int | None,
    country: Any,
    parameters: ParametersLike,
    language: str,
) -> Iterable[str]:
    """The report again, its comparison, and its attributions."""
    names = [_file_of(run.scenario, quarters) for run in comparison.simulations]
    common = ["--seed", str(comparison.seed)]
    if quarters is not None:
        common += ["--quarters", str(quarters)]
    if isinstance(country, str | Path):
        common += ["--country", str(country)]
    if isinstance(parameters, str | Path) and parameters != PLAUSIBLE_NAME:
        common += ["--parameters", str(parameters)]
    runs = ["--replications", str(comparison.replications)]
    aim = ["--outcome", outcome]
    told_in = [] if language == ENGLISH else ["--language", language]
    yield shlex.join(["dgsim", "report", *names, *aim, *runs, *common, *told_in, "--out", "report.html"])
    yield shlex.join(["dgsim", "compare", *names, *runs, *common, *told_in])
    fewer = ["--replications", str(max(2, min(comparison.replications, EXPLAINED)))]
    for name in names[1:]:
        yield shlex.join(["dgsim", "explain", name, "--baseline", names[0], *aim, *fewer, *common, *told_in])


def _file_of(scenario: Scenario, quarters: int | None) -> str:
    """How a command names a scenario: by name if it is shipped, else as the file its text is to be saved as."""
    if scenario.name in shipped_scenarios():
        packaged = shortened(load_scenario(scenario.name), quarters)
        if packaged.digest() == scenario.digest():
            return scenario.name
    return file_name(scenario.name)
