"""Under which assumptions does a plan gain little? A box found by PRIM (EMA Workbench).

    python experiments/ema_prim.py --out out/prim
    python experiments/ema_prim.py --side highest --baseline foundations-first --size 1000 --out out/prim

The points of interest are those where the outcome, as a difference from the baseline, is lowest (or highest). Writes
prim.csv (the limits), points.csv, prim.png and prim.svg. Needs: pip install "dgsim[analysis]"
"""

from __future__ import annotations

import pandas as pd
from analysis_options import answered, asked, caption, save

from dgsim.analysis.boxes import find_box
from dgsim.analysis.ema_model import experiments
from dgsim.show.figures.boxes import box_of_assumptions

# What salib_morris.py --baseline services-first found to move the difference most; --parameters takes others.
STRONGEST = (
    *("inertia", "noise", "build_cost_factor", "reform_spread", "hold_up_risk"),
    *("start_belief", "trust_base", "shared_cost", "as_is_quality", "own_floor"),
)
MORE = {
    "--share": {"type": float, "default": 0.25, "help": "share of points that are of interest, 0 to 1 (default: 0.25)"},
    "--side": {"choices": ("lowest", "highest"), "default": "lowest", "help": "which points are of interest"},
}


def main() -> None:
    """Try the points, find the box, then write the tables and the figure."""
    chosen = {"baseline": "services-first", "replications": 8, "strongest": STRONGEST}
    given, trial = asked(__doc__, size=400, size_help="points", more=MORE, **chosen)
    points, outcomes = experiments(trial, given.parameters, given.size)
    values = outcomes[given.outcome] * (1 if given.side == "lowest" else -1)
    interesting = (values <= values.quantile(given.share)).to_numpy()
    box = find_box(points, interesting)
    given.out.mkdir(parents=True, exist_ok=True)
    pd.concat([points, outcomes], axis=1).assign(interesting=interesting).to_csv(given.out / "points.csv", index=False)
    print(f"coverage {box.coverage:.2f}, density {box.density:.2f}, mass {box.mass:.2f}")
    if box.limits.empty:
        print("no box is surer than chance: more points may find one")
        return
    title = f"Where {given.question} is in its {given.side} {given.share:.0%}: "
    title += f"{box.density:.0%} of the box, which holds {box.coverage:.0%} of these points"
    labels = {parameter.name: parameter.label for parameter in given.parameters}
    words = caption(trial, f"{given.size} points (Latin hypercube), PRIM")
    save(given.out, "prim", box.limits, box_of_assumptions(points, interesting, box.limits, labels, title, words))


if __name__ == "__main__":
    answered(main)
