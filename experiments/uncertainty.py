"""In how many sampled worlds does one plan beat another, and which of the numbers that nobody knows turn it round?

    python experiments/uncertainty.py --out out/uncertainty --page docs/findings.md

Runs uncertainty.toml (or goes on with it) and writes how often each plan beats each other one by each outcome in
OUTCOMES, and for the two that are best most often which assumptions turn the comparison round.
"""

from __future__ import annotations

from sweep_options import answered, caption, explored, save, spread, spread_text, unit_of

from dgsim.numbers import unit_text
from dgsim.show.figures.worlds import Panel, levels, number_maps, turning
from dgsim.sweeps.worlds import beats, best_shares, better_by, by_world, flips, worlds

OUTCOMES = ("use", "net_benefit", "gap_p90_p10")


def main() -> None:
    """Run the sweep, then write tables and figures."""
    result, given = explored(__doc__, "uncertainty")
    tables, figures, panels, told = {}, {}, [], {}
    for outcome in OUTCOMES:
        world = by_world(result, outcome)
        better, note = better_by(world, outcome), caption(result, len(world))
        won, best = beats(better), best_shares(better)
        tables[f"uncertainty-{outcome}"] = best
        told[f"{outcome}, {unit_text(unit_of(outcome))}"] = spread_text(spread(world), unit_of(outcome))
        told[f"best by {outcome}, % of worlds"] = spread_text(best, "share")
        panels.append(Panel(f"By {outcome}: the row beats the column", "share of worlds", won))
        first, second = best.index[:2]
        table = flips(worlds(result), better[first] > better[second])
        title = f"When is {first} ahead of {second} by {outcome} in {result.when[-1]}?"
        figures[f"uncertainty-turning-{outcome}"] = turning(table, f"{first} ahead of {second}", title, note)
        tables[f"uncertainty-turning-{outcome}"] = table.head(8).set_index("parameter")
        ends = spread(world)
        title = f"What four plans come to in {len(world)} worlds: {outcome} in {result.when[-1]}"
        figures[f"uncertainty-{outcome}"] = levels(ends, unit_of(outcome), outcome, title, note)
    title = f"In how many of {len(world)} worlds does one plan beat another in {result.when[-1]}?"
    figures["uncertainty-wins"] = number_maps(panels, title, note)
    save(given, tables, figures, told, best.index.rename("plan").sort_values())


if __name__ == "__main__":
    answered(main)
