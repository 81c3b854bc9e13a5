"""Every command that speaks in sentences speaks every language, with the same numbers; programs get the same always."""

from __future__ import annotations

import re
from functools import partial

import pytest

from dgsim.cli.main import app, main
from dgsim.cli.options import LANGUAGE
from dgsim.errors import StudyError
from dgsim.evidence.sources import sources
from dgsim.learn import find_lesson
from dgsim.reports.report import report
from dgsim.study.why import Why
from dgsim.texts import ENGLISH, LANGUAGES, words
from told_numbers import numbers_in

TABLE = ["--quiet", "--format", "table"]
COMMANDS = {  # a command, what it says in English, and what in Vietnamese
    "why": (
        ["why", "history", "--province", "Ha Giang", "--quarter", "2020Q2", *TABLE],
        ("Ha Giang, 2020Q2, history (seed 0, replication 0)", "Option", "benefit", "wait", "Utility has no unit"),
        (
            "Hà Giang, quý II/2020, history (số khởi tạo ngẫu nhiên 0, lượt chạy 0)",
            "Phương án",
            "lợi ích",
            "chờ",
            "Độ thỏa dụng",
        ),
    ),
    "validate": (
        ["validate", "--group", "cross-section", "--replications", "4", *TABLE],
        ("cross-section", "Claim", "Observed", " to ", "yes", "claims hold"),
        ("so sánh giữa các tỉnh", "Nhận định", "Quan sát", " đến ", "có", "nhận định đứng vững"),
    ),
    "predict": (
        ["predict", "--year", "2022", "--known-until", "2021", "--replications", "16", *TABLE],
        ("Reported index 2022, 0..1", "Rank", "90% interval", "Da Nang", "The interval holds"),
        ("Chỉ số báo cáo năm 2022, 0..1", "Hạng", "Khoảng 90%", "Đà Nẵng", "Khoảng này gồm"),
    ),
    "sources": (
        ["sources", "--assumed"],
        ("parameter, lever", "Informed by data", "assumed; observed:", "no: ", "numbers are assumed"),
        ("tham số, công cụ chính sách", "Số liệu cho biết", "giả định; số liệu", "không: ", "con số là giả định"),
    ),
    "scenarios": (
        ["scenarios"],
        ("Scenario", "Question", "Extends, and changes", "stands alone"),
        ("Kịch bản", "Câu hỏi", "Mở rộng từ, và thay đổi", "đứng độc lập"),
    ),
    "parameters": (
        ["parameters"],
        ("Levers (", "Constants (", "What it is [source]", "Matching rate"),
        ("Công cụ chính sách (", "Hằng số (", "Là gì [nguồn]", "Tỷ lệ ngân sách trung"),
    ),
    "check": (
        ["check", "history", "staged"],
        ("history: sound: history, 2020Q1 to 2030Q4, roadmap of ", " bvnd planned"),
        ("history: hợp lệ: history, quý I/2020 đến quý IV/2030, lộ trình gồm ", " tỷ đồng"),
    ),
}
FEW = ["--replications", "2", "--seed", "0", *TABLE]
LONGER = {
    "run": ["run", "staged", *FEW],
    "compare": ["compare", "history", "staged", *FEW],
    "explain": ["explain", "reward-use", "--baseline", "staged", *FEW],
    "order": ["order", "staged", "--orders", "4", "--exchanged", "2", "--fresh", "4", "--quarters", "12", *FEW],
    "binding": ["binding", "staged", *FEW],
    "learn": ["learn", "money-is-not-equal", "--guess", "1", "--replications", "2"],
}
ENGLISH_NUMBER = re.compile(  # 0.5, 12.34 and 1,234; in Viet Nam 1.234 is a thousand and more; a section keeps its own
    r"(?<![\w.,/=-])(?<!mục )(?:0\.\d+|\d+\.\d{1,2}(?!\d)|[1-9]\d{1,2}(?:,\d{3})+(?![\d,]))(?!\.\d)|\b\d{4}Q[1-4]\b"
)
DESIGN = """scenarios = ["history"]
replications = 2
quarters = ["2020Q2"]
[horizon]
stop_after = 2
[levers]
fee_cut = [0.0, 0.6]
"""


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_speaks_vietnamese_with_the_same_numbers(name, capsys, monkeypatch):
    arguments, in_english, in_vietnamese = COMMANDS[name]
    monkeypatch.setenv("COLUMNS", "200")  # so wide that cells stand on one line
    said = {}
    for language in LANGUAGES:
        assert main([*arguments, "--language", language]) == 0
        said[language] = capsys.readouterr().out
    for text in in_english:
        assert text in said["en"]
        assert text not in said["vi"] or text in (" to ", "yes")
    unbroken = said["vi"].replace("\n", " ")
    assert [text for text in in_vietnamese if text not in unbroken] == []
    assert max(map(len, said["vi"].splitlines())) <= 200 or name == "check"
    assert numbers_in(said["en"]) == numbers_in(said["vi"])
    assert main(arguments) == 0
    assert capsys.readouterr().out == said[ENGLISH]
    monkeypatch.setenv("DGSIM_LANGUAGE", "vi")
    assert main(arguments) == 0
    assert capsys.readouterr().out == said["vi"]


@pytest.mark.parametrize("name", [*COMMANDS, *LONGER])
def test_a_command_in_vietnamese_writes_numbers_and_quarters_as_in_viet_nam(name, capsys):
    arguments = COMMANDS[name][0] if name in COMMANDS else LONGER[name]
    assert main([*arguments, "--language", "vi"]) == 0
    out = capsys.readouterr().out
    assert [found.group() for found in ENGLISH_NUMBER.finditer(out)] == []
    assert re.search(r"\d,\d|quý I|Quý I|\d\.\d{3}\b", out), "there are numbers to look at"


@pytest.mark.parametrize("name", ["why", "validate", "sources", "scenarios", "parameters"])
def test_programs_get_the_same_in_every_language(name, capsys):
    printed = set()
    for language in LANGUAGES:
        assert main([*COMMANDS[name][0], "--format", "csv", "--language", language]) == 0
        printed.add(capsys.readouterr().out)
    assert len(printed) == 1


def test_how_good_a_prediction_was_is_told_in_vietnamese(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")  # so wide that headings stand on one line
    file = tmp_path / "came.csv"
    file.write_text("province_code,year,score\n01,2023,0.7\n02,2023,0.5\n04,2023,0.6\n", encoding="utf-8")
    assert main(["predict", "--score", str(file), "--replications", "16", *TABLE, "--language", "vi"]) == 0
    out = capsys.readouterr().out
    rivals = ("không đổi", "hồi quy theo đặc điểm tỉnh")
    for text in ("Năm", "Tương quan hạng", "Trong khoảng 90%", "Sai số TB", "CRPS, điểm", *rivals):
        assert text in out


def test_a_synthetic_country_is_told_in_vietnamese(capsys, tmp_path):
    folder = tmp_path / "land"
    assert main(["synthetic", "12", "--out", str(folder), "--seed", "3", "--language", "vi"]) == 0
    assert capsys.readouterr().out == f"{folder}: một nước giả lập gồm 12 tỉnh (số khởi tạo ngẫu nhiên 3)\n"


def test_a_sweep_and_its_verdict_are_told_in_vietnamese(capsys, tmp_path, monkeypatch):
    (tmp_path / "two.toml").write_text(DESIGN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    said = {}
    for language in LANGUAGES:
        assert main(["sweep", "two.toml", "--dry-run", "--language", language]) == 0
        estimate = capsys.readouterr().out.splitlines()
        assert main(["sweep", "two.toml", "--out", language, "--language", language]) == 0
        assert main(["verify", language, "--language", language]) == 0
        said[language] = [*estimate[:4], *capsys.readouterr().out.splitlines()]
    assert said["en"][1] == "  points  2: 1 scenario x 2 of fee_cut"
    assert said["vi"][1] == "  điểm         2: 1 kịch bản x 2 mức của fee_cut"
    assert said["en"][-2:] == ["en: 4 runs at 2 points", "en: identical: 4 of 4 runs gave the same bytes again"]
    assert said["vi"][-2] == "vi: 4 lượt chạy tại 2 điểm"
    assert said["vi"][-1] == "vi: giống hệt: 4 trên 4 lượt chạy cho lại đúng từng byte"
    assert list(map(numbers_in, said["en"])) == list(map(numbers_in, said["vi"]))


def test_what_a_sweep_that_goes_on_has_to_tell_is_vietnamese(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("dgsim.world.cache.compiled_before", lambda *_: True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d.toml").write_text(DESIGN, encoding="utf-8")
    command = ["sweep", "d.toml", "--out", "out", "--resume", "--language", "vi"]
    assert main(command) == 0
    capsys.readouterr()
    (damaged,) = (tmp_path / "out" / "outcomes").iterdir()
    damaged.write_bytes(damaged.read_bytes()[:-9])
    assert main(command) == 0
    err = capsys.readouterr().err
    assert f"Bị hỏng và được tính lại: outcomes/{damaged.name}." in err
    assert "Damaged" not in err
    assert main(command) == 0
    assert "Đã có sẵn 4 trên 4 lượt chạy." in capsys.readouterr().err


def test_the_figures_of_a_run_and_the_note_on_its_folder_are_vietnamese(capsys, tmp_path):
    run = [
        "run",
        "history",
        "--replications",
        "2",
        "--quarters",
        "5",
        "--format",
        "csv",
        "--draw",
        "use",
        "--draw",
        "trust",
    ]
    assert main([*run, "--out", str(tmp_path / "en"), "--language", "en"]) == 0
    assert main([*run, "--out", str(tmp_path / "vi"), "--language", "vi"]) == 0
    names = {path.name for path in (tmp_path / "en").iterdir()}
    assert names == {path.name for path in (tmp_path / "vi").iterdir()}
    assert capsys.readouterr().err.splitlines()[-1] == f"Đã ghi {len(names)} tệp vào {tmp_path / 'vi'}"
    shown = {name: (tmp_path / "vi" / name).read_text(encoding="utf-8") for name in names if name.endswith(".svg")}
    assert {"Tỷ lệ sử dụng trực tuyến", "Niềm tin"} <= set(
        re.findall(r"Tỷ lệ sử dụng trực tuyến|Niềm tin", shown["figure-outcomes.svg"])
    )
    assert "Lương nhân lực chuyên trách" in shown["figure-money.svg"]
    assert "Wages" not in shown["figure-money.svg"]
    assert "thấp nhất" in shown["figure-map.svg"]
    for name in names:
        if name.endswith(".csv"):
            assert (tmp_path / "vi" / name).read_bytes() == (tmp_path / "en" / name).read_bytes()


def test_every_command_takes_the_language():
    silent = [name for name, command in app.commands.items() if LANGUAGE not in command.params]
    assert silent == [], (
        "src/dgsim/cli/commands: add LANGUAGE to the params of these commands, and use it in their work"
    )


def test_an_unknown_language_is_refused_in_one_sentence_wherever_it_is_named():
    refused = r"^language = vie is not one of en, vi; did you mean vi\?$"
    for speaks in (words, partial(find_lesson, "skills-leak"), lambda given: report(["base"], language=given), sources):
        with pytest.raises(StudyError, match=refused):
            speaks("vie")


def test_the_title_of_a_choice_and_its_clause_are_one():
    reason = Why("staged", "Ha Noi", "2023Q2", 1, 0, None)
    assert reason.title == reason.said.text(words()) == "Ha Noi, 2023Q2, staged (seed 1, replication 0)"


def test_what_is_informed_and_by_what_is_told_in_the_language_and_nothing_else_changes():
    plain, told = sources(), sources("vi")
    changed = [column for column in plain if not plain[column].equals(told[column])]
    assert changed == ["unit", "source", "informed"]
