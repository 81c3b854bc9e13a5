"""A run with channels goes to its end, and leaves the stocks of every province."""

from __future__ import annotations

import numpy as np

from dgsim.country import synthetic_country
from dgsim.engine.counterfactual import run_with_channels
from dgsim.engine.setup import fresh_world, make_setup
from dgsim.scenario import load_scenario
from dgsim.world.channels import empty_paths
from dgsim.world.outcomes import N_OUTCOMES
from dgsim.world.state import PANEL


def test_a_recorded_run_goes_to_its_end():
    setup = make_setup(load_scenario({"name": "short"}).with_changes(quarters=2), synthetic_country(3))
    state, paths, panel = fresh_world(setup, 7, 0), empty_paths(1, 2, 3), np.zeros(3, PANEL).view(np.recarray)
    run_with_channels(state, paths, np.zeros(N_OUTCOMES), panel)
    assert state.world.nation.quarter == 2
    assert (panel.specialists > 0.0).all()
    assert panel.specialists.tolist() == state.provinces.specialists.tolist()
    assert (paths.provinces[0, :, :, 0] > 0.0).all(), "money came in, in both quarters"
