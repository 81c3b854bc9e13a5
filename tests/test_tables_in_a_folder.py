"""Tables of a folder of results: described beside them, and read back with their types."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

import dgsim
from dgsim.cli.main import main
from dgsim.country import load_country
from dgsim.errors import StudyError
from dgsim.show.files.folder import table_writers


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("made") / "results"
    words = ["compare", "history", "staged", "--replications", "2", "--quarters", "3", "--quiet"]
    assert main([*words, "--out", str(out)]) == 0
    return out


def described(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return {resource["path"]: resource["schema"]["fields"] for resource in package["resources"]}


def test_every_csv_and_every_column_is_described_with_type_and_unit(folder):
    tables = described(folder)
    assert set(tables) == {path.name for path in folder.glob("*.csv")}
    for name, fields in tables.items():
        header = (folder / name).read_text(encoding="utf-8").partition("\n")[0].split(",")
        assert [field["name"] for field in fields] == header
        for field in fields:
            where = f"src/dgsim/show/files/fields.csv: {name}, {field['name']}"
            assert field["description"], where
            assert field["type"] != "number" or field["unit"], where


def test_a_table_is_read_with_the_types_it_was_written_in(folder):
    for name in described(folder):
        table = dgsim.read_table(folder / name)
        whole = dgsim.read_table((folder / name).with_suffix(".parquet"))
        assert list(table.columns) == list(whole.columns)
        for column in table:
            numeric = pd.api.types.is_numeric_dtype(whole[column])
            assert pd.api.types.is_numeric_dtype(table[column]) == numeric, column
            if numeric:
                assert table[column].dtype.kind == whole[column].dtype.kind, column
                pd.testing.assert_series_equal(table[column], whole[column], rtol=1e-9, atol=1e-12, check_dtype=False)
            else:
                texts = whole[column].astype(object)
                assert table[column].fillna("").tolist() == texts.where(texts.notna(), "").tolist(), column


def test_codes_stay_text_and_vietnamese_names_stand_beside_them(folder):
    table, land = dgsim.read_table(folder / "provinces.csv"), load_country()
    assert table["province_code"].unique().tolist() == list(land.codes)
    assert "01" in set(table["province_code"])
    own = table.drop_duplicates("province_code")
    assert own["province"].tolist() == list(land.names)
    assert own["province_vi"].tolist() == list(land.names_vi)
    assert "Hà Nội" in set(own["province_vi"])
    merged = own.merge(pd.DataFrame({"province_code": list(land.codes), "people": 1.0}), on="province_code")
    assert len(merged) == len(land)


def test_numbers_have_ten_digits_and_nothing_that_arithmetic_left_over(folder, tmp_path):
    for path in folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\de-(1[3-9]|[2-9]\d)", text), path.name
        digits = [re.sub(r"^0\.0*|\.", "", number) for number in re.findall(r"\d+\.\d+", text)]
        assert max(map(len, digits), default=0) <= 10, path.name
    values = pd.DataFrame({"x": [-3.3306690738754695e-18, 399.08999999999804, 0.2005000000004, 1.0]})
    for name, write in table_writers({"t": values}).items():
        write(tmp_path / name)
    assert (tmp_path / "t.csv").read_text() == "x\n0\n399.09\n0.2005\n1\n"
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "t.parquet"), values)


ODD = pd.DataFrame(
    {
        "text": ["x,y", 'says "no"', None, "", "two\nlines", "back\rto"],
        "mixed": [1, 2.5, True, None, "text", np.nan],
        "whole": pd.array([1, None, 3, 4, 5, 6], dtype="Int64"),
        "kind": pd.Categorical(["u", None, "v,w", "u", "u", "v,w"]),
        "flag": [True, False] * 3,
        "float": [1.0, np.nan, np.inf, -np.inf, 1e-9, 123_456_789_012.0],
        "narrow": np.arange(6, dtype=np.float32) / 3,
    }
)


@pytest.mark.parametrize("table", [ODD, ODD[["text"]], ODD[["float"]], ODD[:0]], ids=["odd", "text", "float", "empty"])
def test_csv_is_what_pandas_writes_to_the_byte(table, tmp_path):
    table_writers({"t": table})["t.csv"](tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == table.to_csv(
        index=False, lineterminator="\n", float_format="%.10g"
    ).encode()


def test_a_table_that_cannot_be_read_is_told_in_a_sentence(folder, tmp_path):
    with pytest.raises(StudyError, match=r"province\.csv: there is no such file; did you mean provinces\.csv\?"):
        dgsim.read_table(folder / "province.csv")
    alone = tmp_path / "alone.csv"
    alone.write_text("x\n1\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"datapackage\.json beside it, which tells its types, cannot be read"):
        dgsim.read_table(alone)
    (tmp_path / "datapackage.json").write_text('{"resources": []}', encoding="utf-8")
    with pytest.raises(StudyError, match="says nothing of its types"):
        dgsim.read_table(alone)
    (tmp_path / "datapackage.json").write_text("[]", encoding="utf-8")
    with pytest.raises(StudyError, match="cannot be read as a table"):
        dgsim.read_table(alone)
