"""A page of Mesa's own to copy: its SolaraViz on one run of the model, made anew for every session.

Alone, as any Mesa page: ``solara run dgsim.app.mesa_view``. The page of the view is `pages/agents.py`.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import solara

from dgsim.app.components.widgets import ProvinceMap
from dgsim.app.content.maps import painted, shapes
from dgsim.mesa_model import DigitalGovernment
from dgsim.scenario import shipped_scenarios
from dgsim.texts import words

with warnings.catch_warnings():  # a page of Mesa's own breaks a rule of hooks, which Solara reports on import
    warnings.filterwarnings("ignore", ".*ComponentsView.*", UserWarning)
    from mesa.visualization import SolaraViz, make_plot_component
    from mesa.visualization.utils import update_counter


@solara.component
def UseMap(model: Any) -> None:
    """The provinces coloured by the use of their digital channel, anew after every step."""
    update_counter.get()
    values = np.array([float(province.stocks.use) for province in model.provinces])
    paint = painted(values, "share of dossiers", words("en"))
    with solara.Div(classes=["dg"], style={"width": "240px"}):
        ProvinceMap(shape=shapes("en"), paint=paint, selected="", title="Use", help=f"quarters run: {model.steps}")


@solara.component
def Page() -> None:
    """One run at a time, of a shipped scenario and a seed."""
    model = solara.use_memo(lambda: DigitalGovernment("staged", rng=0), [])
    names = {"type": "Select", "value": "staged", "values": list(shipped_scenarios()), "label": "Scenario"}
    seed = {"type": "SliderInt", "value": 0, "min": 0, "max": 99, "step": 1, "label": "Seed"}
    parts = [UseMap, make_plot_component(["use", "supply"])]
    solara.Style(Path(__file__).with_name("style.css"))
    with solara.AppLayout(navigation=False), solara.Column():
        SolaraViz(model, components=parts, model_params={"scenario": names, "rng": seed}, name="dgsim: agents")
