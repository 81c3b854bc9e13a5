"""Every page opened and used in a real browser."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dgsim.app.state.pages import PAGE_KEYS
from dgsim.appraisals.targets.file import load_targets
from dgsim.numbers import unit_text
from dgsim.texts import LANGUAGES, Quarter, words
from dgsim.texts.labels import item_label, outcome_label
from dgsim.world.tables import OUTCOMES

SIZES = {"phone": (390, 844), "laptop": (1366, 900), "projector": (1920, 1080)}
PLOT = ".dg-plot[data-stamp]"
DRAWN = dict.fromkeys(("explore", "compare", "sequence", "incentives", "worth", "targets", "results", "agents"), PLOT)
DRAWN |= {"learn": ".dg-lessons", "about": ".dg-cause svg"}
FOCUSED = """() => { const e = document.activeElement;
    const label = e.labels && e.labels.length ? e.labels[0].innerText : "";
    return e.getAttribute("aria-label") || label || e.innerText || ""; }"""
SCROLLED_TO = "() => { const top = document.querySelector('.dg-arrival').getBoundingClientRect().top; "
SCROLLED_TO += "return top >= 0 && top < innerHeight / 4; }"
PATIENCE = 120_000  # ms that a study may take
QUESTIONS = {
    "explore": "bind.button",
    "compare": "compare.explain_button",
    "sequence": "sequence.order_button",
    "worth": "worth.risk_button",
}
LATE = """const Plain = window.WebSocket;
    window.late = 0;
    window.WebSocket = class extends Plain {
        set onmessage(heard) { super.onmessage = (event) => setTimeout(() => heard(event), window.late); }
    };"""  # the page hears from the server so many milliseconds late
IN_ENGLISH = re.compile(
    r"(?<![\w.,/=-])(?<!mục )(?:0\.\d+|\d+\.\d{1,2}(?!\d)|\d{1,3}(?:,\d{3}){2,})(?!\.\d)|\b\d{4}Q[1-4]\b"
)
REFINED = ".dg-cards[data-stamp$='-200']"


def drawn(page: str) -> str:
    """What is there once a page is drawn, as a selector; of a page without a row anything below its heading."""
    return DRAWN.get(page, "main h1 ~ *")


def address(page: str, query: str = "") -> str:
    return f"/{'' if page == 'explore' else page}?{query}"


def value_of_card(page: Any, label: str) -> str:
    return page.locator(".dg-card", has_text=label).first.locator(".dg-value").inner_text()


def set_slider(page: Any, label: str, value: float) -> None:
    """Move a slider and let it go."""
    page.get_by_label(label, exact=True).first.evaluate(
        """(slider, value) => { slider.value = value;
        slider.dispatchEvent(new Event("input", {bubbles: true}));
        slider.dispatchEvent(new Event("change", {bubbles: true})); }""",
        value,
    )


def choose(page: Any, label: str, value: str) -> None:
    """Choose from a list, the text of whose label is followed by all there is to choose from."""
    begins = re.compile(rf"^\s*{re.escape(label)}")
    page.locator(".dg-picks label").filter(has_text=begins).first.locator("select").select_option(value)


def serious_failures(page: Any) -> list[str]:
    """What axe-core finds on a page and calls serious or critical."""
    spec = find_spec("axe_playwright_python")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("axe-playwright-python is not installed: pip install .[test]")
    script = Path(spec.submodule_search_locations[0]) / "axe.min.js"
    page.add_script_tag(content=script.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    violations = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in violations]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGE_KEYS)
def test_every_page_opens_in_every_language_and_three_sizes_and_can_be_read_aloud(browse, gallery, name, language):
    """Opened on a phone, a province's story with it, and the window made larger then; axe finds no serious failure."""
    page = browse(address(name, f"lang={language}&province=02"), *SIZES["phone"])
    page.wait_for_selector(drawn(name), timeout=60_000)
    assert page.locator("h1").inner_text() == words(language)(f"page.{name}.heading")
    assert page.evaluate("document.documentElement.lang") == language
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(400)
        page.screenshot(path=gallery / f"{name}-{language}-{size}.png", full_page=True)
        too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert too_wide <= 1, f"the page scrolls sideways on a {size}"
    assert serious_failures(page) == []


def test_a_slider_let_go_gives_a_new_picture_and_an_address_that_gives_the_same_numbers(browse):
    page = browse("/")
    page.wait_for_selector(REFINED)
    before, stamp = value_of_card(page, "Use"), page.locator(".dg-cards").get_attribute("data-stamp")
    set_slider(page, "Fee cut for online transactions", 0.9)
    page.wait_for_function("stamp => document.querySelector('.dg-cards').dataset.stamp !== stamp", arg=stamp)
    page.wait_for_selector(REFINED)
    after = value_of_card(page, "Use")
    assert after != before
    assert "fee_cut=0.9" in page.url
    assert page.get_by_text("changed (").first.is_visible()
    again = browse(page.url.split("/", 3)[3].join(["/", ""]))
    again.wait_for_selector(REFINED)
    assert value_of_card(again, "Use") == after
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("before => document.querySelector('.dg-card .dg-value').innerText === before", arg=before)
    assert "fee_cut" not in page.url


@pytest.mark.parametrize(
    ("language", "lever", "seed"),
    [("en", ("2450.5", "2,450.5", "0,3"), "1.5"), ("vi", ("2450,5", "2.450,5", "0.3"), "1,5")],
)
def test_boxes_show_numbers_as_the_page_writes_them_and_what_is_refused_is_undone(browse, language, lever, seed):
    page = browse(f"/?lang={language}&parameters=central")
    given, told, other = lever
    box = page.locator(".dg-field[data-name=matching_budget] input[inputmode=decimal]")
    box.fill(given)
    box.press("Enter")
    page.wait_for_function("location.search.includes('matching_budget=2450.5')")
    page.wait_for_function("([box, told]) => box.value === told", arg=[box.element_handle(), told])
    luck = page.get_by_label(words(language)("pick.seed"), exact=True)
    for one, entered, held in (
        (box, other, told),
        (box, "", told),
        (luck, seed, "0"),
        (luck, "", "0"),
        (luck, "-5", "0"),
    ):
        before = page.locator(".dg-problem").inner_text() if page.locator(".dg-problem").count() else ""
        one.fill(entered)
        one.press("Enter")
        page.wait_for_function("([box, held]) => box.value === held", arg=[one.element_handle(), held])
        page.wait_for_function("before => document.querySelector('.dg-problem')?.innerText !== before", arg=before)
        assert entered in page.locator(".dg-problem").inner_text()
    assert "seed" not in page.url


def test_a_key_held_down_loses_no_step_and_the_page_keeps_up(browse):
    page = browse("/")
    page.wait_for_selector(REFINED)
    slider = page.get_by_role("slider", name="Fee cut for online transactions")
    slider.focus()
    start = float(slider.input_value())
    for _ in range(25):
        page.keyboard.press("ArrowRight", delay=0)
    assert float(slider.input_value()) == pytest.approx(start + 0.25)
    page.wait_for_function("() => location.search.includes('fee_cut=0.25')", timeout=5_000)
    page.wait_for_selector(REFINED)
    assert float(slider.input_value()) == pytest.approx(start + 0.25)


def test_an_answer_that_comes_late_takes_no_step_back(browse):
    """A slow server answers what the hand has left behind: more than half a second, when the next change is sent."""
    page = browse("/", script=LATE)
    page.wait_for_selector(REFINED)
    slider = page.get_by_role("slider", name="Fee cut for online transactions")
    slider.focus()
    start = float(slider.input_value())
    page.evaluate("window.late = 800")
    for _ in range(15):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(100)
    assert float(slider.input_value()) == pytest.approx(start + 0.15)
    page.wait_for_function("() => location.search.includes('fee_cut=0.15')", timeout=10_000)
    assert float(slider.input_value()) == pytest.approx(start + 0.15)


def test_the_baseline_is_always_drawn(browse):
    page = browse("/")
    page.wait_for_selector(PLOT)
    page.locator("summary", has_text="Data table").first.click()
    header = page.locator(".dg-twin thead").first.inner_text()
    assert "history (baseline): mean" in header


def test_the_map_is_one_stop_of_the_tab_key_and_opens_a_story(browse):
    page = browse("/")
    page.wait_for_selector(".dg-map svg")
    assert page.locator(".dg-map [tabindex='0']").count() == 1
    page.locator(".dg-map svg").focus()
    first = page.locator(".dg-reading").inner_text()
    page.keyboard.press("ArrowDown")
    assert page.locator(".dg-reading").inner_text() != first
    page.keyboard.press("Enter")
    page.wait_for_selector("h2:has-text('2030Q4')")
    page.wait_for_function("document.activeElement.matches('.dg-arrival')")
    page.wait_for_function(SCROLLED_TO)
    page.wait_for_selector(REFINED)
    page.wait_for_timeout(500)
    assert page.evaluate(SCROLLED_TO), "the story stays in sight while the page above is refined"
    name = page.locator(".dg-reading").inner_text().split(":")[0]
    assert page.locator("h2", has_text=name).count() == 1
    assert "province=" in page.url


def test_scrub_and_play(browse):
    page = browse("/?quarter=2029Q4")
    page.wait_for_selector(".dg-scrub")
    assert page.locator(".dg-scrub output").inner_text() == "2029Q4"
    page.get_by_role("button", name="Play or pause").click()
    page.wait_for_function("document.querySelector('.dg-scrub output').innerText === '2030Q4'")


def test_swap_on_compare_and_back_in_the_browser(browse):
    page = browse("/")
    page.get_by_role("link", name="Compare").click()
    page.wait_for_selector(".dg-three svg")
    assert page.url.endswith("/compare?policy=staged&baseline=history")
    page.get_by_role("button", name="Swap").click()
    page.wait_for_function("location.search.startsWith('?policy=history&baseline=staged')")
    page.go_back()
    page.wait_for_function("location.pathname === '/'")
    page.wait_for_selector("h1:has-text('Explore')")


def test_the_roadmap_by_keys_and_by_mouse(browse):
    page = browse("/sequence")
    svg = page.locator(".dg-timeline svg")
    svg.wait_for()
    stamp = svg.get_attribute("data-stamp")
    svg.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("s => document.querySelector('.dg-timeline svg').dataset.stamp !== s", arg=stamp)
    assert page.locator(".dg-item .dg-ghost").count() == 1
    stamp = svg.get_attribute("data-stamp")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("s => document.querySelector('.dg-timeline svg').dataset.stamp !== s", arg=stamp)
    starts = page.locator(".dg-edit select").input_value()
    assert starts == "4", "both steps moved the same item, from its third quarter to its fifth"
    assert "roadmap=" in page.url
    stamp = svg.get_attribute("data-stamp")
    bar = page.locator(".dg-item .dg-bar").nth(3).bounding_box()
    page.mouse.move(bar["x"] + 20, bar["y"] + 5)
    page.mouse.down()
    page.mouse.move(bar["x"] + 160, bar["y"] + 5, steps=5)
    page.mouse.up()
    page.wait_for_function("s => document.querySelector('.dg-timeline svg').dataset.stamp !== s", arg=stamp)
    page.get_by_label("Cost, bvnd").fill("9000")
    page.get_by_label("Cost, bvnd").press("Tab")
    page.wait_for_selector("text=than the plan it started from")
    svg.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator(".dg-edit strong").inner_text() == item_label("shared_platform", words("en"))
    tick = page.get_by_role("checkbox", name=item_label("service_wave", words("en")))
    tick.click()
    page.wait_for_selector(".dg-problem:has-text('circle')")
    page.wait_for_function("tick => !tick.checked", arg=tick.element_handle(), timeout=3_000)  # it is undone


def test_an_instrument_and_its_payoff(browse):
    page = browse("/incentives")
    page.get_by_role("combobox", name="Instrument", exact=True).select_option("awards")
    page.wait_for_selector("text=What awards reward")
    page.wait_for_selector(".dg-plot[data-stamp^='awards-granted']", timeout=60_000)


def test_a_point_of_a_sweep_opens_in_explore(browse):
    page = browse("/results")
    page.locator(".dg-table th button").first.click()
    page.wait_for_selector("h1:has-text('Explore')")
    assert "care=" in page.url
    page.wait_for_selector(REFINED)


def test_a_good_file_is_loaded_and_saved_and_a_bad_one_is_answered(browse, tmp_path):
    page = browse("/")
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text('name = "<img src=x onerror=alert(1)>"\nextends = ["staged"]\n[citizens]\nfee_cut = 0.5\n')
    bad.write_text("[citizens]\nfee_cut = 5\n")
    page.wait_for_selector(PLOT)
    page.get_by_label("Load file").set_input_files(bad)
    page.wait_for_selector("text=bad.toml: citizens.fee_cut = 5 is outside 0..1")
    assert "policy=staged&baseline" in page.url
    page.get_by_label("Load file").set_input_files(good)
    page.wait_for_function("location.search.includes('fee_cut=0.5')")
    page.wait_for_selector(REFINED)
    assert page.locator("img").count() == 0, "a name from a file is text, never markup"
    with page.expect_download() as download:
        page.get_by_role("button", name="Save file").click()
    assert "fee_cut = 0.5" in Path(download.value.path()).read_text()


def test_downloads_carry_scenario_and_seed(browse):
    page = browse("/?seed=7")
    page.wait_for_selector(REFINED)
    for kind in ("CSV", "SVG", "PNG"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Download {kind}").first.click()
        content = Path(download.value.path()).read_bytes()
        assert b"seed: 7; replications: 200; parameters: plausible" in content
        assert b"policy: staged" in content


def test_copy_as_command(browse):
    page = browse("/", permissions=["clipboard-read", "clipboard-write"])
    page.wait_for_selector(PLOT)
    page.get_by_role("button", name="Copy as command").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "dgsim compare staged --baseline history --replications 200 --seed 0 --parameters plausible"


def test_the_language_changes_in_place(browse):
    page = browse("/?province=02")
    page.wait_for_selector(PLOT)
    page.get_by_label("Language").select_option("vi")
    page.wait_for_selector("h1:has-text('Khám phá')")
    page.wait_for_selector("h2:has-text('Hà Giang')")
    assert "lang=vi" in page.url


def test_a_broken_address_opens_the_default_with_a_sentence(browse):
    page = browse("/?policy=nothing&fee_cut=9")
    page.wait_for_selector("text=This address is broken")
    page.wait_for_selector(PLOT)


def test_a_server_that_is_started_again_has_its_pages_back_by_themselves_in_their_language(chromium, start):
    """Meanwhile the page is locked and says why; what was changed before is in its address."""
    page = chromium.new_context().new_page()
    with start() as home:
        page.goto(f"{home}/?lang=vi&parameters=central")
        page.wait_for_selector(PLOT, timeout=PATIENCE)
        set_slider(page, words("vi").of("Fee cut for online transactions"), 0.9)
        page.wait_for_function("location.search.includes('fee_cut=0.9')")
        page.evaluate("window.before = true")
    told = page.get_by_text(words("vi")("header.lost"))
    told.wait_for()
    assert page.locator(".dg-page").evaluate("page => page.inert"), "a lever moved now would be lost"
    with start():
        page.wait_for_function("window.before === undefined", timeout=30_000)
        page.wait_for_selector(PLOT, timeout=PATIENCE)
        assert page.locator("h1").inner_text() == words("vi")("page.explore.heading")
        assert "fee_cut=0.9" in page.url
        assert page.get_by_label(words("vi").of("Fee cut for online transactions"), exact=True).input_value() == "0.9"
        assert not told.is_visible()
        assert page.locator(".v-dialog--active").count() == 0
    page.context.close()


def test_two_browsers_never_share_state(browse):
    one, other = browse("/"), browse("/")
    other.wait_for_selector(REFINED)
    before = value_of_card(other, "Use")
    one.wait_for_selector(REFINED)
    set_slider(one, "Fee cut for online transactions", 0.8)
    one.wait_for_function("location.search.includes('fee_cut=0.8')")
    one.wait_for_selector(REFINED)
    assert value_of_card(other, "Use") == before
    assert "fee_cut" not in other.url
    assert json.dumps(other.evaluate("location.search")).count("changed") == 0


def test_every_control_is_reached_by_the_keyboard_and_named(browse):
    page = browse("/")
    page.wait_for_selector(PLOT)
    page.evaluate("document.activeElement.blur()")
    names = []
    for _ in range(40):
        page.keyboard.press("Tab")
        names.append(page.evaluate(FOCUSED))
    assert "Matching rate" in " ".join(names)
    assert all(name.strip() for name in names)


@pytest.mark.parametrize(("name", "button"), QUESTIONS.items())
def test_a_question_is_answered_and_the_command_for_it_is_copied(browse, gallery, name, button):
    page = browse(address(name, "quarter=2021Q4&province=02"), permissions=["clipboard-read", "clipboard-write"])
    page.wait_for_selector(REFINED, timeout=PATIENCE)
    plots = page.locator(PLOT).count()
    page.get_by_role("button", name=words("en")(button)).press("Enter")
    command = page.locator(".dg-code")
    command.wait_for(timeout=PATIENCE)
    page.wait_for_function("n => document.querySelectorAll('.dg-plot[data-stamp]').length > n", arg=plots)
    assert page.evaluate(FOCUSED) == words("en")("reason.copy"), "the button keeps the focus"
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.dg-said').innerText !== ''")
    assert page.evaluate("navigator.clipboard.readText()") == command.inner_text()
    assert serious_failures(page) == []
    page.screenshot(path=gallery / f"{name}-answered.png", full_page=True)


def test_a_question_is_given_up_and_the_page_never_freezes(browse):
    page = browse("/sequence")
    page.wait_for_selector(REFINED)
    page.get_by_role("button", name=words("en")(QUESTIONS["sequence"])).click()
    page.wait_for_selector(".dg-waiting progress[value]", timeout=PATIENCE)
    page.get_by_label("Language").select_option("vi")
    page.wait_for_selector("h2:has-text('Giá trị của trình tự')", timeout=5_000)
    page.wait_for_timeout(700)
    page.get_by_role("button", name=words("vi")("reason.stop")).click()
    page.get_by_role("button", name=words("vi")(QUESTIONS["sequence"])).wait_for(timeout=5_000)
    page.locator(".dg-waiting").wait_for(state="detached", timeout=5_000)


@pytest.mark.parametrize("name", PAGE_KEYS)
def test_in_vietnamese_no_page_writes_numbers_or_quarters_as_in_english(browse, name):
    page = browse(address(name, "lang=vi&province=02"))
    page.wait_for_selector(drawn(name), timeout=60_000)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.wait_for_timeout(1000)  # groups of levers have their rows once they are unfolded
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    said = page.eval_on_selector_all("main [aria-valuetext]", "all => all.map((one) => one.ariaValueText)")
    assert [text for text in said if IN_ENGLISH.search(text)] == []
    # A command that is to be copied stays as a terminal reads it; it is there when the question was answered before.
    page.evaluate("document.querySelectorAll('main .dg-code').forEach((one) => { one.remove(); })")
    assert [found.group() for found in IN_ENGLISH.finditer(page.locator("main").inner_text())] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_islands_stand_beside_the_map_and_open_the_story_of_their_province(browse, language):
    page = browse(address("explore", f"lang={language}"))
    page.wait_for_selector(REFINED)
    found = page.locator(".dg-inset text").all_text_contents()
    names = ["Hoàng Sa", "(Đà Nẵng)", "Trường Sa", "(Khánh Hòa)"]
    assert found == (names if language == "vi" else ["Hoang Sa", "(Da Nang)", "Truong Sa", "(Khanh Hoa)"])
    dots = page.locator(".dg-inset").first.locator("circle")
    province = page.locator(".dg-map path[role=option][aria-label^='" + names[1].strip("()") + "']")
    if language == "vi":
        assert dots.first.get_attribute("fill") == province.get_attribute("fill")
    assert page.locator(".dg-bounds").first.is_visible()
    dots.first.click()
    page.wait_for_function("location.search.includes('province=48')")


def test_colours_of_a_legend_stay_on_paper_and_where_colours_are_forced_and_curves_fill_the_paper(browse):
    page = browse("/")
    page.wait_for_selector(REFINED)
    swatch = page.locator(".dg-legend span").first
    colour = "e => getComputedStyle(e).backgroundColor"
    plain = swatch.evaluate(colour)
    page.set_viewport_size({"width": 1900, "height": 900})
    page.wait_for_timeout(300)
    page.emulate_media(media="print")
    assert swatch.evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"
    shares = page.locator(".dg-plot").first.evaluate(
        "e => e.querySelector('canvas').getBoundingClientRect().width / e.getBoundingClientRect().width"
    )
    assert 0.97 < shares < 1.03
    page.emulate_media(media="screen", forced_colors="active")
    assert swatch.evaluate(colour) == plain


def test_a_printed_page_says_what_it_is_of_and_leaves_the_tools_out(browse):
    page = browse("/?seed=7&fee_cut=0.6")
    page.wait_for_selector(REFINED)
    assert not page.locator(".dg-printed").is_visible()
    page.emulate_media(media="print")
    printed = page.locator(".dg-printed").inner_text()
    assert "seed: 7" in printed
    assert "Fee cut for online transactions: 0 -> 0.6" in printed
    own = browse("/?seed=7&lang=vi")
    own.wait_for_selector(REFINED)
    own.emulate_media(media="print")
    assert "số khởi tạo ngẫu nhiên: 7; số lượt chạy: 200; bộ tham số: hợp lý" in own.locator(".dg-printed").inner_text()
    assert not page.locator(".dg-tools").is_visible()


@pytest.mark.parametrize("name", ["explore", "incentives"])
def test_a_page_of_one_policy_prints_on_one_sheet_of_paper(browse, name):
    page = browse(address(name, "lang=vi&fee_cut=0.6"), 1440)
    page.wait_for_selector(PLOT if name == "explore" else ".dg-plot[data-stamp^=matching]", timeout=PATIENCE)
    page.wait_for_selector(REFINED)
    page.wait_for_timeout(500)
    for paper in ("A4", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) == 1


def test_a_cell_of_the_heat_map_narrows_the_table(browse):
    page = browse("/results")
    page.wait_for_selector(PLOT)
    plot = page.locator(".dg-plot").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    every = page.locator(".dg-table tbody tr").count()
    page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
    page.wait_for_selector("text=points chosen in a chart")
    assert 0 < page.locator(".dg-table tbody tr").count() < every
    page.get_by_role("button", name="Show all").click()
    page.wait_for_function("n => document.querySelectorAll('.dg-table tbody tr').length === n", arg=every)


def test_a_lesson_opens_from_its_address_and_keeps_the_guess(browse):
    page = browse("/learn?lesson=skills-leak")
    choice = page.locator(".dg-lessons .dg-picks button").first
    choice.click()
    page.wait_for_selector(".dg-lessons button[aria-pressed=true]")
    page.get_by_role("link", name="Explore").click()
    page.wait_for_selector("h1:has-text('Explore')")
    page.get_by_role("link", name="Learn").click()
    page.wait_for_selector(".dg-lessons button[aria-pressed=true]")
    assert "lesson=skills-leak" in page.url


def test_the_agents_step_play_and_begin_anew_and_the_address_keeps_how_far_they_are(browse, gallery):
    page = browse("/agents?lang=vi", *SIZES["phone"])
    w = words("vi")
    provinces = page.locator(".dg-map path[role=option]")
    colours = lambda: set(provinces.evaluate_all("paths => paths.map((path) => path.getAttribute('fill'))"))  # noqa: E731
    reached = "([least, most]) => { const stamp = document.querySelector('.dg-plot')?.dataset.stamp; "
    reached += "const n = stamp ? Number(stamp.split('-')[1]) : -1; return n >= least && n <= most; }"
    page.wait_for_function(reached, arg=[0, 0], timeout=PATIENCE)
    at_start = colours()
    page.get_by_role("button", name=w("agents.step"), exact=True).click()
    page.wait_for_function(reached, arg=[1, 1])
    page.get_by_role("button", name=w("agents.play")).click()
    page.wait_for_function(reached, arg=[24, 44], timeout=PATIENCE)  # by then some use it
    page.get_by_role("button", name=w("agents.stop")).click()
    page.get_by_role("button", name=w("agents.play")).wait_for()
    page.wait_for_timeout(500)
    assert len(colours() - at_start) > 3
    page.screenshot(path=gallery / "agents-run.png", full_page=True)
    text = page.locator("main").inner_text()
    again = browse("/" + page.url.split("/", 3)[3])
    again.wait_for_selector(f".dg-plot[data-stamp={page.locator('.dg-plot').get_attribute('data-stamp')}]")
    assert again.locator("main").inner_text() == text, "as it was, in its language"
    page.get_by_role("button", name=w("agents.again")).click()
    page.wait_for_function(reached, arg=[0, 0])
    assert "run=" not in page.url


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_policy_is_worth_comes_by_itself_and_is_refined_with_its_horizon_beside_it(browse, language):
    w = words(language)
    page = browse(f"/worth?to=2030Q4&lang={language}")
    page.wait_for_selector(REFINED, timeout=PATIENCE)
    page.wait_for_selector(f"{PLOT}[data-stamp^=payback]")
    said = page.locator(".dg-text", has_text="staged").first.inner_text()
    assert w("note.later", year="2025") in said
    assert all(part in said.lower() for part in (w.quarter(Quarter("2030Q4")).lower(), "history"))
    choose(page, w("worth.by"), "fifth")
    page.get_by_role("rowheader", name=w("worth.fifth", number="5")).first.wait_for()
    assert "to=2030Q4" in page.url


def test_what_each_item_is_worth_can_be_given_up(browse):
    w = words("en")
    page = browse("/worth")
    page.wait_for_selector(".dg-cards")
    page.get_by_role("button", name=w("worth.items_button")).click()
    page.get_by_role("progressbar").first.wait_for()
    page.wait_for_timeout(1000)
    page.get_by_role("button", name=w("reason.stop")).click()
    page.get_by_role("button", name=w("worth.items_button")).wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_target_of_ones_own_has_its_chance_its_line_its_address_and_its_file(browse, tmp_path, language):
    w = words(language)
    page = browse(f"/targets?targets=none&lang={language}")
    assert page.locator(".dg-cards").count() == 0
    choose(page, w("target.indicator"), "supply")
    box = page.get_by_label(w("targets.amount", unit=w.of(unit_text(OUTCOMES["supply"].unit))), exact=True)
    box.fill("45%")
    box.press("Enter")
    choose(page, w("targets.by"), "2027Q4")
    page.get_by_role("button", name=w("targets.add")).click()
    page.wait_for_function("location.search.includes('own_targets=supply:true:least:0.45:2027Q4')")
    page.wait_for_selector(REFINED, timeout=PATIENCE)
    card = page.locator(".dg-card").first.inner_text()
    assert any(w(f"light.{light}") in card for light in ("likely", "open", "unlikely"))
    page.wait_for_selector(f"{PLOT}[data-stamp^=supply]")
    with page.expect_download() as download:
        page.get_by_role("button", name=w("targets.save")).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    (target,) = load_targets(file).targets
    assert (target.indicator, target.wanted, target.by) == ("supply", 0.45, 31)
    again = browse(page.url.split("/", 3)[3].join(["/", ""]))
    again.wait_for_selector(REFINED, timeout=PATIENCE)
    assert again.locator(".dg-card").first.inner_text() == card
    again.get_by_role("link", name=w("page.explore"), exact=True).click()
    again.get_by_role("heading", name=w("page.explore.heading")).wait_for()
    again.wait_for_selector(REFINED, timeout=PATIENCE)
    named = again.get_by_text(outcome_label("supply", w), exact=True)
    again.locator(".dg-card").filter(has=named).get_by_role("button").click()
    again.wait_for_function("location.search.includes('outcome=supply')")
    again.wait_for_selector(PLOT)
    again.locator(".dg-twin summary").first.click()
    again.get_by_role("columnheader", name=re.compile("45%")).first.wait_for()


def charts_of(page: Any) -> list[dict[str, Any]]:
    """Every chart of a page: how wide and high it is, and each text in it with its left, right, top and lower edge."""
    found: list[dict[str, Any]] = page.evaluate(
        """() => new Promise((told) => requirejs(["/_solara/cdn/echarts@5.4.0/dist/echarts.js"], (echarts) => told(
        [...document.querySelectorAll(".dg-plot")].map((box) => {
            const chart = echarts.getInstanceByDom(box), found = [];
            chart.getZr().storage.getDisplayList().forEach((one) => {
                if (!one.style || !one.style.text) return;
                one._rect = null;  // kept from before the names of parallel axes were moved apart
                const b = one.getBoundingRect().clone();
                if (one.transform) b.applyTransform(one.transform);
                found.push([one.style.text, b.x, b.x + b.width, b.y, b.y + b.height]);
            });
            return { wide: chart.getWidth(), high: chart.getHeight(), texts: found };
        }))))"""
    )
    return found


@pytest.mark.parametrize("size", SIZES)
def test_the_table_of_all_outcomes_is_not_cut(browse, size):
    """It stood in a box with a bar that a phone does not show, and ended for its reader after some rows."""
    page = browse("/compare?lang=vi", *SIZES[size])
    page.wait_for_selector(".dg-table")
    hidden = page.locator(".dg-table").last.evaluate("box => box.scrollHeight - box.clientHeight")
    assert hidden <= 20, "no more than the bar that moves it sideways"


def test_a_narrow_chart_keeps_its_whole_title_and_its_labels_apart(browse):
    page = browse("/incentives?lang=vi&parameters=central", *SIZES["phone"])
    page.wait_for_selector(".dg-plot[data-stamp^=matching]", timeout=PATIENCE)
    drawn = charts_of(page)
    assert len(drawn) == 2
    quarters = sorted((left, right) for text, left, right, *_ in drawn[1]["texts"] if text.startswith("Quý "))
    assert len(quarters) >= 2
    assert all(one[1] < other[0] for one, other in pairwise(quarters))


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("explore", "outcome=trust"),
        ("compare", "outcome=net_benefit"),
        ("incentives", "parameters=central"),
        ("agents", "run=1"),
        ("results", "sweep=small"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_of_a_chart_is_cut_in_any_size(browse, name, query, language):
    page = browse(address(name, f"lang={language}&{query}"), *SIZES["phone"])
    page.wait_for_selector(PLOT, timeout=PATIENCE)
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(700)
        charts = charts_of(page)
        assert charts
        cut = [
            text
            for chart in charts
            for text, left, right, top, low in chart["texts"]
            if left < 0 or right > chart["wide"] + 1 or top < 0 or low > chart["high"] + 1
        ]
        assert cut == [], f"cut on a {size}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_unit_of_a_map_never_stands_alone_below_its_colours(browse, language):
    """On a phone the colours take all of a line, and 0..1 below them was read as one more."""
    page = browse(address("explore", f"lang={language}&outcome=trust"), 360, 740)
    page.wait_for_selector(PLOT, timeout=PATIENCE)
    unit, colour = (page.locator(f".dg-legend {one}").first.bounding_box() for one in (".dg-unit", "span"))
    assert unit["x"] < colour["x"]
    assert abs(unit["y"] + unit["height"] / 2 - colour["y"] - colour["height"] / 2) < colour["height"]
