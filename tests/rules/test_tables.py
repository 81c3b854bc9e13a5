"""The tables as they are read."""

from __future__ import annotations

import pytest

from dgsim.world import tables
from dgsim.world.tables import ITEMS, OUTCOMES, PARAMETERS, SERVICES

BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}


def test_a_parameter_has_the_type_its_row_says():
    tilt, flag, choice, when = (
        BY_NAME[name] for name in ("matching_tilt", "league_table", "awards_metric", "mandate_deadline")
    )
    assert (tilt.default, tilt.low, tilt.high, tilt.choices, tilt.dated) == (0.0, 0.0, 1.0, (), True)
    assert (flag.default, flag.low, flag.high) == (False, None, None)
    assert (choice.default, choice.choices) == ("reported_index", ("supply", "use", "reported_index"))
    assert when.default == "never"
    assert not BY_NAME["credibility"].dated
    assert BY_NAME["leakage"].key == "money.leakage"


def test_a_row_is_found_by_its_name_or_its_number():
    assert PARAMETERS["leakage"] is BY_NAME["leakage"]
    assert PARAMETERS[PARAMETERS.names.index("leakage")] is BY_NAME["leakage"]
    assert [key in PARAMETERS for key in ("leakage", "leak", BY_NAME["leakage"], SERVICES[0])] == [
        True,
        False,
        True,
        False,
    ]
    with pytest.raises(KeyError, match="leakag is no row of the table; did you mean leakage"):
        PARAMETERS["leakag"]


def test_parameters_are_told_apart_by_role():
    parts = (PARAMETERS.levers, PARAMETERS.uncertain, PARAMETERS.constants)
    assert sorted(name for part in parts for name in part.names) == sorted(PARAMETERS.names)
    assert ["headcount" in part for part in parts] == [True, False, False]
    assert ["leakage" in part for part in parts] == [False, True, False]
    assert PARAMETERS.settable.names == PARAMETERS.levers.names + PARAMETERS.uncertain.names


def test_a_difference_has_the_sign_with_which_more_is_better():
    assert [OUTCOMES[name].sign for name in ("use", "incidents")] == [1, -1]


def test_rows_can_be_kept_in_a_set_whatever_their_labels():
    assert len({*ITEMS, *ITEMS}) == len(ITEMS)
    assert len({*SERVICES, *SERVICES}) == len(SERVICES)


def test_values_are_read_by_type():
    assert [tables._value(*pair) for pair in (("2", "float"), ("2", "int"), ("true", "flag"), ("false", "flag"))] == [
        2.0,
        2,
        True,
        False,
    ]
    assert isinstance(tables._value("2", "int"), int)


def test_services_need_a_share_of_each_foundation():
    land = next(service for service in SERVICES if service.service == "land")
    assert len(land.needs) == len(tables.FOUNDATIONS)
    assert land.needs[tables.FOUNDATIONS.index("digital_id")] == 0.35
    assert land.needs[tables.FOUNDATIONS.index("data_exchange")] == 0.56
    assert land.needs[tables.FOUNDATIONS.index("shared_platform")] == 0.0, "it has no column"
    assert (land.transactions_per_head, land.hours_saved, land.firm_share) == (0.09, 8.0, 0.15)
    assert (land.owner, land.counts_as, land.label) == ("province", "dossier", "Land")


def test_services_of_provinces_are_the_first_of_all_services():
    assert tuple(tables.PROVINCIAL) == tuple(SERVICES)[: len(tables.PROVINCIAL)]
    assert {service.owner for service in tables.PROVINCIAL} == {"province"}
    assert {service.owner for service in SERVICES[len(tables.PROVINCIAL) :]} == {"centre"}
    assert {service.counts_as for service in SERVICES} == {"dossier", "routine"}


def test_a_need_of_no_foundation_is_refused():
    with pytest.raises(ValueError, match="needs_magic names no foundation"):
        tables._service({"service": "x", "label": "X", "label_vi": "X", "needs_magic": "0.5"})


def test_foundations_come_first():
    kinds = [item.kind for item in ITEMS]
    assert kinds == sorted(kinds, key=lambda kind: kind != "foundation")
    assert tuple(item.item for item in ITEMS[: kinds.count("foundation")]) == tables.FOUNDATIONS
    assert {item.kind for item in ITEMS} == {"foundation", "programme"}


def test_a_year_has_four_quarters_and_a_roadmap_room_for_sixty_four_items():
    assert (tables.QUARTERS_PER_YEAR, tables.MOST_ITEMS) == (4, 64)


def test_a_need_of_no_foundation_names_its_column():
    with pytest.raises(ValueError, match=r"services\.csv: needs_colour names no foundation of items.csv"):
        tables._service({"service": "permits", "needs_colour": "1", "needs_tide": "1"})
