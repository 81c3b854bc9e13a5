"""How large the patterns come out between shipped scenarios: paired differences with 95% intervals.

Prints the second table of docs/evidence.md:

    python experiments/pattern_sizes.py --replications 200
"""

from __future__ import annotations

import argparse

import dgsim

# pattern, scenario, baseline, outcome, quarter
PAIRS = (
    ("P2", "technology-and-reform", "technology-only", "hours_saved", "2030Q4"),
    ("P2", "technology-and-reform", "technology-only", "net_benefit", "2030Q4"),
    ("P3", "services-first", "foundations-first", "supply", "2020Q4"),
    ("P3", "services-first", "foundations-first", "use", "2030Q4"),
    ("P3", "services-first", "foundations-first", "duplication_spend", "2030Q4"),
    ("P3", "staged", "foundations-first", "supply", "2021Q4"),
    ("P3", "staged", "foundations-first", "net_benefit", "2030Q4"),
    ("P4", "reward-supply", "reward-use", "supply", "2021Q4"),
    ("P4", "reward-supply", "reward-use", "reported_index", "2030Q4"),
    ("P4", "reward-supply", "reward-use", "reporting_gap", "2030Q4"),
    ("P4", "reward-supply", "reward-use", "use", "2030Q4"),
    ("P5", "matching", "staged", "gap_p90_p10", "2026Q4"),
    ("P5", "matching", "staged", "gap_p90_p10", "2030Q4"),
    ("P5", "matching-equalised", "matching", "gap_p90_p10", "2026Q4"),
    ("P5", "matching-equalised", "matching", "use", "2026Q4"),
    ("P7", "training-only", "no-skills-programme", "specialists", "2030Q4"),
    ("P7", "retention-only", "no-skills-programme", "specialists", "2030Q4"),
    ("P7", "training-and-retention", "no-skills-programme", "specialists", "2030Q4"),
    ("P8", "staged", "no-peers", "use", "2027Q4"),
    ("P9", "league-table-sustained", "league-table-once", "reported_index", "2021Q4"),
    ("P9", "league-table-sustained", "league-table-once", "reported_index", "2030Q4"),
    ("P10", "security-neglected", "staged", "incidents", "2030Q4"),
    ("P10", "security-neglected", "staged", "trust", "2030Q4"),
    ("P10", "security-neglected", "staged", "use", "2030Q4"),
    ("P11", "medium-term-budgets", "annual-budgets", "lapsed_money", "2030Q4"),
    ("P11", "medium-term-budgets", "annual-budgets", "use", "2030Q4"),
    ("P13", "promises-not-believed", "promises-believed", "supply", "2021Q4"),
    ("P13", "promises-not-believed", "promises-believed", "duplication_spend", "2030Q4"),
    ("P14", "fee-cut-and-feedback", "staged", "use", "2020Q4"),
    ("P14", "fee-cut-and-feedback", "staged", "use", "2026Q4"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print("| pattern | scenario | against | outcome | quarter | difference (95% interval) | unit |")
    print("|---|---|---|---|---|---|---|")
    for baseline in dict.fromkeys(pair[2] for pair in PAIRS):
        wanted = [pair for pair in PAIRS if pair[2] == baseline]
        names = list(dict.fromkeys(pair[1] for pair in wanted))
        comparison = dgsim.compare(names, baseline=baseline, replications=options.replications, seed=options.seed)
        found = comparison.differences.set_index(["scenario", "outcome", "quarter"])
        for pattern, scenario, _, outcome, quarter in wanted:
            row = found.loc[(scenario, outcome, quarter)]
            figures = f"{row['difference']:+,.4g} ({row['low']:+,.4g} to {row['high']:+,.4g})"
            print(f"| {pattern} | {scenario} | {baseline} | {outcome} | {quarter} | {figures} | {row['unit']} |")


if __name__ == "__main__":
    main()
