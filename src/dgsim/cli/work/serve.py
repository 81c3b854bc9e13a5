"""The browser view, for one and for a class."""

from __future__ import annotations

from pathlib import Path

import click

from dgsim.app.server.place import Place
from dgsim.app.server.serve import serve as serve_here
from dgsim.app.server.serve import serve_tables


def app(host: str, port: int, allow_host: tuple[str, ...], results: Path, language: str, no_browser: bool) -> None:
    """Serve the browser view on this machine and open it."""
    serve_here(Place(host, port, allow_host), results, language, browser=not no_browser)


def serve(tables: int, host: str, port: int, allow_host: tuple[str, ...], results: Path, language: str) -> None:
    """Serve all tables, each on a port of its own, and print their addresses."""
    places = [Place(host, each, allow_host) for each in range(port, port + tables)]

    def tell(table: int, address: str) -> None:
        click.echo(f"table {table}: {address}")

    click.get_current_context().exit(serve_tables(places, results, language, tell))
