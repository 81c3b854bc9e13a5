"""How fast the browser view is, measured in a real browser: from letting a slider go to the picture that follows.

    python benchmarks/browser.py                     one browser, moves of one slider
    python benchmarks/browser.py --sessions 30       as many sessions, each moving every three seconds
    python benchmarks/browser.py --sessions 30 --tables 2
    python benchmarks/browser.py --sessions 30 --windows     each of them a browser of its own, on the same cores
    python benchmarks/browser.py --write docs/performance-browser.md

The last measures all of it and writes the page. Needs the extras app and test, and chromium on the PATH. "picture" is
the first one, of 20 replications; "refined" is the one of 200 that replaces it. The clock runs inside the page, from
the slider's event to the first frame after the chart was drawn anew. The engine alone is timed between the moves, so
that the two meet the same machine. Of the sessions of a class one is a browser, and the others say what a browser says
and wait for all that it would draw (pupil.py).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from string import Template
from typing import Any

from pupil import Pupil
from timing import machine

from dgsim.app.runs.cache import FIRST, FULL, parameter_sets
from dgsim.country import load_country
from dgsim.engine.run import run_replications
from dgsim.engine.sets import PLAUSIBLE_NAME
from dgsim.scenario import Scenario, load_scenario

PAGE = Path(__file__).parent / "browser_page.md"
SLIDER, LEVER = "Fee cut for online transactions", "fee_cut"
WARMING = 2  # moves that are not counted
LAPTOP, SMALL = (1366, 900), (320, 240)
LONGEST = 20_000  # ms a picture is waited for, here and in MOVE
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
REST = 100  # ms for which a hand on a mouse rests before it lets go; a key lets go at once
MOST = 20  # moves of each kind, so that none comes to a value that was seen before
MOVE = """async ([label, value, refine, rest]) => {
  const named = (slider) => slider.labels.length && slider.labels[0].innerText === label;
  const slider = [...document.querySelectorAll("input[type=range]")].find(named);
  const chart = document.querySelector(".dg-plot"), old = chart.dataset.stamp.replace(/-[0-9]+$/, "");
  const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  slider.value = value;
  slider.dispatchEvent(new Event("input", {bubbles: true}));
  if (rest) await new Promise((done) => setTimeout(done, rest));
  const start = performance.now();
  const until = (right) => new Promise((done) => {
    const end = async (found) => {
      watch.disconnect();
      clearTimeout(patience);
      if (found) await drawn();
      done(found ? performance.now() - start : NaN);
    };
    const look = () => { if (right(chart.dataset.stamp)) end(true); };
    const watch = new MutationObserver(look);
    const patience = setTimeout(() => end(false), 20000);
    watch.observe(chart, {attributes: true, attributeFilter: ["data-stamp"]});
    look();
  });
  slider.dispatchEvent(new Event("change", {bubbles: true}));
  const picture = await until((stamp) => !stamp.startsWith(old));
  return [picture, refine ? await until((stamp) => stamp.endsWith("-FULL")) : NaN];
}""".replace("FULL", str(FULL))


def free_port(count: int) -> int:
    """The first of so many ports in a row that are free now."""
    for first in range(20000, 60000, 97):
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise RuntimeError("no free ports")


def start_server(tables: int) -> tuple[subprocess.Popen[bytes], list[str]]:
    """`dgsim serve` with so many processes, ready and warm; their addresses."""
    port = free_port(tables)
    command = [sys.executable, "-m", "dgsim", "serve", "--tables", str(tables), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    addresses = [f"http://127.0.0.1:{each}" for each in range(port, port + tables)]
    for address in addresses:
        while True:
            try:
                urllib.request.urlopen(f"{address}/readyz", timeout=1).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
    return process, addresses


async def ready_page(browser: Any, address: str, window: tuple[int, int] = LAPTOP) -> tuple[Any, float]:
    """A page of a browser of its own with its refined picture, and how long its first view took (ms)."""
    context = await browser.new_context(viewport={"width": window[0], "height": window[1]})
    page = await context.new_page()
    start = time.perf_counter()
    await page.goto(address)
    await page.wait_for_selector(".dg-plot[data-stamp]", timeout=200_000)
    first = (time.perf_counter() - start) * 1000
    await page.wait_for_selector(f".dg-plot[data-stamp$='-{FULL}']", timeout=60_000)
    return page, first


@dataclass(frozen=True)
class Row:
    """Times of one thing in ms; `goal` is (what is held against it, "median" or "p95", the most it may be)."""

    name: str
    times: list[float]
    goal: tuple[str, str, float] | None = None

    @property
    def median(self) -> float:
        """The median; what never came counts as endless."""
        return statistics.median(self._known)

    @property
    def p95(self) -> float:
        """The 95th percentile."""
        return self._known[min(len(self.times) - 1, int(0.95 * len(self.times)))]

    @property
    def _known(self) -> list[float]:
        return sorted(time if time == time else float("inf") for time in self.times)

    def goal_line(self) -> str:
        """The goal, what was measured, and whether it is met."""
        if self.goal is None:
            return ""
        told, statistic, most = self.goal
        value = getattr(self, statistic)
        return f"| {told} | {ms(value)} ms | {'yes' if value <= most else '**no**'} |"


def ms(time: float) -> str:
    """A time in ms; what did not come while it was waited for says so."""
    return f"{time:,.0f}" if time < LONGEST else f"over {LONGEST:,}"


def processor_seconds(process: subprocess.Popen[bytes]) -> float:
    """Processor time so far of the servers that `dgsim serve` started."""
    ticks = 0
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        ticks += sum(map(int, Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def engine_alone(seed: int) -> float:
    """What the runs of a first picture take by themselves, ms on the clock."""
    plan, country = staged(), load_country()
    start = time.perf_counter()
    sets = parameter_sets(PLAUSIBLE_NAME)
    run_replications(plan, country, seed=seed, replications=range(FIRST), keep={"means"}, parameters=sets)
    return (time.perf_counter() - start) * 1000


@cache
def staged() -> Scenario:
    """The plan whose slider is moved."""
    return load_scenario("staged")


async def one_browser(address: str, moves: int, process: subprocess.Popen[bytes]) -> list[Row]:
    """First view, and moves of a slider, one at a time, to values never seen before."""
    from playwright.async_api import async_playwright

    engine_alone(0)
    steps = [move / 100 for move in range(1, min(moves, MOST) + 1)]
    leaps = [0.22 + 0.02 * move for move in range(2 * len(steps))]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        await ready_page(browser, address)
        firsts = [(await ready_page(browser, address))[1] for _ in range(5)]
        page, _ = await ready_page(browser, address)
        times: dict[str, list[Any]] = {"mouse": [], "typed": [], "keys": []}
        alone, work = [], []
        for move, value in enumerate(leaps):
            kind, rest = (("mouse", REST), ("typed", 0))[move % 2]
            before = processor_seconds(process)
            times[kind].append(await page.evaluate(MOVE, [SLIDER, value, True, rest]))
            work.append((processor_seconds(process) - before) * 1000)
            alone.append(engine_alone(move))
            await page.wait_for_timeout(300)
        for value in steps:
            times["keys"].append(await page.evaluate(MOVE, [SLIDER, value, True, 0]))
            await page.wait_for_timeout(500)
        before = processor_seconds(process)
        again = [await page.evaluate(MOVE, [SLIDER, value, True, 0]) for value in steps[:-1]]
        drawing = (processor_seconds(process) - before) * 1000 / len(again)
        await browser.close()
    mouse, typed, keys = ([one for one, _ in moved[WARMING:]] for moved in times.values())
    return [
        Row("first view, a new browser", firsts, ("first view under 3 s", "median", 3000)),
        Row(f"a mouse lets go, to the picture ({FIRST})", mouse, ("a picture in 100 ms, by mouse", "median", 100)),
        Row(f"a key steps on, to the picture ({FIRST})", keys, ("a picture in 100 ms, step by step", "median", 100)),
        Row(f"a value from nowhere, to the picture ({FIRST})", typed),
        Row(
            f"any of them, to the refined picture ({FULL})",
            [two for moved in times.values() for _, two in moved[WARMING:]],
            ("refined in 500 ms", "median", 500),
        ),
        Row(f"the engine alone, {FIRST} runs, on the clock", alone[2 * WARMING :]),
        Row("a move back to a picture seen before", [one for one, _ in again]),
        Row("processor time of the server, a move and its refining", work[2 * WARMING :]),
        Row("processor time of the server, a move back", [drawing]),
    ]


async def a_class(addresses: list[str], sessions: int, rounds: int, pause: float, windows: bool) -> list[Row]:
    """So many sessions, each letting a slider go every few seconds, spread evenly over the pause.

    The first is a browser; the others are too if they are to have windows, else they only say and hear the same.
    """
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        movers: list[Callable[[float], Awaitable[float]]] = []
        for number in range(sessions):
            address = addresses[number % len(addresses)]
            if windows or number == 0:
                page, _ = await ready_page(browser, address, SMALL if windows else LAPTOP)
                movers.append(partial(moved_in, page))
            else:
                movers.append(partial((await Pupil.at(address)).move, LEVER))
        times: list[list[float]] = [[] for _ in movers]

        async def member(number: int) -> None:
            await asyncio.sleep(pause * number / sessions)
            for turn in range(rounds):
                start = time.perf_counter()
                times[number].append(await movers[number]((number + sessions * turn + 1) / (sessions * rounds + 1)))
                await asyncio.sleep(max(0.0, pause - (time.perf_counter() - start)))

        await asyncio.gather(*(member(number) for number in range(sessions)))
        await browser.close()
    servers = "1 process" if len(addresses) == 1 else f"{len(addresses)} processes"
    told = f"{sessions} sessions, a move every {pause:g} s each, {servers}"
    everyone = [one for of_one in times for one in of_one]
    if windows:
        return [Row(f"{told}, every one a browser on these cores", everyone)]
    return [
        Row(told, everyone, (f"{told}: 95% in 300 ms", "p95", 300)),
        Row("the browser among them", times[0]),
    ]


async def moved_in(page: Any, value: float) -> float:
    """Let a slider go in a browser: ms to the picture."""
    return float((await page.evaluate(MOVE, [SLIDER, value, False, 0]))[0])


def measured(sessions: int, tables: int, windows: bool, moves: int, pause: float) -> list[Row]:
    """One setting, with servers of its own."""
    process, addresses = start_server(tables)
    try:
        if sessions == 1:
            return asyncio.run(one_browser(addresses[0], moves, process))
        return asyncio.run(a_class(addresses, sessions, max(2, moves // 2), pause, windows))
    finally:
        process.terminate()
        process.wait(20)


def table_of(rows: list[Row]) -> str:
    """The rows as a table: median, 95th percentile, how many."""
    lines = [f"| {row.name} | {ms(row.median)} | {ms(row.p95)} | {len(row.times)} |" for row in rows]
    return "\n".join(["| what | median, ms | 95th percentile, ms | of |", "| --- | --: | --: | --: |", *lines])


def page_of(rows: list[Row]) -> str:
    """The page of the documentation."""
    goals = ["| goal | measured | met |", "| --- | --: | --- |", *(row.goal_line() for row in rows if row.goal)]
    text = PAGE.read_text(encoding="utf-8")
    return Template(text).substitute(machine=machine(), table=table_of(rows), goals="\n".join(goals))


def main() -> None:
    """Measure, then print or write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=1)
    parser.add_argument("--tables", type=int, default=1)
    parser.add_argument("--windows", action="store_true", help="all sessions are browsers, on the cores of the server")
    parser.add_argument("--moves", type=int, default=30)
    parser.add_argument("--pause", type=float, default=3.0, help="seconds between two moves of a session")
    parser.add_argument("--write", type=Path, metavar="FILE", help="measure all settings and write the page there")
    given = parser.parse_args()
    everything = [(1, 1, False), (30, 1, False), (30, 2, False), (30, 1, True)]
    settings = everything if given.write else [(given.sessions, given.tables, given.windows)]
    rows = [row for setting in settings for row in measured(*setting, given.moves, given.pause)]
    print(table_of(rows))
    if given.write:
        given.write.write_text(page_of(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
