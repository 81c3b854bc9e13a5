"""Whether results move: ``python experiments/result_hashes.py > before.txt``.

A line for each scenario, in the central world and over the plausible sets: SHA-256 over outcomes, provinces' stocks,
ledger and weighed choices of two replications under seed 7. Two versions of the code, of Python or of a package that
print the same lines have the same results to the byte; ``diff`` names the scenarios that moved.
"""

from __future__ import annotations

import argparse
from hashlib import sha256

import numpy as np

from dgsim import Scenario, load_country, load_parameters, load_scenario
from dgsim.engine.run import run_replications
from dgsim.scenario.library import shipped_scenarios

KEPT = ("provinces", "ledger", "choices")


def hashed(scenario: Scenario, parameters: list[dict[str, float]] | None) -> str:
    """The hash of all that two replications of a scenario leave."""
    runs = run_replications(scenario, load_country(), seed=7, replications=range(2), keep=KEPT, parameters=parameters)
    digest = sha256(runs.outcomes.tobytes())
    for kept in (runs.provinces, *(runs.ledger or ()), *(runs.choices or ())):
        digest.update(np.ascontiguousarray(kept).tobytes())
    return digest.hexdigest()


def main() -> None:
    """Print a line for each scenario and world."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", help="names or files; all that are shipped by default")
    for name in parser.parse_args().scenarios or shipped_scenarios():
        for world, parameters in (("central", None), ("plausible", load_parameters("plausible"))):
            print(name, world, hashed(load_scenario(name), parameters), flush=True)


if __name__ == "__main__":
    main()
