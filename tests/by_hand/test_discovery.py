"""Where a ranking flips, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from country_by_hand import approx
from dgsim.analysis.boxes import Box
from dgsim.decide import discovery
from dgsim.decide.discovery import Flip, flips_of
from dgsim.world.tables import PARAMETERS

POINTS = pd.DataFrame({"leakage": np.linspace(0.0, 0.1, 40), "hours_factor": np.tile([0.8, 1.2], 20), "thrift": 5.0})


def box(low=0.05, high=0.1, density=0.8):
    limits = pd.DataFrame(
        [{"parameter": "leakage", "low": low, "high": high, "lowest": 0.0, "highest": 0.1, "unit": "", "label": ""}]
    )
    return Box.__new__(Box), limits, density


def found(monkeypatch, margin, *boxes):
    """The flip of a rival over the leader, when boxes come out as given for each share of coverage."""
    asked = []

    class Found:
        def __init__(self, limits, density):
            self.limits, self.density, self.coverage, self.mass = limits, density, 0.7, 0.3

    made = [Found(limits, density) for _, limits, density in boxes]

    def find_box(points, ahead, coverage):
        asked.append((list(points.columns), int(ahead.sum()), coverage))
        return made[len(asked) - 1]

    monkeypatch.setattr(discovery, "find_box", find_box)
    flips = flips_of(POINTS, np.stack([np.zeros(40), margin]), ["first", "second"], "first")
    return flips, asked


RISING = np.where(POINTS["leakage"] > 0.05, 1.0, -1.0)


def test_the_rivals_are_told_by_how_often_they_are_ahead():
    level = np.full(40, 0.25)
    three, five = (np.where(np.arange(40) < ahead, 0.75, below) for ahead, below in ((3, 0.25), (5, -0.25)))
    goodness = np.stack([level, level, three, five])
    flips = flips_of(POINTS, goodness, ["lead", "as good", "three", "five"], "lead")
    assert [flip.rival for flip in flips] == ["five", "three"]
    assert flips[0].margin.tolist() == (goodness[3] - goodness[0]).tolist()
    assert flips[0].margin.tolist() == [0.5] * 5 + [-0.5] * 35
    assert flips[1].inside == approx(3 / 40), "as good is not ahead"
    assert flips[0].ahead.sum() == 5
    assert Flip("a", "b", np.array([0.0, 0.1]), POINTS, None, 1.0, 0.0).ahead.tolist() == [False, True]
    assert flips[0].box is None
    assert {flip.leader for flip in flips} == {"lead"}


def test_a_box_is_looked_for_among_what_goes_with_the_margin(monkeypatch):
    (flip,), asked = found(monkeypatch, RISING, box(), box())
    assert asked == [(["leakage"], 20, 0.5), (["leakage"], 20, 0.25)]
    assert flip.inside == approx(1.0)
    assert flip.elsewhere == approx(0.0)
    assert list(flip.points.columns) == ["leakage", "hours_factor", "thrift"]


def test_a_parameter_tells_if_it_goes_with_the_margin_more_than_by_chance(monkeypatch):
    """The margin has the order of leakage but for two worlds: a rank correlation of 1 less 6 x 2 / 40 / (40^2 - 1)."""
    margin = np.arange(40.0)
    margin[[0, 1]] = margin[[1, 0]]
    correlation = 1.0 - 6.0 * 2.0 / 40.0 / (40.0**2 - 1.0)
    asked = []
    for chance, told in ((correlation - 1e-9, ["leakage"]), (correlation + 1e-9, [])):
        monkeypatch.setattr(discovery, "by_chance", lambda *given, chance=chance: asked.append(given) or chance)
        assert discovery._telling(POINTS, margin) == told
    assert asked == [(40, 2)] * 2, "forty worlds; thrift does not vary"


def test_the_box_is_one_in_which_the_rival_wins_or_else_the_first(monkeypatch):
    (flip,), _ = found(monkeypatch, RISING, box(0.05, density=0.4), box(0.07, density=0.6))
    assert flip.box.limits["low"].tolist() == [0.07]
    (flip,), _ = found(monkeypatch, RISING, box(0.05, density=0.4), box(0.07, density=0.5))
    assert flip.box.limits["low"].tolist() == [0.05]
    nothing = (None, pd.DataFrame(), 0.9)
    (flip,), _ = found(monkeypatch, RISING, nothing, box(0.07, density=0.4))
    assert flip.box.limits["low"].tolist() == [0.07]
    (flip,), _ = found(monkeypatch, RISING, nothing, nothing)
    assert flip.box is None


def test_a_handful_of_worlds_has_no_box(monkeypatch):
    for ahead, looked in ((7, 0), (8, 2), (32, 2), (33, 0)):
        margin = np.where(np.arange(40) >= 40 - ahead, 1.0, -1.0) + 0.001 * np.arange(40)
        _, asked = found(monkeypatch, margin, box(), box())
        assert len(asked) == looked, ahead


def test_shares_inside_and_elsewhere(monkeypatch):
    margin = RISING.copy()
    margin[[0, 39]] = 1.0, -1.0
    (flip,), _ = found(monkeypatch, margin, box(), box())
    assert flip.inside == approx(19 / 20)
    assert flip.elsewhere == approx(1 / 20)
    (flip,), _ = found(monkeypatch, margin, box(0.0, 0.1), box())
    assert np.isnan(flip.elsewhere), "there is nothing outside"


def sentence(low, high, inside=0.9, lowest=0.0, highest=0.1, several=1):
    row = {"parameter": "leakage", "low": low, "high": high, "lowest": lowest, "highest": highest}

    class Found:
        limits, coverage, mass = pd.DataFrame([row] * several), 0.7, 0.3

    margin = np.r_[np.ones(10), -np.ones(30)]
    return Flip("first", "second", margin, POINTS, Found(), inside, 0.1)


def test_a_flip_in_words():
    label = PARAMETERS["leakage"].label
    words = label[0].lower() + label[1:]
    unit = "(share of contract money)"
    assert sentence(0.05, 0.1).sentence == (
        f"If {words} is above 0.05 {unit}, do second rather than first: it ends ahead in 90% of such worlds, "
        "and in 10% of the others (25% of 40 worlds in all)."
    )
    assert f"is below 0.0512 {unit}" in sentence(0.0, 0.05123).sentence
    assert f"is between 0.02 and 0.05 {unit}" in sentence(0.02, 0.05).sentence
    closest = sentence(0.05, 0.1, inside=0.5).sentence
    assert closest.startswith("second comes closest to first where ")
    assert sentence(0.05, 0.1, several=5).sentence.count("leakage") == 3, "three limits are named"
    assert repr(sentence(0.05, 0.1)) == f"Flip({sentence(0.05, 0.1).sentence})"
    nowhere = Flip("first", "second", np.ones(40), POINTS, None, 1.0, 0.0)
    assert nowhere.sentence == "second ends ahead of first in 100% of 40 worlds; no assumption tells where."


def test_rows_labels_and_heights():
    (row,) = sentence(0.05, 0.1).rows()
    assert (row["rival"], row["leader"], row["ahead"], row["inside"], row["elsewhere"]) == (
        "second", "first", 0.25, 0.9, 0.1,
    )  # fmt: skip
    assert (row["coverage"], row["mass"], row["parameter"], row["low"]) == (0.7, 0.3, "leakage", 0.05)
    (row,) = Flip("first", "second", np.ones(40), POINTS, None, 1.0, 0.0).rows()
    assert np.isnan([row[name] for name in ("inside", "elsewhere", "coverage", "mass")]).all()
    flip = sentence(0.05, 0.1)
    assert flip.ahead.sum() == 10
    assert flip.labels["hours_factor"] == PARAMETERS["hours_factor"].label
    assert flip.heights("bvnd").name == "second ahead, bvnd"
