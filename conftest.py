"""The one compilation of the rules comes before all tests; which tests are the same under every version of Python."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from dgsim.world.cache import CHANNELS, compiled_before

# Looked at for examples, they would load Solara's server, which changes much of what is loaded beside it.
collect_ignore = [f"src/dgsim/app/server/{name}.py" for name in ("assets", "running", "solara_hooks")]
TOLD = "DGSIM_FIRST_COMPILATION"  # the file with what that compilation told; absent where it was done before
COLLECTING = (20_000, 20, 50)  # new objects, young and middle collections before the next older one
# Tests of what no version of Python changes. `.ci/run` runs them under one, and compares what all shipped scenarios
# come to under both (see docs/decisions/0050).
ONCE = {
    "figures reckoned by hand": ["by_hand", "rules", "test_patterns", "test_plain_rules"],
    "what holds in any world": ["test_invariants", "test_ledger", "test_luck", "test_peers"],
    "decisions": ["test_decide", "test_decide_order", "test_decide_shapley", "test_mediation", "test_optimise"],
    "studies": ["test_analysis", "test_learn", "test_regret", "test_stopping"],
    "pages": ["browser", "test_app_command", "test_app_pages", "test_app_questions", "test_app_server"],
    "what pages show": ["test_app_content", "test_app_view", "test_app_worth"],
    "pictures and texts": ["test_docs", "test_languages", "test_show", "test_terminal", "test_texts"],
    "reports": ["test_report", "test_report_office"],
    "differences told": ["test_diff"],
    "commands, option by option": ["test_cli", "test_options", "test_standing"],
    "what is read": ["test_country", "test_scenario", "test_scenario_errors"],
    "damage": ["test_generated_inputs", "test_hostile_inputs", "test_separators", "test_store_damage"],
    "the source as text": ["test_digest", "test_imports", "test_numbers"],
    "this repository": ["test_benchmarks", "test_experiments", "test_package", "test_shared_cache"],
}
TESTS, SOURCE = (Path(__file__).parent / name for name in ("tests", "src"))
COMPILE = """
import json, sys
from dgsim.engine.compilation import compile_rules
from dgsim.show.terminal.compiling import compiling_shown
from dgsim.texts import IN_ENGLISH
from dgsim.world.cache import lasting
told = []
with compiling_shown(IN_ENGLISH, lasting=lasting()) as tell:
    compile_rules(lambda *numbers: (told.append(numbers), tell(*numbers)), channels=True)
open(sys.argv[1], "w").write(json.dumps(told))
"""


def pytest_configure(config: pytest.Config) -> None:
    """Garbage is looked for less often; where rules are not compiled yet, they are, with word of it."""
    gc.set_threshold(*COLLECTING)
    no_tests = config.option.collectonly or config.option.help or hasattr(config, "workerinput")
    if no_tests or compiled_before(CHANNELS):
        return
    folder = tempfile.TemporaryDirectory(prefix="dgsim-")
    config.add_cleanup(folder.cleanup)
    file = Path(folder.name) / "told.json"
    if subprocess.run([sys.executable, "-c", COMPILE, str(file)], check=False).returncode:
        print("The rules cannot be compiled (see above): tests that run them will fail, those of the source tell more.")
    else:
        os.environ[TOLD] = str(file)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is run once: the files of ONCE, and the examples of docstrings."""
    once = {name for names in ONCE.values() for name in names}
    for item in items:
        of_tests = TESTS in item.path.parents and item.path.relative_to(TESTS).parts[0].removesuffix(".py") in once
        if of_tests or SOURCE in item.path.parents:
            item.add_marker(pytest.mark.once)
