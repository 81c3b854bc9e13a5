"""What do awards and matching bring, by what is rewarded and how much is audited: real service, or a better report?

    python experiments/incentives.py --out out/incentives --page docs/findings.md

Runs incentives.toml (or goes on with it) and writes, for every design of the incentives, what citizens use, what is
reported beyond the truth, and what it is worth; and how often one reward beats another.
"""

from __future__ import annotations

from sweep_options import answered, caption, explored, save, unit_of

from dgsim.numbers import number_text, unit_text
from dgsim.show.figures.worlds import Panel, number_maps
from dgsim.sweeps.worlds import beats, better_by, by_world

LEVERS = ("scenario", "awards", "matching_rate", "audit_share")
SHOWN = {
    "use": "What citizens use",
    "reporting_gap": "Reported beyond the truth",
    "net_benefit": "Net benefit",
}
TOLD = (("use", 0.1), ("reporting_gap", 0.0), ("reporting_gap", 0.3), ("net_benefit", 0.1))  # with so many audits


def main() -> None:
    """Run the sweep, then write tables and figures."""
    result, given = explored(__doc__, "incentives")
    tables, panels = {}, []
    for outcome, title in SHOWN.items():
        world = by_world(result, outcome, policy=LEVERS)
        table = world.mean().unstack("audit_share")
        table.index = [f"{metric[7:]}, awards {awards:g}, match {rate:.0%}" for metric, awards, rate in table.index]
        tables[f"incentives-{outcome}"] = table
        panels.append(Panel(title, unit_of(outcome), table.rename(columns=lambda share: f"{share:.0%}")))
    note = caption(result, len(world))
    title = f"What is rewarded, how much, with how many audits (columns): {result.when[-1]}"
    figures = {"incentives-designs": number_maps(panels, title, note)}
    won = [
        Panel(f"By {outcome}", "share of worlds", beats(better_by(by_world(result, outcome), outcome)))
        for outcome in SHOWN
    ]
    title = f"In how many of {len(world)} worlds does one reward (row) beat another (column) in {result.when[-1]}?"
    figures["incentives-wins"] = number_maps(won, title, note)
    tables["incentives-wins"] = won[0].table
    told = {
        f"{outcome}, {unit_text(unit_of(outcome))}, audits {share:.0%}": [
            number_text(value, unit_of(outcome)) for value in tables[f"incentives-{outcome}"][share]
        ]
        for outcome, share in TOLD
    }
    save(given, tables, figures, told, tables["incentives-use"].index.rename("design"))


if __name__ == "__main__":
    answered(main)
