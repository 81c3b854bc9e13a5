"""What the numbers of a sweep depend on, written down so that nothing else is ever added to them."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

from dgsim._version import __version__
from dgsim.country import Country
from dgsim.engine.run import rules_digest
from dgsim.study.record import country_hash
from dgsim.sweeps.designs import CENTRAL, Design
from dgsim.sweeps.manifest import FORM, MADE_BY, Manifest
from dgsim.world.tables import OUTCOMES

PACKAGES = ("numpy", "numba", "llvmlite", "scipy", "pyarrow")


@cache
def model_record() -> dict[str, Any]:
    """What the numbers depend on besides the design: the hash of rules and tables, versions, the kind of processor."""
    versions = {"dgsim": __version__, "python": platform.python_version()}
    versions |= {name: version(name) for name in PACKAGES}
    return {"rules_and_data": rules_digest(), "versions": versions, "processor": platform.machine()}


def changed_model(then: Mapping[str, Any]) -> str:
    """What is another in the model or its versions here than it was then; empty where nothing is."""
    before, here = ({**model, **model["versions"], "versions": None} for model in (then, model_record()))
    return ", ".join(key for key in here if before.get(key) != here[key])


def new_manifest(design: Design, country: Country, folder: str | None, block: int) -> Manifest:
    """The manifest of a sweep of which nothing is computed; `folder` is where the country was read from."""
    return {
        "made_by": MADE_BY,
        "form": FORM,
        "design": design.record(),
        "scenarios": [
            {"name": plan.name, "digest": plan.digest(), "toml": plan.to_toml()} for plan in design.scenarios
        ],
        "country": {
            "name": country.name,
            "synthetic": country.synthetic,
            "provinces": len(country),
            "sha256": country_hash(country),
            "folder": folder,
        },
        "model": model_record(),
        "units": {row.outcome: row.unit for row in OUTCOMES if row.outcome in design.outcomes},
        **({} if design.parameters == CENTRAL else {"parameters": design.parameters.record()}),
        "points": design.points,
        "runs": design.runs,
        "block": block,
        "complete": False,
        "files": {},
    }
