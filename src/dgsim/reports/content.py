"""What a report tells, as tables and sentences; how it looks is another matter."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dgsim._version import __version__
from dgsim.analysis.sensitivity import by_chance, set_means, where_it_flips
from dgsim.appraisals.appraisal import Appraisal
from dgsim.appraisals.targets.chances import Chances
from dgsim.decide.explain import explain
from dgsim.decide.explanation import Explanation, sized
from dgsim.engine.run import Progress, rules_digest
from dgsim.engine.sets import PLAUSIBLE_NAME, ParametersLike, load_parameters
from dgsim.evidence.pattern_claims import claims_about
from dgsim.scenario import Scenario, difference, load_scenario, quarter_text, shipped_scenarios
from dgsim.scenario.naming import file_name
from dgsim.study.compare import Comparison
from dgsim.study.hybrids import what_matters
from dgsim.study.materiality import LIMITS
from dgsim.study.record import caption, country_hash, country_text
from dgsim.study.simulate import shortened
from dgsim.texts import ENGLISH, words
from dgsim.texts.clauses import Clause, Fill, Label, Level, Listed, OutcomeTo, Within, clause
from dgsim.world.tables import OUTCOMES, PARAMETERS, Outcome

EXPLAINED = 100  # replications of an attribution at most: it runs every mixture of the groups of levers
FEWEST_SETS = 30  # below which nothing is said of assumptions that matter
MOST_ASSUMPTIONS = 5
# by the verdict of the validation, which is empty of what is open
CLAIM_SAID = {"yes": "report.claim_holds", "no": "report.claim_fails", "": "report.claim_open"}


@dataclass(frozen=True)
class Told:
    """One scenario beside the baseline.

    differences   sentences: what it changes
    answer        a sentence: where the outcome ends, and how far from the baseline
    beside        sentences: in how many sets of parameters the difference has its sign, and each claim of the model
                  that speaks of the scenario in this outcome, with the share of sets in which it comes out
    why           the attribution of the difference; None where the two are the same policy
    assumptions   `parameter, label, unit, rank_correlation, clear, low_third, high_third`; clear where chance would
                  hardly bring so much about in any of the parameters; empty where there are too few sets
    """

    scenario: Scenario
    differences: tuple[str, ...]
    answer: str
    beside: tuple[str, ...]
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
    appraisal     what the scenarios are worth against nothing built, to 2040
    chances       whether they meet what was decided; None in another country
    asked         what is typed to make the same numbers, the words of each command, the report's own first
    file          where the report's own command writes it
    """

    title: str
    question: str
    language: str
    comparison: Comparison
    outcome: str
    told: tuple[Told, ...]
    validation: pd.DataFrame | None
    appraisal: Appraisal
    chances: Chances | None
    asked: tuple[tuple[str, ...], ...]
    file: str = "report.html"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.title!r}: {', '.join(self.comparison.scenarios)})"

    @property
    def about(self) -> Outcome:
        """The outcome's label, unit and direction."""
        return OUTCOMES[self.outcome]

    @property
    def commands(self) -> tuple[str, ...]:
        """Lines for a terminal that make the same numbers."""
        own, *others = self.asked
        return tuple(map(shlex.join, [(*own, "--out", self.file), *others]))

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
    validation: pd.DataFrame | None,
    part: Progress | None,
) -> Told:
    """One scenario beside the baseline: what it changes, where the outcome ends, and why."""
    same, w = not what_matters(base, policy), words(language)
    return Told(
        scenario=policy,
        differences=tuple(change.said.text(w) for change in difference(base, policy)),
        answer=_answer(comparison, policy.name, outcome).text(w),
        beside=tuple(said.text(w) for said in _beside(comparison, base, policy, outcome, validation)),
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


def _beside(
    comparison: Comparison, base: Scenario, policy: Scenario, outcome: str, validation: pd.DataFrame | None
) -> Iterator[Clause]:
    """In how many sets the difference has the sign of its mean; the claims it touches, and how both can be true."""
    means = set_means(comparison, outcome)
    differences = means[policy.name] - means[base.name]
    sign = float(np.sign(differences.mean()))
    names: dict[str, Fill] = {"policy": policy.name, "baseline": base.name}
    if len(means) > 1 and sign:
        same = int((np.sign(differences) == sign).sum())
        key = "report.sets_more" if sign > 0 else "report.sets_less"
        yield (
            clause(key, held=same, all=len(means), **names)
            if same < len(means)
            else clause(f"{key}_in_all", all=len(means), **names)
        )
    if validation is None or not _shipped(policy):
        return
    shares, verdicts = (validation.set_index("claim")[column] for column in ("share", "holds"))
    for claim, gap in claims_about([policy.name], outcome):
        key = CLAIM_SAID[verdicts[claim]]
        about: dict[str, Fill] = {"claim": Label(claim), "policy": policy.name, "quarter": gap.quarter}
        yield clause(key, rival=gap.rival[0], **about, **held_in_sets(float(shares[claim])))
        if gap.rival != (base.name, {}):
            yield clause("report.other_pair", rival=gap.rival[0], baseline=base.name)


def held_in_sets(share: float) -> dict[str, Fill]:
    """In how many of the plausible sets a claim comes out, of how many."""
    sets = len(load_parameters(PLAUSIBLE_NAME))
    return {"held": round(share * sets), "all": sets}


def _shipped(scenario: Scenario) -> bool:
    """Whether a scenario is as it is shipped, but for where it ends."""
    if scenario.name not in shipped_scenarios():
        return False
    return shortened(load_scenario(scenario.name), scenario.quarters).digest() == scenario.digest()


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
    return clause(key, outcome=Within(OutcomeTo(outcome, quarter_text(policies[0].quarters - 1))), **names).text(
        words(language)
    )


def title_of(policies: Sequence[Scenario], language: str) -> str:
    """The heading of a page where none was given."""
    return clause("report.title", others=listed(policies[1:]), baseline=policies[0].name).text(words(language))


def listed(policies: Sequence[Scenario]) -> Fill:
    """The names of scenarios as a sentence lists them: a, b and c."""
    *first, last = (policy.name for policy in policies)
    return Listed((Listed(tuple(first)), last), "list.and") if first else last


def asked_of(
    comparison: Comparison,
    outcome: str,
    quarters: int | None,
    country: Any,
    parameters: ParametersLike,
    language: str,
    has_targets: bool,
) -> Iterator[tuple[str, ...]]:
    """The words of the report's own command, without its file, and of the studies that it holds."""
    names = [_file_of(run.scenario) for run in comparison.simulations]
    common = ["--seed", str(comparison.seed)]
    if quarters is not None:
        common += ["--quarters", str(quarters)]
    if isinstance(country, str | Path):
        common += ["--country", str(country)]
    if isinstance(parameters, str | Path) and parameters != PLAUSIBLE_NAME:
        common += ["--parameters", str(parameters)]
    runs = ["--replications", str(comparison.replications)]
    aim, judged = ["--outcome", outcome], list[str]()
    told_in = [] if language == ENGLISH else ["--language", language]
    for changed in (name for name, limit in comparison.materiality.items() if limit != LIMITS[name]):
        judged += ["--materiality", f"{changed}={comparison.materiality[changed]!r}"]
    yield ("dgsim", "report", *names, *aim, *runs, *judged, *common, *told_in)
    yield ("dgsim", "compare", *names, *runs, *judged, *common, *told_in)
    fewer = ["--replications", str(max(2, min(comparison.replications, EXPLAINED)))]
    beyond = [word for word in common if word != "--quarters" and word != str(quarters)] if quarters else common
    yield ("dgsim", "appraise", *names, *runs, *beyond, *told_in)
    if has_targets:
        yield ("dgsim", "targets", *names, *runs, *beyond, *told_in)
    for name in names[1:]:
        yield ("dgsim", "explain", name, "--baseline", names[0], *aim, *fewer, *common, *told_in)


def _file_of(scenario: Scenario) -> str:
    """How a command names a scenario: by name if it is shipped, else as the file its text is to be saved as."""
    return scenario.name if _shipped(scenario) else file_name(scenario.name)
