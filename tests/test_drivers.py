"""The two drivers, compiled and Mesa, call the same rules in the same order: the same bytes come out."""

from __future__ import annotations

import ast
import inspect

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dgsim.country import Country, load_country, synthetic_country
from dgsim.engine.driver import nothing_of_accounts, run_to
from dgsim.engine.run import run_replications
from dgsim.engine.setup import fresh_world, make_setup
from dgsim.mesa_model import Centre, DigitalGovernment, Province, act
from dgsim.scenario import Scenario, load_scenario, shipped_scenarios
from dgsim.world import choice
from dgsim.world.outcomes import N_OUTCOMES
from dgsim.world.quarter import ACTS, CENTRE, EVERY_PROVINCE, TOGETHER, run_quarter
from dgsim.world.state import N_LINES, NATION, PANEL, PROVINCE, ROADMAP
from dgsim.world.tables import OUTCOME_NAMES
from strategies import scenarios

COUNTRY = load_country()
SMALL = synthetic_country(6, seed=2)


def acts_in_code() -> list[tuple[str, bool]]:
    """What the compiled quarter calls, one after the other, and whether for every province."""
    source = inspect.getsource(getattr(run_quarter, "py_func", run_quarter))
    calls: list[tuple[str, bool]] = []
    for statement in ast.parse(source).body[0].body:
        match statement:
            case ast.For(body=[ast.Expr(ast.Call(func=ast.Name(id=name)))]):
                calls.append((name, True))
            case ast.For():
                raise AssertionError(f"line {statement.lineno} of run_quarter: one act a loop, as in ACTS")
            case ast.Expr(ast.Call(func=ast.Name(id=name))):
                calls.append((name, False))
    return calls


def test_the_compiled_quarter_goes_through_the_acts_in_order():
    listed = [(act.name, act.who == EVERY_PROVINCE) for act in ACTS]
    assert acts_in_code() == listed, "run_quarter and ACTS in world/quarter.py differ: change both alike"


def test_every_act_is_a_method_of_who_does_it():
    doers = {CENTRE: Centre, EVERY_PROVINCE: Province, TOGETHER: DigitalGovernment}
    missing = [act for act in ACTS if not callable(getattr(doers[act.who], act.name, None))]
    assert missing == [], "mesa_model.py: give the class that does it a method of the act's name"
    assert [act.number for act in ACTS] == sorted(act.number for act in ACTS)


def compiled(scenario: Scenario, country: Country, seed: int, replication: int = 0):
    """State at the end, outcomes [quarter, outcome] and panel [quarter, province] of the compiled driver."""
    state = fresh_world(make_setup(scenario, country), seed, replication)
    values = np.zeros((scenario.quarters, N_OUTCOMES))
    panel = np.zeros((scenario.quarters, len(country)), PANEL)
    run_to(
        state,
        scenario.quarters,
        values,
        panel,
        np.zeros((0, len(country) + 1, N_LINES), np.int64),
        *nothing_of_accounts(len(country)),
    )
    return state, values, panel


def assert_same_bytes(model: DigitalGovernment, scenario: Scenario, country: Country, seed: int, replication: int = 0):
    """A model that has run to its end holds, to the last bit, what the compiled driver made."""
    state, values, panel = compiled(scenario, country, seed, replication)
    table = model.datacollector.get_model_vars_dataframe()
    assert tuple(table.columns) == OUTCOME_NAMES
    assert table.to_numpy().tobytes() == values.tobytes()
    stocks = model.datacollector.get_agent_vars_dataframe()
    for name in PANEL.names:
        assert stocks[f"province_{name}"].to_numpy().tobytes() == panel[name].tobytes(), name
    for dtype, mine, theirs in (
        (PROVINCE, model.state.provinces, state.provinces),
        (ROADMAP, model.state.roadmap, state.roadmap),
        (NATION, model.state.world.nation, state.world.nation),
    ):
        for name in dtype.names:
            assert np.asarray(mine[name]).tobytes() == np.asarray(theirs[name]).tobytes(), name


class PlainChooser(Province):
    """A province that chooses by the readable rule, where the drivers take the fast one."""

    choose = act(choice.choose, "choices")


class PlainChoosers(DigitalGovernment):
    province_class = PlainChooser


def finished(
    scenario: Scenario, country: Country, seed: int, replication: int = 0, model_class: type = DigitalGovernment
) -> DigitalGovernment:
    model = model_class(scenario, rng=seed, country=country, replication=replication)
    model.run_model()
    return model


@pytest.mark.parametrize("name", shipped_scenarios())
def test_the_drivers_agree_on_every_shipped_scenario(name):
    scenario = load_scenario(name)
    for seed, replication in ((7, 0), (2**64 - 1, 3)):
        assert_same_bytes(finished(scenario, COUNTRY, seed, replication), scenario, COUNTRY, seed, replication)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(max_quarters=9), st.integers(0, 2**64 - 1))
def test_the_drivers_agree_on_any_scenario(scenario, seed):
    assert_same_bytes(finished(scenario, SMALL, seed), scenario, SMALL, seed)


@pytest.mark.once
@pytest.mark.parametrize("name", shipped_scenarios())
def test_choosing_by_the_readable_rule_gives_the_same_bytes(name):
    scenario = load_scenario(name)
    assert_same_bytes(finished(scenario, COUNTRY, 11, 2, PlainChoosers), scenario, COUNTRY, 11, 2)


@pytest.mark.once
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(max_quarters=12), st.integers(0, 2**64 - 1))
def test_choosing_by_the_readable_rule_gives_the_same_bytes_on_any_scenario(scenario, seed):
    assert_same_bytes(finished(scenario, SMALL, seed, 0, PlainChoosers), scenario, SMALL, seed)


def test_the_drivers_agree_on_a_synthetic_country():
    country = synthetic_country(100, seed=1)
    scenario = load_scenario("staged").with_changes(quarters=12)
    assert_same_bytes(finished(scenario, country, 4), scenario, country, 4)


def test_the_order_of_the_agents_does_not_matter():
    """Whoever acts first within an act, the same bytes come out: nobody takes what another needs."""
    scenario = load_scenario("matching-equalised")
    model = DigitalGovernment(scenario, rng=7)
    codes = [province.code for province in model.provinces]
    while model.running:
        model.provinces.shuffle(inplace=True)
        model.step()
    assert [province.code for province in model.provinces] != codes
    assert_same_bytes(model, scenario, COUNTRY, 7)


def test_a_model_is_replication_0_of_the_runs_of_its_seed():
    runs = run_replications(load_scenario("history"), COUNTRY, seed=7, replications=[0, 1])
    assert finished(load_scenario("history"), COUNTRY, 7).outcomes.tobytes() == runs.outcomes[0, -1].tobytes()
    assert finished(load_scenario("history"), COUNTRY, 7, 1).outcomes.tobytes() == runs.outcomes[1, -1].tobytes()
