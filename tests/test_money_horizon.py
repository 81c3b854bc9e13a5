"""No money without the quarter it is counted to: terminal, report, figures, cards of the browser, lessons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dgsim
from dgsim.cli.main import main
from dgsim.learn import find_lesson, load_lessons
from dgsim.show.figures.outcomes import differences_over_time, differences_with_intervals, outcomes_over_time
from dgsim.study.catalogue import outcome_catalogue
from dgsim.texts import LANGUAGES, words
from dgsim.texts.labels import outcome_label
from dgsim.world.tables import OUTCOMES

MONEY = [outcome.outcome for outcome in OUTCOMES if outcome.is_money_so_far]
NAMES, FEW = ("staged", "services-first"), {"replications": 2, "quarters": 3}
LAST = {"en": "2020Q3", "vi": "quý III/2020"}
TO = {"en": "{label} to {quarter}", "vi": "{label} tính đến {quarter}"}
EACH = {"en": "{label} to each quarter", "vi": "{label} tính đến từng quý"}
DOCS = Path(__file__).parents[1]
NET_BENEFIT = {"en": "net benefit", "vi": "lợi ích ròng"}


def labelled(form, language):
    w = words(language)
    return [form[language].format(label=outcome_label(name, w), quarter=LAST[language]) for name in MONEY]


@pytest.fixture(scope="module")
def found():
    return dgsim.compare(NAMES, aggregates=True, **FEW)


def test_what_is_summed_up_in_money_is_told_to_a_quarter_and_nothing_else():
    in_money = [o.outcome for o in OUTCOMES if o.unit.split()[0] == "bvnd"]
    assert {*in_money, "benefit_cost_ratio"} == set(MONEY)


def squeezed(text: str) -> str:
    return " ".join(re.sub("[↑↓·│─]", " ", text).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ["compare", "run", "report"])
def test_the_terminal_and_the_page_name_the_quarter(command, language, capsys, tmp_path, monkeypatch):
    """A wide table has each label on one line: it is broken where a table is narrow."""
    monkeypatch.setenv("COLUMNS", "300")
    out = ["--out", str(tmp_path / "page.html")] if command == "report" else []
    names = NAMES[:1] if command == "run" else NAMES
    how = ["--replications", "2", "--quarters", "3", "--language", language]
    assert main([command, *names, *how, *out]) == 0
    told = (tmp_path / "page.html").read_text(encoding="utf-8") if out else capsys.readouterr().out
    text = re.sub("<[^>]*>", " ", told) if out else told
    assert squeezed(words(language)("note.money_to")) in squeezed(text)
    expected = labelled(EACH if command == "run" else TO, language)
    assert [label for label in expected if not in_order(label, text)] == []


def in_order(label: str, text: str) -> bool:
    """Whether the words of a label follow each other, with numbers of a table's row between broken lines."""
    return re.search(r"\s+(?:\S+\s+){0,40}?".join(map(re.escape, label.split())), text) is not None


class Titles(list):
    """The titles of the panels of a figure."""

    def __init__(self, figure):
        super().__init__(axes.get_title(loc="left") for axes in figure.axes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_name_the_quarter(found, language):
    w, catalogue = words(language), outcome_catalogue()
    over_time = outcomes_over_time(found.levels, catalogue, "", w)
    differences = differences_over_time(found.differences, catalogue, "", found.scenarios, w)
    last = differences_with_intervals(found.differences, catalogue, "", found.scenarios, w)
    assert set(labelled(EACH, language)) <= set(Titles(over_time))
    assert set(labelled(EACH, language)) <= set(Titles(differences))
    assert set(labelled(TO, language)) <= set(Titles(last))


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_of_attributions_and_orders_name_the_quarter_once(language):
    """And of what is no money, that it is in the quarter."""
    why = dgsim.explain("staged", "services-first", outcome="net_benefit", **FEW)
    text = why.text(language)
    assert within_money(language) in text
    use = dgsim.explain("staged", "services-first", outcome="use", **FEW).text(language)
    assert TO[language].format(label=outcome_label("use", words(language)).lower(), quarter=LAST[language]) not in use


def within_money(language: str) -> str:
    label = outcome_label("net_benefit", words(language))
    text = TO[language].format(label=label, quarter=LAST[language])
    return text[0].lower() + text[1:]


@pytest.mark.parametrize("name", [lesson.key for lesson in load_lessons()])
@pytest.mark.parametrize("language", LANGUAGES)
def test_lessons_speak_of_net_benefit_with_the_year_it_is_counted_to(name, language):
    lesson = find_lesson(name, language)
    told = [lesson.reveal, *lesson.explain.split("\n\n"), *(claim.text for claim in lesson.claims)]
    sentences = [one for text in told for one in re.split(r"(?<=[.!?]) ", text)]
    about = [one for one in sentences if NET_BENEFIT[language] in one.lower()]
    then = re.compile("20[0-9]{2}|to then|đến lúc đó")
    assert [one for one in about if not then.search(one)] == []


@pytest.mark.parametrize("page", ["README.md", "docs/findings.md"])
def test_pages_speak_of_net_benefit_with_the_year_it_is_counted_to(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    told = [line for line in text.splitlines() if re.search("net benefit", line, re.IGNORECASE)]
    told = [line for line in told if not re.search(r"!\[|\.png\)|and spending are counted", line)]
    assert [line for line in told if not re.search("net benefit to 20[0-9]{2}", line, re.IGNORECASE)] == []
