"""A change that cannot be made, told in the words of whoever tried it, in every language."""

from __future__ import annotations

from dgsim.errors import ScenarioError
from dgsim.texts import words
from dgsim.texts.clauses import Clause


class Refusal(ScenarioError):  # noqa: N818
    """What is said of it is a clause; its text as an error is English."""

    def __init__(self, said: Clause) -> None:
        super().__init__(said.text(words()))
        self.said = said
