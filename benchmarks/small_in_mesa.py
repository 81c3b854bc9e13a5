"""The small model in Mesa: agents with attributes, acts called by ``AgentSet.do``, a ``DataCollector``."""

from __future__ import annotations

import numpy as np
from mesa import Agent, DataCollector, Model
from small_model import IMITATION, INNOVATION, TRUST_BASE, TRUST_EXPERIENCE, TRUST_SPEED, Materials


class Province(Agent):
    """A province that takes a service up."""

    def __init__(self, model: Model, trust: float, quality: float, luck: list[float]) -> None:
        super().__init__(model)
        self.use, self.seen, self.trust, self.quality = 0.0, 0.0, trust, quality
        self.luck = luck
        self.peers: list[tuple[Province, float]] = []

    def look(self) -> None:
        """What it sees of its peers' use."""
        self.seen = 0.0
        for peer, weight in self.peers:
            self.seen += weight * peer.use

    def take_up(self) -> None:
        """Use grows towards what quality and trust allow; trust follows use."""
        top = self.quality * self.trust
        pace = (INNOVATION + IMITATION * self.seen) * (0.5 + self.luck[self.model.quarter])
        self.use += pace * (top - self.use)
        self.trust += TRUST_SPEED * (TRUST_BASE + TRUST_EXPERIENCE * self.use - self.trust)


class TakeUp(Model):
    """Provinces that watch each other."""

    def __init__(self, given: Materials) -> None:
        super().__init__(rng=1)
        self.quarter = 0
        luck = given.luck.T.tolist()
        traits = zip(given.trust.tolist(), given.quality.tolist(), luck, strict=True)
        provinces = [Province(self, *row) for row in traits]
        for i, province in enumerate(provinces):
            province.peers = [(provinces[j], weight) for j, weight in given.peers(i)]
        self.datacollector = DataCollector(model_reporters={"use": lambda model: model.agents.agg("use", np.mean)})

    def step(self) -> None:
        """One quarter."""
        self.agents.do("look")
        self.agents.do("take_up")
        self.datacollector.collect(self)
        self.quarter += 1


def run(given: Materials) -> np.ndarray:
    """Mean use, quarter by quarter."""
    model = TakeUp(given)
    for _ in range(len(given.luck)):
        model.step()
    return model.datacollector.get_model_vars_dataframe()["use"].to_numpy()
