"""The one compilation of the rules comes before all tests, and not in each of the processes that share them."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numba
import pytest

from dgsim.world.cache import compiled_before

TOLD = "DGSIM_FIRST_COMPILATION"  # the file with what that compilation told; absent where it was done before
COLLECTING = (20_000, 20, 50)  # new objects, young and middle collections before the next older one
COMPILE = """
import json, sys
from dgsim.engine.compilation import compile_rules
told = []
compile_rules(lambda *numbers: told.append(numbers))
open(sys.argv[1], "w").write(json.dumps(told))
"""


def pytest_configure(config: pytest.Config) -> None:
    """Garbage is looked for less often; where rules are not compiled yet, they are, with a line that says so."""
    gc.set_threshold(*COLLECTING)
    no_tests = config.option.collectonly or config.option.help or hasattr(config, "workerinput")
    if no_tests or numba.config.DISABLE_JIT or compiled_before():
        return
    print("Compiling the model's rules, once on this machine.", flush=True)
    file = Path(tempfile.mkdtemp(prefix="dgsim-")) / "told.json"
    subprocess.run([sys.executable, "-c", COMPILE, str(file)], check=True)
    os.environ[TOLD] = str(file)
