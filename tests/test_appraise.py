"""An appraisal against the ledger and the panel of the same runs, and what must hold of any."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

import dgsim
from dgsim.appraisals.gathering import discounting
from dgsim.appraisals.horizon import prolonged
from dgsim.cli.figures import appraisal_figures
from dgsim.cli.main import main
from dgsim.country import synthetic_country
from dgsim.engine.sets import Ensemble
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario
from dgsim.study.shapley import TOTAL
from dgsim.texts import LANGUAGES, Quarter, words
from dgsim.texts.labels import within
from dgsim.world.tables import PARAMETERS

TO, QUARTERS, RUNS = "2022Q4", 12, 3
RECORD = ["by", "name", "costs", "benefits", "transfers", "net_benefit", "low", "high"]
RECORD += ["benefit_cost_ratio", "break_even", "chance_to_pay", "replications"]
PLANS = ["staged", "history"]


@pytest.fixture(scope="module")
def found():
    return dgsim.appraise(PLANS, to=TO, replications=RUNS, life_years=0)


@pytest.fixture(scope="module")
def tornado():
    """Of 20 sets that differ by how many hours a service saves and by what an hour is worth, apart from each other."""
    sets = [{"hours_factor": 0.4 + 0.06 * at, "value_of_hour": 18.0 + 7 * at % 20} for at in range(20)]
    return dgsim.appraise("staged", to="2024Q4", replications=20, parameters=sets, risk=True)


def total(table, plan="staged"):
    return table[(table["plan"] == plan) & (table["name"] == TOTAL)].iloc[0]


def test_its_total_is_net_benefit_to_the_same_quarter(found):
    """What `compare` calls net benefit, where nothing is credited after the horizon."""
    compared = dgsim.compare(PLANS, baseline="base", replications=RUNS, quarters=QUARTERS).differences
    for plan in PLANS:
        row = compared[(compared["scenario"] == plan) & (compared["outcome"] == "net_benefit")].iloc[-1]
        mine = total(found.accounts(), plan)
        assert mine["net_benefit"] == pytest.approx(row["difference"], rel=1e-9)
        assert (mine["low"], mine["high"]) == pytest.approx((row["low"], row["high"]), rel=1e-9)


def test_its_costs_and_hours_are_those_of_ledger_and_panel():
    """Recomputed from the entries, line by line, and from the provinces' stocks."""
    plan = load_scenario("staged").with_changes(name="all lines", fee_cut=0.5, lump_sum=300.0, retention_budget=80.0)
    one = dgsim.appraise(plan, to=TO, replications=1, parameters="central", life_years=0)
    lines = one.accounts("line").set_index("name")
    paid, hours = {}, 0.0
    for scenario, sign in ((plan, 1), ("base", -1)):
        run = dgsim.simulate(scenario, quarters=QUARTERS, ledger=True, provinces=True)
        worth = discounting(PARAMETERS["discount_rate"].default, QUARTERS)
        for flow, of in run.ledger.groupby("flow", observed=True):
            paid[flow] = paid.get(flow, 0.0) + sign * (of["bvnd"] * worth[of["quarter"].cat.codes]).sum()
        growth = (1 + PARAMETERS["expenditure_growth"].default) ** (np.arange(QUARTERS) / 4)
        of_quarter = run.provinces.groupby("quarter", observed=True)["hours_saved"].sum().to_numpy()
        hours += sign * (of_quarter * worth * growth).sum()
    expected = {
        "centre.costs.building": ("foundation_building", "programme_delivery", "training_courses"),
        "centre.costs.running": ("foundation_running", "feedback_running", "audits"),
        "centre.costs.pay": ("service_centre_pay", "retention_pay", "community_groups_pay"),
        "provinces.costs.building": (
            *("service_building", "service_redesign", "service_migration", "foundation_connection"),
            *("contractor_premium", "procurement_leakage"),
        ),
        "provinces.costs.running": ("service_running", "security_spending"),
        "provinces.costs.pay": ("wages",),
        "provinces.costs.losses": ("incident_losses",),
    }
    for line, flows in expected.items():
        assert lines.loc[line, "costs"] == pytest.approx(sum(paid.get(flow, 0.0) for flow in flows), abs=1e-6), line
    assert lines.loc["citizens.transfers.fees", "transfers"] == pytest.approx(paid["fee_revenue_forgone"])
    granted = sum(paid.get(flow, 0.0) for flow in ("lump_sum_grants", "wave_grants", "matching_grants", "awards_paid"))
    assert lines.loc["provinces.transfers.grants", "transfers"] == pytest.approx(granted)
    assert granted > 300.0
    priced = sum(
        lines.loc[f"{who}.benefits.time", "benefits"] / PARAMETERS[price].default
        for who, price in (("citizens", "value_of_hour"), ("firms", "firm_hour"))
    )
    assert priced == pytest.approx(hours, rel=1e-9)


@pytest.mark.parametrize("by", ["who", "what", "line", "year", "province", "region", "fifth"])
def test_every_division_sums_to_the_same_total(found, by):
    table = found.accounts(by)
    for plan in PLANS:
        here = table[table["plan"] == plan]
        whole, parts = here[here["name"] == TOTAL].iloc[0], here[here["name"] != TOTAL]
        for column in ("costs", "benefits", "transfers", "net_benefit"):
            assert parts[column].sum() == pytest.approx(whole[column], rel=1e-9, abs=1e-6)
        assert whole["transfers"] == pytest.approx(0.0, abs=1e-6)
    assert [name for name in table.columns if name in RECORD] == RECORD


def test_without_a_discount_rate_costs_are_sums_of_the_ledger():
    one = dgsim.appraise("staged", to=TO, replications=1, parameters="central", life_years=0)
    run, base = (dgsim.simulate(name, quarters=QUARTERS).array[0, -1] for name in ("staged", "base"))
    spent = [
        name in ("central_spend", "provincial_spend") for name in dgsim.simulate("base", quarters=1).outcomes["outcome"]
    ]
    assert total(one.accounts(discount_rate=0.0))["costs"] == pytest.approx((run - base)[spent].sum(), rel=1e-9)


def test_identical_plans_differ_by_nothing():
    one = dgsim.appraise(load_scenario("base").with_changes(name="same"), to=TO, replications=2)
    table = one.accounts("line")
    assert not table[["costs", "benefits", "transfers", "net_benefit", "low", "high", "chance_to_pay"]].any().any()
    assert not one.curve[["net_benefit", "low", "high", "chance"]].any().any()


def test_what_does_nothing_is_worth_minus_its_cost():
    """Groups that reach nobody: each year's money, discounted, by hand."""
    idle = Ensemble("nobody reached", ({"groups_reach": 0.0},))
    plain = {"name": "plain"}
    groups = {"name": "groups", "citizens": {"community_groups": 400.0}}
    one = dgsim.appraise(groups, plain, TO, replications=2, parameters=idle, life_years=0, items=True, item_runs=2)
    whole = total(one.accounts(), "groups")
    by_hand = 100.0 * discounting(PARAMETERS["discount_rate"].default, QUARTERS).sum()
    assert whole["net_benefit"] == pytest.approx(-by_hand) == pytest.approx(-whole["costs"])
    item = one.accounts("item").iloc[0]
    assert (item["net_benefit"], item["without_it"], item["sampling"]) == pytest.approx((-by_hand, -by_hand, 0.0))
    assert (item["chance_to_pay"], item["break_even"], item["points_of_use"]) == (0.0, None, 0.0)


def test_training_that_changes_little_keeps_its_cost_whatever_remains():
    """What remains is not taken from what the baseline has too."""
    idle = {
        "extends": ["base"],
        "name": "idle",
        "roadmap": [{"item": "training", "start": "2020Q3", "quarters": 12, "cost_bvnd": 1250.0}],
    }
    lasting = dgsim.appraise(idle, to="2030Q4", replications=4, items=True, item_runs=4)
    about = lasting.horizons.iloc[0]
    assert abs(about["remaining_life"]) < 0.2 * total(lasting.accounts(), "idle")["costs"]
    item = lasting.accounts("item").iloc[0]
    assert item["net_benefit"] == pytest.approx(total(lasting.accounts(), "idle")["net_benefit"], rel=1e-9)


@pytest.mark.parametrize("by", ["who", "what", "line", "year", "province", "region", "fifth"])
def test_every_division_sums_with_the_remaining_life(by):
    one = dgsim.appraise("staged", to=TO, replications=2)
    table = one.accounts(by)
    assert one.horizons["remaining_life"].iloc[0] != 0.0
    for column in ("costs", "benefits", "transfers", "net_benefit"):
        parts = table.loc[table["name"] != TOTAL, column].sum()
        assert parts == pytest.approx(total(one.accounts())[column], rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("rate", [None, 0.09])
def test_places_sum_to_the_total_at_every_rate(rate):
    one = dgsim.appraise("staged", to=TO, replications=2)
    table = one.accounts("region", discount_rate=rate)
    whole = total(one.accounts(discount_rate=rate))["net_benefit"]
    assert table.loc[table["name"] != TOTAL, "net_benefit"].sum() == pytest.approx(whole, rel=1e-9)


def test_items_sum_to_the_whole(found):
    """Ten groups and more: sampled orders, and the parts still add up."""
    one = dgsim.appraise("staged", to="2020Q4", replications=2, items=True, item_runs=2, orders=4)
    items = one.accounts("item")
    parts, whole = items[items["name"] != TOTAL], items[items["name"] == TOTAL].iloc[0]
    assert len(parts) == len(one.labels) > 8
    for column in ("costs", "benefits", "net_benefit", "points_of_use"):
        assert parts[column].sum() == pytest.approx(whole[column], rel=1e-6, abs=1e-9)
    assert whole["net_benefit"] == pytest.approx(total(one.accounts())["net_benefit"], rel=1e-9)
    assert (parts["sampling"] >= 0).all()
    assert parts["sampling"].any()


def test_bytes_do_not_depend_on_workers(found):
    again = dgsim.appraise(PLANS, to=TO, replications=RUNS, life_years=0, workers=1)
    for one, other in zip(found.worths, again.worths, strict=True):
        for name in ("quantities", "places", "last_places", "use", "paths"):
            assert getattr(one.plan, name).tobytes() == getattr(other.plan, name).tobytes()


def test_other_prices_are_what_new_runs_would_give(found):
    """No price enters what anyone does."""
    again = dgsim.appraise(
        PLANS, to=TO, replications=RUNS, life_years=0, assumptions={"value_of_hour": 43.0, "discount_rate": 0.09}
    )
    expected = total(found.accounts(value_of_hour=43.0, discount_rate=0.09))
    assert total(again.accounts())[["costs", "benefits", "net_benefit"]].to_list() == pytest.approx(
        expected[["costs", "benefits", "net_benefit"]].to_list(), rel=1e-12
    )
    side = found.summary.set_index(["plan", "discount_rate", "value_of_hour"]).loc[("staged", 0.09, 43.0)]
    assert side["net_benefit"] == pytest.approx(expected["net_benefit"])


def test_the_break_even_curve_ends_at_the_total(found):
    ends = found.curve.groupby("plan", sort=False)["net_benefit"].last()
    assert ends.to_list() == pytest.approx([total(found.accounts(), plan)["net_benefit"] for plan in PLANS])
    assert found.curve["extrapolated"].sum() == 0
    assert dgsim.appraise("staged", to="2026Q1", replications=2).curve["extrapolated"].sum() == 1


def test_yearly_flows_discounted_sum_to_the_total():
    one = dgsim.appraise("staged", to=TO, replications=2)
    flows = one.flows
    sign = np.where(flows["what"] == "costs", -1.0, 1.0)
    assert (sign * flows["discounted"]).sum() == pytest.approx(total(one.accounts())["net_benefit"], rel=1e-9)
    assert flows.loc[flows["remaining"], "year"].min() == 2023
    assert (one.horizons[["net_benefit", "remaining_life"]].sum(axis=1)).to_list() == pytest.approx(
        [total(one.accounts())["net_benefit"]]
    )


def test_a_longer_life_credits_more():
    few = [dgsim.appraise("staged", to="2030Q4", replications=4, life_years=years) for years in (5, 15)]
    credited = [one.horizons["remaining_life"].iloc[0] for one in few]
    assert 0.0 < credited[0] < credited[1]


def test_yearly_budgets_may_end_with_the_plan():
    plan = load_scenario({"name": "grants", "horizon": {"quarters": 8}, "incentives": {"lump_sum": 400.0}})
    held, ended = (prolonged(plan, 12, how) for how in ("held", "ended"))
    assert [held.lever("lump_sum", at) for at in (7, 8)] == [400.0, 400.0]
    assert [ended.lever("lump_sum", at) for at in (7, 8)] == [400.0, 0.0]
    assert (held.planned_money(), ended.planned_money()) == (1200.0, 800.0)
    one = dgsim.appraise(plan, "base", "2022Q4", replications=2, budgets="ended")
    assert one.horizons["planned_after"].to_list() == [0.0]


def test_optimism_bias_costs_what_provinces_build():
    plain, biased = (
        dgsim.appraise("staged", to=TO, replications=2, life_years=0, optimism_bias=bias)
        .accounts("line")
        .set_index("name")
        for bias in (False, True)
    )
    line = "provinces.costs.building"
    assert biased.loc[line, "costs"] == pytest.approx(1.27 * plain.loc[line, "costs"])
    others = [name for name in plain.index if name not in (line, TOTAL)]
    assert_allclose(biased.loc[others, "net_benefit"], plain.loc[others, "net_benefit"])


def test_weights_count_poor_provinces_for_more(found):
    table = found.accounts("fifth", elasticity=1.3)
    here = table[(table["plan"] == "staged") & table["name"].str.isdigit()]
    gain = here["weighted"] / here["net_benefit"]
    assert gain.iloc[0] > 1 > gain.iloc[-1]
    plain = found.accounts("fifth", elasticity=0.0)
    assert plain["weighted"].to_list() == pytest.approx(plain["net_benefit"].to_list())


def test_what_to_measure_first_needs_sets(found):
    with pytest.raises(StudyError, match="needs 20 sets of parameters or more"):
        _ = found.knowing
    with pytest.raises(StudyError, match=r"ask for it with appraise\(..., risk=True\)"):
        _ = found.tornado
    with pytest.raises(StudyError, match="needs 20 sets of parameters or more"):
        dgsim.appraise("staged", to="2020Q2", replications=19, risk=True)
    many = dgsim.appraise("staged", to="2020Q2", replications=20, risk=True)
    assert many.knowing["parameter"].iloc[-1] == "all"
    assert (many.knowing["evppi"] >= 0).all()
    assert set(many.tornado["parameter"]) > {"value_of_hour", "discount_rate"}


def test_a_tornado_is_what_direct_runs_give(tornado):
    """Low and high are set in every set, plan and baseline on the same luck; a price is another sum."""
    known = tornado.tornado.set_index("parameter")
    assert known["exact"].to_dict() == {"hours_factor": False, "value_of_hour": True}
    about = {"to": "2024Q4", "replications": 20, "parameters": list(tornado.parameters.sets)}
    for name, row in known.iterrows():
        for end in ("low", "high"):
            direct = dgsim.appraise("staged", assumptions={name: row[end]}, **about)
            assert row[f"net_{end}"] == pytest.approx(total(direct.accounts())["net_benefit"], rel=1e-9)


def test_a_tornado_tells_how_sure_it_is(tornado):
    known = tornado.tornado
    assert (known["replications"] == 20).all()
    for end in ("low", "high"):
        assert (known[f"net_{end}_from"] <= known[f"net_{end}"]).all()
        assert (known[f"net_{end}"] <= known[f"net_{end}_to"]).all()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"plans": []}, "plans: none is named"),
        ({"to": "2040"}, "is not a quarter"),
        ({"to": "2140Q1"}, "beyond 2119Q4, the longest horizon"),
        ({"life_years": -1}, r"life_years = -1 is outside 0..100 \(years\)"),
        ({"budgets": "kept"}, "budgets = kept is not one of held, ended"),
        ({"orders": 2}, "orders = 2"),
        ({"replications": 900_000}, "900,000 of 2 plans would take some"),
        ({"plans": ["base"]}, "two scenarios are called base"),
    ],
)
def test_what_cannot_be_appraised_is_told(given, sentence):
    with pytest.raises(dgsim.DgsimError, match=sentence):
        dgsim.appraise(**{"plans": ["staged"], "replications": 2, **given})


def test_what_accounts_cannot_be_split_by_is_told(found):
    with pytest.raises(StudyError, match="did you mean who"):
        found.accounts("whom")
    with pytest.raises(StudyError, match=r"ask for them with appraise\(..., items=True\)"):
        found.accounts("item")
    with pytest.raises(StudyError, match="elasticity weighs places"):
        found.accounts("who", elasticity=1.3)
    with pytest.raises(StudyError, match=r"discount_rate = 0\.2 is not one of"):
        found.accounts("region", discount_rate=0.2)


def test_items_tell_of_how_many_runs_their_total_is(capsys):
    few = ["--to", "2020Q2", "--replications", "3", "--item-runs", "2", "--orders", "4"]
    assert main(["appraise", "staged", "--by", "item", *few]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "each run 2 times; their total is that of these 2 runs, and not that of the 3 of the plan" in said


def test_the_command_prints_the_records_that_python_gives(capsys):
    assert main(["appraise", "staged", "--to", "2020Q3", "--replications", "2", "--format", "json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert [name for name in records[0] if name in RECORD] == RECORD
    python = dgsim.appraise("staged", to="2020Q3", replications=2).accounts()
    assert [record["name"] for record in records] == python["name"].to_list()
    assert [record["net_benefit"] for record in records] == pytest.approx(python["net_benefit"].to_list(), rel=1e-9)
    assert records[0]["break_even"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_tells_its_horizon_its_baseline_and_what_is_extrapolated(language):
    found = dgsim.appraise(PLANS, to="2026Q1", replications=20, items=True, item_runs=2, orders=4, risk=True)
    figures = appraisal_figures(found, words(language))
    assert {name.rpartition("-staged")[0] or name for name in figures} >= {
        *("waterfall", "cash", "tornado", "items", "payback", "points", "fifths", "map"),
    }
    for name, figure in figures.items():
        said = " ".join(" ".join(text.get_text().split()) for text in figure.texts)
        assert "base" in said, name
        assert within(words(language).quarter(Quarter("2026Q1"))) in said, name
        assert words(language)("note.later", year="2025") in said, name
        told = "20" if not name.startswith("items") else "2"
        assert f" {told} {'replications' if language == 'en' else 'lượt chạy'}" in said, name


def test_what_is_not_observed_anywhere_is_extrapolated_throughout():
    found = dgsim.appraise("staged", to="2020Q2", replications=2, country=synthetic_country(4))
    assert found.last_observed is None
    assert found.flows["extrapolated"].all()
    assert found.curve["extrapolated"].all()
    captions = [figure.texts[1].get_text() for figure in appraisal_figures(found, words("en")).values()]
    assert all(" ".join(text.split()).startswith("Extrapolated throughout") for text in captions)
