"""Records and the books: what stands where, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dgsim.world import state
from dgsim.world.state import Field, record_type
from dgsim.world.tables import FLOWS, FOUNDATIONS, ITEMS, PROVINCIAL, SERVICES


def test_no_record_has_a_field_named_like_something_of_numpys():
    """`record.item` of plain Python is a method: a rule that reads such a field runs compiled only."""
    for name in ("PROVINCE", "NATION", "OPEN", "ROADMAP", "POLICY", "ASSUMPTIONS", "CHOICE", "PANEL", "CATALOGUE"):
        taken = [field for field in getattr(state, name).names if hasattr(np.record, field)]
        assert taken == [], f"{name}: rename {taken}"


def test_the_books_have_a_line_for_each_flow_and_what_it_is_kept_by():
    services, foundations, items = map(len, (PROVINCIAL, FOUNDATIONS, ITEMS))
    projects = services + foundations
    length = {"none": 1, "services": services, "foundations": foundations, "projects": projects, "items": items}
    assert length == state.LINES_BY
    line = 0
    for flow in FLOWS:
        assert state.FIRST_LINE[flow.flow] == line, flow.flow
        line += length[flow.items]
    assert line == state.N_LINES


def test_sizes_follow_the_tables():
    services, every, foundations, items = map(len, (PROVINCIAL, SERVICES, FOUNDATIONS, ITEMS))
    assert services == state.N_SERVICES
    assert every == state.N_ALL_SERVICES
    assert foundations == state.N_FOUNDATIONS
    assert items == state.N_ITEMS
    assert services + foundations == state.N_PROJECTS
    assert 4 * services + foundations == state.MOST_OPEN, "four options on a service, one on a foundation"
    for of_provinces in ("platform", "spread", "depth", "counted", "belief"):
        assert state.PROVINCE[of_provinces].shape == (services,), of_provinces
    for of_all in ("filed", "assisted", "quality"):
        assert state.PROVINCE[of_all].shape == (every,), of_all
    assert state.CATALOGUE["needs"].shape == (foundations, every)
    for column in ("transactions_per_head", "dossiers", "worth", "firm_share"):
        assert state.CATALOGUE[column].shape == (every,), column
    assert state.ROADMAP_TABLE["full_cost_bvnd"].shape == (items,)
    assert state.OPEN["luck"].shape == (4, services + foundations), "four options on a slot at most"
    assert state.ROADMAP["after"].shape == (64,)


def test_numbers_that_are_kept_in_results():
    assert (state.OFFLINE, state.OWN, state.SHARED) == (0, 1, 2)
    assert (state.FAILED, state.PARTIAL, state.FULL) == (0, 1, 2)
    assert (state.METRIC_SUPPLY, state.METRIC_USE, state.METRIC_INDEX) == (0, 1, 2)
    assert [state.OPTIONS[n] for n in (state.OWN_AS_IS, state.MIGRATE, state.WAIT)] == ["own_as_is", "migrate", "wait"]
    assert state.NO_QUARTER == -1
    rows = (
        state.CONNECTIVITY,
        state.DIGITAL_ID,
        state.DATA_EXCHANGE,
        state.SHARED_PLATFORM,
        state.TRAINING,
        state.SERVICE_WAVE,
        state.NATIONAL_SERVICES,
    )
    assert [ITEMS[row].item for row in rows] == [
        "connectivity",
        "digital_id",
        "data_exchange",
        "shared_platform",
        "training",
        "service_wave",
        "national_services",
    ]
    assert state.CONNECTIVITY == 0, "foundations come first"


def test_services_of_provinces_stand_before_those_of_ministries():
    """A rule that goes through the first N_SERVICES goes through those that provinces choose for."""
    assert [service.owner for service in SERVICES] == ["province"] * 7 + ["centre"] * 4


def test_a_field_is_a_number_or_several_and_records_are_aligned():
    made = record_type((Field("one", "i1", "", ""), Field("many", ("f8", (3,)), "", "")))
    assert made["many"].shape == (3,)
    assert made.itemsize == 32
    assert made.isalignedstruct
    assert all(
        getattr(state, name).isalignedstruct
        for name in ("PROVINCE", "POLICY", "ASSUMPTIONS", "CATALOGUE", "ROADMAP_TABLE")
    )


def test_levers_and_assumptions_stand_in_records_of_their_own():
    assert "matching_rate" in state.POLICY.names
    assert "leakage" in state.ASSUMPTIONS.names
    assert "money_unit" in state.ASSUMPTIONS.names
    assert not set(state.POLICY.names) & set(state.ASSUMPTIONS.names)


@pytest.mark.parametrize("table", [FOUNDATIONS, SERVICES])
def test_the_tables_hold_something(table):
    assert len(table) > 5
