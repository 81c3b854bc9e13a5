"""Sentences and names of the library as the command line says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dgsim.texts import Words

if TYPE_CHECKING:
    from dgsim.country import Country

TYPED = {  # what a sentence of the library names, and what is typed instead
    "resume=True": "--resume",
    "the same call": "the same command",
    "shipped_scenarios()": "dgsim scenarios",
    "load_lessons()": "dgsim learn",
}


def as_typed(sentence: str) -> str:
    """A sentence that names what one types where the library names its argument or function.

    >>> as_typed("out holds a finished sweep: continue it with resume=True")
    'out holds a finished sweep: continue it with --resume'
    """
    for named, typed in TYPED.items():
        sentence = sentence.replace(named, typed)
    return sentence


def own_names(country: Country, w: Words) -> dict[str, str]:
    """What each province is called in a language, by its name in the tables."""
    return dict(zip(country.names, w.own(country, "names"), strict=True))
