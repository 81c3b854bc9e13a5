"""The model as a Mesa modeller would write it: provinces are objects, acts are methods, state is plain Python.

The causes are the rules of :mod:`dgsim.world`, run as the plain Python they are written in. This is what the
compiled engine is compared with; it is not part of the package.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import plain_world
from mesa import Agent, DataCollector, Model

from dgsim.scenario import load_scenario
from dgsim.world import (
    centre,
    choice_fast,
    citizens,
    initial,
    leaders,
    money,
    outcomes,
    peers,
    projects,
    reporting,
    staff,
)
from dgsim.world.tables import OUTCOME_NAMES


class Province(Agent):
    """A province: its fields are attributes, its acts are methods."""

    def __init__(self, model: PlainGovernment, record: np.void) -> None:
        super().__init__(model)
        plain_world.fill(self, record)
        self.world = model.world

    def initialise_province(self) -> None:
        """Everything as it stands before the first quarter."""
        initial.initialise_province(self, self.world)

    def receive_money(self) -> None:
        """Act 2."""
        money.receive_money(self, self.world)

    def pay_running_costs(self) -> None:
        """Act 3."""
        money.pay_running_costs(self, self.world)

    def lose_staff(self) -> None:
        """Act 4, first half."""
        staff.lose_staff(self, self.world)

    def gain_staff(self) -> None:
        """Act 4, second half."""
        staff.gain_staff(self, self.world)

    def learn(self) -> None:
        """Act 5."""
        peers.learn(self, self.world)

    def change_leaders(self) -> None:
        """Act 6, first half."""
        leaders.change_leaders(self, self.world)

    def choose(self) -> None:
        """Act 6, second half."""
        choice_fast.choose(self, self.world, ())

    def deliver(self) -> None:
        """Act 7."""
        projects.deliver(self, self.world)

    def serve_citizens(self) -> None:
        """Act 8."""
        citizens.serve_citizens(self, self.world)

    def report(self) -> None:
        """Act 9."""
        reporting.report(self, self.world)

    def close_books(self) -> None:
        """Act 10."""
        money.close_books(self, self.world)


class PlainGovernment(Model):
    """A centre and its provinces under one scenario; a step is a quarter, a run ends with the horizon.

    `keyed` takes the engine's own luck, so that results are equal; without it luck is drawn one after the other.
    """

    def __init__(
        self, scenario: str, replication: int = 0, quarters: int = 0, keyed: bool = True, rng: Any = None
    ) -> None:
        super().__init__(rng=replication if rng is None else rng)
        plain_world.draw(keyed)
        plan = load_scenario(scenario)
        plan = plan.with_changes(quarters=quarters) if quarters else plan
        materials = plain_world.Materials(plan, seed=7, replication=replication)
        self.world, self.roadmap = materials.world, materials.roadmap
        self.policies, self.peers = materials.policies, materials.peers
        centre.plan(self.world, self.roadmap)
        self.provinces = [Province(self, record) for record in materials.provinces]
        self.agents.do("initialise_province")
        self.outcomes = np.zeros(len(OUTCOME_NAMES))
        self.datacollector = DataCollector(
            model_reporters={name: partial(outcome, column=column) for column, name in enumerate(OUTCOME_NAMES)}
        )

    def step(self) -> None:
        """One quarter, ten acts."""
        world, provinces, nation = self.world, self.provinces, self.world.nation
        world.policy = self.policies[nation.quarter]
        centre.spend(world, provinces, self.roadmap)
        self.agents.do("receive_money")
        self.agents.do("pay_running_costs")
        self.agents.do("lose_staff")
        staff.meet_movers(world, provinces)
        self.agents.do("gain_staff")
        peers.look_around(provinces, *self.peers)
        self.agents.do("learn")
        self.agents.do("change_leaders")
        self.agents.do("choose")
        self.agents.do("deliver")
        self.agents.do("serve_citizens")
        citizens.share_data(world, provinces)
        self.agents.do("report")
        reporting.publish(world, provinces)
        self.agents.do("close_books")
        centre.close_programmes(world, self.roadmap)
        outcomes.measure(world, provinces, self.outcomes)
        nation.quarter += 1
        self.datacollector.collect(self)
        self.running = nation.quarter < len(self.policies)


def outcome(model: PlainGovernment, column: int) -> float:
    """One outcome of the quarter that has closed."""
    return float(model.outcomes[column])
