"""A small model that other frameworks can be asked to run: take-up of one service among provinces that watch peers.

Each quarter every province looks at its peers' use, then takes the service up towards a ceiling set by its trust, and
its trust follows its use. Here it stands in dgsim's form: one record a province, rules compiled by numba. The modules
``small_in_*.py`` say the same in the words of other frameworks; all read the same luck and must agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from dgsim.country import load_country, peer_arrays, peer_weights

INNOVATION, IMITATION = 0.06, 0.35  # a quarter
TRUST_BASE, TRUST_EXPERIENCE, TRUST_SPEED = 0.4, 0.5, 0.05
RECORD = np.dtype([("use", "f8"), ("seen", "f8"), ("trust", "f8"), ("quality", "f8")], align=True)


@dataclass(frozen=True)
class Materials:
    """What all versions start from: traits [province], luck [quarter, province] in 0..1, peers as compressed rows."""

    trust: np.ndarray
    quality: np.ndarray
    luck: np.ndarray
    start: np.ndarray
    index: np.ndarray
    weight: np.ndarray

    def peers(self, i: int) -> list[tuple[int, float]]:
        """Whom a province watches, and with which weight."""
        row = slice(self.start[i], self.start[i + 1])
        return list(zip(self.index[row].tolist(), self.weight[row].tolist(), strict=True))


def materials(quarters: int, seed: int = 1) -> Materials:
    """The real provinces and their borders, with drawn traits and luck."""
    country = load_country()
    generator = np.random.default_rng(seed)
    start, index, weight = peer_arrays(peer_weights(country, {"border": 1.0}), country)
    trust, quality = generator.uniform(0.3, 0.7, (2, len(country)))
    return Materials(trust, quality, generator.uniform(size=(quarters, len(country))), start, index, weight)


@numba.njit(nogil=True, error_model="numpy")
def look(p, provinces, peers, weights):
    """What a province sees of its peers' use."""
    p.seen = 0.0
    for n in range(len(peers)):
        p.seen += weights[n] * provinces[peers[n]].use


@numba.njit(nogil=True, error_model="numpy")
def take_up(p, luck):
    """Use grows by itself and by what is seen, towards what quality and trust allow; trust follows use."""
    top = p.quality * p.trust
    p.use += (INNOVATION + IMITATION * p.seen) * (0.5 + luck) * (top - p.use)
    p.trust += TRUST_SPEED * (TRUST_BASE + TRUST_EXPERIENCE * p.use - p.trust)


@numba.njit(nogil=True, error_model="numpy")
def run_records(provinces, luck, start, index, weight, means):
    """All quarters; the mean use of each is written down."""
    n = len(provinces)
    for quarter in range(len(luck)):
        for i in range(n):
            row = slice(start[i], start[i + 1])
            look(provinces[i], provinces, index[row], weight[row])
        total = 0.0
        for i in range(n):
            take_up(provinces[i], luck[quarter, i])
            total += provinces[i].use
        means[quarter] = total / n


def run(given: Materials) -> np.ndarray:
    """Mean use, quarter by quarter."""
    provinces = np.zeros(len(given.trust), RECORD).view(np.recarray)
    provinces["trust"], provinces["quality"] = given.trust, given.quality
    means = np.zeros(len(given.luck))
    run_records(provinces, given.luck, given.start, given.index, given.weight, means)
    return means
