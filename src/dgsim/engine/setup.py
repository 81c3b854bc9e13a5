"""From a country and a scenario to worlds: the arrays the rules work on, filled before the first quarter.

A :class:`Setup` holds what all replications share and never changes; :func:`fresh_world` makes one world of it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from dgsim.country import Country, covariates, peer_arrays, peer_weights
from dgsim.country.groups import income_a_head
from dgsim.errors import SetupError
from dgsim.scenario import Scenario
from dgsim.world.quarter import initialise_world
from dgsim.world.state import (
    ASSUMPTIONS,
    CATALOGUE,
    CHOICE,
    NATION,
    OPEN,
    OPTIONS,
    POLICY,
    PROVINCE,
    ROADMAP,
    ROADMAP_TABLE,
    State,
    World,
)
from dgsim.world.tables import ITEMS, MOST_ITEMS, PARAMETERS, PROVINCIAL, SERVICES, Parameter
from dgsim.world.units import BVND, MILLION, PERCENT, QUARTERS

PEER_WEIGHTS = tuple(p.name for p in PARAMETERS.levers if p.theme == "peers" and p.unit == "weight")
EVERYONE = -1
NO_NATION, NOTHING_OPEN, NO_CHOICE = (np.zeros(1, dtype).view(np.recarray) for dtype in (NATION, OPEN, CHOICE))

MOST_KEPT = 64  # countries and weights of networks, and gaps, that are not computed again


@dataclass(frozen=True)
class Setup:
    """All that the replications of one scenario in one country share; its arrays are read-only, however it is made.

    Rules are compiled for arrays that are read-only or for arrays that are not: were some setups one and some the
    other, all would be compiled twice. They are seen as records once, here: numpy takes as long to describe so many
    fields as a world takes for a quarter.
    """

    provinces: np.ndarray
    roadmap: np.ndarray
    policies: np.ndarray
    tables: tuple[np.ndarray, np.ndarray, np.ndarray]  # assumptions, services, items: one record each
    peers: tuple[np.ndarray, np.ndarray, np.ndarray]

    def __post_init__(self) -> None:
        for array in (self.provinces, self.roadmap, self.policies, *self.tables, *self.peers):
            array.setflags(write=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """What is sent to another process is read-only there too."""
        return Setup, (self.provinces, self.roadmap, self.policies, self.tables, self.peers)

    @property
    def quarters(self) -> int:
        """Length of a run."""
        return len(self.policies)

    @cached_property
    def start(self) -> tuple[Any, Any, Any]:
        """The provinces, roadmap and policies as every world begins with them."""
        provinces, roadmap, policies = (
            array.view(np.recarray) for array in (self.provinces, self.roadmap, self.policies)
        )
        return provinces, roadmap, policies

    @cached_property
    def records(self) -> tuple[Any, Any, Any]:
        """The assumptions, services and items as the rules read them."""
        assumptions, services, items = (table.view(np.recarray)[0] for table in self.tables)
        return assumptions, services, items


def luck_id(text: str) -> int:
    """The key of a province's or roadmap item's own luck: made from its name, so that no other moves it."""
    return zlib.crc32(text.encode())


def lever_number(parameter: Parameter, value: float | int | bool | str) -> float:
    """A lever's value as the rules read it: a choice is its number, a flag is 0 or 1, a quarter its index.

    >>> lever_number(PARAMETERS["awards_metric"], "use")
    1.0
    """
    return float(parameter.choices.index(str(value))) if parameter.type == "choice" else float(value)


def make_setup(scenario: Scenario, country: Country) -> Setup:
    """The arrays that all replications of a scenario share.

    Raises SetupError if two provinces share a luck key or the roadmap is longer than the record allows.
    """
    assumptions, policies = _assumptions(scenario), _policies(scenario)
    return Setup(
        provinces=_provinces(country, policies, assumptions),
        roadmap=_roadmap(scenario),
        policies=policies,
        tables=(assumptions, _services(), _columns(ROADMAP_TABLE, ITEMS)),
        peers=_peers(country, tuple(float(scenario.lever(name, 0)) for name in PEER_WEIGHTS)),
    )


def varied_setup(setup: Setup, country: Country, values: Mapping[str, Any]) -> Setup:
    """The setup of a scenario with other values, made from that of the scenario: only what differs is made anew.

    The values are levers and uncertainties in the form scenarios hold them, and are not checked again.
    """
    assumptions, policies = setup.tables[0].copy(), setup.policies.copy()
    provinces, peers = setup.provinces.copy(), setup.peers
    for name, value in values.items():
        if name in PARAMETERS.levers.names:
            policies[name] = lever_number(PARAMETERS[name], value)
        else:
            assumptions[name] = value
    _fiscal_position(provinces, policies)
    if not set(PEER_WEIGHTS).isdisjoint(values):
        peers = _peers(country, tuple(float(policies[name][0]) for name in PEER_WEIGHTS))
    return Setup(provinces, setup.roadmap, policies, (assumptions, *setup.tables[1:]), peers)


def fresh_world(setup: Setup, seed: int, replication: int, *, watch: tuple[int, int] | None = None) -> State:
    """A new world before its first quarter; `watch` = (province, quarter) records choices, -1 standing for all."""
    provinces, roadmap, policies = setup.start
    nation = copied(NO_NATION)
    nation["seed"], nation["replication"] = seed, replication
    nation["provinces"] = len(provinces)
    nation["watch_province"], nation["watch_quarter"] = watch or (EVERYONE, EVERYONE)
    policy = copied(policies[:1])
    state = State(
        provinces=copied(provinces),
        roadmap=copied(roadmap),
        choices=np.repeat(NO_CHOICE, _most_choices(setup, watch)),
        policies=policies,
        policy=policy,
        peer_start=setup.peers[0],
        peer_index=setup.peers[1],
        peer_weight=setup.peers[2],
        world=World(nation[0], policy[0], *setup.records, copied(NOTHING_OPEN)[0]),
    )
    initialise_world(state)
    return state


def copied(records: Any) -> Any:
    """The same records anew, by their bytes: numpy would copy them field by field, which takes six times as long."""
    return np.recarray(records.shape, records.dtype, buf=bytearray(records.tobytes()))


def _most_choices(setup: Setup, watch: tuple[int, int] | None) -> int:
    if watch is None:
        return 0
    province, quarter = watch
    options = len(OPTIONS) * len(PROVINCIAL) + len(ITEMS)
    return options * (len(setup.provinces) if province < 0 else 1) * (setup.quarters if quarter < 0 else 1)


def _columns(dtype: np.dtype, rows: tuple[Any, ...]) -> np.ndarray:
    """One record that holds the columns of a table."""
    record = np.zeros(1, dtype)
    for name in dtype.names or ():
        if hasattr(rows[0], name):
            record[name] = np.transpose([getattr(row, name) for row in rows])
    return record


def _services() -> np.ndarray:
    """The catalogue, with its dossiers, and each service's worth: hours saved a head against the mean of provinces'."""
    services = _columns(CATALOGUE, SERVICES)
    counted = np.array([service.counts_as == "dossier" for service in SERVICES])
    services["dossiers"] = services["transactions_per_head"] * counted
    hours = services["transactions_per_head"] * services["hours_saved"]
    services["worth"] = hours / hours[:, : len(PROVINCIAL)].mean()
    return services


def _assumptions(scenario: Scenario) -> np.ndarray:
    """Uncertainties and constants: the scenario's own, else the table's."""
    record, assumed = np.zeros(1, ASSUMPTIONS), scenario.assumptions
    for parameter in (*PARAMETERS.uncertain, *PARAMETERS.constants):
        record[parameter.name] = assumed.get(parameter.name, parameter.default)
    return record


def _policies(scenario: Scenario) -> np.ndarray:
    """The levers in force, one record a quarter."""
    policies = np.zeros(scenario.quarters, POLICY)
    for lever in PARAMETERS.levers:
        for since, value in scenario.lever_path(lever.name):
            policies[lever.name][since:] = lever_number(lever, value)
    return policies


def _roadmap(scenario: Scenario) -> np.ndarray:
    """The plan's items in their order."""
    names = [item.name for item in scenario.roadmap]
    if len(names) > MOST_ITEMS:
        raise SetupError(f"{scenario.name}: the roadmap has {len(names)} items; at most {MOST_ITEMS} are allowed")
    records = np.zeros(len(names), ROADMAP)
    for record, item in zip(records, scenario.roadmap, strict=True):
        record["kind"] = ITEMS.names.index(item.item)
        record["luck_id"] = luck_id(item.name)
        record["start"], record["quarters"] = item.start, item.quarters
        record["cost_mvnd"] = item.cost_bvnd * BVND
        for other in item.after:
            record["after"][names.index(other)] = 1
    return records


@lru_cache(maxsize=MOST_KEPT)
def _peers(country: Country, weights: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whom each province watches, as compressed rows."""
    return peer_arrays(peer_weights(country, dict(zip(PEER_WEIGHTS, weights, strict=True))), country)


def _provinces(country: Country, policies: np.ndarray, assumptions: np.ndarray) -> np.ndarray:
    """The traits of every province, in the country's order."""
    records = _traits(country).copy()
    _fiscal_position(records, policies)
    return records


@lru_cache(maxsize=MOST_KEPT)
def _traits(country: Country) -> np.ndarray:
    """What of them the scenario has no part in."""
    records = np.zeros(len(country), PROVINCE)
    records["row"] = np.arange(len(country))
    records["luck_id"] = [luck_id(code) for code in country.codes]
    if len(set(records["luck_id"])) < len(country):
        raise SetupError(f"{country.name}: two province codes share a luck key; rename one of them")
    people = country.column("population_2019")
    records["region"] = country.region_index
    records["population"] = people / MILLION
    records["scale"] = people / people.mean()
    records["income"] = income_a_head(country)
    records["urban"] = country.column("urban_share_2019")
    records["trained_labour"] = country.column("trained_labour_2019_pct") / PERCENT
    records["internet"] = covariates.internet(country)
    records["expenditure"] = country.column("expenditure_2020_bvnd") * BVND / QUARTERS
    records["head_weight"] = people / people.sum()
    records["communes"] = covariates.communes(country)
    transfers = country.column("balancing_transfer_2020_bvnd")
    records["poor_weight"] = transfers / transfers.sum() if transfers.sum() > 0 else records["head_weight"]
    score = covariates.ministry_score(country)
    records["income_standing"] = covariates.income(country)
    records["governance_standing"] = covariates.governance(country)
    records["score_standing"], records["score_spread"] = score.standing, score.spread
    records.setflags(write=False)
    return records


def _fiscal_position(records: np.ndarray, policies: np.ndarray) -> None:
    """How own digital money compares with what the provinces' services would cost: the rank a tilt looks at."""
    fixed = sum(service.build_fixed_bvnd for service in PROVINCIAL)
    per_million = sum(service.build_per_million_bvnd for service in PROVINCIAL)
    need = fixed + per_million * records["population"]
    own = records["expenditure"] * QUARTERS / BVND * float(policies["digital_share"][0])
    _, of, alike = np.unique(own / need, return_inverse=True, return_counts=True)
    rank = (alike.cumsum() - alike + (alike - 1) / 2)[of]  # those that are alike share the mean of their ranks
    records["fiscal_rank"] = rank / max(1, len(records) - 1)
