"""Targets in the words of the screen: cards with chance and light, the figure against its target, the editor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from dgsim.app.content import charts
from dgsim.app.content.names import shown_name
from dgsim.app.content.tables import Twin
from dgsim.app.runs.worth import Met
from dgsim.app.state.targets import LEAST, MOST, choices, set_of
from dgsim.app.state.view import NO_TARGETS, OWN_TARGETS, View
from dgsim.appraisals.targets.figures import views_of
from dgsim.appraisals.targets.file import ALL, Target
from dgsim.numbers import shown, unit_text
from dgsim.scenario import quarter_index
from dgsim.scenario.calendar import quarter_text
from dgsim.show.rows import rows_of
from dgsim.show.terminal.targets import LIGHTS, first_text, indicator_label, level_text, seen_text, wanted_text
from dgsim.study.materiality import BETTER, UNCLEAR, WORSE
from dgsim.texts import Quarter, Words
from dgsim.texts.labels import within
from dgsim.world.tables import OUTCOMES

KINDS = {"likely": BETTER, "open": UNCLEAR, "unlikely": WORSE}
Wanted = tuple[str, np.ndarray]  # a line on a curve: its label, and the level that is wanted [quarter], NaN after


def set_pick(view: View, words: Words) -> dict[str, Any]:
    """The choice of targets."""
    names = {OWN_TARGETS: words("targets.own"), NO_TARGETS: words("targets.none")}
    options = [{"value": one, "text": names.get(one, one)} for one in choices()]
    label = words("report.targets")
    return {"kind": "select", "name": "targets", "label": label, "value": view.targets, "options": options}


def target_label(target: Target, words: Words) -> str:
    """A target in words.

    >>> from dgsim.app.state.targets import targets_in
    >>> from dgsim.texts import words
    >>> target_label(targets_in("use:true:least:0.5:2030Q4")[0], words("en"))
    'Use, truly: at least 50% by 2030Q4'
    """
    seen = seen_text(target.seen_as, _share(target), words)
    return f"{indicator_label(target.indicator, words)}, {seen}: {wanted_of(target, words)}"


def wanted_of(target: Target, words: Words) -> str:
    """What is wanted, and by when."""
    return wanted_text(target.wanted, target.at_most, target.unit, Quarter(quarter_text(target.by)), words)


def _share(target: Target) -> float:
    return np.nan if target.of is None else target.of


def cards(found: Met, words: Words) -> list[dict[str, Any]]:
    """A card a target: the chance that the policy meets it, its light as a sign and a word, and the baseline's."""
    plans = list(found.records["plan"].unique())
    other = found.records[found.records["plan"] == plans[-1]].set_index("target") if len(plans) > 1 else None
    return [_card(row, other, words) for row in rows_of(found.records[found.records["plan"] == plans[0]])]


def _card(row: Any, other: pd.DataFrame | None, words: Words) -> dict[str, Any]:
    more = [] if row.target == ALL else [words("targets.mean", value=level_text(row.mean, row.unit, words))]
    more.append(words("targets.first", quarter=first_text(row, words)))
    if np.isfinite(row.reported_not_true):
        more.append(words("targets.only_reported", share=f"{row.reported_not_true:.0%}"))
    if other is not None:
        more.append(words("targets.baseline", chance=f"{other.loc[row.target, 'chance']:.0%}"))
    return {
        "name": row.target,
        "label": words("targets.all") if row.target == ALL else row_label(row, words),
        "value": f"{row.chance:.0%}",
        "unit": words("targets.chance", low=f"{row.low:.0%}", high=f"{row.high:.0%}"),
        "delta": "",
        "mark": LIGHTS[row.light],
        "word": words(f"light.{row.light}"),
        "kind": KINDS[row.light],
        "more": more,
    }


def row_label(row: Any, words: Words) -> str:
    """A target of the records in words."""
    seen = seen_text(row.seen_as, row.of, words)
    wanted = wanted_text(row.wanted, row.at_most, row.unit, Quarter(row.by), words)
    return f"{indicator_label(row.indicator, words)}, {seen}: {wanted}"


def records_twin(found: Met, words: Words) -> Twin:
    """The records of both plans: the numbers of `dgsim targets`."""
    keys = ("target.plan", "target.target", "targets.chance_plain", "reason.low", "reason.high", "target.mean")
    more = ("targets.first_plain", "targets.only_reported_plain", "target.light")
    heads = tuple(words(key) for key in (*keys, *more))
    rows = tuple(
        (
            shown_name(row.plan, words),
            words("targets.all") if row.target == ALL else row_label(row, words),
            *(round(100.0 * value, 1) for value in (row.chance, row.low, row.high)),
            level_text(row.mean, row.unit, words),
            first_text(row, words),
            round(100.0 * row.reported_not_true, 1) if np.isfinite(row.reported_not_true) else "–",
            words(f"light.{row.light}"),
        )
        for row in rows_of(found.records)
    )
    return Twin(words("targets.table", count=found.replications), heads, rows)


def figure_option(
    found: Met, target: Target, words: Words
) -> tuple[charts.Option, list[tuple[str, np.ndarray, np.ndarray]], list[Wanted]]:
    """The figure that a target is held against, of every plan with its band, and the line of the target."""
    scale = shown(1.0, target.unit)
    plans = list(dict.fromkeys(plan for plan, _ in found.figures))
    curves = []
    for number, plan in enumerate(plans):
        mean, low, high = found.figures[plan, target.name] * scale
        name = shown_name(plan, words) + (f" ({words('word.baseline')})" if number else "")
        curves.append((name, mean, np.stack([low, high])))
    wanted = [wanted_line([target], len(curves[0][1]), words)]
    unit = words.of(unit_text(target.unit))
    return charts.lines_option(curves, unit, target.by, against=1, wanted=wanted), curves, wanted


def wanted_line(targets: Sequence[Target], quarters: int, words: Words) -> Wanted:
    """The line of the targets of one figure, in the unit that is shown: each up to when it is due."""
    level = np.full(quarters, np.nan)
    for target in sorted(targets, key=lambda one: -one.by):
        level[: target.by + 1] = shown(target.wanted, target.unit)
    told = words("list.semicolon").join(wanted_of(one, words) for one in sorted(targets, key=lambda one: one.by))
    return words("targets.line", wanted=told), level


def lines_on(view: View, outcome: str, quarters: int, words: Words) -> list[Wanted]:
    """The targets of a view on the curve of an outcome: where it is the very figure they are held against.

    >>> from dgsim.app.state.view import first_view
    >>> from dgsim.texts import words
    >>> [label for label, _ in lines_on(first_view(), "supply", 44, words("en"))]
    ['Target: at least 100% by 2025Q4']
    """
    ways: dict[bool, list[Target]] = {}
    for target in set_of(view).targets:
        figure = target.figure
        if figure.is_outcome and figure.names == (outcome,):
            ways.setdefault(target.at_most, []).append(target)
    return [wanted_line(targets, quarters, words) for targets in ways.values()]


def framework_twin(found: Met, words: Words) -> Twin:
    """The results framework: indicator, baseline, what is due when, who answers for it, how it is verified."""
    framework = found.framework
    dates = [column for column in framework.columns if column[:4].isdigit()]
    rows = tuple(
        (
            f"{indicator_label(row['indicator'], words)}, {seen_text(row['seen_as'], row['of'], words)}",
            level_text(row["baseline"], row["unit"], words),
            words("list.semicolon").join(
                wanted_text(row[date], row["at_most"], row["unit"], Quarter(date), words)
                for date in dates
                if pd.notna(row[date])
            ),
            words.of(row["responsible"]),
            words.of(row["verification"]),
        )
        for row in framework.to_dict("records")
    )
    keys = ("indicator", "baseline", "due", "who", "verified")
    return Twin(words("target.framework"), tuple(words(f"target.{key}") for key in keys), rows)


def missing_lines(found: Met, words: Words) -> list[str]:
    """What of the decision the model cannot express, and why."""
    return [f"{words.of(row.target)}: {words.of(row.reason)}" for row in rows_of(found.not_expressed)]


def editor_picks(draft: dict[str, str], view: View, words: Words) -> list[dict[str, Any]]:
    """The choices of the editor: indicator, seen by whom, at least or at most, how much, by when, and the buttons."""
    indicator = draft["indicator"]
    indicators = sorted(((outcome.outcome, words.of(outcome.label)) for outcome in OUTCOMES), key=lambda one: one[1])
    views = [(one, words(f"seen.{one}")) for one in views_of(indicator)]
    ways = [(way, words(f"targets.{way}")) for way in (LEAST, MOST)]
    quarters = [(str(quarter_text(q)), words.quarter(quarter_text(q))) for q in due_quarters(view)]
    unit = words.of(unit_text(OUTCOMES[indicator].unit))
    amount = words("targets.amount", unit=unit) if unit else words("targets.amount_plain")
    return [
        _select("indicator", words("target.indicator"), indicator, indicators),
        _select("seen_as", words("targets.seen"), draft["seen_as"], views),
        _select("way", words("targets.way"), draft["way"], ways),
        {"kind": "number", "name": "amount", "label": amount, "value": draft["amount"]},
        _select("by", words("targets.by"), draft["by"], quarters),
        {"kind": "button", "name": "add", "label": words("targets.add")},
    ]


def due_quarters(view: View) -> range:
    """When a target may be due: to the last quarter that is looked at."""
    return range(quarter_index(view.to) + 1)


def own_picks(view: View, words: Words) -> list[dict[str, Any]]:
    """A button for each target of one's own, which takes it away, and the one that downloads them."""
    removing: list[dict[str, Any]] = [
        {"kind": "button", "name": one.name, "label": words("targets.remove", target=within(target_label(one, words)))}
        for one in view.own_targets
    ]
    return [*removing, {"kind": "button", "name": "save", "label": words("targets.save")}] if removing else []


def _select(name: str, label: str, value: str, options: Sequence[tuple[str, str]]) -> dict[str, Any]:
    listed = [{"value": value, "text": text} for value, text in options]
    return {"kind": "select", "name": name, "label": label, "value": value, "options": listed}
