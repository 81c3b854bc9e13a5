"""Targets on the command line, on the screen, in a folder and on figures."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

import dgsim
from dgsim.appraisals.targets.framework import marks_of
from dgsim.cli.main import main
from dgsim.errors import StudyError
from dgsim.show.figures.outcomes import outcomes_over_time
from dgsim.show.figures.targets import chances_figure
from dgsim.show.terminal.screen import screen_text
from dgsim.show.terminal.targets import chances_table, search_table
from dgsim.study.catalogue import outcome_catalogue
from dgsim.texts import words

FEW = ("--replications", "3", "--to", "2025Q4", "--parameters", "central")
MINE = """
[[target]]
name = "online"
indicator = "supply"
at_least = 0.5
by = "2021Q4"
"""


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def told(capsys):
    """Exit code, output and what is said of a command."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        return (code, *capsys.readouterr())

    return run


def record(**more: object) -> dict[str, object]:
    usual = {"plan": "one", "targets": "set", "target": "t", "indicator": "use", "seen_as": "reported", "of": np.nan}
    usual |= {"by": "2025Q4", "wanted": 0.8, "at_most": False, "unit": "share of dossiers", "mean": 0.412}
    usual |= {"chance": 0.9, "low": 0.7, "high": 0.97, "light": "likely", "reported_not_true": 0.25}
    return usual | {"first_quarter": "2024Q1", "first_low": "2023Q3", "first_high": None, "until": "2040Q4"} | more


def test_a_row_tells_chance_light_first_quarter_and_what_is_only_reported():
    text = screen_text(chances_table(pd.DataFrame([record()]), 20, words("en")))
    for part in (
        "90% (70%",
        "97%)",
        "✓ likely",
        "41.2%",
        "2024Q1",
        "2023Q3",
        "not by",
        "2040Q4",
        "25%",
        "at least 80%",
    ):
        assert part in text, part
    never = {"first_quarter": None, "first_low": None, "light": "unlikely", "reported_not_true": np.nan}
    text = screen_text(chances_table(pd.DataFrame([record(**never)]), 20, words("vi")))
    assert "✗ ít khả năng" in " ".join(text.split())
    assert "quý IV/2040" in " ".join(text.split())
    assert "–" in text


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"quarters": 2, "first_start": "2020Q3"}, "2020Q3, 2 quarters later than planned"),
        ({"quarters": -3, "first_start": "2020Q2"}, "2020Q2, 3 quarters earlier than planned"),
        ({"quarters": 0, "first_start": "2020Q1"}, "2020Q1, as planned"),
        ({"quarters": 9, "first_start": "2022Q2", "in_any_case": True}, "any: it is met even with the latest start"),
        ({"found": False}, "at no start, however early"),
        ({"search": "budget", "share": 0.8, "bvnd": 12345.6}, "80% of the plan's, 12,346 bvnd"),
        ({"search": "budget", "in_any_case": True}, "none: it is met without this money too"),
        ({"search": "budget", "found": False}, "not with four times the money"),
    ],
)
def test_what_it_would_take_is_told(found, said):
    usual = {"plan": "one", "targets": "set", "target": "t", "search": "start", "at_chance": 0.8, "found": True}
    usual |= {"in_any_case": False, "chance": 0.8, "low": 0.6, "high": 0.9, "chance_of_own": 0.5, "replications": 10}
    text = screen_text(search_table(pd.DataFrame([usual | found]), words("en")))
    assert said in " ".join(text.split())


def test_records_are_those_of_the_function(told):
    code, out, _ = told("targets", "decision-749", "staged", *FEW, "--format", "json", "--quiet")
    assert code == 0
    records = json.loads(out)
    own = dgsim.targets("staged", "decision-749", to="2025Q4", replications=3, parameters="central")
    assert list(records[0]) == list(own.columns)
    assert [row["chance"] for row in records] == own["chance"].tolist()
    assert [row["target"] for row in records] == ["services-online-2025", "services-online-2030", "all"]
    assert records[0]["until"] == "2030Q4"


def test_without_a_plan_the_framework_is_told_and_what_cannot_be_expressed(told):
    code, out, _ = told("targets", "decision-749")
    flat = " ".join(out.split())
    assert code == 0
    assert "at least 80% by 2025Q4" in flat
    assert "100% by 2030Q4" in flat
    assert "What the model cannot express" in flat
    assert "other countries are not in it" in flat
    code, vietnamese, _ = told("targets", "decision-749", "--language", "vi")
    assert "Khung kết quả" in vietnamese
    assert "không có các nước khác" in " ".join(vietnamese.split())
    code, out, _ = told("targets", "--format", "csv")
    assert (code, out.partition("\n")[0].split(",")[:3]) == (0, ["targets", "indicator", "seen_as"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("decision749", "staged"),
            "decision749: there are neither shipped targets nor a shipped scenario of this name; did you mean "
            "decision-749?",
        ),
        (("decision-749", "staged", "--target", "online"), "target = online is no target of decision-749"),
        (("decision-749", "staged", "--to", "2040"), '"2040" is not a quarter such as "2021Q4"'),
        (("decision-749", "--replications", "3"), "--replications does nothing without a PLAN"),
        (("decision-749", "staged", "--search", "start", "--chance", "0"), "chance = 0 asks for nothing"),
    ],
)
def test_a_mistake_is_a_sentence_and_exit_code_2(told, arguments, sentence):
    code, out, err = told("targets", *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert "Traceback" not in err


def test_the_folder_describes_every_column(told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(MINE, encoding="utf-8")
    assert told("targets", "mine.toml", "decision-942", "staged", *FEW, "--out", "found", "--quiet")[0] == 0
    few = ("--replications", "2", "--parameters", "central")
    assert told("targets", "mine.toml", "staged", "--search", "start", *few, "--out", "took", "--quiet")[0] == 0
    assert {"targets.csv", "results_framework.csv", "not_expressed.csv", "figure-targets.png"} <= {
        path.name for path in (tmp_path / "found").iterdir()
    }
    for folder in ("found", "took"):
        package = json.loads((tmp_path / folder / "datapackage.json").read_text(encoding="utf-8"))
        for resource in package["resources"]:
            for field in resource["schema"]["fields"]:
                dated = field["name"][:4].isdigit()
                assert field.get("description") or dated, f"fields.csv: {resource['name']}, {field['name']}"


def test_marks_differ_by_more_than_colour():
    plans = [
        record(chance=chance, light=light) for chance, light in ((0.9, "likely"), (0.5, "open"), (0.1, "unlikely"))
    ]
    table = pd.DataFrame([row | {"target": f"t{number}"} for number, row in enumerate(plans)])
    axes = chances_figure(table, "title", "caption").axes[0]
    points = [line for line in axes.lines if len(line.get_xdata()) == 1]
    assert [line.get_xdata()[0] for line in points] == [0.9, 0.5, 0.1]
    assert points[0].get_markerfacecolor() == points[0].get_color()
    assert to_hex(points[1].get_markerfacecolor()) == "#ffffff"
    assert points[2].get_marker() == "x" != points[0].get_marker()


def test_a_target_is_marked_on_the_curve_of_what_it_is_held_against():
    levels = dgsim.simulate("staged", replications=2, quarters=8).summary()
    catalogue = outcome_catalogue()
    drawn = catalogue[catalogue["outcome"].isin(["use_full_process", "trust"])]
    marks = marks_of("decision-942")
    assert set(marks["outcome"]) == {"use_full_process", "supply"}
    figure = outcomes_over_time(levels, drawn, "caption", marks=marks)
    by_title = {axes.get_title(loc="left"): axes for axes in figure.axes}
    marked, plain = by_title["Online from start to end"], by_title["Trust"]
    assert [line.get_ydata()[0] for line in marked.lines if line.get_linestyle() == "--"][-1:] == [0.8]
    assert marked.get_ylim()[1] > 0.8
    assert "dossiers-online-2025" in [text.get_text() for text in marked.texts]
    assert "dossiers-online-2025" not in [text.get_text() for text in plain.texts]


def test_targets_of_nothing_that_is_drawn_are_refused():
    with pytest.raises(StudyError, match="decision-942: no target is held against an outcome that is drawn"):
        marks_of("decision-942", ["trust"])
