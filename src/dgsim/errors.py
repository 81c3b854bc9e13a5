"""What a user may have got wrong: one root, a child for each kind, and the nearest right name.

Every sentence says what was given, why it cannot be used and what may be written instead. A program catches them all
with one name:

>>> import dgsim
>>> try:
...     dgsim.load_scenario("stagd")
... except dgsim.DgsimError as mistake:
...     print(mistake)
stagd: there is no shipped scenario of this name; did you mean staged?
"""

from __future__ import annotations

from collections.abc import Iterable

LONGEST_WORD = 60  # letters of a word that are compared


class DgsimError(ValueError):
    """Something that was asked for cannot be done; the text says why in one sentence a line."""


class CountryError(DgsimError):
    """A country's tables, or a question put to a country, that cannot be accepted."""


class ScenarioError(DgsimError):
    """A scenario that cannot be used: one sentence a line, with file, key, value and what is allowed."""


class SetupError(DgsimError):
    """A country and a scenario that cannot be simulated together."""


class StudyError(DgsimError):
    """A study that was asked for cannot be made."""


class DesignError(StudyError):
    """A design that cannot be used: one sentence a line, with file, key, value and what is allowed."""


class StoreError(StudyError):
    """A folder that is no sweep of this design, or that does not hold what it should."""


class ClusterError(StudyError):
    """Workers that cannot be reached or used."""


class LessonError(StudyError):
    """A lesson that cannot be used, or an answer that cannot be read."""


class FolderError(DgsimError):
    """A folder or file that results cannot be written to."""


def nearest(word: object, names: Iterable[str]) -> str | None:
    """The name most like a word, or None where none is like it.

    >>> nearest("maching_rate", ["matching_rate", "awards"])
    'matching_rate'
    """
    from difflib import get_close_matches

    by_lower_case = {name.lower(): name for name in names}
    near = get_close_matches(str(word).lower()[:LONGEST_WORD], by_lower_case, n=1)
    return by_lower_case[near[0]] if near else None


def did_you_mean(word: object, names: Iterable[str]) -> str:
    """The end of a sentence that offers the nearest name, or nothing where none is near.

    >>> did_you_mean("maching_rate", ["matching_rate", "awards"])
    '; did you mean matching_rate?'
    """
    name = nearest(word, names)
    return f"; did you mean {name}?" if name else ""
