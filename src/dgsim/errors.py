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

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

LONGEST_WORD = 60  # letters of a word that are compared
LONGEST_VALUE = 60  # letters of a value that are told
CUT = "..."  # where more follows
LARGEST_SEED = 2**64 - 1  # the key of all luck is two words of 32 bits
LARGEST_REPLICATION = 2**32 - 1  # and a run is one word of its counter


# How one asks in Python for what a sentence offers; where something else is written, a sentence names that.
IN_PYTHON: Mapping[str, str] = {
    "resume": "resume=True",
    "again": "the same call",
    "any_size": "any_size=True",
    "scenarios": "shipped_scenarios()",
    "lessons": "load_lessons()",
}
_asking: ContextVar[Mapping[str, str]] = ContextVar("_asking", default=IN_PYTHON)


def asked(what: str) -> str:
    """How whoever reads a sentence asks for one of :data:`IN_PYTHON`.

    >>> asked("resume")
    'resume=True'
    """
    return _asking.get()[what]


@contextmanager
def asked_by(ways: Mapping[str, str]) -> Iterator[None]:
    """Sentences that are made meanwhile name these ways to ask; one for each of :data:`IN_PYTHON`.

    >>> with asked_by(IN_PYTHON | {"resume": "--resume"}):
    ...     asked("resume")
    '--resume'
    """
    before = _asking.set(ways)
    try:
        yield
    finally:
        _asking.reset(before)


def printable(text: str) -> str:
    r"""The text on one line: what would break it, or speak to the terminal, as Python writes it.

    >>> print(printable("fee\ncut"))
    fee\ncut
    """
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def cut(text: str) -> str:
    """A value as sentences tell it: cut where it is long.

    >>> len(cut("a" * 1000)), cut("short")
    (60, 'short')
    """
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - len(CUT)] + CUT


class DgsimError(ValueError):
    """Something that was asked for cannot be done; the text says why in one sentence a line.

    What a file or name brings into a sentence never speaks to the terminal: only what is printed stands in it.
    """

    def __str__(self) -> str:
        return "\n".join(map(printable, super().__str__().split("\n")))


class CountryError(DgsimError):
    """A country's tables, or a question put to a country, that cannot be accepted."""

    def __str__(self) -> str:
        return printable(ValueError.__str__(self))


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


class ModelError(DgsimError, RuntimeError):
    """A Mesa model that cannot go on, or a change of it that its rules do not allow."""


class CopyError(ModelError, TypeError):
    """A model that cannot be copied in this way."""


class UnknownNameError(DgsimError, KeyError):
    """A name that no row of a table has."""

    def __str__(self) -> str:
        return printable(BaseException.__str__(self))  # that of KeyError sets a sentence in quotes


class FolderError(DgsimError):
    """A folder or file that results cannot be written to."""


def nearest(word: object, names: Iterable[str], key: Callable[[str], str] = str.lower) -> str | None:
    """The name most like a word, or None where none is like it; both are compared by `key`.

    A name that differs in leading zeros only, which spreadsheets drop, is the nearest.

    >>> nearest("maching_rate", ["matching_rate", "awards"]), nearest("1", ["10", "01"])
    ('matching_rate', '01')
    """
    from difflib import get_close_matches

    by_key, given = {key(name): name for name in names}, key(str(word))[:LONGEST_WORD]
    near = [label for label in by_key if label.lstrip("0") == given.lstrip("0")]
    near = near or get_close_matches(given, by_key, n=1)
    return by_key[near[0]] if near else None


def did_you_mean(word: object, names: Iterable[str], key: Callable[[str], str] = str.lower) -> str:
    """The end of a sentence that offers the nearest name, or nothing where none is near.

    >>> did_you_mean("maching_rate", ["matching_rate", "awards"])
    '; did you mean matching_rate?'
    """
    name = nearest(word, names, key)
    return f"; did you mean {name}?" if name else ""


SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "upright lines"}


def other_separator(header: Sequence[str]) -> str | None:
    """What a table's cells are separated by where that is no comma, so that its header was read as one cell.

    >>> other_separator(["province_code;year;score"]), other_separator(["province_code", "year"])
    ('is separated by semicolons; allowed: commas', None)
    """
    if len(header) != 1:
        return None
    signs = [called for sign, called in SEPARATORS.items() if sign in header[0]]
    return f"is separated by {signs[0]}; allowed: commas" if signs else None


def whole_number(value: object, what: str, lowest: int, highest: int = LARGEST_SEED) -> int:
    """The value, if it is a whole number from `lowest` to `highest`; raises StudyError otherwise.

    >>> whole_number(3, "replications", 1)
    3
    """
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise StudyError(f"{what} = {value!r} is not a whole number")
    number = int(value.__index__())
    if number < lowest:
        raise StudyError(f"{what} = {number} is below {lowest}")
    if number > highest:
        raise StudyError(f"{what} = {number} is above {highest}")
    return number
