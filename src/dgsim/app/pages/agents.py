"""Agents: one run of the model, stepped quarter by quarter; the address keeps how far it is."""

from __future__ import annotations

import time
from typing import Any

import solara

from dgsim.app.components import widgets
from dgsim.app.components.controls import pick_policy, world_note
from dgsim.app.components.figures import Chart, TwinOf
from dgsim.app.components.layout import section
from dgsim.app.content import agents
from dgsim.app.content.export import map_file
from dgsim.app.content.maps import painted, shapes
from dgsim.app.content.presets import policy_picks
from dgsim.app.content.tables import province_twin
from dgsim.app.runs.cache import Stop
from dgsim.app.runs.hooks import use_background
from dgsim.app.state.session import Session
from dgsim.errors import DgsimError
from dgsim.scenario.calendar import quarter_text
from dgsim.show.figures.scale import level_scale

CHOSEN = ("policy", "seed", "parameters")  # of the choices at the top of the pages: one run has no baseline
PAUSE = 0.15  # seconds between two steps while it plays


@solara.component
def Page(session: Session) -> None:
    """The page."""
    view, w = session.view, session.words
    key = (view.policy.digest(), view.seed, view.parameters)
    run = solara.use_memo(lambda: agents.Run(view), [key])
    moment: solara.Reactive[tuple[Any, agents.Moment] | None] = solara.use_reactive(None)
    playing = solara.use_reactive(False)
    steps = min(view.run, view.policy.quarters)

    def reach(stop: Stop) -> None:
        try:
            moment.value = (key, run.after(steps, stop))
        except DgsimError as error:
            session.refuse(error)

    def play(stop: Stop) -> None:
        while not stop() and session.view.run < view.policy.quarters:
            then = session.view.run + 1
            run.after(then, stop)
            if not stop():
                session.look(run=then)
            time.sleep(PAUSE)
        if not stop():
            playing.value = False

    use_background(reach, [key, steps])
    use_background(play if playing.value else None, [key, playing.value])
    Controls(session, playing, steps)
    if moment.value is None or moment.value[0] != key:
        widgets.Waiting(text=w("waiting.first"))
    else:
        Drawn(session, moment.value[1])


@solara.component
def Controls(session: Session, playing: solara.Reactive[bool], steps: int) -> None:
    """Which run, and how far it goes."""
    view, w = session.view, session.words
    over = steps >= view.policy.quarters
    picks = [
        *(pick for pick in policy_picks(view, w) if pick["name"] in CHOSEN),
        {"kind": "button", "name": "step", "label": w("agents.step"), "disabled": over or playing.value},
        {
            "kind": "button",
            "name": "go",
            "label": w("agents.stop" if playing.value else "agents.play"),
            "disabled": over,
        },
        {"kind": "button", "name": "again", "label": w("agents.again"), "disabled": not steps},
    ]

    def changed(data: dict[str, Any]) -> None:
        if data["name"] == "step":
            session.look(run=min(session.view.run + 1, view.policy.quarters))
        elif data["name"] == "go":
            playing.value = not playing.value
        elif data["name"] == "again":
            playing.value = False
            session.look(run=0)
        else:
            pick_policy(session, data)

    widgets.Picks(picks=picks, title=w("page.agents"), refused=session.refusals.value, event_changed=changed)
    world_note(session)
    last = quarter_text(steps - 1) if steps else ""
    told = w("agents.run", done=steps, all=view.policy.quarters, quarter=last) if steps else w("agents.start")
    widgets.Prose(blocks=[{"kind": "note", "text": w("agents.about")}, {"kind": "text", "text": told}])


@solara.component
def Drawn(session: Session, moment: agents.Moment) -> None:
    """The provinces coloured by the use of their digital channel, and the outcomes so far."""
    view, w = session.view, session.words
    title = w("agents.map", count=moment.steps)
    scale = level_scale(agents.MAPPED, moment.use)
    with section("div", "dg-two", []):
        lines = w("agents.lines")
        Chart(
            session,
            widgets.Sent(agents.lines(moment, view.policy.quarters, w)),
            lines,
            w("agents.note", seed=view.seed),
            1,
            lambda: agents.lines_twin(moment, lines, w),
            moment.stamp,
            380,
        )
        with solara.v.Html(tag="div", class_="dg-framed"):
            widgets.ProvinceMap(
                shape=shapes(view.language),
                paint=widgets.Sent(painted(moment.use, agents.MAPPED, w, scale=scale)),
                selected="",
                title=title,
                help=w("agents.help"),
                stamp=moment.stamp,
            )
            TwinOf(
                session,
                title,
                1,
                lambda: province_twin(moment.use, agents.MAPPED, title, w),
                lambda kind: map_file(moment.use, agents.MAPPED, title, view, 1, kind, scale),
            )
