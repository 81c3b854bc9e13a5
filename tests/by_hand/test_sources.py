"""Every number of the model has a row with its unit and where it comes from."""

from __future__ import annotations

from pathlib import Path

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
    assert kinds["service"] == 10 * len(SERVICES)
    assert kinds["item"] == 5 * len(ITEMS)
    assert kinds["target"] == 15
    assert TABLE.index.is_unique


def test_a_row_says_what_the_table_says():
    row = TABLE.loc["money.leakage"]
    assert (row["role"], row["value"], row["unit"]) == ("uncertain", 0.05, "share of contract money")
    assert (row["low"], row["high"], row["source"]) == (0.0, 0.15, "assumed")
    land = TABLE.loc["land.hours_saved"]
    assert (land["role"], land["value"], land["unit"]) == ("constant", 8.0, "hours a transaction")
    assert land["label"] == "Land: hours saved"
    assert TABLE.loc["land.needs_security", "unit"] == "share of the foundation"
    assert TABLE.loc["payments.full_cost_bvnd", "value"] == 800.0
    nearest = TABLE.loc["nearest"]
    assert (nearest["role"], nearest["value"], nearest["unit"]) == ("constant", 6.0, "provinces")
    assert (nearest["low"], nearest["high"], nearest["source"]) == (1.0, 20.0, "assumed")
    error = TABLE.loc["use_2024.error"]
    assert (error["value"], error["unit"]) == (0.03, "share of transactions")
    assert error["source"] == "assumed; observed: use_full_process_provinces 2024-07"


def test_what_a_number_rests_on_is_told_apart_from_what_speaks_for_it():
    """A study may speak for the direction where the size is assumed; what is observed has an error that is assumed."""
    told = {number: TABLE.loc[number, "basis"] for number in ("citizens.imitation", "money.money_unit", "nearest")}
    assert told == {"citizens.imitation": "assumed", "money.money_unit": "published", "nearest": "assumed"}
    assert set(TABLE.loc[TABLE["kind"].isin(["service", "item", "target"]), "basis"]) == {"assumed"}
    assert sources.assumed(sources.sources("vi")).sum() == (TABLE["basis"] == "assumed").sum()


def test_what_the_fit_moved_is_told_with_prior_and_posterior():
    said = TABLE.loc["choice.mandate_quarters", "informed"]
    assert said == "yes: 2.5 ± 1.1 to 1.9 ± 0.68"
    informed = sources.informed_table().set_index("parameter")["informed"]
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
