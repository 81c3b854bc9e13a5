"""Makes the reference pages that only repeat what the package's tables say.

    python experiments/make_reference.py

Run it after a change of a table or of a shipped scenario; a test holds the pages equal to what it makes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_type_hints

import dgsim
from dgsim.evidence.sources import assumed, published, sources
from dgsim.scenario import Scenario, describe_difference, load_scenario, parent_of, shipped_scenarios
from dgsim.world.state import NATION_FIELDS, PANEL_FIELDS, PROVINCE_FIELDS
from dgsim.world.tables import (
    DEFINITION,
    FLOWS,
    FOUNDATIONS,
    ITEMS,
    OUTCOMES,
    PARAMETERS,
    PUBLISHED,
    SERVICES,
    Parameter,
)

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
MADE = "<!-- made by experiments/make_reference.py: edit the tables, not this page -->"


def main() -> None:
    """Write every page."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(name)


def pages() -> dict[str, str]:
    """The text of every page, by file name."""
    return {
        "levers.md": page("Levers", LEVERS_ABOUT, by_theme("lever")),
        "parameters.md": page("Uncertainties and constants", PARAMETERS_ABOUT, by_theme("uncertain", "constant")),
        "services.md": page("Services", SERVICES_ABOUT, services()),
        "items.md": page("Roadmap items", ITEMS_ABOUT, items()),
        "flows.md": page("Flows of money", FLOWS_ABOUT, [listed(FLOWS, FLOW_COLUMNS)]),
        "outcomes.md": page("Outcomes", OUTCOMES_ABOUT, [listed(OUTCOMES, OUTCOME_COLUMNS)]),
        "stocks.md": page("Stocks", STOCKS_ABOUT, stocks()),
        "sources.md": page("Sources", SOURCES_ABOUT, numbers()),
        "published.md": page("Published figures, and how each is used", PUBLISHED_ABOUT, figures()),
        "scenarios.md": page("Shipped scenarios", SCENARIOS_ABOUT, scenarios()),
        "python.md": page("Python", PYTHON_ABOUT, python()),
    }


def page(title: str, about: str, parts: Iterable[str]) -> str:
    """A page: title, what it is about, and its parts."""
    return "\n\n".join([f"# {title}", MADE, about.strip(), *parts]) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cell(value) for value in line) + " |" for line in lines)


def cell(value: Any) -> str:
    """A value as a cell: numbers without an empty decimal, flags as TOML writes them, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "; ".join(value.values())
    if isinstance(value, bool):
        return str(value).lower()
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|")


def code(text: str) -> str:
    """Text in the type of code."""
    return f"`{text}`"


def listed(rows: Iterable[Any], columns: Mapping[str, str]) -> str:
    """Rows of one of the package's tables, by attribute and heading; the first attribute is a name."""
    first, *others = columns
    cells = ((code(getattr(row, first)), *(getattr(row, other) for other in others)) for row in rows)
    return table(tuple(columns.values()), cells)


def by_theme(*roles: str) -> list[str]:
    """A heading and a table for each theme that has parameters of these roles."""
    chosen = [parameter for parameter in PARAMETERS if parameter.role in roles]
    parts = []
    for theme in dict.fromkeys(parameter.theme for parameter in chosen):
        rows = [parameter_row(parameter) for parameter in chosen if parameter.theme == theme]
        columns = LEVER_COLUMNS if "lever" in roles else PARAMETER_COLUMNS
        parts += [f"## {theme}", table(columns, rows)]
    return parts


def parameter_row(p: Parameter) -> tuple[Any, ...]:
    """A parameter as a row."""
    more = ("yes" if p.dated else "no",) if p.role == "lever" else (p.prior, p.role)
    return code(p.name), p.label, p.default, allowed(p), p.unit, *more, p.source


def allowed(p: Parameter) -> str:
    """What a parameter may be."""
    if p.choices:
        return ", ".join(p.choices)
    if p.type in ("flag", "quarter"):
        return {"flag": "true, false", "quarter": 'a quarter or "never"'}[p.type]
    return f"{cell(p.low)} to {cell(p.high)}"


def services() -> list[str]:
    """What the services are asked for and cost, and what they need of the foundations."""
    needed = [f for f in range(len(FOUNDATIONS)) if any(service.needs[f] for service in SERVICES)]
    return [
        "## Demand and cost",
        listed(SERVICES, DEMAND_COLUMNS),
        "## Needs",
        "The share of a service's worth that hangs on each foundation, 0..1.",
        table(
            ("service", *(FOUNDATIONS[f] for f in needed)),
            ((code(service.service), *(service.needs[f] for f in needed)) for service in SERVICES),
        ),
    ]


def items() -> list[str]:
    """What a roadmap can pay for, and what it costs a province to be connected to a foundation."""
    return [
        listed(ITEMS, ITEM_COLUMNS),
        "## Connecting",
        "What a province pays to be connected, once a foundation stands far enough.",
        listed((item for item in ITEMS if item.connect_fixed_bvnd > 0), CONNECTING_COLUMNS),
    ]


def stocks() -> list[str]:
    """Columns of a table of provinces, and fields of the records behind it."""
    columns = {"name": "name", "meaning": "meaning", "unit": "unit"}
    return [
        "## Columns of a table of provinces",
        listed(PANEL_FIELDS, columns),
        "## Fields of a province's record",
        "What a rule, or an agent of the Mesa model, finds in its `record`.",
        listed(PROVINCE_FIELDS, columns),
        "## Fields of the centre's record",
        listed(NATION_FIELDS, columns),
    ]


def numbers() -> list[str]:
    """Every number of the model, by kind and role; first those that are assumed and matter."""
    known = sources()
    are_assumed = assumed(known)
    uncertain = int((are_assumed & (known["role"] == "uncertain")).sum())
    parts = [f"{int(are_assumed.sum())} of {len(known)} numbers are assumed, "]
    parts[0] += f"{uncertain} of them uncertain parameters that every plausible set gives another value; "
    by_basis = known["basis"].value_counts()
    parts[0] += f"{by_basis[PUBLISHED]} have a published source, "
    parts[0] += f"{by_basis[DEFINITION]} are definitions: a lever that is off, the unit of a scale."
    headings = ("number", "value", "unit", "low", "high", "source", "informed by the data", "what it is")
    columns = ["number", "value", "unit", "low", "high", "source", "informed", "label"]
    for (kind, role), rows in known.groupby(["kind", "role"], sort=False):
        lines = (
            [code(row[0]), *(None if value != value else value for value in row[1:])] for row in rows[columns].values
        )
        parts += [f"## {kind}, {role}", table(headings, lines)]
    return parts


def figures() -> list[str]:
    """Every published figure by kind, after counts of those that are used and of the reasons why others are not."""
    known = published()
    unused = known["used"].str.startswith(NOT_USED)
    reasons = known.loc[unused, "used"].str.removeprefix(NOT_USED).str.partition(";")[0].value_counts()
    kinds = unused.groupby(known["kind"], sort=False)
    counts = [(FIGURE_KINDS[kind], len(no), int((~no).sum()), int(no.sum())) for kind, no in kinds]
    parts = [
        f"{len(known)} rows, {int((~unused).sum())} of them used and {int(unused.sum())} not.",
        table(("figures", "rows", "used", "not used"), counts),
        table(("why not", "rows"), sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
    ]
    for kind, rows in known.groupby("kind", sort=False):
        parts += [f"## {FIGURE_KINDS[kind]}", table(FIGURE_COLUMNS, map(figure_row, rows.to_dict("records")))]
    return parts


def figure_row(row: Mapping[Any, Any]) -> tuple[str, ...]:
    """A published figure as a row; addresses become links."""
    low, high = row["low"], row["high"]
    spread = f"{low} to {high}" if low and high else f"from {low}" if low else f"to {high}" if high else ""
    value = f"{row['value']} ({spread})" if row["value"] and spread else row["value"] or spread
    measured = "; ".join(filter(None, (row["measured"], row["where_and_when"])))
    source = re.sub(r"https?://[^\s)]*[^\s),;]", r"<\g<0>>", row["source"])
    return row["figure"].replace("_", " "), f"{value} {row['unit']}".strip(), measured, source, row["used"]


def scenarios() -> list[str]:
    """Every shipped scenario: its question and how it differs from what it extends."""
    parts = []
    for name in shipped_scenarios():
        scenario = load_scenario(name)
        parts += [f"## {name}", f"*{scenario.question}*", difference(scenario)]
    return parts


def difference(scenario: Scenario) -> str:
    """What a scenario extends, and what it changes, as a list."""
    parent = parent_of(scenario)
    if parent is None:
        return "It stands alone."
    changes = [f"- {sentence}" for sentence in describe_difference(parent, scenario)]
    extended = f"Extends {', '.join(scenario.extends)}"
    return "\n".join([f"{extended}, and changes", "", *changes]) if changes else f"{extended}, and changes nothing."


def python() -> list[str]:
    """The public names by kind, each with the first line of its docstring."""
    public = [getattr(dgsim, name) for name in dgsim.__all__ if not name.startswith("_")]
    functions = [one for one in public if inspect.isfunction(one)]
    errors = [one for one in public if isinstance(one, type) and issubclass(one, BaseException)]
    classes = [one for one in public if inspect.isclass(one) and one not in errors]
    given = map(result_of, functions)
    results = dict.fromkeys(one for one in given if one.__module__.startswith("dgsim."))  # a table is pandas' own
    return [
        "## Functions",
        table(("function", "what it does", "gives"), map(function_row, functions)),
        "## Classes",
        table(("class", "what it is"), map(class_row, classes)),
        "## Results",
        "What the functions give; each knows its scenario, country and luck, and its tables are pandas'.",
        table(("class", "what it is"), (class_row(one) for one in results if one not in classes)),
        "## Errors",
        ERRORS_ABOUT.strip(),
        table(("class", "what it is"), map(class_row, errors)),
    ]


def result_of(function: Any) -> type:
    """The class of what a function gives."""
    given: type = get_type_hints(function)["return"]
    return given


def function_row(function: Any) -> tuple[str, str, str]:
    """A function, the first line of its docstring, and the class of what it gives."""
    return code(f"dgsim.{function.__name__}"), summary(function), code(result_of(function).__name__)


def class_row(one: type) -> tuple[str, str]:
    """A class by where it is imported from, and the first line of its docstring."""
    home = "dgsim" if one.__name__ in dgsim.__all__ else one.__module__
    return code(f"{home}.{one.__name__}"), summary(one)


def summary(one: Any) -> str:
    """The first line of a docstring."""
    return (inspect.getdoc(one) or "").partition("\n")[0].rstrip(":")


LEVER_COLUMNS = ("name", "what it is", "default", "allowed", "unit", "dated", "source")
PARAMETER_COLUMNS = ("name", "what it is", "default", "allowed", "unit", "likeliest before the fit", "role", "source")
DEMAND_COLUMNS = {
    "service": "service",
    "label": "label",
    "labels": "in other languages",
    "owner": "decided by",
    "counts_as": "counts as",
    "transactions_per_head": "transactions (a head and year)",
    "hours_saved": "hours saved (each)",
    "firm_share": "by firms (share)",
    "complexity": "complexity (0..1)",
    "build_fixed_bvnd": "to build (bvnd)",
    "build_per_million_bvnd": "and per million people (bvnd)",
}
ITEM_COLUMNS = {
    "item": "item",
    "kind": "kind",
    "label": "label",
    "labels": "in other languages",
    "full_cost_bvnd": "full cost (bvnd)",
    "shortest_quarters": "shortest (quarters)",
    "initial_readiness": "at the start (0..1)",
}
CONNECTING_COLUMNS = {
    "item": "foundation",
    "connect_fixed_bvnd": "to connect (bvnd)",
    "connect_per_million_bvnd": "and per million people (bvnd)",
}
FLOW_COLUMNS = {
    "flow": "flow",
    "label": "what it is",
    "source": "from",
    "use": "to",
    "category": "category",
    "payer": "paid by",
    "items": "kept by",
    "account": "account in an appraisal",
}
OUTCOME_COLUMNS = {
    "outcome": "outcome",
    "label": "label",
    "unit": "unit",
    "direction": "better",
    "formula": "formula",
    "materiality": "smallest that matters",
    "materiality_reason": "why so small",
}

NOT_USED = "not used: "
FIGURE_KINDS = {
    "number": "Of parameters, the catalogue and the roadmap",
    "anchor": "Of systems, programmes and tasks",
    "budget": "Budgets of provinces",
    "series": "Of the nation, by date",
}
FIGURE_COLUMNS = ("figure", "value", "measured, where and when", "source", "used")

PUBLISHED_ABOUT = """
Every published figure that was read for the model, in English only: what was measured, who says so, and what in the
model rests on it, or why nothing does. `bvnd` is billion VND of the year that is told. Names in the type of code are
[parameters](parameters.md), columns of the [services](services.md) and [roadmap items](items.md), targets and tests of
the [fit](../evidence.md), or national facts of [the country](country.md). "Checks" means that nothing was set by the
figure, but that it agrees. What anchors of costs come to is told in [decision 75](../decisions/0075-the-scale.md), and
where figures contradicted the model [elsewhere](../model/contradictions.md). In Python, with the quality of each:
`dgsim.evidence.sources.published()`.
"""

SOURCES_ABOUT = """
Every number of the model in one place, as `dgsim sources` prints it: its unit, range, role and source, and whether
the data say anything about it. *Structure* is how a country is laid out before the model runs. *Informed* compares an
uncertain parameter before the fit (a PERT prior between the ends of the range, its mode what evidence makes likeliest)
with the plausible sets: "yes" where the fit narrowed it to 85% or less of its spread, or moved its mean by half of it.
Most say "no": the data are few, and what they cannot tell stays as uncertain as it was assumed to be.

What is assumed and matters most for the findings is told under [sensitivity](../findings/sensitivity.md). Every figure
that was read, with its address, and the reason where it is not used: [published figures](published.md).
"""
LEVERS_ABOUT = """
What the centre can set. In a scenario file a lever stands in the table of its theme, so `matching_rate = 0.5`
under `[incentives]`; a lever that is dated may also change at a date ([scenario files](scenario-files.md)).
`bvnd` is billion VND of 2020. "Assumed" means that no source was found for the default.
"""

PARAMETERS_ABOUT = """
What nobody sets: uncertainties, which a scenario may set among its `[assumptions]` and a study should vary
over their range, and constants, which it may not. The default of an uncertainty is the median of the fit; beside it
stands what the evidence makes likeliest. "Assumed" means that no source was found; the range is then the range of what
seemed plausible. How each is used: [the model](../model/odd.md).
"""

SERVICES_ABOUT = """
The catalogue, the same in every province: what provinces decide about, then what ministries run for all, which costs
a province nothing. A routine act is no dossier: shares of dossiers leave it out. The cost is that of a redesigned
service on a province's own platform. What each number rests on: [sources](sources.md).
"""

ITEMS_ABOUT = """
What the centre's roadmap can pay for. The full cost takes an item from nothing to whole, before overruns; the
shortest time is how fast that much can be absorbed. What each number rests on: [sources](sources.md).
"""

FLOWS_ABOUT = """
Every flow of the double-entry ledger: where the money comes from and where it goes, what category it counts
in, and by what its lines are kept apart. For the centre, each province and each quarter, opening + received =
spent + leaked + given + granted + lapsed + closing, to the million VND.
"""

OUTCOMES_ABOUT = """
What is measured when the books of a quarter are closed. Money is cumulative from 2020Q1 in billion VND of
2020 (`bvnd`); only what is gained and what is made from it (`net_benefit`, `benefit_cost_ratio`) is discounted.
"""

STOCKS_ABOUT = """
What is known of each province at the end of each quarter: `simulate(..., provinces=True).provinces`, the
agent reporters of the Mesa model, and `provinces.csv` in a folder of results.
"""

SCENARIOS_ABOUT = """
The question each asks, what it extends, and what it changes in that. `dgsim diff A B` tells the difference
between any two.
"""

PYTHON_ABOUT = """
What `import dgsim` offers; all else is the package's own business. `help(dgsim.simulate)` tells the parameters, results
and errors of each, with an example; where this page is part of a [site](../../CONTRIBUTING.md#documentation), they
stand below. The most used are met in the [tutorial](../tutorial.md). Sets of parameters of your own, and
`dgsim.load_parameters`, are told of under [the output](../how-to/read-the-output.md), `dgsim.synthetic_country` under
[another country](../how-to/other-country.md).
"""

ERRORS_ABOUT = """
What a user may have got wrong is a `dgsim.DgsimError`, which is a `ValueError`; the others are kinds of it, but for
`dgsim.SweepInterrupted`, a `KeyboardInterrupt`.
"""


if __name__ == "__main__":
    main()
