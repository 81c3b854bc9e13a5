"""How fast the engine is: against Mesa, plain objects, C, other frameworks; how it grows; where its time goes.

    python benchmarks/speed.py                            print the page (up to eight minutes)
    python benchmarks/speed.py --quick                    in a minute or so, with fewer rounds and no other catalogues
    python benchmarks/speed.py --write docs/performance.md

Versions of one model are compared first; where they disagree nothing is timed and the script fails.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from string import Template

import c_loop
import drivers
import engine_side
import growth
import instructions
import shares
import small
import starts
from tables import met, table
from timing import DisagreementError, Row, Spread, Times, machine, ratios

from dgsim.world.state import PANEL_FIELDS, PROVINCE
from dgsim.world.tables import OUTCOME_NAMES

SCENARIO = "staged"
PAGE = Path(__file__).parent / "page.md"
GOALS = {"plain": 100.0, "C": 1.5, "threads": 1.7}
PACKAGES = ("numba", "numpy", "mesa", "agentpy", "ambr")


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    quarters: int
    runs: int  # of the engine, in one measurement
    batch: int  # runs of the plain model in one batch
    growing_quarters: tuple[int, ...]
    growing_services: tuple[int, ...]
    growing_provinces: tuple[int, ...]
    memory: tuple[int, ...]
    first_starts: int  # of starts.FIRSTS
    compiled_clock: bool  # the acts timed inside a run compiled for it


SIZES = {
    "full": Size(5, 44, 40, 2, (22, 44, 88, 176), (5, 10, 20, 40), (63, 630, 6300), (100, 1000, 5000), 2, True),
    "quick": Size(3, 44, 10, 1, (22, 44, 88), (5, 10, 20), (63, 630, 6300), (20, 200), 1, True),
    "tiny": Size(1, 4, 2, 1, (2, 4), (), (12, 24), (2, 4), 0, False),
}
BLOCK = 50  # runs that are held in memory at once


def main() -> None:
    """Measure, then print or write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--quick", dest="size", action="store_const", const="quick", default="full", help="the same as --size quick"
    )
    parser.add_argument("--size", choices=list(SIZES), help="how much is measured")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page there instead of printing it")
    given = parser.parse_args()
    try:
        text = page(SIZES[given.size], given.size)
    except DisagreementError as error:
        raise SystemExit(f"error: {error}") from None
    if given.write:
        given.write.write_text(text, encoding="utf-8")
    else:
        print(text)


def page(size: Size, named: str) -> str:
    """All measurements, as the page that tells them."""
    plan = engine_side.scenario(SCENARIO, size.quarters)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            library = c_loop.compile_c(folder)
        except c_loop.NoCompilerError:
            library = None
        say("the engine, Mesa and plain objects")
        rows, times = drivers.compare(SCENARIO, size.quarters, size.runs, size.batch, size.rounds)
        say("plain C")
        in_c = c_loop.compare(plan, 3 * size.rounds, library) if library else []
        say("other frameworks")
        others, missing = small.compare(size.quarters, size.runs, size.rounds)
        say("threads")
        threads = drivers.two_threads(plan, 5 * size.runs, size.rounds)
        say("starts")
        started = starts.start_table(SCENARIO, folder / "starts", starts.FIRSTS[: size.first_starts])
        say("where the time goes")
        run = 1000 * Spread.of(times[drivers.ENGINE]).low
        filled = {
            "made": made(named),
            "table": "\n\n".join([rows_table(rows + in_c + others), *left_out(missing, library is None)]),
            "goals": goals_table(times, in_c, threads),
            "profile": shares.by_act(plan, library, 2 * size.rounds, compiled=size.compiled_clock)
            if library
            else "No C compiler, so no clock.",
            "counts": shares.by_kind(SCENARIO, size.quarters, run),
            "instructions": instructions.instructions_table(plan, folder),
            "growth": grown(stack, size),
            "starts": started,
            "memory": growth.memory_table(SCENARIO, size.memory, BLOCK),
        }
    kilobytes = round(len(engine_side.country()) * PROVINCE.itemsize / 1024)
    facts = {
        "kilobytes": kilobytes,
        "block": BLOCK,
        "scenario": SCENARIO,
        "provinces": len(engine_side.country()),
        "quarters": size.quarters,
    }
    counts = {"outcomes": len(OUTCOME_NAMES), "stocks": len(PANEL_FIELDS), "flags": " ".join(c_loop.FLAGS)}
    return Template(PAGE.read_text(encoding="utf-8")).substitute(filled | facts | counts)


def say(what: str) -> None:
    """Progress, beside the page."""
    print(f"measuring {what} ...", file=sys.stderr, flush=True)


def grown(stack: ExitStack, size: Size) -> str:
    """Growth with quarters, services and provinces."""
    say("growth")
    runs = max(1, size.runs // 4)
    cases = {"quarters": (size.growing_quarters, growth.of_quarters(SCENARIO, size.growing_quarters, runs))}
    if size.growing_services:
        services = growth.of_services(stack, SCENARIO, size.quarters, size.growing_services, runs)
        cases["services of provinces"] = (size.growing_services, services)
    provinces = growth.of_provinces(SCENARIO, size.quarters, size.growing_provinces, runs)
    cases["provinces"] = (size.growing_provinces, provinces)
    return growth.growth_table({what: (sizes, growth.measured(of, size.rounds)) for what, (sizes, of) in cases.items()})


def rows_table(rows: list[Row]) -> str:
    """The table of all contenders."""
    lines = [
        [row.what, Spread(*(1000 * part for part in vars(row.seconds).values())), row.ratio or "1", row.agreement]
        for row in rows
    ]
    columns = ["what", "ms a run (least / median / greatest)", "times as long", "results"]
    return table(columns, lines, right=[1, 2])


def left_out(missing: list[str], no_compiler: bool) -> list[str]:
    """What could not be measured here."""
    lines = [f"Not installed here, so not measured: {', '.join(missing)}."] if missing else []
    return lines + (["There is no C compiler here, so the C loop was not measured."] if no_compiler else [])


def goals_table(times: Times, in_c: list[Row], threads: Spread) -> str:
    """What was aimed at, what was measured, and whether the median reaches it."""
    plain = ratios(times, "plain", drivers.ENGINE)
    lines: list[list[object]] = [
        ["plain Mesa objects take at least 100 times as long", plain, met(plain.middle >= GOALS["plain"])]
    ]
    for row in in_c:
        if row.ratio:
            what = f"{row.what} takes at most 1.5 times as long as plain C"
            lines.append([what, row.ratio, met(row.ratio.middle <= GOALS["C"])])
    what = "two threads are at least 1.7 times as fast as one"
    lines.append([what, threads, met(threads.middle >= GOALS["threads"])])
    return table(["goal", "measured", "met"], lines, right=[1])


def made(named: str) -> str:
    """Where and with what the page was made."""
    installed = []
    for package in PACKAGES:
        try:
            installed.append(f"{package} {version(package)}")
        except ImportError:
            continue
    return (
        f"Made with `--size {named}` on {machine()}. Python {platform.python_version()}, {', '.join(installed)}. "
        "The machine is shared, so read the ratios before the times."
    )


if __name__ == "__main__":
    main()
