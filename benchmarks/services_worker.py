"""A process whose world has another number of services: the catalogue's rows, again and again, under other names.

    DGSIM_CACHE_DIR=FOLDER python services_worker.py NUMBER

The folder must not hold the rules of a world with another number of services.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import cycle, islice

from timing import answer, processor_seconds

import dgsim.world.tables as tables


def catalogue(number: int) -> tables.Table[tables.Service]:
    """So many services."""
    rows = islice(cycle(tables.SERVICES), number)
    return tables.Table(replace(row, service=f"{row.service}_{copy}") for copy, row in enumerate(rows))


def main() -> None:
    """Patch the table before anything is made from it, then answer."""
    tables.SERVICES = catalogue(int(sys.argv[1]))
    import engine_side

    runners = {}

    def seconds(scenario: str, quarters: int, runs: int) -> float:
        if not runners:
            runners[0] = engine_side.runner(engine_side.scenario(scenario, quarters), engine_side.country())
        return processor_seconds(lambda: runners[0](runs)) / runs

    answer({"time": seconds})


if __name__ == "__main__":
    main()
