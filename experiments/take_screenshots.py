"""Take the pictures of the browser view that the documentation shows.

    python experiments/take_screenshots.py docs/images

Needs the extras app and test, chromium on the PATH, and Pillow (it comes with matplotlib).
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from dgsim.app.runs.cache import FULL

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
REFINED = f".dg-plot[data-stamp$='-{FULL}']"
PICTURES = {
    "app-explore": ("/?fee_cut=0.6", REFINED, 860),
    "app-compare": ("/compare?policy=foundations-first&baseline=services-first", REFINED, 1000),
    "app-sequence": ("/sequence", REFINED, 760),
    "app-learn": ("/learn?lesson=technology-without-reform", ".dg-lessons", 900),
    "app-incentives": ("/incentives?policy=matching", ".dg-plot[data-stamp^='matching']", 860),
}
WIDTH = 1280
COLOURS = 200  # of the palette: small files


def ready(address: str) -> None:
    """Wait until the server answers."""
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=1).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    raise RuntimeError("the server does not answer")


def take(page: Page, address: str, name: str, folder: Path) -> None:
    """One picture, with few colours."""
    path, wait, height = PICTURES[name]
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.goto(address + path)
    page.wait_for_selector(wait, timeout=200_000)
    if name == "app-sequence":
        page.locator(".dg-timeline svg").focus()
        for _ in range(3):
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(300)
        page.wait_for_selector(REFINED)
    if name == "app-learn":
        page.locator(".dg-lessons .dg-picks button").nth(2).click()
        page.get_by_role("button", name="Show what the model says").click()
        page.wait_for_selector(".dg-plot[data-stamp]", timeout=200_000)
    page.wait_for_timeout(600)
    file = folder / f"{name}.png"
    page.screenshot(path=file)
    Image.open(file).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file}: {file.stat().st_size:,} bytes")


def main() -> None:
    """Start the view, take the pictures, stop it."""
    folder = Path(sys.argv[1])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "dgsim", "app", "--port", str(port), "--no-browser"])
    address = f"http://127.0.0.1:{port}"
    try:
        ready(address)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = browser.new_page()
            for name in PICTURES:
                take(page, address, name, folder)
            browser.close()
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
