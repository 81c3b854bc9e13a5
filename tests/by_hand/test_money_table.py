"""From plan to outturn, on accounts that a test makes up."""

from __future__ import annotations

import pandas as pd

from country_by_hand import approx
from dgsim.scenario import load_scenario
from dgsim.study.money import money_table
from dgsim.world.tables import FLOWS

PLAN = load_scenario("staged").with_changes(name="plan", quarters=2)
AMOUNTS = {
    **{"appropriation": 90.0, "recurrent_appropriation": 20.0, "foundation_building": 50.0, "audits": 20.0},
    **{"wave_grants": 25.0, "central_lapse": 10.0},
    **{"own_money": 200.0, "general_budget": 130.0, "wages": 120.0, "fee_revenue_forgone": 10.0},
    **{"incident_losses": 5.0, "provincial_lapse": 60.0},
}


def table():
    rows = [(flow, quarter, AMOUNTS.get(flow, 0.0) / 2) for quarter in ("2020Q1", "2020Q2") for flow in FLOWS.names]
    return money_table(PLAN, pd.DataFrame(rows, columns=["flow", "quarter", "mean"]))


def amounts(payer, step):
    found = table().query(f"payer == {payer!r} and step == {step!r}")
    return {flow: amount for flow, amount in zip(found["flow"], found["bvnd"], strict=True) if amount}


def test_the_centres_lines_are_signed_and_come_to_what_it_spent():
    planned = PLAN.planned_money()
    assert amounts("centre", "planned") == {"": approx(planned)}
    assert amounts("centre", "beyond_plan") == {"": approx(90.0 - planned)}
    assert amounts("centre", "received") == {"recurrent_appropriation": 20.0}
    assert amounts("centre", "granted") == {"wave_grants": -25.0}
    assert amounts("centre", "lapsed") == {"central_lapse": -10.0}
    assert amounts("centre", "in_hand") == {"": approx(-5.0)}, "90 + 20 - 25 - 10 - 70"
    assert amounts("centre", "spend") == {"": 70.0}
    assert amounts("centre", "of_it") == {"foundation_building": 50.0, "audits": 20.0}


def test_a_grant_reaches_the_provinces_and_what_is_lost_was_paid_too():
    assert amounts("province", "granted") == {"wave_grants": 25.0}
    assert amounts("province", "received") == {"own_money": 200.0, "general_budget": 130.0}
    assert amounts("province", "given") == {"fee_revenue_forgone": -10.0}, "citizens keep it: nobody spent it"
    assert amounts("province", "in_hand") == {"": approx(-160.0)}, "200 + 130 + 25 - 10 - 60 - 125"
    assert amounts("province", "spend") == {"": 125.0}
    assert amounts("province", "of_it") == {"wages": 120.0, "incident_losses": 5.0}
