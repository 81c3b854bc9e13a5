"""Tables whose cells something else than a comma separates are refused in one sentence that names it."""

from __future__ import annotations

import shutil

import pytest

from dgsim.country import load_country
from dgsim.country.schema import DATA
from dgsim.engine.sets import load_parameters
from dgsim.errors import CountryError, StudyError
from dgsim.evidence.verification import read_scores

SIGNS = {";": "semicolons", "\t": "tabs", "|": "upright lines"}


@pytest.mark.parametrize("sign", SIGNS)
def test_the_separator_is_named_and_the_header_is_not_repeated(tmp_path, sign):
    folder = tmp_path / "land"
    shutil.copytree(DATA, folder)
    provinces = folder / "provinces.csv"
    provinces.write_text(provinces.read_text(encoding="utf-8").replace(",", sign), encoding="utf-8")
    sets, scores = tmp_path / "sets.csv", tmp_path / "scores.csv"
    sets.write_text(f"drive{sign}inertia\n1{sign}3\n", encoding="utf-8")
    scores.write_text(f"province_code{sign}year{sign}score\n01{sign}2023{sign}0.5\n", encoding="utf-8")
    readers = (
        (CountryError, provinces, lambda: load_country(folder)),
        (StudyError, sets, lambda: load_parameters(sets)),
        (StudyError, scores, lambda: read_scores(scores, load_country())),
    )
    for error, file, read in readers:
        with pytest.raises(error) as told:
            read()
        sentence = str(told.value)
        assert sentence.startswith(str(file))
        assert sentence.endswith(f"is separated by {SIGNS[sign]}; allowed: commas")
        assert "province_code" not in sentence.removeprefix(str(file))


def test_a_header_of_one_name_is_no_other_separator(tmp_path):
    file = tmp_path / "sets.csv"
    file.write_text("inertia\n0.8\n1.2\n", encoding="utf-8")
    assert len(load_parameters(file)) == 2
