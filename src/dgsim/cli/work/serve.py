"""The browser view, for one and for a class."""

from __future__ import annotations

from pathlib import Path

import click

import dgsim.app.serve


def app(host: str, port: int, results: Path, language: str, no_browser: bool) -> None:
    """Serve the browser view on this machine and open it."""
    dgsim.app.serve.check_installed()
    click.echo(f"dgsim is at http://{host}:{port}/ (Ctrl+C ends it)", err=True)
    dgsim.app.serve.serve(host, port, results, language, browser=not no_browser)


def serve(tables: int, host: str, port: int, results: Path, language: str) -> None:
    """Print the addresses of all tables and serve them."""
    dgsim.app.serve.check_installed()
    for table in range(tables):
        click.echo(f"table {table + 1}: http://{dgsim.app.serve.shown_host(host)}:{port + table}/")
    click.get_current_context().exit(dgsim.app.serve.serve_tables(tables, host, port, results, language))
