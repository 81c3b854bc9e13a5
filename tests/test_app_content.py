"""What pages show is made by pure functions: sliders, charts, maps, tables, roadmap, payoff, story, files."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dgsim.app.content import causes, charts, diagrams, differences, export, levers, maps, payoff, roadmap, story
from dgsim.app.content.differences import difference_table
from dgsim.app.content.headlines import HEADLINES, cards_of, money_note
from dgsim.app.content.names import shown_name
from dgsim.app.content.presets import policy_picks
from dgsim.app.content.tables import Twin, csv_file
from dgsim.app.runs import cache
from dgsim.app.runs.cache import FIRST, CachedRuns, Pair, RunCache, Stopped
from dgsim.app.state import roadmap as roadmap_steps
from dgsim.app.state.view import History, first_view, shipped
from dgsim.country import load_country
from dgsim.errors import ScenarioError
from dgsim.numbers import as_written
from dgsim.scenario import load_scenario, quarter_index, quarter_text
from dgsim.show.colours import BLUE, ORANGE, VERMILION
from dgsim.show.figures.scale import Scale, difference_scale
from dgsim.study.compare import compare
from dgsim.study.simulate import simulate
from dgsim.texts import LANGUAGES, Quarter, words
from dgsim.world.tables import OUTCOMES, PARAMETERS

W = words("en")
STYLE = Path(charts.__file__).parents[1] / "style.css"
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
SHORT = 8
LATER = {"from": "2024Q1", "incentives": {"lump_sum": 900.0}}


def short(name: str):
    return shipped(name).with_changes(quarters=SHORT)


@pytest.fixture(scope="module")
def pictures() -> RunCache:
    return RunCache()


@pytest.fixture(scope="module")
def pair(pictures) -> Pair:
    policy, baseline = short("services-first"), short("staged")
    key = (policy.digest(), baseline.digest(), 0, "central")
    return Pair(pictures.runs(policy, 0, 6), pictures.runs(baseline, 0, 6), key)


@pytest.fixture
def view():
    return replace(first_view().started_from(short("services-first")), baseline=short("staged"), province="02")


def test_a_picture_holds_the_numbers_of_simulate(pictures):
    picture = pictures.runs(short("staged"), 3, 4)
    result = simulate(short("staged"), 4, 3, aggregates=True)
    assert np.array_equal(picture.outcomes, result.array)
    means = result.province_means
    table = means[means["quarter"] == "2021Q4"]["use"].to_numpy()
    assert np.allclose(picture.stock("use")[7], table, rtol=1e-12)


def test_a_refined_picture_is_the_same_as_one_made_at_once(pictures):
    scenario = short("history")
    refined = RunCache()
    refined.runs(scenario, 0, FIRST)
    after = refined.runs(scenario, 0, 50)
    at_once = pictures.runs(scenario, 0, 50)
    assert np.array_equal(after.outcomes, at_once.outcomes)
    assert np.allclose(after.stocks, at_once.stocks, rtol=1e-12)


def test_pictures_are_kept_bounded_and_cannot_be_changed():
    few = RunCache(kept=2)
    for seed in range(3):
        picture = few.runs(short("staged"), seed, 1)
    assert few.cached(short("staged").digest(), 0, 1) is None
    assert few.cached(short("staged").digest(), 2, 1) is picture
    with pytest.raises(ValueError, match="read-only"):
        picture.outcomes[:] = 0


def test_what_is_forgotten_is_all_but_what_everyone_sees_first():
    kept, first = RunCache(), first_view()
    for plan in (first.policy, first.baseline, short("staged")):
        for seed in (first.seed, first.seed + 1):
            kept.runs(plan, seed, 1)
    kept.forget()
    for plan in (first.policy, first.baseline):
        assert kept.cached(plan.digest(), first.seed, 1) is not None
        assert kept.cached(plan.digest(), first.seed + 1, 1) is None
    assert kept.cached(short("staged").digest(), 0, 1) is None


def test_refining_stops_when_nobody_wants_it():
    pictures = RunCache()
    pictures.runs(short("staged"), 0, FIRST)
    with pytest.raises(Stopped):
        pictures.runs(short("staged"), 0, 100, lambda: True)
    assert pictures.cached(short("staged").digest(), 0, 100) is None


def test_runs_stop_in_the_middle_when_nobody_wants_them():
    asked = []

    def stop() -> bool:
        asked.append(None)
        return len(asked) > 5

    pictures = RunCache()
    with pytest.raises(Stopped):
        pictures.runs(short("staged"), 0, 100, stop)
    assert len(asked) == 6, "asked once before, and after every run"
    assert pictures.cached(short("staged").digest(), 0, 100) is None
    assert pictures.runs(short("staged"), 0, 4).replications == 4, "and others go on"


def test_refining_gives_way_to_those_who_ask_for_others_but_not_for_ever(monkeypatch):
    pictures, mine, other = RunCache(), short("staged"), short("history")
    for scenario in (mine, other):
        pictures.runs(scenario, 0, 1)
    monkeypatch.setattr(cache, "QUIET", 60.0)
    start = time.monotonic()
    pictures.give_way(other.digest())
    pictures.give_way()
    assert time.monotonic() - start < cache.LONGEST_WAIT, "who asked last need not wait, nor any study"
    monkeypatch.setattr(cache, "LONGEST_WAIT", 0.2)
    start = time.monotonic()
    pictures.give_way(mine.digest())
    assert time.monotonic() - start >= 0.2
    monkeypatch.setattr(cache, "QUIET", 0.0)
    monkeypatch.setattr(cache, "LONGEST_WAIT", 60.0)
    pictures.give_way(mine.digest())
    assert time.monotonic() - start < 30, "nobody has asked for a while"


@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_and_differences_of_money_name_the_quarter_and_a_note_the_baseline(pair, view, language):
    w, quarter = words(language), len(pair.policy.outcomes[0]) - 1
    when = w.quarter(quarter_text(quarter))
    label = w("outcome.to", label=w.of("Net benefit"), quarter=quarter_text(quarter))
    assert label.lower().endswith(when.lower())
    assert label in [card["label"] for card in cards_of(pair, quarter, w)]
    assert label in [row[0] for row in difference_table(pair, replace(view, quarter=quarter), w).rows]
    note = money_note("staged", w)
    assert "staged" in note
    assert w("note.money_to")[1:] in note


def test_headlines_are_the_paired_differences_of_compare(pair, view):
    cards = {card["name"]: card for card in cards_of(pair, SHORT - 1, W)}
    table = compare(
        ["services-first"], baseline="staged", replications=6, quarters=SHORT, parameters="central"
    ).differences
    row = table[(table["outcome"] == "use") & (table["quarter"] == "2021Q4")].iloc[0]
    assert tuple(cards) == HEADLINES
    assert cards["use"]["delta"].startswith(f"{row['difference'] * 100:+.1f}")
    assert {card["kind"] for card in cards.values()} <= {"better", "worse", "unclear"}
    assert all(card["mark"] or card["word"] for card in cards.values()), "never colour alone"


def test_a_policy_against_itself_has_no_difference(pair):
    same = Pair(pair.policy, pair.policy, ("a", "a", 0, "central"))
    assert {card["delta"] for card in cards_of(same, 3, W)} == {W("word.same")}
    assert differences.parting(same) is None


def test_where_two_policies_part_is_the_first_clear_difference(pair):
    quarter, outcome = differences.parting(pair)
    before = pair.difference[:, :quarter]
    assert quarter < SHORT
    assert np.abs(pair.difference[:, quarter, outcome].mean()) > 0
    for past in range(quarter):
        spread = before[:, past].std(axis=0, ddof=1) / np.sqrt(6) * 2.5705818366147395
        assert ((np.abs(before[:, past].mean(axis=0)) <= spread) | (spread == 0)).all()


def test_who_is_ahead_is_told_from_when(pair):
    outcomes = np.zeros((6, SHORT, len(charts.OUTCOMES)))
    column, _ = charts.column_and_outcome("use")
    luck = np.linspace(-0.001, 0.001, 6)
    outcomes[:, 1:3, column] = (-0.02 + luck)[:, None]
    outcomes[:, 4:, column] = (0.03 + luck)[:, None]
    made = Pair(replace(pair.policy, outcomes=outcomes), replace(pair.baseline, outcomes=0 * outcomes), pair.key)
    assert differences.leads(made, "use") == [(1, False), (4, True)]
    assert differences.leads(made, "trust") == []


def test_the_table_of_differences_has_a_row_an_outcome(pair, view):
    twin = differences.difference_table(pair, view, W)
    assert len(twin.rows) == len(charts.OUTCOMES)
    assert {len(row) for row in twin.rows} == {len(twin.columns)}


def test_sliders_come_from_the_parameter_tables(view):
    groups = levers.lever_groups(view, W)
    fields = [field for group in groups for field in group["fields"]]
    assert sorted(field["name"] for field in fields) == sorted(PARAMETERS.settable.names)
    assert 6 <= len(groups[0]["fields"]) <= 8
    assert all(group["role"] == field["role"] for group in groups for field in group["fields"])
    assert all(field["source"] and field["label"] for field in fields)
    ranged = [field for field in fields if field["kind"] == "float"]
    assert all(field["low"] < field["high"] for field in ranged)
    json.dumps(groups)


def test_a_deadline_can_be_any_quarter_of_the_plan(view):
    longer = load_scenario({"name": "longer", "extends": ["staged"], "horizon": {"quarters": 60}})
    for plan, last in ((first_view().policy, "2030Q4"), (longer, "2034Q4")):
        groups = levers.fields(view.started_from(plan), ["mandate_deadline"], W)
        assert groups[0]["fields"][0]["choices"][-1]["value"] == last


@pytest.mark.parametrize(
    ("language", "path", "gone"),
    [
        ("en", "0, then 0.3 from 2023Q1", "replaces 0.3 from 2023Q1"),
        ("vi", "0, rồi 0,3 từ quý I/2023", "thay cho 0,3 từ quý I/2023"),
    ],
)
def test_a_lever_shows_its_path_and_an_edit_says_which_dated_values_it_replaces(language, path, gone):
    w, view = words(language), first_view()
    before = levers.fields(view, ["fee_cut"], w)[0]["fields"][0]
    assert before["dated"].startswith(f"{path}. "), "the row says what the policy does later"
    assert (before["text"], before["origin"], before["replaces"], before["changed"]) == (path, path, "", False)
    for value in (0.1, 0.0):
        edited = view.with_levers(fee_cut=value)
        after = levers.fields(edited, ["fee_cut"], w)[0]["fields"][0]
        assert (after["text"], after["origin"], after["dated"]) == (as_written(value, language), path, ""), (
            "it holds for the whole run"
        )
        assert (after["replaces"], after["changed"]) == (gone, True)
        assert edited.policy.lever("fee_cut", 43) == value
        was, now = (as_written(number, language) for number in (0.3, value))
        lines = [line for line in levers.changed_lines(edited, w) if was in line or gone in line]
        assert lines[0].endswith(gone)
        assert f"{was} -> {now} " in lines[-1], "and from when on it is less than it was"
    undated = levers.fields(view.with_levers(awards=10.0), ["awards"], w)[0]["fields"][0]
    assert (undated["dated"], undated["replaces"], undated["text"]) == ("", "", "10")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lever_says_what_it_waits_for_until_that_is_set(language):
    w, view = words(language), first_view().started_from(shipped("technology-only"))
    needs = lambda view: {f["name"]: f["needs"] for group in levers.lever_groups(view, w) for f in group["fields"]}  # noqa: E731
    at_first = needs(view)
    assert {name for name, text in at_first.items() if text} == {
        *("matching_rate", "matching_budget", "matching_tilt", "matching_scope", "awards_metric", "award_winners"),
    }
    label = w.of(PARAMETERS["matching_budget"].label)
    assert at_first["matching_rate"] == w("levers.needs", conditions=w("levers.in_use_float", label=label))
    assert w("list.and") in at_first["matching_tilt"], "it waits for both"
    after = view.with_levers(matching_budget=1000.0)
    assert needs(after)["matching_rate"] == ""
    assert levers.moved(after, w)["matching_rate"]["needs"] == "", "the row that waited hears of it"


def test_a_group_says_how_many_of_it_changed(view):
    groups = levers.lever_groups(view.with_levers(headcount=50.0, retention_budget=7.0), W)
    skills = next(group for group in groups if group["key"] == "lever.skills")
    assert W("levers.changed", count=2) in skills["title"]


def test_a_band_lies_around_its_mean_and_the_baseline_is_drawn():
    values = np.random.default_rng(1).random((40, 5))
    mean, band = charts.band_of(values, "share of services")
    assert (band[0] <= mean).all()
    assert (mean <= band[1]).all()
    option = charts.lines_option([("a", mean, band), ("b (baseline)", mean, band)], "%", 3)
    drawn = [series["name"] for series in option["series"] if "stack" not in series]
    assert drawn == ["a", "b (baseline)"] == option["legend"]["data"]
    assert option["animation"] is False
    kinds = {series["lineStyle"]["type"] for series in option["series"] if "stack" not in series}
    assert len(kinds) == 2, "lines are told apart by more than colour"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_has_every_province_in_its_language(language):
    shape = maps.shapes(language)
    assert len(shape["provinces"]) == 63
    assert all(province["path"].startswith("M") for province in shape["provinces"])
    assert all(0 <= p["x"] <= shape["width"] and 0 <= p["y"] <= shape["height"] for p in shape["provinces"])
    names = {province["name"] for province in shape["provinces"]}
    assert ("Hà Giang" in names) == (language == "vi")


def test_colours_follow_values_and_missing_ones_are_grey():
    values = np.linspace(0.0, 1.0, 63)
    values[5] = np.nan
    paint = maps.painted(values, "share", W)
    assert paint["colours"][0] != paint["colours"][62]
    assert paint["colours"][5] == maps.MISSING
    assert len(paint["texts"]) == 63
    assert paint["texts"][62].startswith("100.0")


def test_a_difference_map_marks_signs_not_only_colours():
    values = np.array([-1.0, 0.0, 1.0])
    paint = maps.painted(values, "bvnd", W, scale=difference_scale(values))
    assert paint["signs"] == ["−", "", "+"]


def test_flipping_between_policies_keeps_the_colours_of_a_map():
    low, high = (maps.painted(np.linspace(0.0, most, 63), "share of transactions", W) for most in (0.1, 0.6))
    assert low["legend"] == high["legend"]
    assert [tick["text"] for tick in low["legend"]] == ["0.0", "25.0", "50.0", "75.0", "100.0"]
    beyond = maps.painted(np.array([10.0, 900.0]), "full-time equivalents", W, scale=Scale(0.0, 400.0))
    assert beyond["legend"][-1]["text"] == "≥ 400"


@pytest.mark.parametrize("language", LANGUAGES)
def test_islands_are_dots_in_frames_beside_the_map_in_the_colour_of_their_province(language):
    shape = maps.shapes(language)
    country = load_country()
    assert [country.names[inset["row"]] for inset in shape["insets"]] == ["Da Nang", "Khanh Hoa"]
    assert {inset["name"] for inset in shape["insets"]} == {
        *(("Hoàng Sa", "Trường Sa") if language == "vi" else ("Hoang Sa", "Truong Sa"))
    }
    for inset in shape["insets"]:
        assert inset["x"] + inset["width"] <= shape["width"]
        assert all(inset["x"] < x < inset["x"] + inset["width"] for x, _ in inset["dots"])
        assert all(inset["y"] < y < inset["y"] + inset["height"] for _, y in inset["dots"])
    assert ("30/6/2025" if language == "vi" else "30 June 2025") in shape["note"]


def test_a_csv_says_scenario_and_seed_and_is_no_formula(view):
    text = csv_file(view, 20, Twin("t", ("a",), (("=1+1",), (2,))))
    assert "# seed: 0; replications: 20; parameters: plausible\n" in text
    assert "# below, quarters are written as 2020Q1 and decimals with a point, for programs\n" in text
    assert view.policy.digest()[:16] in text
    assert "'=1+1" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_a_policy_was_changed_is_said_in_the_language_in_every_file(language):
    w, moved = words(language), replace(first_view().with_levers(fee_cut=0.5), language=language)
    moved = replace(moved, baseline=moved.policy)
    said, other = ("(changed)", "(đã đổi)") if language == "en" else ("(đã đổi)", "(changed)")
    mean = np.linspace(0.0, 1.0, 9)
    option = charts.lines_option([(shown_name(moved.policy.name, w), mean, np.stack([mean, mean]))], "%")
    files = [
        csv_file(moved, 9, Twin("t", ("a",), ((1,),))),
        export.chart_file(option, "T", "", moved, 9, "svg").decode(),
        export.map_file(np.linspace(0, 1, 63), "share of services", "T", moved, 9, "svg").decode(),
    ]
    for file in files:
        assert file.count(f"staged {said}") >= 2, "policy and baseline"
        assert other not in file
    picked = [pick["options"][0]["text"] for pick in policy_picks(moved, w)[1:2]]
    assert picked == [f"staged {said}"]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_picture_file_carries_scenario_and_seed(view, kind):
    mean, band = charts.band_of(np.random.default_rng(1).random((9, 8)), "share")
    option = charts.lines_option([("a", mean, band)], "%")
    data = export.chart_file(option, "Title", "the note", view, 9, kind)
    assert data[:4] in (b"\x89PNG", b"<?xm")
    assert b"seed: 0; replications: 9" in data
    assert view.policy.digest()[:16].encode() in data


def test_a_chart_in_vietnamese_has_its_quarters_numbers_note_and_footer_in_vietnamese(view):
    view, w = replace(view, language="vi"), words("vi")
    mean = np.linspace(1000.0, 4000.5, 9)
    option = charts.in_language(charts.lines_option([("a", mean, np.stack([mean, mean + 1.0]))], "tỷ đồng"), w)
    assert option["xAxis"]["data"][:2] == ["Quý I/2020", "Quý II/2020"]
    text = export.chart_file(option, "Tiêu đề", "ghi chú về dải", view, 9, "svg").decode()
    drawn = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    said = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", drawn))
    assert "ghi chú về dải · chính sách: " in said
    assert "số lượt chạy: 9" in said
    assert "2.000" in said
    assert not re.search(r"\d{4}Q\d|\d,\d{3}\b|seed|policy", said)
    table = Twin("t", ("q", "v"), ((Quarter("2030Q4"), 1234.5), ("2030Q4", 7)))
    assert table.for_screen(w)["rows"] == [["Quý IV/2030", "1.234,5"], ["2030Q4", 7]], "a name stays a name"
    file = csv_file(view, 9, table)
    assert file.startswith("\ufeff# dgsim ")
    head, _, cells = file.partition("q,v\n")
    assert "# chính sách: " in head
    assert "# bên dưới, quý ghi dạng 2020Q1" in head
    assert not re.search("policy:|seed|replications|below", head)
    assert cells.startswith("2030Q4,1234.5\n"), "programs read the rest"
    english = replace(view, language="en")
    assert csv_file(english, 9, Twin("t", ("q", "v"), (("Ha Noi", 1.5),))).startswith("# dgsim "), (
        "plain letters need none"
    )
    assert "2030Q4,1234.5" in file, "programs read plain numbers"
    assert "# số khởi tạo ngẫu nhiên: 0; số lượt chạy: 9" in file


def test_bars_heat_and_parallel_axes_are_drawn_as_files_too(view):
    bars = charts.bars_option(["a", "b"], np.array([1.0, -1.0]), "points")
    heat = charts.heat_option(["x", "y"], ["1"], np.array([[1.0, np.nan]]), ("across", "up"))
    axes = charts.parallel_option([("kind", ["a", "b"]), ("size", [])], [("a", 1.0), ("b", 2.0)])
    for option in (bars, heat, axes):
        assert export.chart_file(option, "Title", "", view, 1, "png")[:4] == b"\x89PNG"
    assert len(heat["series"][0]["data"]) == 1
    assert export.map_file(np.arange(63.0), "bvnd", "Map", view, 1, "png")[:4] == b"\x89PNG"


def test_moving_an_item_shows_its_ghost_and_warns():
    view = first_view()
    wave = next(item for item in view.policy.roadmap if item.item == "service_wave")
    moved = roadmap_steps.moved(view, {"name": wave.name, "start": 0})
    history = History(view).moved(moved)
    bars = {bar["name"]: bar for bar in roadmap.timeline_items(moved.policy, roadmap_steps.previous_plan(history), W)}
    assert bars[wave.name]["ghost"] == {"start": wave.start, "quarters": wave.quarters}
    assert bars[wave.name]["late"], "it starts before the platform it waits for"
    assert bars["payments"]["ghost"] is None


def test_the_budget_warns_of_a_dear_year_and_of_too_much():
    view = first_view()
    dear = roadmap_steps.moved(view, {"name": "payments", "cost": 9000})
    money = roadmap.budget(dear.policy, view.policy, view.origin, W)
    assert money.over
    assert any(year["over"] for year in money.strip)
    assert len(money.sentences) == 2
    fine = roadmap.budget(view.policy, view.policy, view.origin, W)
    assert not fine.over
    assert sum(roadmap.yearly_cost(view.policy)) == pytest.approx(sum(item.cost_bvnd for item in view.policy.roadmap))


def test_items_are_added_and_removed_and_circles_refused():
    view = roadmap_steps.added(first_view(), "training")
    assert {"training", "training_2"} <= {item.name for item in view.policy.roadmap}
    gone = roadmap_steps.removed(first_view(), "shared_platform")
    assert all("shared_platform" not in item.after for item in gone.policy.roadmap)
    with pytest.raises(ScenarioError, match="circle"):
        roadmap_steps.moved(first_view(), {"name": "shared_platform", "after": ["service_wave"]})
    for bad in ({"start": 999}, {"start": -1}, {"quarters": 0}, {"cost": float("nan")}, {"after": ["<b>"]}):
        with pytest.raises(ScenarioError):
            roadmap_steps.moved(first_view(), {"name": "payments", **bad})


def test_the_payoff_of_a_grant_begins_at_nothing_and_grows_with_its_size(view):
    policy = view.with_levers(equalisation=1000.0)
    instrument = payoff.INSTRUMENTS["equalisation"]
    assert payoff.sizes(policy, instrument) == (0.0, 500.0, 1000.0, 1500.0, 2000.0)
    found = payoff.payoffs(payoff.curve(policy, "equalisation"), "granted", SHORT - 1)
    assert set(found) == set(payoff.GROUPS)
    (rich, _), (poor, band) = found["rich"], found["poor"]
    assert (poor[0], *band[:, 0], rich[0]) == (0.0, 0.0, 0.0, 0.0), "the money is the instrument's, not all money"
    assert 0 < poor[2] < poor[4]
    assert poor[4] > rich[4]
    nearly = 1e-9 * poor  # every run grants as much, so that the mean is the band to within rounding
    assert (band[0] <= poor + nearly).all()
    assert (poor <= band[1] + nearly).all()


def test_the_payoff_is_what_the_screen_shows_at_the_size_on_the_screen(view):
    """The runs at that size are those of the page, and no other lever is moved for the curve's sake."""
    policy = view.with_levers(matching_rate=0.3, matching_budget=800.0)
    tried, found = payoff.sizes(policy, payoff.INSTRUMENTS["matching"]), payoff.curve(policy, "matching")
    here = tried.index(800.0)
    page = RunCache().runs(policy.policy, policy.seed, FIRST, parameters=policy.parameters)
    use = payoff.MEASURES.index("use")
    for number, rows in enumerate(payoff.fifths().values()):
        on_page = 100 * page.stock("use")[SHORT - 1, rows].mean()
        assert found[here][use, :, SHORT - 1, number].mean() == pytest.approx(on_page, rel=1e-9)
    values = payoff.payoffs(found, "use", SHORT - 1)
    option = payoff.payoff_option(policy, "matching", values, "use", W)
    mark = option["series"][-1]["markLine"]
    assert mark["data"] == [{"xAxis": here}]
    assert "800" in mark["label"]["formatter"]
    assert sum("areaStyle" in series for series in option["series"]) == len(payoff.GROUPS), "each with its band"
    assert mark["label"]["position"] == "insideEndTop"
    at_nothing = payoff.payoff_option(view, "matching", values, "use", W)["series"][-1]["markLine"]
    assert at_nothing["data"] == [{"xAxis": 0}]
    assert at_nothing["label"]["position"] == "insideEndBottom", "on the side away from the numbers of the axis"
    assert export.chart_file(option, "Title", "", policy, FIRST, "png")[:4] == b"\x89PNG"


def test_a_curve_is_flat_where_a_partner_is_at_nothing_and_that_is_said(view):
    found = payoff.payoffs(payoff.curve(view, "matching"), "granted", SHORT - 1)
    assert all((mean == 0).all() for mean, _ in found.values())
    assert "Matching rate is above 0" in payoff.payoff_sentences(view, "matching", W)[0]
    assert payoff.payoff_sentences(view.with_levers(matching_rate=0.5), "matching", W) == []
    dated = first_view().started_from(shipped("history"))
    later = dated.with_policy(load_scenario({"name": "later", "extends": ["history"], "change": [LATER]}))
    assert W("incentives.dated", label="Lump-sum grants") in payoff.payoff_sentences(later, "lump_sum", W)


@pytest.mark.parametrize("key", payoff.INSTRUMENTS)
def test_every_instrument_opens_with_a_curve_that_is_not_flat(key):
    """In what it is first measured in; of matching the rate is set, which the page asks for."""
    plan = shipped("staged").with_changes(quarters=24, league_table=True)
    view = first_view().started_from(plan)
    if key == "matching":
        view = view.with_levers(matching_rate=0.5)
    instrument = payoff.INSTRUMENTS[key]
    assert set(instrument.levers) <= set(PARAMETERS.levers.names)
    tried = payoff.sizes(view, instrument)
    assert np.allclose(np.diff(tried), tried[1]), "the axis has equal steps"
    assert round(payoff.own_size(view, instrument), 6) in tried
    found = payoff.payoffs(payoff.curve(view, key), instrument.measure, 23)
    assert max(np.abs(mean).max() for mean, _ in found.values()) > 0.01


def test_the_fifths_are_by_revenue_a_head():
    country = load_country()
    revenue = country.column("revenue_retained_2020_bvnd") / country.column("population_2019")
    rich, middle, poor = (revenue[payoff.fifths()[group]] for group in payoff.GROUPS)
    assert rich.min() > middle.max() > middle.min() > poor.max()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_province_has_a_story(pair, view, language):
    w = words(language)
    stocks = story.chapters(view, pair.policy, pair.baseline, w)
    assert len(stocks.rows) == sum(map(len, story.CHAPTERS.values()))
    peers = story.peers(view, pair.policy, w)
    assert 0 < len(peers.rows) <= story.PEERS_SHOWN
    reason = story.choice(replace(view, quarter=2))
    sentences = story.why_sentences(reason, story.history(view), w)
    assert len(sentences) >= 1 + max(1, len(reason.started()))
    twin = story.choice_twin(reason, w)
    assert {len(row) for row in twin.rows} == {len(twin.columns)}


def test_the_causal_picture_and_its_table_agree():
    picture = causes.picture(W)
    assert len(picture["arrows"]) == len(causes.causes_twin(W).rows) == len(causes.ARROWS)
    assert {name for a, b, _ in causes.ARROWS for name in (a, b)} == set(causes.POSITIONS)
    assert all(re.fullmatch(r"M[\d.-]+ [\d.-]+[LC].*", arrow["path"]) for arrow in picture["arrows"])


def test_a_picture_knows_its_stocks():
    stocks = np.zeros((2, 3, len(story.STOCKS)))
    stocks[:, :, 1] = 7.0
    assert (CachedRuns(np.zeros((1, 2, len(OUTCOMES))), stocks).stock("use") == 7.0).all()


def test_what_a_province_started_leads_to_the_last_start_where_there_is_none_in_the_quarter():
    view = replace(first_view(), province="02")
    started = story.history(view)
    last = started.iloc[-1]
    assert list(started["quarter"]) == sorted(started["quarter"])
    in_it = story.choice(replace(view, quarter=quarter_index(last["quarter"])))
    assert last["item"] in set(in_it.started()["item"]), "both look at the same run"
    assert last["total"] == pytest.approx(in_it.started()["total"].iloc[-1])
    after = story.choice(replace(view, quarter=quarter_index(last["quarter"]) + 1))
    so_far, then, none = story.why_sentences(after, started, W)
    assert so_far == W("why.so_far", quarter=after.quarter, count=len(started))
    assert last["quarter"] in then
    assert none == W("why.none", quarter=after.quarter), "that it waited now comes last"
    assert len(story.history_twin(started, last["quarter"], W).rows) == len(started)


def test_the_list_of_starts_ends_with_the_quarter_that_is_shown():
    started = story.history(replace(first_view(), province="02"))
    early = story.until(started, "2022Q4")
    assert 0 < len(early) < len(started)
    assert early["quarter"].max() <= "2022Q4" < started["quarter"].max()
    assert str(len(early)) in story.history_twin(early, "2022Q4", W).caption


def test_a_difference_too_small_to_be_shown_is_no_verdict():
    outcome = charts.column_and_outcome("trust")[1]
    assert differences.verdict(outcome, 2e-5, 1e-5, 3e-5) == "trivial"
    assert differences.verdict(outcome, 0.02, 0.01, 0.03) == "better"


def test_a_map_of_differences_is_in_points_and_blue_is_more():
    values = np.array([-0.1, 0.0, 0.2])
    paint = maps.painted(values, "share of transactions", W, scale=difference_scale(values))
    assert paint["unit"].startswith("points")
    red, blue = (
        tuple(int(colour[k : k + 2], 16) for k in (1, 3, 5)) for colour in (paint["colours"][0], paint["colours"][2])
    )
    assert red[0] > red[2]
    assert blue[2] > blue[0]


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_two_diagrams_are_files_that_say_what_they_are_of(view, kind):
    plan = roadmap_steps.moved(view, {"name": "payments", "start": 3, "quarters": 3})
    items = roadmap.timeline_items(plan.policy, view.policy, W)
    files = [
        diagrams.roadmap_file(items, plan.policy.plan_quarters, "Roadmap", plan, kind),
        diagrams.causes_file(causes.picture(W), "Causes", plan, kind),
    ]
    for content in files:
        assert content.startswith(b"<?xml" if kind == "svg" else b"\x89PNG")
        assert f"policy: {plan.policy.name}".encode() in content
        assert b"replications" not in content, "nothing was run for them"


# Colours of the page


def test_a_colour_stands_in_one_place_and_has_a_name_where_it_is_used_twice():
    """In the style sheet and the parts in the browser; the icon of a tab is a picture of its own."""
    sheet = STYLE.read_text(encoding="utf-8")
    parts = [path.read_text(encoding="utf-8") for path in sorted(STYLE.with_name("vue").glob("*.vue"))]
    written = [sheet, *(re.sub(r'"data:image/svg\+xml,.*', "", part) for part in parts)]
    colours = Counter(long_form(found) for text in written for found in COLOUR.findall(text))
    assert [colour for colour, times in colours.items() if times > 1] == [], "give it a name in :root of app/style.css"
    named = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", sheet))
    used = Counter(name for text in written for name in re.findall(r"var\(--([a-z-]+)\)", text))
    assert named.keys() == used.keys()
    assert [name for name, times in used.items() if times < 2] == []


def test_what_is_drawn_on_the_page_and_in_files_has_the_same_colours():
    named = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", STYLE.read_text(encoding="utf-8")))
    drawn = {"blue": BLUE, "focus": ORANGE, "worse": VERMILION, "orange": diagrams.LATE, "chosen": diagrams.PALE}
    assert {name: named[name] for name in drawn} == {name: colour.lower() for name, colour in drawn.items()}


def long_form(colour: str) -> str:
    """A colour in six digits, as `#fff` is one of three."""
    digits = colour[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))
