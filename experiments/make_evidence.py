"""Writes docs/evidence.md, and the table that reports quote, from what `dgsim validate` finds.

python experiments/make_evidence.py                      # runs it, a few minutes
python experiments/make_evidence.py --table evidence.csv # from `dgsim validate --format csv --out evidence.csv`
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from dgsim.evidence.contests import ALIKE, BETTER
from dgsim.evidence.pattern_claims import EMERGES
from dgsim.evidence.sources import informed_table
from dgsim.evidence.validate import KEPT, validate
from dgsim.numbers import SCALE, TWO_SIDED, difference_texts, difference_unit_text, interval_text, unit_text
from dgsim.show.terminal.evidence import figure_text

WITHOUT = "dgsim without "  # how the model is called of which a mechanism was taken
PAGE = Path(__file__).parents[1] / "docs" / "evidence.md"
HEAD = """# Evidence: what matches, what does not

Written by `python experiments/make_evidence.py` from `dgsim validate`: every claim of the model beside what was
observed (provinces' scores up to 2022, national figures as dated), over the plausible sets of parameters
([how they were fitted](decisions/0020-history-matching.md)). A *figure* holds if what was observed lies within the 5th
to 95th percentile of the runs. A *direction* holds if it comes out in nine sets of ten; it is an *input* where a
parameter or lever states it outright, *emerges* where it follows from other causes, and is *open* where the theory asks
and claims nothing. A *contest* holds if the model does better than every naive rival; how far it is ahead of each has a
90% interval, and where that holds 0 the two cannot be told apart. An *interval* holds if 85 to 95% of what came lies
inside. What is reported (the published index) and what is real (use) are kept apart.

"""
NOTES = {
    "supply, use and index": (
        "The targets of the fit: national figures to the end of 2023. Published supply is of eligible services; use is "
        "of dossiers, of provinces or with ministries, as each row says."
    ),
    "figures it was not fitted to": "National figures of 2024 and later. Why some are missed is told at the end.",
    "cross-section": (
        "Region explains 13.5% of the ranks of 2022 (p = .14): neighbour effects are not identified by these "
        "data. The rank correlations and the spread are targets of the fit, the other rows are not."
    ),
    "patterns": (
        "P12 is the cross-section. Shares of sets are with twelve replications a set. Patterns are properties of "
        "the model, and tests hold them at the central values; here every plausible set is asked, also where "
        "the sizes are assumed."
    ),
    "regions held out": (
        "The scores of a region from those of the others: by regression on traits and income, and of the model on "
        "its own order too ([decision 79](decisions/0079-who-was-not-told.md)). Penalties are chosen by leaving out "
        "regions among the others. The sets were fitted to rank correlations over all regions. How far dgsim is ahead "
        "is told over provinces drawn again."
    ),
    "2022 from 2021": (
        "From five scores of 2021, nine of 2020 and the ranks that were told. The covariate regression and no change "
        "know the same; they keep the level of 2021, and allow for the change of the year before. *From the mean* is "
        "how far a province lies from the mean of all, whatever the level. How far dgsim is ahead is told over "
        "provinces drawn again, and over the error that the fit allows the level of a year."
    ),
    "use in 2024 from 2019": (
        "No change and Bass's curve, with mean published coefficients (.03 and .38 a year) and a ceiling of 1, start "
        "from the share that ended online in 2019; of any step nothing was published then. How far dgsim is ahead is "
        "told over paired runs and the error of what was observed."
    ),
}


def page(table: pd.DataFrame) -> str:
    """The page of a validation's table."""
    held, claimed = int((table["holds"] == "yes").sum()), int(table["holds"].isin(["yes", "no"]).sum())
    emerging = table[table["role"] == EMERGES]
    come_out = int((emerging["holds"] == "yes").sum())
    parts = [
        HEAD + f"**{held} of {claimed} claims hold. Of {len(emerging)} directions that emerge, {come_out} do "
        f"({come_out / len(emerging):.0%}).**"
    ]
    for group, rows in table.groupby("group", sort=False):
        parts += [f"## {group[0].upper()}{group[1:]}", NOTES[str(group)], claims_table(rows)]
    parts += [MECHANISMS, mechanisms(table), INFORMED, informed(), AFTER]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def claims_table(rows: pd.DataFrame) -> str:
    """One group as a Markdown table, without columns that it leaves empty; failures as large as successes."""
    model, lead = "model (5th to 95th percentile)", "dgsim ahead by (90% interval)"
    names = ("claim", "input or result", "observed", model, lead, "sets", "holds", "bear in mind")
    cells = [claim_cells(row) for row in rows.to_dict("records")]
    told = [at for at in range(len(names)) if any(row[at] for row in cells)]
    lines = [[names[at] for at in told], ["---"] * len(told), *([row[at] for at in told] for row in cells)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def claim_cells(row: Mapping[Any, Any]) -> tuple[str, ...]:
    """One claim: text and unit, what it is, observed, model with interval, lead, sets, whether it holds, a note."""
    unit = str(row["unit"])
    contest = pd.isna(row["low"])
    claim = f"{row['who']}: {row['claim']}" if contest else row["claim"]
    said = "" if unit in (SCALE, TWO_SIDED) else f" ({unit_text(unit)})"
    model = figure_text(row["model"], unit) + ("" if contest else f" ({interval_text(row['low'], row['high'], unit)})")
    share, role, note = ("" if pd.isna(row[name]) else row[name] for name in ("share", "role", "note"))
    observed = "" if pd.isna(row["observed"]) else figure_text(row["observed"], unit)
    holds = {"yes": "yes", "no": "**no**"}.get(row["holds"], "")
    return f"{claim}{said}", role, observed, model, lead_of(row), f"{share:.0%}" if share != "" else "", holds, note


def lead_of(row: Mapping[Any, Any]) -> str:
    """By how much the whole model is ahead of this row of a contest; nothing of other rows."""
    if pd.isna(row["lead"]):
        return ""
    return "{} ({})".format(*difference_texts(row["lead"], (row["lead_low"], row["lead_high"]), str(row["unit"])))


def mechanisms(table: pd.DataFrame) -> str:
    """What each mechanism adds in every contest, and in which of them data can see it."""
    rows = table[table["lead"].notna() & table["who"].str.startswith(WITHOUT)]
    contests = {name: part.set_index("who") for name, part in rows.groupby(["group", "claim"], sort=False)}
    names = list(dict.fromkeys(rows["who"]))
    lines = [["contest", *(name.removeprefix("dgsim ") for name in names)], ["---"] * (len(names) + 1)]
    for (group, claim), part in contests.items():
        cells = [(lead_of(part.loc[name]), part.loc[name, "note"]) for name in names]
        unit = str(part["unit"].iloc[0])
        said = "" if unit in (SCALE, TWO_SIDED) else f" ({difference_unit_text(unit)})"
        lines.append([f"{group}: {claim}{said}", *(f"**{lead}**" if note != ALIKE else lead for lead, note in cells)])
    seen = {name: (rows.loc[rows["who"] == name, "note"] == BETTER).sum() for name in names}
    told = "; ".join(
        f"{name.removeprefix(WITHOUT)} {count or 'none'} of {len(contests)}" for name, count in seen.items()
    )
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + f"\n\nContests in which data see it: {told}."


def informed() -> str:
    """The parameters the data say something about."""
    known = informed_table()
    kept = known[known["informed"]]
    lines = ["| parameter | prior mean ± spread | posterior mean ± spread |", "|---|---|---|"]
    for row in kept.itertuples():
        before, after = (
            f"{row.prior_mean:.3g} ± {row.prior_sd:.2g}",
            f"{row.posterior_mean:.3g} ± {row.posterior_sd:.2g}",
        )
        lines.append(f"| `{row.parameter}` | {before} | {after} |")
    return f"Of {len(known)} uncertain parameters the data narrow or move {len(kept)}:\n\n" + "\n".join(lines)


MECHANISMS = """## What each mechanism adds

By how much the whole model is better than the model without it, with a 90% interval; bold where data can tell the two
apart."""
INFORMED = """## What the data inform

![Prior against posterior](images/prior-posterior.png)

Grey: the prior, a PERT distribution between the ends of each range, its mode where evidence puts it or assumed
([every number with its source](reference/sources.md)). Blue: the posterior. Dashed: the mode of the prior. The
fit moved no mode and no range, and no mode was set in view of a target or a pattern; what it moved is the default of
each parameter, the median of the posterior. A parameter counts as informed where its spread is below
.85 of the prior's or its mean has moved by half a spread."""
AFTER = """The data say little of costs, of the value of an hour, of staff flows or of security. For these the plausible
sets are the prior, and a finding that hangs on them hangs on what the prior rests on: see
[sensitivity](findings/sensitivity.md), with the twenty numbers that move most and what each rests on, and
[every number with its source](reference/sources.md).

## What is missed, and why

- **The start and the first months**: 5% of dossiers ended online in 2019 and 2% do here. Without identity and
  exchange of data few services are good for more, and the data say nothing of how much ministries' own systems make
  up for (`ministry_floor`); fewer provinces than observed lie under a tenth of services.
- **Any step**: too low at the end of 2021 and of 2022, of ministries too high in 2023 and too low in 2024. These
  figures contradict each other: with 30% of ministries' dossiers in 2023 (derived), the 43% of all in 2022 ask for
  over 60% of provinces', which were told as 56% two years later, and another source has 33% of all. The fit lies
  between them. Those of July and August 2025 are from the first weeks of 34 merged provinces, under a drive that no
  lever of `history` has.
- **With ministries**: 17% at the end of 2023, 42% half a year later and 40% in October 2025, of ministries 54%. The
  leap is of ministries' services, whose dossiers with an online step doubled in 2024. In the model their systems grow
  with what is spent on them, what their officials file follows the campaign of 2022, and nothing leaps like this.
- **Access in 2021 and the index of 2021** are a few points too high; **money used by the end of 2024** is too low:
  once services are online, provinces of the model find less to do than they set aside for.
- **The spread of the index** is narrower than observed: what sets provinces apart is more than income, score
  and governance.
- **P15**: use follows income less than in the first edition and not as little as in the eleven provinces of
  which it is published ([what was tried and what would be needed](decisions/0076-communes.md)).
- **P3, services first ends with less use** in 73% of sets, and **P8**'s two rows on learning come out in 87 and 89%:
  all three did in 91% before [decision 86](decisions/0086-what-was-online-before.md), with which five numbers of
  choice lost modes that had been chosen in view of the patterns. They hang on how provinces weigh waiting, cost and
  what citizens gain, of which nothing is published; which change moved which row was not taken apart.
- **P16**: what comes in online is 34 points more than what ends there in the mean, with 23 to 45; thirty are asked.
- **P7, poor provinces lose most**: private employers pay best where income is high, so that exits concentrate
  in rich provinces, as the evidence of P7 has it; what poor provinces lose to others is less than that.
- **P8, late adopters gain most**: in the model belief is worth as much to those who start early. What they
  might gain besides, ready-made designs and lower risk, is no rule of it.

## Read with care

- **The index is no clean series**: its method changed after 2020 and later; most of it is reported by the
  provinces.
- **Whether reform pays depends on the horizon**: in four plausible worlds of ten by 2030, in nearly all by
  2040 (P2).
- **Peers and skills add next to nothing that these data can see**: how far provinces lie from the mean is forecast
  a little better with each, their ranks and use are not ([the table](#what-each-mechanism-adds)). They are causes
  of the theory, not findings from these data. Incentives are what the level of the index needs.
- **A covariate regression orders regions held out as well**: the forecast starts from what it knows. The
  model's worth is in levels, and in what changes under a policy, which a regression cannot say."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", type=Path, help="the CSV file of a validation, instead of running it")
    given = parser.parse_args()
    table = pd.read_csv(given.table, keep_default_na=True) if given.table else validate().table
    table["holds"] = table["holds"].fillna("")
    table.to_csv(KEPT, index=False, lineterminator="\n")
    PAGE.write_text(page(table), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
