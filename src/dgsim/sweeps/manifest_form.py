"""The form of a manifest, as a pydantic model, and what is wrong with one in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from dgsim.errors import LARGEST_SEED, did_you_mean
from dgsim.scenario.errors import known_keys, shown

T = TypeVar("T")
RECORDS = ("provinces", "ledger")
MOST = 10**8  # points, and replications of one
LARGEST = 10**12  # of what is counted


def _single(values: list[T]) -> list[T]:
    if len(set(values)) < len(values):
        raise ValueError("names something twice")
    return values


Count = Annotated[int, Field(ge=1, le=LARGEST)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Names = Annotated[list[str], AfterValidator(_single)]
Kept = Annotated[list[Literal[RECORDS]], AfterValidator(_single)]  # type: ignore[valid-type]
Quarters = Annotated[
    list[Annotated[str, Field(pattern=r"^[0-9]{4}Q[1-4]$")]], AfterValidator(_single), Field(min_length=1)
]
File = Annotated[str, Field(pattern=r"^(?:[a-z]+/)?[a-z]+(?:-[0-9]+)?\.parquet$")]  # below the folder of the sweep


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class _Horizon(_Form):
    stop_after: Count


class _Design(_Form):
    name: str
    question: str
    scenarios: Annotated[Names, Field(min_length=1)]
    uncertain: Names
    replications: Annotated[int, Field(ge=1, le=MOST)]
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)]
    outcomes: Annotated[Names, Field(min_length=1)]
    quarters: Quarters
    keep: Kept
    horizon: _Horizon
    levers: dict[str, Any]  # what these three hold is read as in a file of a design
    ranges: dict[str, Any]
    sample: dict[str, Any]
    parameters: str | list[dict[str, float]] | None = None


class _Scenario(_Form):
    name: str
    digest: Digest
    toml: str


class _Country(_Form):
    name: str
    synthetic: bool
    provinces: Annotated[int, Field(ge=1, le=MOST)]
    sha256: Digest
    folder: str | None


class _Model(_Form):
    rules_and_data: str
    versions: dict[str, str]
    processor: str


class _Sets(_Form):
    name: str
    sets: Count
    sha256: Digest


class _Manifest(_Form):
    made_by: str
    form: int
    design: _Design
    scenarios: list[_Scenario]
    country: _Country
    model: _Model
    units: dict[str, str]
    parameters: _Sets | None = None
    points: Annotated[int, Field(ge=1, le=MOST)]
    runs: Count
    block: Count
    complete: bool
    files: dict[File, Digest]
    seal: str


def fault_in(manifest: Mapping[str, Any]) -> str:
    """What is wrong with the form of a manifest, as the end of a sentence; empty where nothing is."""
    try:
        read = _Manifest.model_validate(manifest)
    except ValidationError as error:
        return _said(manifest, error)
    design = read.design
    if design.scenarios != [plan.name for plan in read.scenarios]:
        return "scenarios are not those of design.scenarios"
    if read.runs != read.points * design.replications:
        return f"runs = {read.runs} is not points = {read.points} times design.replications = {design.replications}"
    if missing := [name for name in design.outcomes if name not in read.units]:
        return f"units has no {shown(missing[0])}"
    if read.block & (read.block - 1):
        return f"block = {read.block} is not a power of two"
    return ""


def _said(manifest: Mapping[str, Any], error: ValidationError) -> str:
    """The first thing pydantic found, as in other sentences: key, value, what is wrong."""
    found = error.errors(include_url=False)[0]
    path = [part for part in found["loc"] if part != "[key]"]
    key = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
    if found["type"] == "missing":
        return f"{key} is missing"
    if found["type"] == "extra_forbidden":
        return f"{key} is not a known key{did_you_mean(path[-1], known_keys(_Manifest, path))}"
    if found["type"] == "value_error":
        return f"{key} = {shown(found['input'])} {found['ctx']['error']}"
    return f"{key} = {shown(found['input'])}: {found['msg'][:1].lower()}{found['msg'][1:]}"
