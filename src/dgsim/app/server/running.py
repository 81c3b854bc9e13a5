"""The server as it runs: Solara's pages behind the gate, with our files, and with patience that ends."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from dgsim.app.server.assets import with_assets
from dgsim.app.server.endpoint import Endpoint
from dgsim.app.server.gate import Gate
from dgsim.app.server.memory import Housekeeper
from dgsim.app.server.patience import Impatient
from dgsim.app.server.solara_hooks import keep_faults_here

MOST_CONNECTIONS = 1000  # at once; what is more is told to come back
LARGEST_MESSAGE = 2**20  # bytes a browser may send at once; the largest scenario file is a quarter of it


class Server(uvicorn.Server):
    """One that says when it answers."""

    def __init__(self, config: uvicorn.Config, told: Callable[[], None]) -> None:
        super().__init__(config)
        self.told = told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        if self.started:
            self.told()


def run(
    listening: socket.socket,
    assets: Path,
    endpoint: Endpoint,
    key: str,
    language: str,
    told: Callable[[], None],
) -> None:
    """Answer at a socket until interrupted.

    Parameters
    ----------
    listening
        A bound socket.
    assets
        The folder of what browsers load.
    endpoint
        Where that is, and under which names it may be asked.
    key
        What is asked for; empty for nothing.
    language
        Of refusals, where an address names none.
    told
        Called once it answers.
    """
    keep_faults_here()
    Housekeeper().begin()
    config = uvicorn.Config(
        Gate(with_assets(assets), endpoint.known_as, key, language, endpoint.names),
        http=Impatient,
        log_level="warning",
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,
        limit_concurrency=MOST_CONNECTIONS,
        server_header=False,
    )
    Server(config, told).run(sockets=[listening])
