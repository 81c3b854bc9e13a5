"""A run in which some causes are fixed to what they were in another run of the same luck.

Two runs are recorded; then a world is run in which each channel (:mod:`dgsim.world.channels`) takes its values from the
one or the other. With all channels and the rules from one run, the world is that run, to the bit.
"""

from __future__ import annotations

import numpy as np

from dgsim.engine.setup import Setup, fresh_world
from dgsim.world.channels import Paths
from dgsim.world.compiled import rule
from dgsim.world.outcomes import N_OUTCOMES, record_stocks
from dgsim.world.quarter import run_quarter
from dgsim.world.records import Floats, PanelLine, Rows
from dgsim.world.state import PANEL, State


def run_counterfactual(setup: Setup, seed: int, replication: int, paths: Paths) -> tuple[np.ndarray, np.ndarray]:
    """One replication with its channels recorded or fixed: outcomes [outcome] and stocks [province] at its end."""
    row, panel = np.zeros(N_OUTCOMES), np.zeros(len(setup.provinces), PANEL).view(np.recarray)
    run_with_channels(fresh_world(setup, seed, replication), paths, row, panel)
    return row, panel


@rule
def run_with_channels(state: State, paths: Paths, row: Floats, panel: Rows[PanelLine]) -> None:
    """Run a world to its end, its channels recorded or fixed as the paths say.

    The stocks of every province at the end go into the panel [province], the outcomes into the row.
    """
    for _ in range(len(state.policies)):
        run_quarter(state, row, paths)
    for i in range(len(state.provinces)):
        record_stocks(state.provinces[i], state.world, panel[i])
