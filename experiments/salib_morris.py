"""Which of all uncertain parameters move an outcome? Screening by elementary effects (SALib's Morris).

    python experiments/salib_morris.py --out out/morris
    python experiments/salib_morris.py --baseline services-first --outcome net_benefit --size 20 --out out/morris

Writes morris.csv, morris.png and morris.svg. Needs: pip install "dgsim[analysis]"
"""

from __future__ import annotations

from analysis_options import answered, asked, caption, save, told

from dgsim.analysis.salib_problem import morris
from dgsim.show.figures.sensitivity import elementary_effects


def main() -> None:
    """Try the points, then write the table and the figure."""
    given, trial = asked(__doc__, size=10, size_help="trajectories; each takes a point more than there are parameters")
    table = morris(trial, given.parameters, given.outcome, trajectories=given.size, progress=told)
    title = f"What moves {given.question}: the strongest of {len(given.parameters)} assumptions"
    figure = elementary_effects(table, given.unit, title, caption(trial, f"{given.size} trajectories (Morris)"))
    save(given.out, "morris", table, figure)


if __name__ == "__main__":
    answered(main)
