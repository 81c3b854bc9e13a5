"""A process whose provinces have another number of services: theirs, again and again, under other names.

    DGSIM_CACHE_DIR=FOLDER python services_worker.py NUMBER

The folder must not hold the rules of a world with another number of services.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import cycle, islice

from timing import answer, processor_seconds

import dgsim.world.tables as tables


def of_provinces(number: int) -> tables.Table[tables.Service]:
    """So many services of provinces."""
    rows = islice(cycle(tables.PROVINCIAL), number)
    return tables.Table(replace(row, service=f"{row.service}_{copy}") for copy, row in enumerate(rows))


def main() -> None:
    """Patch the tables before anything is made from them, then answer; services of ministries stay as they are."""
    of_ministries = [service for service in tables.SERVICES if service not in tables.PROVINCIAL]
    tables.PROVINCIAL = of_provinces(int(sys.argv[1]))
    tables.SERVICES = tables.Table([*tables.PROVINCIAL, *of_ministries])
    import engine_side

    runners = {}

    def seconds(scenario: str, quarters: int, runs: int) -> float:
        if not runners:
            runners[0] = engine_side.runner(engine_side.scenario(scenario, quarters), engine_side.country())
        return processor_seconds(lambda: runners[0](runs)) / runs

    answer({"time": seconds})


if __name__ == "__main__":
    main()
