"""How fast the browser view is, measured in a real browser: from letting a slider go to the picture that follows.

    python benchmarks/browser.py                     one browser, moves of one slider
    python benchmarks/browser.py --sessions 30       as many browsers, each moving every three seconds
    python benchmarks/browser.py --sessions 30 --tables 2

Needs the extras app and test, and chromium on the PATH. "picture" is the first one, of 20 replications; "refined" is
the one of 100 that replaces it. The clock runs inside the page, from the slider's event to the first frame after the
chart was drawn anew.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
MOVE = """async ([label, value]) => {
  const named = (slider) => slider.labels.length && slider.labels[0].innerText === label;
  const slider = [...document.querySelectorAll("input[type=range]")].find(named);
  const chart = document.querySelector(".dg-plot"), old = chart.dataset.stamp.replace(/-[0-9]+$/, "");
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  const start = performance.now();
  slider.value = value;
  slider.dispatchEvent(new Event("input", {bubbles: true}));
  slider.dispatchEvent(new Event("change", {bubbles: true}));
  const until = async (right) => {
    while (!right(chart.dataset.stamp)) {
      if (performance.now() - start > 20000) return NaN;
      await frame();
    }
    await frame();
    return performance.now() - start;
  };
  const picture = await until((stamp) => !stamp.startsWith(old));
  const refined = await until((stamp) => stamp.endsWith("-100"));
  return [picture, refined];
}"""


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


async def ready_page(browser: Any, address: str) -> tuple[Any, float]:
    """A page of a browser of its own with its refined picture, and how long its first view took (ms)."""
    context = await browser.new_context(viewport={"width": 1366, "height": 900})
    page = await context.new_page()
    start = time.perf_counter()
    await page.goto(address)
    await page.wait_for_selector(".dg-plot[data-stamp]", timeout=200_000)
    first = (time.perf_counter() - start) * 1000
    await page.wait_for_selector(".dg-plot[data-stamp$='-100']", timeout=60_000)
    return page, first


async def one_browser(address: str, moves: int) -> None:
    """First view and moves of a slider, one at a time, to values never seen before."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        await ready_page(browser, address)
        firsts = [(await ready_page(browser, address))[1] for _ in range(3)]
        page, _ = await ready_page(browser, address)
        times = [await page.evaluate(MOVE, ["Fee cut for online transactions", (n + 1) / 100]) for n in range(moves)]
        await browser.close()
    print(f"first view      median {statistics.median(firsts):6.0f} ms of {len(firsts)}")
    tell("picture (20)", [one for one, _ in times[2:]])
    tell("refined (100)", [other for _, other in times[2:]])


async def many_browsers(addresses: list[str], sessions: int, rounds: int, pause: float) -> None:
    """So many browsers, each letting a slider go every few seconds, spread evenly over the pause."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        pages = [(await ready_page(browser, addresses[n % len(addresses)]))[0] for n in range(sessions)]
        times: list[float] = []

        async def pupil(number: int) -> None:
            await asyncio.sleep(pause * number / sessions)
            for turn in range(rounds):
                start = time.perf_counter()
                value = round(0.001 * (1 + number + sessions * turn), 3)
                picture, _ = await pages[number].evaluate(MOVE, ["Fee cut for online transactions", value])
                times.append(picture)
                await asyncio.sleep(max(0.0, pause - (time.perf_counter() - start)))

        await asyncio.gather(*(pupil(number) for number in range(sessions)))
        await browser.close()
    tell(f"{sessions} sessions", times)


def tell(name: str, times: list[float]) -> None:
    """Median and 95th percentile of times in ms; what never came counts as endless."""
    known = sorted(time if time == time else float("inf") for time in times)
    p95 = known[min(len(known) - 1, int(0.95 * len(known)))]
    print(f"{name:15s} median {statistics.median(known):6.0f} ms, 95th percentile {p95:6.0f} ms of {len(known)} moves")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=1)
    parser.add_argument("--tables", type=int, default=1)
    parser.add_argument("--moves", type=int, default=30)
    parser.add_argument("--pause", type=float, default=3.0, help="seconds between two moves of a session")
    given = parser.parse_args()
    process, addresses = start_server(given.tables)
    try:
        if given.sessions == 1:
            asyncio.run(one_browser(addresses[0], given.moves))
        else:
            asyncio.run(many_browsers(addresses, given.sessions, max(2, given.moves // 6), given.pause))
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
