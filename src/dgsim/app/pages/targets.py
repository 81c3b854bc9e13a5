"""Targets: the chance that policy and baseline meet what was decided, or what is asked of them here."""

from __future__ import annotations

from typing import Any

import solara

from dgsim.app.components import widgets
from dgsim.app.components.controls import policy_controls
from dgsim.app.components.figures import Chart
from dgsim.app.components.layout import heading, section
from dgsim.app.components.questions import command_of
from dgsim.app.content import targets
from dgsim.app.content.presets import sets_of
from dgsim.app.content.tables import curve_twin
from dgsim.app.content.worth import HORIZONS, horizon_pick
from dgsim.app.runs.cache import FIRST
from dgsim.app.runs.hooks import use_looks
from dgsim.app.runs.worth import Met, targets_question
from dgsim.app.state.entered import number_entered
from dgsim.app.state.session import Session
from dgsim.app.state.targets import LEAST, choices, set_of, with_target, without_target
from dgsim.app.state.view import View
from dgsim.appraisals.targets.figures import TRUE, views_of
from dgsim.appraisals.targets.file import Target
from dgsim.numbers import is_share
from dgsim.texts.clauses import Key
from dgsim.world.tables import OUTCOME_NAMES, OUTCOMES

FIRST_DRAFT = {"indicator": "use", "seen_as": TRUE, "way": LEAST, "amount": "50%", "by": "2030Q4"}


@solara.component
def Page(session: Session) -> None:
    """The page."""
    view, w = session.view, session.words
    policy_controls(session, w("page.targets"))

    def changed(data: dict[str, Any]) -> None:
        if data["name"] == "targets" and data["value"] in choices():
            session.look(targets=data["value"])
        elif data["name"] == "to" and data["value"] in (*HORIZONS, view.to):
            session.look(to=data["value"])

    picks = [targets.set_pick(view, w), horizon_pick(view.to, w)]
    widgets.Picks(picks=picks, title=w("report.targets"), event_changed=changed)
    wanted = set_of(view)
    if wanted.title:
        widgets.Prose(blocks=[{"kind": "text", "text": w.of(wanted.title)}])
    if wanted.targets:
        Chances(session, view)
    else:
        widgets.Prose(blocks=[{"kind": "note", "text": w("targets.nothing")}])
    Editor(session)


@solara.component
def Chances(session: Session, view: View) -> None:
    """The cards, the figure of the one that was chosen, and the results framework; `view` has targets."""
    w = session.words
    chosen = solara.use_reactive("")
    found, stale, problem = use_looks(targets_question(view, FIRST), targets_question(view))
    known = set_of(view).targets
    with section("div", "dg-stale" if stale else "", [], **{"aria-busy": str(stale).lower()}):
        if problem:
            widgets.Prose(blocks=[{"kind": "problem", "text": problem}])
        if found is None:
            if not problem:
                widgets.Waiting(text=w("waiting.first"))
            return
        shown = next((one for one in known if one.name == chosen.value), known[0])
        widgets.Cards(
            cards=targets.cards(found, w),
            chosen=shown.name,
            stamp=f"{view.targets}-{view.to}-{found.replications}",
            event_picked=chosen.set,
        )
        note = w("targets.note", count=found.replications, seed=view.seed, sets=sets_of(view, w))
        widgets.Prose(blocks=[{"kind": "note", "text": note}])
        if (next(iter(found.figures))[0], shown.name) in found.figures:  # what is shown may be of earlier targets
            Figure(session, found, shown).key(shown.name)
        widgets.Table(table=targets.records_twin(found, w).for_screen(w))
        command_of(session, targets_question(view, found.replications))
        heading(w("target.framework"))
        widgets.Table(table=targets.framework_twin(found, w).for_screen(w))
        lines = targets.missing_lines(found, w)
        if lines:
            blocks = [{"kind": "h3", "text": w("target.missing")}, {"kind": "list", "items": lines}]
            widgets.Prose(blocks=blocks)


@solara.component
def Figure(session: Session, found: Met, target: Target) -> None:
    """The figure that a target is held against, and its line."""
    view, w = session.view, session.words
    option, curves, wanted = targets.figure_option(found, target, w)
    title = targets.target_label(target, w)
    Chart(
        session,
        widgets.Sent(option),
        title,
        w("chart.band", count=found.replications, seed=view.seed, sets=sets_of(view, w)),
        found.replications,
        lambda: curve_twin(title, curves, w, wanted),
        f"{target.name}-{view.targets}-{view.to}-{found.replications}",
        380,
    )


@solara.component
def Editor(session: Session) -> None:
    """Targets of one's own: made here, carried by the address, downloaded as a file that `dgsim targets` reads."""
    view, w = session.view, session.words
    draft: solara.Reactive[dict[str, str]] = solara.use_reactive(FIRST_DRAFT)
    heading(w("targets.editor"))
    widgets.Prose(blocks=[{"kind": "note", "text": w("targets.editor_about")}])

    def changed(data: dict[str, Any]) -> None:
        name, value = data["name"], data["value"]
        if name == "add":
            session.attempt(lambda: _added(session.view, draft.value))
        elif name == "indicator" and value in OUTCOME_NAMES:
            draft.value = draft.value | _of_indicator(value, draft.value["seen_as"])
        elif name in FIRST_DRAFT and isinstance(value, str):
            draft.value = draft.value | {name: value[:40]}

    title = w("targets.editor")
    picks = targets.editor_picks(draft.value, view, w)
    widgets.Picks(picks=picks, title=title, refused=session.refusals.value, event_changed=changed)
    own = targets.own_picks(view, w)
    with section("div", "", []):
        if own:
            widgets.Picks(picks=own, title=w("targets.own"), event_changed=lambda data: _own(session, data["name"]))


def _own(session: Session, name: str) -> None:
    """A button beside one's own targets was pressed."""
    if name == "save":
        session.save_targets()
    else:
        session.attempt(lambda: without_target(session.view, name))


def _of_indicator(indicator: str, seen_as: str) -> dict[str, str]:
    """What becomes of a draft whose indicator was changed."""
    seen = seen_as if seen_as in views_of(indicator) else TRUE
    amount = FIRST_DRAFT["amount"] if is_share(OUTCOMES[indicator].unit) else ""
    return {"indicator": indicator, "seen_as": seen, "amount": amount}


def _added(view: View, draft: dict[str, str]) -> View:
    """The view with the draft among its own targets; raises Refusal or DesignError."""
    unit = OUTCOMES[draft["indicator"]].unit
    amount = number_entered(draft["amount"], Key("targets.amount_plain"), view.language, unit)
    return with_target(view, draft["indicator"], draft["seen_as"], draft["way"], amount, draft["by"])
