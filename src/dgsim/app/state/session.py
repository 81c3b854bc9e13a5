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

from dgsim.app.state.address import address_of, view_of
from dgsim.app.state.files import LARGEST_FILE, file_name, read_upload
from dgsim.app.state.levers import with_reset, with_value
from dgsim.app.state.pages import PAGE_KEYS
from dgsim.app.state.refusal import Refusal
from dgsim.app.state.targets import OWN_TARGETS_FILE, toml_of
from dgsim.app.state.view import History, View
from dgsim.country import load_country
from dgsim.errors import DgsimError
from dgsim.numbers import count_text
from dgsim.texts import LANGUAGES, Words, words

TRIAL_WAIT = 0.0  # seconds for which the runs of a view on trial are waited for
Early = Callable[..., None]


@dataclass(frozen=True)
class Guessed:
    """What was guessed in a lesson (the number of a choice, or the values of a curve), and whether it was revealed."""

    guess: Any = None
    revealed: bool = False


def _nothing(*_: Any) -> None:
    """No runs are started early."""


class Session:
    """The state of one browser; every change goes through here, and a refused one changes nothing but `problem`.

    `together` is a context in which several changes lead to one drawing: without it each part of the page that looks
    at the view is drawn by itself. `start_early` is told of a view whose runs are about to be asked for: the view alone
    where it is the next, else how long to wait for it (seconds) and what tells that it is no longer wanted.
    """

    def __init__(
        self,
        view: View,
        problem: str = "",
        together: AbstractContextManager[Any] | None = None,
        start_early: Early = _nothing,
    ) -> None:
        self.together = together or nullcontext()
        self.history = solara.reactive(History(view))
        self.problem = solara.reactive(problem)
        self.refusals = solara.reactive(0)  # how many changes were refused, or changed nothing
        self.story_asked = solara.reactive(0)  # how often a province was clicked
        self.file: solara.Reactive[dict[str, Any] | None] = solara.reactive(None)
        self.guesses: solara.Reactive[dict[str, Guessed]] = solara.reactive({})
        self._start_early = start_early
        self._tried: tuple[Any, threading.Event] | None = None

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
        self._put(self.history.value.moved(view))

    def _put(self, history: History, problem: str = "") -> None:
        if history.now.key != self.view.key:
            self._drop_trial(history.now)
            self._start_early(history.now)
        with self.together:
            self.problem.value = problem
            self.history.value = history

    def look(self, **fields: Any) -> None:
        """Look elsewhere in the same policy: page, outcome, quarter, province."""
        self.show(replace(self.view, **fields))

    def open_story(self, code: Any) -> None:
        """A province was clicked: its story opens, comes into sight and takes the focus; an unknown one closes it."""
        known = code in load_country().codes
        with self.together:
            self.look(province=code if known else "")
            self.story_asked.value += known

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
        """A control rests where it may be let go: its runs are begun, and dropped if it goes elsewhere."""
        with suppress(DgsimError):
            view = with_value(self.view, data["name"], data["value"])
            self._drop_trial(view)
            self._tried = (view.key, threading.Event())
            self._start_early(view, TRIAL_WAIT, self._tried[1].is_set)

    def _drop_trial(self, view: View) -> None:
        """What was begun on trial is dropped, unless it is of this view."""
        if self._tried is not None and self._tried[0] != view.key:
            self._tried[1].set()

    def reset_lever(self, data: dict[str, Any]) -> None:
        """A control goes back to its preset or default."""
        self.attempt(lambda: with_reset(self.view, data["name"], data["to"]))

    def use_tool(self, data: dict[str, Any]) -> None:
        """A tool of the header was used: its name in `TOOLS`, and a value."""
        tool = TOOLS.get(data["what"])
        if tool is not None:
            tool(self, data["value"])

    def undo(self) -> None:
        """One change back."""
        self._put(self.history.value.undone())

    def redo(self) -> None:
        """One change forward again."""
        self._put(self.history.value.redone())

    def open_page(self, key: str) -> None:
        """Go to a page; an unknown one is ignored."""
        if key in PAGE_KEYS:
            self.look(page=key)

    def speak(self, language: str) -> None:
        """Go on in a language; an unknown one is ignored."""
        if language in LANGUAGES:
            self.look(language=language)

    def go(self, address: str) -> None:
        """The browser went back or forward: read the address again."""
        if address == address_of(self.view):
            return
        path, _, query = address.partition("?")
        view, problem = view_of(path, query)
        self._put(self.history.value.moved(view), problem)

    def save(self) -> None:
        """Hand the policy to the browser as a scenario file."""
        self._hand(file_name(self.view.policy.name), self.view.policy.to_toml())

    def save_targets(self) -> None:
        """Hand the view's own targets to the browser as a file of targets."""
        self._hand(file_name(OWN_TARGETS_FILE), toml_of(self.view.own_targets))

    def _hand(self, name: str, text: str) -> None:
        number = self.file.value["number"] + 1 if self.file.value else 1
        self.file.value = {"name": name, "text": text, "number": number}

    def load(self, name: str, content: str) -> None:
        """Take a scenario from a file of the user's; a bad one changes nothing and is answered in words."""
        try:
            data = base64.b64decode(content[: 2 * LARGEST_FILE], validate=True)
        except (binascii.Error, ValueError):
            data = b"\xff"
        self.attempt(lambda: self.view.started_from(read_upload(name[:200], data)))

    def refuse_large_file(self, name: str) -> None:
        """Tell that a file is too large to be sent."""
        most = count_text(LARGEST_FILE, self.words.language)
        self.problem.value = self.words("file.too_large", name=name[:80], most=most)

    def dismiss(self) -> None:
        """What was told has been read."""
        self.problem.value = ""

    def attempt(self, step: Callable[[], View]) -> None:
        """Go on to the view that a step makes; a refusal (DgsimError) is told and changes nothing else."""
        try:
            view = step()
        except DgsimError as error:
            self.refuse(error)
            return
        with self.together:
            if view == self.view:  # a number in another spelling: the box goes back to the page's own
                self.refusals.value += 1
            self.show(view)

    def refuse(self, error: Exception) -> None:
        """Tell why something was refused; where it has no clause of its own, in the validator's English."""
        said = error.said.text(self.words) if isinstance(error, Refusal) else self.words("problem.refused", why=error)
        with self.together:
            self.problem.value = said
            self.refusals.value += 1


# What the header says was done, and what becomes of the value that it sends with it.
TOOLS: dict[str, Callable[[Session, Any], None]] = {
    "undo": lambda session, _: session.undo(),
    "redo": lambda session, _: session.redo(),
    "page": lambda session, key: session.open_page(key),
    "language": lambda session, language: session.speak(language),
    "save": lambda session, _: session.save(),
    "load": lambda session, file: session.load(file["name"], file["content"]),
    "too_large": lambda session, name: session.refuse_large_file(str(name)),
    "address": lambda session, address: session.go(str(address)),
    "dismiss": lambda session, _: session.dismiss(),
}
