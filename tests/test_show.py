"""Tables and figures: readable, complete, the same every time; and the folder they are written into."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import PathCollection
from matplotlib.text import Text
from PIL import Image
from rich.console import Console

import dgsim
from dgsim.country import load_country, synthetic_country
from dgsim.errors import FolderError
from dgsim.numbers import difference_text, difference_texts, interval_text, level_texts, number_text
from dgsim.show import colours
from dgsim.show.figures import maps, money, style
from dgsim.show.figures import outcomes as figures
from dgsim.show.figures.land import Land, bounds_of, framed, land_of
from dgsim.show.figures.scale import difference_scale, level_scale
from dgsim.show.figures.worlds import Panel, number_maps
from dgsim.show.files import gallery
from dgsim.show.files.folder import check_folder, table_writers, write_folder
from dgsim.show.files.text import csv_text, json_text
from dgsim.show.terminal.tables import SIGNS, choice_table, comparison_table, parameter_tables, run_table
from dgsim.study.catalogue import outcome_catalogue, parameter_catalogue, scenario_catalogue
from dgsim.study.compare import Comparison, compare
from dgsim.study.materiality import BETTER, NEITHER, TRIVIAL, UNCLEAR, WORSE, limits
from dgsim.texts import IN_ENGLISH, words
from dgsim.texts.labels import outcome_by_quarter
from dgsim.world.tables import OUTCOMES

HOME = Path(dgsim.__file__).parent
CAPTION = "Viet Nam, 63 provinces · history, staged · 3 replications, seed 0"
NAMES = ("history", "staged", "training-and-retention")


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(NAMES, replications=3, quarters=10, aggregates=True)


@pytest.fixture(scope="module")
def pictures(comparison):
    return gallery.result_figures(
        comparison.tables(), outcome_catalogue(), land_of(comparison.country, words()), CAPTION
    )


def printed(content, width: int = 100) -> str:
    console = Console(width=width, color_system=None, markup=False)
    with console.capture() as captured:
        console.print(content)
    return captured.get()


def texts_of(figure):
    """Every text that is drawn, with its box in pixels."""
    figure.canvas.draw()
    texts = [*figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    for axes in figure.axes:
        if axes.axison:
            for axis in (axes.xaxis, axes.yaxis):
                low, high = sorted(axis.get_view_interval())
                texts += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
                texts += [tick.label2 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
        texts += [axes.title, axes._left_title, axes._right_title, *axes.texts]
        texts += axes.get_legend().get_texts() if axes.get_legend() else []
    for text in texts:
        if text.get_visible() and text.get_text().strip():
            yield text, Text.get_window_extent(text)  # of an annotation: without its arrow


def test_the_name_of_a_panel_stands_above_the_names_of_its_columns():
    table = pd.DataFrame([[1.0, 0.5], [0.5, 1.0]], ["a", "b"], ["2020Q4", "a column of a long name"])
    figure = number_maps([Panel("by deadline", "share", table), Panel("beats", "share", table)], "Maps", "made by hand")
    boxes = {text.get_text(): box for text, box in texts_of(figure)}
    names = max(boxes[name].y1 for name in table.columns)
    assert min(box.y0 for text, box in boxes.items() if text.startswith(("by deadline", "beats"))) > names


# Tables


def test_a_comparison_fits_100_columns_and_has_every_outcome(comparison):
    text = printed(comparison_table(comparison.levels, comparison.differences, outcome_catalogue(), "Viet Nam", seed=0))
    assert max(map(len, text.splitlines())) <= 100
    for outcome in outcome_catalogue()["label"]:
        assert outcome.split()[0] in text
    assert "Viet Nam in 2022Q2: difference from history" in text
    assert "training-" in text
    assert "3 paired replications, seed 0" in text
    assert "…" not in text


def test_scenarios_that_do_not_fit_side_by_side_follow_below(comparison):
    tables = (comparison.levels, comparison.differences, outcome_catalogue())
    assert printed(comparison_table(*tables, "Viet Nam", 0)).count("Outcome") == 1
    assert printed(comparison_table(*tables, "Viet Nam", 0), 70).count("Outcome") == 2


def test_the_numbers_of_a_comparison_are_those_of_the_frame(comparison):
    text = printed(comparison_table(comparison.levels, comparison.differences, outcome_catalogue(), "V", 0))
    row = comparison.differences.query('outcome == "use" and quarter == "2022Q2" and scenario == "staged"').iloc[0]
    told = difference_text(row["difference"], (row["high"] - row["low"]) / 2, row["unit"])
    assert told in next(line for line in text.splitlines() if "Use" in line)


def test_every_verdict_has_a_sign_of_its_own_and_a_word():
    verdicts = (BETTER, WORSE, TRIVIAL, UNCLEAR, NEITHER)
    assert set(SIGNS) == set(verdicts)
    assert len(set(SIGNS.values())) == len(verdicts), "told apart without colour"
    note = IN_ENGLISH("note.marks")
    for verdict in (BETTER, WORSE, TRIVIAL, UNCLEAR):
        assert f"{SIGNS[verdict]} {IN_ENGLISH(f'mark.{verdict}')}".split(" than")[0] in note


def test_what_is_too_small_to_matter_has_neither_mark_in_the_table_nor_a_full_dot(comparison):
    label = OUTCOMES["use_full_process"].label
    generous = replace(comparison, materiality=limits({"use_full_process": 1.0}))
    row = "quarter == '2022Q2' and outcome == 'use_full_process'"
    assert set(generous.differences.query(row)["verdict"]) == {TRIVIAL}
    assert set(comparison.differences.query(row)["verdict"]) != {TRIVIAL}
    rule = [said.text(IN_ENGLISH) for said in generous.rule_said()]
    tables = (generous.levels, generous.differences, outcome_catalogue())
    lines = printed(comparison_table(*tables, "V", 0, rule=rule)).splitlines()
    assert next(line for line in lines if label in line).count(SIGNS[TRIVIAL]) == len(NAMES) - 1
    assert f"100 points ({label})" in " ".join(" ".join(lines).split())
    figure = figures.differences_with_intervals(generous.differences, outcome_catalogue(), CAPTION, NAMES)
    panel = next(axes for axes in figure.axes if axes.get_title(loc="left") == label)
    dots = [line for line in panel.lines if line.get_marker() != "None"]
    assert {line.get_markerfacecolor() for line in dots} == {"white"}


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.12345, "share of services", "12.3"),
        (0.12345, "0..1", "0.123"),
        (1234567.8, "bvnd", "1,234,568"),
        (-12.34, "bvnd", "-12.3"),
        (1.234, "ratio", "1.23"),
        (-0.0001, "ratio", "0.00"),
        (math.nan, "bvnd", "n/a"),
    ],
)
def test_numbers_read_well(value, unit, text):
    assert number_text(value, unit) == text


def test_a_difference_that_shows_is_signed_and_one_too_small_to_show_is_not():
    assert difference_text(0.0123, 0.004, "share of services") == "+1.2 ±0.4"
    assert difference_text(-1234.0, 10.0, "bvnd") == "-1,234 ±10"
    assert difference_text(1e-9, 1e-10, "0..1") == "0.000 ±0.000"
    assert difference_text(0.5, math.nan, "ratio") == "+0.50"
    assert interval_text(9.96, 123.4, "bvnd") == "10 to 123"


@given(st.floats(-1e4, 1e4), st.floats(0, 1e3), st.floats(0, 1e3), st.sampled_from([row.unit for row in OUTCOMES]))
def test_a_value_lies_within_its_interval_as_both_are_shown(value, below, above, unit):
    for texts in (difference_texts, level_texts):
        told, interval = texts(value, (value - below, value + above), unit)
        shown_value, *ends = (text.replace(",", "") for text in (told, *interval.split(" to ")))
        assert float(ends[0]) <= float(shown_value) <= float(ends[1])
        assert len({len(text.partition(".")[2]) for text in (shown_value, *ends)}) == 1


def test_a_small_difference_and_its_interval_have_the_same_digits():
    assert difference_texts(-0.0001, (-0.00014, -0.00006), "0..1") == ("-0.0001", "-0.0001 to -0.0001")
    assert difference_texts(-0.003, (-0.012, 0.006), "ratio") == ("-0.003", "-0.012 to 0.006")


def test_a_run_fits_100_columns_with_its_band_at_the_end(comparison):
    summary = comparison.simulations[0].summary()
    text = printed(run_table(summary, outcome_catalogue(), "Viet Nam", seed=0))
    assert max(map(len, text.splitlines())) <= 100
    row = summary.query('outcome == "use" and quarter == "2022Q2"').iloc[0]
    mean, interval = level_texts(row["mean"], (row["low"], row["high"]), row["unit"])
    assert f"{mean} ({interval})" in text
    assert "2020Q1" in text
    assert "2021Q1" in text
    assert "3 replications, seed 0; in brackets the 5th to 95th percentile" in text


def test_one_replication_has_no_band_and_no_interval(comparison):
    summary = comparison.simulations[0].summary().assign(replications=1)
    assert "(" not in printed(run_table(summary, outcome_catalogue(), "Viet Nam", seed=0)).split("replication")[0]
    differences = comparison.differences.assign(replications=1, low=math.nan, high=math.nan)
    text = printed(comparison_table(comparison.levels, differences, outcome_catalogue(), "V", 0))
    assert "One replication, so there is no interval" in text
    assert "±" not in text


def test_a_choice_shows_what_won_and_counts_what_it_leaves_out():
    options = pd.DataFrame(
        {
            "option": ["own_as_is", "wait", "connect"],
            "item": ["land", None, "payments"],
            "started": [1, 0, 0],
            "benefit": [1.0, 0.0, -0.0],
            "noise": [0.5, 0.25, -1.0],
            "total": [1.5, 0.25, -1.0],
        }
    )
    text = printed(choice_table(options, "Ha Giang, 2021Q1", most=2))
    assert re.search(r"✓1 own platform, as is: land +\+1\.00 \+0\.50 \+1\.50", text)
    assert "1 lesser options" in text
    assert "connect" not in text
    assert "nothing was weighed" in printed(choice_table(options.iloc[:0], "Ha Giang, 2021Q1"))


def test_parameters_are_told_apart_by_role_and_keep_their_sources():
    table = parameter_catalogue()
    text = printed(parameter_tables(table))
    headings = [line.split(" (")[0] for line in text.splitlines() if re.fullmatch(r"[A-Z]\w+ \(\d+\)", line)]
    assert sorted(headings) == ["Constants", "Levers", "Uncertainties"]
    assert "[assumed]" in text
    for name in table["theme"] + "." + table["name"]:
        assert name in text


def test_every_shipped_scenario_is_listed_with_its_question():
    table = scenario_catalogue()
    assert list(table.columns) == ["scenario", "question", "difference"]
    assert {"history", "services-first", "foundations-first", "staged"} <= set(table["scenario"])
    assert table["question"].str.endswith("?").all()


# Text for programs


def test_json_is_an_array_of_records_with_null_for_what_is_missing():
    table = pd.DataFrame({"outcome": ["use", "Đắk Lắk"], "low": [math.nan, 0.1], "high": [math.inf, 2.0], "n": [1, 2]})
    records = json.loads(json_text(table))
    assert records[0] == {"outcome": "use", "low": None, "high": None, "n": 1}
    assert list(records[1]) == ["outcome", "low", "high", "n"]
    assert "NaN" not in json_text(table)
    assert json.loads(json_text(table.iloc[:0])) == []


def test_csv_has_a_header_and_keeps_every_digit(comparison):
    import io

    back = pd.read_csv(io.StringIO(csv_text(comparison.differences)))
    assert list(back.columns) == list(comparison.differences.columns)
    np.testing.assert_array_equal(back["difference"], comparison.differences["difference"])


# Figures


def test_every_figure_is_there(pictures):
    assert sorted(pictures) == ["differences", "differences-over-time", "map", "money", "outcomes"]


@pytest.mark.parametrize("name", ["differences", "differences-over-time", "map", "money", "outcomes"])
def test_a_figure_is_drawn_in_full_and_the_same_every_time(pictures, name, tmp_path):
    save = style.saver(pictures[name], CAPTION)
    for ending in ("png", "svg"):
        for file in ("one", "two"):
            save(tmp_path / f"{file}.{ending}")
        assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes()
    image = Image.open(tmp_path / "one.png")
    assert min(image.size) > 500
    assert len(np.unique(np.asarray(image.convert("L")))) > 20
    assert image.info["Description"] == CAPTION
    drawing = (tmp_path / "one.svg").read_text(encoding="utf-8")
    for label in ("history", "staged", "seed 0"):
        assert label in drawing
    assert "<dc:date>" not in drawing


@pytest.mark.parametrize("name", ["differences", "differences-over-time", "map", "money", "outcomes"])
def test_no_text_is_cut_off_or_lies_on_another(pictures, name):
    figure = pictures[name]
    width, height = figure.canvas.get_width_height()
    boxes = [(text.get_text(), box) for text, box in texts_of(figure)]
    assert len(boxes) > 5
    for label, box in boxes:
        assert box.x0 >= 0, label
        assert box.y0 >= 0, label
        assert box.x1 <= width, label
        assert box.y1 <= height, label
    for (one, first), (two, second) in combinations(boxes, 2):
        assert not first.padded(-1.5).overlaps(second.padded(-1.5)), f"{one!r} lies on {two!r}"


def test_every_panel_has_a_unit_and_every_line_a_name(comparison, pictures):
    told = {text.get_text() for text, _ in texts_of(pictures["outcomes"])}
    assert {outcome_by_quarter(name, words("en")) for name in outcome_catalogue()["outcome"]} <= told
    assert {"% of services", "bvnd", "full-time equivalents", *NAMES} <= told


def test_colours_and_line_styles_follow_the_scenario(pictures):
    lines = pictures["outcomes"].axes[0].get_lines()
    assert [line.get_label() for line in lines] == list(NAMES)
    assert [line.get_color() for line in lines] == [style.colour(number) for number in range(3)]
    assert len({str(style.line(number)) for number in range(4)}) == 4
    dots = [line for line in pictures["differences"].axes[0].get_lines() if line.get_marker() != "None"]
    assert [dot.get_color() for dot in dots] == [style.colour(1), style.colour(2)]


def some(*outcomes):
    return outcome_catalogue().query("outcome in @outcomes")


def test_differences_over_time_are_those_of_the_frame_with_both_bands(comparison):
    figure = figures.differences_over_time(comparison.differences, some("use"), CAPTION, NAMES)
    (axes,) = figure.axes
    rows = comparison.differences.query("outcome == 'use'")
    lines = {line.get_label(): line for line in axes.get_lines() if line.get_label() in NAMES}
    assert set(lines) == set(NAMES[1:])
    for number, (name, line) in enumerate(lines.items(), start=1):
        run = rows[rows["scenario"] == name]
        np.testing.assert_array_equal(line.get_ydata(), run["difference"])
        assert line.get_color() == style.colour(number)
        wide, narrow = axes.collections[2 * number - 2 : 2 * number]
        for band, low, high in ((wide, "band_low", "band_high"), (narrow, "low", "high")):
            heights = band.get_paths()[0].vertices[:, 1]
            assert (heights.min(), heights.max()) == (run[low].min(), run[high].max())


def test_a_figure_for_a_slide_is_sixteen_to_nine(comparison, tmp_path):
    for outcomes in (("use",), ("use", "trust", "incidents", "supply")):
        figure = figures.outcomes_over_time(comparison.levels, some(*outcomes), CAPTION)
        style.saver(figure, CAPTION, slide=True)(tmp_path / "one.png")
        with Image.open(tmp_path / "one.png") as image:
            assert image.size == (1920, 1080)


def test_many_scenarios_get_a_legend(comparison):
    levels = pd.concat(
        [comparison.levels.query('scenario == "history"').assign(scenario=f"scenario-{at}") for at in range(9)]
    )
    figure = figures.outcomes_over_time(levels, some("use", "trust"), CAPTION)
    (legend,) = figure.legends
    assert len(legend.get_texts()) == 9


def test_one_quarter_is_still_to_be_seen(comparison):
    levels = comparison.levels.query('quarter == "2020Q1"')
    figure = figures.outcomes_over_time(levels, outcome_catalogue(), CAPTION)
    assert figure.axes[0].get_lines()[0].get_marker() == "o"
    assert "2020Q1:" in figure.texts[0].get_text()


@pytest.mark.parametrize(("language", "names"), [("en", ["Hoang Sa", "Da Nang"]), ("vi", ["Hoàng Sa", "Đà Nẵng"])])
def test_islands_have_the_colour_of_their_province_and_boundaries_a_line(language, names):
    land, w = load_country(), words(language)
    level = np.linspace(0.1, 0.9, len(land))
    values = pd.DataFrame({"scenario": "a", "province_code": land.codes, "province": land.names, "value": level})
    figure = maps.province_map(values, land_of(land, w), "Use", "share of dossiers", CAPTION, w)
    axes = figure.axes[0]
    said = [text.get_text() for text in axes.texts]
    assert said[0] == f"{names[0]}\n({names[1]})"
    frames = [patch.get_bbox() for patch in axes.patches]
    dots = [collection for collection in axes.collections if isinstance(collection, PathCollection)]
    assert len(frames) == len(dots) == 2
    scale = matplotlib.colormaps["viridis"]
    mainland = bounds_of(land.geometry())
    for inset, frame, drawn in zip(land.insets, frames, dots, strict=True):
        assert np.allclose(drawn.get_facecolor()[0], scale(level[inset.row]), atol=0.02)
        assert len(drawn.get_offsets()) == len(inset.points)
        assert all(frame.contains(*dot) for dot in drawn.get_offsets())
        assert frame.x0 >= mainland[2]
        assert mainland[1] <= frame.y0 < frame.y1 <= mainland[3]
    note = " ".join(figure.texts[1].get_text().split())
    assert ("30 June 2025" if language == "en" else "30/6/2025") in note


def test_the_scale_of_a_map_is_that_of_its_outcome_whatever_the_policy():
    land = load_country()
    seen = []
    for most in (0.11, 0.4):
        level = np.linspace(0.0, most, len(land))
        values = pd.DataFrame({"scenario": "a", "province_code": land.codes, "province": land.names, "value": level})
        figure = maps.province_map(values, land_of(land, words()), "Use", "share of dossiers", CAPTION)
        seen.append([text.get_text() for text in figure.axes[-1].get_yticklabels()])
    assert seen == [["0", "25", "50", "75", "100"]] * 2
    people = level_scale("full-time equivalents", np.array([3.0, 310.0]))
    assert (people.low, people.high) == (0.0, 400.0), "a round number above a quarter more than the baseline has"
    assert people.colour(900.0) == people.colour(400.0) != people.colour(300.0)
    assert level_scale("0..1", np.array([0.2])).high == 1.0


def test_differences_have_a_scale_with_nought_in_the_middle_and_signs():
    scale = difference_scale(np.array([-0.012, 0.026]))
    assert (scale.low, scale.high) == (-0.03, 0.03)
    assert [scale.sign(value) for value in (0.026, 0.001, -0.019)] == ["+", "", "−"]
    land = load_country()
    level = np.linspace(-0.012, 0.026, len(land))
    values = pd.DataFrame({"scenario": "", "province_code": land.codes, "province": land.names, "value": level})
    figure = maps.province_map(values, land_of(land, words()), "d", "share of dossiers", CAPTION, scale=scale)
    assert figure.axes[0].get_title(loc="left").startswith("lowest Ha Noi -1.2\nhighest Ca Mau +2.6")
    assert figure.axes[-1].get_title(loc="right") == "points (% of dossiers)"
    assert "+" in {text.get_text() for text in figure.axes[0].texts}


def test_a_figure_in_vietnamese_has_the_numbers_of_viet_nam(comparison):
    w = words("vi")
    tables = comparison.tables()
    drawn = gallery.result_figures(tables, outcome_catalogue(), land_of(comparison.country, w), CAPTION, w)
    for name, figure in drawn.items():
        figure.canvas.draw()
        said = [text.get_text() for text in figure.findobj(Text)]
        for text in said:
            assert not re.search(r"\d{4}Q\d|\b0\.\d|\b[1-9]\d{0,2},\d{3}\b", text), (name, text)
    assert any("quý" in text for text in (style.title_of(figure) for figure in drawn.values()))


def test_a_country_without_insets_has_neither_frames_nor_a_line():
    assert land_of(synthetic_country(6), words()) == Land(synthetic_country(6).geometry(), (), "")
    assert framed((), (0.0, 0.0, 1.0, 1.0)) == ([], (0.0, 0.0, 1.0, 1.0))


def test_a_province_without_a_value_is_hatched():
    land = load_country()
    drawn = Land(land.geometry())
    values = pd.DataFrame(
        {
            "scenario": "history",
            "province_code": land.codes,
            "province": land.names,
            "value": np.linspace(0.1, 0.9, len(land)),
        }
    )
    full = maps.province_map(values, drawn, "Use", "share of dossiers", CAPTION)
    assert [patches.get_hatch() for patches in full.axes[0].collections] == [None]
    values.loc[3, "value"] = math.nan
    gap = maps.province_map(values, drawn, "Use", "share of dossiers", CAPTION)
    assert [patches.get_hatch() for patches in gap.axes[0].collections] == [None, "////"]
    assert gap.legends[0].get_texts()[0].get_text() == "no value"
    assert "lowest Ha Noi 10.0\nhighest Ca Mau 90.0" in gap.axes[0].get_title(loc="left")
    nothing = maps.province_map(values.assign(value=math.nan), drawn, "Use", "0..1", CAPTION)
    assert "no value" in nothing.axes[0].get_title(loc="left")


def test_the_bars_of_money_add_up_to_what_was_paid(comparison, pictures):
    accounts = comparison.tables()["accounts"]
    paid = accounts[(accounts["category"].isin(money.CATEGORIES)) & (accounts["payer"] == "province")]
    total = paid[paid["scenario"] == "history"]["mean"].sum()
    bars = [container[0] for container in pictures["money"].axes[1].containers]
    assert sum(bar.get_width() for bar in bars) == pytest.approx(total)
    assert f"{total:,.0f}" in {text.get_text() for text in pictures["money"].axes[1].texts}


def test_the_centres_bar_is_all_it_was_given_and_the_programme_money_is_marked(comparison, pictures):
    """Nothing is missing from it: planned and recurrent money is spent, granted, lapsed, or still in hand."""
    axes = pictures["money"].axes[0]
    lines = comparison.money.query("scenario == 'staged' and payer == 'centre'").groupby("step")["bvnd"].sum()
    width = sum(container[1].get_width() for container in axes.containers)
    given = lines["planned"] + lines["beyond_plan"] + lines["received"]
    assert width == pytest.approx(given + lines["in_hand"])
    marks = [line.get_segments()[0][0][0] for line in axes.collections]
    assert marks[1] == pytest.approx(lines["planned"] + lines["beyond_plan"])
    assert "Programme money" in [text.get_text() for text in axes.get_legend().get_texts()]


def test_the_money_of_one_scenario_is_told_by_year(comparison):
    accounts = comparison.simulations[0].accounts
    figure = money.money_by_account(accounts, CAPTION)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["2020", "2021", "2022"]


def test_labels_are_moved_apart_within_bounds():
    moved = style.spread([0.5, 0.5, 0.51, 0.99], 0.1, 0.0, 1.0)
    assert all(b - a >= 0.1 - 1e-6 for a, b in zip(sorted(moved), sorted(moved)[1:], strict=False))
    assert min(moved) >= 0
    assert max(moved) <= 1
    assert style.spread([0.2, 0.8], 0.1, 0.0, 1.0) == [0.2, 0.8]


# The folder of results


def write(text):
    return lambda path: path.write_text(text, encoding="utf-8")


def test_a_folder_holds_what_was_written_and_the_hash_of_each_file(tmp_path):
    folder = tmp_path / "deep" / "results"
    names = write_folder(folder, {"a.csv": write("1"), "b.csv": write("2")}, {"made_by": "dgsim", "seed": 7})
    assert names == ("a.csv", "b.csv", "run.json")
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["seed"] == 7
    assert record["files"]["a.csv"] == "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"


def test_an_earlier_output_is_replaced_and_other_files_are_left_alone(tmp_path):
    write_folder(tmp_path, {"old.csv": write("1"), "both.csv": write("1")}, {"made_by": "dgsim"})
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    write_folder(tmp_path, {"both.csv": write("2")}, {"made_by": "dgsim"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["both.csv", "notes.txt", "run.json"]
    assert (tmp_path / "both.csv").read_text(encoding="utf-8") == "2"


def test_a_file_named_outside_the_folder_by_a_strange_record_is_never_removed(tmp_path):
    victim = tmp_path / "victim.txt"
    victim.write_text("mine", encoding="utf-8")
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "run.json").write_text('{"made_by": "dgsim", "files": {"../victim.txt": ""}}', encoding="utf-8")
    write_folder(folder, {"a.csv": write("1")}, {"made_by": "dgsim"})
    assert victim.exists()


def test_what_fails_half_way_leaves_the_earlier_output_as_it_was(tmp_path):
    write_folder(tmp_path, {"a.csv": write("1")}, {"made_by": "dgsim"})
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fails(path):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path, {"a.csv": write("2"), "b.csv": fails}, {"made_by": "dgsim"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_a_killed_run_left_behind_is_cleared_away(tmp_path):
    (tmp_path / ".partial-x").mkdir()
    write_folder(tmp_path, {"a.csv": write("1")}, {"made_by": "dgsim"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "run.json"]


@pytest.mark.parametrize(
    ("content", "name"), [("", "notes.txt"), ('{"made_by": "another"}', "run.json"), ("[1]", "run.json")]
)
def test_a_folder_of_something_else_is_refused(tmp_path, content, name):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(FolderError, match="is not empty and holds no earlier results of dgsim"):
        check_folder(tmp_path)


def test_a_file_and_a_place_that_cannot_be_made_are_refused(tmp_path):
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    with pytest.raises(FolderError, match="is a file: name a folder"):
        check_folder(file)
    with pytest.raises(FolderError, match="cannot be written to: Not a directory"):
        check_folder(file / "below")


def test_tables_are_written_as_parquet_and_csv_that_agree(comparison, tmp_path):
    for name, save in table_writers({"differences": comparison.differences}).items():
        save(tmp_path / name)
    parquet = pd.read_parquet(tmp_path / "differences.parquet")
    csv = pd.read_csv(tmp_path / "differences.csv")
    assert list(parquet.columns) == list(csv.columns)
    np.testing.assert_allclose(parquet["difference"], csv["difference"], rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(parquet["difference"], comparison.differences["difference"])
    assert list(parquet["quarter"].astype(str)) == list(csv["quarter"])


def test_the_colours_of_scenarios_stand_in_one_file():
    hues = {hue.lower() for hue in colours.HUES}
    wrong = [
        f"src/dgsim/{path.relative_to(HOME).as_posix()}:{number}: take it from src/dgsim/show/colours.py"
        for path in sorted(HOME.rglob("*.py"))
        if path != Path(colours.__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if any(hue in line.lower() for hue in hues)
    ]
    assert wrong == []
    assert len(hues) == 6
