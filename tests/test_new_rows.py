"""The tables are the only home of their rows: a new one needs no code."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dgsim
from dgsim.world.tables import FOUNDATIONS, ITEMS, SERVICES

CLOUD = {
    "item": "cloud",
    "kind": "foundation",
    "label": "Shared cloud",
    "label_vi": "Đám mây dùng chung",
    "full_cost_bvnd": "900",
    "shortest_quarters": "4",
    "initial_readiness": "0.6",
    "connect_fixed_bvnd": "2",
    "connect_per_million_bvnd": "1",
}
RUN = """
from dgsim.engine.run import run_replications
from dgsim.country import synthetic_country
from dgsim.scenario import load_scenario
from dgsim.world.state import N_FOUNDATIONS, N_SERVICES, OPTIONS
from dgsim.world.tables import FOUNDATIONS, SERVICES
plan = {"name": "p", "roadmap": [{"item": "cloud", "start": "2020Q1", "quarters": 4, "cost_bvnd": 400.0}]}
scenario = load_scenario(plan).with_changes(quarters=6)
runs = run_replications(scenario, synthetic_country(5), replications=[0], keep={"choices"}, workers=1)
choices = runs.choices[0]
connects = choices[choices["option"] == OPTIONS.index("connect")]
print(FOUNDATIONS[-1], N_FOUNDATIONS, SERVICES[0].needs[-1], N_SERVICES + N_FOUNDATIONS - 1 in connects["slot"])
"""


@pytest.fixture
def copy(tmp_path):
    """A copy of the package whose tables may be edited."""
    ignored = shutil.ignore_patterns("__pycache__", "app", "lessons")
    return Path(shutil.copytree(Path(dgsim.__file__).parent, tmp_path / "dgsim", ignore=ignored))


def add_row(package: Path, table: str, row: dict[str, str]) -> None:
    """A row at the end of a table."""
    file = package / "world" / "tables" / f"{table}.csv"
    with file.open("a", encoding="utf-8", newline="") as opened:
        csv.DictWriter(opened, list(row), lineterminator="\n").writerow(row)


def add_column(package: Path, table: str, column: str, value: str) -> None:
    """A column at the end of a table, the same in every row."""
    file = package / "world" / "tables" / f"{table}.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([f"{header},{column}", *(f"{row},{value}" for row in rows)]) + "\n", encoding="utf-8")


def answer(package: Path) -> subprocess.CompletedProcess[str]:
    """What a short run of that package prints, the rules as plain Python."""
    environment = os.environ | {"PYTHONPATH": str(package.parent), "NUMBA_DISABLE_JIT": "1"}
    environment["DGSIM_CACHE_DIR"] = str(package.parent / "cache")
    return subprocess.run([sys.executable, "-c", RUN], env=environment, capture_output=True, text=True)


def test_a_foundation_is_one_row_and_what_services_need_of_it_a_column(copy):
    add_row(copy, "items", CLOUD)
    add_column(copy, "services", "needs_cloud", "0.3")
    said = answer(copy)
    assert said.stdout.split() == ["cloud", str(len(FOUNDATIONS) + 1), "0.3", "True"], said.stderr[-2000:]


def test_a_row_alone_is_a_foundation_that_no_service_needs(copy):
    add_row(copy, "items", CLOUD)
    said = answer(copy)
    assert said.stdout.split()[:3] == ["cloud", str(len(FOUNDATIONS) + 1), "0.0"], said.stderr[-2000:]


def test_a_column_without_a_row_is_refused_in_a_sentence(copy):
    add_column(copy, "services", "needs_cloud", "0.3")
    assert "services.csv: needs_cloud names no foundation of items.csv" in answer(copy).stderr


def test_foundations_come_first_and_connectivity_before_all():
    assert tuple(item.item for item in ITEMS[: len(FOUNDATIONS)]) == FOUNDATIONS
    assert FOUNDATIONS[0] == "connectivity", "the rules take the foundation nobody connects to for the first"
    assert all(len(service.needs) == len(FOUNDATIONS) for service in SERVICES)
