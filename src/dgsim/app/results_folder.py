"""Where the page Results looks for sweeps: told to the process of the server through its environment."""

from __future__ import annotations

import os
from pathlib import Path

RESULTS_VARIABLE = "DGSIM_APP_RESULTS"


def results_folder() -> Path:
    """The folder below which sweeps are looked for."""
    return Path(os.environ.get(RESULTS_VARIABLE, "."))
