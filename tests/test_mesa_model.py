"""The Mesa model is a proper one: agents that act, cells, a data collector, seeds; and acts can be overridden."""

from __future__ import annotations

import copy
import pickle
import re
import warnings
from collections.abc import Callable
from inspect import signature
from pathlib import Path

import mesa
import numba
import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from mesa import Agent
from mesa.discrete_space import FixedAgent, Network

import dgsim
from dgsim import DigitalGovernment, Province, load_country, load_scenario, simulate, synthetic_country
from dgsim.errors import ModelError, StudyError
from dgsim.mesa_model import Centre, OneStep
from dgsim.world import money, outcomes, quarter
from dgsim.world.quarter import ACTS, TOGETHER, initialise_world
from dgsim.world.state import PANEL
from dgsim.world.tables import OUTCOME_NAMES, OUTCOMES, PARAMETERS

COUNTRY = load_country()
HOW_TO = Path(__file__).parents[1] / "docs" / "how-to" / "mesa.md"


def short(name: str, quarters: int = 8):
    return load_scenario(name).with_changes(quarters=quarters)


class Unbelieving(Province):
    """A province that trusts no announcement, and so never waits for the shared platform."""

    def learn(self):
        super().learn()
        self.record.credence = 0.0


class Unbelievers(DigitalGovernment):
    province_class = Unbelieving


class Guarded(Province):
    """A province that pays twice for its own security."""

    def pay_running_costs(self):
        super().pay_running_costs()
        money.secure(self.record, self.world)


class GuardedCountry(DigitalGovernment):
    province_class = Guarded


def test_the_acts_are_compiled_before_the_first_model_with_word_of_it(monkeypatch, capsys):
    """In a process of their own they take as long as the rules of runs."""
    asked = []

    def compile_once(work, entries, doing, progress):
        asked.append((work, entries))
        doing()
        progress(50, 100, 20.0)

    monkeypatch.setattr("dgsim.mesa_model.compile_once", compile_once)
    monkeypatch.setattr("dgsim.world.cache.compiled_before", lambda work: False)
    DigitalGovernment("history", rng=7)
    ((work, entries),) = asked
    assert work == "acts"
    assert {act.name for act in ACTS} <= {entry.__name__ for entry in entries}
    out, err = capsys.readouterr()
    assert out == ""
    begun = "Compiling the model's rules, once on this machine: this takes about 20 s."
    assert re.fullmatch(rf"{re.escape(begun)}\nCompiled in \d+ s\.\n", err)


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="rules run as plain Python")
def test_one_step_compiles_all_that_models_go_through():
    OneStep("history", rng=0).step()
    entries = [initialise_world, outcomes.record_stocks, *(getattr(quarter, act.name) for act in ACTS)]
    known = [set(entry.from_python.overloads) for entry in entries]
    assert all(len(kinds) > 0 for kinds in known)
    DigitalGovernment(short("staged"), rng=7, country=synthetic_country(5)).run_model()
    assert [set(entry.from_python.overloads) for entry in entries] == known
    assert all(entry.files for entry in entries)


@pytest.fixture(scope="module")
def run():
    """A model that has run to its end."""
    model = DigitalGovernment(short("history"), rng=7)
    model.run_model()
    return model


def test_it_is_a_mesa_model_of_fixed_agents_on_a_network(run):
    assert isinstance(run, mesa.Model)
    assert isinstance(run.space, Network)
    assert len(run.agents) == len(run.agents_by_type[Province]) == len(run.space.all_cells) == len(COUNTRY)
    assert all(isinstance(agent, FixedAgent) for agent in run.agents)
    assert [agent.cell.coordinate for agent in run.agents] == list(range(len(COUNTRY)))
    assert [run.space.G.nodes[agent.row]["code"] for agent in run.agents] == [agent.code for agent in run.agents]
    assert [agent.name for agent in run.agents] == list(COUNTRY.names)
    assert all(agent.cell.agents == [agent] for agent in run.agents)


def test_cells_are_linked_to_those_the_rules_look_at(run):
    state = run.state
    for row, province in enumerate(run.provinces):
        peers = state.peer_index[state.peer_start[row] : state.peer_start[row + 1]]
        assert sorted(province.cell.connections) == sorted(peers.tolist())
        assert len(peers) > 0


def test_cells_lie_where_the_provinces_lie(run):
    positions = np.array([province.cell.position for province in run.provinces])
    assert np.array_equal(positions, np.column_stack([COUNTRY.column("longitude"), COUNTRY.column("latitude")]))


def test_a_country_without_peers_runs():
    alone = dict.fromkeys(("border", "similarity", "region", "twinning", "random", "small_world"), 0.0)
    model = DigitalGovernment(short("history", 2).with_changes(**alone), country=synthetic_country(4))
    model.run_model()
    assert not any(province.cell.connections for province in model.provinces)
    assert np.isfinite(model.outcomes).all()


def test_it_runs_to_the_horizon_and_no_further():
    model = DigitalGovernment(short("history", 3), country=synthetic_country(4))
    states = []
    for _ in range(3):
        states.append((model.running, model.quarter))
        model.step()
    assert states == [(True, "2020Q1"), (True, "2020Q2"), (True, "2020Q3")]
    assert model.running is False
    assert model.steps == 3
    before = model.state.provinces.tobytes()
    with pytest.raises(RuntimeError, match=r"history is over: it ends in 2020Q3"):
        model.step()
    assert model.state.provinces.tobytes() == before


def test_the_collector_has_a_row_a_quarter_named_as_outcomes_and_stocks(run):
    outcomes = run.datacollector.get_model_vars_dataframe()
    assert list(outcomes.columns) == list(OUTCOME_NAMES)
    assert len(outcomes) == run.plan.quarters == run.steps
    stocks = run.datacollector.get_agent_vars_dataframe()
    assert list(stocks.columns) == ["code", "name", *(f"province_{name}" for name in PANEL.names)]
    assert len(stocks) == run.plan.quarters * len(COUNTRY)
    last = stocks.xs(run.steps, level="Step")
    assert last["province_trust"].tolist() == [province.record.trust for province in run.provinces]
    assert (last["province_supply"].mean()) == pytest.approx(outcomes["supply"].iloc[-1])


def test_the_row_is_collected_when_the_books_are_closed(run):
    """At the end of a year, nothing but what is kept for projects is left in the cash that was collected."""
    stocks = run.datacollector.get_agent_vars_dataframe()
    assert (stocks["province_lapsed"].xs(3, level="Step") == 0.0).all()
    assert stocks["province_lapsed"].xs(4, level="Step").sum() > 0.0
    assert stocks["province_cash"].xs(4, level="Step").sum() < stocks["province_cash"].xs(3, level="Step").sum()


def test_stocks_are_there_before_the_first_step():
    model = DigitalGovernment("history", country=synthetic_country(4))
    assert all(province.stocks.trust == province.record.trust > 0.0 for province in model.provinces)
    assert len(model.datacollector.get_model_vars_dataframe()) == 0


def test_what_is_set_on_a_record_is_set_in_the_world():
    model = DigitalGovernment("history")
    province = model.province("Da Nang")
    province.record.trust = 0.125
    province.record.belief[1] = 0.25
    model.centre.record.courses = 3.0
    row = COUNTRY.index("Da Nang")
    assert model.state.provinces["trust"][row] == 0.125
    assert model.state.provinces["belief"][row, 1] == 0.25
    assert model.state.world.nation.courses == province.world.nation.courses == 3.0


def test_two_models_do_not_share_a_world(run):
    before = run.state.provinces.tobytes()
    other = DigitalGovernment(short("history"), rng=7)
    other.step()
    other.province("Da Nang").record.trust = 0.0
    assert run.state.provinces.tobytes() == before


@pytest.mark.parametrize("seed", [7, np.int64(7), np.uint64(7)])
def test_a_whole_number_is_the_seed(seed):
    assert DigitalGovernment("history", rng=seed, country=synthetic_country(4)).seed == 7


def test_no_seed_is_a_fresh_one_that_is_kept():
    small = synthetic_country(4)
    one, other = (DigitalGovernment("history", rng=None, country=small) for _ in range(2))
    assert one.seed != other.seed
    again = DigitalGovernment("history", rng=one.seed, country=small)
    assert np.array_equal(again.state.provinces["trust"], one.state.provinces["trust"])
    assert not np.array_equal(again.state.provinces["trust"], other.state.provinces["trust"])


def test_a_generator_draws_a_seed():
    def seeds(generator):
        return [DigitalGovernment("history", rng=generator, country=synthetic_country(4)).seed for _ in range(2)]

    drawn = seeds(np.random.default_rng(1))
    assert drawn[0] != drawn[1]
    assert drawn == seeds(np.random.default_rng(1))


@pytest.mark.parametrize("rng", [-1, 2**64, True])
def test_a_seed_that_cannot_be_is_refused_in_a_sentence(rng):
    with pytest.raises(StudyError, match=rf"^rng = {rng} is (below 0|above {2**64 - 1}|not a whole number)$"):
        DigitalGovernment("history", rng=rng)


@pytest.mark.parametrize("replication", [-1, 2**32, 1.5])
def test_a_replication_that_cannot_be_is_refused_in_a_sentence(replication):
    with pytest.raises(StudyError, match=rf"^replication = {replication} is (below 0|above \d+|not a whole number)$"):
        DigitalGovernment("history", replication=replication)


def test_mesas_own_luck_follows_seed_and_replication_and_the_rules_leave_it_alone():
    small = synthetic_country(4)
    models = [DigitalGovernment(short("history", 4), rng=7, country=small, replication=r) for r in (0, 0, 1)]
    models[0].run_model()
    draws = [(model.rng.random(), model.random.random()) for model in models]
    assert draws[0] == draws[1]
    assert draws[0][0] == np.random.default_rng(7).random()
    assert draws[0][0] != draws[2][0]
    assert draws[0][1] != draws[2][1]


def test_a_model_class_runs_in_simulate_as_the_engine_does():
    scenario = short("staged")
    mine = simulate(scenario, replications=2, seed=3, model=DigitalGovernment)
    assert mine.array.tobytes() == simulate(scenario, replications=2, seed=3).array.tobytes()
    with pytest.raises(StudyError, match=r"^model = .*Province.* is not a subclass of dgsim\.DigitalGovernment$"):
        simulate(scenario, model=Province)


def test_a_province_that_believes_nothing_builds_its_own_platforms():
    scenario = short("promises-believed", 16)
    usual, unbelieving = DigitalGovernment(scenario), Unbelievers(scenario)
    usual.run_model()
    unbelieving.run_model()
    assert {province.stocks.credence for province in unbelieving.provinces} == {0.0}
    own = [sum(province.stocks.own_platforms for province in model.provinces) for model in (usual, unbelieving)]
    assert own[1] > own[0]


def test_a_rule_called_once_more_keeps_the_books_closed():
    scenario = short("history")
    usual, guarded = DigitalGovernment(scenario, rng=7), GuardedCountry(scenario, rng=7)
    for model in (usual, guarded):
        model.run_model()
    for careful, careless in zip(guarded.provinces, usual.provinces, strict=True):
        assert careful.stocks.protection > careless.stocks.protection
        stocks = careful.stocks
        assert stocks.received - stocks.spent - stocks.lapsed == pytest.approx(stocks.cash, abs=1e-9)
    result = simulate(scenario, seed=7, model=GuardedCountry)
    assert result.array[0, -1].tobytes() == guarded.outcomes.tobytes()


def test_a_centre_can_be_another():
    class Silent(Centre):
        """A centre that publishes nothing."""

        def publish(self):
            pass

    class SilentCountry(DigitalGovernment):
        centre_class = Silent

    model = SilentCountry(short("history"))
    model.run_model()
    assert {province.stocks.published_index for province in model.provinces} == {0.0}
    assert min(province.stocks.reported_index for province in model.provinces) > 0.0


def test_a_subclass_may_add_agents_of_its_own():
    class Newspaper(mesa.Agent):
        def read(self):
            self.headline = self.model.outcomes[0]

    class WatchedCountry(DigitalGovernment):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            Newspaper(self)

        def step(self):
            super().step()
            self.agents_by_type[Newspaper].do("read")

    model = WatchedCountry(short("history", 2), country=synthetic_country(4))
    model.run_model()
    assert len(model.agents) == len(model.provinces) + 1
    assert [newspaper.headline for newspaper in model.agents_by_type[Newspaper]] == [model.outcomes[0]]
    assert model.datacollector.get_agent_vars_dataframe()["province_trust"].isna().sum() == model.steps


def test_mesa_runs_it_in_a_batch():
    rows = mesa.batch_run(
        DigitalGovernment, {"scenario": "history", "replication": [0, 1]}, max_steps=50, display_progress=False
    )
    assert len(rows) == 2 * len(COUNTRY)
    assert {row["replication"] for row in rows} == {0, 1}
    assert set(OUTCOME_NAMES) <= set(rows[0])


def test_the_docstring_prints_every_act_in_its_order():
    acts = [act.name for act in ACTS if act.who != TOGETHER]
    named = re.findall(r"(?:Province|Centre)\.(\w+)", DigitalGovernment.__doc__)
    assert named == acts
    for act in acts:
        agent = Province if hasattr(Province, act) else Centre
        assert getattr(agent, act).__doc__.startswith("Act ")


def test_the_how_to_runs(capsys):
    names: dict = {}
    for block in re.findall(r"```python\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), flags=re.DOTALL):
        exec(compile(block, str(HOW_TO), "exec"), names)
    assert capsys.readouterr().out.startswith("2020Q2\nDa Nang ")
    assert len(names["outcomes"]) == names["model"].plan.quarters
    assert names["result"].replications == 3


# Copies ---------------------------------------------------------------------------------------------------------------


class Doubting(Province):
    """A province with something of its own to remember."""

    def __init__(self, model, cell, row):
        super().__init__(model, cell, row)
        self.doubts = 0

    def learn(self):
        super().learn()
        self.doubts += 1
        self.record.credence *= 0.5


class Doubters(DigitalGovernment):
    province_class = Doubting


def pickled(model):
    return pickle.loads(pickle.dumps(model))


def collected(model) -> tuple[bytes, bytes]:
    frames = model.datacollector.get_model_vars_dataframe(), model.datacollector.get_agent_vars_dataframe()
    return tuple(frame.to_csv().encode() for frame in frames)


@pytest.mark.parametrize("copied", [pickled, copy.deepcopy], ids=["pickled", "deep-copied"])
@pytest.mark.parametrize("steps", [0, 5])
def test_a_copy_goes_on_as_the_first_would_have(copied, steps):
    first = Doubters("staged", rng=3, country=COUNTRY)
    for _ in range(steps):
        first.step()
    other = copied(first)
    first.province("Ha Giang").record.trust = 0.0  # does not reach the other
    again = copied(other)
    for model in (other, again):
        assert model.quarter == first.quarter
        model.run_model()
        assert not model.running
    whole = Doubters("staged", rng=3, country=COUNTRY)
    whole.run_model()
    assert collected(other) == collected(again) == collected(whole)
    for name in whole.state.provinces.dtype.names:  # between fields there are bytes that mean nothing
        assert other.state.provinces[name].tobytes() == whole.state.provinces[name].tobytes(), name
    assert {province.doubts for province in other.provinces} == {whole.plan.quarters}
    assert other.province("Ha Giang").model is other


def test_a_copy_compiles_nothing_again():
    first = DigitalGovernment("history", country=COUNTRY)
    kinds = [numba.typeof(record) for record in first.state]
    assert [numba.typeof(record) for record in pickled(first).state] == kinds


def test_a_shallow_copy_is_refused():
    with pytest.raises(TypeError, match=r"copy\.deepcopy"):
        copy.copy(DigitalGovernment("history", country=COUNTRY))


REFUSED: dict[str, Callable[[DigitalGovernment, Province], object]] = {
    "agent.remove": lambda _, agent: agent.remove(),
    "deregister_agent": lambda model, agent: model.deregister_agent(agent),
    "remove_all_agents": lambda model, _: model.remove_all_agents(),
}
NOTICED: dict[str, Callable[[DigitalGovernment, Province], object]] = {
    "agents.remove": lambda model, agent: model.agents.remove(agent),
    "agents.discard": lambda model, agent: model.agents.discard(agent),
    "agents.select": lambda model, agent: model.agents.select(lambda other: other is not agent, inplace=True),
    "provinces.remove": lambda model, agent: model.provinces.remove(agent),
    "agents_by_type": lambda model, agent: model.agents_by_type[type(agent)].remove(agent),
    "cell.remove_agent": lambda _, agent: agent.cell.remove_agent(agent),
}


@pytest.mark.parametrize("way", REFUSED)
def test_a_province_cannot_be_removed(way):
    model = DigitalGovernment("history", country=COUNTRY)
    first = model.province("Ha Noi" if way == "remove_all_agents" else "Ha Giang")
    with pytest.raises(ModelError, match=f"{first.name} cannot be removed"):
        REFUSED[way](model, first)
    assert len(model.agents) == len(COUNTRY)
    model.step()


@pytest.mark.parametrize("way", NOTICED)
def test_a_province_that_was_taken_out_of_a_set_of_mesa_is_missed_at_the_next_step(way):
    model = DigitalGovernment("history", country=COUNTRY)
    model.step()
    NOTICED[way](model, model.province("Ha Giang"))
    before = model.quarter
    with pytest.raises(ModelError, match="Ha Giang was taken out of the model, which cannot go on without it"):
        model.step()
    assert model.quarter == before


def test_agents_that_a_subclass_adds_can_be_removed():
    model = DigitalGovernment("history", country=COUNTRY)
    guest = Agent(model)
    model.step()
    guest.remove()
    model.step()
    assert len(model.agents) == len(COUNTRY)


def test_every_mistake_of_a_user_of_the_model_has_one_root():
    """And is still what a program that knows Python's own errors looks for."""
    model = DigitalGovernment({"name": "short", "horizon": {"stop_after": 1}}, country=COUNTRY)
    model.step()
    mistakes: list[tuple[Callable[[], object], type[Exception]]] = [
        (model.step, RuntimeError),
        (model.province("Ha Giang").remove, RuntimeError),
        (lambda: copy.copy(model), TypeError),
        (lambda: PARAMETERS["maching_rate"], KeyError),
        (lambda: OUTCOMES["usee"], KeyError),
        (lambda: DigitalGovernment("history", rng=1.0), ValueError),
        (lambda: DigitalGovernment("history", rng=[1]), ValueError),
    ]
    for mistake, own in mistakes:
        with pytest.raises(dgsim.DgsimError) as error:
            mistake()
        assert isinstance(error.value, own)
        assert not str(error.value).startswith(("'", '"'))


def test_a_seed_that_is_none_is_told_what_seeds_are():
    with pytest.raises(StudyError, match=r"rng = 1\.0 is no seed; allowed: a whole number from 0 to"):
        DigitalGovernment("history", rng=1.0)


# Mesa's own tools -----------------------------------------------------------------------------------------------------


def test_national_and_provincial_columns_have_names_of_their_own():
    model = DigitalGovernment("history", rng=1, country=COUNTRY)
    model.step()
    national = model.datacollector.get_model_vars_dataframe()
    provincial = model.datacollector.get_agent_vars_dataframe()
    assert not set(national) & set(provincial)
    assert list(provincial["code"]) == list(COUNTRY.codes)
    assert list(provincial["name"]) == list(COUNTRY.names)
    batch = mesa.batch_run(DigitalGovernment, {"scenario": "history"}, max_steps=1, display_progress=False)
    for name in national:
        assert len({row[name] for row in batch}) == 1, f"{name} is national"


def test_iterations_of_a_batch_differ():
    later = "rng" in signature(mesa.batch_run).parameters  # from Mesa 3.5 on, where iterations are deprecated
    three = {"rng": [None] * 3} if later else {"iterations": 3}
    rows = mesa.batch_run(DigitalGovernment, {"scenario": "history"}, max_steps=2, display_progress=False, **three)
    assert len({row["specialists"] for row in rows}) == 3


def test_a_seed_may_be_text():
    assert DigitalGovernment("history", rng="12", country=COUNTRY).seed == 12
    with pytest.raises(StudyError, match="rng = 'twelve' is no whole number"):
        DigitalGovernment("history", rng="twelve", country=COUNTRY)


def test_mesas_own_drawing_finds_every_node():
    with warnings.catch_warnings():  # Mesa's own page breaks a rule of hooks
        warnings.simplefilter("ignore", UserWarning)
        from mesa.visualization.components import AgentPortrayalStyle
        from mesa.visualization.mpl_space_drawing import draw_network

    model = DigitalGovernment("history", rng=1, country=COUNTRY)
    axes = Figure().add_subplot()
    draw_network(model.space, lambda agent: AgentPortrayalStyle(size=1.0 + agent.row), axes)
    assert sum(len(some.get_offsets()) for some in axes.collections if isinstance(some, PathCollection)) == len(COUNTRY)
