"""What an instrument pays: its size moved from nothing to twice what it is, for rich, average and poor provinces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np

from dgsim.app.content.charts import curves_option
from dgsim.app.content.numbers import short
from dgsim.app.content.tables import Twin
from dgsim.app.runs.cache import FIRST, RUN_CACHE, CachedRuns, Stop
from dgsim.app.state.view import View
from dgsim.country import load_country
from dgsim.country.groups import fifth, revenue_a_head
from dgsim.numbers import shown
from dgsim.study.catalogue import STOCKS
from dgsim.texts import Words
from dgsim.world.tables import PARAMETERS


@dataclass(frozen=True)
class Instrument:
    """The lever that is its size, the size it is tried at where it is not used, and the levers that belong to it."""

    size: str
    usual: float
    levers: tuple[str, ...]


INSTRUMENTS = MappingProxyType(
    {
        "matching": Instrument(
            "matching_budget",
            1000.0,
            ("matching_rate", "matching_budget", "matching_tilt", "matching_scope", "maintenance_of_effort"),
        ),
        "awards": Instrument("awards", 500.0, ("awards", "awards_metric", "award_winners", "audit_share")),
        "lump_sum": Instrument("lump_sum", 1000.0, ("lump_sum", "maintenance_of_effort")),
        "equalisation": Instrument("equalisation", 1000.0, ("equalisation", "maintenance_of_effort")),
        "league": Instrument(
            "sustained_priority", 0.5, ("league_table", "league_metric", "sustained_priority", "audit_share")
        ),
        "mandate": Instrument("mandate_strength", 0.5, ("mandate_strength", "mandate_deadline")),
    }
)
MEASURES = ("granted", "use", "supply")
GROUPS = ("rich", "middle", "poor")
STEPS = 5  # sizes from nothing to the most
USUAL_RATE = 0.5  # matching where the policy has no rate


@cache
def fifths() -> MappingProxyType[str, np.ndarray]:
    """The rich, middle and poor fifth of provinces by revenue a head [province], true or false."""
    revenue = revenue_a_head(load_country())
    return MappingProxyType({group: fifth(revenue, group) for group in GROUPS})


def sizes(view: View, instrument: Instrument) -> tuple[float, ...]:
    """The sizes that are tried: from nothing to twice the policy's own, within the lever's range."""
    parameter = PARAMETERS[instrument.size]
    own = float(view.policy.lever(instrument.size, view.at)) or instrument.usual
    most = min(2 * own, parameter.high if parameter.high is not None else 2 * own)
    return tuple(round(float(size), 6) for size in np.linspace(0.0, most, STEPS))


def sized(view: View, key: str, size: float) -> View:
    """The policy with the instrument at a size; matching without a rate is tried at a half."""
    values: dict[str, object] = {INSTRUMENTS[key].size: size}
    if key == "matching" and not view.policy.lever("matching_rate", view.at):
        values["matching_rate"] = USUAL_RATE
    if key == "league" and not view.policy.lever("league_table", view.at):
        values["league_table"] = True
    return view.with_levers(**values)


def curve(
    view: View, key: str, tell: Callable[[int, int], None] = lambda _done, _all: None, stop: Stop = lambda: False
) -> tuple[CachedRuns, ...]:
    """The runs of each size; raises Stopped and SetupError."""
    found = []
    tried = sizes(view, INSTRUMENTS[key])
    for size in tried:
        found.append(RUN_CACHE.runs(sized(view, key, size).policy, view.seed, FIRST, stop))
        tell(len(found), len(tried))
        if stop():
            break
    return tuple(found)


def payoffs(runs: tuple[CachedRuns, ...], measure: str, quarter: int) -> dict[str, list[float]]:
    """For each group of provinces the payoff at each size, in the unit of the measure."""
    people = load_country().column("population_2019") / 1e6
    values = [of_size.stock(measure)[quarter] for of_size in runs]
    scale = shown(1.0, STOCKS[measure].unit)
    scaled = [value / people if measure == "granted" else value * scale for value in values]
    return {group: [float(value[rows].mean()) for value in scaled] for group, rows in fifths().items()}


def payoff_option(view: View, key: str, found: dict[str, list[float]], measure: str, words: Words) -> dict[str, object]:
    """The payoff curves as a chart."""
    curves = [(words(f"incentives.{group}"), found[group]) for group in GROUPS]
    x = sizes(view, INSTRUMENTS[key])[: len(found["rich"])]
    return curves_option(x, curves, size_label(key, words), words(f"incentives.{measure}"))


def size_label(key: str, words: Words) -> str:
    """The lever that is the size, with its unit."""
    parameter = PARAMETERS[INSTRUMENTS[key].size]
    return words("incentives.size", label=words.of(parameter.label), unit=words.of(parameter.unit))


def payoff_twin(view: View, key: str, found: dict[str, list[float]], title: str, words: Words) -> Twin:
    """The payoff curves as a table."""
    x = sizes(view, INSTRUMENTS[key])
    rows = tuple(
        (size, *(short(found[group][row]) for group in GROUPS)) for row, size in enumerate(x[: len(found["rich"])])
    )
    return Twin(title, (size_label(key, words), *(words(f"incentives.{group}") for group in GROUPS)), rows)
