"""What binds each province, by hand, where what every relaxation gains is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t as student

from country_by_hand import COUNTRY, approx
from dgsim.decide import binding as module
from dgsim.decide.binding import NOTHING, binding
from dgsim.decide.constraints import CONSTRAINT_NAMES, BindingConstraint
from dgsim.decide.evaluator import Evaluator, RunProgress
from dgsim.errors import StudyError
from dgsim.texts import words

PROVINCES = len(COUNTRY)
LUCK = np.array([-1.0, 0.0, 1.0])
T = student.ppf(0.975, 2)
HALF = T / np.sqrt(3.0)  # half the interval of three gains that differ by one


@pytest.fixture
def gains(monkeypatch):
    """Replication r is worth 10 + r everywhere; relaxing a constraint adds what is set here [replication, province]."""
    added = {name: np.zeros((3, PROVINCES)) for name in CONSTRAINT_NAMES}
    base = np.repeat([[10.0], [11.0], [12.0]], PROVINCES, axis=1)

    def stock(self, scenario, name, change=None):
        assert name in ("use", "incidents", "trained")
        gained, by = change(None) if change else (0.0, 0.0)
        return base + gained * by

    found = tuple(
        BindingConstraint(name, lambda setup, by, name=name: (added[name], by)) for name in reversed(CONSTRAINT_NAMES)
    )
    monkeypatch.setattr(module, "CONSTRAINTS", found[::-1])
    monkeypatch.setattr(Evaluator, "stock", stock)
    return added


def found(**given):
    given = {"by": 1.0, "replications": 3, "quarters": 6, "parameters": "central", "country": COUNTRY} | given
    return binding("staged", **given)


def test_what_gains_a_province_most_binds_it_and_its_lead_is_over_the_next(gains):
    gains["money"][:, 4] = 4.0 + LUCK
    gains["redesign"][:, 4] = 9.0 + LUCK[::-1]
    gains["incentives"][:, 4] = 3.0
    row = found().labels.iloc[4]
    assert (row["province_code"], row["province"], row["region"]) == (
        COUNTRY.codes[4], COUNTRY.names[4], COUNTRY.regions[4],
    )  # fmt: skip
    assert (row["binds"], row["second"]) == ("redesign", "money")
    assert (row["gain"], row["low"], row["high"]) == approx((9.0, 9.0 - HALF, 9.0 + HALF))
    assert row["lead"] == approx(5.0)
    assert (row["lead_low"], row["lead_high"]) == approx((5.0 - 2 * HALF, 5.0 + 2 * HALF)), "5 - 2 r in replication r"
    assert bool(row["clear"])


def test_a_gain_that_may_be_nothing_does_not_bind(gains):
    gains["money"][:, 0] = 2.0 + LUCK  # its interval begins at 2 - 2.48
    gains["money"][:, 1] = 2.6 + LUCK
    labels = found().labels
    assert labels["binds"].tolist()[:3] == [NOTHING, "money", NOTHING]
    assert not labels["clear"].iloc[0]
    assert labels["low"].iloc[2] == 0.0, "exactly nothing is not a gain"


def test_a_lead_is_clear_only_beyond_luck_and_only_of_what_binds(gains):
    gains["money"][:, 0], gains["redesign"][:, 0] = 8.0, 5.0 + LUCK  # 3 ahead, of which luck may make 2.48
    gains["money"][:, 1], gains["redesign"][:, 1] = 8.0, 6.0 + LUCK
    gains["money"][:, 2], gains["redesign"][:, 2] = LUCK, LUCK - 3.0  # surely ahead, perhaps of no use
    gains["money"][:, 3], gains["redesign"][:, 3] = 8.0, 8.0
    assert found().labels["clear"].tolist()[:4] == [True, False, False, False]


def test_every_province_and_constraint_has_its_gain_and_interval(gains):
    for number, name in enumerate(CONSTRAINT_NAMES):
        gains[name][:] = 10.0 * number + np.arange(PROVINCES) + LUCK[:, None]
    table = found().gains
    assert len(table) == PROVINCES * len(CONSTRAINT_NAMES)
    row = table[(table["province_code"] == COUNTRY.codes[7]) & (table["constraint"] == CONSTRAINT_NAMES[2])].iloc[0]
    assert row["province"] == COUNTRY.names[7]
    assert (row["gain"], row["low"], row["high"]) == approx((27.0, 27.0 - HALF, 27.0 + HALF))


def test_the_country_gains_the_mean_of_its_provinces(gains):
    gains["money"][:, ::2] = 6.3 + 2.0 * LUCK[:, None]  # 32 of 63 provinces
    gains["redesign"][:, 1::2] = 6.3
    table = found().national.set_index("constraint")
    assert table.index.tolist()[:2] == ["money", "redesign"], "the largest gain first"
    half = 2.0 * HALF * 32 / 63
    assert (table.loc["money", "gain"], table.loc["money", "low"], table.loc["money", "high"]) == approx(
        (6.3 * 32 / 63, 6.3 * 32 / 63 - half, 6.3 * 32 / 63 + half)
    )
    assert table["provinces"].to_dict() == {"money": 32, "redesign": 31, **dict.fromkeys(table.index[2:], 0)}
    assert table.loc["money", "says"] == "own digital money of every province 100% larger"


def test_less_of_what_is_bad_is_a_gain_and_half_a_relaxation_half_of_it(gains):
    gains["money"][:] = -2.0
    assert found(stock="incidents", by=0.5).labels["gain"].tolist() == [1.0] * PROVINCES
    more = found(stock="trained").national
    assert more[["constraint", "gain"]].iloc[-1].tolist() == ["money", -2.0], "more of what is no outcome is a gain"
    assert more.index.tolist() == list(range(5))


def test_a_finding_says_what_it_is(gains):
    made = found(by=0.5)
    assert (made.scenario, made.stock, made.quarter, made.by) == ("staged", "use", "2021Q2", 0.5)
    assert made.unit == "share of dossiers"
    assert made.basis.replications == 3
    assert repr(made) == "Binding(staged: use in 2021Q2)"


def test_progress_expects_the_plan_and_every_relaxation(gains, monkeypatch):
    expected = []
    monkeypatch.setattr(RunProgress, "expect", lambda self, runs: expected.append(runs))
    found()
    found(constraints=["money", "redesign"])
    assert expected == [6 * 3, 3 * 3]


def test_defaults(gains, monkeypatch):
    asked = []
    make = module.make_evaluator
    monkeypatch.setattr(module, "make_evaluator", lambda *plan, **given: asked.append(given) or make(*plan, **given))
    monkeypatch.setattr(Evaluator, "stock", lambda self, plan, name, change=None: np.zeros((2, PROVINCES)))
    made = binding("staged", country=COUNTRY, parameters="central")
    assert (made.by, made.stock) == (0.5, "use")
    assert (asked[0]["replications"], asked[0]["seed"]) == (100, 0)


def test_some_constraints_are_told_in_the_order_of_all(gains):
    gains["money"][:], gains["redesign"][:] = 1.0, 2.0
    made = found(constraints=["redesign", "money"])
    assert made.national["constraint"].tolist() == ["redesign", "money"]
    assert made.gains["constraint"].tolist()[:2] == ["money", "redesign"]
    assert set(made.labels["binds"]) == {"redesign"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"by": 0.0}, "relaxes nothing: write such as 50%"),
        ({"by": 1.01}, "by = 1.01 is outside"),
        ({"constraints": ["mony", "redesign"]}, "mony is not a constraint; did you mean money"),
        ({"constraints": ["luck", "redesign"]}, "there are money, specialists"),
        ({"constraints": ["money", "money"]}, "two constraints or more"),
    ],
)
def test_what_cannot_be_relaxed_is_told(gains, wrong, said):
    with pytest.raises(StudyError, match=said):
        found(**wrong)


def test_the_words_count_provinces_and_tell_the_largest_gain(gains):
    gains["money"][:, :40] = 0.02
    gains["redesign"][:, 40:50] = 0.03
    first, second = found(by=0.5).clauses
    assert first.text(words()) == (
        "Under staged, what binds use most by 2021Q2: money in 40, redesign in 10, nothing clear in 13 of 63 "
        "provinces; in 50 of them it is clearly ahead of the next."
    )
    assert second.text(words()).startswith("Over all provinces money gains most: ")
    assert "with own digital money of every province 50% larger" in second.text(words())
    gains["money"][:] = 0.1
    assert "nothing clear" not in found().clauses[0].text(words())


def test_one_province_in_words(gains):
    gains["money"][:, 0], gains["redesign"][:, 0] = 0.4, 0.1
    gains["money"][:, 1], gains["redesign"][:, 1] = 0.4, 0.4
    made = found()
    size, ahead = made.clauses_of(COUNTRY.codes[0], "Here")
    assert size.text(words()).startswith(
        "What binds Here most: money. With own digital money of every province 100% larger"
    )
    assert ahead.text(words()).startswith("That is clearly ahead of the next, redesign")
    assert made.clauses_of(COUNTRY.codes[1], "Here")[1].text(words()).startswith("It is not clearly ahead of the next")
    (nothing,) = made.clauses_of(COUNTRY.codes[2], "Here")
    assert nothing.text(words()) == "Nothing that was relaxed clearly helps Here: use, 2021Q2."
    assert made.text().count(".") >= 2
