"""What a decision hangs on: `dgsim explain`, `order`, `binding`, `behind`, `optimise` and `regret`."""

from __future__ import annotations

import click

from dgsim.cli.later import Later
from dgsim.cli.options import (
    ANY_SIZE,
    COUNTRY,
    DRY_RUN,
    FOLDER_PATH,
    FORCE,
    FORMAT,
    LANGUAGE,
    OUT_FOLDER,
    QUIET,
    RESUME,
    SCENARIO,
    SEED,
    STOP_AFTER,
    Printed,
    examples,
    parameter_sets,
    replications,
)

WORTH_BY = ("who", "what", "line", "year", "item", "province", "region", "fifth")
QUARTER_HELP = "Read at the end of this quarter.  [default: the last]"
QUARTER = click.Option(["--quarter"], metavar="QUARTER", help=QUARTER_HELP)
OUTCOMES = click.Option(
    ["--outcome"], multiple=True, default=("use",), show_default=True, help="What is looked at; may be repeated."
)
SHARED = [QUARTER, STOP_AFTER, SEED, parameter_sets(), COUNTRY, OUT_FOLDER, FORCE, LANGUAGE, FORMAT, QUIET]

explain = click.Command(
    "explain",
    callback=Later("dgsim.cli.work.decisions:explain"),
    short_help="Why one scenario ends elsewhere than another.",
    help="""Share out the difference of SCENARIO from a baseline among the groups of levers in which they differ.

    The shares are Shapley values with 95% intervals and add up to the total: exact up to 8 groups, sampled beyond.
    With --provinces the gain of every province is also shared out among money, staff, foundations, redesign, peers,
    trust and the rules: a table by channel on screen, a figure and a table by province with --out.
    """,
    epilog=examples(
        "dgsim explain reward-use --baseline staged",
        "dgsim explain services-first --baseline staged --items --out why",
        "dgsim explain reward-use --baseline staged --outcome net_benefit --format json",
    ),
    params=[
        SCENARIO,
        click.Option(["--baseline"], required=True, metavar="SCENARIO", help="What it is compared with."),
        OUTCOMES,
        click.Option(["--items"], is_flag=True, help="Every item of the roadmap by itself."),
        click.Option(
            ["--orders"],
            type=int,
            default=32,
            show_default=True,
            help="Orders sampled where groups are more than 8.",
        ),
        click.Option(
            ["--provinces"], is_flag=True, help="Also who gains through what: money, staff, peers ... by province."
        ),
        replications(100, "How many paired runs."),
        *SHARED,
    ],
)

order = click.Command(
    "order",
    callback=Later("dgsim.cli.work.decisions:order"),
    short_help="What the order of a roadmap is worth.",
    help="""Try the legal orders of SCENARIO's roadmap: the same items, money and dates, dealt out anew.

    Tells what order is worth (best minus worst, best minus own, measured on fresh runs), how much of it is luck, and
    which precedences matter. json and csv have the precedences.
    """,
    epilog=examples(
        "dgsim order staged --dry-run",
        "dgsim order staged",
        "dgsim order my.toml --orders 500 --out order",
        "dgsim order staged --outcome net_benefit --format json",
    ),
    params=[
        SCENARIO,
        OUTCOMES,
        click.Option(
            ["--orders"], type=int, default=120, show_default=True, help="Orders tried: all if there are no more."
        ),
        click.Option(
            ["--exchanged"],
            type=int,
            default=8,
            show_default=True,
            help="Orders in which every exchange is tried.",
        ),
        replications(50, "Paired runs of every order."),
        click.Option(
            ["--fresh"], type=int, default=200, show_default=True, help="Further runs of the best, worst and own."
        ),
        *(DRY_RUN, *SHARED),
    ],
)

binding = click.Command(
    "binding",
    callback=Later("dgsim.cli.work.decisions:binding"),
    short_help="What binds each province.",
    help="""Run SCENARIO again with money, specialists, foundations, incentives and redesign effort relaxed one at a
    time.

    Every province is labelled by what binds it most: the relaxation that gains it most, with the 95% interval.
    """,
    epilog=examples(
        "dgsim binding history",
        "dgsim binding staged --by 25% --out binding",
        "dgsim binding staged --outcome hours_saved --format json",
    ),
    params=[
        SCENARIO,
        click.Option(["--outcome", "--stock", "stock"], default="use", show_default=True, help="A stock of provinces."),
        click.Option(
            ["--by"], metavar="SHARE", default="50%", show_default=True, help="How far each constraint is relaxed."
        ),
        replications(100, "How many paired runs."),
        *SHARED,
    ],
)

behind = click.Command(
    "behind",
    callback=Later("dgsim.cli.work.decisions:behind"),
    short_help="Which provinces a plan leaves behind, why, and what helps them.",
    help="""Tell which provinces PLAN leaves behind: who ends last, how sure that is over the runs, what binds them, and
    what each real lever would gain them at which cost.

    A lever of money is moved by --money bvnd a year in the plan, on the same luck. Costs are what centre and provinces
    spend more from the start to the quarter that is looked at.
    """,
    epilog=examples(
        "dgsim behind staged",
        "dgsim behind services-first --worst 15 --outcome supply --quarter 2025Q4",
        "dgsim behind staged --money 500 --out behind",
        "dgsim behind staged --language vi --format json",
    ),
    params=[
        click.Argument(["scenario"], metavar="PLAN"),
        click.Option(["--worst"], type=int, default=10, show_default=True, help="How many provinces are told of."),
        click.Option(["--outcome", "--stock", "stock"], default="use", show_default=True, help="A stock of provinces."),
        click.Option(
            ["--by"], metavar="SHARE", default="50%", show_default=True, help="How far each constraint is relaxed."
        ),
        click.Option(
            ["--money"], type=float, default=200.0, show_default=True, help="How many bvnd a year a lever is moved by."
        ),
        replications(100, "How many paired runs of each world."),
        *SHARED,
    ],
)

optimise = click.Command(
    "optimise",
    callback=Later("dgsim.cli.work.decisions:optimise"),
    short_help="Search for robust roadmaps and incentives.",
    help="""Search over roadmap and incentives for the best trade-offs between the objectives of DESIGN, a TOML file.

    All scenarios are run over the plausible sets of parameters. The best are run again on fresh luck; those that are
    still unbeaten are written as scenario files into DIR/results, with a figure and tables. Needs the extra analysis.
    """,
    epilog=examples(
        "dgsim optimise experiments/robust.toml --dry-run",
        "dgsim optimise experiments/robust.toml --out robust",
        "dgsim optimise experiments/robust.toml --out robust --resume",
        "dgsim compare robust/results/robust-01.toml --baseline staged",
    ),
    params=[
        click.Argument(["design"]),
        click.Option(["--out"], **FOLDER_PATH, help="The folder of the search: a new one, or with --resume the same."),
        *(DRY_RUN, RESUME, ANY_SIZE, FORCE, COUNTRY, LANGUAGE, FORMAT, QUIET),
    ],
)

regret = click.Command(
    "regret",
    callback=Later("dgsim.cli.work.decisions:regret"),
    short_help="Regret over plausible worlds, and where the ranking flips.",
    help="""Run the scenarios of a SET, names, files or folders of files, in many plausible worlds.

    Tells how far each falls behind the best of the set in the same world, how often it is best and satisfies, and in
    which worlds another overtakes the one with the least regret (PRIM; needs the extra analysis).
    """,
    epilog=examples(
        "dgsim regret services-first foundations-first staged",
        "dgsim regret robust/results staged --worlds 512 --out regret",
        "dgsim regret reward-supply reward-use --outcome use --threshold 40% --format json",
    ),
    params=[
        click.Argument(["scenarios"], nargs=-1, required=True, metavar="SET..."),
        click.Option(["--outcome"], default="net_benefit", show_default=True, help="What is looked at."),
        click.Option(["--threshold"], metavar="SIZE", help="What the outcome must reach to satisfy, as 40% or 2500."),
        click.Option(
            ["--worlds"], type=int, default=0, help="Draw so many worlds within the sets.  [default: the sets]"
        ),
        replications(4, "Runs in every world."),
        *SHARED,
    ],
)

appraise = click.Command(
    "appraise",
    callback=Later("dgsim.cli.work.worth:appraise"),
    short_help="What plans are worth, to whom, when and where.",
    help="""Costs and benefits of PLANS against a baseline on the same luck, beyond 2030, in bvnd of 2020, discounted.

    What still stands at the horizon is credited with the flows of its remaining life. The totals stand side by side at
    several discount rates and values of an hour. With --by item every item of the roadmap and every group of
    instruments has its part (Shapley values over mixed plans), which takes some minutes a plan.
    """,
    epilog=examples(
        "dgsim appraise staged services-first",
        "dgsim appraise staged --by item --out worth",
        "dgsim appraise staged --by fifth --elasticity 1.3",
        "dgsim appraise my.toml --baseline history --to 2035Q4 --risk --format json",
    ),
    params=[
        click.Argument(["plans"], nargs=-1, required=True, metavar="PLAN..."),
        click.Option(
            ["--baseline"], default="base", show_default=True, metavar="PLAN", help="What they are held against."
        ),
        click.Option(["--to"], default="2040Q4", show_default=True, metavar="QUARTER", help="The last that is run."),
        click.Option(["--by"], type=click.Choice(WORTH_BY), default="who", show_default=True, help="Split by this."),
        click.Option(
            ["--budgets"],
            type=click.Choice(["held", "ended"]),
            default="held",
            show_default=True,
            help="Yearly budgets after a plan's own horizon.",
        ),
        click.Option(
            ["--life", "life_years"],
            type=float,
            default=15.0,
            show_default=True,
            metavar="YEARS",
            help="How long things last; 0: nothing is credited after the horizon.",
        ),
        click.Option(
            ["--optimism-bias"],
            is_flag=True,
            help="What provinces build costs 27% more than thought.",
        ),
        click.Option(
            ["--elasticity"],
            type=float,
            help="Weigh citizens' gains by income: of places, as 1.3 (Green Book).",
        ),
        click.Option(["--item-runs"], type=int, default=40, show_default=True, help="Runs of a mixed plan, by item."),
        click.Option(
            ["--orders"], type=int, default=32, show_default=True, help="Orders sampled where items are more than 8."
        ),
        Printed(
            ["--risk"],
            unless="out",
            is_flag=True,
            help="Also switching values, a tornado and what to measure first.",
        ),
        replications(200, "How many paired runs."),
        *(SEED, parameter_sets(), COUNTRY, OUT_FOLDER, FORCE, LANGUAGE, FORMAT, QUIET),
    ],
)

COMMANDS = (appraise, explain, order, binding, behind, optimise, regret)
