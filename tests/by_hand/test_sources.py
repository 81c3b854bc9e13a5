"""Every number of the model has a row with its unit and where it comes from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dgsim.cli.main import main
from dgsim.country.structure import STRUCTURE
from dgsim.evidence import sources
from dgsim.world.tables import ITEMS, PARAMETERS, SERVICES

ROOT = Path(__file__).parents[2]
TABLE = sources.sources().set_index("number")


def test_there_is_a_row_a_number():
    kinds = TABLE["kind"].value_counts()
    assert kinds["parameter"] == len(PARAMETERS)
    assert kinds["structure"] == len(STRUCTURE)
    assert kinds["service"] == 11 * len(SERVICES), "six columns, and what each needs of five foundations"
    assert kinds["item"] == 5 * len(ITEMS)
    assert kinds["target"] == 22 + 9, "figures of the fit, and those it is tested on"
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
        "money.money_unit": "published",
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
    """Of the prior of 1 to 8 at 1.5 the mean is 15/6, and the spread 7 times that of beta(9/7, 33/7)."""
    known = sources.informed_table().set_index("parameter")
    row = known.loc["mandate_quarters"]
    verdict = "yes" if row["informed"] else "no"
    after = f"{row['posterior_mean']:.3g} ± {row['posterior_sd']:.2g}"
    assert TABLE.loc["choice.mandate_quarters", "informed"] == f"{verdict}: 2.5 ± 1.1 to {after}"
    assert row["prior_sd"] == pytest.approx(7 * np.sqrt(9 * 33) / 7 / np.sqrt(36 * 7), rel=1e-3)
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
