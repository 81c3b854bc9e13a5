"""What is measured at the end of a quarter. The formulas are those of the table of outcomes."""

from __future__ import annotations

import numpy as np

from dgsim.world.citizens import brought_to_an_end, people_served
from dgsim.world.compiled import rule
from dgsim.world.money import CENTRAL_LAPSE, PROVINCIAL_LAPSE, USES_UP, lines_of
from dgsim.world.projects import share_online
from dgsim.world.records import Floats, Ints, Nation, PanelLine, Province, Rows
from dgsim.world.reporting import claimed_use
from dgsim.world.services import depth_of_process, transactions
from dgsim.world.state import (
    CONNECTIVITY,
    N_ALL_SERVICES,
    N_FOUNDATIONS,
    N_LINES,
    N_SERVICES,
    OWN,
    SHARED,
    World,
)
from dgsim.world.tables import OUTCOME_NAMES
from dgsim.world.units import BVND, QUARTERS

N_OUTCOMES = len(OUTCOME_NAMES)
_column = OUTCOME_NAMES.index
SUPPLY = _column("supply")
USE = _column("use")
USE_ANY_STEP = _column("use_any_step")
USE_FULL_PROCESS = _column("use_full_process")
ASSISTED_SHARE = _column("assisted_share")
USE_OF_MINISTRIES = _column("use_of_ministries")
ACCOUNTS = _column("accounts")
REPORTED_INDEX = _column("reported_index")
REPORTING_GAP = _column("reporting_gap")
HOURS_SAVED = _column("hours_saved")
NET_BENEFIT = _column("net_benefit")
BENEFIT_COST_RATIO = _column("benefit_cost_ratio")
CITIZENS_GAIN = _column("citizens_gain")
FIRMS_GAIN = _column("firms_gain")
OFFICIALS_GAIN = _column("officials_gain")
CENTRAL_SPEND = _column("central_spend")
PROVINCIAL_SPEND = _column("provincial_spend")
DUPLICATION_SPEND = _column("duplication_spend")
OWN_PLATFORM_EXCESS = _column("own_platform_excess")
LAPSED_MONEY = _column("lapsed_money")
UNSPENT_MONEY = _column("unspent_money")
SPECIALISTS = _column("specialists")
ATTRITION = _column("attrition")
TRUST = _column("trust")
INCIDENTS = _column("incidents")
GAP_P90_P10 = _column("gap_p90_p10")
GINI_USE = _column("gini_use")
BETWEEN_REGION_GAP = _column("between_region_gap")

P10, P90 = 0.1, 0.9  # shares of provinces below, as the name of the outcome says


GRANTED = lines_of("transfer")
COMES_IN = lines_of("received", "transfer")


@rule
def sum_of_lines(who: Province | Nation, chosen: Ints) -> int:
    """Money that went through the chosen lines so far (million VND); `chosen` holds a 1 for each of them."""
    total = 0
    for line in range(N_LINES):
        total += who.books[line] * chosen[line]
    return total


@rule
def completed(p: Province, s: int) -> float:
    """Share of a service's transactions that citizens complete online themselves, from start to end."""
    return p.filed[s] * p.quality[s]


@rule
def time_saved(p: Province, world: World, s: int, simpler: float) -> float:
    """Hours saved a transaction of a service, mean of all its transactions.

    Online from start to end saves them all; a dossier that ends at the counter or that an official files saves part;
    and where the process was redesigned it is simpler at the counter too.
    """
    k = world.assumptions
    whole_way = completed(p, s)
    part_way = p.filed[s] - whole_way + p.assisted[s]
    saved: float = whole_way + k.partial_saving * part_way + simpler
    return world.services.hours_saved[s] * saved * k.hours_factor


@rule
def simpler_at_counter(p: Province, world: World, s: int) -> float:
    """What is saved of a visit where the process was redesigned, times the share of transactions at the counter."""
    at_counter = 1.0 - p.filed[s] - p.assisted[s]
    return world.assumptions.counter_saving * depth_of_process(p, world, s) * at_counter


@rule
def processed(p: Province, world: World, s: int, simpler: float) -> float:
    """Share of a service's transactions that offices process by machine, whoever files, or that is simpler for them."""
    return completed(p, s) + p.assisted[s] * brought_to_an_end(p, world, s) + simpler


@rule
def measure(world: World, provinces: Rows[Province], row: Floats) -> None:
    """Write the outcomes of the quarter that is closing into a row (as long as the table of outcomes)."""
    nation = world.nation
    n = len(provinces)
    row[:] = 0.0
    people = 0.0
    uses = np.empty(n)
    provincial = 0
    left = 0.0
    worth_now = discount(world)
    for i in range(n):
        p = provinces[i]
        gain(world, p, worth_now)
        uses[i] = p.use
        people += p.population
        left += p.left
        provincial += p.spent_mvnd
        row[SUPPLY] += share_online(p) / n
        row[USE] += p.use * p.population
        row[USE_ANY_STEP] += p.any_step * p.population
        row[USE_FULL_PROCESS] += p.full_process * p.population
        row[ASSISTED_SHARE] += p.assisted_share * p.population
        row[USE_OF_MINISTRIES] += p.central_use * p.population
        row[REPORTED_INDEX] += p.reported_index / n
        row[REPORTING_GAP] += (p.reported_index - p.real_index) / n
        row[HOURS_SAVED] += p.hours_saved
        row[DUPLICATION_SPEND] += p.duplication_mvnd / BVND
        row[OWN_PLATFORM_EXCESS] += p.excess_mvnd / BVND
        row[LAPSED_MONEY] += p.books[PROVINCIAL_LAPSE] / BVND
        row[UNSPENT_MONEY] += p.unspent_mvnd / BVND
        row[SPECIALISTS] += p.specialists
        row[TRUST] += p.trust * p.population
        row[INCIDENTS] += p.incidents
    for outcome in (USE, USE_ANY_STEP, USE_FULL_PROCESS, ASSISTED_SHARE, USE_OF_MINISTRIES, TRUST):
        row[outcome] /= people
    row[ACCOUNTS] = nation.accounts
    row[LAPSED_MONEY] += nation.books[CENTRAL_LAPSE] / BVND
    row[CENTRAL_SPEND] = nation.spent_mvnd / BVND
    row[PROVINCIAL_SPEND] = provincial / BVND
    row[ATTRITION] = left / nation.staff_before * QUARTERS if nation.staff_before > 0.0 else 0.0
    row[BETWEEN_REGION_GAP] = region_gap(provinces, uses)
    uses.sort()
    row[GAP_P90_P10] = percentile(uses, P90) - percentile(uses, P10)
    row[GINI_USE] = gini(uses)
    account(world, row, nation.spent_mvnd + provincial, worth_now)


@rule
def discount(world: World) -> float:
    """What money of this quarter is worth at the start."""
    k = world.assumptions
    worth: float = (1.0 + k.discount_rate) ** (-world.nation.quarter / QUARTERS)
    return worth


@rule
def gain(world: World, p: Province, worth_now: float) -> None:
    """The hours one province saved in the quarter; and add what its citizens, firms and offices gained (million VND).

    Thousand VND a transaction and people in millions make bvnd, discounted. Time is worth more as incomes grow.
    """
    k = world.assumptions
    nation = world.nation
    services = world.services
    hours, citizens, firms, offices = 0.0, 0.0, 0.0, 0.0
    for s in range(N_ALL_SERVICES):
        a_head = transactions(world, s)
        simpler = simpler_at_counter(p, world, s)
        saved = time_saved(p, world, s, simpler)
        hours += a_head * saved
        time = saved * nation.growth
        paid = k.out_of_pocket * (completed(p, s) + simpler)
        citizens += a_head * (1.0 - services.firm_share[s]) * (k.value_of_hour * time + paid)
        firms += a_head * services.firm_share[s] * (k.firm_hour * time + paid)
        saving = k.processing_saving * processed(p, world, s, simpler)
        offices += a_head * (saving - k.assisting_cost * p.assisted[s]) * nation.growth
    p.hours_saved = hours * people_served(p, world)
    bvnd = BVND * people_served(p, world) * worth_now
    nation.citizens_gain_mvnd += citizens * bvnd
    nation.firms_gain_mvnd += firms * bvnd
    nation.officials_gain_mvnd += offices * bvnd


@rule
def record_stocks(p: Province, world: World, line: PanelLine) -> None:
    """Write a province's stocks when the books are closed into one line of the panel."""
    line.supply = share_online(p)
    line.use = p.use
    line.use_any_step = p.any_step
    line.use_full_process = p.full_process
    line.claimed_use = claimed_use(p)
    line.assisted_share = p.assisted_share
    line.use_of_ministries = p.central_use
    line.any_step_of_ministries = p.central_any_step
    line.full_process_of_ministries = p.central_full_process
    line.real_index = p.real_index
    line.reported_index = p.reported_index
    line.published_index = p.published_index
    line.published_rank = p.published_rank
    line.hours_saved = p.hours_saved
    line.accounts = world.nation.accounts
    record_money_stocks(p, line)
    record_staff_stocks(p, line)
    record_service_stocks(p, line)
    line.access = p.connection[CONNECTIVITY]
    line.connection = p.connection.sum() / N_FOUNDATIONS
    line.belief = p.belief.sum() / N_SERVICES
    line.credence = p.credence
    line.reform = p.reform
    line.protection = p.protection
    line.trust = p.trust
    line.incidents = p.incidents


@rule
def record_money_stocks(p: Province, line: PanelLine) -> None:
    """The money part of a line of the panel."""
    line.cash = p.cash_mvnd / BVND
    line.received = sum_of_lines(p, COMES_IN) / BVND
    line.granted = sum_of_lines(p, GRANTED) / BVND
    line.spent = sum_of_lines(p, USES_UP) / BVND
    line.lapsed = p.books[PROVINCIAL_LAPSE] / BVND
    line.duplication = p.duplication_mvnd / BVND
    line.excess = p.excess_mvnd / BVND
    line.unspent = p.unspent_mvnd / BVND
    line.executed = p.executed


@rule
def record_staff_stocks(p: Province, line: PanelLine) -> None:
    """The staff part of a line of the panel."""
    line.specialists = p.specialists
    line.trained = p.trained
    line.trained_made = p.trained_made
    line.trained_to_private = p.trained_to_private
    line.trained_to_provinces = p.trained_to_provinces
    line.trained_arrived = p.trained_arrived
    line.contractors = p.contractors
    line.dependence = p.dependence


@rule
def record_service_stocks(p: Province, line: PanelLine) -> None:
    """The services part of a line of the panel."""
    line.own_platforms = 0.0
    line.shared_platforms = 0.0
    line.redesigned = 0.0
    for s in range(N_SERVICES):
        line.own_platforms += 1.0 if p.platform[s] == OWN else 0.0
        line.shared_platforms += 1.0 if p.platform[s] == SHARED else 0.0
        line.redesigned += 1.0 if p.redesigned[s] == 1 else 0.0
    line.finished = p.finished
    line.finished_multi_year = p.finished_multi_year
    line.failed = p.failed


@rule
def account(world: World, row: Floats, spent: int, worth_now: float) -> None:
    """Gains and cost so far, discounted to the start."""
    nation = world.nation
    nation.discounted_cost_mvnd += (spent - nation.spent_before_mvnd) * worth_now
    nation.spent_before_mvnd = spent
    gained = nation.citizens_gain_mvnd + nation.firms_gain_mvnd + nation.officials_gain_mvnd
    row[CITIZENS_GAIN] = nation.citizens_gain_mvnd / BVND
    row[FIRMS_GAIN] = nation.firms_gain_mvnd / BVND
    row[OFFICIALS_GAIN] = nation.officials_gain_mvnd / BVND
    row[NET_BENEFIT] = (gained - nation.discounted_cost_mvnd) / BVND
    row[BENEFIT_COST_RATIO] = gained / nation.discounted_cost_mvnd if nation.discounted_cost_mvnd > 0.0 else 0.0


@rule
def percentile(ordered: Rows[float], share: float) -> float:
    """The value below which a share of an ordered list lies, linear between its values."""
    position = share * (len(ordered) - 1)
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (position - low) * (ordered[high] - ordered[low])


@rule
def gini(ordered: Rows[float]) -> float:
    """Gini coefficient of an ordered list, 0 if all are equal or none is positive."""
    n = len(ordered)
    total = 0.0
    weighted = 0.0
    for i in range(n):
        total += ordered[i]
        weighted += (i + 1) * ordered[i]
    if total <= 0.0:
        return 0.0
    return 2.0 * weighted / (n * total) - (n + 1.0) / n


@rule
def region_gap(provinces: Rows[Province], uses: Floats) -> float:
    """Use in the best region less use in the last, each weighted by people."""
    regions = 0
    for i in range(len(provinces)):
        regions = max(regions, provinces[i].region + 1)
    used = np.zeros(regions)
    people = np.zeros(regions)
    for i in range(len(provinces)):
        p = provinces[i]
        used[p.region] += uses[i] * p.population
        people[p.region] += p.population
    best, last = -1.0, 2.0
    for r in range(regions):
        if people[r] > 0.0:
            best = max(best, used[r] / people[r])
            last = min(last, used[r] / people[r])
    return best - last
