"""What the command line calls things: how one asks for them, and provinces by their own names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dgsim.texts import Words
from dgsim.world.tables import PARAMETERS

if TYPE_CHECKING:
    from dgsim.country import Country

TYPED = {  # how one asks on the command line for what the sentences of the library offer
    "resume": "--resume",
    "again": "the same command",
    "any_size": "--any-size",
    "scenarios": "dgsim scenarios",
    "lessons": "dgsim learn",
}


def own_names(country: Country, w: Words) -> dict[str, str]:
    """What each province is called in a language, by its name in the tables."""
    return dict(zip(country.names, w.own(country, "names"), strict=True))


def assumption_name(name: str, w: Words) -> str:
    """What people call an assumption, or a factor of an appraisal."""
    return w.of(PARAMETERS[name].label) if name in PARAMETERS.settable.names else w(f"worth.{name}")
