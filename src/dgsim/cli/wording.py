"""Sentences and names of the library as the command line says them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dgsim.texts import Words

if TYPE_CHECKING:
    from dgsim.country import Country


def as_typed(sentence: str) -> str:
    """A sentence in which an argument that is true is the option one types.

    >>> as_typed("out holds a finished sweep: continue it with resume=True")
    'out holds a finished sweep: continue it with --resume'
    """
    return re.sub(r"\b([a-z]+)=True\b", r"--\1", sentence.replace("the same call", "the same command"))


def own_names(country: Country, w: Words) -> dict[str, str]:
    """What each province is called in a language, by its name in the tables."""
    return dict(zip(country.names, w.own(country, "names"), strict=True))
