"""What plans are worth: by whom, by year, by item, by place, and on what it hangs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from dgsim.numbers import fixed_text
from dgsim.show.colours import BLUE, VERMILION
from dgsim.show.figures import style
from dgsim.show.figures.land import Land
from dgsim.show.figures.maps import province_map
from dgsim.show.figures.scale import difference_scale, level_scale
from dgsim.show.figures.waterfall import waterfall
from dgsim.show.rows import rows_of
from dgsim.texts import IN_ENGLISH, Words
from dgsim.texts.labels import worth_label

MONEY, A_HEAD = "bvnd", "million VND a head"
WIDTH, TALL, ROW = 9.5, 4.6, 0.36  # inches
LEGEND_COLUMNS = 5
LATER = "#e9e9e9"  # behind what is extrapolated
MOST_SWINGS = 12  # assumptions in a tornado
SIGNS = (("costs", -1.0), ("benefits", 1.0))


def worth_waterfall(
    lines: pd.DataFrame,
    plan: str,
    baseline: str,
    title: str,
    caption: str,
    called: Callable[[str], str],
    w: Words = IN_ENGLISH,
) -> Figure:
    """From nothing to net benefit: costs and benefits of each of them a bar, with its 95% interval.

    `lines` has `name` (who.what.line), `net_benefit, low, high`, the last row the total; transfers are left out, for
    they sum to nought.
    """
    kept = lines[~lines["name"].str.contains(".transfers.", regex=False)]
    kept = kept[(kept["net_benefit"] != 0.0) | (kept["name"] == "total")]
    parts = kept.rename(columns={"name": "group", "net_benefit": "contribution"})
    shorter = parts["group"].str.replace(r"\.costs\.|\.benefits\.", ".", regex=True)
    parts = parts.assign(group=[called(name) for name in shorter])
    return waterfall(parts[["group", "contribution", "low", "high"]], 0.0, (baseline, plan), MONEY, title, caption, w)


def cash_flow(flows: pd.DataFrame, horizon: int, title: str, caption: str, w: Words = IN_ENGLISH) -> Figure:
    """What is paid and gained in every year, by whom, stacked, and what remains of it; grey where it is extrapolated.

    `flows` is of one plan: `year, extrapolated, who, what, bvnd`; `horizon` is the last year that was run.
    """
    figure = style.new_figure(WIDTH, TALL + 0.4, title, caption)
    axes = _axes(figure, 0.75, 1.2)
    years = sorted(flows["year"].unique())
    up, down = np.zeros(len(years)), np.zeros(len(years))
    index = 0
    for what, sign in SIGNS:
        for who in flows["who"].unique():
            here = flows[(flows["who"] == who) & (flows["what"] == what)].set_index("year")["bvnd"].loc[years]
            values = sign * here.to_numpy()
            if not values.any():
                continue
            base = np.where(values >= 0, up, down)
            label = f"{worth_label(who, w)}: {worth_label(what, w).lower()}"
            look: dict[str, Any] = {"color": style.segment(index), "hatch": style.hatch(index), "edgecolor": "white"}
            axes.bar(years, values, bottom=base, width=0.85, label=label, **look)
            up, down, index = up + np.maximum(values, 0), down + np.minimum(values, 0), index + 1
    axes.plot(years, up + down, color=style.INK, marker="D", markersize=3, linewidth=1, label=worth_label("total", w))
    _grey(axes, flows.groupby("year")["extrapolated"].first(), w)
    axes.axvline(horizon + 0.5, color=style.INK, linewidth=1, linestyle=(0, (4, 2)), label=w("figure.ends"))
    axes.axhline(0, color=style.INK, linewidth=0.8)
    axes.set_xlim(years[0] - 0.6, years[-1] + 0.6)
    axes.yaxis.set_major_formatter(style.number_axis(MONEY, w.language))
    style.tidy(axes, "", w("figure.a_year"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    below: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.07), "ncols": LEGEND_COLUMNS}
    axes.legend(fontsize=style.SMALL, labelcolor=style.INK, frameon=False, **below)
    return figure


def payback_curve(curve: pd.DataFrame, title: str, caption: str, w: Words = IN_ENGLISH) -> Figure:
    """Net benefit since the start, a line and a band a plan: a plan has paid where its line crosses nought.

    `curve` has `plan, quarter, extrapolated, net_benefit, low, high`.
    """
    figure = style.new_figure(WIDTH, TALL, title, caption)
    axes = _axes(figure, 0.75, 0.95)
    plans = list(curve["plan"].unique())
    at = np.array([])
    for index, plan in enumerate(plans, start=1):
        here = curve[curve["plan"] == plan]
        quarters = here["quarter"].astype(str)
        at = quarters.str[:4].astype(int).to_numpy() + quarters.str[-1].astype(int).to_numpy() / 4
        colour = style.colour(index)
        axes.fill_between(at, here["low"], here["high"], color=colour, alpha=0.15, linewidth=0)
        axes.plot(at, here["net_benefit"], color=colour, linestyle=style.line(index), linewidth=1.6, label=plan)
    first = curve[curve["plan"] == plans[0]]
    _grey(axes, pd.Series(first["extrapolated"].to_numpy(), index=at - 0.25), w, 0.25)
    axes.axhline(0, color=style.INK, linewidth=0.8)
    axes.set_xlim(at[0] - 0.25, at[-1])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(style.number_axis(MONEY, w.language))
    style.tidy(axes, "", f"{w('figure.since_start')}; {w('figure.band_runs')}")
    style.legend_below(figure, *axes.get_legend_handles_labels())
    return figure


def _grey(axes: Axes, later: pd.Series, w: Words, width: float = 1.0) -> None:
    """Grey behind what is extrapolated; `later` tells it by the year in which a bar stands, or a line begins."""
    after = later.index[later.to_numpy(bool)]
    if len(after):
        start = float(after[0]) - (0.5 if width == 1.0 else 0.0)
        axes.axvspan(
            start, float(after[-1]) + width, color=LATER, zorder=0, linewidth=0, label=w("figure.extrapolated")
        )


def item_ratios(
    items: pd.DataFrame, title: str, caption: str, called: Callable[[str], str], w: Words = IN_ENGLISH
) -> Figure:
    """Benefit-cost ratios of items and groups with their 95% intervals, the largest at the top; 1 is where one pays.

    `items` has `name, benefit_cost_ratio, ratio_low, ratio_high`; what costs nothing, or saves, stands at the bottom.
    """
    ordered = items[items["name"] != "total"].sort_values("benefit_cost_ratio", ascending=False, na_position="last")
    labels = [called(name) for name in ordered["name"]]
    figure, axes = _rows_figure(labels, title, caption)
    for position, row in enumerate(rows_of(ordered)):
        if not np.isfinite(row.benefit_cost_ratio):
            axes.text(0, position, f" {w('figure.no_costs')}", size=style.SMALL, color=style.FAINT, va="center")
            continue
        clear = row.ratio_low > 1 or row.ratio_high < 1
        colour = BLUE if row.benefit_cost_ratio > 1 else VERMILION
        axes.plot([row.ratio_low, row.ratio_high], [position, position], color=style.INK, linewidth=1.1)
        face = colour if clear else "white"
        axes.plot(row.benefit_cost_ratio, position, "o", color=colour, markerfacecolor=face, markersize=6)
        text = fixed_text(row.benefit_cost_ratio, 1, language=w.language)
        axes.annotate(
            text, (row.ratio_high, position), (6, 0), textcoords="offset points", va="center", size=style.SMALL
        )
    axes.axvline(1, color=style.INK, linewidth=0.8)
    axes.set_xscale("symlog", linthresh=2, linscale=1)
    axes.xaxis.set_major_formatter(style.number_axis("ratio", w.language))
    axes.margins(x=0.1)
    return figure


def worth_map(values: pd.DataFrame, land: Land, title: str, caption: str, w: Words = IN_ENGLISH) -> Figure:
    """Net benefit a head by province, a map a plan; `values` has `scenario, province_code, province, value`."""
    scale = difference_scale(values["value"]) if (values["value"] < 0).any() else level_scale(A_HEAD, values["value"])
    return province_map(values, land, title, A_HEAD, caption, w, scale)


def fifth_bars(fifths: pd.DataFrame, title: str, caption: str, w: Words = IN_ENGLISH) -> Figure:
    """Net benefit a head by fifth of income, a bar a plan with its 95% interval.

    `fifths` has `plan, name` ("1" the poorest), `per_head, low, high`, the last two a head too.
    """
    figure = style.new_figure(WIDTH, TALL, title, caption)
    axes = _axes(figure, 0.75, 1.1)
    plans, names = list(fifths["plan"].unique()), list(fifths["name"].unique())
    wide = 0.8 / len(plans)
    for index, plan in enumerate(plans):
        here = fifths[fifths["plan"] == plan].set_index("name").loc[names]
        at = np.arange(len(names)) - 0.4 + (index + 0.5) * wide
        colour, hatch = style.colour(index + 1), style.hatch(index)
        axes.bar(at, here["per_head"], width=0.9 * wide, color=colour, hatch=hatch, edgecolor="white", label=plan)
        axes.vlines(at, here["low"], here["high"], color=style.INK, linewidth=1)
    axes.axhline(0, color=style.INK, linewidth=0.8)
    axes.set_xticks(range(len(names)), names)
    axes.set_xlabel(w("figure.fifth_axis"), size=style.SMALL, color=style.FAINT)
    axes.yaxis.set_major_formatter(style.number_axis(A_HEAD, w.language))
    style.tidy(axes, "", w.of(A_HEAD))
    axes.grid(visible=False, axis="x")
    style.legend_below(figure, *axes.get_legend_handles_labels())
    return figure


def points_curve(
    points: pd.DataFrame, title: str, caption: str, called: Callable[[str], str], w: Words = IN_ENGLISH
) -> Figure:
    """Costs against points of use gained, a mark each, with lines of equal cost a point through it.

    `points` has `name, costs, points_of_use, cost_per_point`.
    """
    figure = style.new_figure(WIDTH, TALL, title, caption)
    axes = _axes(figure, 0.85, 0.95)
    far = max(1.15 * float(points["points_of_use"].max()), 1.0)
    for index, row in enumerate(rows_of(points), start=1):
        colour = style.colour(index)
        label = called(row.name)
        if np.isfinite(row.cost_per_point):
            label = f"{label}: {fixed_text(row.cost_per_point, 0, language=w.language)} {w('head.per_point').lower()}"
            axes.plot([0, far], [0, far * row.cost_per_point], color=colour, linewidth=0.8, linestyle=style.line(index))
        axes.plot(
            row.points_of_use, row.costs, style.marker(index), color=colour, markersize=8, label=label, linestyle=""
        )
    axes.set_xlim(min(0.0, 1.1 * float(points["points_of_use"].min())), far)
    axes.set_ylim(min(0.0, 1.1 * float(points["costs"].min())), 1.25 * max(float(points["costs"].max()), 1.0))
    axes.set_xlabel(w("figure.point_axis"), size=style.SMALL, color=style.FAINT)
    axes.yaxis.set_major_formatter(style.number_axis(MONEY, w.language))
    style.tidy(axes, "", f"{worth_label('costs', w)}, {w.of(MONEY)}")
    axes.legend(fontsize=style.SMALL, labelcolor=style.INK, frameon=False, loc="upper left")
    return figure


def tornado_figure(
    tornado: pd.DataFrame, whole: float, title: str, caption: str, called: Callable[[str], str], w: Words = IN_ENGLISH
) -> Figure:
    """What a plan is worth where one assumption is low or high: a bar each, the widest at the top.

    `tornado` is of one plan: `parameter, net_low, net_high` and their intervals, a line each; `whole` is its net
    benefit as it is.
    """
    moving = tornado[tornado["net_low"] != tornado["net_high"]].head(MOST_SWINGS)
    figure, axes = _rows_figure([called(name) for name in moving["parameter"]], title, caption, legend=True)
    for position, row in enumerate(rows_of(moving)):
        for end, value, colour, hatch in (
            ("low", row.net_low, style.segment(0), ""),
            ("high", row.net_high, style.segment(3), "////"),
        ):
            label = w(f"figure.{end}_end") if position == 0 else None
            look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "label": label}
            axes.barh(position, value - whole, left=whole, height=0.62, **look)
            ends = (getattr(row, f"net_{end}_from"), getattr(row, f"net_{end}_to"))
            axes.plot(ends, [position, position], color=style.INK, linewidth=1)
    axes.axvline(whole, color=style.INK, linewidth=1)
    axes.xaxis.set_major_formatter(style.number_axis(MONEY, w.language))
    axes.set_xlabel(w.of(MONEY), size=style.SMALL, color=style.FAINT)
    style.legend_below(figure, *axes.get_legend_handles_labels())
    return figure


def _axes(figure: Figure, left: float, bottom: float) -> Axes:
    """The one panel of a figure, so many inches from its left and from below."""
    width, height = figure.get_size_inches()
    box = (left / width, bottom / height, 1 - (left + 0.25) / width, 1 - (bottom + 0.85) / height)
    return figure.add_axes(box)


def _rows_figure(labels: Sequence[str], title: str, caption: str, *, legend: bool = False) -> tuple[Figure, Axes]:
    """A figure with a row for each label."""
    left = 0.35 + style.LETTER * 1.2 * max(map(len, labels), default=1)
    below = 1.15 if legend else 0.8
    height = below + 0.75 + ROW * max(len(labels), 1)
    figure = style.new_figure(WIDTH, height, title, caption)
    axes = figure.add_axes((left / WIDTH, below / height, 1 - (left + 0.5) / WIDTH, 1 - (below + 0.7) / height))
    axes.set_yticks(range(len(labels)), list(labels))
    axes.set_ylim(len(labels) - 0.4, -0.6)
    style.tidy(axes, "", "")
    return figure, axes
