"""A scenario that is run for longer than its own horizon."""

from __future__ import annotations

import numpy as np
import pytest

import dgsim
from dgsim.errors import ScenarioError
from dgsim.scenario import load_scenario
from dgsim.scenario.horizon import prolonged

SHORT = load_scenario("staged").with_changes(quarters=12)


def test_the_quarters_both_have_come_out_the_same_to_the_byte():
    longer = dgsim.simulate(prolonged(SHORT, "2024Q4"), replications=2, seed=3, parameters="plausible")
    assert longer.array.shape[1] == 20
    own = dgsim.simulate(SHORT, replications=2, seed=3, parameters="plausible")
    assert np.array_equal(longer.array[:, :12], own.array)
    assert not np.array_equal(longer.array[:, 12], longer.array[:, 11])


def test_the_plan_stays_as_it_was_written():
    staged = load_scenario("staged")
    longer = prolonged(staged, "2040Q4")
    assert (longer.quarters, longer.name) == (84, "staged")
    assert (longer.roadmap, longer.levers, longer.changes) == (staged.roadmap, staged.levers, staged.changes)
    assert prolonged(staged, "2030Q4") == staged
    assert prolonged(staged, "2021Q4").quarters == 8


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("2120Q1", "to = 2120Q1 is after the last quarter that can be run, 2119Q4"),
        ("2040-4", '"2040-4" is not a quarter such as "2021Q4"; did you mean "2040Q4"?'),
    ],
)
def test_a_quarter_that_cannot_be_run_is_refused(to, sentence):
    with pytest.raises(ScenarioError) as refused:
        prolonged(SHORT, to)
    assert str(refused.value) == sentence
