"""Results: a sweep folder as a table, a heat map and parallel axes; a click opens a point in Explore."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import solara

from dgsim.app.components import widgets
from dgsim.app.components.figures import Chart
from dgsim.app.components.layout import heading, section
from dgsim.app.content import sweeps
from dgsim.app.results_folder import results_folder
from dgsim.app.state.session import Session
from dgsim.app.state.view import PARAMETER_SETS, View, is_shipped, shipped
from dgsim.engine.sets import CENTRAL_NAME
from dgsim.errors import DgsimError
from dgsim.sweeps.results import Sweep
from dgsim.texts.labels import outcome_and_quarter, outcome_to

HEIGHT = 400  # pixels of a chart


@solara.component
def Page(session: Session) -> None:
    """The page."""
    w = session.words
    root = results_folder()
    names = solara.use_memo(lambda: sweeps.sweep_folders(root), [])
    chosen = solara.use_reactive(names[0] if names else "")
    if not names:
        widgets.Prose(blocks=[{"kind": "text", "text": w("results.none", folder=root.resolve().name)}])
        return
    pick = {"kind": "select", "name": "folder", "label": w("results.folder"), "value": chosen.value}
    widgets.Picks(
        picks=[pick | {"options": [{"value": name, "text": name} for name in names]}],
        title=w("results.folder"),
        event_changed=lambda data: chosen.set(str(data["value"])),
    )
    widgets.Prose(blocks=[{"kind": "note", "text": w("results.not_in_address")}])
    Opened(session, root, chosen.value).key(chosen.value)


@solara.component
def Opened(session: Session, root: Path, name: str) -> None:
    """A sweep, or the sentence that tells why it cannot be shown."""
    sweep, problem = solara.use_memo(lambda: _opened_sweep(root, name), [name])
    if sweep is None:
        widgets.Prose(blocks=[{"kind": "problem", "text": session.words("results.failed", why=problem)}])
    else:
        SweepView(session, sweep)


def _opened_sweep(root: Path, name: str) -> tuple[Sweep | None, str]:
    try:
        return sweeps.open_sweep(root, name), ""
    except (DgsimError, OSError) as error:
        return None, str(error)


@solara.component
def SweepView(session: Session, sweep: Sweep) -> None:
    """One sweep."""
    w = session.words
    outcome = solara.use_reactive("use" if "use" in sweep.names else sweep.names[0])
    quarter = solara.use_reactive(sweep.when[-1])
    axes = solara.use_reactive(("", ""))
    points = solara.use_memo(lambda: sweeps.points_of(sweep, quarter.value), [quarter.value])
    across, up = sweeps.axes_of(points, axes.value)

    def changed(data: dict[str, Any]) -> None:
        name, value = data["name"], data["value"]
        if name == "outcome" and value in sweep.names:
            outcome.value = value
        elif name == "quarter" and value in sweep.when:
            quarter.value = value
        elif value in points.varied:
            axes.value = (value, up) if name == "across" else (across, value)

    label = partial(sweeps.label_of, words=w)
    picks = [
        _select("outcome", w("word.outcome"), outcome.value, sweep.names, label),
        _select("quarter", w("word.quarter"), quarter.value, sweep.when, w.quarter),
        _select("across", w("results.columns"), across, points.varied, label),
        _select("up", w("results.lines"), up, points.varied, label),
    ]
    widgets.Picks(picks=picks, title=w("page.results"), event_changed=changed)
    chosen: solara.Reactive[tuple[int, ...]] = solara.use_reactive(())

    def pick(numbers: list[int]) -> None:
        """One point is opened; of several the table shows only these."""
        if len(numbers) == 1:
            session.attempt(lambda: opened_point(session.view, sweep, numbers[0]))
        else:
            chosen.value = tuple(numbers)

    Charts(session, points, (across, up), outcome.value, quarter.value, pick, lambda some: chosen.set(tuple(some)))
    PointTable(session, points, outcome.value, chosen, pick)


def _select(name: str, label: str, value: str, kinds: Any, told: Callable[[str], str]) -> dict[str, Any]:
    options = [{"value": kind, "text": told(kind)} for kind in kinds]
    return {"kind": "select", "name": name, "label": label, "value": value, "options": options}


@solara.component
def Charts(
    session: Session,
    points: sweeps.Points,
    axes: tuple[str, str],
    outcome: str,
    quarter: str,
    pick: Callable[[list[int]], None],
    narrow: Callable[[list[int]], None],
) -> None:
    """Heat map and parallel axes; a cell or a line picks its points, a stretch marked on an axis narrows the table."""
    w = session.words
    label = outcome_to(outcome, quarter, w)
    note = w("results.note", points=len(points.frame), count=points.replications)
    stamp = f"{outcome}-{quarter}-{axes}"
    twin = lambda: sweeps.points_twin(points, outcome, w)[0]  # noqa: E731

    def drawn(option: dict[str, Any], title: str, *answers: Callable[[Any], None]) -> None:
        Chart(session, widgets.Sent(option), title, note, points.replications, twin, stamp, HEIGHT, *answers)

    with section("div", "dg-two", []):
        option = sweeps.heat(points, *axes, outcome, w)
        cells = [(option["xAxis"]["data"][c], option["yAxis"]["data"][r]) for c, r, _ in option["series"][0]["data"]]
        drawn(
            option,
            w("results.heat", outcome=outcome_and_quarter(outcome, quarter, w)),
            lambda data: pick(sweeps.points_in_cell(points, *axes, cells[int(data["index"])])),
        )
        drawn(
            sweeps.parallel(points, outcome, w),
            w("results.parallel", outcome=label),
            lambda data: pick(sweeps.points_of_lines(points, [data["index"]])),
            lambda lines: narrow(sweeps.points_of_lines(points, lines)),
        )


@solara.component
def PointTable(
    session: Session,
    points: sweeps.Points,
    outcome: str,
    chosen: solara.Reactive[tuple[int, ...]],
    pick: Callable[[list[int]], None],
) -> None:
    """The points, all or those chosen in a chart; the button of a row opens it in Explore."""
    w = session.words
    twin, numbers = sweeps.points_twin(points, outcome, w, chosen.value or None)
    heading(w("results.points"))
    if chosen.value:
        widgets.Picks(
            picks=[{"kind": "button", "name": "all", "label": w("results.all", count=len(points.frame))}],
            title=w("results.some", count=len(numbers)),
            event_changed=lambda _: chosen.set(()),
        )
        widgets.Prose(blocks=[{"kind": "text", "text": w("results.some", count=len(numbers))}])
    widgets.Table(
        table=twin.for_screen(w), clickable=True, event_picked=lambda row: pick(numbers[int(row) : int(row) + 1])
    )


def opened_point(view: View, sweep: Sweep, number: int) -> View:
    """A point of a sweep in Explore, in its own world."""
    scenario, values = sweeps.point_scenario(sweep, number)
    known = shipped(scenario.name) if is_shipped(scenario) else scenario
    seed = int(sweep.manifest["design"]["seed"])
    sets = sweep.manifest["design"].get("parameters", CENTRAL_NAME)
    parameters = sets if sets in PARAMETER_SETS else CENTRAL_NAME  # sets of a design's own are in no address
    return replace(view.started_from(known), seed=seed, parameters=parameters, page="explore").with_levers(**values)
