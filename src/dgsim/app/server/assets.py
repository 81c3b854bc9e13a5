"""What browsers load: the files that were there when the server started, and no others.

Solara's own way fetches what it lacks from a public network and clears folders in the way; here nothing is fetched,
written or removed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from solara.server.starlette import StaticCdn, app
from starlette.applications import Starlette
from starlette.routing import Mount

ADDRESS = "/_solara/cdn"
OF_A_PACKAGE = "__main.js"  # the file an address of a package alone stands for


class Assets(StaticCdn):
    """Files of a folder, by the index made when this is made; Solara packs them and says how long they hold."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)
        found = (Path(above, name) for above, _, names in os.walk(folder) for name in names)
        self.files = {file.relative_to(folder).as_posix(): file for file in found}

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """The file at a path below the address, and its size and times."""
        asked = path.replace(os.sep, "/")
        file = self.files.get(asked) or self.files.get(f"{asked}/{OF_A_PACKAGE}")
        try:
            return (str(file), file.stat()) if file else ("", None)
        except OSError:  # it was there when the server started
            return "", None


def with_assets(folder: Path) -> Starlette:
    """Solara's application, with these files in place of its own way to them."""
    routes: list[Any] = app.router.routes
    routes[:] = [route for route in routes if getattr(route, "path", None) != ADDRESS]
    routes.insert(0, Mount(ADDRESS, app=Assets(folder)))
    return app
