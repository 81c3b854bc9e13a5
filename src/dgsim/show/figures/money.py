"""Where the money went: stacked bars by account."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dgsim.numbers import fixed_text
from dgsim.show.figures import style
from dgsim.texts import IN_ENGLISH, Words
from dgsim.texts.labels import PAYERS, payer_label

CATEGORIES = ("spent", "transfer", "given", "lapsed", "leaked")  # what leaves an account, grants to provinces too
APPROPRIATION = "appropriation"  # the flow whose height is marked: programme money
LEAST = 0.01  # accounts below this share of every bar are added up
BAR, LEGEND = 0.27, 2.75  # inches a bar is high, and the legend wide


def money_by_account(accounts: pd.DataFrame, caption: str, w: Words = IN_ENGLISH) -> Figure:
    """What the centre and the provinces spent, granted, let lapse or lost, in bvnd: a bar a scenario, or a year of one.

    A line across the centre's bars marks the programme money; what lies beyond it is recurrent money.

    `accounts` has `scenario, quarter, flow, label, category, payer, mean` in bvnd.
    """
    names, quarters = list(accounts["scenario"].unique()), list(accounts["quarter"].unique())
    alone = len(names) == 1
    bar = accounts["quarter"].astype(str).str[:4] if alone else accounts["scenario"].astype(str)
    accounts = accounts.assign(bar=bar)
    paid = accounts[accounts["category"].isin(CATEGORIES)]
    bars = list(paid["bar"].unique())
    about = w("figure.money_each_year", name=names[0]) if alone else w("figure.money")
    title = w("figure.money_title", about=about, span=style.span_text(quarters, w))
    width, height = 12.0, max(5.6, 3.5 + 2 * BAR * len(bars))
    figure = style.new_figure(width, height, title, caption)
    grid = figure.add_gridspec(
        2,
        1,
        left=(0.35 + 0.075 * max(map(len, bars))) / width,
        right=1 - LEGEND / width,
        top=1 - 0.72 / height,
        bottom=0.62 / height,
        hspace=0.75 / (0.25 * len(bars) + 0.6),
    )
    for index, payer in enumerate(PAYERS):
        axes = figure.add_subplot(grid[index])
        programme = accounts[(accounts["flow"] == APPROPRIATION) & (accounts["payer"] == payer)]
        _mark(axes, programme.groupby("bar", observed=True, sort=False)["mean"].sum(), w("money.programme"))
        _stack(axes, _totals(paid[paid["payer"] == payer], bars, w), w)
        style.tidy(axes, payer_label(payer, w), w("figure.a_year" if alone else "figure.over_horizon"))
        axes.grid(visible=False, axis="y")
    return figure


def _totals(paid: pd.DataFrame, bars: list[str], w: Words) -> pd.DataFrame:
    """bvnd, a row a bar and a column an account worth a segment of its own; the small ones are added up."""
    totals = paid.pivot_table(index="bar", columns="label", values="mean", aggfunc="sum", observed=True)
    totals = totals.loc[bars, list(dict.fromkeys(paid["label"]))]
    whole = totals.sum(axis=1).replace(0.0, 1.0)
    small = totals.columns[(totals.div(whole, axis=0) < LEAST).all()]
    spent = [label for label in small if totals[label].any()]
    kept = totals.drop(columns=small)
    if len(spent) < 2:
        return totals[[label for label in totals if label in kept or label in spent]].rename(columns=w.of)
    return kept.rename(columns=w.of).assign(**{w("figure.smaller", count=len(spent)): totals[spent].sum(axis=1)})


def _mark(axes: Axes, programme: pd.Series, label: str) -> None:
    """A line across each bar where the programme money ends; none where there is none."""
    for position, amount in enumerate(programme):
        line = axes.vlines(amount, position - 0.46, position + 0.46, color=style.INK, linewidth=1.6, zorder=3)
        if position == 0:
            line.set_label(label)


def _stack(axes: Axes, totals: pd.DataFrame, w: Words) -> None:
    """A horizontal bar a row, a segment a column, the total at its end and the legend beside."""
    ends = pd.Series(0.0, index=totals.index)
    positions = range(len(totals))
    for index, label in enumerate(totals.columns):
        look: dict[str, Any] = {
            "color": style.segment(index),
            "hatch": style.hatch(index),
            "edgecolor": "white",
        }
        axes.barh(positions, totals[label], left=ends, height=0.72, linewidth=0.5, label=label, **look)
        ends = ends + totals[label]
    room = float(ends.max()) or 1.0
    for position, total in zip(positions, ends, strict=True):
        text = fixed_text(total, 0 if total >= 10 else 1, language=w.language)
        axes.text(total + 0.008 * room, position, text, size=style.SMALL, color=style.INK, va="center")
    axes.set_xlim(0, 1.1 * room)
    axes.set_ylim(len(totals) - 0.4, -0.6)
    axes.set_yticks(list(positions), list(totals.index))
    axes.xaxis.set_major_formatter(style.number_axis("bvnd", w.language))
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(1.02, 1.08),
        fontsize=style.SMALL,
        labelcolor=style.INK,
        frameon=False,
    )
