"""What an instrument adds: its size moved from nothing, all else as on the screen, for rich and poor provinces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from dgsim.app.content.charts import sizes_option
from dgsim.app.content.levers import missing_partners
from dgsim.app.content.numbers import short
from dgsim.app.content.tables import Twin
from dgsim.app.runs.cache import FIRST, RUN_CACHE, Stop, parameter_sets
from dgsim.app.state.view import View
from dgsim.country import load_country
from dgsim.country.groups import MIDDLE, POOR, RICH, fifth, revenue_a_head
from dgsim.engine.run import run_replications
from dgsim.numbers import digits_text, shown
from dgsim.scenario import Scenario
from dgsim.study.catalogue import STOCKS
from dgsim.study.frames import BAND
from dgsim.texts import Words
from dgsim.world.tables import PARAMETERS


@dataclass(frozen=True)
class Instrument:
    """The lever that is its size, the size it is tried at where it is not used, what it is first measured in, and the
    levers that belong to it.
    """

    size: str
    usual: float
    measure: str
    levers: tuple[str, ...]


MEASURES = ("granted", "use", "supply")
INSTRUMENTS = MappingProxyType(
    {
        "matching": Instrument(
            "matching_budget",
            1000.0,
            "granted",
            ("matching_rate", "matching_budget", "matching_tilt", "matching_scope", "maintenance_of_effort"),
        ),
        "awards": Instrument("awards", 500.0, "granted", ("awards", "awards_metric", "award_winners", "audit_share")),
        "lump_sum": Instrument("lump_sum", 1000.0, "granted", ("lump_sum", "maintenance_of_effort")),
        "equalisation": Instrument("equalisation", 1000.0, "granted", ("equalisation", "maintenance_of_effort")),
        "league": Instrument(
            "sustained_priority", 0.5, "use", ("league_table", "league_metric", "sustained_priority", "audit_share")
        ),
        "mandate": Instrument("mandate_strength", 0.5, "use", ("mandate_strength", "mandate_deadline")),
    }
)
GROUPS = (RICH, MIDDLE, POOR)
SIZES_TRIED = 5  # sizes from nothing to the most
CURVES_KEPT = 96  # sizes whose runs are held in memory, some 60 kB each
Payoffs = dict[str, tuple[np.ndarray, np.ndarray]]


@cache
def fifths() -> MappingProxyType[str, np.ndarray]:
    """The rich, middle and poor fifth of provinces by revenue a head [province], true or false."""
    revenue = revenue_a_head(load_country())
    return MappingProxyType({group: fifth(revenue, group) for group in GROUPS})


def own_size(view: View, instrument: Instrument) -> float:
    """The size on the screen, in the quarter that is shown."""
    return float(view.policy.lever(instrument.size, view.at))


def sizes(view: View, instrument: Instrument) -> tuple[float, ...]:
    """The sizes that are tried, in equal steps from nothing: to twice the policy's own, or to it where that is beyond
    the lever's range; its own is one of them.
    """
    high = PARAMETERS[instrument.size].high
    own = own_size(view, instrument)
    most = 2 * (own or instrument.usual)
    most = most if high is None or most <= high else own or high
    return tuple(round(float(size), 6) for size in np.linspace(0.0, most, SIZES_TRIED))


def curve(
    view: View, key: str, tell: Callable[[int, int], None] = lambda _done, _all: None, stop: Stop = lambda: False
) -> tuple[np.ndarray, ...]:
    """What came out at each size, as :func:`by_group` has it; raises SetupError."""
    found = []
    tried = sizes(view, INSTRUMENTS[key])
    for size in tried:
        sized = view.with_levers(**{INSTRUMENTS[key].size: size}).policy
        found.append(by_group(sized, view.seed, view.parameters))
        tell(len(found), len(tried))
        if stop():
            break
    return tuple(found)


@lru_cache(maxsize=CURVES_KEPT)
def by_group(policy: Scenario, seed: int, parameters: str) -> np.ndarray:
    """Every measure of every group in every run: [measure, replication, quarter, group], in the unit that is shown."""
    with RUN_CACHE.turn(policy.digest()):
        numbers, sets = range(FIRST), parameter_sets(parameters)
        runs = run_replications(
            policy, load_country(), seed=seed, replications=numbers, keep={"provinces"}, parameters=sets
        )
    assert runs.provinces is not None
    people = load_country().column("population_2019") / 1e6
    scaled = [
        runs.provinces[name] / people if name == "granted" else runs.provinces[name] * shown(1.0, STOCKS[name].unit)
        for name in MEASURES
    ]
    groups = [[values[..., rows].mean(axis=-1) for rows in fifths().values()] for values in scaled]
    return np.moveaxis(np.array(groups), 1, -1)


def payoffs(found: tuple[np.ndarray, ...], measure: str, quarter: int) -> Payoffs:
    """What each size adds to nothing of it, by group: mean [size] and band [2, size] over runs on the same luck."""
    values = np.stack(found)[:, MEASURES.index(measure), :, quarter]
    added = values - values[0]
    means, bands = added.mean(axis=1), np.quantile(added, BAND, axis=1)
    return {group: (means[:, number], bands[:, :, number]) for number, group in enumerate(GROUPS)}


def payoff_option(view: View, key: str, found: Payoffs, measure: str, words: Words) -> dict[str, Any]:
    """The payoff curves as a chart, with a mark at the size on the screen."""
    tried = sizes(view, INSTRUMENTS[key])
    curves = [(words(f"incentives.{group}"), *found[group]) for group in GROUPS]
    own = own_size(view, INSTRUMENTS[key])
    here = (tried.index(round(own, 6)), words("incentives.here", size=digits_text(own, language=words.language)))
    names = [digits_text(size, language=words.language) for size in tried]
    return sizes_option(names, curves, size_label(key, words), words(f"incentives.{measure}"), here)


def size_label(key: str, words: Words) -> str:
    """The lever that is the size, with its unit."""
    parameter = PARAMETERS[INSTRUMENTS[key].size]
    return words("incentives.size", label=words.of(parameter.label), unit=words.of(parameter.unit))


def payoff_sentences(view: View, key: str, words: Words) -> list[str]:
    """Why the curve is flat, and that it holds a size for the whole run where the policy changes it over time."""
    size = PARAMETERS[INSTRUMENTS[key].size]
    told = [missing_partners(view.policy, size, words)]
    if len(view.policy.lever_path(size.name)) > 1:
        told.append(words("incentives.dated", label=words.of(size.label)))
    return [text for text in told if text]


def payoff_twin(view: View, key: str, found: Payoffs, title: str, words: Words) -> Twin:
    """The payoff curves as a table: mean and band of each group."""
    names = [(words(f"incentives.{group}"), word) for group in GROUPS for word in ("word.mean", "word.p5", "word.p95")]
    columns = [column for group in GROUPS for column in (found[group][0], *found[group][1])]
    rows = tuple(
        (size, *(short(column[row]) for column in columns)) for row, size in enumerate(sizes(view, INSTRUMENTS[key]))
    )
    return Twin(title, (size_label(key, words), *(f"{name}: {words(word)}" for name, word in names)), rows)
