"""Sentences and names of the library as the command line says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dgsim.texts import Words

if TYPE_CHECKING:
    from dgsim.country import Country


def as_typed(sentence: str) -> str:
    """A sentence that names what one types where the library names its argument.

    >>> as_typed("out holds a finished sweep: continue it with resume=True")
    'out holds a finished sweep: continue it with --resume'
    """
    return sentence.replace("resume=True", "--resume").replace("the same call", "the same command")


def own_names(country: Country, w: Words) -> dict[str, str]:
    """What each province is called in a language, by its name in the tables."""
    return dict(zip(country.names, w.own(country, "names"), strict=True))
