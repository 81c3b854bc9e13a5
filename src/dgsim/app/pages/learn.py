"""Learn: a guess, then the model's answer, then why, then a challenge that checks itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from dgsim.app.components import widgets
from dgsim.app.components.figures import Chart
from dgsim.app.components.layout import heading, section
from dgsim.app.content import charts, lessons
from dgsim.app.content.names import shown_name
from dgsim.app.content.tables import curve_twin
from dgsim.app.runs.cache import FIRST, RUN_CACHE, CachedRuns, Stop, parameter_sets
from dgsim.app.runs.hooks import use_background
from dgsim.app.state.session import Session
from dgsim.engine.sets import CENTRAL_NAME
from dgsim.errors import DgsimError
from dgsim.learn import Challenge, Lesson, load_lessons
from dgsim.learn.answers import answered, guess_range
from dgsim.learn.running import check_challenge
from dgsim.scenario.calendar import quarter_text
from dgsim.study.record import sets_text
from dgsim.texts.labels import outcome_by_quarter
from dgsim.world.tables import OUTCOMES

LESSON_RUNS = 100  # of a case or a challenge, at central parameters, as `dgsim learn` runs them


@solara.component
def Page(session: Session) -> None:
    """The page."""
    view, w = session.view, session.words
    known = load_lessons(view.language)
    lesson = next((lesson for lesson in known if lesson.key == view.lesson), known[0])
    options = [{"value": one.key, "text": f"{number}. {one.title}"} for number, one in enumerate(known, 1)]
    pick = {"kind": "select", "name": "lesson", "label": w("learn.lessons"), "value": lesson.key}
    keys = {one.key for one in known}
    widgets.Picks(
        picks=[pick | {"options": options}],
        title=w("learn.lessons"),
        event_changed=lambda data: session.look(lesson=data["value"]) if data["value"] in keys else None,
    )
    with section("div", "dg-lessons", []):
        Lecture(session, lesson).key(lesson.key)


@solara.component
def Lecture(session: Session, lesson: Lesson) -> None:
    """One lesson."""
    w = session.words
    told = session.guessed(lesson.key)
    drawn = solara.use_memo(lambda: told.guess, [told.revealed])
    widgets.Prose(blocks=[{"kind": "h2", "text": lesson.title}, {"kind": "text", "text": lesson.question}])
    if lesson.guess.kind == "choice":
        options = [
            {"kind": "button", "name": str(number), "label": choice.text, "pressed": told.guess == number}
            | {"disabled": told.revealed}
            for number, choice in enumerate(lesson.guess.choices)
        ]
        heading(w("learn.guess_choice"), 3)
        widgets.Picks(
            picks=options,
            title=w("learn.guess_choice"),
            event_changed=lambda data: session.guess(lesson.key, guess=int(data["name"])),
        )
    else:
        low, high = guess_range(lesson)
        widgets.CurveGuess(
            title=w("learn.guess_curve"),
            names=[w.quarter(quarter_text(quarter)) for quarter in lesson.guess.quarters],
            start=drawn or [high / 4] * len(lesson.guess.quarters),
            low=low,
            high=high,
            fixed=told.revealed,
            event_guessed=lambda values: session.guess(lesson.key, guess=values),
        )
    ready = told.guess is not None
    reveal = {"kind": "button", "name": "reveal", "label": w("learn.reveal"), "disabled": not ready or told.revealed}
    widgets.Picks(
        picks=[reveal], title=w("learn.reveal"), event_changed=lambda _: session.guess(lesson.key, revealed=ready)
    )
    if told.revealed:
        Answer(session, lesson, told.guess)


@solara.component
def Answer(session: Session, lesson: Lesson, guess: Any) -> None:
    """What the model says, against the guess; then the explanation and the challenge."""
    w = session.words
    cases = use_cases(lesson)
    heading(w("learn.answer"), 3)
    if len(cases) < len(lesson.cases):
        text = w("waiting.done", done=len(cases) * LESSON_RUNS, all=len(lesson.cases) * LESSON_RUNS)
        widgets.Waiting(text=text, share=len(cases) / len(lesson.cases))
        return
    curves = lessons.case_curves(lesson, cases)
    if lesson.guess.kind == "curve":
        curves.append(lessons.guess_curve(lesson, guess, len(curves[0][1]), w))
    outcome = OUTCOMES[lesson.outcome]
    unit = charts.outcome_unit(outcome, w)
    title = f"{outcome_by_quarter(lesson.outcome, w)}, {unit}"
    banded = [(label, mean, band) for label, mean, band in curves if band is not None]
    widgets.Prose(blocks=_verdict(lesson, guess, cases))
    Chart(
        session,
        widgets.Sent(charts.lines_option(curves, unit, lesson.quarter)),
        title,
        w("chart.band", count=LESSON_RUNS, seed=0, sets=sets_text(parameter_sets(CENTRAL_NAME), w.language)),
        LESSON_RUNS,
        lambda: curve_twin(title, banded, w),
        lesson.key,
    )
    claims = [claim.text for claim in lesson.claims]
    widgets.Prose(
        blocks=[
            {"kind": "text", "text": lesson.reveal},
            {"kind": "list", "items": claims},
            {"kind": "h3", "text": w("word.why")},
            *({"kind": "text", "text": part} for part in lesson.explain.split("\n\n")),
        ]
    )
    ChallengeView(session, lesson)


def _verdict(lesson: Lesson, guess: Any, cases: dict[str, CachedRuns]) -> list[dict[str, Any]]:
    given = guess + 1 if lesson.guess.kind == "choice" else guess
    verdict = answered(lesson, given, cases)
    return [{"kind": {True: "right", False: "wrong", None: "text"}[verdict.right], "text": verdict.text}]


@solara.component
def ChallengeView(session: Session, lesson: Lesson) -> None:
    """The task, a button that opens its start, and one that checks the policy that is open."""
    view, w = session.view, session.words
    challenge = lesson.challenge
    checked, running, check = use_check(session, challenge)
    heading(f"{w('learn.challenge')}: {challenge.title}", 3)
    conditions = [condition.text for condition in challenge.conditions]
    widgets.Prose(
        blocks=[
            {"kind": "text", "text": challenge.text},
            {"kind": "list", "items": conditions},
            {"kind": "note", "text": w("learn.after")},
        ]
    )

    def act(data: dict[str, Any]) -> None:
        if data["name"] == "try":
            session.show(replace(view.started_from(challenge.start), page="explore", parameters=CENTRAL_NAME))
        else:
            check()

    picks = [
        {"kind": "button", "name": "try", "label": w("learn.try")},
        {"kind": "button", "name": "check", "label": w("learn.check")},
    ]
    widgets.Picks(picks=picks, title=w("learn.challenge"), event_changed=act)
    if running:
        widgets.Waiting(text=w("waiting.first"))
    elif checked:
        Verdict(session, lesson, checked)


def use_check(session: Session, challenge: Challenge) -> tuple[list[Any], bool, Callable[[], None]]:
    """What came of checking the policy that is open (nothing until it is checked), whether it is run, and the check."""
    view = session.view
    key = (view.policy.digest(), view.seed)
    asked: solara.Reactive[Any] = solara.use_reactive(None)
    found: solara.Reactive[tuple[Any, list[Any]]] = solara.use_reactive((None, []))
    running = asked.value == key

    def work(stop: Stop) -> None:
        try:
            for count in (FIRST, LESSON_RUNS):
                runs = RUN_CACHE.runs(view.policy, view.seed, count, stop)
            found.value = (key, check_challenge(challenge, view.policy, runs.outcomes))
        except DgsimError as error:
            session.refuse(error)
        asked.value = None

    use_background(work if running else None, [key, running])
    return found.value[1] if found.value[0] == key else [], running, lambda: asked.set(key)


@solara.component
def Verdict(session: Session, lesson: Lesson, results: list[Any]) -> None:
    """Which conditions are met, and at what values."""
    w = session.words
    told = zip(lesson.challenge.conditions, results, strict=True)
    rows = [
        (text, w("learn.yes" if met else "learn.no"), lessons.value_shown(condition, value, w))
        for condition, (text, met, value) in told
    ]
    table = {"caption": w("learn.checked", name=shown_name(session.view.policy.name, w)), "rows": rows}
    table["columns"] = [w("learn.condition"), w("learn.met"), w("head.value")]
    widgets.Table(table=table)
    wrong = lessons.forbidden(lesson.challenge, session.view.policy, w)
    if wrong:
        widgets.Prose(blocks=[{"kind": "wrong", "text": w("learn.not_allowed", what="; ".join(wrong[:5]))}])
    elif all(met for _, met, _ in results):
        widgets.Prose(blocks=[{"kind": "right", "text": w("learn.won")}])


def use_cases(lesson: Lesson) -> dict[str, CachedRuns]:
    """The runs of the lesson's cases, as far as they are there."""
    shown: solara.Reactive[dict[str, CachedRuns]] = solara.use_reactive({})

    def work(stop: Stop) -> None:
        found: dict[str, CachedRuns] = {}
        for case in lesson.cases:
            RUN_CACHE.runs(case.scenario, 0, FIRST, stop)
            found = {**found, case.name: RUN_CACHE.runs(case.scenario, 0, LESSON_RUNS, stop)}
            shown.value = found

    use_background(work, [lesson.key])
    return shown.value
