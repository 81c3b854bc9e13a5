"""The small model in ambr, in both of its ways: agents as objects, and columns of the whole population."""

from __future__ import annotations

import ambr
import numpy as np
from scipy.sparse import csr_array
from small_model import IMITATION, INNOVATION, TRUST_BASE, TRUST_EXPERIENCE, TRUST_SPEED, Materials


class Province(ambr.Agent):
    """A province that takes a service up."""

    def look(self) -> None:
        """What it sees of its peers' use."""
        seen = 0.0
        for peer, weight in self._peers:
            seen += weight * peer.use
        self.seen = seen

    def take_up(self) -> None:
        """Use grows towards what quality and trust allow; trust follows use."""
        top = self.quality * self.trust
        pace = (INNOVATION + IMITATION * self.seen) * (0.5 + self._luck[self.model.t])
        self.use += pace * (top - self.use)
        self.trust += TRUST_SPEED * (TRUST_BASE + TRUST_EXPERIENCE * self.use - self.trust)


class Objects(ambr.Model):
    """Provinces that watch each other, as objects."""

    def setup(self) -> None:
        """The provinces and whom they watch."""
        given: Materials = self.p["given"]
        self.agents = ambr.AgentList(self, len(given.trust), Province)
        members = list(self.agents)
        luck = given.luck.T.tolist()
        for i, province in enumerate(members):
            province.use, province.seen = 0.0, 0.0
            province.trust, province.quality = float(given.trust[i]), float(given.quality[i])
            province._luck = luck[i]
            province._peers = [(members[j], weight) for j, weight in given.peers(i)]

    def step_oop(self) -> None:
        """One quarter."""
        self.agents.look()
        self.agents.take_up()

    def update(self) -> None:
        """The mean use is written down."""
        self.record_model("mean_use", float(np.mean([province.use for province in self.agents])))


class Columns(ambr.Model):
    """Provinces that watch each other, as columns."""

    def setup(self) -> None:
        """The provinces and whom they watch."""
        given: Materials = self.p["given"]
        n = len(given.trust)
        self.add_agents(n, use=np.zeros(n), trust=given.trust, quality=given.quality)
        self.peers = csr_array((given.weight, given.index, given.start), shape=(n, n))

    def step_vectorized(self) -> None:
        """One quarter."""
        use, trust, quality = (self.agents.array(name) for name in ("use", "trust", "quality"))
        pace = (INNOVATION + IMITATION * (self.peers @ use)) * (0.5 + self.p["given"].luck[self.t])
        use = use + pace * (quality * trust - use)
        trust = trust + TRUST_SPEED * (TRUST_BASE + TRUST_EXPERIENCE * use - trust)
        self.agents.set(use=use, trust=trust)

    def update(self) -> None:
        """The mean use is written down."""
        self.record_model("mean_use", float(self.agents.use.mean()))


def run_objects(given: Materials) -> np.ndarray:
    """Mean use, quarter by quarter, with objects."""
    return _run(Objects, "oop", given)


def run_columns(given: Materials) -> np.ndarray:
    """Mean use, quarter by quarter, with columns."""
    return _run(Columns, "vectorized", given)


def _run(kind: type[ambr.Model], mode: str, given: Materials) -> np.ndarray:
    parameters = {"given": given, "steps": len(given.luck), "seed": 1, "show_progress": False}
    return kind(parameters).cpu(mode=mode).run()["model"]["mean_use"].to_numpy()
