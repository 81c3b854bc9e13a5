"""What is paid and saved in a quarter, in the units it comes in: what an appraisal sets prices on afterwards.

The gains of `outcomes.gain` are these quantities at the prices of the parameter table, discounted; no price enters what
anyone does in a run, so that an appraisal may try others without running anything again.
"""

from __future__ import annotations

import numpy as np

from dgsim.world.citizens import people_served
from dgsim.world.compiled import rule
from dgsim.world.outcomes import completed, processed, simpler_at_counter, time_saved
from dgsim.world.records import Floats, Ints, Nation, Province
from dgsim.world.services import transactions
from dgsim.world.state import LINES_BY, N_ALL_SERVICES, N_LINES, N_SERVICES, World
from dgsim.world.tables import ACCOUNTS, FLOWS

# Hours are those of 2020's worth: each counts as much more as incomes have grown. So are the acts of officials.
SAVINGS = (
    "citizens_hours",  # million hours
    "firms_hours",
    "citizens_trips",  # million transactions whose out-of-pocket cost is saved
    "firms_trips",
    "processed",  # million transactions of provinces that are processed by machine, or simpler at the counter
    "assisted",  # million transactions of provinces that officials file for citizens
    "processed_by_ministries",
    "assisted_for_ministries",
)
N_SAVINGS = len(SAVINGS)
(
    CITIZENS_HOURS,
    FIRMS_HOURS,
    CITIZENS_TRIPS,
    FIRMS_TRIPS,
    PROCESSED,
    ASSISTED,
    PROCESSED_BY_MINISTRIES,
    ASSISTED_FOR_MINISTRIES,
) = range(N_SAVINGS)
OF_NONE = -1
ACCOUNT_OF = np.array(
    [
        ACCOUNTS.index(flow.account) if flow.account in ACCOUNTS else OF_NONE
        for flow in FLOWS
        for _ in range(LINES_BY[flow.items])
    ]
)  # of each line of the books


@rule
def record_accounts(who: Province | Nation, row: Ints) -> None:
    """Write what went through the books of a province or of the centre so far into a row, by account (million VND)."""
    row[:] = 0
    for line in range(N_LINES):
        if ACCOUNT_OF[line] >= 0:
            row[ACCOUNT_OF[line]] += who.books[line]


@rule
def record_savings(p: Province, world: World, row: Floats) -> None:
    """Write what citizens, firms and offices of one province saved in the quarter into a row, by SAVINGS."""
    row[:] = 0.0
    growth = world.nation.growth
    for s in range(N_ALL_SERVICES):
        acts = transactions(world, s) * people_served(p, world)
        of_firms = world.services.firm_share[s]
        simpler = simpler_at_counter(p, world, s)
        hours = acts * time_saved(p, world, s, simpler) * growth
        trips = acts * (completed(p, s) + simpler)
        row[CITIZENS_HOURS] += (1.0 - of_firms) * hours
        row[FIRMS_HOURS] += of_firms * hours
        row[CITIZENS_TRIPS] += (1.0 - of_firms) * trips
        row[FIRMS_TRIPS] += of_firms * trips
        by_machine = acts * processed(p, world, s, simpler) * growth
        assisted = acts * p.assisted[s] * growth
        row[PROCESSED if s < N_SERVICES else PROCESSED_BY_MINISTRIES] += by_machine
        row[ASSISTED if s < N_SERVICES else ASSISTED_FOR_MINISTRIES] += assisted
