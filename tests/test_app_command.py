"""The line that is copied prints the numbers that are on the screen."""

from __future__ import annotations

import csv
import io
import subprocess
from contextlib import chdir, redirect_stdout
from dataclasses import replace

import numpy as np
import pytest

from dgsim.app.content.headlines import cards_of
from dgsim.app.runs.cache import FULL, RunCache, pair_of
from dgsim.app.state.command import command_of
from dgsim.app.state.view import first_view, shipped
from dgsim.cli.main import main
from dgsim.study.compare import paired_interval
from dgsim.texts import words
from dgsim.world.tables import OUTCOME_NAMES

REPLICATIONS = 3
VIEWS = {
    "shipped": first_view(),
    "changed": replace(first_view().with_levers(fee_cut=0.5, care=12.0), seed=5),
    "both changed": replace(
        first_view().with_levers(awards=300.0),
        baseline=shipped("history").with_changes(name="it's <mine>", fee_cut=0.1),
    ),
    "central": replace(first_view(), parameters="central"),
    "one policy": replace(first_view(), baseline=first_view().policy),
}


def in_a_shell(command: str, folder) -> list[dict[str, str]]:
    """What dgsim prints for the command as bash reads it, in the folder with what the command writes; as rows."""
    script = f'dgsim() {{ printf "%s\\0" "$@"; }}\n{command}\n'
    read = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=True).stdout
    with chdir(folder), redirect_stdout(io.StringIO()) as printed:
        assert main([*read.split("\0")[:-1], "--format", "csv", "--quiet"]) == 0
    return list(csv.DictReader(io.StringIO(printed.getvalue())))


@pytest.mark.parametrize("name", VIEWS)
def test_the_copied_command_prints_the_numbers_on_the_screen(name, tmp_path):
    view, pictures = VIEWS[name], RunCache()
    rows = in_a_shell(command_of(view, REPLICATIONS), tmp_path)
    policy, baseline = (
        pictures.runs(s, view.seed, REPLICATIONS, parameters=view.parameters) for s in (view.policy, view.baseline)
    )
    if name == "one policy":
        shown, column = policy.outcomes.mean(axis=0), "mean"
    else:
        shown, column = paired_interval(policy.outcomes - baseline.outcomes)["difference"], "difference"
    last = {row["outcome"]: float(row[column]) for row in rows if row["quarter"] == "2030Q4"}
    assert set(last) == set(OUTCOME_NAMES)
    printed = np.array([last[outcome] for outcome in OUTCOME_NAMES])
    assert np.allclose(printed, shown[-1], rtol=1e-12, atol=1e-12)


def test_the_screen_shows_what_compare_prints_by_default(tmp_path):
    """The command without any option: as many runs, the same luck, the same sets of parameters."""
    plans = {name: shipped(name).with_changes(quarters=8) for name in ("staged", "history")}
    for name, plan in plans.items():
        (tmp_path / f"{name}-short.toml").write_text(plan.to_toml())
    view = replace(first_view().started_from(plans["staged"]), baseline=plans["history"])
    pair = pair_of(view, FULL)
    rows = in_a_shell("dgsim compare ./staged-short.toml --baseline ./history-short.toml", tmp_path)
    last = {row["outcome"]: row for row in rows if row["quarter"] == "2021Q4"}
    assert {int(row["replications"]) for row in last.values()} == {pair.replications}
    shown = paired_interval(pair.difference[:, -1])
    for column, name in enumerate(OUTCOME_NAMES):
        printed = [float(last[name][part]) for part in ("difference", "low", "high")]
        assert printed == pytest.approx([shown[part][column] for part in ("difference", "low", "high")], rel=1e-12)
    use = float(last["use"]["difference"])
    cards = {card["name"]: card for card in cards_of(pair, 7, words("en"))}
    assert cards["use"]["delta"].startswith(f"{100 * use:+.1f} ")


def test_the_command_of_shipped_scenarios_needs_no_file():
    counts = "--replications 100 --seed 0 --parameters plausible"
    assert command_of(first_view(), 100) == f"dgsim compare staged --baseline history {counts}"
