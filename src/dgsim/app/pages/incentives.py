"""Incentives: one instrument, its levers, what it pays to whom, and what is reported against what is real."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import solara

from dgsim.app.components import widgets
from dgsim.app.components.controls import Quarters, lever_controls, pick_policy, world_note
from dgsim.app.components.figures import Chart, stamp_of
from dgsim.app.components.layout import heading, section
from dgsim.app.components.outcomes import Headlines
from dgsim.app.content import charts, levers, payoff
from dgsim.app.content.presets import policy_picks, sets_of
from dgsim.app.content.tables import curve_twin
from dgsim.app.runs.cache import FIRST, Pair, Stop
from dgsim.app.runs.hooks import use_background, use_pair
from dgsim.app.state.session import Session
from dgsim.app.state.view import View
from dgsim.errors import DgsimError
from dgsim.numbers import SCALE
from dgsim.world.tables import OUTCOME_NAMES


@solara.component
def Page(session: Session) -> None:
    """The page."""
    view, w = session.view, session.words
    instrument = solara.use_reactive("matching")
    pair, stale, problem = use_pair(view)
    with section("div", "dg-split", []):
        with section("section", "dg-side", []):
            Designer(session, instrument)
        with section("section", "dg-main" + (" dg-stale" if stale else ""), [], **{"aria-busy": str(stale).lower()}):
            if problem:
                widgets.Prose(blocks=[{"kind": "problem", "text": problem}])
            if pair is None:
                widgets.Waiting(text=w("waiting.first"))
            else:
                Headlines(session, pair)
                Quarters(session)
                with section("div", "dg-two", []):
                    Payoff(session, instrument.value).key(instrument.value)
                    Honest(session, pair)


@solara.component
def Designer(session: Session, instrument: solara.Reactive[str]) -> None:
    """The instrument and its levers: size, target, metric, audit."""
    view, w = session.view, session.words
    options = [{"value": key, "text": w(f"incentives.{key}")} for key in payoff.INSTRUMENTS]
    pick = {"kind": "select", "name": "instrument", "label": w("incentives.instrument"), "value": instrument.value}
    heading(w("incentives.instrument"))

    def changed(data: dict[str, str]) -> None:
        if data["name"] != "instrument":
            pick_policy(session, data)
        elif data["value"] in payoff.INSTRUMENTS:
            instrument.value = data["value"]

    picks = [pick | {"options": options}, *policy_picks(view, w)]
    refused = session.refusals.value
    widgets.Picks(picks=picks, title=w("incentives.instrument"), refused=refused, event_changed=changed)
    world_note(session)
    names = payoff.INSTRUMENTS[instrument.value].levers
    lever_controls(session, levers.fields(view, names, w))


@solara.component
def Payoff(session: Session, instrument: str) -> None:
    """What each kind of province gains as the instrument grows."""
    view, w = session.view, session.words
    measure = solara.use_reactive(payoff.INSTRUMENTS[instrument].measure)
    found, done = use_curve(session, instrument)
    options = [{"value": key, "text": w(f"incentives.{key}")} for key in payoff.MEASURES]
    pick = {"kind": "select", "name": "measure", "label": w("incentives.measure"), "value": measure.value}
    with section("div", "", []):
        widgets.Picks(
            picks=[pick | {"options": options}],
            title=w("incentives.measure"),
            event_changed=lambda data: measure.set(data["value"]) if data["value"] in payoff.MEASURES else None,
        )
        sentences = payoff.payoff_sentences(view, instrument, w)
        widgets.Prose(blocks=[{"kind": "text", "text": text} for text in sentences])
        if done < payoff.SIZES_TRIED:
            text = w("waiting.done", done=done * FIRST, all=payoff.SIZES_TRIED * FIRST)
            widgets.Waiting(text=text, share=done / payoff.SIZES_TRIED)
        if found is not None:
            shown, runs = found
            values = payoff.payoffs(runs, measure.value, shown.at)
            title = w("incentives.payoff", quarter=shown.at_text, measure=w(f"incentives.{measure.value}"))
            Chart(
                session,
                widgets.Sent(payoff.payoff_option(shown, instrument, values, measure.value, w)),
                title,
                w("incentives.payoff_note", count=FIRST, seed=shown.seed, sets=sets_of(shown, w)),
                FIRST,
                lambda: payoff.payoff_twin(shown, instrument, values, title, w),
                f"{instrument}-{measure.value}-{shown.policy.digest()[:12]}-{len(runs)}",
                360,
            )


def use_curve(session: Session, instrument: str) -> tuple[tuple[View, tuple[np.ndarray, ...]] | None, int]:
    """The payoff curve with the view it is of, once all of it is there (the last one until then), and how much is."""
    view = session.view
    shown: solara.Reactive[tuple[View, tuple[np.ndarray, ...]] | None] = solara.use_reactive(None)
    done: solara.Reactive[int] = solara.use_reactive(0)
    key = (view.policy.digest(), view.seed, view.parameters, instrument, view.at)

    def work(stop: Stop) -> None:
        done.value = 0
        with suppress(DgsimError):  # the pair beside it tells
            found = payoff.curve(view, instrument, lambda count, _: None if stop() else done.set(count), stop)
            if not stop():
                shown.value = (view, found)

    use_background(work, [key])
    return shown.value, done.value


@solara.component
def Honest(session: Session, pair: Pair) -> None:
    """The index as it is reported, and as it truly is."""
    view, w = session.view, session.words
    reported, gap = (OUTCOME_NAMES.index(name) for name in ("reported_index", "reporting_gap"))
    told = pair.policy.outcomes[:, :, reported]
    real = told - pair.policy.outcomes[:, :, gap]
    curves = [
        (w("incentives.reported"), *charts.band_of(told, SCALE)),
        (w("incentives.real"), *charts.band_of(real, SCALE)),
    ]
    title = w("incentives.honest")
    Chart(
        session,
        widgets.Sent(charts.lines_option(curves, SCALE, view.at)),
        title,
        w("incentives.honest_note", count=pair.replications, seed=view.seed, sets=sets_of(view, w)),
        pair.replications,
        lambda: curve_twin(title, curves, w),
        stamp_of(pair),
        360,
    )
