"""A design as a TOML file, or a mapping in the form of one; checked like scenarios, and told in sentences.

>>> load_design({"scenarios": ["history", "staged"], "levers": {"matching_rate": [0.0, 0.5]}, "replications": 10})
<Design 'design given in Python': 4 points, 40 runs>
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dgsim.engine.sets import CENTRAL_NAME, PLAUSIBLE_NAME, Ensemble, load_parameters
from dgsim.errors import LARGEST_SEED, DesignError, ScenarioError, StudyError, did_you_mean
from dgsim.files import is_file, is_folder
from dgsim.scenario import Scenario, load_scenario, quarter_text
from dgsim.scenario.errors import shown
from dgsim.scenario.library import find_layer, known_layers
from dgsim.scenario.rules import Rule, checked
from dgsim.scenario.schema import HEAD_RULES, HORIZON_RULE
from dgsim.scenario.source import KeyPath, Source, read_source
from dgsim.study.reader import Reader
from dgsim.study.simulate import shortened
from dgsim.study.together import check_lengths, check_names
from dgsim.sweeps.design_axes import read_axes
from dgsim.sweeps.designs import MOST, RECORDS, Design
from dgsim.world.tables import OUTCOME_NAMES, PARAMETERS

PYTHON_LABEL = "design given in Python"
NAMES = Rule("words")
HEADS = {
    "name": HEAD_RULES["name"],
    "question": HEAD_RULES["question"],
    "uncertain": NAMES,
    "replications": Rule("int", "runs a point", 1, MOST),
    "seed": Rule("int", "seed", 0, LARGEST_SEED),
    "outcomes": NAMES,
    "keep": NAMES,
}
MOST_RUNS = 10**9
SECONDS_A_RUN, SECONDS_A_YEAR = 0.005, 3.156e7  # of the shipped scenarios in 63 provinces, see docs/performance.md
LISTS = ("scenarios", "quarters", "parameters")
TABLES = ("horizon", "levers", "ranges", "sample")
ALL = "all"


def load_design(which: str | Path | Mapping[str, Any] | Design) -> Design:
    """The design of a TOML file, or of a mapping in the form of one; a Design is given back as it is.

    In a mapping scenarios may be mappings or Scenario objects too. Raises DesignError, a sentence a mistake.
    """
    if isinstance(which, Design):
        return which
    if isinstance(which, Mapping):
        return _design(Reader(Source(PYTHON_LABEL, None, which)))
    file = Path(which)
    if file.suffix != ".toml":
        raise DesignError(f"{which}: a design is a .toml file")
    if not is_file(file):
        raise DesignError(f"{which}: there is no such file{did_you_mean(file.name, _designs_beside(file))}")
    try:
        return _design(Reader(read_source(file)))
    except ScenarioError as error:
        raise DesignError(str(error)) from None


def _designs_beside(file: Path) -> list[str]:
    return [other.name for other in file.parent.glob("*.toml")] if is_folder(file.parent) else []


def _design(reader: Reader) -> Design:
    """The design a reader reads; raises DesignError where anything in it is wrong."""
    reader.only_known((), reader.data, (*HEADS, *LISTS, *TABLES))
    every = {"uncertain": list(PARAMETERS.uncertain.names)} if reader.data.get("uncertain") == ALL else {}
    head = reader.values((), {**reader.data, **every}, HEADS)
    scenarios = _scenarios(reader)
    quarters = _quarters(reader, scenarios[0].quarters) if scenarios else ()
    grid, sampled, method, points = read_axes(reader, head.get("uncertain", ()))
    outcomes = reader.named("outcomes", head.get("outcomes", OUTCOME_NAMES), OUTCOME_NAMES)
    keep = reader.named("keep", head.get("keep", ()), RECORDS)
    parameters = read_parameters(reader, CENTRAL_NAME)
    reader.stop_at_problems()
    design = Design(
        name=head.get("name", reader.source.name),
        question=head.get("question", ""),
        scenarios=tuple(scenarios),
        grid=grid,
        sampled=sampled,
        method=method,
        sample_points=points,
        replications=head.get("replications", 1),
        seed=head.get("seed", 0),
        outcomes=outcomes,
        quarters=quarters,
        keep=keep,
        parameters=parameters,
    )
    if design.points > MOST or design.runs > MOST_RUNS:
        years = design.runs * SECONDS_A_RUN / SECONDS_A_YEAR
        raise DesignError(
            f"{reader.source.label}: makes {design.points:,} points and {design.runs:,} runs, some {years:,.1f} years "
            f"of one core; at most {MOST:,} points and {MOST_RUNS:,} runs are allowed"
        )
    return design


def read_parameters(reader: Reader, default: str) -> Ensemble:
    """The sets of parameters a file names: central, plausible or a CSV file beside it; in Python also a list."""
    given = reader.data.get("parameters", default)
    if isinstance(given, str) and reader.source.file and given not in (CENTRAL_NAME, PLAUSIBLE_NAME):
        folder = reader.source.file.parent
        if not (folder / given).resolve().is_relative_to(folder.resolve()):
            reader.fault(("parameters",), f"parameters = {shown(given)} lies outside the folder of the design")
            return load_parameters(CENTRAL_NAME)
        given = folder / given
    elif not isinstance(given, str | list | tuple | Ensemble):
        allowed = f"{CENTRAL_NAME}, {PLAUSIBLE_NAME}, or a CSV file beside the design"
        reader.fault(("parameters",), f"parameters = {shown(given)} is no text; allowed: {allowed}")
        return load_parameters(CENTRAL_NAME)
    try:
        return load_parameters(given)
    except (StudyError, TypeError) as error:
        reader.fault(("parameters",), f"parameters: {error}")
        return load_parameters(CENTRAL_NAME)


def _scenarios(reader: Reader) -> list[Scenario]:
    """The scenarios, all of one length and each with a name of its own."""
    given = reader.data.get("scenarios", ())
    given = [given] if isinstance(given, str | Scenario) else given
    if not isinstance(given, list | tuple) or not given:
        reader.fault(("scenarios",), 'scenarios is not a list of names, such as ["history", "staged"]')
        return []
    horizon = reader.table("horizon")
    reader.only_known(("horizon",), horizon, ("stop_after",))
    stop = reader.values(("horizon",), horizon, {"stop_after": HORIZON_RULE}).get("stop_after")
    found = [scenario for scenario in (_scenario(reader, which, stop) for which in given) if scenario]
    if found:
        try:
            check_names(found)
            check_lengths(found, "horizon.stop_after")
        except StudyError as error:
            reader.fault(("scenarios",), str(error))
    return found


def _scenario(reader: Reader, which: Any, stop: int | None) -> Scenario | None:
    path: KeyPath = ("scenarios",)
    try:
        scenario = _loaded(reader.source, which)
        path = ("horizon", "stop_after")
        return shortened(scenario, stop)
    except (ScenarioError, StudyError) as error:
        reader.fault(path, str(error))
        return None


def _loaded(source: Source, which: Any) -> Scenario:
    """A scenario by name, from the folder of the design or shipped; in Python also a mapping or an object."""
    if isinstance(which, Scenario) or (source.file is None and isinstance(which, Mapping)):
        return load_scenario(which)
    return scenario_beside(source, which, "scenarios")


def scenario_beside(source: Source, which: Any, key: str) -> Scenario:
    """The scenario of a name under a key: from the folder of the design, or shipped. Raises ScenarioError."""
    if not isinstance(which, str):
        raise ScenarioError(f"{key} = {shown(which)} is not the name of a scenario")
    try:
        (name,) = checked(HEAD_RULES["extends"], which)
    except ValueError as error:
        raise ScenarioError(f"{key} = {shown(which)} {error}") from None
    folder = source.file.parent if source.file else None
    file = find_layer(name, folder)
    if file is None:
        raise ScenarioError(f"{key} = {shown(name)} names no scenario{did_you_mean(name, known_layers(folder))}")
    return load_scenario(file)


def _quarters(reader: Reader, horizon: int) -> tuple[int, ...]:
    """The quarters that are kept, in the order of time; the last one where nothing is said."""
    given = reader.data.get("quarters", [quarter_text(horizon - 1)])
    if given == ALL:
        return tuple(range(horizon))
    if not isinstance(given, list | tuple) or not given:
        reader.fault(("quarters",), f'quarters = {shown(given)} is neither a list of quarters nor "{ALL}"')
        return ()
    read = [reader.value(("quarters",), Rule("date"), text) for text in given]
    found = sorted({quarter for quarter in read if quarter is not None})
    if found and found[-1] >= horizon:
        text = f"quarters names {quarter_text(found[-1])}, and the runs end in {quarter_text(horizon - 1)}"
        reader.fault(("quarters",), text)
    return tuple(found)
