"""What a simulation tells of its runs, by hand, where what every run came to is known."""

from __future__ import annotations

import numpy as np
import pytest

from country_by_hand import COUNTRY, approx
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario
from dgsim.study.simulate import Simulation, shortened
from dgsim.world.tables import OUTCOME_NAMES

SCENARIO = load_scenario("base").with_changes(quarters=2)
RUNS = 21  # 0 to 20: the 5th percentile is the second of them, the 95th the last but one


@pytest.fixture
def simulation():
    values = np.zeros((RUNS, 2, len(OUTCOME_NAMES)))
    values[:, 1, OUTCOME_NAMES.index("use")] = np.arange(RUNS)[::-1] ** 2
    return Simulation(SCENARIO, COUNTRY, 0, RUNS, values)


def test_a_summary_is_mean_and_percentiles_over_runs(simulation):
    summary = simulation.summary()
    use = summary[(summary["outcome"] == "use") & (summary["quarter"] == "2020Q2")].iloc[0]
    assert use["mean"] == approx(20 * 21 * 41 / 6 / RUNS)  # the sum of squares to 20
    assert (use["low"], use["high"]) == (approx(1.0), approx(19.0**2))
    assert use["replications"] == RUNS
    assert use["scenario"] == "base"
    rest = summary.drop(use.name)
    assert len(rest) == 2 * len(OUTCOME_NAMES) - 1
    assert not rest[["mean", "low", "high"]].to_numpy().any()


def test_outcomes_stand_by_run_and_quarter(simulation):
    rows = simulation.outcomes
    use = rows[(rows["outcome"] == "use") & (rows["quarter"] == "2020Q2")].sort_values("replication")
    assert use["value"].tolist() == [float(number**2) for number in reversed(range(RUNS))]
    assert len(rows) == RUNS * 2 * len(OUTCOME_NAMES)


@pytest.mark.parametrize("name", ["province_means", "accounts"])
def test_what_was_not_kept_is_refused_by_the_option_that_keeps_it(simulation, name):
    with pytest.raises(StudyError, match=rf"^{name} of base were not kept: .*aggregates=True"):
        getattr(simulation, name)


def test_a_run_is_shortened_to_its_horizon_and_not_beyond():
    assert shortened(SCENARIO, None) is SCENARIO
    assert shortened(SCENARIO, 1).quarters == 1
    assert shortened(SCENARIO, 2).quarters == 2
    with pytest.raises(StudyError, match=r"quarters = 3 is beyond the horizon of base, .*2 quarters.*2020Q2"):
        shortened(SCENARIO, 3)
    with pytest.raises(StudyError, match="quarters"):
        shortened(SCENARIO, 0)
