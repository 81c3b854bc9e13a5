"""Which incentive design serves which goal: the same 150 bvnd a year, given in seven ways.

    python experiments/goals.py --out out/goals --page docs/findings.md

Holds the scenarios of experiments/goals, all at the money of the first, against each other in every plausible world:
the mean of each outcome, and in how many worlds each design is best by it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from sweep_options import answered, asked, save, unit_of

from dgsim.decide.regret import regret
from dgsim.numbers import number_text, unit_text
from dgsim.show.figures.worlds import Panel, number_maps
from dgsim.show.terminal.pace import progress_bar
from dgsim.study.record import caption

GOALS = ("use", "net_benefit", "gap_p90_p10", "duplication_spend", "reporting_gap")


def main() -> None:
    """Hold the designs against each other goal by goal, then write tables and figure."""
    given = asked(__doc__, "goals")
    given.out.mkdir(parents=True, exist_ok=True)
    designs = Path(__file__).with_name("goals")
    how = {"replications": 1, "quarters": 8} if given.quick else {"replications": 4}
    means, best = {}, {}
    for goal in GOALS:
        with progress_bar(goal, quiet=False) as progress:
            found = regret(designs, outcome=goal, progress=progress, **how)
        means[goal] = found.regrets.set_index("scenario")["mean"]
        best[goal] = found.regrets.set_index("scenario")["best"]
    tables = {"goals-means": pd.DataFrame(means), "goals-best": pd.DataFrame(best)}
    title = f"In what share of {len(found.worlds)} worlds is a design the best by each outcome, {found.quarter}?"
    panel = Panel("Best of the seven", "share of worlds", tables["goals-best"])
    figures = {"goals-best": number_maps([panel], title, caption(found.basis))}
    told = {
        f"{goal}, {unit_text(unit_of(goal))} (best in)": [
            f"{number_text(mean, unit_of(goal))} ({share:.0%})"
            for mean, share in zip(tables["goals-means"][goal], tables["goals-best"][goal], strict=True)
        ]
        for goal in GOALS
    }
    save(given, tables, figures, told, tables["goals-means"].index.rename("design"))


if __name__ == "__main__":
    answered(main)
