"""Which order of foundations, reform and services does best at equal money, and does the mandate's date decide it?

    python experiments/sequencing.py --out out/sequencing --page docs/findings.md

Runs sequencing.toml (or goes on with it) and writes, for each outcome in OUTCOMES, what the orders come to over the
sampled worlds, and for the first of them how often one order beats another, and what the mandate's date does.
"""

from __future__ import annotations

from sweep_options import answered, caption, explored, save, spread, spread_text, unit_of

from dgsim.numbers import unit_text
from dgsim.show.figures.worlds import Panel, levels, number_maps
from dgsim.sweeps.worlds import beats, best_shares, better_by, by_world

OUTCOMES = ("use", "net_benefit")


def main() -> None:
    """Run the sweep, then write tables and figures."""
    result, given = explored(__doc__, "sequencing")
    tables, figures, told = {}, {}, {}
    for outcome in OUTCOMES:
        world = by_world(result, outcome)
        note = caption(result, len(world))
        best = best_shares(better_by(world, outcome))
        table = spread(world).join(best.rename(columns={"share": "best", "low": "best_low", "high": "best_high"}))
        tables[f"sequencing-{outcome}"] = table = table.loc[world.median().sort_values(ascending=False).index]
        told[f"{outcome}, {unit_text(unit_of(outcome))}"] = spread_text(table, unit_of(outcome))
        told[f"best by {outcome}, % of worlds"] = spread_text(best, "share")
        title = f"Six orders of the same steps, and the staged plan: {outcome} in {result.when[-1]}"
        figures[f"sequencing-{outcome}"] = levels(table, unit_of(outcome), outcome, title, note)
    dated = by_world(result, OUTCOMES[0], policy=("scenario", "mandate_deadline")).mean().unstack("mandate_deadline")
    order = tables[f"sequencing-{OUTCOMES[0]}"].index
    won = beats(better_by(by_world(result, OUTCOMES[0]), OUTCOMES[0])).loc[order, order]
    panels = (
        Panel(f"{OUTCOMES[0]}, by the mandate's deadline", unit_of(OUTCOMES[0]), dated.loc[order]),
        Panel("The row beats the column", "share of worlds", won),
    )
    title = f"Does order or the mandate's date decide {OUTCOMES[0]} in {result.when[-1]}?"
    figures["sequencing-dates"] = number_maps(panels, title, note)
    tables["sequencing-dates"] = dated.loc[order]
    save(given, tables, figures, told, order.rename("order"))


if __name__ == "__main__":
    answered(main)
