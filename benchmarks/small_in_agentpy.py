"""The small model in agentpy: an ``AgentList`` whose methods are called for all, and recorded variables."""

from __future__ import annotations

import agentpy
import numpy as np
from small_model import IMITATION, INNOVATION, TRUST_BASE, TRUST_EXPERIENCE, TRUST_SPEED, Materials


class Province(agentpy.Agent):
    """A province that takes a service up."""

    def setup(self, trust: float, quality: float, luck: list[float]) -> None:
        """What it starts with."""
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
        pace = (INNOVATION + IMITATION * self.seen) * (0.5 + self.luck[self.model.t - 1])
        self.use += pace * (top - self.use)
        self.trust += TRUST_SPEED * (TRUST_BASE + TRUST_EXPERIENCE * self.use - self.trust)


class TakeUp(agentpy.Model):
    """Provinces that watch each other."""

    def setup(self) -> None:
        """The provinces and whom they watch."""
        given: Materials = self.p.given
        traits = {"trust": given.trust.tolist(), "quality": given.quality.tolist(), "luck": given.luck.T.tolist()}
        each = {name: agentpy.AttrIter(values) for name, values in traits.items()}
        self.agents = agentpy.AgentList(self, len(given.trust), Province, **each)
        for i, province in enumerate(self.agents):
            province.peers = [(self.agents[j], weight) for j, weight in given.peers(i)]

    def step(self) -> None:
        """One quarter."""
        self.agents.look()
        self.agents.take_up()
        self.record("mean_use", float(np.mean(list(self.agents.use))))


def run(given: Materials) -> np.ndarray:
    """Mean use, quarter by quarter."""
    results = TakeUp({"given": given, "steps": len(given.luck), "seed": 1}).run(display=False)
    return results.variables.TakeUp["mean_use"].to_numpy()
