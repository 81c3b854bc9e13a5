"""The form of a lesson file: pydantic models, and their refusals in words.

Every text is a table with a key for each language; every other value is checked as in scenario files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import ErrorDetails

from dgsim.errors import did_you_mean
from dgsim.learn.lesson import GROUPS, PLANNED_MONEY
from dgsim.scenario.errors import WRONG_SHAPE, Problem, known_keys, shown
from dgsim.scenario.rules import Rule, checked
from dgsim.scenario.source import KeyPath, Source
from dgsim.texts import ENGLISH
from dgsim.world.tables import ITEMS, OUTCOME_NAMES, PARAMETERS

AMOUNT = "{amount}"
KINDS = ("choice", "curve")
LARGEST = 1e9


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("is not a text")
    return value.strip()


def _named_case(value: Any) -> Any:
    """The name of a case stands for a table that says no more."""
    return {"case": value} if isinstance(value, str) else value


def _allowed(rule: Rule) -> PlainValidator:
    return PlainValidator(partial(checked, rule))


def _choice(choices: tuple[str, ...]) -> PlainValidator:
    return _allowed(Rule("choice", choices=choices))


def _each(rule: Rule) -> Callable[[Any], Any]:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueError("is not a list")
        return tuple(_entry(rule, entry) for entry in value)

    return read


def _entry(rule: Rule, entry: Any) -> Any:
    try:
        return checked(rule, entry)
    except ValueError as error:
        raise ValueError(f"holds {shown(entry)}, which {error}") from None


Word = Annotated[Any, _allowed(Rule("word"))]
Date = Annotated[Any, _allowed(Rule("date"))]
Number = Annotated[Any, _allowed(Rule("float", "", -LARGEST, LARGEST))]
Outcome = Annotated[Any, _choice(OUTCOME_NAMES)]
Group = Annotated[Any, _choice(GROUPS)]
Written = Annotated[Any, PlainValidator(_text)]


class Form(BaseModel):
    """A table of a lesson file: no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Text(Form):
    """A text in English and in other languages, each under its code."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)
    __pydantic_extra__: dict[str, Written] = Field(init=False)

    en: Written

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it is written."""
        return (ENGLISH, *self.__pydantic_extra__)

    def text(self, language: str) -> str:
        """What it says in a language; in English where it is not written in that."""
        return str(self.__pydantic_extra__.get(language, self.en))


class CaseForm(Form):
    """A scenario of the lesson: a shipped name, and changes to it in the form of a scenario file."""

    name: Word
    label: Text
    scenario: Word
    changes: dict[str, Any] = {}


class SideForm(Form):
    """A number of a case; what it leaves out is as in the claim, and then as in the lesson."""

    case: Word
    outcome: Outcome = None
    stock: Word = None
    per: Word = None
    among: Group = None
    quarter: Date = None


SideTable = Annotated[SideForm, BeforeValidator(_named_case)]


class ClaimForm(Form):
    """That one number is above another."""

    text: Text
    more: SideTable
    less: SideTable | None = None
    margin: Number = 0.0
    outcome: Outcome = None
    stock: Word = None
    per: Word = None
    quarter: Date = None


class ChoiceForm(Form):
    """An answer, and from where to where it is right."""

    text: Text
    above: Number = -LARGEST
    below: Number = LARGEST


class GuessForm(Form):
    """Choices, or the case whose curve is drawn."""

    kind: Annotated[Any, _choice(KINDS)]
    choices: list[ChoiceForm] = []
    case: Word = ""
    quarters: Annotated[Any, PlainValidator(_each(Rule("date")))] = ()


class ConditionForm(Form):
    """A bound on an outcome in a quarter, or on the planned money."""

    text: Text
    measure: Annotated[Any, _choice((*OUTCOME_NAMES, PLANNED_MONEY))]
    quarter: Date = None
    at_least: Number = None
    at_most: Number = None


class ChallengeForm(Form):
    """The task at the end."""

    title: Text
    text: Text
    scenario: Word
    changes: dict[str, Any] = {}
    levers: Annotated[Any, PlainValidator(_each(Rule("choice", choices=PARAMETERS.levers.names)))] = ()
    items: Annotated[Any, PlainValidator(_each(Rule("choice", choices=ITEMS.names)))] = ()
    conditions: list[ConditionForm]


class LessonForm(Form):
    """A whole file."""

    key: Word
    order: Annotated[Any, _allowed(Rule("int", "", 1, 1000))]
    title: Text
    question: Text
    outcome: Outcome
    quarter: Date
    cases: list[CaseForm]
    guess: GuessForm
    claims: list[ClaimForm]
    reveal: Text
    explain: Text
    challenge: ChallengeForm


def read_form(source: Source) -> tuple[LessonForm | None, list[Problem]]:
    """What a file says; or None and its mistakes, a sentence each."""
    try:
        return LessonForm.model_validate(dict(source.data)), []
    except ValidationError as error:
        found = error.errors(include_url=False)
        return None, [source.problem(tuple(one["loc"]), _sentence(source, one)) for one in found]


def _sentence(source: Source, details: ErrorDetails) -> str:
    path, value = tuple(details["loc"]), details["input"]
    key = key_text(path)
    if details["type"] == "extra_forbidden":
        return f"{key} is not a known key{did_you_mean(path[-1], known_keys(LessonForm, path))}"
    if details["type"] == "value_error":
        return f"{key} = {shown(value)} {details['ctx']['error']}"
    if details["type"] == "missing":
        return f"{key} is missing"
    return f"{key} = {shown(value)} {WRONG_SHAPE.get(details['type'], details['msg'])}"


def texts_of(form: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Text]]:
    """Every text of a table of a lesson file, and of the tables within, with its path."""
    if isinstance(form, Text):
        yield path, form
    elif isinstance(form, Form):
        for key in type(form).model_fields:
            yield from texts_of(getattr(form, key), (*path, key))
    elif isinstance(form, list):
        for index, entry in enumerate(form):
            yield from texts_of(entry, (*path, index))


def key_text(path: KeyPath) -> str:
    """A path into a lesson file in words, entries of a list counted from 1.

    >>> key_text(("guess", "choices", 0, "text", "vi"))
    'guess.choices[1].text.vi'
    """
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")
