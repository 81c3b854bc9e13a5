"""The Mesa model: the rules of the world as the methods of agents that can be stepped, watched and overridden.

There is no second set of equations here: every act calls the compiled rule on the agent's own record. A run gives
the same bytes as the compiled driver of :mod:`dgsim.engine.run`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial, wraps
from inspect import signature
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any

import networkx
import numpy as np
from mesa import Agent, DataCollector, Model
from mesa.discrete_space import Cell, FixedAgent, Network
from numba import typeof

from dgsim.country import Country, load_country, peer_weights
from dgsim.engine.compilation import compile_once
from dgsim.engine.sets import ParameterSets
from dgsim.engine.setup import PEER_WEIGHTS, fresh_world
from dgsim.errors import LARGEST_REPLICATION, LARGEST_SEED, CopyError, ModelError, StudyError, cut, whole_number
from dgsim.scenario import Scenario, load_scenario
from dgsim.scenario.calendar import quarter_text
from dgsim.show.terminal.compiling import compiling_shown
from dgsim.texts import IN_ENGLISH
from dgsim.world import (
    cache,
    centre,
    choice_fast,
    citizens,
    leaders,
    money,
    outcomes,
    peers,
    projects,
    records,
    reporting,
    staff,
)
from dgsim.world import quarter as driver
from dgsim.world.quarter import ACTS, CENTRE, EVERY_PROVINCE
from dgsim.world.state import PANEL, State, World
from dgsim.world.tables import OUTCOME_NAMES

Luck = int | str | np.integer | np.random.Generator | np.random.BitGenerator | np.random.SeedSequence | None


class Record(np.record):  # type: ignore[misc]
    """A record that compiled code finds fast: numpy would describe all of its fields anew at every call.

    >>> from dgsim.world.state import PANEL
    >>> record = Record.of(np.zeros(1, PANEL)[0])
    >>> record.cash = 3
    >>> record.cash
    np.float64(3.0)
    """

    @classmethod
    def of(cls, record: Any) -> Any:
        """The same record, not a copy, as one of this kind."""
        return record.view(np.dtype((cls, record.dtype)))

    @cached_property
    def data(self) -> memoryview:
        """Where it lies in memory."""
        return super().data


def act(rule: Any, *more: str) -> Callable[[Any], None]:
    """The method of an agent that calls a rule on its record, its world and, by name, more of its attributes.

    The machine code is looked up at the first call only: finding out the types of a world takes longer than a rule.
    """
    arguments = attrgetter("record", "world", *more)
    code = None

    @wraps(getattr(rule, "py_func", rule))
    def method(self: Any) -> None:
        nonlocal code
        given = arguments(self)
        code = code or rule.compile(tuple(map(typeof, given)))
        code(*given)

    return method


class Province(FixedAgent):  # type: ignore[misc, unused-ignore]
    """A province: each of its acts is a rule of the world, called on its own record.

    Attributes
    ----------
    row : int
        Its row in the country's table, from 0.
    record : Record
        Its fields (`dgsim.world.state.PROVINCE_FIELDS`), a view into the world: what is set here is set there.
    world : World
        What every rule may look at besides the record.
    stocks : Record
        Its line of the panel (`dgsim.world.state.PANEL_FIELDS`) when the books were last closed.
    cell : Cell
        Its node in the network; the neighbours of the cell are the provinces it watches.
    code, name : str
        As in the country's table, the name in English.

    Examples
    --------
    A subclass overrides an act, and calls the rule where it agrees with it:

    >>> class Unbelieving(Province):
    ...     def learn(self):
    ...         super().learn()
    ...         self.record.credence = 0.0  # no promise of the centre is trusted
    >>> class Unbelievers(DigitalGovernment):
    ...     province_class = Unbelieving
    >>> model = Unbelievers("history")
    >>> model.step()
    >>> max(province.stocks.credence for province in model.provinces)
    np.float64(0.0)
    """

    def __init__(self, model: DigitalGovernment, cell: Cell, row: int) -> None:
        super().__init__(model)
        self.cell = cell
        self.row = row
        self.code: str = model.country.codes[row]
        self.name: str = model.country.names[row]
        self.stocks: records.PanelLine = Record.of(np.zeros(1, PANEL)[0])

    # Looked up in the model at first use, so that a copy of the model finds those of the copy.
    @cached_property
    def record(self) -> records.Province:
        """Its fields, a view into the world."""
        return Record.of(self.model.state.provinces[self.row])  # type: ignore[no-any-return]

    @cached_property
    def world(self) -> World:
        """What every rule may look at besides the record."""
        return self.model.state.world  # type: ignore[no-any-return]

    @cached_property
    def choices(self) -> np.ndarray:
        """What it weighed, where that is recorded."""
        return self.model.state.choices  # type: ignore[no-any-return]

    def remove(self) -> None:
        """Refused: the rules, the outcomes and the books go through every province of the country.

        Raises
        ------
        ModelError
            Always.
        """
        raise self.not_removed()

    def not_removed(self) -> ModelError:
        """What is raised where it is to be taken out of its model."""
        return ModelError(f"{self.name} cannot be removed from a model: leave it out of the country's folder instead")

    def __getstate__(self) -> dict[str, Any]:
        """What a copy needs: all but the views into the world of this one."""
        kept = {name: value for name, value in vars(self).items() if name not in ("record", "world", "choices")}
        return kept | {"stocks": self.stocks.tobytes()}  # type: ignore[attr-defined]

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__ |= state | {"stocks": Record.of(np.frombuffer(bytearray(state["stocks"]), PANEL)[0])}

    receive_money = act(money.receive_money)
    pay_running_costs = act(money.pay_running_costs)
    lose_staff = act(staff.lose_staff)
    gain_staff = act(staff.gain_staff)
    learn = act(peers.learn)
    change_leaders = act(leaders.change_leaders)
    choose = act(choice_fast.choose, "choices")
    deliver = act(projects.deliver)
    serve_citizens = act(citizens.serve_citizens)
    report = act(reporting.report)
    close_books = act(money.close_books)
    take_stock = act(outcomes.record_stocks, "stocks")


class Centre:
    """The centre: what it does is rules too, called on the whole of the world.

    record  its fields (:data:`dgsim.world.state.NATION_FIELDS`), a view into the world
    """

    def __init__(self, model: DigitalGovernment) -> None:
        self.model = model

    @cached_property
    def record(self) -> records.Nation:
        """The fields of the centre."""
        return self.model.state.world.nation

    def __getstate__(self) -> dict[str, Any]:
        """What a copy needs: all but the view into the world of this one."""
        return {name: value for name, value in vars(self).items() if name != "record"}

    def spend(self) -> None:
        """Act 1. The roadmap progresses, programmes are paid, grants are allotted."""
        state = self.model.state
        centre.spend(state.world, state.provinces, state.roadmap)

    def publish(self) -> None:
        """Act 9, second half. Scores and ranks are published, awards are shared."""
        reporting.publish(self.model.state.world, self.model.state.provinces)

    def close_programmes(self) -> None:
        """Act 10. Unspent programme money lapses."""
        centre.close_programmes(self.model.state.world, self.model.state.roadmap)


class DigitalGovernment(Model):  # type: ignore[misc, unused-ignore]
    """A centre and the provinces of a country under one scenario.

    A step is one quarter of ten acts::

        1.  the centre spends                  Centre.spend
        2.  money arrives                      Province.receive_money
        3.  running costs are paid             Province.pay_running_costs
        4.  staff leave, meet and arrive       Province.lose_staff, Province.gain_staff
        5.  provinces learn from peers         Province.learn
        6.  leaders change, they choose        Province.change_leaders, Province.choose
        7.  they deliver                       Province.deliver
        8.  citizens are served                Province.serve_citizens
        9.  reports and publication            Province.report, Centre.publish
        10. the books are closed               Province.close_books, Centre.close_programmes

    Every act is done by all provinces before the next begins; a step goes through `dgsim.world.quarter.ACTS`. Then the
    data collector takes one row: model reporters are named as the outcomes; agent reporters are `code`, `name` and the
    provinces' stocks, each with `province_` before its name, so that `mesa.batch_run` keeps both. `running` is False
    once the horizon is over.

    `DigitalGovernment(NAME, rng=S)` is replication 0 of `simulate(NAME, seed=S)`. Mesa's own `rng` and `random` are
    there for subclasses; the rules do not use them. A model can be pickled and deep-copied at any moment, and goes on
    as the first would have.

    Parameters
    ----------
    scenario : str, Path, Mapping or Scenario
        As in `simulate`.
    rng : int, str, Generator, BitGenerator, SeedSequence or None
        Of all luck of the rules: a whole number, 0 to 2**64 - 1, also as text, kept as `seed`; a generator draws a
        seed. Without one a fresh seed is taken, as models of Mesa do, so that the iterations of a batch differ.
    country : str, Path or Country, optional
        As in `simulate`.
    replication : int, default 0
        Which run of the seed, and which set of the parameters.
    parameters : sequence of Mapping, optional
        Sets of uncertain parameters, as `load_parameters` gives them; without them every parameter is at its default.

    Attributes
    ----------
    plan : Scenario
        The checked scenario (Mesa keeps the name `scenario` to itself).
    country : Country
        Frozen.
    state : State
        The records of the world.
    space : Network
        Mesa's network of who watches whom, one cell a province, numbered as the country's rows (an attribute `code` of
        the node tells which it is) and placed by its position.
    provinces : AgentSet
        The provinces, in the country's order; `agents` holds them and whatever agents a subclass adds.
    centre : Centre
        What the centre does.
    outcomes : ndarray
        Float64 [outcome]: the outcomes of the last quarter, in the order of the table of outcomes.

    Raises
    ------
    ScenarioError, CountryError
        If the scenario or the country cannot be used: one sentence a mistake.
    StudyError
        If `rng` is no seed, or `replication` no whole number of the range.

    Examples
    --------
    >>> model = DigitalGovernment("history", rng=7)
    >>> model.run_model()
    >>> len(model.datacollector.get_model_vars_dataframe())
    44
    """

    province_class: type[Province] = Province
    centre_class: type[Centre] = Centre
    acts_at_once = True  # all acts are compiled before the first model
    scenario = None  # Mesa 3.5 keeps its own kind of scenario here, which SolaraViz would hand to the constructor

    def __init__(
        self,
        scenario: str | Path | Mapping[str, Any] | Scenario,
        rng: Luck = None,
        country: str | Path | Country | None = None,
        replication: int = 0,
        parameters: Sequence[Mapping[str, float]] | None = None,
    ) -> None:
        self.seed = seed_of(rng)
        self.replication = whole_number(replication, "replication", 0, LARGEST_REPLICATION)
        super().__init__(rng=self.seed if replication == 0 else np.random.SeedSequence((self.seed, replication)))
        self.scenario = None
        self.plan = load_scenario(scenario)
        self.country = load_country(country)
        if self.acts_at_once:
            compile_acts()
        self.setup = ParameterSets(self.plan, self.country, parameters).of(self.replication)
        self.state = self._fresh_state()
        mixture = {name: float(self.plan.lever(name)) for name in PEER_WEIGHTS}
        self.space = peer_space(peer_weights(self.country, mixture), self.random)
        for row in range(len(self.country)):
            self.province_class(self, self.space[row], row)
        self.provinces = self.agents.select(agent_type=Province)
        self._begun_with = tuple(self.provinces)
        self.centre = self.centre_class(self)
        self.outcomes = np.zeros(len(OUTCOME_NAMES))
        self.provinces.do("take_stock")
        self.datacollector = DataCollector(
            model_reporters={name: partial(outcome, column=column) for column, name in enumerate(OUTCOME_NAMES)},
            agent_reporters={
                **{name: partial(label, name=name) for name in ("code", "name")},
                **{f"province_{name}": partial(stock, name=name) for name in PANEL.names or ()},
            },
        )

    def _fresh_state(self) -> State:
        state = fresh_world(self.setup, self.seed, self.replication)
        return state._replace(world=World(*map(Record.of, state.world)))

    def __getstate__(self) -> dict[str, Any]:
        """What a copy needs: the bytes of all records that change, in place of records that share their memory."""
        return vars(self) | {"state": [record.tobytes() for record in _moving(self.state)]}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """A world begun anew from the same setup, and in it all that had changed."""
        self.__dict__ |= state
        self.state = self._fresh_state()
        for moving, content in zip(_moving(self.state), state["state"], strict=True):
            then = np.frombuffer(content, moving.dtype)
            for name in then.dtype.names or ():
                moving[name] = then[name].reshape(np.shape(moving[name]))

    def __copy__(self) -> DigitalGovernment:
        raise CopyError("a copy of a model needs agents of its own: copy.deepcopy(model)")

    def province(self, which: str) -> Province:
        """The province of a code or a name.

        Parameters
        ----------
        which : str
            As in `Country.index`.

        Returns
        -------
        Province
            The agent.

        Raises
        ------
        CountryError
            If there is none; offers the nearest name.

        Examples
        --------
        >>> DigitalGovernment("history").province("Hà Giang").name
        'Ha Giang'
        """
        found: Province = self.space[self.country.index(which)].agents[0]
        return found

    @property
    def quarter(self) -> str:
        """The quarter that the next step runs, as text."""
        return quarter_text(int(self.centre.record.quarter))

    def step(self) -> None:
        """One quarter, ten acts.

        Raises
        ------
        ModelError
            If the horizon is over, or a province was taken out of the model.
        """
        self.open_quarter()
        for _, name, who in ACTS:
            if who == EVERY_PROVINCE:
                self.provinces.do(name)
            else:
                getattr(self.centre if who == CENTRE else self, name)()
        self.close_quarter()

    def open_quarter(self) -> None:
        """The levers of the quarter come into force."""
        quarter, quarters = self.centre.record.quarter, self.plan.quarters
        if quarter >= quarters:
            raise ModelError(f"{self.plan.name} is over: it ends in {quarter_text(quarters - 1)}")
        self._check_provinces()
        self.state.policy[0] = self.state.policies[quarter]

    def deregister_agent(self, agent: Agent) -> None:
        """Forget an agent, as `Agent.remove` does; refused of provinces.

        Parameters
        ----------
        agent : Agent
            Which.

        Raises
        ------
        ModelError
            If it is a province.
        """
        if isinstance(agent, Province):
            raise agent.not_removed()
        super().deregister_agent(agent)

    def _check_provinces(self) -> None:
        """Raise ModelError where one was taken out of a set or a cell, which Mesa lets anybody do."""
        for row, province in enumerate(self._begun_with):
            alike = self.agents_by_type.get(type(province), ())
            holders = (self.agents, self.provinces, alike, self.space[row].agents)
            if not all(province in holder for holder in holders):
                raise ModelError(
                    f"{province.name} was taken out of the model, which cannot go on without it: "
                    "leave it out of the country's folder instead"
                )

    def meet_movers(self) -> None:
        """Those who left for other provinces meet the vacancies there."""
        staff.meet_movers(self.state.world, self.state.provinces)

    def look_around(self) -> None:
        """Every province sees what its peers have to show."""
        state = self.state
        peers.look_around(state.provinces, state.peer_start, state.peer_index, state.peer_weight)

    def share_data(self) -> None:
        """What the provinces share becomes worth something to all."""
        citizens.share_data(self.state.world, self.state.provinces)

    def measure(self) -> None:
        """Act 10, at its end. The outcomes of the quarter."""
        outcomes.measure(self.state.world, self.state.provinces, self.outcomes)

    def close_quarter(self) -> None:
        """Time moves on, and outcomes and stocks are collected."""
        nation = self.centre.record
        nation.quarter += 1
        self.provinces.do("take_stock")
        self.datacollector.collect(self)
        self.running = bool(nation.quarter < self.plan.quarters)


class OneStep(DigitalGovernment):
    """A model that is made to compile the acts."""

    acts_at_once = False


def compile_acts() -> None:
    """Compile the acts of the agents, where this is still to be done: with word of how long it takes, and a bar."""
    if not cache.compiled_before(cache.ACTS):
        entries = (driver.initialise_world, outcomes.record_stocks, *(getattr(driver, act.name) for act in ACTS))
        with compiling_shown(IN_ENGLISH, lasting=cache.lasting()) as progress:
            compile_once(cache.ACTS, entries, lambda: OneStep("history", rng=0).step(), progress)


def _moving(state: State) -> tuple[Any, ...]:
    """All records that change as a world goes on, each with memory of its own."""
    return state.provinces, state.roadmap, state.choices, state.policy, state.world.nation, state.world.open


def seed_of(rng: Luck) -> int:
    """The seed of all luck: a whole number is the seed itself; a generator draws one; None takes a fresh one.

    >>> seed_of(7), seed_of("100")
    (7, 100)
    """
    if isinstance(rng, str):
        if not rng.strip().isdecimal():
            raise StudyError(f"rng = {rng!r} is no whole number from 0 to {LARGEST_SEED}")
        rng = int(rng)
    if isinstance(rng, int | np.integer):
        return whole_number(rng, "rng", 0)
    if not isinstance(rng, np.random.Generator | np.random.BitGenerator | np.random.SeedSequence | None):
        allowed = f"a whole number from 0 to {LARGEST_SEED}, also as text, or a generator of numpy"
        raise StudyError(f"rng = {cut(repr(rng))} is no seed; allowed: {allowed}")
    return int(np.random.default_rng(rng).integers(2**63))


def peer_space(graph: networkx.DiGraph, random: Random) -> Network:
    """The network as Mesa's space: a cell a province, at its longitude and latitude (degrees)."""
    graph = networkx.convert_node_labels_to_integers(graph, label_attribute="code")  # as Mesa's drawing expects them
    positions = networkx.get_node_attributes(graph, "pos")
    if "layout" in signature(Network).parameters:  # from Mesa 3.5 on
        space = Network(graph, capacity=1, random=random, layout=positions)
    else:
        space = Network(graph, capacity=1, random=random)
        for row, position in positions.items():
            space[row].position = np.array(position)
    space.G = graph.to_undirected()  # Mesa draws no arrows; who watches whom is in the cells' connections
    return space


def outcome(model: DigitalGovernment, column: int) -> float:
    """Model reporter: one outcome of the quarter whose books were closed."""
    return float(model.outcomes[column])


def stock(agent: Agent, name: str) -> float | None:
    """Agent reporter: one stock of a province; None for agents that are not provinces."""
    if not isinstance(agent, Province):
        return None
    stocks: Any = agent.stocks  # numpy finds a field by its name in a quarter of the time it takes as an attribute
    return float(stocks[name])


def label(agent: Agent, name: str) -> str | None:
    """Agent reporter: the code or the name of a province; None for agents that are not provinces."""
    return str(getattr(agent, name)) if isinstance(agent, Province) else None
