"""What must be known to make the same results again: scenarios, seed, versions and hashes, as plain data."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from dgsim._version import __version__
from dgsim.country import Country
from dgsim.engine.run import rules_digest
from dgsim.engine.sets import Ensemble
from dgsim.scenario import Scenario
from dgsim.study.catalogue import outcome_catalogue, stock_catalogue
from dgsim.study.compare import Comparison
from dgsim.study.simulate import Simulation
from dgsim.texts import ENGLISH, words
from dgsim.texts.clauses import Clause, Fill, Key, Label, Listed, clause

PACKAGES = ("numpy", "numba", "mesa", "pandas", "pyarrow", "matplotlib")
NAMED = 5  # scenarios a caption names; more are counted


@dataclass(frozen=True)
class Basis:
    """What a study of several scenarios rests on: all were run in one country on the same luck and parameters."""

    scenarios: tuple[Scenario, ...]
    country: Country
    seed: int
    replications: int
    parameters: Ensemble


Result = Simulation | Comparison | Basis


def country_said(country: Country) -> Clause:
    """The country as a title names it.

    >>> from dgsim.country import load_country
    >>> from dgsim.texts import words
    >>> country_said(load_country()).text(words("en")), country_said(load_country()).text(words("vi"))
    ('Viet Nam, 63 provinces', 'Việt Nam, 63 tỉnh')
    """
    made_up = country.synthetic and "synthetic" not in country.name.lower()
    key = "caption.synthetic" if made_up else "caption.country"
    return clause(key, country=Label(country.name), count=len(country))


def country_text(country: Country, language: str = ENGLISH) -> str:
    """The country as a title names it, in a language."""
    return country_said(country).text(words(language))


def caption(result: Result, language: str = ENGLISH) -> str:
    """The line below every figure: country, replications, seed, version, and what the figure is not."""
    scenarios = _scenarios(result)
    names: Fill = Listed(tuple(scenario.name for scenario in scenarios))
    if len(scenarios) > NAMED:
        names = clause("caption.scenarios", count=len(scenarios))
    runs = clause(
        "caption.runs" if result.replications > 1 else "caption.run",
        count=str(result.replications),
        seed=str(result.seed),
        sets=sets_said(result.parameters),
    )
    country, scope = country_said(result.country), Key("header.scope")
    said = clause("caption.whole", country=country, names=names, runs=runs, version=__version__, scope=scope)
    return said.text(words(language))


def sets_said(parameters: Ensemble) -> Clause:
    """The sets of parameters as the end of a line."""
    if len(parameters) > 1:
        return clause("caption.sets", name=Label(parameters.name), count=str(len(parameters)))
    return clause("caption.set", name=Label(parameters.name))


def sets_text(parameters: Ensemble, language: str = ENGLISH) -> str:
    """The sets of parameters as the end of a line, in a language.

    >>> from dgsim.engine.sets import load_parameters
    >>> sets_text(load_parameters("central"))
    ', central parameters'
    """
    return sets_said(parameters).text(words(language))


def run_record(result: Result, command: str) -> dict[str, Any]:
    """The content of `run.json`: enough to run it again, and hashes that tell whether anything changed.

    `rules_and_data` is the hash of the model's rules, tables and compilers; each scenario carries its whole
    content as TOML and the hash of it. There is no date in it: the same command leaves the same bytes.
    """
    country = result.country
    return {
        "made_by": "dgsim",
        "command": command,
        "seed": result.seed,
        "replications": result.replications,
        "parameters": result.parameters.record(),
        "country": {
            "name": country.name,
            "vintage": country.vintage,
            "synthetic": country.synthetic,
            "provinces": len(country),
            "sha256": country_hash(country),
        },
        "versions": _versions(),
        "rules_and_data": rules_digest(),
        "units": _units(),
        "scenarios": [_scenario_record(scenario) for scenario in _scenarios(result)],
    }


def _scenarios(result: Result) -> list[Scenario]:
    if isinstance(result, Basis):
        return list(result.scenarios)
    runs = result.simulations if isinstance(result, Comparison) else (result,)
    return [run.scenario for run in runs]


def country_hash(country: Country) -> str:
    """Hash of every figure of the country that a run may look at."""
    facts = (country.codes, country.names, country.regions, country.borders, country.observations)
    return sha256(repr(facts).encode() + country.numbers.tobytes()).hexdigest()


def _versions() -> dict[str, str]:
    own = {"dgsim": __version__, "python": platform.python_version()}
    return own | {name: version(name) for name in PACKAGES}


def _units() -> dict[str, dict[str, str]]:
    """The unit of each outcome and of each column of the table of provinces."""
    outcomes, stocks = outcome_catalogue(), stock_catalogue()
    return {
        "outcomes": dict(zip(outcomes["outcome"], outcomes["unit"], strict=True)),
        "provinces": dict(zip(stocks["stock"], stocks["unit"], strict=True)),
        "accounts": dict.fromkeys(("mean", "low", "high"), "bvnd in the quarter"),
    }


def _scenario_record(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "question": scenario.question,
        "quarters": scenario.quarters,
        "digest": scenario.digest(),
        "toml": scenario.to_toml(),
    }
