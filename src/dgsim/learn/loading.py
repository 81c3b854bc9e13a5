"""From lesson files to lessons: read, checked between the parts, and put in one language.

>>> from dgsim.learn import load_lessons
>>> load_lessons()[0].key
'technology-without-reform'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from dgsim.errors import LessonError, ScenarioError, asked, did_you_mean
from dgsim.learn.lesson import (
    EVERYONE,
    PLANNED_MONEY,
    Case,
    Challenge,
    Choice,
    Claim,
    Condition,
    Guess,
    Lesson,
    Side,
)
from dgsim.learn.numbers import amount_text, from_0_to_1
from dgsim.learn.schema import (
    AMOUNT,
    CaseForm,
    ChallengeForm,
    ClaimForm,
    LessonForm,
    SideForm,
    Text,
    key_text,
    read_form,
    texts_of,
)
from dgsim.scenario import Scenario, load_scenario, quarter_text, shipped_scenarios
from dgsim.scenario.calendar import horizon_text
from dgsim.scenario.errors import Problem
from dgsim.scenario.loading import PYTHON_LABEL
from dgsim.scenario.source import KeyPath, Source, read_source
from dgsim.texts import ENGLISH, LANGUAGES, known_language

FOLDER = Path(__file__).parent / "lessons"
FEWEST_CHOICES = 2


@cache
def load_lessons(language: str = ENGLISH) -> tuple[Lesson, ...]:
    """The shipped lessons in their order, every text in one of the `dgsim.texts.LANGUAGES`.

    Raises LessonError: a sentence a mistake, with file, key, value and what is allowed.
    """
    lessons = [load_lesson(file, language) for file in sorted(FOLDER.glob("*.toml"))]
    return tuple(sorted(lessons, key=lambda lesson: lesson.order))


def find_lesson(key: str, language: str = ENGLISH) -> Lesson:
    """The shipped lesson of a key; raises LessonError with the nearest key where there is none.

    >>> find_lesson("technology-without-reform").title
    'Technology without reform'
    """
    lessons = {lesson.key: lesson for lesson in load_lessons(language)}
    if key not in lessons:
        raise LessonError(f"there is no lesson {key}{did_you_mean(key, lessons)}; {asked('lessons')} lists them")
    return lessons[key]


def load_lesson(file: str | Path, language: str = ENGLISH) -> Lesson:
    """The lesson of a TOML file in one language, in English where it is not written in that.

    Raises LessonError, a sentence a mistake; StudyError where there is no such language.
    """
    known_language(language)
    try:
        source = read_source(Path(file))
    except ScenarioError as error:
        raise LessonError(str(error)) from None
    form, problems = read_form(source)
    if form is None:
        raise _error(problems)
    return Reading(source, form, language).lesson()


def _error(problems: Iterable[Problem]) -> LessonError:
    ordered = sorted(problems, key=lambda problem: problem.line)
    return LessonError("\n".join(dict.fromkeys(problem.sentence() for problem in ordered)))


class Reading:
    """One file that has the right form: what its parts say of each other is checked on the way to the lesson."""

    def __init__(self, source: Source, form: LessonForm, language: str) -> None:
        self.source = source
        self.form = form
        self.language = language
        self.problems: list[Problem] = []

    def lesson(self) -> Lesson:
        """The lesson; raises LessonError where anything in the file is wrong."""
        form = self.form
        cases = tuple(self._case(index, case) for index, case in enumerate(form.cases))
        self._check_languages()
        self._check_cases()
        claims = tuple(self._claim(index, claim) for index, claim in enumerate(form.claims))
        if not claims:
            self.fault(("claims",), "claims is empty: a lesson claims at least one thing")
        lesson = Lesson(
            key=form.key,
            language=self.language,
            order=form.order,
            title=self.text(form.title),
            question=self.text(form.question),
            cases=cases,
            outcome=form.outcome,
            quarter=form.quarter,
            guess=self._guess(),
            claims=claims,
            reveal=self.text(form.reveal),
            explain=self.text(form.explain),
            challenge=self._challenge(form.challenge),
        )
        self._check_quarters(lesson)
        if self.problems:
            raise _error(self.problems)
        return lesson

    def fault(self, path: KeyPath, text: str) -> None:
        """Something is wrong at a key."""
        self.problems.append(self.source.problem(path, text))

    def text(self, text: Text) -> str:
        """A text in the language that is asked for."""
        return text.text(self.language)

    def _check_languages(self) -> None:
        """That every text is written in all languages of the lesson, and in none that is not known."""
        texts = list(texts_of(self.form))
        spoken = [language for language in LANGUAGES if any(language in text.languages for _, text in texts)]
        for path, text in texts:
            for language in text.languages:
                if language not in LANGUAGES:
                    meant = did_you_mean(language, LANGUAGES)
                    self.fault((*path, language), f"{key_text((*path, language))} is not a known key{meant}")
            for language in spoken:
                if language not in text.languages:
                    self.fault(path, f"{key_text((*path, language))} is missing")

    def _check_cases(self) -> None:
        names = [case.name for case in self.form.cases]
        if not names:
            self.fault(("cases",), "cases is empty: a lesson runs at least one scenario")
        for index, name in enumerate(names):
            if name in names[:index]:
                self.fault(("cases", index, "name"), f'cases has two that are called "{name}"')

    def _case(self, index: int, form: CaseForm) -> Case:
        name = f"{self.form.key} {form.name}"
        return Case(form.name, self.text(form.label), self._scenario(("cases", index), name, form))

    def _scenario(self, path: KeyPath, name: str, form: CaseForm | ChallengeForm) -> Scenario:
        """A shipped scenario, with the changes made to it; a bare one, and a fault, where it is unsound."""
        key = (*path, "scenario")
        if form.scenario not in shipped_scenarios():
            meant = did_you_mean(form.scenario, shipped_scenarios())
            self.fault(key, f'{key_text(key)} = "{form.scenario}" is not a shipped scenario{meant}')
            return load_scenario({"name": name})
        changed: Mapping[str, Any] = {"name": name, "extends": [form.scenario], **form.changes}
        try:
            return load_scenario(changed if form.changes else form.scenario)
        except ScenarioError as error:
            sentences = str(error).replace(f"{PYTHON_LABEL}: ", f"{key_text((*path, 'changes'))}: ")
            for sentence in sentences.splitlines():
                self.fault((*path, "changes"), sentence)
            return load_scenario({"name": name})

    def _claim(self, index: int, form: ClaimForm) -> Claim:
        path: KeyPath = ("claims", index)
        less = None if form.less is None else self._side((*path, "less"), form, form.less)
        return Claim(self.text(form.text), self._side((*path, "more"), form, form.more), less, form.margin)

    def _side(self, path: KeyPath, claim: ClaimForm, side: SideForm) -> Side:
        self._known_case((*path, "case"), side.case)
        measured = side if side.outcome or side.stock else claim
        stock = measured.stock is not None
        among = side.among or EVERYONE
        per = measured.per or ""
        if measured.stock and measured.outcome:
            self.fault(path, f"{key_text(path)} names both an outcome and a stock; write one of them")
        if not stock and (among != EVERYONE or per):
            self.fault(path, f"{key_text(path)} uses among or per, which needs a stock of provinces, not an outcome")
        return Side(
            case=side.case,
            measure=measured.stock or measured.outcome or self.form.outcome,
            quarter=_first(side.quarter, claim.quarter, self.form.quarter),
            stock=stock,
            per=per,
            among=among,
        )

    def _known_case(self, path: KeyPath, name: str) -> None:
        names = [case.name for case in self.form.cases]
        if name not in names:
            meant = did_you_mean(name, names) or f"; there are {', '.join(names)}"
            self.fault(path, f'{key_text(path)} = "{name}" is not a case of the lesson{meant}')

    def _guess(self) -> Guess:
        form = self.form.guess
        if form.kind == "curve":
            self._known_case(("guess", "case"), form.case)
            if not from_0_to_1(self.form.outcome):
                self.fault(
                    ("guess", "kind"), f"guess.kind = curve needs an outcome from 0 to 1, not {self.form.outcome}"
                )
            if not form.quarters or list(form.quarters) != sorted(set(form.quarters)):
                self.fault(("guess", "quarters"), "guess.quarters is not a list of quarters in the order of time")
            return Guess("curve", case=form.case, quarters=form.quarters)
        if len(form.choices) < FEWEST_CHOICES:
            self.fault(("guess", "choices"), f"guess.choices has fewer than {FEWEST_CHOICES} answers")
        ranges = sorted((choice.above, choice.below) for choice in form.choices)
        if any(high > low for (_, high), (low, _) in pairwise(ranges)):
            self.fault(("guess", "choices"), "guess.choices overlap, so that two answers could be right")
        return Guess("choice", tuple(Choice(self.text(one.text), one.above, one.below) for one in form.choices))

    def _challenge(self, form: ChallengeForm) -> Challenge:
        start = self._scenario(("challenge",), f"{self.form.key} challenge", form)
        if not form.conditions:
            self.fault(("challenge", "conditions"), "challenge.conditions is empty: it asks for nothing")
        if not form.levers and not form.items:
            self.fault(("challenge",), "challenge names no levers and no items, so nothing may be changed")
        return Challenge(
            title=self.text(form.title),
            text=self.text(form.text),
            start=start,
            levers=form.levers,
            items=form.items,
            conditions=tuple(self._conditions(form)),
        )

    def _conditions(self, form: ChallengeForm) -> Iterator[Condition]:
        for index, one in enumerate(form.conditions):
            path: KeyPath = ("challenge", "conditions", index)
            bound = one.at_most if one.at_least is None else one.at_least
            if (one.at_least is None) == (one.at_most is None):
                self.fault(path, f"{key_text(path)} has not exactly one of at_least and at_most")
                continue
            for language in one.text.languages:
                if AMOUNT not in one.text.text(language):
                    self.fault((*path, "text"), f"{key_text((*path, 'text', language))} lacks {AMOUNT}")
            if (one.measure == PLANNED_MONEY) != (one.quarter is None):
                needs = (
                    "has a quarter, though planned_money has none"
                    if one.measure == PLANNED_MONEY
                    else "lacks its quarter"
                )
                self.fault(path, f"{key_text(path)} {needs}")
            text = self.text(one.text).replace(AMOUNT, amount_text(one.measure, bound, self.language))
            yield Condition(text, one.measure, one.quarter, one.at_least is not None, bound)

    def _check_quarters(self, lesson: Lesson) -> None:
        """That nothing is asked of a quarter that is not run."""
        scenarios = {case.name: case.scenario for case in lesson.cases}
        asked = [("quarter", lesson.quarter, scenario) for scenario in scenarios.values()]
        for number, claim in enumerate(lesson.claims, start=1):
            sides = [side for side in (claim.more, claim.less) if side and side.case in scenarios]
            asked += [(f"claims[{number}]", side.quarter, scenarios[side.case]) for side in sides]
        if lesson.guess.case in scenarios:
            asked += [("guess.quarters", quarter, scenarios[lesson.guess.case]) for quarter in lesson.guess.quarters]
        for number, one in enumerate(lesson.challenge.conditions, start=1):
            if one.quarter is not None:
                asked.append((f"challenge.conditions[{number}]", one.quarter, lesson.challenge.start))
        for key, quarter, scenario in asked:
            if quarter >= scenario.quarters:
                span = horizon_text(scenario.quarters)
                self.fault((), f"{key} asks for {quarter_text(quarter)}, which is outside the horizon {span}")


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)
