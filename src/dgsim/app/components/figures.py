"""Charts and maps, each with its data table and its downloads."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import numpy as np
import solara

from dgsim.app.components import widgets
from dgsim.app.content import charts
from dgsim.app.content.export import TYPES, chart_file, map_file
from dgsim.app.content.maps import painted, shapes
from dgsim.app.content.tables import Twin, csv_file, province_twin
from dgsim.app.runs.cache import Pair
from dgsim.app.state.files import file_name
from dgsim.app.state.session import Session
from dgsim.show.figures.scale import Scale, level_scale


def stamp_of(pair: Pair) -> str:
    """What tells one drawing from the next: the runs it shows and how many they are."""
    policy, baseline, seed, parameters = pair.key
    return f"{policy[:12]}-{baseline[:12]}-{seed}-{parameters}-{pair.replications}"


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
        table=twin().for_screen(w) if opened.value else None,
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
    told = charts.in_language(option.data, session.words)
    with solara.v.Html(tag="div", class_="dg-framed"):
        widgets.EChart(
            option=widgets.Sent(told),
            language=session.view.language,
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
            lambda kind: chart_file(told, title, note, session.view, replications, kind),
        )


@solara.component
def Map(
    session: Session,
    values: np.ndarray,
    unit: str,
    title: str,
    replications: int,
    stamp: str = "",
    scale: Scale | None = None,
) -> None:
    """Values of the provinces [province] as a map, its data table, its downloads; a click opens the story."""
    w = session.words
    scale = scale or level_scale(unit, values)
    paint = painted(values, unit, w, scale=scale)
    with solara.v.Html(tag="div", class_="dg-framed"):
        ProvinceMapOf(session, widgets.Sent(paint), title, stamp)
        TwinOf(
            session,
            title,
            replications,
            lambda: province_twin(values, unit, title, w, difference=scale.difference),
            lambda kind: map_file(values, unit, title, session.view, replications, kind, scale),
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
        event_picked=session.open_story,
    )
