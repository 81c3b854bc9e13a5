"""The commands for the browser: `dgsim app` and `dgsim serve`, as thin as the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

HOST, PORT, MOST_TABLES = "127.0.0.1", 8765, 16
FOLDER: dict[str, Any] = {"type": click.Path(path_type=Path), "metavar": "DIR", "default": "."}
host = click.option("--host", default=HOST, show_default=True, help="Where to listen; 0.0.0.0 is every network.")
port = click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="Where to listen.")
results = click.option("--results", **FOLDER, help="Below which folder sweeps are found.  [default: this one]")


@click.command(
    short_help="Open the browser view.",
    epilog="\b\nExamples:\n  dgsim app\n  dgsim app --port 9000 --no-browser\n  dgsim app --results results",
)
@host
@port
@results
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def app(host: str, port: int, results: Path, no_browser: bool) -> None:
    """Explore, compare, sequence, design incentives and learn in a browser; nothing leaves this machine."""
    from dgsim.app.serve import check_installed, serve

    check_installed()
    click.echo(f"dgsim is at http://{host}:{port}/ (Ctrl+C ends it)", err=True)
    serve(host, port, results, browser=not no_browser)


@click.command(
    short_help="Serve the browser view to a class.",
    epilog="\b\nExample:\n  dgsim serve --tables 4 --host 0.0.0.0",
)
@click.option("--tables", type=click.IntRange(1, MOST_TABLES), default=1, show_default=True, help="How many processes.")
@host
@port
@results
@click.pass_context
def serve(context: click.Context, tables: int, host: str, port: int, results: Path) -> None:
    """Serve the browser view from one process a table, on ports that follow each other, and print their addresses."""
    from dgsim.app.serve import check_installed, serve_tables, shown_host

    check_installed()
    for table in range(tables):
        click.echo(f"table {table + 1}: http://{shown_host(host)}:{port + table}/")
    context.exit(serve_tables(tables, host, port, results))
