"""What findings hang on: the analyses find what is known of a made-up model, and where an order flips."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

import dgsim
from dgsim.analysis import sensitivity
from dgsim.analysis.problem import parameters_of
from dgsim.analysis.salib_problem import screened, variance_shares
from dgsim.engine.sets import load_parameters
from dgsim.show.figures.sensitivity import flip_figure
from dgsim.world.tables import OUTCOME_NAMES

pytest.importorskip("SALib")
NAMES = ("inertia", "trust_base", "leakage")


@dataclass
class Known:
    """A trial whose use is 2 * inertia's place in its range + trust's, and whose supply is their product."""

    seed: int = 1

    def outcomes_at(self, values):
        scaled = []
        for parameter in parameters_of("uncertain", NAMES):
            scaled.append((values[parameter.name] - parameter.low) / (parameter.high - parameter.low))
        within = dict(zip([p.name for p in parameters_of("uncertain", NAMES)], scaled, strict=True))
        found = dict.fromkeys(OUTCOME_NAMES, 0.0)
        found["use"] = 2.0 * within["inertia"] + within["trust_base"]
        found["supply"] = (within["inertia"] - 0.5) * (within["trust_base"] - 0.5)
        return found


def test_screening_finds_the_effects_of_a_known_model():
    table = screened(Known(), parameters_of("uncertain", NAMES), ["use"], trajectories=6)["use"]
    assert list(table["parameter"]) == ["inertia", "trust_base", "leakage"]
    assert table["mu_star"].tolist() == pytest.approx([2.0, 1.0, 0.0], abs=1e-9)


def test_shares_of_variance_are_those_of_a_known_model():
    """Uniform parameters: 4 to 1 where they add up; all of it together where they multiply."""
    chosen = parameters_of("uncertain", NAMES)
    tables = variance_shares(Known(), chosen, ["use", "supply"], points=512)
    use = tables["use"].set_index("parameter")
    assert use.loc["inertia", "first"] == pytest.approx(0.8, abs=0.05)
    assert use.loc["trust_base", "total"] == pytest.approx(0.2, abs=0.05)
    supply = tables["supply"].set_index("parameter")
    assert supply.loc["inertia", "first"] == pytest.approx(0.0, abs=0.1)
    assert supply.loc["inertia", "total"] == pytest.approx(1.0, abs=0.15)


def test_the_strongest_are_the_best_ranked_of_any_outcome():
    tables = {"a": pd.DataFrame({"parameter": ["x", "y", "z"]}), "b": pd.DataFrame({"parameter": ["z", "y", "x"]})}
    assert sensitivity.strongest(tables, 2) == ["x", "z"]


def test_means_of_a_set_take_its_own_replications_only():
    sets = load_parameters([{"trust_base": 0.7}, {"trust_base": 0.8}])
    result = dgsim.compare(["history", "staged"], replications=4, quarters=3, parameters=sets)
    means = sensitivity.set_means(result, "trust")
    array = result.simulations[1].array[:, -1, OUTCOME_NAMES.index("trust")]
    assert means["staged"].tolist() == pytest.approx([array[[0, 2]].mean(), array[[1, 3]].mean()])


def test_what_separates_a_flip_is_found():
    values = np.linspace(0.65, 0.85, 40)
    ensemble = load_parameters(
        [{"trust_base": float(t), "leakage": 0.05 + 0.001 * (n % 7)} for n, t in enumerate(values)]
    )
    means = pd.DataFrame({"one": values - 0.75, "other": np.zeros(40)})
    row = sensitivity.where_it_flips(means, "one", "other", ensemble).iloc[0]
    assert row["parameter"] == "trust_base"
    assert row["rank_correlation"] == pytest.approx(1.0)
    assert (row["low_third"], row["high_third"]) == (0.0, 1.0)


def test_the_picture_has_a_bar_an_outcome():
    table = pd.DataFrame({"history": [0.2, 0.7], "staged": [0.8, 0.3]}, index=["use", "net_benefit"])
    figure = flip_figure(table, {"use": "Use", "net_benefit": "Net benefit"}, "title", "caption")
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.get_yticklabels()] == ["Use", "Net benefit"]
    assert len(axes.patches) == 4
