"""The records of a world as types: what a rule may ask of its arguments, by name.

Made by experiments/make_records.py: edit the fields in `world/state.py` or the tables, not this file. At run time these
are records of numpy arrays; the types are for editors and type checkers.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Records = NDArray[Any]
Row = TypeVar("Row", covariant=True)


class Numbers(Protocol):
    """A column of a record: one number for each service, foundation, item or slot."""

    def __getitem__(self, at: int, /) -> float:
        """One of them."""
        ...

    def __setitem__(self, at: int, value: float, /) -> None:
        """Set one of them."""
        ...

    def sum(self) -> float:
        """All of them together."""
        ...


class Counts(Protocol):
    """A column of whole numbers."""

    def __getitem__(self, at: int, /) -> int:
        """One of them."""
        ...

    def __setitem__(self, at: int, value: int, /) -> None:
        """Set one of them."""
        ...


class Grid(Protocol):
    """Numbers in rows and columns."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many rows and columns."""
        ...

    def __getitem__(self, at: tuple[int, int], /) -> float:
        """One of them."""
        ...

    def __setitem__(self, at: tuple[int, int], value: float, /) -> None:
        """Set one of them."""
        ...


class Rows(Protocol[Row]):
    """Records one after the other: a record by its row, and how many there are."""

    def __getitem__(self, row: int, /) -> Row:
        """The record of a row."""
        ...

    def __len__(self) -> int:
        """How many records."""
        ...


class Province(Protocol):
    """One province."""

    luck_id: int  # key of the province's own luck, made from its code
    row: int  # its row in the country's table
    region: int  # its region, by number in the country's list
    population: float  # people (million people)
    scale: float  # people against the mean of provinces (ratio to the mean)
    income: float  # income per head against the mean of provinces (ratio to the mean)
    urban: float  # people who live in towns (share)
    trained_labour: float  # labour force with a degree or certificate (share)
    internet: float  # internet access before the start against the mean of provinces (ratio to the mean)
    income_standing: float  # income per head (logarithm) against the other provinces (standard deviations)
    governance_standing: float  # the administration as businesses judged it in 2019 (standard deviations)
    score_standing: float  # the ministry's score of 2017; by regression if not published (standard deviations)
    score_spread: float  # what the regression leaves open, 0 if it was published (standard deviations)
    communes: float  # commune-level administrations, where dossiers are taken in (number)
    expenditure: float  # public expenditure in the year of the data (million VND a quarter)
    fiscal_rank: float  # rank by own digital money against what services cost, 0 poorest and 1 richest (0..1)
    head_weight: float  # its part of a grant by heads (share)
    poor_weight: float  # its part of an equalising grant (share)
    capability: float  # administrative capability: what is observed of it, and luck (standard deviations)
    leadership: float  # how driven its leaders are; changes with them (standard deviations)
    effort_by_size: float  # staff that a redesign takes against a province of mean size (ratio)
    difficulty_by_size: float  # difficulty of a redesign against a province of mean size (ratio)
    cash_mvnd: int  # money in hand (million VND)
    books: Counts  # what was received and paid so far, by line (million VND)
    spent_mvnd: int  # what went through the lines of spending and leakage so far (million VND)
    grants: float  # grants received this quarter, matching apart (million VND)
    matched: float  # matching money received this quarter (million VND)
    own_money: float  # own digital money of this quarter (million VND)
    award_share: float  # its part of the awards, from the last published results (share)
    budgeted: float  # part of the own digital money that is set aside in the budget (share)
    undrawn: float  # own money it may still draw until books close (million VND)
    year_entitled: float  # own money and grants it may use, this year (million VND)
    year_used: float  # money used this year (million VND)
    executed: float  # part of the money in hand last year that was used by its end (share)
    claim: float  # cost of projects claimed for matching this quarter (million VND)
    yearly_money: float  # money received over the last four quarters, smoothed (million VND)
    shadow_price: float  # what money spent now is worth to it: less where it would lapse (ratio)
    running_cost: float  # running costs due in the last quarter (million VND)
    running_paid: float  # part of the running costs that was paid this quarter (share)
    posts: float  # posts for specialists under the headcount rule (full-time equivalents)
    specialists: float  # digital specialists on the payroll (full-time equivalents)
    trained: float  # those of them with a certificate (full-time equivalents)
    labour_market: float  # how easily posts are filled, against the usual share of trained labour (ratio)
    contractors: float  # contracted people at work on its projects (full-time equivalents)
    dependence: float  # dependence on contractors (0..1)
    left: float  # specialists who left this quarter (full-time equivalents)
    trained_to_private: float  # trained who left for the private sector so far (full-time equivalents)
    trained_to_provinces: float  # trained who left for other provinces so far (full-time equivalents)
    trained_arrived: float  # trained who came from other provinces so far (full-time equivalents)
    trained_made: float  # trained in courses so far (full-time equivalents)
    movers: float  # specialists leaving for other provinces this quarter (full-time equivalents)
    trained_movers: float  # those of them with a certificate (full-time equivalents)
    pooled: float  # capacity lent by the shared service centre (full-time equivalents)
    platform: Counts  # 0 not online, 1 on its own platform, 2 on the shared one
    redesigned: Counts  # 1 if the process was redesigned
    depth: Numbers  # how deeply the process was redesigned, 0 if it was not (0..1)
    completeness: Numbers  # how much of what was planned was delivered (0..1)
    upkeep: Numbers  # state of repair (0..1)
    filed: Numbers  # what citizens file online themselves (share of transactions)
    assisted: Numbers  # what officials file online for citizens (share of transactions)
    quality: Numbers  # part of what is begun online that ends online (0..1)
    spread: Numbers  # what citizens with access and trust would file online by now (0..1)
    use: float  # dossiers that citizens complete online themselves (share of dossiers)
    any_step: float  # dossiers that come in online, whoever files them (share of dossiers)
    full_process: float  # dossiers that end online, whoever files them (share of dossiers)
    assisted_share: float  # dossiers that officials file online for citizens (share of dossiers)
    central_use: float  # dossiers of ministries that its citizens complete online (share of dossiers)
    central_any_step: float  # dossiers of ministries that come in online, whoever files (share of dossiers)
    central_full_process: float  # dossiers of ministries that end online, whoever files (share of dossiers)
    hours_saved: float  # hours that its citizens and firms saved this quarter (million hours)
    missing: float  # own services that are not online (share of services)
    own_cost: Counts  # what its own platform has cost so far (million VND)
    seen: Numbers  # take-up it sees among its peers (0..1)
    seen_weight: Numbers  # how much there is to see among its peers (0..1)
    belief: Numbers  # believed take-up of the service at full quality (0..1)
    lesson: Numbers  # take-up its peers can see times how much there is to see (0..1)
    lesson_weight: Numbers  # how much there is to see (0..1)
    available: Numbers  # what each foundation gives it now (0..1)
    expected: Numbers  # what it trusts each foundation to give (0..1)
    ready_own: Numbers  # what the foundations allow of a service on an own platform (0..1)
    ready_shared: Numbers  # the same on the shared platform (0..1)
    outlook_own: Numbers  # what it trusts the foundations to allow, own platform (0..1)
    outlook_shared: Numbers  # the same on the shared platform (0..1)
    promise: Numbers  # believed value of each service, in part if it is yet to come (0..1)
    connection: Numbers  # connection to each foundation; access for connectivity (0..1)
    shared_data: float  # data it shares (0..1)
    protection: float  # how well it protects its data (0..1)
    reform: float  # capability to redesign processes (0..1)
    project: Counts  # option in hand plus one, 0 if none
    project_left: Counts  # time still needed (quarters)
    project_owed: Numbers  # money still needed (million VND)
    project_effort: Numbers  # own specialists tied up (full-time equivalents)
    project_contracted: Numbers  # contracted people tied up (full-time equivalents)
    project_slips: Counts  # time lost so far (quarters)
    project_multi_year: Counts  # 1 if it has gone over a year's end
    project_rushed: Counts  # 1 if it was started as an annual budget closed
    finished: int  # projects delivered, fully or in part, so far (projects)
    finished_multi_year: int  # those that went over a year's end (projects)
    failed: int  # projects that failed or were given up so far (projects)
    duplication_mvnd: int  # cost of own platforms replaced by the shared one so far (million VND)
    excess_mvnd: float  # what own platforms cost beyond the shared one, once it stood, so far (million VND)
    doubled: int  # 1 once own platforms that were there before the shared one are counted as excess
    unspent_mvnd: float  # own money that was void when books closed, so far (million VND)
    trust: float  # citizens' trust in digital government (0..1)
    incidents: int  # security incidents so far (number)
    credence: float  # how far announced foundations are trusted to arrive (0..1)
    real_index: float  # the index truly measured (0..1)
    reported_index: float  # the index as the province reports it (0..1)
    padding: float  # points reported beyond the truth (0..1)
    counted: Numbers  # how far the index counts the service as online (0..1)
    caution: float  # memory of an audit (0..1)
    struck: int  # 1 if an audit struck off what officials filed, until the year is over
    published_index: float  # index as last published (0..1)
    league_score: float  # what the league table ranks, as last reported (0..1)
    published_rank: float  # rank in the last table, 0 last and 1 first (0..1)
    award_score: float  # what awards reward, as last reported (0..1)
    rank_slope: float  # part of the others passed for a point more of what the table ranks (places a point)
    award_slope: float  # chance of an award won by a point more of what they reward (chance a point)


class Nation(Protocol):
    """The centre, and what is common to all."""

    seed: int  # key of all luck
    replication: int  # which of the runs that differ by luck alone
    quarter: int  # the quarter that is running (quarters since the start)
    provinces: int  # provinces in the world (number)
    cash_mvnd: int  # programme money of the centre in hand (million VND)
    books: Counts  # what was received and paid so far, by line (million VND)
    spent_mvnd: int  # what went through the lines of spending and leakage so far (million VND)
    readiness: Numbers  # how far each item of the roadmap stands (0..1)
    due: Counts  # when each item was announced to stand; -1 if it was not (quarter)
    platform_stands: int  # 1 once provinces can offer services on the shared platform
    courses: float  # money for training courses this quarter (million VND)
    wave: float  # money for a wave of services this quarter (million VND)
    dossiers: float  # dossiers of provinces (a head and year)
    central_dossiers: float  # dossiers of ministries (a head and year)
    growth: float  # expenditure of provinces, and what an hour is worth, against the start (ratio)
    more_people: float  # people against the start (ratio)
    accounts: float  # adults with an activated digital account (share of adults)
    mandate_pressure: float  # how hard the mandate presses (0..1)
    closeness: Numbers  # how near each announced foundation is (0..1)
    groups_coverage: float  # people reached by community groups (0..1)
    feedback_coverage: float  # people whose feedback is acted upon (0..1)
    matching_left: float  # matching money not yet claimed (million VND)
    matching_factor: float  # part of this quarter's claims that the matching money covers (share)
    supplement: float  # retention supplement a specialist gets (million VND a month)
    pull_of_pay: float  # how much faster posts are filled for the supplement (ratio)
    pooled: float  # staff of the shared service centre (full-time equivalents)
    shortage: float  # what small provinces lack against the mean, added up (full-time equivalents)
    people: float  # people in all provinces (million people)
    posts: float  # posts in all provinces under the headcount rule (full-time equivalents)
    mean_specialists: float  # specialists in a province, mean (full-time equivalents)
    overdue: float  # announced foundations that should stand and do not (number)
    arrived: float  # announced foundations that came to stand this quarter (number)
    league_started: int  # 1 once a league table was published
    pull: float  # attention a published rank commands (0..1)
    shared_data: float  # data shared, mean of the provinces (0..1)
    pull_of_posts: float  # vacancies weighted by the income of their provinces (full-time equivalents)
    movers: float  # specialists moving between provinces this quarter (full-time equivalents)
    trained_movers: float  # those of them with a certificate (full-time equivalents)
    staff_before: float  # specialists in all provinces before anyone left (full-time equivalents)
    citizens_gain_mvnd: float  # time and money that citizens saved so far (million VND, discounted)
    firms_gain_mvnd: float  # time and money that firms saved so far (million VND, discounted)
    officials_gain_mvnd: float  # what processing costs less so far (million VND, discounted)
    discounted_cost_mvnd: float  # spending of centre and provinces so far (million VND, discounted)
    spent_before_mvnd: int  # spending of centre and provinces up to the last quarter (million VND)
    choices_length: int  # entries in the record of choices (entries)
    watch_province: int  # province whose choices are recorded, -1 for all
    watch_quarter: int  # quarter whose choices are recorded, -1 for all


class Open(Protocol):
    """What the province that chooses weighs."""

    luck: Grid  # four numbers of luck for each slot
    option: Counts  # options better than waiting
    slot: Counts  # the slot of each
    utility: Numbers  # their utilities (utility)


class PlanItem(Protocol):
    """One item of the roadmap."""

    kind: int  # what it is: its row in the table of items
    luck_id: int  # key of the item's own luck, made from its name
    start: int  # when it is planned to start (quarter)
    quarters: int  # how long it is planned to take (quarters)
    cost_mvnd: float  # its money (million VND)
    after: Counts  # 1 at the number of each item it waits for
    overrun: float  # what it takes against what was thought (ratio)
    received_mvnd: float  # money appropriated so far (million VND)
    spent_mvnd: float  # money spent so far (million VND)
    gone_mvnd: float  # money of it that lapsed (million VND)
    done: int  # 1 when its money is spent or gone, or what it builds stands
    begun: int  # when it began; -1 before (quarter)


class Choice(Protocol):
    """One option that was weighed."""

    quarter: int  # when (quarters since the start)
    province: int  # row of the province
    option: int  # number in OPTIONS
    slot: int  # the service, or services + the foundation; -1 for wait
    rank: int  # position in the order of starting, from 1; 0 if not started
    benefit: float  # part of the utility: benefit (utility)
    reward: float  # part of the utility: reward (utility)
    mandate: float  # part of the utility: mandate (utility)
    cost: float  # part of the utility: cost (utility)
    effort: float  # part of the utility: effort (utility)
    risk: float  # part of the utility: risk (utility)
    patience: float  # part of the utility: patience (utility)
    inertia: float  # part of the utility: inertia (utility)
    noise: float  # what the province weighs that the model does not see (utility)
    utility: float  # sum of the parts and the noise (utility)


class PanelLine(Protocol):
    """The stocks of one province when the books are closed."""

    supply: float  # services online (share of services)
    use: float  # dossiers that citizens complete online themselves (share of dossiers)
    use_any_step: float  # dossiers that come in online, whoever files them (share of dossiers)
    use_full_process: float  # dossiers that end online, whoever files them (share of dossiers)
    claimed_use: float  # the same, less what the year's audits struck off (share of dossiers)
    assisted_share: float  # dossiers that officials file online for citizens (share of dossiers)
    use_of_ministries: float  # dossiers of ministries that citizens complete online (share of dossiers)
    any_step_of_ministries: float  # dossiers of ministries that come in online (share of dossiers)
    full_process_of_ministries: float  # dossiers of ministries that end online (share of dossiers)
    real_index: float  # the index truly measured (0..1)
    reported_index: float  # the index as the province reports it (0..1)
    published_index: float  # the index as last published (0..1)
    published_rank: float  # rank in the last table, 0 last and 1 first (0..1)
    hours_saved: float  # hours citizens saved in the quarter (million hours a quarter)
    cash: float  # money in hand when the books are closed (bvnd)
    received: float  # money received so far (bvnd)
    granted: float  # that part of it which came from the centre (bvnd)
    spent: float  # money spent or leaked so far (bvnd)
    lapsed: float  # money lapsed so far (bvnd)
    duplication: float  # cost of own platforms replaced by the shared one so far (bvnd)
    excess: float  # what own platforms cost beyond the shared one, once it stood, so far (bvnd)
    executed: float  # part of the money in hand last year that was used by its end (share)
    unspent: float  # own money that was void when books closed, so far (bvnd)
    specialists: float  # digital specialists on the payroll (full-time equivalents)
    trained: float  # those of them with a certificate (full-time equivalents)
    trained_made: float  # trained in courses so far (full-time equivalents)
    trained_to_private: float  # trained who left for the private sector so far (full-time equivalents)
    trained_to_provinces: float  # trained who left for other provinces so far (full-time equivalents)
    trained_arrived: float  # trained who came from other provinces so far (full-time equivalents)
    contractors: float  # contracted people at work on its projects (full-time equivalents)
    dependence: float  # dependence on contractors (0..1)
    own_platforms: float  # services on own platforms (services)
    shared_platforms: float  # services on the shared platform (services)
    redesigned: float  # services online and redesigned (services)
    access: float  # people who can use a digital channel (share of people)
    accounts: float  # adults with an activated digital account, of the nation (share of adults)
    connection: float  # connection to the foundations, mean (0..1)
    belief: float  # believed take-up at full quality, mean of services (0..1)
    credence: float  # how far announced foundations are trusted to arrive (0..1)
    reform: float  # capability to redesign processes (0..1)
    protection: float  # how well it protects its data (0..1)
    trust: float  # citizens' trust in digital government (0..1)
    incidents: float  # security incidents so far (number)
    finished: float  # projects delivered so far (projects)
    finished_multi_year: float  # those that went over a year's end (projects)
    failed: float  # projects failed or given up so far (projects)


class Policy(Protocol):
    """The levers in force."""

    budget_rule: float  # Budget rule
    digital_share: float  # Digital share of provincial expenditure (share of provincial expenditure)
    maintenance_of_effort: float  # Maintenance of effort required
    lump_sum: float  # Lump-sum grants (bvnd per year)
    equalisation: float  # Equalising grants (bvnd per year)
    matching_rate: float  # Matching rate (share of cost)
    matching_budget: float  # Matching ceiling (bvnd per year)
    matching_tilt: float  # Tilt of the matching rate to poorer provinces (share)
    matching_scope: float  # What matching pays for
    awards: float  # Awards to leading provinces (bvnd per year)
    awards_metric: float  # What awards reward
    award_winners: float  # Share of provinces that win an award (share of provinces)
    league_table: float  # League table published
    league_metric: float  # What the league table ranks
    sustained_priority: float  # Sustained priority for the league table (0..1)
    audit_share: float  # Share of provinces audited (share of provinces a year)
    filing_campaign: float  # Campaign for online filing (0..1)
    mandate_strength: float  # Strength of the mandate to be online (0..1)
    mandate_deadline: float  # Deadline of the mandate
    headcount: float  # Headcount rule for specialists (posts per million people)
    retention_supplement: float  # Retention supplement (million VND a month)
    retention_budget: float  # Ceiling on retention supplements (bvnd per year)
    service_centre: float  # Shared service centre for small provinces (bvnd per year)
    contractors_allowed: float  # Contractors allowed (share of a project's effort)
    fee_cut: float  # Fee cut for online transactions (share of the fee)
    community_groups: float  # Community digital groups (bvnd per year)
    feedback: float  # Citizens' feedback acted upon (bvnd per year)
    data_sharing: float  # Data provinces must share (share of data)
    security_share: float  # Security share of provincial digital money (share of own digital money)
    credibility: float  # Credibility of the announced plan at the start (0..1)
    border: float  # Peers by shared border (weight)
    similarity: float  # Peers by similarity (weight)
    region: float  # Peers by region (weight)
    twinning: float  # Peers twinned by the centre (weight)
    random: float  # Peers at random (for tests) (weight)
    small_world: float  # Peers in a small world (for tests) (weight)
    peer_programme: float  # Peer-learning programme (0..1)


class Assumptions(Protocol):
    """Uncertainties and constants."""

    money_unit: float  # Unit of the books (million VND)
    plan_years: float  # Length of a medium-term plan (years)
    longest_view: float  # Quarters ahead a medium-term budget is counted on (quarters)
    service_money_share: float  # Own digital money left for services and connections (share of own digital money)
    expenditure_growth: float  # Real growth of provincial expenditure (a year)
    leakage: float  # Leakage in procurement (share of contract money)
    start_budgeted: float  # Own digital money at the start against the rule (share)
    planning_margin: float  # Money budgeted beyond what was used the year before (share)
    carry_over: float  # Money kept when books close (share of what is unspent)
    funds_late: float  # Chance that an annual budget is late for a project in hand (a year)
    slip_cost: float  # Cost of a quarter's delay (share of what is owed)
    most_slips: float  # Delay after which a project is given up (quarters)
    discount_rate: float  # Discount rate (a year)
    value_of_hour: float  # Value of an hour of a citizen (thousand VND)
    firm_hour: float  # Value of an hour of a firm (thousand VND)
    out_of_pocket: float  # Out-of-pocket cost saved by a service online from start to end (thousand VND a transaction)
    processing_saving: float  # Officials' cost saved by a service online from start to end (thousand VND a transaction)
    assisting_cost: float  # Officials' cost of filing online for a citizen (thousand VND a transaction)
    population_growth: float  # Growth of the number of people (a year)
    build_cost_factor: float  # Cost of services against the catalogue (ratio)
    connection_cost_factor: float  # Cost of connecting against the catalogue (ratio)
    running_share: float  # Running cost of a service (share of building cost a year)
    shared_cost: float  # Cost on the shared platform against an own one (ratio)
    as_is_cost: float  # Cost of putting a service online as it is against redesigned (ratio)
    migration_cost: float  # Cost of moving a service to the shared platform (ratio)
    standards_saving: float  # Saving of moving under full standards (share)
    dependence_premium: float  # Dearer upkeep under full dependence on contractors (ratio)
    contractor_markup: float  # Markup of contracted work (ratio)
    foundation_running_share: float  # Running cost of a foundation (share of full cost a year)
    audit_cost: float  # Cost of an audit (bvnd)
    overrun_median: float  # Median cost of a roadmap item (ratio to plan)
    overrun_spread: float  # Spread of overruns short of a blowout (standard deviation of the logarithm)
    blowout_risk: float  # Items whose cost blows out (share of items)
    blowout_size: float  # Cost of an item that blows out (ratio to plan)
    hold_up_risk: float  # Chance that an item is held up (a quarter)
    standing: float  # Readiness at which a foundation stands (0..1)
    connectable: float  # Readiness at which provinces can connect (0..1)
    patience_quarters: float  # How far ahead a promise counts (quarters)
    disappointment: float  # Trust in promises lost while one is overdue (a quarter)
    reassurance: float  # Trust in promises won when one is kept (share)
    public_pay: float  # Public pay of a specialist (million VND a month)
    private_pay: float  # Private pay of a specialist (million VND a month)
    private_floor: float  # Part of private pay that does not follow local income (share)
    usual_pay_gap: float  # Private against public pay at which leaving is at its usual rate (ratio)
    pooled_pay: float  # Cost of a post in the shared service centre (million VND a month)
    least_posts: float  # Posts of the smallest province (posts)
    leaving_rate: float  # Specialists who leave for the private sector at the usual pay gap (a year)
    pay_elasticity: float  # Leaving against the pay gap (elasticity)
    moving_rate: float  # Specialists of the poorest province who leave for richer ones (a year)
    leaving_luck: float  # Leaving in a good or bad quarter: how far its rate goes down or up (share)
    rich_income: float  # Income above which nobody moves away (ratio to the mean)
    open_door: float  # Posts richer provinces keep open to movers (share of posts)
    certificate_premium: float  # Leaving of certified specialists against others (ratio)
    hiring_rate: float  # Hiring (share of vacancies a quarter)
    hiring_elasticity: float  # Hiring against pay (elasticity)
    usual_trained_labour: float  # Mean trained labour share of provinces in 2019 (share)
    labour_market_gradient: float  # Filling of posts against trained labour (elasticity)
    training_cost: float  # Cost of a certificate (million VND a person)
    converted_share: float  # Trainees who come from other posts (share of trainees)
    base_skill: float  # Skill without a certificate (0..1)
    trained_productivity: float  # Work of a certified specialist against another (ratio)
    project_share: float  # Staff that can be put on projects and upkeep (share of staff)
    keeping_own: float  # Staff to keep a service on an own platform (full-time equivalents)
    keeping_shared: float  # Staff to keep a service on the shared platform (full-time equivalents)
    redesign_effort: float  # Staff to redesign a service of middling complexity (full-time equivalents)
    effort_by_size: float  # Staff to redesign against the size of a province (elasticity)
    as_is_effort: float  # Staff to put a service online as it is (full-time equivalents)
    connection_effort: float  # Staff to connect or move (full-time equivalents)
    redesign_quarters: float  # Time to redesign a service of middling complexity (quarters)
    redesign_base: float  # Staff and time of a redesign beside the service's complexity (0..1)
    connection_quarters: float  # Time to connect or move (quarters)
    connection_difficulty: float  # Difficulty of connecting (0..1)
    as_is_difficulty: float  # Difficulty of putting online as it is against redesign (ratio)
    difficulty_by_size: float  # Difficulty of a redesign against the size of a province (elasticity)
    ease_by_skill: float  # Weight of skill in how easily a project succeeds (weight)
    ease_by_foundations: float  # Weight of the foundations in how easily a project succeeds (weight)
    ease_by_reform: float  # Weight of reform in how easily a project succeeds (weight)
    full_hard: float  # Full success where nothing helps (share)
    full_easy: float  # Full success where all helps (share)
    failed_hard: float  # Failure where nothing helps (share)
    failed_easy: float  # Failure where all helps (share)
    partial_completeness: float  # What a partial success delivers (0..1)
    rush_failure: float  # Failure of a project started as an annual budget closes against another (odds ratio)
    partial_connection: float  # What a partial success connects of what was missing (share)
    connected: float  # Connection that counts as whole (0..1)
    failure_visible: float  # How visible a failure is to peers (share)
    dependence_speed: float  # How fast dependence on contractors builds (a quarter)
    most_starts: float  # Projects a province can start in a quarter (projects a quarter)
    good_enough: float  # Completeness below which a redesigned service is taken up again (0..1)
    noise: float  # What a province weighs that the model does not see (utility)
    inertia: float  # Utility of waiting (utility)
    drive: float  # How much a capable province is readier to start (utility a standard deviation)
    leader_drive: float  # How much a driven leadership is readier to start (utility a standard deviation)
    congress_turnover: float  # Leaderships that change at a congress (share of provinces)
    leader_turnover: float  # Leaderships that change between congresses (a year)
    congress_quarter: float  # First congress of the run (quarters since the start)
    congress_years: float  # Years between congresses (years)
    care: float  # Weight of citizens' benefit (utility)
    rank_pull: float  # Weight of the published rank (utility of rising past all others)
    rank_bottom: float  # How much more a rank pulls at the bottom than at the top (0..1)
    award_pull: float  # Weight of an award as large as a year's money (utility of an award as large as a year's money)
    mandate_pull: float  # Weight of the mandate at full pressure (utility)
    mandate_quarters: float  # How far ahead a deadline presses (quarters)
    mandate_fading: float  # How fast a mandate fades after its deadline (a quarter)
    thrift: float  # Weight of cost (utility a year's money)
    redesign_aversion: float  # Weight of the effort of redesign (utility)
    risk_aversion: float  # Weight of the risk of failure (utility)
    patience: float  # Weight of waiting for a promised shared platform (utility)
    platform_appeal: float  # Believed worth of access to the shared platform (0..1)
    foresight: float  # Worth of a foundation counted for services not online yet (0..1)
    peer_learning: float  # Learning from peers (a quarter)
    programme_learning: float  # Faster learning under a peer programme (ratio)
    own_learning: float  # Learning from own services (a quarter)
    attribution: float  # How far others allow for the quality of what they see (share)
    lesson_speed: float  # How fast results become visible (a quarter)
    own_floor: float  # What an own platform gives where a foundation is missing (0..1)
    ministry_floor: float  # What a ministry's own system gives where a foundation is missing (0..1)
    as_is_quality: float  # Part of what is begun online that ends online without redesign (0..1)
    least_depth: float  # Depth of a redesign without reform skills (0..1)
    sharing_weight: float  # Part of data exchange that hangs on what others share (share)
    sharing_speed: float  # How fast data sharing follows the rule (a quarter)
    reform_spread: float  # How fast the reform programme reaches provinces (a quarter)
    reform_learning: float  # Reform skill won by a redesign (a redesign)
    upkeep_speed: float  # Decay of what is not paid for (a quarter)
    hours_factor: float  # Hours saved against the catalogue (ratio)
    routine_factor: float  # Routine acts a head against the catalogue (ratio)
    partial_saving: float  # Hours saved by a dossier that is filed by an official or ends at the counter (share)
    counter_saving: float  # Hours saved at the counter by a process that was redesigned in full (share)
    private_connectivity: float  # Growth of access by private investment (a quarter)
    public_connectivity: float  # Growth of access by public investment (a quarter)
    rural_connectivity: float  # Growth of access where nobody lives in a town, against the urban share (ratio)
    innovation: float  # Take-up by itself (a quarter)
    imitation: float  # Take-up by word of mouth (a quarter)
    account_innovation: float  # Activation of digital accounts by itself (a quarter)
    account_imitation: float  # Activation of digital accounts by word of mouth and by campaign (a quarter)
    assisting: float  # Dossiers that officials would file for citizens where all hangs on it (share of dossiers)
    # What hangs on a filing campaign for offices of ministries, against those of provinces (ratio)
    ministry_stakes: float
    # Dossiers that officials of a commune can file for citizens (dossiers a quarter and commune)
    assisting_capacity: float
    assisted_ends: float  # What officials file for citizens that ends online, at the least (share of dossiers)
    falling_back: float  # Return to the counter when the channel got worse (a quarter)
    fee_effect: float  # Take-up against the fee cut (ratio)
    fee: float  # Fee of a transaction (million VND)
    groups_cost: float  # Cost of community groups (bvnd per million people a year)
    groups_reach: float  # People without access whom a group reaches (share)
    first_step: float  # Citizens who file online though they must still come to the counter (share)
    feedback_cost: float  # Cost of acting on feedback (bvnd per million people a year)
    feedback_mending: float  # Defects mended by feedback (a quarter)
    trust_base: float  # Trust without experience (0..1)
    trust_experience: float  # Trust won by good service (0..1)
    trust_speed: float  # How fast trust follows experience (a quarter)
    incident_rate: float  # Security incidents (a year with all data held and none protected)
    incident_trust: float  # Trust lost in an incident (share)
    incident_cost: float  # Cost of an incident (bvnd)
    incident_base: float  # People by whom an incident costs more than by those of the province alone (million people)
    sharing_exposure: float  # Danger added by sharing data (ratio)
    own_lock_loss: float  # Weaker lock of own platforms (share)
    security_need: float  # Own security spending a province needs (bvnd per million people a year)
    security_base: float  # People by whom own security costs more than by those of the province alone (million people)
    protection_speed: float  # How fast protection follows spending (a quarter)
    index_supply: float  # Weight of supply in the index (weight)
    index_use: float  # Weight of use in the index (weight)
    index_foundations: float  # Weight of connection to foundations in the index (weight)
    index_staff: float  # Weight of staffing in the index (weight)
    index_reform: float  # Weight of process reform in the index (weight)
    index_speed: float  # How fast the index counts a service that went online (a quarter)
    automatic_share: float  # Part of the index that is measured automatically (share)
    usual_padding: float  # Points padded where nothing is at stake (0..1)
    padding: float  # Points padded where all is at stake (0..1)
    use_padding: float  # Padding of use against the index (platforms count it) (share)
    padding_speed: float  # How fast padding follows the stakes (a quarter)
    audit_fear: float  # How much audits hold padding back (per audit)
    forgetting: float  # How fast an audit is forgotten (a quarter)
    rank_stake: float  # What hangs on a rank at full attention (0..1)
    award_stake: float  # What hangs on an award as large as a year's money (0..1)
    report_noise: float  # Noise in what is reported (0..1)
    rank_fading: float  # How fast the pull of a rank fades (a quarter)
    least_spread: float  # Least spread of a metric by which rivals are told apart (points)
    start_access: float  # Access at the start (share of people)
    access_gradient: float  # Access at the start against the internet access citizens report (elasticity)
    access_spread: float  # Error of the reported internet access (share of people)
    start_connection: float  # Connection to foundations at the start (0..1)
    connection_luck: float  # Connection at the start: how far luck goes down or up (share)
    connection_gradient: float  # Connection at the start against capability (share a standard deviation)
    start_reform: float  # Reform skill at the start (0..1)
    reform_gradient: float  # Reform skill at the start against capability (share a standard deviation)
    start_protection: float  # Protection at the start (0..1)
    start_staffing: float  # Posts filled at the start (share of posts)
    staffing_luck: float  # Posts filled at the start: how far luck goes down or up (share of posts)
    least_staffing: float  # Least posts filled at the start (share of posts)
    most_staffing: float  # Most posts filled at the start (share of posts)
    start_trained: float  # Specialists with a certificate at the start (share of specialists)
    start_belief: float  # Belief in services at the start (0..1)
    belief_spread: float  # Spread of beliefs at the start (0..1)
    least_belief: float  # Least belief in a service at the start (0..1)
    most_belief: float  # Most belief in a service at the start (0..1)
    start_supply: float  # Services online at the start (share of services)
    supply_gradient: float  # Services online at the start against capability (share a standard deviation)
    start_take_up: float  # Use of services that are online at the start against what they could reach (share)
    trust_spread: float  # Spread of trust at the start (0..1)
    income_weight: float  # Capability at the start by income (standard deviations)
    score_weight: float  # Capability at the start by the ministry's score of 2017 (standard deviations)
    governance_weight: float  # Capability at the start by the competitiveness index of 2019 (standard deviations)
    capability_spread: float  # Spread of capability that is not observed (standard deviations)


class Catalogue(Protocol):
    """The table of services, a column of one value a service."""

    transactions_per_head: Numbers
    hours_saved: Numbers
    firm_share: Numbers
    complexity: Numbers
    build_fixed_bvnd: Numbers
    build_per_million_bvnd: Numbers
    dossiers: Numbers
    worth: Numbers
    needs: Grid


class ItemTable(Protocol):
    """The table of items, a column of one value an item."""

    full_cost_bvnd: Numbers
    shortest_quarters: Numbers
    initial_readiness: Numbers
    connect_fixed_bvnd: Numbers
    connect_per_million_bvnd: Numbers
