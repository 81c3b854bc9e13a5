"""How much of an outcome's variance does each uncertain parameter explain? Sobol indices (SALib).

    python experiments/salib_sobol.py --out out/sobol
    python experiments/salib_sobol.py --parameters services citizens --size 256 --out out/sobol

Writes sobol.csv, sobol.png and sobol.svg. Needs: pip install "dgsim[analysis]"
"""

from __future__ import annotations

from analysis_options import answered, asked, caption, save, told

from dgsim.analysis.salib_problem import sobol
from dgsim.show.figures.sensitivity import shares_of_variance

# What screening found to move use most; --parameters takes others.
STRONGEST = (
    *("as_is_quality", "inertia", "trust_base", "noise"),
    *("build_cost_factor", "fee_effect", "reform_spread", "overrun_spread"),
)


def main() -> None:
    """Try the points, then write the table and the figure."""
    text = "points, a power of two; each is tried two times more than there are parameters"
    given, trial = asked(__doc__, size=64, size_help=text, strongest=STRONGEST)
    table = sobol(trial, given.parameters, given.outcome, points=given.size, progress=told)
    title = f"What {given.question} hangs on: shares of its variance over {len(given.parameters)} assumptions"
    figure = shares_of_variance(table, title, caption(trial, f"{given.size} points (Sobol, Saltelli)"))
    save(given.out, "sobol", table, figure)


if __name__ == "__main__":
    answered(main)
