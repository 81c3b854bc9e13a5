"""Tables made of arrays, by hand: what stands in which row, the mean and the band."""

from __future__ import annotations

import numpy as np

from country_by_hand import COUNTRY, approx
from dgsim.scenario import load_scenario
from dgsim.study import frames
from dgsim.world.state import CHOICE, ENTRY, OPTIONS, PANEL, UTILITY_PARTS
from dgsim.world.tables import FLOWS, ITEMS, OUTCOME_NAMES, OUTCOMES, PROVINCIAL, SERVICES

SHORT = load_scenario("staged").with_changes(quarters=2)
USE = OUTCOME_NAMES.index("use")


def test_an_outcome_stands_in_the_row_of_its_replication_and_quarter():
    values = np.zeros((3, 2, len(OUTCOME_NAMES)))
    values[2, 1, USE] = 0.25
    table = frames.outcomes_frame(SHORT, values)
    assert len(table) == values.size
    [row] = table[table["value"] != 0.0].to_dict("records")
    assert row == {"scenario": "staged", "replication": 2, "quarter": "2020Q2", "outcome": "use", "value": 0.25}


def test_a_record_has_its_unit_its_quarter_and_its_estimates():
    mean = np.zeros((2, len(OUTCOME_NAMES)))
    mean[1, USE] = 0.5
    table = frames.records_frame({"scenario": "mine"}, {"mean": mean}, 7)
    assert list(table.columns) == ["scenario", "outcome", "unit", "quarter", "mean", "replications"]
    assert set(table["replications"]) == {7}
    [row] = table[table["mean"] != 0.0].to_dict("records")
    assert (row["scenario"], row["outcome"], row["quarter"], row["mean"]) == ("mine", "use", "2020Q2", 0.5)
    assert dict(zip(table["outcome"], table["unit"], strict=True)) == {row.outcome: row.unit for row in OUTCOMES}


def test_the_band_of_an_account_has_a_twentieth_of_replications_on_each_side():
    totals = np.zeros((21, 2, len(FLOWS)))
    totals[:, 1, 3] = np.arange(21.0)
    table = frames.accounts_frame(SHORT, totals)
    [row] = table[table["mean"] != 0.0].to_dict("records")
    assert (row["low"], row["mean"], row["high"]) == (approx(1.0), approx(10.0), approx(19.0))
    assert (row["flow"], row["quarter"], row["replications"]) == (FLOWS[3].flow, "2020Q2", 21)
    assert (row["label"], row["source"], row["payer"]) == (FLOWS[3].label, FLOWS[3].source, FLOWS[3].payer)


def test_a_province_stands_with_its_code_and_name_and_batches_count_on():
    panel = np.zeros((2, 2, len(COUNTRY)), PANEL)
    panel["use"][1, 0, 4] = 0.75
    table = frames.provinces_frame(SHORT, panel, COUNTRY, first=10)
    [row] = table[table["use"] != 0.0].to_dict("records")
    assert (row["replication"], row["quarter"], row["use"]) == (11, "2020Q1", 0.75)
    assert (row["province_code"], row["province"]) == (COUNTRY.codes[4], COUNTRY.names[4])


def test_an_entry_of_the_ledger_says_who_what_and_how_much_in_both_units():
    books = [np.zeros(1, ENTRY), np.zeros(2, ENTRY)]
    entry = books[1][1:]
    entry["quarter"], entry["province"], entry["flow"], entry["item"], entry["amount"] = 1, 4, 3, len(PROVINCIAL), 2_500
    books[1][0]["province"] = books[1][0]["item"] = -1
    table = frames.ledger_frame(SHORT, books, COUNTRY, first=5)
    assert table["replication"].tolist() == [5, 6, 6]
    row = table.iloc[2]
    assert (row["quarter"], row["province_code"], row["item"]) == ("2020Q2", COUNTRY.codes[4], ITEMS[0].item)
    assert (row["flow"], row["source"], row["use"]) == (FLOWS[3].flow, FLOWS[3].source, FLOWS[3].use)
    assert (row["amount"], row["bvnd"]) == (2_500, 2.5)
    assert table.iloc[1][["province_code", "item"]].isna().all(), "the centre, and no item"


def test_a_choice_has_its_option_its_parts_and_its_rank():
    book = np.zeros(1, CHOICE)
    book["province"], book["option"], book["slot"], book["rank"] = 4, OPTIONS.index("migrate"), 1, 2
    for number, name in enumerate((*UTILITY_PARTS, "noise", "utility")):
        book[name] = number + 0.5
    [row] = frames.choices_frame(SHORT, [book], COUNTRY).to_dict("records")
    assert (row["replication"], row["province"], row["option"], row["rank"]) == (0, COUNTRY.names[4], "migrate", 2)
    assert row["item"] == SERVICES[1].service
    assert [row[name] for name in (*UTILITY_PARTS, "noise", "utility")] == [
        number + 0.5 for number in range(len(UTILITY_PARTS) + 2)
    ]
