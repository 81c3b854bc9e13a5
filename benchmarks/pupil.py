"""A session of the browser view without a browser: it says what a browser says, and waits for what a browser draws.

A class brings its own machines; thirty browsers on the cores of the server would be measured instead of it.
"""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
import uuid
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

DRAWN = {"option": "chart", "paint": "map", "cards": "cards"}  # what a widget is sent, and what it draws of it
REFINED = "-100"


class Pupil:
    """One session on Explore; open it with `Pupil.at`."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.kinds: dict[str, str] = {}  # what each widget draws, by its key
        self.levers = ""
        self.stamps: dict[str, str] = {}
        self.changed = asyncio.Condition()
        self.reading: asyncio.Task[None] | None = None

    @classmethod
    async def at(cls, address: str) -> Pupil:
        """A session whose first picture is there, refined."""
        with urllib.request.urlopen(address) as page:
            cookie = page.headers["set-cookie"].split(";")[0]
        channels = f"/jupyter/api/kernels/{uuid.uuid4()}/channels?session_id={uuid.uuid4()}"
        where = address.replace("http://", "ws://", 1).rstrip("/") + channels
        pupil = cls(await connect(where, additional_headers={"Cookie": cookie}, max_size=None, compression=None))
        pupil.reading = asyncio.create_task(pupil._read())
        control = uuid.uuid4().hex
        await pupil._say("comm_open", comm_id=control, target_name="solara.control", data={})
        start = {"path": "/", "dark": False, "themes": {"light": {}, "dark": {}}, "appName": None}
        await pupil._say("comm_msg", comm_id=control, data={"method": "run", "args": start})
        await pupil._wait(lambda stamp: stamp.endswith(REFINED))
        return pupil

    async def move(self, lever: str, value: float) -> float:
        """Let a slider go; ms until chart, map and headline numbers of the new policy have arrived."""
        old = self.stamps["chart"].rpartition("-")[0]
        start = time.perf_counter()
        event = {"event": "changed", "data": {"name": lever, "value": value}}
        await self._say("comm_msg", comm_id=self.levers, data={"method": "custom", "content": event})
        await self._wait(lambda stamp: not stamp.startswith(old))
        return (time.perf_counter() - start) * 1000

    async def close(self) -> None:
        """Leave."""
        if self.reading:
            self.reading.cancel()
        await self.socket.close()

    async def _say(self, kind: str, **content: Any) -> None:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "", "username": "", "version": "5.2"}
        header["date"] = "2026-01-01T00:00:00.000Z"
        said = {"buffers": [], "channel": "shell", "content": content, "header": header}
        await self.socket.send(json.dumps(said | {"metadata": {}, "parent_header": {}}))

    async def _read(self) -> None:
        async for text in self.socket:
            if '"stamp"' in text or '"groups"' in text:
                await self._take(json.loads(text))

    async def _take(self, message: dict[str, Any]) -> None:
        content = message["content"]
        key, state = content["comm_id"], content["data"]["state"]
        if "groups" in state:
            self.levers = key
        for name in DRAWN.keys() & state.keys():
            self.kinds[key] = DRAWN[name]
        if key in self.kinds and state.get("stamp"):
            async with self.changed:
                self.stamps[self.kinds[key]] = state["stamp"]
                self.changed.notify_all()

    async def _wait(self, right: Any) -> None:
        """Until all that is drawn of a picture is of the right one; gives up after 20 seconds (TimeoutError)."""
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(
                lambda: len(self.stamps) == len(DRAWN) and all(map(right, self.stamps.values()))
            )
