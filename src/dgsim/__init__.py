"""dgsim: an agent-based simulation of decentralised digital transformation.

>>> import dgsim
>>> result = dgsim.simulate("history", replications=2, seed=1)
>>> sorted(result.outcomes.columns)
['outcome', 'quarter', 'replication', 'scenario', 'value']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dgsim._version import __version__

if TYPE_CHECKING:
    from dgsim.country import Country, CountryError, load_country, synthetic_country
    from dgsim.decide.binding import binding
    from dgsim.decide.explain import explain
    from dgsim.decide.optimise import optimise
    from dgsim.decide.order import order
    from dgsim.decide.regret import regret
    from dgsim.engine.sets import load_parameters
    from dgsim.evidence.predict import predict
    from dgsim.mesa_model import DigitalGovernment, Province
    from dgsim.reports.report import report
    from dgsim.scenario import Scenario, ScenarioError, load_scenario
    from dgsim.study.compare import compare
    from dgsim.study.simulate import simulate
    from dgsim.study.why import why
    from dgsim.sweeps.results import load_sweep
    from dgsim.sweeps.sweep import sweep
    from dgsim.sweeps.verify import verify


# Where each public name lives. It is imported when it is first asked for, so that `import dgsim` is light.
_HOMES = {
    "Country": "dgsim.country",
    "CountryError": "dgsim.country",
    "load_country": "dgsim.country",
    "synthetic_country": "dgsim.country",
    "binding": "dgsim.decide.binding",
    "explain": "dgsim.decide.explain",
    "optimise": "dgsim.decide.optimise",
    "order": "dgsim.decide.order",
    "regret": "dgsim.decide.regret",
    "report": "dgsim.reports.report",
    "DigitalGovernment": "dgsim.mesa_model",
    "Province": "dgsim.mesa_model",
    "Scenario": "dgsim.scenario",
    "ScenarioError": "dgsim.scenario",
    "load_scenario": "dgsim.scenario",
    "compare": "dgsim.study.compare",
    "load_parameters": "dgsim.engine.sets",
    "load_sweep": "dgsim.sweeps.results",
    "predict": "dgsim.evidence.predict",
    "simulate": "dgsim.study.simulate",
    "sweep": "dgsim.sweeps.sweep",
    "verify": "dgsim.sweeps.verify",
    "why": "dgsim.study.why",
}

__all__ = [
    "Country",
    "CountryError",
    "DigitalGovernment",
    "Province",
    "Scenario",
    "ScenarioError",
    "__version__",
    "binding",
    "compare",
    "explain",
    "load_country",
    "load_parameters",
    "load_scenario",
    "load_sweep",
    "optimise",
    "order",
    "predict",
    "regret",
    "report",
    "simulate",
    "sweep",
    "synthetic_country",
    "verify",
    "why",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'dgsim' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
