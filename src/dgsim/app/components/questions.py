"""Panels that answer a question of `dgsim.decide` about what is on the page: why two differ, order, what binds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import solara

from dgsim.app.components import widgets
from dgsim.app.components.figures import Chart, ProvinceMapOf, TwinOf
from dgsim.app.components.layout import Element, heading, section
from dgsim.app.components.outcomes import by_province
from dgsim.app.content import explanations
from dgsim.app.content.export import label_file
from dgsim.app.content.maps import shapes
from dgsim.app.content.names import shown_name
from dgsim.app.runs.hooks import Study, use_study
from dgsim.app.runs.jobs import Askable, binding_question, order_question, why_question
from dgsim.app.state.session import Session
from dgsim.country import load_country
from dgsim.decide.binding import Binding
from dgsim.decide.explanation import Explanation
from dgsim.numbers import count_text
from dgsim.texts.labels import outcome_in, stock_label

if TYPE_CHECKING:
    from dgsim.decide.order_value import OrderValue

TALL, ROW = 90, 44  # pixels of a chart of bars: its axis, and each bar


@solara.component
def Asked(session: Session, question: Askable, button: str, draw: Callable[[Any], Element]) -> None:
    """A question: the button that asks it, its progress and the way out, its answer, and the command for it."""
    w, study = session.words, use_study(question)
    line = question.line() if study.answer is not None else ""
    pick: dict[str, Any] = {"kind": "button", "name": "study", "label": button}
    if study.running:
        pick["label"] = w("reason.stop")
    elif study.answer is not None:
        pick |= {"kind": "copy", "label": w("reason.copy"), "text": line, "told": w("header.copied_command")}
    act = study.give_up if study.running else study.ask
    widgets.Picks(picks=[pick], title=button, event_changed=lambda _: act())
    # what comes and goes stands apart, so that the button is not made anew and keeps focus
    with section("div", "", []):
        if study.problem:
            widgets.Prose(blocks=[{"kind": "problem", "text": study.problem}])
        if study.running:
            Progress(session, study)
        if study.answer is not None:
            draw(study.answer)
            widgets.Prose(blocks=[{"kind": "code", "text": line.splitlines()[-1]}])


def command_of(session: Session, question: Askable) -> None:
    """A button that copies the command that prints the same numbers."""
    w = session.words
    pick = {"kind": "copy", "name": "command", "label": w("reason.copy"), "text": question.line()}
    widgets.Picks(picks=[pick | {"told": w("header.copied_command")}], title=w("reason.copy"))


@solara.component
def Progress(session: Session, study: Study) -> None:
    """How far a study is."""
    w = session.words
    counts = {"done": count_text(study.done, w.language), "all": count_text(study.expected or 0, w.language)}
    told = w("waiting.done", **counts) if study.done else w("reason.queued")
    widgets.Waiting(text=told, share=study.done / study.expected if study.expected else None)


@solara.component
def Drawn(session: Session, bars: explanations.Bars, about: tuple[str, str, str], runs: int, stamp: str) -> None:
    """Bars with their intervals; `about` is title, note, and what the bars are."""
    title, note, what = about
    option, height = widgets.Sent(bars.option()), TALL + ROW * len(bars.names)
    Chart(session, option, title, note, runs, lambda: bars.twin(title, what, session.words), stamp, height)


@solara.component
def Attribution(session: Session) -> None:
    """Compare: why the two differ."""
    view, w = session.view, session.words
    heading(w("compare.explain"))
    if view.policy.digest() == view.baseline.digest():
        widgets.Prose(blocks=[{"kind": "text", "text": w("compare.same_policy")}])
    else:
        Causes(session)


@solara.component
def Causes(session: Session) -> None:
    """The difference shared out among the groups of levers, or with the items of the roadmap one by one."""
    view, w = session.view, session.words
    items = solara.use_reactive(False)
    widgets.Prose(blocks=[{"kind": "note", "text": w("reason.about")}])
    if view.policy.roadmap != view.baseline.roadmap:
        options = [{"value": key, "text": w(f"reason.{key}")} for key in ("groups", "items")]
        pick = {"kind": "select", "name": "by", "label": w("reason.by"), "value": options[items.value]["value"]}
        widgets.Picks(
            picks=[pick | {"options": options}],
            title=w("reason.by"),
            event_changed=lambda data: items.set(data["value"] == "items"),
        )
    question = solara.use_memo(lambda: why_question(view, items.value), [view.key, view.outcome, view.at, items.value])
    draw = lambda found: Shares(session, found.only(view.outcome))  # noqa: E731
    Asked(session, question, w("compare.explain_button"), draw)


@solara.component
def Shares(session: Session, found: Explanation) -> None:
    """The answer: sentences and bars that lead from the baseline to the policy."""
    view, w = session.view, session.words
    outcome = outcome_in(view.outcome, found.quarter, w)
    values = {"outcome": outcome, "quarter": found.quarter, "policy": shown_name(found.scenario, w)}
    values["baseline"] = shown_name(found.baseline, w)
    runs = found.basis.replications
    widgets.Prose(blocks=[{"kind": "list", "items": explanations.sentences(found.clauses, w)}])
    about = (w("reason.title", **values), w("reason.note", count=runs, seed=view.seed), w("head.group"))
    Drawn(
        session,
        explanations.attribution(found, w),
        about,
        runs,
        f"why-{found.outcome}-{found.coalitions}-{runs}",
    )


@solara.component
def OrderWorth(session: Session) -> None:
    """Sequence: what the order of the roadmap is worth, and which item should come before which."""
    w = session.words
    heading(w("sequence.order"))
    widgets.Prose(blocks=[{"kind": "note", "text": w("order.about")}])
    draw = lambda found: Orders(session, found)  # noqa: E731
    Asked(session, order_question(session.view), w("sequence.order_button"), draw)


@solara.component
def Orders(session: Session, found: OrderValue) -> None:
    """The answer: sentences, the value, the precedences, and the best order to take."""
    view, w = session.view, session.words
    outcome = outcome_in(found.outcome, found.quarter, w)
    values = {"outcome": outcome, "quarter": found.quarter, "policy": shown_name(found.scenario, w)}
    runs = found.basis.replications
    widgets.Prose(blocks=[{"kind": "list", "items": explanations.sentences(found.clauses, w)}])
    with section("div", "dg-two", []):
        note = w("order.note", fresh=found.fresh, seed=view.seed, count=len(found.orders))
        about = (w("order.title", **values), note, w("order.measure"))
        Drawn(session, explanations.worth(found, w), about, found.fresh, f"order-{found.fresh}")
        note = w("order.which_note", count=runs, seed=view.seed, pairs=len(found.precedences))
        about = (w("order.which", **values), note, w("order.precedence"))
        Drawn(session, explanations.precedences(found, w), about, runs, f"precedences-{runs}")
    take = {"kind": "button", "name": "best", "label": w("order.take")}
    best = found.plans["best"]
    widgets.Picks(
        picks=[take],
        title=w("order.take"),
        event_changed=lambda _: session.attempt(lambda: session.view.with_policy(best)),
    )


@solara.component
def Binds(session: Session) -> None:
    """Explore: what binds each province, told for the province that was clicked."""
    view, w = session.view, session.words
    stock = by_province(view.outcome)
    heading(w("bind.heading"))
    widgets.Prose(blocks=[{"kind": "note", "text": w("bind.about", policy=shown_name(view.policy.name, w))}])
    Asked(session, binding_question(view, stock), w("bind.button"), lambda found: Bound(session, found))


@solara.component
def Bound(session: Session, found: Binding) -> None:
    """The answer: the province's own constraint and gains, and the map of all."""
    view, w = session.view, session.words
    provinces = {province["code"]: province["name"] for province in shapes(view.language)["provinces"]}
    code = load_country().codes[load_country().index(view.province)] if view.province else ""
    own = explanations.sentences(found.clauses_of(code, provinces[code]), w) if code else [w("bind.pick")]
    sentences = own + explanations.sentences(found.clauses, w)
    widgets.Prose(blocks=[{"kind": "list", "items": sentences}])
    values = {"stock": stock_label(found.stock, w), "quarter": found.quarter}
    runs = found.basis.replications
    with section("div", "dg-two", []):
        who = provinces[code] if code else w("bind.mean")
        title = w("bind.gains", by=f"{found.by:.0%}", province=who, **values)
        about = (title, w("bind.note", count=runs, seed=view.seed), w("bind.constraint"))
        Drawn(session, explanations.gains(found, code, w), about, runs, f"binds-{code or 'all'}-{runs}")
        BindingMap(session, found, w("bind.map", **values), runs)


@solara.component
def BindingMap(session: Session, found: Binding, title: str, runs: int) -> None:
    """What binds whom, a colour and a letter a constraint; a click chooses the province."""
    view, w = session.view, session.words
    about, meanings = explanations.binding_labels(found, w), (w("bind.unsure"), w("bind.nothing"))
    with solara.v.Html(tag="div", class_="dg-framed"):
        paint = widgets.Sent(explanations.binding_paint(found, w))
        ProvinceMapOf(session, paint, f"{title}. {w('bind.map_note', unsure=meanings[0])}", f"binds-map-{runs}")
        TwinOf(
            session,
            title,
            runs,
            lambda: explanations.binding_twin(found, title, w),
            lambda kind: label_file(about, meanings, title, view, runs, kind),
        )
