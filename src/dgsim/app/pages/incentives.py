"""Incentives: one instrument, its levers, what it pays to whom, and what is reported against what is real."""

from __future__ import annotations

import threading
from collections.abc import Callable

import solara

from dgsim.app.components import widgets
from dgsim.app.components.parts import Chart, Headlines, curve_twin, heading, section, stamp_of
from dgsim.app.content import charts, levers, payoff
from dgsim.app.pages.explore import Quarters, lever_words
from dgsim.app.runs.cache import FIRST, Pair, Picture, Stopped
from dgsim.app.runs.hooks import use_pair
from dgsim.app.state.presets import policy_picks, set_policy
from dgsim.app.state.session import Session
from dgsim.errors import SetupError


@solara.component
def Incentives(session: Session) -> None:
    """The page."""
    view, w = session.view, session.words
    instrument = solara.use_reactive("matching")
    measure = solara.use_reactive("granted")
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
                    Payoff(session, instrument.value, measure)
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
            set_policy(session, data)
        elif data["value"] in payoff.INSTRUMENTS:
            instrument.value = data["value"]

    picks = [pick | {"options": options}, *policy_picks(view, w)]
    widgets.Picks(picks=picks, title=w("incentives.instrument"), event_changed=changed)
    names = payoff.INSTRUMENTS[instrument.value].levers
    widgets.Levers(
        groups=levers.fields(view, names, w),
        w=lever_words(session),
        event_changed=session.set_lever,
        event_tried=session.try_lever,
        event_reset=session.reset_lever,
    )


@solara.component
def Payoff(session: Session, instrument: str, measure: solara.Reactive[str]) -> None:
    """What each kind of province gets as the instrument grows."""
    view, w = session.view, session.words
    found, done = use_curve(session, instrument)
    options = [{"value": key, "text": w(f"incentives.{key}")} for key in payoff.MEASURES]
    pick = {"kind": "select", "name": "measure", "label": w("incentives.measure"), "value": measure.value}
    with section("div", "", []):
        widgets.Picks(
            picks=[pick | {"options": options}],
            title=w("incentives.measure"),
            event_changed=lambda data: measure.set(data["value"]) if data["value"] in payoff.MEASURES else None,
        )
        if done < payoff.STEPS:
            text = w("waiting.done", done=done * FIRST, all=payoff.STEPS * FIRST)
            widgets.Waiting(text=text, share=done / payoff.STEPS)
        if found:
            values = payoff.payoffs(found, measure.value, view.at)
            title = w("incentives.payoff", quarter=view.at_text, measure=w(f"incentives.{measure.value}"))
            Chart(
                session,
                widgets.Sent(payoff.payoff_option(view, instrument, values, measure.value, w)),
                title,
                w("incentives.payoff_note", count=FIRST, seed=view.seed),
                FIRST,
                lambda: payoff.payoff_twin(view, instrument, values, title, w),
                f"{instrument}-{measure.value}-{view.policy.digest()[:12]}-{len(found)}",
                360,
            )


def use_curve(session: Session, instrument: str) -> tuple[tuple[Picture, ...], int]:
    """The pictures of the payoff curve once all are there (the last ones until then), and how many are."""
    view = session.view
    shown: solara.Reactive[tuple[Picture, ...]] = solara.use_reactive(())
    done: solara.Reactive[int] = solara.use_reactive(0)
    key = (view.policy.digest(), view.seed, instrument, view.at)

    def work() -> Callable[[], None] | None:
        left = threading.Event()

        def run() -> None:
            done.value = 0
            try:
                found = payoff.curve(
                    view, instrument, lambda count, _: None if left.is_set() else done.set(count), left.is_set
                )
            except (Stopped, SetupError):
                return
            if not left.is_set():
                shown.value = found

        threading.Thread(target=run, daemon=True).start()
        return left.set

    solara.use_effect(work, [key])
    return shown.value, done.value


@solara.component
def Honest(session: Session, pair: Pair) -> None:
    """The index as it is reported, and as it truly is."""
    view, w = session.view, session.words
    reported, gap = (charts.outcome_named(name)[0] for name in ("reported_index", "reporting_gap"))
    told = pair.policy.outcomes[:, :, reported]
    real = told - pair.policy.outcomes[:, :, gap]
    curves = [
        (w("incentives.reported"), *charts.band_of(told, "0..1")),
        (w("incentives.real"), *charts.band_of(real, "0..1")),
    ]
    title = w("incentives.honest")
    Chart(
        session,
        widgets.Sent(charts.lines_option(curves, "0..1", view.at)),
        title,
        w("incentives.honest_note", count=pair.replications, seed=view.seed),
        pair.replications,
        lambda: curve_twin(title, curves, session),
        stamp_of(pair),
        360,
    )
