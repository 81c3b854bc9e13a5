"""What one browser holds: its history of views, and what it was told. Made anew for every session."""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from typing import Any

import solara

from dgsim.app.content.files import LARGEST_FILE, file_name, read_upload
from dgsim.app.content.levers import with_reset, with_value
from dgsim.app.content.texts import LANGUAGES, Words, words
from dgsim.app.runs.cache import hurry
from dgsim.app.state.address import address_of, view_of
from dgsim.app.state.view import PAGES, History, View
from dgsim.errors import ScenarioError
from dgsim.world.compiled import compiled_before


@dataclass(frozen=True)
class Guessed:
    """What was guessed in a lesson (the place of a choice, or the values of a curve), and whether it was revealed."""

    guess: Any = None
    revealed: bool = False


class Session:
    """The state of one browser; every change goes through here, and a refused one changes nothing but `problem`.

    `together` is a context in which several changes lead to one drawing: without it each part of the page that looks
    at the view is drawn by itself.
    """

    def __init__(self, view: View, problem: str = "", together: AbstractContextManager[Any] | None = None) -> None:
        self.together = together or nullcontext()
        self.history = solara.reactive(History(view))
        self.problem = solara.reactive(problem)
        self.file: solara.Reactive[dict[str, Any] | None] = solara.reactive(None)
        self._tried: tuple[Any, threading.Event] | None = None
        self.guesses: solara.Reactive[dict[str, Guessed]] = solara.reactive({})

    @property
    def view(self) -> View:
        """What is looked at now."""
        return self.history.value.now

    @property
    def words(self) -> Words:
        """The texts in the language of the view."""
        return words(self.view.language)

    def show(self, view: View) -> None:
        """Go on to a view."""
        self._put(self.history.value.moved(view), "")

    def _put(self, history: History, problem: str) -> None:
        if history.now.key != self.view.key and compiled_before():
            self._forget(history.now)
            hurry(history.now)
        with self.together:
            self.problem.value = problem
            self.history.value = history

    def look(self, **fields: Any) -> None:
        """Look elsewhere in the same policy: page, outcome, quarter, province."""
        self.show(replace(self.view, **fields))

    def guessed(self, lesson: str) -> Guessed:
        """What was guessed in a lesson so far; it is kept while other pages are open."""
        return self.guesses.value.get(lesson, Guessed())

    def guess(self, lesson: str, **fields: Any) -> None:
        """Guess, or reveal."""
        self.guesses.value = {**self.guesses.value, lesson: replace(self.guessed(lesson), **fields)}

    def set_lever(self, data: dict[str, Any]) -> None:
        """A control was let go: a name and a value."""
        self.attempt(lambda: with_value(self.view, data["name"], data["value"]))

    def try_lever(self, data: dict[str, Any]) -> None:
        """A control rests where it may be let go: its pictures are begun, and dropped if it goes elsewhere."""
        if not compiled_before():
            return
        with suppress(ScenarioError):
            view = with_value(self.view, data["name"], data["value"])
            self._forget(view)
            self._tried = (view.key, threading.Event())
            hurry(view, 0.0, self._tried[1].is_set)

    def _forget(self, view: View) -> None:
        """What was begun on trial is dropped, unless it is of this view."""
        if self._tried is not None and self._tried[0] != view.key:
            self._tried[1].set()

    def reset_lever(self, data: dict[str, Any]) -> None:
        """A control goes back to its preset or default."""
        self.attempt(lambda: with_reset(self.view, data["name"], data["to"]))

    def asked(self, data: dict[str, Any]) -> None:
        """A tool of the header was used."""
        what, value = data["what"], data["value"]
        if what == "undo":
            self._put(self.history.value.undone(), "")
        elif what == "redo":
            self._put(self.history.value.redone(), "")
        elif what == "page" and value in PAGES:
            self.look(page=value)
        elif what == "language" and value in LANGUAGES:
            self.look(language=value)
        elif what == "save":
            self.save()
        elif what == "load":
            self.load(value["name"], value["content"])
        elif what == "too_large":
            self.problem.value = self.words("file.too_large", name=str(value)[:80], most=f"{LARGEST_FILE:,}")
        elif what == "address":
            self.go(str(value))
        elif what == "dismiss":
            self.problem.value = ""

    def go(self, address: str) -> None:
        """The browser went back or forward: read the address again."""
        if address == address_of(self.view):
            return
        path, _, query = address.partition("?")
        view, problem = view_of(path, query)
        self._put(self.history.value.moved(view), problem)

    def save(self) -> None:
        """Hand the policy to the browser as a scenario file."""
        number = self.file.value["number"] + 1 if self.file.value else 1
        text = self.view.policy.to_toml()
        self.file.value = {"name": file_name(self.view.policy.name), "text": text, "number": number}

    def load(self, name: str, content: str) -> None:
        """Take a scenario from a file of the user's; a bad one changes nothing and is answered in words."""
        try:
            data = base64.b64decode(content[: 2 * LARGEST_FILE], validate=True)
        except (binascii.Error, ValueError):
            data = b"\xff"
        self.attempt(lambda: self.view.started_from(read_upload(name[:200], data)))

    def attempt(self, step: Callable[[], View]) -> None:
        """Go on to the view that a step makes; a refusal (ScenarioError) is told and changes nothing else."""
        try:
            view = step()
        except ScenarioError as error:
            self.refuse(error)
            return
        self.show(view)

    def refuse(self, error: Exception) -> None:
        """Tell why something was refused: the sentence is the validator's, and English."""
        self.problem.value = self.words("problem.refused", why=error)
