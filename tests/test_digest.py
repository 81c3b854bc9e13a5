"""The hash of the rules follows what a result depends on: the code that runs and its numbers, not prose."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dgsim
from dgsim.engine import run as engine
from dgsim.engine.setup import lever_number
from dgsim.world import digest, money, quarter

SOURCE = Path(dgsim.__file__).parent
PROSE = {
    "a comment": ("world/units.py", "BVND = 1000.0  # million VND in one billion", "BVND = 1000.0  # another word"),
    "a docstring": ("world/staff.py", '"""Posts for specialists under the headcount rule."""', '"""Posts."""'),
    "a type": ("world/state.py", "    nation: Nation\n", "    nation: object\n"),
    "the type of a variable": ("world/staff.py", "    rate: float = ", "    rate: object = "),
    "the layout": ("world/money.py", "    share = k.running_share if", "\n    share = k.running_share if"),
    "a rule no run calls": ("world/channels.py", "+ int(line[CASH])", "- int(line[CASH])"),
    "where machine code is kept": ("world/cache.py", "VERSIONS_KEPT, DAYS_KEPT = 8,", "VERSIONS_KEPT, DAYS_KEPT = 9,"),
    "how machine code is sealed": ("world/kept.py", 'b"\\0" + content', 'b"\\1" + content'),
    "a label": ("world/tables/outcomes.csv", "attrition,Attrition", "attrition,Leavers"),
    "a unit": ("world/tables/parameters.csv", "share of provincial expenditure,0,0.05", "share of expenditure,0,0.05"),
    "a sentence of an error": ("engine/setup.py", "are allowed", "may stand there"),
    "a source": ("world/tables/parameters.csv", "whole million VND: the books close to the unit", "the books close"),
}
SUBSTANCE = {
    "an operator": ("world/money.py", "    who.books[line] += amount\n", "    who.books[line] -= amount\n"),
    "a number": ("world/units.py", "MONTHS = 3.0", "MONTHS = 4.0"),
    "a called helper": ("world/luck.py", "return coarse(", "return 1.0 - coarse("),
    "how rules are compiled": ("world/compiled.py", '"nogil": True,', '"nogil": True, "fastmath": True,'),
    "the set-up": (
        "engine/setup.py",
        'records["population"] = people / MILLION',
        'records["population"] = people / PERCENT',
    ),
    "covariates": ("country/covariates.py", "standardised(np.log(country", "standardised(np.sqrt(country"),
    "a default": ("world/tables/parameters.csv", "trust_speed,citizens,float,0", "trust_speed,citizens,float,1"),
    "a service": ("world/tables/services.csv", "\nland,", "\nfields,"),
    "a flow": ("world/tables/flows.csv", "treasury,lapsed,province", "treasury,spent,province"),
}


EDITS = PROSE | SUBSTANCE
# What is not edited is loaded once; each package is then loaded by a process of its own, which begins with that.
HASHES = """
import os, sys
import numba, pydantic
for place in sys.argv[1:]:
    if not os.fork():
        sys.path.insert(0, place)
        from dgsim.engine import run
        print(run.__file__, run.rules_digest(), flush=True)
        os._exit(0)
    os.wait()
"""


def edit(package: Path, name: str, old: str, new: str) -> None:
    file = package / name
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is no longer in {name}: name another line in this test"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def hashes(tmp_path_factory) -> dict[str, str]:
    """What fresh processes of edited packages say, by what was edited; the packages are without their pages."""
    place = tmp_path_factory.mktemp("packages")
    ignored = shutil.ignore_patterns("app", "lessons")
    packages = {}
    for number, (what, change) in enumerate(EDITS.items()):
        packages[what] = Path(shutil.copytree(SOURCE, place / str(number) / "dgsim", ignore=ignored))
        edit(packages[what], *change)
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "DGSIM_CACHE_DIR": str(place / "cache")}
    command = [sys.executable, "-c", HASHES, *(str(package.parent) for package in packages.values())]
    answer = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    found = dict(line.split() for line in answer.splitlines())
    return {what: found[str(package / "engine" / "run.py")] for what, package in packages.items()}


@pytest.mark.parametrize("what", PROSE)
def test_prose_and_what_no_run_calls_keep_the_hash(hashes, what):
    same = hashes[what] == engine.rules_digest()
    assert same, "src/dgsim/world/digest.py: leave it out in Bare, or in constant"


@pytest.mark.parametrize("what", SUBSTANCE)
def test_what_a_result_depends_on_changes_the_hash(hashes, what):
    assert hashes[what] != engine.rules_digest(), "src/dgsim/world/digest.py: let parts_of reach it"


def test_every_rule_of_a_quarter_is_reached():
    parts = "\n".join(digest.parts_of(engine.run_world))
    for act in ("receive_money", "lose_staff", "meet_movers", "look_around", "choose", "publish", "measure"):
        assert f"def {act}(" in parts
    assert "def normal(" in parts, "what an act calls in another file"
    assert "def fix_money(" not in parts, "what only counterfactual runs are asked"


def test_a_function_is_known_by_its_code_alone():
    assert digest.digest_of(money.whole) == digest.digest_of(money.whole.py_func)
    assert digest.digest_of(money.whole) != digest.digest_of(money.receive)
    assert digest.digest_of(quarter.run_quarter, lever_number) == digest.digest_of(lever_number, quarter.run_quarter)
