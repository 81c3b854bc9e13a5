"""The page to hand over: whole, by itself, the same bytes again, and its numbers those of the studies."""

from __future__ import annotations

import re
import shlex
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import dgsim
from dgsim.analysis.sensitivity import by_chance
from dgsim.cli.main import main
from dgsim.country import load_country, synthetic_country, write_country
from dgsim.errors import StudyError
from dgsim.evidence.validate import KEPT, kept_validation
from dgsim.numbers import difference_texts
from dgsim.reports import content
from dgsim.scenario import load_scenario
from dgsim.texts import words
from told_numbers import numbers_in

FEW = {"replications": 3, "quarters": 8}
NAMES = ("staged", "services-first", "reward-use")
MONEY = ("costs", "benefits", "transfers")


class Page(HTMLParser):
    """What a page holds: tags with their attributes, texts, and table rows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data):
        self.text += data
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def found():
    return dgsim.report(NAMES, **FEW)


@pytest.fixture(scope="module")
def html(found):
    return found.to_html()


def test_the_page_needs_nothing_but_itself(html):
    page = Page(html)
    linked = [value for _, attributes in page.tags for name in ("src", "href") if (value := attributes.get(name))]
    assert linked
    assert all(link.startswith(("#", "data:image/svg+xml;base64,")) for link in linked)
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert "url(" not in html
    assert "@import" not in html
    assert len(html.encode()) < 3_000_000


def test_every_link_within_the_page_has_its_place(html):
    page = Page(html)
    anchors = {attributes.get("id") for _, attributes in page.tags}
    assert all(a["href"][1:] in anchors for tag, a in page.tags if tag == "a")


def test_pictures_say_what_they_show_and_tables_have_headings(html):
    page = Page(html)
    assert all(len(a["alt"] or "") > 20 for tag, a in page.tags if tag == "img")
    figures = 6  # differences, two over time, map, two attributions
    worth = 3 + 1 + 2 + 1  # a waterfall a plan, when they have paid, who gains by fifth and on a map, targets
    assert sum(tag == "img" for tag, _ in page.tags) == figures + worth
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert all(a.get("scope") for tag, a in page.tags if tag == "th")


def test_the_page_speaks_vietnamese_with_the_same_numbers(found, html):
    other = dgsim.report(NAMES, language="vi", **FEW)
    page, english = Page(other.to_html()), Page(html)
    assert dict(page.tags)["html"] == {"lang": "vi"}
    assert dict(english.tags)["html"] == {"lang": "en"}
    assert numbers_in(page.text) == numbers_in(english.text)
    assert other.told[0].answer.startswith("Theo services-first, ")
    assert "--language vi" in other.commands[0]
    assert not re.search(r"\b(the|and|with|against|interval|runs)\b", before_commands(page.text))
    assert all(re.search(r"[^\x00-\x7f]", a["alt"] or "") for tag, a in page.tags if tag == "img")


def before_commands(text):
    """What is told from the scenarios on, without the commands and the files at the end."""
    return text[text.index("Kịch bản") : text.index("dgsim report")]


def test_another_language_than_those_known_is_refused():
    with pytest.raises(StudyError, match="language = fr is not one of en, vi"):
        dgsim.report(NAMES, language="fr", **FEW)


def test_the_headline_is_that_of_a_comparison(html):
    expected = dgsim.compare(NAMES, **FEW).differences
    last = expected[expected["quarter"] == expected["quarter"].iloc[-1]].astype({"outcome": str, "scenario": str})
    rows = {row[0]: row[1:] for row in Page(html).rows if row}
    for name, column in (("services-first", 1), ("reward-use", 2)):
        row = last[(last["outcome"] == "specialists") & (last["scenario"] == name)].iloc[0]
        cell = next(cells for label, cells in rows.items() if label.startswith("Specialists"))[column]
        size, interval = difference_texts(row["difference"], (row["low"], row["high"]), row["unit"])
        assert size in cell
        assert interval in cell


def rows_below(html, key):
    """The rows of tables in the section of this name, each with its cells."""
    section = html[html.index(f'<h2 id="{key}"') :]
    return [[" ".join(cell.split()) for cell in row] for row in Page(section[: section.index("</section>")]).rows]


def test_what_plans_are_worth_is_what_an_appraisal_says(html):
    """To 2040, whatever the length of the runs beside it, and against nothing built."""
    accounts = dgsim.appraise(NAMES, replications=FEW["replications"]).accounts("who")
    totals = accounts[accounts["name"] == "total"]
    told = [row for row in rows_below(html, "appraisal") if row and row[0] == "Total"]
    assert len(told) == len(NAMES)
    for row, expected in zip(told, totals.itertuples(), strict=True):
        assert row[1:4] == [f"{getattr(expected, name):,.0f}".replace("-0", "0") for name in MONEY]
        assert row[4].startswith(f"{expected.net_benefit:,.0f}")
    assert "staged less base, 2020Q1 to 2040Q4: bvnd of 2020, discounted" in html
    assert "Net benefit to 2040Q4" in html
    fifths = dgsim.appraise(NAMES, replications=FEW["replications"]).accounts("fifth")
    poorest = next(row for row in rows_below(html, "gains") if row and row[0].startswith("Fifth 1"))
    first = fifths[fifths["name"] == "1"].iloc[0]
    assert poorest[-1] == f"{first['per_head']:,.2f}"


def test_what_is_told_of_targets_is_what_targets_says(html):
    records = dgsim.targets(NAMES, replications=FEW["replications"])
    told = [row for row in rows_below(html, "targets") if len(row) == 8 and ":" in row[0]]
    assert len(told) == len(records)
    assert [row[3].split()[0] for row in told] == [f"{chance:.0%}" for chance in records["chance"]]


def test_the_parts_of_the_attribution_add_up_to_the_total(found):
    for told in found.told:
        table = told.why.contributions
        assert table["contribution"].iloc[:-1].sum() == pytest.approx(table["contribution"].iloc[-1], abs=1e-12)


def test_what_the_page_says_of_validation_is_the_packaged_table(html):
    table = kept_validation(load_country())
    claimed = table[table["holds"] != ""]
    assert f"Of {len(claimed)} claims" in Page(html).text
    assert f"<strong>{(claimed['holds'] == 'yes').sum()} hold</strong>" in html
    failed = claimed.loc[claimed["holds"] == "no", "claim"]
    assert len(failed)
    assert all(claim in Page(html).text for claim in failed)


def test_the_packaged_validation_is_the_one_of_the_evidence():
    text = (Path(__file__).parents[1] / "docs" / "evidence.md").read_text(encoding="utf-8")
    table = pd.read_csv(KEPT)
    assert f"**{(table['holds'] == 'yes').sum()} of {table['holds'].isin(['yes', 'no']).sum()} claims hold. " in text


def test_a_claim_stands_beside_the_headline_it_touches_with_its_share_of_sets(found, html):
    """The claim is held against another scenario than the page's baseline; claims on rewards change audits."""
    services, reward = found.told
    claim = "P3: services first ends with less use"
    row = kept_validation(load_country()).set_index("claim").loc[claim]
    sets = f"comes out in {row['share'] * 128:.0f} of 128 plausible sets"
    verdict = {"yes": "and holds: nine in ten are needed", "no": "fewer than the nine in ten"}[row["holds"]]
    assert [re.match("[^ ]+", said)[0] for said in services.beside] == ["services-first", "The", "That"]
    assert f"“{claim}” (services-first against foundations-first, 2030Q4)" in html
    assert sets in services.beside[1]
    assert verdict in services.beside[1]
    assert "held against foundations-first" in services.beside[2]
    assert "this page against staged" in services.beside[2]
    assert not any("claim" in said for said in reward.beside)
    assert html.index(services.answer) < html.index(sets) < html.index("<nav")
    other = dgsim.report(NAMES[:2], outcome="trust", **FEW)
    assert not any("claim" in said for said in other.told[0].beside), "no claim speaks of it in trust"
    own = dgsim.load_scenario("services-first").with_changes(fee_cut=0.5)
    changed = dgsim.report(["staged", own], **FEW)
    assert not any("claim" in said for said in changed.told[0].beside), "claims are about scenarios as shipped"


def test_the_share_of_sets_with_the_sign_of_the_headline_is_counted(found):
    """Three runs are of three sets."""
    last = found.comparison.outcomes.query("outcome == 'use' and quarter == '2021Q4'")
    values = last.pivot_table(index="replication", columns="scenario", values="value", observed=True)
    for told in found.told:
        gap = values[told.scenario.name] - values["staged"]
        same = int((np.sign(gap) == np.sign(gap.mean())).sum())
        word = "more" if gap.mean() > 0 else "less"
        count = "all 3" if same == 3 else f"{same} of 3"
        assert f"{told.scenario.name} has {word} than staged in {count} sets" in told.beside[0]


def test_every_direction_is_told_with_its_sets_and_whether_it_holds_or_is_open(html):
    table = kept_validation(load_country())
    known = Page(html).text
    assert set(table.loc[table["holds"] == "", "role"]) >= {"open"}
    for row in table[table["share"].notna()].itertuples():
        found = rf"{re.escape(row.claim)}\s*{round(row.share * 128)} of 128 sets\s*{row.holds or 'open'}"
        assert re.search(found, known), row.claim


def test_of_what_is_open_nothing_is_claimed():
    """Whether matching still widens the gap in 2030; that it does by 2026 is claimed."""
    (told,) = dgsim.report(["staged", "matching"], outcome="gap_p90_p10", **FEW).told
    by_2026, in_2030 = (said for said in told.beside if "claim" in said)
    assert "“P5: matching widens the gap of use by 2026” (matching against staged, 2026Q4)" in by_2026
    assert "“P5: matching still widens it in 2030” (matching against staged, 2030Q4)" in in_2030
    assert in_2030.endswith("plausible sets. It is open which way it goes: neither is claimed.")
    assert "open" not in by_2026


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_sentence_on_sets_speaks_of_others_only_where_there_are_others(language, sign, monkeypatch):
    base, policy = load_scenario("history"), load_scenario("staged")
    for some in ([1.0, 1.0, 1.0], [1.0, 1.0, -1.0]):
        means = pd.DataFrame({"history": 0.0, "staged": sign * np.array(some)})
        monkeypatch.setattr(content, "set_means", lambda *_, means=means: means)
        (said,) = content._beside(None, base, policy, "use", None)
        text = said.text(words(language))
        assert ("others" in text or "còn lại" in text) == (min(some) < 0)
        assert ("all 3 sets" in text or "cả 3 bộ" in text) == (min(some) > 0)


def test_the_page_repeats_the_name_it_was_given(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["report", "staged", "reward-use", "--replications", "2", "--quarters", "4", "--materiality", "use=1pp"]
    assert main([*words, "--out", "my page.html"]) == 0
    page = Page(Path("my page.html").read_text(encoding="utf-8")).text
    command = next(line for line in page.splitlines() if line.startswith("dgsim report"))
    assert command.endswith("--out 'my page.html'")
    assert "--materiality use=0.01" in command
    first = Path("my page.html").read_bytes()
    assert main([*shlex.split(command)[1:], "--quiet", "--force"]) == 0
    assert Path("my page.html").read_bytes() == first


def test_its_commands_run_and_make_the_numbers_of_the_page(found, html, capsys, tmp_path, monkeypatch):
    """And the same runs make the same bytes: its own command makes the page anew."""
    monkeypatch.chdir(tmp_path)
    assert len(found.commands) == 6
    for command in found.commands:
        program, *arguments = shlex.split(command)
        assert program == "dgsim"
        form = [] if arguments[0] == "report" else ["--format", "csv"]
        assert main([*arguments, *form, "--quiet"]) == 0
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == html


def test_a_scenario_that_is_not_shipped_is_a_file_in_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    own = dgsim.load_scenario("staged").with_changes(name="my plan", fee_cut=0.5)
    found = dgsim.report(["staged", own], replications=2, quarters=6)
    assert "my-plan.toml" in found.commands[0]
    text = next(run.scenario for run in found.comparison.simulations if run.scenario.name == "my plan").to_toml()
    Path("my-plan.toml").write_text(text, encoding="utf-8")
    assert main([*shlex.split(found.commands[0])[1:], "--quiet"]) == 0
    assert Path("report.html").read_text(encoding="utf-8") == found.to_html()


def test_names_and_questions_are_text_and_never_markup():
    evil = "<img src=x onerror=alert(1)>"
    own = dgsim.load_scenario("staged").with_changes(name=f"mine {evil}", fee_cut=0.5)
    html = dgsim.report(["staged", own], question=evil, title=evil, replications=2, quarters=6).to_html()
    assert "<img src=x" not in html
    assert html.count("&lt;img src=x") > 3


def test_a_country_without_polygons_or_observations_has_neither_map_nor_validation(tmp_path):
    write_country(synthetic_country(8, 1), tmp_path / "made-up")
    (tmp_path / "made-up" / "provinces.geojson").unlink()
    html = dgsim.report(["staged", "reward-use"], country=tmp_path / "made-up", replications=2, quarters=6).to_html()
    assert 'id="map"' not in html
    assert "Nothing was observed in this country" in html
    assert 'id="targets"' not in html, "what was decided is of another country"


@pytest.fixture
def undrawn(monkeypatch):
    """Pages whose figures are made and not drawn: of their words alone."""
    monkeypatch.setattr("dgsim.show.figures.style.svg_bytes", lambda *_: b"")


def test_the_same_policy_twice_is_said_to_be_so(undrawn):
    twin = dgsim.load_scenario("staged").with_changes(name="twin")
    html = dgsim.report(["staged", twin], replications=2, quarters=6).to_html()
    assert "there is nothing to explain" in html
    assert "The same policy as staged" in html


def test_assumptions_are_told_where_there_are_enough_sets():
    few = dgsim.report(["staged", "reward-use"], **FEW)
    assert few.told[0].assumptions.empty
    more = dgsim.report(["staged", "reward-use"], replications=30, quarters=4)
    table = more.told[0].assumptions
    assert len(table) == 5
    assert table["rank_correlation"].abs().is_monotonic_decreasing
    assert by_chance(30, 100) > by_chance(128, 100) > by_chance(128, 10)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["staged", "--out", "r.html"], "a comparison needs two scenarios"),
        (["staged", "sevices-first", "--out", "r.html"], "services-first"),
        (["staged", "reward-use", "--outcome", "usage", "--out", "r.html"], "usage is not an outcome"),
        (["staged", "reward-use", "--out", "nowhere/r.html"], "nowhere is no folder"),
        (["staged", "reward-use", "--out", "."], "is a folder: name a file"),
        (["staged", "reward-use", "--out", "notes.txt"], "is no page of dgsim: name another file"),
    ],
)
def test_bad_input_is_answered_in_a_sentence_and_nothing_is_written(arguments, sentence, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("notes.txt").write_text("mine", encoding="utf-8")
    assert main(["report", *arguments, "--replications", "2", "--quarters", "4"]) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert "Traceback" not in error
    assert len(re.findall(r"\n", error.strip())) == 0
    assert Path("notes.txt").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_earlier_page_is_replaced_where_that_is_asked_for(tmp_path, capsys):
    out = tmp_path / "report.html"
    how = ["--out", str(out), "--replications", "2", "--quarters", "4"]
    assert main(["report", "staged", "reward-use", *how]) == 0
    assert main(["report", "staged", "reward-supply", *how]) == 2
    assert "reward-supply" not in out.read_text(encoding="utf-8")
    assert main(["report", "staged", "reward-supply", *how, "--force"]) == 0
    assert "reward-supply" in out.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_plan_that_differs_only_after_the_last_quarter_is_reported_and_not_explained(undrawn):
    later = {"extends": ["history"], "name": "later", "change": [{"from": "2023Q1", "citizens": {"fee_cut": 0.9}}]}
    made = dgsim.report(["history", later], replications=2, quarters=4)
    (told,) = made.told
    assert told.why is None
    assert "2023Q1" in " ".join(told.differences)
    text = Page(made.to_html()).text
    assert "Until 2020Q4 nothing in which the two differ is in force: there is nothing to explain." in text
    assert "the same policy" not in text
