"""What a world starts with, by hand on small countries: dossiers, worth, traits and the fiscal rank."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from country_by_hand import with_figures
from dgsim.country import load_country, synthetic_country
from dgsim.country.schema import NUMBER_COLUMNS
from dgsim.engine import setup
from dgsim.engine.setup import fresh_world, luck_id, make_setup, varied_setup
from dgsim.errors import SetupError
from dgsim.scenario import load_scenario
from dgsim.world.tables import PARAMETERS, PROVINCIAL, SERVICES

approx = pytest.approx
ROW = {service.service: row for row, service in enumerate(SERVICES)}
PEOPLE = "population_2019"
SPENDING = "expenditure_2020_bvnd"
BALANCING = "balancing_transfer_2020_bvnd"
COMMUNES = "communes_2022"
PRODUCT = "grdp_per_capita_2019_mvnd"
NAN = float("nan")


def country_of(**columns):
    """Three made-up provinces, but for these columns."""
    country = synthetic_country(3)
    numbers = country.numbers.copy()
    for name, values in columns.items():
        numbers[NUMBER_COLUMNS.index(name)] = values
    return replace(country, numbers=numbers)


def provinces_of(levers=None, assumptions=None, **columns):
    plan = {"name": "start", "budget": levers or {}, "assumptions": assumptions or {}}
    return make_setup(load_scenario(plan), country_of(**columns)).provinces


# -- the catalogue: what counts as a dossier, and what a service is worth


def test_dossiers_are_transactions_but_for_routine_acts():
    services = setup._services()[0]
    assert services["transactions_per_head"][ROW["land"]] == services["dossiers"][ROW["land"]] == 0.09
    assert services["dossiers"][ROW["residence"]] == 0.45
    for routine in ("certified_copies", "taxes_and_fees"):
        assert services["transactions_per_head"][ROW[routine]] > 0.0
        assert services["dossiers"][ROW[routine]] == 0.0


def test_dossiers_a_head_and_year_add_up():
    nation = fresh_world(make_setup(load_scenario({"name": "start"}), synthetic_country(3)), 7, 0).world.nation
    assert nation.dossiers == approx(0.43)  # 0.12 + 0.09 + 0.01 + 0.04 + 0.06 + 0.11
    assert nation.central_dossiers == approx(0.68)  # 0.45 + 0.05 + 0.18


def test_a_year_of_the_real_country_has_41_million_dossiers_of_provinces_and_over_100_million_certified_copies():
    people = load_country().column(PEOPLE).sum()
    services = setup._services()[0]
    assert services["dossiers"][: len(PROVINCIAL)].sum() * people / 1e6 == approx(41.4, abs=0.1)  # 0.43 x 96.2
    assert services["transactions_per_head"][ROW["certified_copies"]] * people / 1e6 == approx(102, abs=0.1)


@pytest.mark.parametrize(
    ("service", "worth"),
    [
        ("civil_status", 0.36 / 0.354),  # 0.12 x 3 hours
        ("land", 0.72 / 0.354),
        ("construction_permits", 0.1 / 0.354),
        ("certified_copies", 0.318 / 0.354),
        ("residence", 1.35 / 0.354),
        ("taxes_and_fees", 0.756 / 0.354),  # 0.36 x 2.1 hours
    ],
)
def test_worth_is_hours_saved_a_head_against_the_mean_of_provincial_services(service, worth):
    """These seven save 0.36 + 0.72 + 0.1 + 0.08 + 0.24 + 0.66 + 0.318 = 2.478 hours a head and year: 0.354 each."""
    assert setup._services()[0]["worth"][ROW[service]] == approx(worth)


def test_the_provincial_services_are_worth_one_on_average():
    worth = setup._services()[0]["worth"]
    assert worth[: len(PROVINCIAL)].mean() == approx(1.0)
    assert worth.mean() > 1.0


def test_columns_keep_the_order_of_their_table():
    services = setup._services()[0]
    for name in ("hours_saved", "firm_share", "complexity", "build_fixed_bvnd", "build_per_million_bvnd"):
        assert services[name].tolist() == [getattr(service, name) for service in SERVICES], name
    assert services["needs"].T.tolist() == [list(service.needs) for service in SERVICES]


# -- traits


def test_an_equalising_grant_is_shared_as_balancing_transfers_are():
    provinces = provinces_of(**{BALANCING: (3_000.0, 0.0, 1_000.0)})
    assert provinces["poor_weight"].tolist() == approx([0.75, 0.0, 0.25]), "who lacks nothing gets nothing"


def test_where_no_province_needs_balancing_a_grant_is_shared_by_heads():
    provinces = provinces_of(**{BALANCING: (0.0, 0.0, 0.0), PEOPLE: (1e6, 3e6, 4e6)})
    assert provinces["poor_weight"].tolist() == provinces["head_weight"].tolist() == [0.125, 0.375, 0.5]


def test_the_weights_of_the_real_country_go_to_the_poor():
    """Per head the poorest fifth gets over twice its part of the people, and the cities that share taxes nothing."""
    country = load_country()
    provinces = make_setup(load_scenario("history"), country).provinces
    a_head = provinces["poor_weight"] / provinces["head_weight"]
    poverty = country.column("poverty_multidim_2019_pct")
    poorest = np.argsort(poverty)[-13:]
    assert provinces["poor_weight"].sum() == approx(1.0)
    assert provinces["poor_weight"][poorest].sum() > 2 * provinces["head_weight"][poorest].sum()
    sharing = country.column("revenue_retention_2020_pct") < 100
    assert sharing.sum() > 10
    assert (a_head[sharing] == 0.0).all()


def test_people_are_counted_in_millions_and_expenditure_in_million_vnd_a_quarter():
    provinces = provinces_of(**{PEOPLE: (1e6, 3e6, 4e6), SPENDING: (8_000.0, 20_000.0, 40_000.0)})
    assert provinces["population"].tolist() == approx([1.0, 3.0, 4.0])
    assert provinces["expenditure"].tolist() == approx([2e6, 5e6, 1e7])  # 8,000 bvnd a year x 1,000 / 4
    assert provinces["head_weight"].tolist() == approx([0.125, 0.375, 0.5])


def test_income_is_against_the_mean_of_provinces_where_it_is_known():
    assert provinces_of(**{PRODUCT: (20.0, 40.0, 60.0)})["income"].tolist() == approx([0.5, 1.0, 1.5])
    assert provinces_of(**{PRODUCT: (20.0, 60.0, NAN)})["income"].tolist() == approx([0.5, 1.5, 1.0])


@pytest.mark.parametrize(
    ("known", "communes"),
    [
        ((100.0, 200.0, 400.0), (100.0, 200.0, 400.0)),
        ((100.0, NAN, 400.0), (100.0, 300.0, 400.0)),  # 500 for 5 million people elsewhere, 3 million here
        ((NAN, NAN, NAN), (110.0, 330.0, 440.0)),  # 110 a million people, as in Viet Nam
    ],
)
def test_communes_are_those_known_or_as_many_for_its_people_as_elsewhere(known, communes):
    provinces = provinces_of(**{PEOPLE: (1e6, 3e6, 4e6), COMMUNES: known})
    assert provinces["communes"].tolist() == approx(list(communes))


def test_the_real_country_has_its_communes():
    assert make_setup(load_scenario("history"), load_country()).provinces["communes"].sum() == 10_599


def test_a_percentage_becomes_a_share():
    provinces = provinces_of(trained_labour_2019_pct=(12.0, 20.0, 40.0), urban_share_2019=(0.1, 0.3, 0.9))
    assert provinces["trained_labour"].tolist() == approx([0.12, 0.2, 0.4])
    assert provinces["urban"].tolist() == [0.1, 0.3, 0.9]


def test_internet_access_is_against_the_mean_as_citizens_reported_it():
    figures = {2019: np.full(63, 40.0), 2020: np.full(63, 60.0)}
    figures[2020][0] = 100.0
    country = with_figures(figures, indicator="papi_8_2_internet_access")
    internet = make_setup(load_scenario({"name": "start"}), country).provinces["internet"]
    mean = (70 + 62 * 50) / 63
    assert internet[:2].tolist() == approx([70 / mean, 50 / mean])


def test_a_province_has_a_luck_of_its_own_made_of_its_code():
    provinces = provinces_of()
    assert provinces["luck_id"].tolist() == [luck_id(code) for code in ("S01", "S02", "S03")]
    assert luck_id("123456789") == 0xCBF43926, "the published check value of the 32-bit cyclic redundancy check"
    assert provinces["row"].tolist() == [0, 1, 2]


def test_two_provinces_must_not_share_a_luck():
    country = synthetic_country(3)
    with pytest.raises(SetupError, match="two province codes share a luck key"):
        make_setup(load_scenario({"name": "start"}), replace(country, codes=("A", "B", "A")))


# -- the fiscal rank


def need(people, yearly=0.285):
    """What the seven provincial services would cost a year (bvnd): 69 and 58 a million people, times a part.

    10 + 24 + 8 + 7 + 8 + 8 + 4 = 69 and 12 + 30 + 3 + 5 + 3 + 3 + 2 = 58; running costs 0.16 a year, and building
    counts over eight years: 0.16 + 1 / 8 = 0.285.
    """
    return (69 + 58 * people) * yearly


def test_provinces_are_ranked_by_money_against_what_services_cost_and_not_by_money():
    """Spending x 0.01 against need: of 1, 3 and 10 million people, the largest has most and lacks most."""
    people, spending = (1e6, 3e6, 10e6), (8_000.0, 20_000.0, 22_000.0)
    covered = [0.01 * money / need(heads / 1e6) for heads, money in zip(people, spending, strict=True)]
    assert covered == approx([80 / 36.195, 200 / 69.255, 220 / 184.965])  # 2.21, 2.89, 1.19
    provinces = provinces_of({"digital_share": 0.01}, **{PEOPLE: people, SPENDING: spending})
    assert provinces["fiscal_rank"].tolist() == [0.5, 1.0, 0.0]


def test_a_rank_by_money_a_head_would_be_another():
    """A small province has more a head and less against the fixed part of what services cost."""
    provinces = provinces_of(
        {"digital_share": 0.01}, **{PEOPLE: (1e5, 1e6, 1e7), SPENDING: (1_000.0, 4_000.0, 36_000.0)}
    )
    assert provinces["fiscal_rank"].tolist() == [0.0, 0.5, 1.0]  # 10 / 21, 40 / 36 and 360 / 185; a head 10, 4 and 3.6


def test_provinces_that_are_alike_share_the_mean_of_their_ranks():
    alike = {PEOPLE: (1e6, 1e6, 1e6)}
    levers = {"digital_share": 0.01}
    assert provinces_of(levers, **alike, **{SPENDING: (9.0, 9.0, 9.0)})["fiscal_rank"].tolist() == [0.5] * 3
    assert provinces_of(levers, **alike, **{SPENDING: (9.0, 5.0, 9.0)})["fiscal_rank"].tolist() == [0.75, 0.0, 0.75]
    assert provinces_of(levers, **alike, **{SPENDING: (9.0, 9.0, 12.0)})["fiscal_rank"].tolist() == [0.25, 0.25, 1.0]
    without = provinces_of({"digital_share": 0.0}, **alike, **{SPENDING: (1.0, 2.0, 3.0)})
    assert without["fiscal_rank"].tolist() == [0.5] * 3, "without a digital share nobody has more than another"


def test_a_varied_setup_ranks_provinces_anew():
    country = country_of(**{PEOPLE: (1e6, 1e6, 1e6), SPENDING: (1.0, 2.0, 3.0)})
    scenario = load_scenario({"name": "start", "budget": {"digital_share": 0.01}})
    base = make_setup(scenario, country)
    assert base.provinces["fiscal_rank"].tolist() == [0.0, 0.5, 1.0]
    assert varied_setup(base, country, {"digital_share": 0.0}).provinces["fiscal_rank"].tolist() == [0.5] * 3
    varied = varied_setup(base, country, {"matching_tilt": 0.5, "leakage": 0.2})
    assert varied.provinces["fiscal_rank"].tolist() == [0.0, 0.5, 1.0]
    assert (varied.policies["matching_tilt"] == 0.5).all()
    assert varied.tables[0]["leakage"][0] == 0.2
    assert base.tables[0]["leakage"][0] == PARAMETERS["leakage"].default, "the base is left as it was"


# -- levers, assumptions and the roadmap


def test_levers_are_numbers_from_the_quarter_they_are_in_force():
    plan = {
        "name": "start",
        "budget": {"budget_rule": "medium_term"},
        "mandate": {"mandate_deadline": "2021Q4"},
        "measurement": {"league_table": True},
        "change": [{"from": "2020Q3", "citizens": {"fee_cut": 0.4}}],
    }
    policies = make_setup(load_scenario(plan), synthetic_country(3)).policies
    assert policies["fee_cut"][:4].tolist() == [0.0, 0.0, 0.4, 0.4]
    assert (policies["budget_rule"] == 1.0).all()
    assert (policies["league_table"] == 1.0).all()
    assert (policies["mandate_deadline"] == 7.0).all()
    assert (make_setup(load_scenario({"name": "start"}), synthetic_country(3)).policies["mandate_deadline"] == -1).all()


def test_an_item_of_the_roadmap_is_told_in_million_vnd_and_knows_what_it_waits_for():
    items = [
        {"item": "digital_id", "start": "2020Q2", "quarters": 6, "cost_bvnd": 700.0},
        {"item": "national_services", "start": "2021Q1", "quarters": 4, "cost_bvnd": 2.5, "after": ["digital_id"]},
    ]
    roadmap = make_setup(load_scenario({"name": "start", "roadmap": items}), synthetic_country(3)).roadmap
    assert [setup.ITEMS[int(kind)].item for kind in roadmap["kind"]] == ["digital_id", "national_services"]
    assert roadmap["start"].tolist() == [1, 4]
    assert roadmap["quarters"].tolist() == [6, 4]
    assert roadmap["cost_mvnd"].tolist() == [700_000.0, 2_500.0]
    assert roadmap["after"][:, :2].tolist() == [[0, 0], [1, 0]]
    assert roadmap["after"].sum() == 1


def test_a_scenario_may_assume_other_numbers():
    scenario = load_scenario({"name": "start", "assumptions": {"leakage": 0.2}})
    assumptions = make_setup(scenario, synthetic_country(3)).tables[0][0]
    assert assumptions["leakage"] == 0.2
    assert assumptions["carry_over"] == PARAMETERS["carry_over"].default
