"""How large supply, use and the reported index are under `history`, beside what was published.

Prints the table of docs/evidence.md:

    python experiments/look_at_sizes.py --replications 200
"""

from __future__ import annotations

import argparse

import dgsim

# indicator of the national table, when, outcome, quarter, what to bear in mind
COMPARED = (
    ("supply_level4_eligible", "2021-12", "supply", "2021Q4", "eligible services; the model: all its services"),
    ("supply_level4_eligible", "2022-11", "supply", "2022Q4", "as above"),
    ("use_dossiers_online", "2019-12", "use", "2020Q1", "national, highest level of service then"),
    ("use_full_process_provinces", "2024-07", "use", "2024Q2", "dossiers of provinces; the model: transactions"),
    ("dti_provincial_mean", "2020", "reported_index", "2020Q4", "method changed after 2020"),
    ("dti_provincial_mean", "2021", "reported_index", "2021Q4", "mostly self-reported"),
    ("dti_provincial_mean", "2022", "reported_index", "2022Q4", "mostly self-reported"),
)


def rows(replications: int, seed: int) -> list[tuple[str, ...]]:
    """One row a published figure: outcome, quarter, published, model's mean and 90% band, remark."""
    country = dgsim.load_country()
    published = country.national().set_index(["indicator", "when"])["value"].astype(float)
    result = dgsim.simulate("history", replications=replications, seed=seed, provinces=True)
    summary = {(r["outcome"], r["quarter"]): r for r in result.summary().to_dict("records")}
    table = []
    for indicator, when, outcome, quarter, remark in COMPARED:
        record = summary[outcome, quarter]
        band = f"{record['mean']:.3f} ({record['low']:.3f} to {record['high']:.3f})"
        table.append((outcome, quarter, f"{published[indicator, when]:.3f}", band, remark))
    supply = result.provinces.query("quarter == '2020Q3'")
    below = (supply["supply"] < 0.1).groupby(supply["replication"]).sum()
    table.insert(
        0,
        (
            "provinces with under 10% supply",
            "2020Q3",
            f"{published['supply_level4_localities_below_10pct', '2020-08']:.0f}",
            f"{below.mean():.1f} ({below.quantile(0.05):.0f} to {below.quantile(0.95):.0f})",
            "level 4 then; a tenth is one service of the model",
        ),
    )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print("| outcome | quarter | published | model, mean (5th to 95th percentile) | bear in mind |")
    print("|---|---|---|---|---|")
    for row in rows(options.replications, options.seed):
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
