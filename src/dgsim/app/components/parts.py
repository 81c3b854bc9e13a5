"""Parts that several pages are made of: a chart with its twin, a map with its twin, headline cards, a section."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import solara

from dgsim.app.components import widgets
from dgsim.app.content import charts
from dgsim.app.content.export import TYPES, chart_file, map_file
from dgsim.app.content.files import file_name
from dgsim.app.content.headlines import cards_of
from dgsim.app.content.maps import painted, painted_difference, shapes
from dgsim.app.content.story import UNITS
from dgsim.app.content.tables import Twin, csv_file
from dgsim.app.runs.cache import Pair
from dgsim.app.state.session import Session
from dgsim.country import load_country
from dgsim.numbers import difference_unit_text, shown, unit_text
from dgsim.scenario.calendar import quarter_text

Element = Any
MAPPED = ("use", "supply", "reported_index", "trust", "specialists")  # outcomes that provinces have too


def section(tag: str, kind: str, children: Sequence[Element], **attributes: str) -> Element:
    """A piece of the page with a class of its own."""
    return solara.v.Html(tag=tag, class_=kind, children=list(children), attributes=attributes)


def heading(text: str, level: int = 2) -> Element:
    """A heading."""
    return solara.v.Html(tag=f"h{level}", children=[text])


def stamp_of(pair: Pair) -> str:
    """What tells one drawing from the next: the runs it shows and how many they are."""
    return f"{pair.key[0][:12]}-{pair.key[1][:12]}-{pair.key[2]}-{pair.replications}"


@solara.component
def TwinOf(
    session: Session,
    name: str,
    replications: int,
    twin: Callable[[], Twin],
    draw: Callable[[str], bytes] | None,
) -> None:
    """Data table and downloads of a chart; both are made only when asked for."""
    opened = solara.use_reactive(False)
    file: solara.Reactive[dict[str, Any] | None] = solara.use_reactive(None)
    w = session.words

    def give(kind: str) -> None:
        if kind not in TYPES:
            return
        content = csv_file(session.view, replications, twin()).encode() if kind == "csv" or not draw else draw(kind)
        number = file.value["number"] + 1 if file.value else 1
        packed = base64.b64encode(content).decode()
        file.value = {"name": file_name(name, f".{kind}"), "type": TYPES[kind], "content": packed, "number": number}

    widgets.TwinTable(
        w={"table": w("twin.table"), "download": w("twin.download")},
        name=name,
        kinds=["csv", "svg", "png"] if draw else ["csv"],
        table=twin().for_screen() if opened.value else None,
        file=file.value,
        event_opened=opened.set,
        event_wanted=give,
    )


@solara.component
def Chart(
    session: Session,
    option: widgets.Sent,
    title: str,
    note: str,
    replications: int,
    twin: Callable[[], Twin],
    stamp: str = "",
    height: int = 320,
    on_pick: Callable[[Any], None] = lambda _: None,
    on_brush: Callable[[Any], None] = lambda _: None,
) -> None:
    """A chart, its data table, its downloads."""
    with solara.v.Html(tag="div", class_="dg-framed"):
        widgets.EChart(
            option=option,
            title=title,
            note=note,
            height=height,
            stamp=stamp,
            event_picked=on_pick,
            event_brushed=on_brush,
        )
        TwinOf(
            session,
            title,
            replications,
            twin,
            lambda kind: chart_file(option.data, title, session.view, replications, kind),
        )


@solara.component
def Map(
    session: Session,
    values: np.ndarray,
    unit: str,
    title: str,
    replications: int,
    stamp: str = "",
    difference: bool = False,
    span: tuple[float, float] | None = None,
) -> None:
    """Values of the provinces [province] as a map, its data table, its downloads; a click opens the story."""
    w = session.words
    paint = painted_difference(values, unit, w) if difference else painted(values, unit, w, span=span)
    told, told_unit = (values * shown(1.0, unit), difference_unit_text(unit)) if difference else (values, unit)
    with solara.v.Html(tag="div", class_="dg-framed"):
        ProvinceMapOf(session, widgets.Sent(paint), title, stamp)
        TwinOf(
            session,
            title,
            replications,
            lambda: province_twin(told, told_unit, title, session),
            lambda kind: map_file(told, told_unit, title, session.view, replications, kind),
        )


@solara.component
def ProvinceMapOf(session: Session, paint: widgets.Sent, title: str, stamp: str = "") -> None:
    """A painted map; a click opens the story of a province."""
    widgets.ProvinceMap(
        shape=shapes(session.view.language),
        paint=paint,
        selected=session.view.province,
        title=title,
        help=session.words("map.help"),
        stamp=stamp,
        event_picked=lambda code: session.look(province=code if code in load_country().codes else ""),
    )


def province_twin(values: np.ndarray, unit: str, title: str, session: Session) -> Twin:
    """The numbers of a map, the largest first."""
    names = [province["name"] for province in shapes(session.view.language)["provinces"]]
    order = np.argsort(-values, kind="stable")
    codes = load_country().codes
    rows = tuple((names[i], codes[i], float(f"{shown(float(values[i]), unit):.5g}")) for i in order)
    w = session.words
    return Twin(title, (w("word.province"), w("word.code"), w.of(unit_text(unit))), rows)


@solara.component
def Headlines(session: Session, pair: Pair) -> None:
    """The headline numbers at the quarter that is shown, and their difference from the baseline."""
    view = session.view
    widgets.Cards(
        cards=cards_of(pair, view.at, session.words),
        chosen=view.outcome,
        stamp=stamp_of(pair),
        event_picked=lambda name: session.look(outcome=name),
    )


@solara.component
def LevelMapOf(session: Session, pair: Pair) -> None:
    """The chosen outcome by province, or use where provinces do not have it; one scale for all quarters."""
    view, w = session.view, session.words
    name = view.outcome if view.outcome in MAPPED else "use"
    values = pair.policy.stock(name)
    title = w("explore.map", outcome=w(f"stock.{name}"), quarter=view.at_text)
    span = (float(values.min()), float(values.max()))
    Map(session, values[view.at], UNITS[name], title, pair.replications, stamp_of(pair), span=span)


@solara.component
def OutcomeChart(session: Session, pair: Pair, height: int = 320) -> None:
    """The chosen outcome over time: policy and baseline, each with its band."""
    view, w = session.view, session.words
    place, outcome = charts.outcome_named(view.outcome)
    unit = charts.outcome_unit(outcome, w)
    names = (view.policy.name, f"{view.baseline.name} ({w('word.baseline')})")
    arrays = (pair.policy.outcomes[:, :, place], pair.baseline.outcomes[:, :, place])
    bands = [charts.band_of(values, outcome.unit) for values in arrays]
    curves = [(name, *band) for name, band in zip(names, bands, strict=True)]
    title = f"{w.of(outcome.label)}, {unit}" if unit else w.of(outcome.label)
    Chart(
        session,
        widgets.Sent(charts.lines_option(curves, unit, view.at, against=1)),
        title,
        w("chart.band", count=pair.replications, seed=view.seed),
        pair.replications,
        lambda: curve_twin(title, curves, session),
        stamp_of(pair),
        height,
    )


def curve_twin(title: str, curves: Sequence[tuple[str, np.ndarray, np.ndarray]], session: Session) -> Twin:
    """The numbers of curves with bands: a row a quarter."""
    w = session.words
    names = [f"{label}: {w(key)}" for label, _, _ in curves for key in ("word.mean", "word.p5", "word.p95")]
    quarters = min(len(mean) for _, mean, _ in curves)
    numbers = [column for _, mean, band in curves for column in (mean, band[0], band[1])]
    rows = tuple((quarter_text(q), *(float(f"{column[q]:.5g}") for column in numbers)) for q in range(quarters))
    return Twin(title, (w("word.quarter"), *names), rows)
