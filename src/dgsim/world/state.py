"""The records the rules read and change: every field once, with its type, unit and meaning.

A world is a few numpy structured arrays, bundled in :class:`State`. A rule takes one record (a province) and the
:class:`World` around it, and changes only its own record.

>>> from dgsim.world.state import PROVINCE
>>> PROVINCE["cash_mvnd"].name
'int64'
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from dgsim.world.records import Assumptions, Catalogue, Floats, Ints, ItemTable, Nation, Open, Policy, Records
from dgsim.world.tables import FLOWS, FOUNDATIONS, ITEMS, MOST_ITEMS, PARAMETERS, PROVINCIAL, SERVICES

N_SERVICES = len(PROVINCIAL)  # of provinces; those of ministries come after them in the catalogue
N_ALL_SERVICES = len(SERVICES)
N_FOUNDATIONS = len(FOUNDATIONS)
N_ITEMS = len(ITEMS)
N_PROJECTS = N_SERVICES + N_FOUNDATIONS  # a project's slot: a service, or N_SERVICES + a foundation

# Rows of the items that a rule speaks of; foundations and programmes of which none does need no name here.
ITEM_ROWS = {item.item: row for row, item in enumerate(ITEMS)}
CONNECTIVITY = ITEM_ROWS["connectivity"]
DIGITAL_ID = ITEM_ROWS["digital_id"]
DATA_EXCHANGE = ITEM_ROWS["data_exchange"]
SECURITY = ITEM_ROWS["security"]
SHARED_PLATFORM = ITEM_ROWS["shared_platform"]
PROCESS_REFORM = ITEM_ROWS["process_reform"]
TRAINING = ITEM_ROWS["training"]
STANDARDS = ITEM_ROWS["standards"]
SERVICE_WAVE = ITEM_ROWS["service_wave"]
NATIONAL_SERVICES = ITEM_ROWS["national_services"]

# The books: one line for each flow and what it is kept by. A flow's first line stands in FIRST_LINE.
LINES_BY = {
    "none": 1,
    "services": N_SERVICES,
    "foundations": N_FOUNDATIONS,
    "projects": N_PROJECTS,
    "items": N_ITEMS,
}
FIRST_LINE = {flow.flow: sum(LINES_BY[earlier.items] for earlier in FLOWS[:row]) for row, flow in enumerate(FLOWS)}
N_LINES = sum(LINES_BY[flow.items] for flow in FLOWS)

# On whose platform a service runs.
OFFLINE, OWN, SHARED = 0, 1, 2

# What a province may start. The names are the options of the choice as they are printed.
OPTIONS = (
    "own_as_is",
    "own_redesigned",
    "shared_as_is",
    "shared_redesigned",
    "redesign",
    "redesign_on_shared",
    "migrate",
    "connect",
    "wait",
)
(
    OWN_AS_IS,
    OWN_REDESIGNED,
    SHARED_AS_IS,
    SHARED_REDESIGNED,
    REDESIGN,
    REDESIGN_ON_SHARED,
    MIGRATE,
    CONNECT,
    WAIT,
) = range(len(OPTIONS))

MOST_OPEN = 4 * N_SERVICES + N_FOUNDATIONS  # options open to a province at one time

# The parts of an option's utility, in the order they are added up.
UTILITY_PARTS = ("benefit", "reward", "mandate", "cost", "effort", "risk", "patience", "inertia")

# How a project ended.
FAILED, PARTIAL, FULL = 0, 1, 2

METRICS = ("supply", "use", "reported_index")
METRIC_SUPPLY, METRIC_USE, METRIC_INDEX = range(len(METRICS))

NO_QUARTER = -1  # a deadline that is never


class Field(NamedTuple):
    """One field of a record."""

    name: str
    type: Any
    unit: str
    meaning: str


PROVINCE_FIELDS = (
    # who it is: never changed
    Field("luck_id", "u4", "", "key of the province's own luck, made from its code"),
    Field("row", "i8", "", "its row in the country's table"),
    Field("region", "i4", "", "its region, by number in the country's list"),
    Field("population", "f8", "million people", "people"),
    Field("scale", "f8", "ratio to the mean", "people against the mean of provinces"),
    Field("income", "f8", "ratio to the mean", "income per head against the mean of provinces"),
    Field("urban", "f8", "share", "people who live in towns"),
    Field("trained_labour", "f8", "share", "labour force with a degree or certificate"),
    Field("internet", "f8", "ratio to the mean", "internet access before the start against the mean of provinces"),
    Field("income_standing", "f8", "standard deviations", "income per head (logarithm) against the other provinces"),
    Field("governance_standing", "f8", "standard deviations", "the administration as businesses judged it in 2019"),
    Field(
        "score_standing", "f8", "standard deviations", "the ministry's score of 2017; by regression if not published"
    ),
    Field("score_spread", "f8", "standard deviations", "what the regression leaves open, 0 if it was published"),
    Field("communes", "f8", "number", "commune-level administrations, where dossiers are taken in"),
    Field("expenditure", "f8", "million VND a quarter", "public expenditure in the year of the data"),
    Field("fiscal_rank", "f8", "0..1", "rank by own digital money against what services cost, 0 poorest and 1 richest"),
    Field("head_weight", "f8", "share", "its part of a grant by heads"),
    Field("poor_weight", "f8", "share", "its part of an equalising grant"),
    Field("capability", "f8", "standard deviations", "administrative capability: what is observed of it, and luck"),
    Field("leadership", "f8", "standard deviations", "how driven its leaders are; changes with them"),
    Field("effort_by_size", "f8", "ratio", "staff that a redesign takes against a province of mean size"),
    Field("difficulty_by_size", "f8", "ratio", "difficulty of a redesign against a province of mean size"),
    # money
    Field("cash_mvnd", "i8", "million VND", "money in hand"),
    Field("books", ("i8", (N_LINES,)), "million VND", "what was received and paid so far, by line"),
    Field("spent_mvnd", "i8", "million VND", "what went through the lines of spending and leakage so far"),
    Field("grants", "f8", "million VND", "grants received this quarter, matching apart"),
    Field("matched", "f8", "million VND", "matching money received this quarter"),
    Field("own_money", "f8", "million VND", "own digital money of this quarter"),
    Field("award_share", "f8", "share", "its part of the awards, from the last published results"),
    Field("budgeted", "f8", "share", "part of the own digital money that is set aside in the budget"),
    Field("undrawn", "f8", "million VND", "own money it may still draw until books close"),
    Field("year_entitled", "f8", "million VND", "own money and grants it may use, this year"),
    Field("year_used", "f8", "million VND", "money used this year"),
    Field("executed", "f8", "share", "part of the money in hand last year that was used by its end"),
    Field("claim", "f8", "million VND", "cost of projects claimed for matching this quarter"),
    Field("yearly_money", "f8", "million VND", "money received over the last four quarters, smoothed"),
    Field("shadow_price", "f8", "ratio", "what money spent now is worth to it: less where it would lapse"),
    Field("running_cost", "f8", "million VND", "running costs due in the last quarter"),
    Field("running_paid", "f8", "share", "part of the running costs that was paid this quarter"),
    # staff
    Field("posts", "f8", "full-time equivalents", "posts for specialists under the headcount rule"),
    Field("specialists", "f8", "full-time equivalents", "digital specialists on the payroll"),
    Field("trained", "f8", "full-time equivalents", "those of them with a certificate"),
    Field("labour_market", "f8", "ratio", "how easily posts are filled, against the usual share of trained labour"),
    Field("contractors", "f8", "full-time equivalents", "contracted people at work on its projects"),
    Field("dependence", "f8", "0..1", "dependence on contractors"),
    Field("left", "f8", "full-time equivalents", "specialists who left this quarter"),
    Field("trained_to_private", "f8", "full-time equivalents", "trained who left for the private sector so far"),
    Field("trained_to_provinces", "f8", "full-time equivalents", "trained who left for other provinces so far"),
    Field("trained_arrived", "f8", "full-time equivalents", "trained who came from other provinces so far"),
    Field("trained_made", "f8", "full-time equivalents", "trained in courses so far"),
    Field("movers", "f8", "full-time equivalents", "specialists leaving for other provinces this quarter"),
    Field("trained_movers", "f8", "full-time equivalents", "those of them with a certificate"),
    Field("pooled", "f8", "full-time equivalents", "capacity lent by the shared service centre"),
    # services
    Field("platform", ("i1", (N_SERVICES,)), "", "0 not online, 1 on its own platform, 2 on the shared one"),
    Field("redesigned", ("i1", (N_SERVICES,)), "", "1 if the process was redesigned"),
    Field("depth", ("f8", (N_SERVICES,)), "0..1", "how deeply the process was redesigned, 0 if it was not"),
    Field("completeness", ("f8", (N_SERVICES,)), "0..1", "how much of what was planned was delivered"),
    Field("upkeep", ("f8", (N_SERVICES,)), "0..1", "state of repair"),
    Field("filed", ("f8", (N_ALL_SERVICES,)), "share of transactions", "what citizens file online themselves"),
    Field("assisted", ("f8", (N_ALL_SERVICES,)), "share of transactions", "what officials file online for citizens"),
    Field("quality", ("f8", (N_ALL_SERVICES,)), "0..1", "part of what is begun online that ends online"),
    Field("spread", ("f8", (N_SERVICES,)), "0..1", "what citizens with access and trust would file online by now"),
    Field("use", "f8", "share of dossiers", "dossiers that citizens complete online themselves"),
    Field("any_step", "f8", "share of dossiers", "dossiers that come in online, whoever files them"),
    Field("full_process", "f8", "share of dossiers", "dossiers that end online, whoever files them"),
    Field("assisted_share", "f8", "share of dossiers", "dossiers that officials file online for citizens"),
    Field("central_use", "f8", "share of dossiers", "dossiers of ministries that its citizens complete online"),
    Field("central_any_step", "f8", "share of dossiers", "dossiers of ministries that come in online, whoever files"),
    Field("central_full_process", "f8", "share of dossiers", "dossiers of ministries that end online, whoever files"),
    Field("hours_saved", "f8", "million hours", "hours that its citizens and firms saved this quarter"),
    Field("missing", "f8", "share of services", "own services that are not online"),
    Field("own_cost", ("i8", (N_SERVICES,)), "million VND", "what its own platform has cost so far"),
    Field("seen", ("f8", (N_SERVICES,)), "0..1", "take-up it sees among its peers"),
    Field("seen_weight", ("f8", (N_SERVICES,)), "0..1", "how much there is to see among its peers"),
    Field("belief", ("f8", (N_SERVICES,)), "0..1", "believed take-up of the service at full quality"),
    Field("lesson", ("f8", (N_SERVICES,)), "0..1", "take-up its peers can see times how much there is to see"),
    Field("lesson_weight", ("f8", (N_SERVICES,)), "0..1", "how much there is to see"),
    Field("available", ("f8", (N_FOUNDATIONS,)), "0..1", "what each foundation gives it now"),
    Field("expected", ("f8", (N_FOUNDATIONS,)), "0..1", "what it trusts each foundation to give"),
    Field("ready_own", ("f8", (N_SERVICES,)), "0..1", "what the foundations allow of a service on an own platform"),
    Field("ready_shared", ("f8", (N_SERVICES,)), "0..1", "the same on the shared platform"),
    Field("outlook_own", ("f8", (N_SERVICES,)), "0..1", "what it trusts the foundations to allow, own platform"),
    Field("outlook_shared", ("f8", (N_SERVICES,)), "0..1", "the same on the shared platform"),
    Field("promise", ("f8", (N_SERVICES,)), "0..1", "believed value of each service, in part if it is yet to come"),
    Field("connection", ("f8", (N_FOUNDATIONS,)), "0..1", "connection to each foundation; access for connectivity"),
    Field("shared_data", "f8", "0..1", "data it shares"),
    Field("protection", "f8", "0..1", "how well it protects its data"),
    Field("reform", "f8", "0..1", "capability to redesign processes"),
    # projects in hand, one slot for each service and each foundation
    Field("project", ("i1", (N_PROJECTS,)), "", "option in hand plus one, 0 if none"),
    Field("project_left", ("i4", (N_PROJECTS,)), "quarters", "time still needed"),
    Field("project_owed", ("f8", (N_PROJECTS,)), "million VND", "money still needed"),
    Field("project_effort", ("f8", (N_PROJECTS,)), "full-time equivalents", "own specialists tied up"),
    Field("project_contracted", ("f8", (N_PROJECTS,)), "full-time equivalents", "contracted people tied up"),
    Field("project_slips", ("i4", (N_PROJECTS,)), "quarters", "time lost so far"),
    Field("project_multi_year", ("i1", (N_PROJECTS,)), "", "1 if it has gone over a year's end"),
    Field("project_rushed", ("i1", (N_PROJECTS,)), "", "1 if it was started as an annual budget closed"),
    Field("finished", "i8", "projects", "projects delivered, fully or in part, so far"),
    Field("finished_multi_year", "i8", "projects", "those that went over a year's end"),
    Field("failed", "i8", "projects", "projects that failed or were given up so far"),
    Field("duplication_mvnd", "i8", "million VND", "cost of own platforms replaced by the shared one so far"),
    Field("excess_mvnd", "f8", "million VND", "what own platforms cost beyond the shared one, once it stood, so far"),
    Field("doubled", "i1", "", "1 once own platforms that were there before the shared one are counted as excess"),
    Field("unspent_mvnd", "f8", "million VND", "own money that was void when books closed, so far"),
    # citizens
    Field("trust", "f8", "0..1", "citizens' trust in digital government"),
    Field("incidents", "i8", "number", "security incidents so far"),
    Field("credence", "f8", "0..1", "how far announced foundations are trusted to arrive"),
    # reporting
    Field("real_index", "f8", "0..1", "the index truly measured"),
    Field("reported_index", "f8", "0..1", "the index as the province reports it"),
    Field("padding", "f8", "0..1", "points reported beyond the truth"),
    Field("counted", ("f8", (N_SERVICES,)), "0..1", "how far the index counts the service as online"),
    Field("caution", "f8", "0..1", "memory of an audit"),
    Field("struck", "i1", "", "1 if an audit struck off what officials filed, until the year is over"),
    Field("published_index", "f8", "0..1", "index as last published"),
    Field("league_score", "f8", "0..1", "what the league table ranks, as last reported"),
    Field("published_rank", "f8", "0..1", "rank in the last table, 0 last and 1 first"),
    Field("award_score", "f8", "0..1", "what awards reward, as last reported"),
    Field("rank_slope", "f8", "places a point", "part of the others passed for a point more of what the table ranks"),
    Field("award_slope", "f8", "chance a point", "chance of an award won by a point more of what they reward"),
)

NATION_FIELDS = (
    Field("seed", "u8", "", "key of all luck"),
    Field("replication", "u8", "", "which of the runs that differ by luck alone"),
    Field("quarter", "i8", "quarters since the start", "the quarter that is running"),
    Field("provinces", "i8", "number", "provinces in the world"),
    Field("cash_mvnd", "i8", "million VND", "programme money of the centre in hand"),
    Field("books", ("i8", (N_LINES,)), "million VND", "what was received and paid so far, by line"),
    Field("spent_mvnd", "i8", "million VND", "what went through the lines of spending and leakage so far"),
    Field("readiness", ("f8", (N_ITEMS,)), "0..1", "how far each item of the roadmap stands"),
    Field("due", ("i8", (N_ITEMS,)), "quarter", "when each item was announced to stand; -1 if it was not"),
    Field("platform_stands", "i1", "", "1 once provinces can offer services on the shared platform"),
    Field("courses", "f8", "million VND", "money for training courses this quarter"),
    Field("wave", "f8", "million VND", "money for a wave of services this quarter"),
    Field("dossiers", "f8", "a head and year", "dossiers of provinces"),
    Field("central_dossiers", "f8", "a head and year", "dossiers of ministries"),
    Field("growth", "f8", "ratio", "expenditure of provinces, and what an hour is worth, against the start"),
    Field("more_people", "f8", "ratio", "people against the start"),
    Field("accounts", "f8", "share of adults", "adults with an activated digital account"),
    Field("mandate_pressure", "f8", "0..1", "how hard the mandate presses"),
    Field("closeness", ("f8", (N_FOUNDATIONS,)), "0..1", "how near each announced foundation is"),
    Field("groups_coverage", "f8", "0..1", "people reached by community groups"),
    Field("feedback_coverage", "f8", "0..1", "people whose feedback is acted upon"),
    Field("matching_left", "f8", "million VND", "matching money not yet claimed"),
    Field("matching_factor", "f8", "share", "part of this quarter's claims that the matching money covers"),
    Field("supplement", "f8", "million VND a month", "retention supplement a specialist gets"),
    Field("pull_of_pay", "f8", "ratio", "how much faster posts are filled for the supplement"),
    Field("pooled", "f8", "full-time equivalents", "staff of the shared service centre"),
    Field("shortage", "f8", "full-time equivalents", "what small provinces lack against the mean, added up"),
    Field("people", "f8", "million people", "people in all provinces"),
    Field("posts", "f8", "full-time equivalents", "posts in all provinces under the headcount rule"),
    Field("mean_specialists", "f8", "full-time equivalents", "specialists in a province, mean"),
    Field("overdue", "f8", "number", "announced foundations that should stand and do not"),
    Field("arrived", "f8", "number", "announced foundations that came to stand this quarter"),
    Field("league_started", "i1", "", "1 once a league table was published"),
    Field("pull", "f8", "0..1", "attention a published rank commands"),
    Field("shared_data", "f8", "0..1", "data shared, mean of the provinces"),
    Field("pull_of_posts", "f8", "full-time equivalents", "vacancies weighted by the income of their provinces"),
    Field("movers", "f8", "full-time equivalents", "specialists moving between provinces this quarter"),
    Field("trained_movers", "f8", "full-time equivalents", "those of them with a certificate"),
    Field("staff_before", "f8", "full-time equivalents", "specialists in all provinces before anyone left"),
    Field("citizens_gain_mvnd", "f8", "million VND, discounted", "time and money that citizens saved so far"),
    Field("firms_gain_mvnd", "f8", "million VND, discounted", "time and money that firms saved so far"),
    Field("officials_gain_mvnd", "f8", "million VND, discounted", "what processing costs less so far"),
    Field("discounted_cost_mvnd", "f8", "million VND, discounted", "spending of centre and provinces so far"),
    Field("spent_before_mvnd", "i8", "million VND", "spending of centre and provinces up to the last quarter"),
    Field("choices_length", "i8", "entries", "entries in the record of choices"),
    Field("watch_province", "i8", "", "province whose choices are recorded, -1 for all"),
    Field("watch_quarter", "i8", "", "quarter whose choices are recorded, -1 for all"),
)

# What the province that chooses weighs: scratch paper, of no meaning once it has chosen.
OPEN_FIELDS = (
    Field("luck", ("f8", (4, N_PROJECTS)), "", "four numbers of luck for each slot"),
    Field("option", ("i8", (MOST_OPEN,)), "", "options better than waiting"),
    Field("slot", ("i8", (MOST_OPEN,)), "", "the slot of each"),
    Field("utility", ("f8", (MOST_OPEN,)), "utility", "their utilities"),
)

ROADMAP_FIELDS = (
    Field("kind", "i8", "", "what it is: its row in the table of items"),
    Field("luck_id", "u4", "", "key of the item's own luck, made from its name"),
    Field("start", "i8", "quarter", "when it is planned to start"),
    Field("quarters", "i8", "quarters", "how long it is planned to take"),
    Field("cost_mvnd", "f8", "million VND", "its money"),
    Field("after", ("i1", (MOST_ITEMS,)), "", "1 at the number of each item it waits for"),
    Field("overrun", "f8", "ratio", "what it takes against what was thought"),
    Field("received_mvnd", "f8", "million VND", "money appropriated so far"),
    Field("spent_mvnd", "f8", "million VND", "money spent so far"),
    Field("gone_mvnd", "f8", "million VND", "money of it that lapsed"),
    Field("done", "i1", "", "1 when its money is spent or gone, or what it builds stands"),
    Field("begun", "i8", "quarter", "when it began; -1 before"),
)

ENTRY_FIELDS = (
    Field("quarter", "i8", "quarters since the start", "when"),
    Field("flow", "i8", "", "row in the table of flows"),
    Field("province", "i8", "", "row of the province, -1 for the centre"),
    Field("item", "i8", "", "row of the service, or services + row of the roadmap's item; -1 if neither"),
    Field("amount", "i8", "million VND", "how much"),
)

CHOICE_FIELDS = (
    Field("quarter", "i8", "quarters since the start", "when"),
    Field("province", "i8", "", "row of the province"),
    Field("option", "i8", "", "number in OPTIONS"),
    Field("slot", "i8", "", "the service, or services + the foundation; -1 for wait"),
    Field("rank", "i8", "", "position in the order of starting, from 1; 0 if not started"),
    *(Field(part, "f8", "utility", f"part of the utility: {part}") for part in UTILITY_PARTS),
    Field("noise", "f8", "utility", "what the province weighs that the model does not see"),
    Field("utility", "f8", "utility", "sum of the parts and the noise"),
)


PANEL_FIELDS = (
    Field("supply", "f8", "share of services", "services online"),
    Field("use", "f8", "share of dossiers", "dossiers that citizens complete online themselves"),
    Field("use_any_step", "f8", "share of dossiers", "dossiers that come in online, whoever files them"),
    Field("use_full_process", "f8", "share of dossiers", "dossiers that end online, whoever files them"),
    Field("claimed_use", "f8", "share of dossiers", "the same, less what the year's audits struck off"),
    Field("assisted_share", "f8", "share of dossiers", "dossiers that officials file online for citizens"),
    Field("use_of_ministries", "f8", "share of dossiers", "dossiers of ministries that citizens complete online"),
    Field("any_step_of_ministries", "f8", "share of dossiers", "dossiers of ministries that come in online"),
    Field("full_process_of_ministries", "f8", "share of dossiers", "dossiers of ministries that end online"),
    Field("real_index", "f8", "0..1", "the index truly measured"),
    Field("reported_index", "f8", "0..1", "the index as the province reports it"),
    Field("published_index", "f8", "0..1", "the index as last published"),
    Field("published_rank", "f8", "0..1", "rank in the last table, 0 last and 1 first"),
    Field("hours_saved", "f8", "million hours a quarter", "hours citizens saved in the quarter"),
    Field("cash", "f8", "bvnd", "money in hand when the books are closed"),
    Field("received", "f8", "bvnd", "money received so far"),
    Field("granted", "f8", "bvnd", "that part of it which came from the centre"),
    Field("spent", "f8", "bvnd", "money spent or leaked so far"),
    Field("lapsed", "f8", "bvnd", "money lapsed so far"),
    Field("duplication", "f8", "bvnd", "cost of own platforms replaced by the shared one so far"),
    Field("excess", "f8", "bvnd", "what own platforms cost beyond the shared one, once it stood, so far"),
    Field("executed", "f8", "share", "part of the money in hand last year that was used by its end"),
    Field("unspent", "f8", "bvnd", "own money that was void when books closed, so far"),
    Field("specialists", "f8", "full-time equivalents", "digital specialists on the payroll"),
    Field("trained", "f8", "full-time equivalents", "those of them with a certificate"),
    Field("trained_made", "f8", "full-time equivalents", "trained in courses so far"),
    Field("trained_to_private", "f8", "full-time equivalents", "trained who left for the private sector so far"),
    Field("trained_to_provinces", "f8", "full-time equivalents", "trained who left for other provinces so far"),
    Field("trained_arrived", "f8", "full-time equivalents", "trained who came from other provinces so far"),
    Field("contractors", "f8", "full-time equivalents", "contracted people at work on its projects"),
    Field("dependence", "f8", "0..1", "dependence on contractors"),
    Field("own_platforms", "f8", "services", "services on own platforms"),
    Field("shared_platforms", "f8", "services", "services on the shared platform"),
    Field("redesigned", "f8", "services", "services online and redesigned"),
    Field("access", "f8", "share of people", "people who can use a digital channel"),
    Field("accounts", "f8", "share of adults", "adults with an activated digital account, of the nation"),
    Field("connection", "f8", "0..1", "connection to the foundations, mean"),
    Field("belief", "f8", "0..1", "believed take-up at full quality, mean of services"),
    Field("credence", "f8", "0..1", "how far announced foundations are trusted to arrive"),
    Field("reform", "f8", "0..1", "capability to redesign processes"),
    Field("protection", "f8", "0..1", "how well it protects its data"),
    Field("trust", "f8", "0..1", "citizens' trust in digital government"),
    Field("incidents", "f8", "number", "security incidents so far"),
    Field("finished", "f8", "projects", "projects delivered so far"),
    Field("finished_multi_year", "f8", "projects", "those that went over a year's end"),
    Field("failed", "f8", "projects", "projects failed or given up so far"),
)


def record_type(fields: tuple[Field, ...]) -> np.dtype:
    """The numpy type of a record with these fields, aligned so that compiled code reads it fast."""
    return np.dtype([(f.name, *f.type) if isinstance(f.type, tuple) else (f.name, f.type) for f in fields], align=True)


def _table_type(roles: tuple[str, ...]) -> np.dtype:
    """A record of one float for each parameter of these roles."""
    return np.dtype([(p.name, "f8") for p in PARAMETERS if p.role in roles], align=True)


def _columns_type(rows: Sequence[Any], *more: str) -> np.dtype:
    """A record with a column of floats, as long as a table, for each number of its rows."""
    numbers = [name for name, value in vars(rows[0]).items() if isinstance(value, float)]
    return np.dtype([(name, "f8", (len(rows),)) for name in (*numbers, *more)], align=True)


PROVINCE = record_type(PROVINCE_FIELDS)
NATION = record_type(NATION_FIELDS)
OPEN = record_type(OPEN_FIELDS)
ROADMAP = record_type(ROADMAP_FIELDS)
ENTRY = record_type(ENTRY_FIELDS)
CHOICE = record_type(CHOICE_FIELDS)
PANEL = record_type(PANEL_FIELDS)
POLICY = _table_type(("lever",))
ASSUMPTIONS = _table_type(("uncertain", "constant"))
CATALOGUE = np.dtype(
    [*_columns_type(SERVICES, "dossiers", "worth").descr, ("needs", "f8", (N_FOUNDATIONS, N_ALL_SERVICES))], align=True
)
ROADMAP_TABLE = _columns_type(ITEMS)


class World(NamedTuple):
    """What every rule may look at besides its own record; the nation changes from act to act, the policy by quarter.

    nation        NATION: the centre and what is common to all
    policy        POLICY: the levers in force in the quarter that is running
    assumptions   ASSUMPTIONS: uncertainties and constants
    services      CATALOGUE: a column of the table of services, one value a service
    items         ROADMAP_TABLE: a column of the table of items, one value an item
    open          OPEN: scratch paper of the province that chooses
    """

    nation: Nation
    policy: Policy
    assumptions: Assumptions
    services: Catalogue
    items: ItemTable
    open: Open


class State(NamedTuple):
    """All of one world: what the drivers hold and hand to the rules.

    provinces     PROVINCE records, one a province
    roadmap       ROADMAP records, one an item of the plan
    choices       CHOICE records, length 0 when choices are not recorded
    policies      POLICY records, one a quarter
    policy        POLICY, length 1: the levers in force, copied at the start of each quarter
    peer_start    int64: row i of the peers is peer_index[peer_start[i] : peer_start[i + 1]]
    peer_index    int64: row of the peer
    peer_weight   float64: its weight; a row sums to 1
    world         the records every rule may look at
    """

    provinces: Records
    roadmap: Records
    choices: Records
    policies: Records
    policy: Records
    peer_start: Ints
    peer_index: Ints
    peer_weight: Floats
    world: World
