"""The page Results: sweeps found below a folder, and nothing outside it."""

from __future__ import annotations

import pytest

pytest.importorskip("solara", reason="the extra app is not installed")

from dgsim.app.content import sweeps
from dgsim.app.pages.results import opened_point
from dgsim.app.state.view import first_view
from dgsim.errors import StudyError
from dgsim.sweeps.sweep import sweep
from dgsim.texts import words

W = words("en")
DESIGN = {
    "name": "small",
    "scenarios": ["history", "staged"],
    "levers": {"fee_cut": [0.0, 0.5], "awards_metric": ["supply", "use"]},
    "uncertain": ["care"],
    "replications": 2,
    "quarters": ["2020Q4", "2021Q4"],
    "horizon": {"stop_after": 8},
    "sample": {"method": "sobol", "points": 8},
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("root")
    sweep(DESIGN, folder / "one")
    return folder


def test_finished_sweeps_are_found_and_opened(root):
    assert sweeps.sweep_folders(root) == ["one"]
    assert sweeps.open_sweep(root, "one").names


def test_no_name_leads_out_of_the_folder(root):
    for name in ("../one", "/etc", "..", "one/../../x"):
        with pytest.raises(StudyError):
            sweeps.open_sweep(root / "one", name)


def test_points_are_means_over_replications(root):
    found = sweeps.open_sweep(root, "one")
    points = sweeps.points_of(found, "2021Q4")
    assert points.varied == ("scenario", "fee_cut", "awards_metric", "care")
    rows = found.wide[(found.wide["quarter"] == "2021Q4") & (found.wide["point"] == 3)]
    assert points.frame.set_index("point").loc[3, "use"] == pytest.approx(rows["use"].mean())


def test_the_heat_map_and_the_parallel_axes_hold_every_point(root):
    points = sweeps.points_of(sweeps.open_sweep(root, "one"), "2021Q4")
    heat = sweeps.heat(points, "fee_cut", "care", "use", W)
    assert heat["xAxis"]["data"] == ["0", "0.5"]
    assert len(heat["yAxis"]["data"]) <= sweeps.BINS
    lines = sweeps.parallel(points, "use", W)
    assert len(lines["series"][0]["data"]) == len(points.frame)
    assert len(lines["parallelAxis"]) == len(points.varied) + 1


def test_the_table_leads_back_to_points_and_a_point_to_its_scenario(root):
    found = sweeps.open_sweep(root, "one")
    points = sweeps.points_of(found, "2021Q4")
    twin, numbers = sweeps.points_twin(points, "use", W)
    assert len(twin.rows) == len(numbers) == len(points.frame)
    best = points.frame.sort_values("use", ascending=False, kind="stable").iloc[0]
    assert numbers[0] == best["point"]
    scenario, values = sweeps.point_scenario(found, numbers[0])
    assert scenario.name == best["scenario"]
    assert values["fee_cut"] == best["fee_cut"]
    assert scenario.with_changes(**values).lever("awards_metric") == best["awards_metric"]


def test_a_point_is_opened_with_its_assumptions_on_both_sides(root):
    found = sweeps.open_sweep(root, "one")
    number = int(found.points["point"].iloc[0])
    view = opened_point(first_view(), found, number)
    care = found.points.set_index("point").loc[number, "care"]
    assert view.policy.assumptions["care"] == view.baseline.assumptions["care"] == pytest.approx(care)


def test_axes_that_were_not_varied_fall_back(root):
    points = sweeps.points_of(sweeps.open_sweep(root, "one"), "2021Q4")
    assert sweeps.axes_of(points, ("", "")) == ("scenario", "fee_cut")
    assert sweeps.axes_of(points, ("care", "care")) == ("care", "care")


def test_a_cell_and_a_line_lead_back_to_their_points(root):
    points = sweeps.points_of(sweeps.open_sweep(root, "one"), "2021Q4")
    option = sweeps.heat(points, "scenario", "fee_cut", "use", W)
    found = {}
    for c, r, value in option["series"][0]["data"]:
        cell = (option["xAxis"]["data"][c], option["yAxis"]["data"][r])
        found[cell] = sweeps.points_in_cell(points, "scenario", "fee_cut", cell)
        rows = points.frame.set_index("point").loc[found[cell]]
        assert value == pytest.approx(100 * rows["use"].mean(), rel=0.01)
    assert sorted(number for numbers in found.values() for number in numbers) == sorted(points.frame["point"])
    assert sweeps.points_in_cell(points, "scenario", "fee_cut", ("nothing", "0")) == []
    assert sweeps.points_of_lines(points, [3, 0]) == [int(points.frame["point"].iloc[line]) for line in (3, 0)]
    assert sweeps.points_of_lines(points, [-1, 10**6, "x"]) == []


def test_the_table_can_be_narrowed_to_some_points(root):
    points = sweeps.points_of(sweeps.open_sweep(root, "one"), "2021Q4")
    twin, numbers = sweeps.points_twin(points, "use", W, [5, 2])
    assert sorted(numbers) == [2, 5]
    assert len(twin.rows) == 2


def test_a_point_that_sets_a_date_is_opened(tmp_path):
    design = DESIGN | {"levers": {"mandate_deadline": ["2020Q4", "never"]}, "sample": {"method": "sobol", "points": 2}}
    sweep(design, tmp_path / "dates")
    found = sweeps.open_sweep(tmp_path, "dates")
    opened = [sweeps.point_scenario(found, number) for number in found.points["point"]]
    deadlines = {scenario.with_changes(**values).lever("mandate_deadline") for scenario, values in opened}
    assert deadlines == {3, -1}
