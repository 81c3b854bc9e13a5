"""Controls that several pages share: which policy on which luck, its levers, and the quarter that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import solara

from dgsim.app.components import widgets
from dgsim.app.content.changes import world_lines
from dgsim.app.content.levers import Group
from dgsim.app.content.presets import policy_picks
from dgsim.app.state.address import LARGEST_SEED_OF_A_BROWSER
from dgsim.app.state.entered import whole_within
from dgsim.app.state.session import Session
from dgsim.app.state.view import PARAMETER_SETS, View, shipped
from dgsim.engine.sets import PLAUSIBLE_NAME
from dgsim.scenario import shipped_scenarios
from dgsim.scenario.calendar import quarter_text
from dgsim.texts.clauses import Key

WORLD_LINES = 4  # changed assumptions that are told at once; more are unfolded
LEVER_WORDS = {  # a name in the template, and the key of its text
    **{name: f"levers.{name}" for name in ("exact", "about", "to_origin", "to_default", "more")},
    **{"lever": "role.lever", "assumption": "role.uncertain", "assumptions": "theme.assumptions"},
    **{"range": "about.range", "source": "about.source"},
}


def policy_controls(session: Session, title: str, more: Sequence[dict[str, Any]] = ()) -> None:
    """Preset, baseline, seed and pin, and `more` buttons beside them."""
    picks = [*policy_picks(session.view, session.words), *more]
    widgets.Picks(
        picks=picks,
        title=title,
        refused=session.refusals.value,
        event_changed=lambda data: pick_policy(session, data),
    )
    world_note(session)


def world_note(session: Session) -> None:
    """Which assumptions are changed, for both sides alike; always there, so that what follows stays in place."""
    lines = world_lines(session.view, session.words)
    title = session.words("world.changed", count=len(lines))
    blocks: list[dict[str, Any]] = [{"kind": "details", "text": title, "items": lines}]
    if len(lines) <= WORLD_LINES:
        blocks = [{"kind": "note", "text": title}, {"kind": "list", "items": lines}]
    widgets.Prose(blocks=blocks if lines else [])


def pick_policy(session: Session, data: dict[str, Any]) -> None:
    """One of these choices was made."""
    view, name, value = session.view, data["name"], data["value"]
    if name == "pin":
        session.show(replace(view, baseline=view.policy))
    elif name == "swap":
        session.show(view.swapped())
    elif name == "seed":
        session.attempt(lambda: with_seed(view, value))
    elif name == "parameters" and value in PARAMETER_SETS:
        session.show(replace(view, parameters=value))
    elif name == "policy" and value in shipped_scenarios():
        session.show(view.started_from(shipped(value)))
    elif name == "baseline" and value in shipped_scenarios():
        session.show(replace(view, baseline=shipped(value)))


def with_seed(view: View, given: Any) -> View:
    """The view on the luck of a seed that was entered; raises Refusal."""
    most = LARGEST_SEED_OF_A_BROWSER
    return replace(view, seed=whole_within(given, Key("pick.seed"), view.language, 0, most))


def lever_controls(session: Session, groups: list[Group], moved: Group | None = None) -> None:
    """Controls of levers and assumptions; `moved` has those that differ from the groups."""
    w = {name: session.words(key) for name, key in LEVER_WORDS.items()} | {"language": session.view.language}
    w["sets"] = session.words("levers.sets") if session.view.parameters == PLAUSIBLE_NAME else ""
    widgets.Levers(
        groups=groups,
        moved=moved,
        refused=session.refusals.value,
        w=w,
        event_changed=session.set_lever,
        event_tried=session.try_lever,
        event_reset=session.reset_lever,
    )


@solara.component
def Quarters(session: Session) -> None:
    """Scrub and play the quarters."""
    view, w = session.view, session.words
    count = min(view.policy.quarters, view.baseline.quarters)
    names = [w.quarter(quarter_text(quarter)) for quarter in range(count)]
    picks: list[dict[str, Any]] = [
        {"kind": "play", "name": "play", "label": w("explore.play")},
        {"kind": "scrub", "name": "quarter", "label": w("word.quarter"), "value": view.at, "options": names},
    ]

    def changed(data: dict[str, Any]) -> None:
        quarter = int(data["value"])
        session.look(quarter=-1 if quarter >= count - 1 else max(quarter, 0))

    widgets.Picks(picks=picks, title=w("word.quarter"), event_changed=changed)
