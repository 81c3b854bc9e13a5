"""Rules that drivers call: the types of what they are called with are found out once."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from dgsim.country import load_country
from dgsim.engine.driver import run_to
from dgsim.engine.setup import copied, fresh_world, make_setup
from dgsim.scenario import load_scenario
from dgsim.world.quarter import initialise_world


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="rules run as plain Python")
def test_types_are_found_out_at_the_first_call_only(monkeypatch):
    setup = make_setup(load_scenario("history"), load_country())
    fresh_world(setup, 7, 0)
    monkeypatch.setattr(numba, "typeof", lambda value: pytest.fail("asked again"))
    fresh_world(setup, 7, 1)
    assert initialise_world.code is not None
    assert type(run_to) is type(initialise_world)


def test_a_copy_of_records_is_the_same_and_its_own():
    setup = make_setup(load_scenario("history"), load_country())
    provinces, _, _ = setup.start
    copy = copied(provinces)
    assert (type(copy), copy.dtype, copy.tobytes()) == (type(provinces), provinces.dtype, provinces.tobytes())
    assert copy.flags.writeable
    assert copy.flags.aligned
    assert not np.shares_memory(copy, provinces)
