"""The tables as they are read."""

from __future__ import annotations

import pytest

from dgsim.world import tables
from dgsim.world.tables import ITEMS, PARAMETERS, SERVICES

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
    assert (land.transactions_per_head, land.hours_saved, land.label) == (0.15, 8.0, "Land")


def test_a_need_of_no_foundation_is_refused():
    with pytest.raises(ValueError, match="needs_magic names no foundation"):
        tables._service({"service": "x", "label": "X", "label_vi": "X", "needs_magic": "0.5"})


def test_foundations_come_first():
    kinds = [item.kind for item in ITEMS]
    assert kinds == sorted(kinds, key=lambda kind: kind != "foundation")
    assert tuple(item.item for item in ITEMS[: kinds.count("foundation")]) == tables.FOUNDATIONS
    assert {item.kind for item in ITEMS} == {"foundation", "programme"}
