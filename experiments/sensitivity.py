"""What the findings hang on: Morris, then Sobol, on outcomes and on differences between scenarios; where they flip.

    python experiments/sensitivity.py --out docs/findings

Writes one figure a question (PNG), the tables behind them (CSV) and sensitivity.md, which names them. Takes about ten
minutes on two cores. Needs: pip install "dgsim[analysis]"
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import dgsim
from dgsim.analysis import sensitivity
from dgsim.analysis.problem import parameters_of, trial
from dgsim.analysis.salib_problem import screened, variance_shares
from dgsim.numbers import difference_unit_text
from dgsim.show.figures.sensitivity import elementary_effects, flip_figure, shares_of_variance
from dgsim.show.figures.style import saver
from dgsim.sweeps.worlds import best_shares, better_by
from dgsim.world.tables import ASSUMED, OUTCOMES, PARAMETERS, PUBLISHED, Parameter

SEED = 41
SCENARIOS = ("history", "services-first", "foundations-first", "staged")
FLIPS = ("use", "net_benefit", "own_platform_excess", "gap_p90_p10")
MOST = 20  # numbers of which the page says what they rest on
FLIP_PAIRS = (
    ("use", "staged", "foundations-first"),
    ("use", "foundations-first", "services-first"),
    ("net_benefit", "staged", "services-first"),
    ("net_benefit", "staged", "history"),
)


@dataclass(frozen=True)
class Question:
    """One trial: a scenario, or its difference from a baseline, and the outcomes asked of it."""

    name: str
    scenario: str
    baseline: str | None
    outcomes: tuple[str, ...]

    def text(self, outcome: str) -> str:
        """The question in words."""
        label = OUTCOMES[outcome].label
        less = f" less {self.baseline}" if self.baseline else ""
        return f"{label} in 2030Q4, {self.scenario}{less}"


QUESTIONS = (
    Question("history", "history", None, ("use", "net_benefit")),
    Question("staged-less-history", "staged", "history", ("use", "net_benefit")),
    Question("foundations-less-services", "foundations-first", "services-first", ("use", "net_benefit")),
    Question("staged-less-foundations", "staged", "foundations-first", ("use", "net_benefit")),
)


def told(done: int, everything: int) -> None:
    if done % 500 == 0 or done == everything:
        print(f"  {done:,} of {everything:,} points", file=sys.stderr, flush=True)


def asked(
    question: Question, out: Path, trajectories: int, points: int, most: int
) -> tuple[list[str], dict[str, pd.DataFrame]]:
    """Screen, then share out the variance; figures and tables; lines for the page, and the elementary effects."""
    about = trial(question.scenario, baseline=question.baseline, replications=2, seed=SEED)
    print(question.name, file=sys.stderr)
    effects = screened(about, parameters_of("uncertain"), question.outcomes, trajectories=trajectories, progress=told)
    chosen = parameters_of("uncertain", sensitivity.strongest(effects, most))
    shares = variance_shares(about, chosen, question.outcomes, points=points, progress=told)
    lines = []
    for outcome in question.outcomes:
        stem = f"{question.name}-{outcome.replace('_', '-')}"
        note = f"Morris, {trajectories} trajectories over all uncertain parameters; ranges of the table; seed {SEED}"
        figure = elementary_effects(effects[outcome], OUTCOMES[outcome].unit, question.text(outcome), note)
        saver(figure, note)(out / f"morris-{stem}.png")
        effects[outcome].to_csv(out / f"morris-{stem}.csv", index=False, float_format="%.5g", lineterminator="\n")
        note = f"Sobol, {points} points (Saltelli) over the {most} strongest of the screening; seed {SEED}"
        figure = shares_of_variance(shares[outcome], question.text(outcome), note)
        saver(figure, note)(out / f"sobol-{stem}.png")
        shares[outcome].to_csv(out / f"sobol-{stem}.csv", index=False, float_format="%.5g", lineterminator="\n")
        lines += page_lines(question, outcome, stem, effects[outcome], shares[outcome])
    return lines, effects


def page_lines(question: Question, outcome: str, stem: str, effects: pd.DataFrame, shares: pd.DataFrame) -> list[str]:
    """What the page says of one question."""
    top = effects.head(3)
    unit = difference_unit_text(OUTCOMES[outcome].unit)
    scale = 100.0 if OUTCOMES[outcome].unit.startswith("share") else 1.0
    screening = "; ".join(
        f"`{r.parameter}` {r.mu_star * scale:,.3g} ± {r.mu_star_half * scale:,.2g}" for r in top.itertuples()
    )
    shared = "; ".join(
        f"`{r.parameter}` {r.first:.0%} ± {r.first_half:.0%} alone, {r.total:.0%} ± {r.total_half:.0%} with others"
        for r in shares.head(3).itertuples()
    )
    return [
        f"## {question.text(outcome)}",
        "",
        f"Screening (mean size of the effect over the whole range, {unit}): {screening}.",
        f"Shares of the variance: {shared}.",
        "",
        f"![Morris](morris-{stem}.png)",
        "",
        f"![Sobol](sobol-{stem}.png)",
        "",
    ]


def rests_on(parameter: Parameter) -> str:
    """What a number's size rests on, in words."""
    if parameter.basis == PUBLISHED:
        return parameter.source
    said = parameter.source.removeprefix(ASSUMED).lstrip("; ")
    return f"nothing published found; {said}" if said else "nothing published found"


def strongest_lines(all_effects: list[pd.DataFrame], out: Path) -> list[str]:
    """The numbers that move most, by their largest effect against the strongest of its question, and their sources."""
    relative = [e.set_index("parameter")["mu_star"] / e["mu_star"].max() for e in all_effects]
    top = pd.concat(relative, axis=1).max(axis=1).nlargest(MOST)
    rows = [(name, size, PARAMETERS[name]) for name, size in top.items()]
    table = pd.DataFrame(
        [(name, size, p.prior, p.low, p.high, p.unit, p.basis, rests_on(p)) for name, size, p in rows],
        columns=["parameter", "strength", "prior", "low", "high", "unit", "basis", "rests_on"],
    )
    table.to_csv(out / "strongest.csv", index=False, float_format="%.4g", lineterminator="\n")
    published = int((table["basis"] == PUBLISHED).sum())
    return [
        f"## The {MOST} numbers that move most, and what they rest on",
        "",
        "By the screening of the eight questions above: the largest effect, 1 for the strongest of a question. "
        f"{published} rest on published figures.",
        "",
        "| number | strength | prior | range | unit | rests on |",
        "|---|---|---|---|---|---|",
        *(
            f"| `{r.parameter}` | {r.strength:.2f} | {r.prior:g} | {r.low:g} to {r.high:g} | {r.unit} | {r.rests_on} |"
            for r in table.itertuples()
        ),
        "",
    ]


def flips(out: Path, replications: int) -> list[str]:
    """In which share of the plausible sets each scenario is best, and what separates where it flips."""
    comparison = dgsim.compare(list(SCENARIOS), replications=replications, seed=SEED)
    best = {}
    for outcome in FLIPS:
        best[outcome] = best_shares(better_by(sensitivity.set_means(comparison, outcome), outcome))["share"]
    table = pd.DataFrame(best).T[list(SCENARIOS)]
    table.to_csv(out / "ranking.csv", index_label="outcome", float_format="%.4g", lineterminator="\n")
    note = f"{len(comparison.parameters)} plausible sets, {replications} paired replications, seed {SEED}"
    labels = {name: OUTCOMES[name].label for name in best}
    title = "In which share of the plausible worlds each order of investment is best"
    saver(flip_figure(table, labels, title, note), note)(out / "ranking.png")
    lines = ["## Does the ranking of scenarios flip, and where?", "", "![Ranking](ranking.png)", ""]
    lines += ["| best in 2030Q4 | " + " | ".join(SCENARIOS) + " |", "|---|" + "---|" * len(SCENARIOS)]
    lines += [
        f"| {OUTCOMES[name].label} | " + " | ".join(f"{v:.0%}" for v in row) + " |"
        for name, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    lines += ["", "What separates the sets, by the rank correlation of the difference with each parameter:", ""]
    lines += [
        "| outcome | first has more than second in | parameter | rank correlation | lowest third | highest third |",
        "|---|---|---|---|---|---|",
    ]
    for outcome, one, other in FLIP_PAIRS:
        means = sensitivity.set_means(comparison, outcome)
        share = (means[one] > means[other]).mean()
        for row in sensitivity.where_it_flips(means, one, other, comparison.parameters, most=3).itertuples():
            lines.append(
                f"| {OUTCOMES[outcome].label} | {one} than {other}: {share:.0%} of sets | `{row.parameter}` | "
                f"{row.rank_correlation:+.2f} | {row.low_third:.0%} | {row.high_third:.0%} |"
            )
    return [*lines, ""]


HEAD = """# Sensitivity

What the results hang on. Every number here is from `python experiments/sensitivity.py --out docs/findings`.
Screening: elementary effects (Morris 1991) of all uncertain parameters over the ranges of the
[table](../reference/parameters.md). Then shares of the variance (Sobol 1993) of the strongest of each question. All
points meet the same luck, two replications each; intervals are 95%. A difference is one scenario less another under the
same parameters. Ranges are the full ones: what the data leave of them is in [the evidence](../evidence.md). A share
below zero is the error of a small sample.

"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--trajectories", type=int, default=8)
    parser.add_argument("--points", type=int, default=128)
    parser.add_argument("--most", type=int, default=8, help="parameters whose shares are computed")
    parser.add_argument("--replications", type=int, default=512, help="of the comparison over the plausible sets")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    lines = flips(given.out, given.replications)
    effects: list[pd.DataFrame] = []
    for question in QUESTIONS:
        told_of_it, found = asked(question, given.out, given.trajectories, given.points, given.most)
        lines += told_of_it
        effects += (found[outcome] for outcome in question.outcomes)
    lines += strongest_lines(effects, given.out)
    (given.out / "sensitivity.md").write_text(HEAD + "\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
