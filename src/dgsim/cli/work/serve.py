"""The browser view, for one and for a class."""

from __future__ import annotations

from pathlib import Path

import click

from dgsim.app.server.endpoint import Endpoint
from dgsim.app.server.serve import serve as serve_here
from dgsim.app.server.serve import serve_tables


def app(host: str, port: int, allow_host: tuple[str, ...], results: Path, language: str, no_browser: bool) -> None:
    """Serve the browser view on this machine and open it."""
    serve_here(Endpoint(host, port, allow_host), results, language, browser=not no_browser)


def serve(tables: int, host: str, port: int, allow_host: tuple[str, ...], results: Path, language: str) -> None:
    """Serve all tables, each on a port of its own, and print their addresses."""
    endpoints = [Endpoint(host, each, allow_host) for each in range(port, port + tables)]

    def tell(table: int, address: str) -> None:
        click.echo(f"table {table}: {address}")

    click.get_current_context().exit(serve_tables(endpoints, results, language, tell))
