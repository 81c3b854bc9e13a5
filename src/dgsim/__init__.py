"""dgsim: an agent-based simulation of decentralised digital transformation.

>>> import dgsim
>>> result = dgsim.simulate("history", replications=2, seed=1)
>>> sorted(result.outcomes.columns)
['outcome', 'quarter', 'replication', 'scenario', 'value']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dgsim._version import __version__ as __version__
from dgsim.errors import ClusterError as ClusterError
from dgsim.errors import CopyError as CopyError
from dgsim.errors import CountryError as CountryError
from dgsim.errors import DesignError as DesignError
from dgsim.errors import DgsimError as DgsimError
from dgsim.errors import FolderError as FolderError
from dgsim.errors import LessonError as LessonError
from dgsim.errors import ModelError as ModelError
from dgsim.errors import ScenarioError as ScenarioError
from dgsim.errors import SetupError as SetupError
from dgsim.errors import StoreError as StoreError
from dgsim.errors import StudyError as StudyError
from dgsim.errors import UnknownNameError as UnknownNameError

# Every other public name is imported when it is first asked for, so that `import dgsim` is light. Editors and type
# checkers read the imports, Python the table below them; a test holds both together.
if TYPE_CHECKING:
    from dgsim.appraisals.appraisal import appraise as appraise
    from dgsim.appraisals.targets.chances import targets as targets
    from dgsim.appraisals.targets.framework import results_framework as results_framework
    from dgsim.appraisals.targets.search import target_search as target_search
    from dgsim.country import Country as Country
    from dgsim.country import load_country as load_country
    from dgsim.country import synthetic_country as synthetic_country
    from dgsim.decide.behind import behind as behind
    from dgsim.decide.binding import binding as binding
    from dgsim.decide.explain import explain as explain
    from dgsim.decide.optimise import optimise as optimise
    from dgsim.decide.order import order as order
    from dgsim.decide.regret import regret as regret
    from dgsim.engine.sets import load_parameters as load_parameters
    from dgsim.evidence.predict import predict as predict
    from dgsim.mesa_model import DigitalGovernment as DigitalGovernment
    from dgsim.mesa_model import Province as Province
    from dgsim.reports.report import report as report
    from dgsim.scenario import Scenario as Scenario
    from dgsim.scenario import load_scenario as load_scenario
    from dgsim.study.compare import compare as compare
    from dgsim.study.read_table import read_table as read_table
    from dgsim.study.simulate import simulate as simulate
    from dgsim.study.why import why as why
    from dgsim.sweeps.results import load_sweep as load_sweep
    from dgsim.sweeps.sweep import SweepInterrupted as SweepInterrupted
    from dgsim.sweeps.sweep import sweep as sweep
    from dgsim.sweeps.verify import verify as verify

_HOMES = {
    "appraise": "dgsim.appraisals.appraisal",
    "targets": "dgsim.appraisals.targets.chances",
    "results_framework": "dgsim.appraisals.targets.framework",
    "target_search": "dgsim.appraisals.targets.search",
    "Country": "dgsim.country",
    "load_country": "dgsim.country",
    "synthetic_country": "dgsim.country",
    "behind": "dgsim.decide.behind",
    "binding": "dgsim.decide.binding",
    "explain": "dgsim.decide.explain",
    "optimise": "dgsim.decide.optimise",
    "order": "dgsim.decide.order",
    "regret": "dgsim.decide.regret",
    "load_parameters": "dgsim.engine.sets",
    "predict": "dgsim.evidence.predict",
    "DigitalGovernment": "dgsim.mesa_model",
    "Province": "dgsim.mesa_model",
    "report": "dgsim.reports.report",
    "Scenario": "dgsim.scenario",
    "load_scenario": "dgsim.scenario",
    "compare": "dgsim.study.compare",
    "read_table": "dgsim.study.read_table",
    "simulate": "dgsim.study.simulate",
    "why": "dgsim.study.why",
    "load_sweep": "dgsim.sweeps.results",
    "SweepInterrupted": "dgsim.sweeps.sweep",
    "sweep": "dgsim.sweeps.sweep",
    "verify": "dgsim.sweeps.verify",
}
_ERRORS = [name for name, value in globals().items() if isinstance(value, type) and issubclass(value, Exception)]

__all__ = sorted(["__version__", *_ERRORS, *_HOMES])


if not TYPE_CHECKING:  # which would take any name for right

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module 'dgsim' has no attribute {name!r}")
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return __all__
