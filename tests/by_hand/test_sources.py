"""Every number of the model has a row with its unit and where it comes from."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dgsim.cli.main import main
from dgsim.country import load_country
from dgsim.country.structure import STRUCTURE
from dgsim.evidence import sources
from dgsim.evidence.targets import TABLE as TARGETS
from dgsim.world.tables import ITEMS, PARAMETERS, SERVICES

ROOT = Path(__file__).parents[2]
TABLE = sources.sources().set_index("number")
FIGURES = sources.published()
UNUSED = FIGURES["used"].str.startswith("not used")


def test_there_is_a_row_a_number():
    kinds = TABLE["kind"].value_counts()
    assert kinds["parameter"] == len(PARAMETERS)
    assert kinds["structure"] == len(STRUCTURE)
    assert kinds["service"] == 11 * len(SERVICES), "six columns, and what each needs of five foundations"
    assert kinds["item"] == 5 * len(ITEMS)
    assert kinds["target"] == 23 + 10, "figures of the fit, and those it is tested on"
    assert TABLE.index.is_unique


def test_a_row_says_what_the_table_says():
    row = TABLE.loc["money.leakage"]
    assert (row["role"], row["value"], row["unit"]) == (
        "uncertain",
        PARAMETERS["leakage"].default,
        "share of contract money",
    )
    assert (row["low"], row["high"]) == (0.05, 0.25)
    assert row["source"].startswith("Scheme 112: 17 to 22% of spending irregular (State Audit 2007)")
    land = TABLE.loc["land.hours_saved"]
    assert (land["role"], land["value"], land["unit"]) == ("constant", 8.0, "hours a transaction")
    assert land["label"] == "Land: hours saved"
    assert TABLE.loc["land.needs_security", "unit"] == "share of the foundation"
    assert TABLE.loc["payments.full_cost_bvnd", "value"] == 800.0
    nearest = TABLE.loc["nearest"]
    assert (nearest["role"], nearest["value"], nearest["unit"]) == ("constant", 6.0, "provinces")
    assert (nearest["low"], nearest["high"], nearest["source"]) == (1.0, 20.0, "assumed")
    error = TABLE.loc["full_2024.error"]
    assert (error["value"], error["unit"]) == (0.03, "share of dossiers")
    assert error["source"] == "assumed; observed: use_full_process_provinces 2024-07"


def test_what_a_number_rests_on_is_told_apart_from_what_speaks_for_it():
    """A study may speak for the direction where the size is assumed; what is observed has an error that is assumed."""
    told = {
        "money.planning_margin": "assumed",  # Wildavsky 1964 on budgets that follow the last one
        "money.money_unit": "definition",
        "incentives.matching_rate": "assumed",
        "citizens.fee_cut": "definition",  # off
        "money.value_of_hour": "published",
        "nearest": "assumed",
        "full_2024.error": "assumed",
        "land.hours_saved": "published",
        "land.needs_security": "assumed",  # nothing is said of it
    }
    assert {number: TABLE.loc[number, "basis"] for number in told} == told
    assert TABLE.loc["money.planning_margin", "source"].startswith("Wildavsky 1964")
    assert TABLE.loc["land.needs_security", "source"] == "assumed"
    assert set(TABLE.loc[TABLE["kind"] == "target", "basis"]) == {"assumed"}
    assert sources.assumed(sources.sources("vi")).sum() == (TABLE["basis"] == "assumed").sum()


def test_what_the_fit_moved_is_told_with_prior_and_posterior():
    """Of the prior of 1 to 8 at 4.5 the mean is 27/6, and the spread 7 times that of beta(3, 3)."""
    known = sources.informed_table().set_index("parameter")
    row = known.loc["mandate_quarters"]
    verdict = "yes" if row["informed"] else "no"
    after = f"{row['posterior_mean']:.3g} ± {row['posterior_sd']:.2g}"
    assert TABLE.loc["choice.mandate_quarters", "informed"] == f"{verdict}: 4.5 ± 1.3 to {after}"
    assert row["prior_sd"] == pytest.approx(7 * np.sqrt(9) / np.sqrt(36 * 7), rel=1e-3)
    informed = known["informed"]
    assert set(TABLE.loc[TABLE["informed"].str.startswith("yes"), "role"]) == {"uncertain"}
    assert TABLE["informed"].str.startswith("yes").sum() == informed.sum()
    assert TABLE["informed"].str.startswith("no").sum() == (~informed).sum()
    assert TABLE.loc["money.money_unit", "informed"] == ""


def test_the_readme_says_how_many_numbers_are_assumed():
    table = sources.sources()
    told = f"{int(sources.assumed(table).sum())} of its {len(table)} numbers"
    assert told in (ROOT / "README.md").read_text(encoding="utf-8"), f"README.md, under What it is not: say {told!r}"


def test_the_numbers_that_are_assumed_are_told_of_all(capsys):
    table = sources.sources()
    assert main(["sources", "--assumed"]) == 0
    assert f"{int(sources.assumed(table).sum())} of {len(table)} numbers are assumed" in capsys.readouterr().out
    assert sources.assumed(table).sum() < len(table)


def test_all_that_was_read_has_a_row():
    """131 figures of parameters, 77 anchors, 35 budgets and 154 dated figures of the nation were collected."""
    assert FIGURES["kind"].value_counts().to_dict() == {"series": 154, "number": 131, "anchor": 77, "budget": 35}
    assert (FIGURES[["figure", "source", "used"]] != "").all(axis=None)


def test_a_figure_is_used_for_something_or_not_for_a_reason():
    """What is used names a number, target or fact of the tables, or a decision; names are in backticks."""
    known = {p.name for p in PARAMETERS} | set(TABLE.index)
    known |= set(pd.read_csv(TARGETS)["target"]) | set(load_country().national()["indicator"])
    for used in FIGURES["used"]:
        names = re.findall(r"`([^`]*)`", used)
        assert set(names) <= known, used
        assert not re.search(r"\w_\w", re.sub(r"`[^`]*`", "", used)), f"a name without backticks: {used}"
        decisions = re.findall(r"decision (\d+)", used)
        assert all([*(ROOT / "docs/decisions").glob(f"{int(number):04}-*.md")] for number in decisions), used
        if used.startswith("not used"):
            assert re.fullmatch(r"not used: \w.{8,}", used), used
        else:
            assert names or decisions, f"what is it used for? {used}"


def test_the_page_of_published_figures_counts_them():
    page = (ROOT / "docs/reference/published.md").read_text(encoding="utf-8")
    assert f"{len(FIGURES)} rows, {(~UNUSED).sum()} of them used and {UNUSED.sum()} not." in page
    assert page.count("| not used: ") == UNUSED.sum()
    reasons = page.partition("| why not |")[2].partition("## ")[0]
    assert sum(map(int, re.findall(r"\| (\d+) \|", reasons))) == UNUSED.sum()


def test_figures_name_no_place_where_they_were_kept():
    """A reader has the address, not the file it was copied from; scores of provinces after 2022 are kept for tests."""
    kept = r"\.csv|as above|earlier survey"
    assert not FIGURES.apply(lambda column: column.str.contains(kept)).any(axis=None)
    scores = FIGURES["figure"].str.match("(?:dti|papi|pci)_")
    assert set(FIGURES.loc[scores, "where_and_when"]) == {"Viet Nam, 2020", "Viet Nam, 2022"}
