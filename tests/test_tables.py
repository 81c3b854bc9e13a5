"""The tables of the model's numbers: rows by number and by name, and the parameters of each role."""

from __future__ import annotations

import pickle

import pytest

from dgsim.world.tables import COLUMNS, FLOWS, ITEMS, OUTCOME_NAMES, OUTCOMES, PARAMETERS, ROLES, SERVICES

TABLES = {"flows": FLOWS, "items": ITEMS, "outcomes": OUTCOMES, "parameters": PARAMETERS, "services": SERVICES}


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_a_row_is_found_by_its_number_and_by_its_name(table):
    assert len(set(table.names)) == len(table)
    for number, name in enumerate(table.names):
        assert table[name] is table[number]
        assert name in table
        assert table[number] in table
    assert pickle.loads(pickle.dumps(table)).names == table.names
    assert table[:2] == (table[0], table[1])


def test_a_name_that_no_row_has_is_refused_with_the_nearest():
    assert "usse" not in OUTCOMES
    with pytest.raises(KeyError, match="usse is no row of the table; did you mean use"):
        OUTCOMES["usse"]
    with pytest.raises(KeyError, match="matching_rate"):
        PARAMETERS.uncertain["matching_rate"]


def test_every_parameter_has_one_role():
    roles = [PARAMETERS.levers, PARAMETERS.uncertain, PARAMETERS.constants]
    assert [{parameter.role for parameter in rows} for rows in roles] == [{role} for role in ROLES]
    assert {name for rows in roles for name in rows.names} == set(PARAMETERS.names)
    assert sum(map(len, roles)) == len(PARAMETERS)
    assert PARAMETERS.settable == (*PARAMETERS.levers, *PARAMETERS.uncertain)


@pytest.mark.parametrize("name", ["services", "items"])
def test_every_column_of_numbers_has_a_unit(name):
    numbers = [column for column, value in vars(TABLES[name][0]).items() if not isinstance(value, str | dict)]
    assert [column.column for column in COLUMNS if column.table == name] == numbers, (
        f"src/dgsim/world/tables/columns.csv: a row with the unit of each column of numbers of {name}.csv, in its order"
    )
    assert all(column.unit for column in COLUMNS)


@pytest.mark.parametrize("name", OUTCOME_NAMES)
def test_an_outcome_has_a_unit_a_label_and_a_formula(name):
    empty = [column for column in ("unit", "label", "formula") if not getattr(OUTCOMES[name], column)]
    assert empty == [], f"src/dgsim/world/tables/outcomes.csv: fill in {', '.join(empty)} of {name}"


def test_the_sign_of_an_outcome_makes_more_better():
    assert OUTCOMES.names == OUTCOME_NAMES
    assert {outcome.sign for outcome in OUTCOMES if outcome.direction == "higher"} == {1}
    assert {outcome.sign for outcome in OUTCOMES if outcome.direction == "lower"} == {-1}
    assert {outcome.direction for outcome in OUTCOMES} == {"higher", "lower"}
