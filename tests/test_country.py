"""The country: facts of the packaged Viet Nam, every check once, other folders, synthetic countries."""

from __future__ import annotations

import csv
import dataclasses
import doctest
import importlib.util
import json
import pickle
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dgsim.country import load_country, synthetic_country, voronoi, write_country
from dgsim.country.schema import DATA, FORM, NUMBER_COLUMNS, columns_of
from dgsim.errors import CountryError

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "country.md"
COUNTRY = load_country()
Rows = list[dict[str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the packaged tables that a test may spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "country"))


def rows_of(path: Path) -> Rows:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: Rows, columns: list[str] | None = None) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or list(rows[0]), extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def spoil(folder: Path, table: str, row: int, **cells: str) -> None:
    rows = rows_of(folder / f"{table}.csv")
    assert set(cells) <= set(rows[row])
    rows[row].update(cells)
    write_rows(folder / f"{table}.csv", rows)


def replace_text(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(folder: Path) -> str:
    """The one sentence with which a folder is refused."""
    with pytest.raises(CountryError) as caught:
        load_country(folder)
    sentence = str(caught.value)
    assert sentence.startswith(str(folder))
    assert "\n" not in sentence
    return sentence


# Facts


def test_population_is_that_of_the_census_of_2019() -> None:
    assert COUNTRY.column("population_2019").sum() == 96_208_984


def test_codes_are_text_and_the_vintage_is_named() -> None:
    assert COUNTRY.codes[0] == "01"
    assert COUNTRY.name == "Viet Nam"
    assert COUNTRY.vintage == "division in force from 2008 to 30 June 2025"
    assert not COUNTRY.synthetic
    assert COUNTRY.currency == "VND"


def test_provinces_have_two_to_eight_neighbours() -> None:
    neighbours = np.bincount(np.array(COUNTRY.borders)[:, :2].astype(int).ravel(), minlength=len(COUNTRY))
    assert (neighbours.min(), neighbours.max()) == (2, 8)
    assert all(low < high and km > 0 for low, high, km in COUNTRY.borders)


def test_sixteen_provinces_share_revenue_and_the_others_get_a_balancing_transfer() -> None:
    shares = COUNTRY.column("revenue_retention_2020_pct") < 100
    assert shares.sum() == 16
    assert ((COUNTRY.column("balancing_transfer_2020_bvnd") > 0) == ~shares).all()


def test_one_percent_of_expenditure_spans_26_to_1() -> None:
    rule = 0.01 * COUNTRY.column("expenditure_2020_bvnd")
    assert [rule.min(), np.median(rule), rule.max()] == pytest.approx([39, 104, 1020], abs=0.5)


def test_public_money_leaves_the_checks_the_room_that_their_page_states() -> None:
    means = COUNTRY.column("revenue_retained_2020_bvnd") + COUNTRY.column("balancing_transfer_2020_bvnd")
    spent = COUNTRY.column("expenditure_2020_bvnd")
    assert (means / spent).max() == pytest.approx(1.01, abs=0.002)
    assert (spent / (means + COUNTRY.column("targeted_transfer_2020_bvnd"))).max() == pytest.approx(1.12, abs=0.005)


def test_regions_are_numbered_in_alphabetical_order() -> None:
    assert list(COUNTRY.region_names) == sorted(set(COUNTRY.regions))
    assert [COUNTRY.region_names[index] for index in COUNTRY.region_index] == list(COUNTRY.regions)
    assert len(COUNTRY.region_names) == 6


def test_observed_merger_and_national_tables_are_frames() -> None:
    observed = COUNTRY.observed()
    of_2022 = observed[(observed.indicator == "dti_score") & (observed.year == 2022)]
    assert set(of_2022.province_code) == set(COUNTRY.codes)
    assert of_2022.value.mean() == pytest.approx(0.5787, abs=1e-4)
    merger = COUNTRY.merger()
    assert list(merger.old_code) == list(COUNTRY.codes)
    assert merger.new_code.nunique() == 34
    assert (merger.groupby("new_code").size() == 1).sum() == 11
    assert COUNTRY.national().loc[lambda rows: rows.indicator == "use_full_process_provinces", "value"].item() == 0.17


def test_every_province_has_closed_clockwise_rings_around_or_near_its_place() -> None:
    geometry = COUNTRY.geometry()
    assert geometry is not None
    assert list(geometry) == list(COUNTRY.codes)
    for row, rings in enumerate(geometry.values()):
        for ring in rings:
            assert ring[0] == ring[-1]
            assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) < 0
        east, north = np.array(max(rings, key=len)).T
        assert east.min() <= COUNTRY.column("longitude")[row] <= east.max()
        assert north.min() <= COUNTRY.column("latitude")[row] <= north.max()


def test_every_column_of_every_table_has_unit_year_and_publisher() -> None:
    for table in ("provinces", "borders", "observed", "merger", "national", "insets", "columns"):
        assert list(rows_of(DATA / f"{table}.csv")[0]) == [column.column for column in columns_of(table)]
    for column in COUNTRY.columns:
        assert column.unit
        assert column.publisher
        assert column.year or column.table == "columns"
    indicators = {column.column for column in columns_of("observed.value")}
    assert {row[1] for row in COUNTRY.observations} == indicators


def test_every_money_column_of_the_public_purse_is_in_bvnd() -> None:
    for column in columns_of("provinces"):
        assert column.column.endswith("_bvnd") == column.unit.startswith("bvnd")


# Asking


@pytest.mark.parametrize("text", ["48", "VN-DN", "vn-dn", "Da Nang", "DA NANG", "Đà Nẵng", "da-nang", "Đa Nang"])
def test_a_province_is_found_by_code_iso_code_and_name(text: str) -> None:
    assert COUNTRY.codes[COUNTRY.index(text)] == "48"


def test_an_unknown_province_or_column_gets_the_nearest_right_name() -> None:
    with pytest.raises(CountryError, match="no province 'Ha Gyang'; did you mean Ha Giang"):
        COUNTRY.index("Ha Gyang")
    with pytest.raises(CountryError, match="no numeric column 'area_km'; did you mean area_km2"):
        COUNTRY.column("area_km")
    with pytest.raises(CountryError, match="no numeric column 'region'"):
        COUNTRY.column("region")


def test_a_country_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        COUNTRY.name = "Elsewhere"  # type: ignore[misc]
    for array in (COUNTRY.numbers, COUNTRY.column("area_km2"), COUNTRY.region_index):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    rings = COUNTRY.geometry()
    assert rings is not None
    rings["01"].clear()
    again = COUNTRY.geometry()
    assert again is not None
    assert again["01"]


def test_the_numbers_given_are_copied() -> None:
    numbers = COUNTRY.numbers.copy()
    country = dataclasses.replace(COUNTRY, numbers=numbers)
    numbers[:] = 0
    assert country == COUNTRY


def test_a_pickled_country_is_equal_and_still_read_only() -> None:
    copy = pickle.loads(pickle.dumps(COUNTRY))
    assert copy == COUNTRY
    assert hash(copy) == hash(COUNTRY)
    assert not copy.numbers.flags.writeable


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(COUNTRY)])
def test_countries_that_differ_in_one_field_are_not_equal(field: str) -> None:
    others: dict[str, Any] = {"synthetic": True, "numbers": COUNTRY.numbers * 2, "outlines": None}
    assert dataclasses.replace(COUNTRY, **{field: others.get(field, ())}) != COUNTRY
    assert COUNTRY != "Viet Nam"


def test_a_country_is_loaded_once_and_passed_through() -> None:
    assert load_country() is COUNTRY
    assert load_country(COUNTRY) is COUNTRY
    assert load_country(str(DATA)) == COUNTRY
    assert repr(COUNTRY).startswith("Country('Viet Nam', ")


def test_loading_is_cheap_and_needs_neither_pandas_nor_networkx() -> None:
    program = (
        "import sys\n"
        "from dgsim.country import load_country\n"
        "country = load_country()\n"
        "country.geometry()\n"
        "print([name for name in ('pandas', 'networkx', 'mesa', 'scipy') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
    took = []
    for _ in range(3):
        start = time.process_time()
        load_country(DATA)
        took.append(time.process_time() - start)
    assert min(took) < 0.1


# What is refused

CELLS = [
    ("provinces", "urban_share_2019", "1.2", ["= 1.2 is outside", "share of people", "allowed: 0..1"]),
    ("provinces", "urban_share_2019", "-0.1", ["= -0.1 is outside", "allowed: 0..1"]),
    ("provinces", "poverty_multidim_2019_pct", "101", ["= 101 is outside", "(%; allowed: 0..100)"]),
    ("provinces", "revenue_retention_2020_pct", "100.5", ["= 100.5 is outside", "allowed: 0..100"]),
    ("provinces", "population_2019", "0", ["= 0 is outside", "persons", "allowed: 1 or more"]),
    ("provinces", "population_2019", "12.5", ["= 12.5 is not a whole number"]),
    ("provinces", "expenditure_2020_bvnd", "many", ["= many is not a number", "bvnd per year"]),
    ("provinces", "expenditure_2020_bvnd", "inf", ["= inf is not a finite number"]),
    ("provinces", "expenditure_2020_bvnd", "nan", ["= nan is not a finite number"]),
    ("provinces", "expenditure_2020_bvnd", "1_000", ["= 1_000 is not a finite number in plain digits"]),
    ("provinces", "expenditure_2020_bvnd", " ", ["is blank where a value is needed (bvnd per year)"]),
    ("provinces", "balancing_transfer_2020_bvnd", "-1", ["= -1 is outside", "allowed: 0 or more"]),
    ("provinces", "region", "", ["is blank where a value is needed"]),
    ("provinces", "area_km2", "0", ["= 0 is outside", "km2", "allowed: above 0"]),
    ("provinces", "latitude", "91", ["= 91 is outside", "degrees", "allowed: -90..90"]),
    ("borders", "border_km", "0", ["= 0 is outside", "km; allowed: above 0"]),
    ("borders", "code_a", "1", ["= 1 is not a province_code of provinces.csv; did you mean 01"]),
    ("borders", "code_b", "99", ["= 99 is not a province_code of provinces.csv"]),
    ("observed", "province_code", "99", ["= 99 is not a province_code of provinces.csv"]),
    ("observed", "value", "1.5", ["dti_score = 1.5 is outside", "share of the maximum; allowed: 0..1"]),
    ("observed", "year", "2020.5", ["= 2020.5 is not a whole number"]),
    ("merger", "old_code", "99", ["= 99 is not a province_code of provinces.csv"]),
    ("national", "value", "", ["is blank where a value is needed"]),
    (
        "columns",
        "unit",
        "persons",
        ["unit = 'persons' of provinces.province_code", "allowed: 'official code'"],
    ),
    ("columns", "kind", "number", ["kind = 'number' of provinces.province_code", "allowed: 'text'"]),
    ("columns", "blank", "allowed", ["blank = 'allowed' of provinces.province_code", "allowed: 'refused'"]),
    ("columns", "low", "1", ["low = '1' of provinces.province_code", "allowed: ''"]),
    ("columns", "high", "1", ["high = '1' of provinces.province_code", "allowed: ''"]),
    (
        "columns",
        "column",
        "province_kode",
        ["'provinces.province_kode'; did you mean provinces.province_code"],
    ),
]


@pytest.mark.parametrize(("table", "column", "value", "words"), CELLS)
def test_a_wrong_cell_is_refused(folder: Path, table: str, column: str, value: str, words: list[str]) -> None:
    spoil(folder, table, 0, **{column: value})
    sentence = refusal(folder)
    assert f"{table}.csv line 2: " in sentence
    assert column in sentence or column == "value" or table == "columns"
    for word in words:
        assert word in sentence


def double(row: int, source: int = 0) -> Callable[[Rows], Rows]:
    return lambda rows: [*rows[:row], rows[source], *rows[row:]]


def without(column: str) -> Callable[[Rows], Rows]:
    return lambda rows: [{name: cell for name, cell in row.items() if name != column} for row in rows]


def renamed(column: str, name: str) -> Callable[[Rows], Rows]:
    return lambda rows: [{name if key == column else key: cell for key, cell in row.items()} for row in rows]


TABLES: list[tuple[str, Callable[[Rows], Rows], str]] = [
    (
        "provinces",
        renamed("population_2019", "popluation_2019"),
        "line 1: unknown column 'popluation_2019'; did you mean population_2019",
    ),
    ("provinces", without("area_km2"), "line 1: column 'area_km2' (km2) is missing"),
    ("borders", without("border_km"), "line 1: column 'border_km' (km) is missing"),
    ("provinces", double(3), "line 5: province_code = 01 stands in line 2 too; allowed: once"),
    ("borders", double(3), "line 5: the border of 01 and 17 stands there twice; allowed: once"),
    (
        "borders",
        lambda rows: [*rows, {**rows[0], "code_a": rows[0]["code_b"], "code_b": rows[0]["code_a"]}],
        "the border of 17 and 01 stands there twice",
    ),
    (
        "borders",
        lambda rows: [{**rows[0], "code_b": rows[0]["code_a"]}, *rows],
        "line 2: code_b = 01 is code_a too",
    ),
    (
        "borders",
        lambda rows: [row for row in rows if "02" not in (row["code_a"], row["code_b"])],
        "province 02 (Ha Giang) cannot be reached from 01 (Ha Noi)",
    ),
    ("observed", double(3), "line 5: dti_score of 22 in 2020 stands there twice; allowed: once"),
    ("merger", double(3), "line 5: old_code = 01 stands there twice; allowed: once"),
    ("merger", lambda rows: rows[1:], "province 01 is not in column old_code; allowed: every province once"),
]


@pytest.mark.parametrize(("table", "change", "words"), TABLES)
def test_a_wrong_table_is_refused(folder: Path, table: str, change: Callable[[Rows], Rows], words: str) -> None:
    path = folder / f"{table}.csv"
    write_rows(path, change(rows_of(path)))
    assert words in refusal(folder)


LABELS = [
    ("name_en", "hà nội", "name_en = hà nội of province 02 stands for province 01 too"),
    ("name_en", "Điên Bien", "name_en = Dien Bien of province 11 stands for province 02 too"),
    ("name_vi", "Ha-Noi", "name_vi = Ha-Noi of province 02 stands for province 01 too"),
    ("iso_3166_2", "VN-HN", "iso_3166_2 = VN-HN of province 02 stands for province 01 too"),
    ("iso_3166_2", "01", "iso_3166_2 = 01 of province 02 stands for province 01 too"),
]


@pytest.mark.parametrize(("column", "value", "words"), LABELS)
def test_a_label_may_not_lead_to_two_provinces(folder: Path, column: str, value: str, words: str) -> None:
    spoil(folder, "provinces", 1, **{column: value})
    assert words in refusal(folder)


MONEY = [
    (0, "balancing_transfer_2020_bvnd", "1", "0 where revenue_retention_2020_pct is below 100"),
    (1, "revenue_collected_2020_bvnd", "1513", "no more than revenue_collected_2020_bvnd"),
    (1, "balancing_transfer_2020_bvnd", "8400", "at most 1.02 times expenditure_2020_bvnd"),
    (1, "expenditure_2020_bvnd", "19100", "at most 1.5 times retained revenue and both transfers"),
]


@pytest.mark.parametrize(("row", "column", "value", "words"), MONEY)
def test_public_money_must_fit(folder: Path, row: int, column: str, value: str, words: str) -> None:
    spoil(folder, "provinces", row, **{column: value})
    sentence = refusal(folder)
    assert words in sentence
    assert f"of province {COUNTRY.codes[row]} ({COUNTRY.names[row]})" in sentence
    assert "bvnd per year" in sentence


FILES = [
    (
        "country.toml",
        "synthetic = false",
        "synthetik = false",
        "unknown key 'synthetik'; did you mean synthetic",
    ),
    ("country.toml", "synthetic = false", 'synthetic = "no"', "synthetic = 'no' is not true or false"),
    ("country.toml", "synthetic = false", "", "key 'synthetic' is missing"),
    ("country.toml", '"Viet Nam"', '""', "name = '' is not a text in quotes, not blank"),
    ("country.toml", '"Viet Nam"', "Viet Nam", "not TOML ("),
    ("borders.csv", "01,17,99.5", "01,17", "line 2: 2 cells; allowed: 3, as in the header"),
    ("borders.csv", "01,17,99.5", '01,17,"99.5', "not CSV ("),
    (
        "borders.csv",
        "code_a,code_b,border_km",
        "code_a,code_b,code_b",
        "line 1: column 'code_b' stands there 2 times",
    ),
    ("insets.csv", ",48,111.6", ",488,111.6", "line 2: province_code = 488 is not a province_code"),
    (
        "insets.csv",
        "Hoàng Sa,48,111.6",
        "Hoàng Sa,49,111.6",
        "line 3: province_code = 48 of the inset Hoang Sa differs",
    ),
    (
        "insets.csv",
        "111.2,15.8",
        "111.6,16.5",
        "line 3: Tri Tôn stands at a point of another row; allowed: each point once",
    ),
    ("insets.csv", "111.6,16.5", "111.6,165", "latitude = 165 is outside what is allowed (degrees; allowed: -90..90)"),
    ("provinces.geojson", '"features"', '"feature"', "the file has no 'features'"),
    ("provinces.geojson", '"features":[', '"features":1,"f":[', "features is not a list"),
    ("provinces.geojson", '"type"', "type", "line 1: not JSON ("),
    (
        "provinces.geojson",
        '"province_code":"01"',
        '"province_code":"1"',
        "province_code = 1 is not a province_code",
    ),
    (
        "provinces.geojson",
        '"province_code":"02"',
        '"province_code":"01"',
        "province_code = 01 stands there twice",
    ),
    (
        "provinces.geojson",
        '"province_code":"01"',
        '"code":"01"',
        "feature 1: properties has no 'province_code'",
    ),
    (
        "provinces.geojson",
        '"MultiPolygon"',
        '"Point"',
        "geometry type = Point; allowed: Polygon, MultiPolygon",
    ),
    ("provinces.geojson", "[[[[105.786,20.568]", "[[[[205.786,20.568]", "is not on the globe (degrees"),
    ("provinces.geojson", "[[[[105.786,20.568]", "[[[[NaN,20.568]", "is not on the globe (degrees"),
    ("provinces.geojson", "[[[[105.786,20.568]", '[[[["east",20.568]', "not rings of [longitude, latitude]"),
    ("provinces.geojson", "[[[[105.786,20.568]", "[[[[105.786]", "not rings of [longitude, latitude]"),
    ("provinces.geojson", "[[[[105.786,20.568],", "[[[", "allowed: 4 or more, the last as the first"),
    ("provinces.geojson", '"coordinates":[', '"coordinates":[],"c":[', "no ring; allowed: one or more"),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), FILES)
def test_a_wrong_file_is_refused(folder: Path, name: str, old: str, new: str, words: str) -> None:
    replace_text(folder / name, old, new)
    assert words in refusal(folder)


def test_a_province_without_polygon_is_refused(folder: Path) -> None:
    path = folder / "provinces.geojson"
    collection = json.loads(path.read_text(encoding="utf-8"))
    del collection["features"][0]
    path.write_text(json.dumps(collection), encoding="utf-8")
    assert "province 01 has no polygon" in refusal(folder)


@pytest.mark.parametrize("name", ["country.toml", "provinces.csv", "borders.csv"])
def test_a_missing_or_unreadable_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"na\xefve")
    assert refusal(folder).endswith(f"{name}: byte 2 is not UTF-8 text")
    (folder / name).unlink()
    assert refusal(folder).endswith(f"{name}: the file is missing")
    (folder / name).mkdir()
    assert f"{name}: the file cannot be read (" in refusal(folder)


def test_a_missing_folder_and_an_empty_table_are_refused(folder: Path) -> None:
    with pytest.raises(CountryError, match="no such folder; allowed: a folder with "):
        load_country(folder / "nowhere")
    write_rows(folder / "provinces.csv", [], [column.column for column in columns_of("provinces")])
    assert "no province; allowed: one row a province, at least one" in refusal(folder)


# Folders of one's own


def test_the_archipelagos_belong_to_da_nang_and_khanh_hoa() -> None:
    found = {inset.name_vi: (COUNTRY.names[inset.row], inset.points) for inset in COUNTRY.insets}
    assert {name: province for name, (province, _) in found.items()} == {
        "Hoàng Sa": "Da Nang",
        "Trường Sa": "Khanh Hoa",
    }
    for name, (south, north), (west, east) in (
        ("Hoàng Sa", (15.7, 17.3), (111.0, 113.0)),
        ("Trường Sa", (6.5, 12.0), (111.5, 117.4)),
    ):
        longitudes, latitudes = zip(*found[name][1], strict=True)
        assert south <= min(latitudes) <= max(latitudes) <= north
        assert west <= min(longitudes) <= max(longitudes) <= east


def test_optional_files_may_be_missing(folder: Path) -> None:
    for name in ("observed.csv", "merger.csv", "national.csv", "provinces.geojson", "insets.csv", "columns.csv"):
        (folder / name).unlink()
    country = load_country(folder)
    assert country.geometry() is None
    assert country.insets == ()
    for frame, table in (
        (country.observed(), "observed"),
        (country.merger(), "merger"),
        (country.national(), "national"),
    ):
        assert frame.empty
        assert list(frame.columns) == [column.column for column in columns_of(table)]
    assert {(column.year, column.publisher) for column in country.columns} == {("", "")}
    assert [column.unit for column in country.columns] == [column.unit for column in FORM]


def test_a_blank_is_nan_where_allowed_and_the_english_name_stands_in(folder: Path) -> None:
    spoil(folder, "provinces", 0, area_km2="", name_vi="", iso_3166_2="")
    country = load_country(folder)
    assert np.isnan(country.column("area_km2")[0])
    assert np.isfinite(country.column("area_km2")[1:]).all()
    assert country.names_vi[0] == "Ha Noi"
    assert country == load_country(folder)


def test_a_byte_order_mark_line_ends_empty_lines_and_the_order_of_columns_do_not_matter(folder: Path) -> None:
    path = folder / "provinces.csv"
    rows = rows_of(path)
    write_rows(path, rows, list(reversed(rows[0])))
    text = "\ufeff" + path.read_text(encoding="utf-8") + "\n\n"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    assert load_country(folder) == COUNTRY


def test_a_folder_says_where_its_own_figures_come_from(folder: Path) -> None:
    spoil(folder, "columns", 0, publisher="the county office", year="1999")
    first = load_country(folder).columns[0]
    assert (first.publisher, first.year, first.unit) == ("the county office", "1999", FORM[0].unit)


def test_an_indicator_of_ones_own_is_accepted_and_polygons_are_turned_clockwise(folder: Path) -> None:
    spoil(folder, "observed", 0, indicator="own_index", value="1234")
    path = folder / "provinces.geojson"
    collection = json.loads(path.read_text(encoding="utf-8"))
    geometry = collection["features"][0]["geometry"]
    collection["features"][0]["geometry"] = {
        "type": "Polygon",
        "coordinates": [list(reversed(geometry["coordinates"][0][0]))],
    }
    path.write_text(json.dumps(collection), encoding="utf-8")
    country = load_country(folder)
    assert country.observations[0][1] == "own_index"
    assert country.geometry() == COUNTRY.geometry()


@pytest.mark.parametrize("country", [COUNTRY, synthetic_country(30, seed=4)], ids=["real", "synthetic"])
def test_a_written_country_loads_as_an_equal_one(country: object, tmp_path: Path) -> None:
    country = load_country(country)  # type: ignore[arg-type]
    write_country(country, tmp_path / "deep" / "folder")
    assert load_country(tmp_path / "deep" / "folder") == country


def test_a_blank_number_survives_writing(folder: Path, tmp_path: Path) -> None:
    spoil(folder, "provinces", 0, area_km2="")
    country = load_country(folder)
    write_country(country, tmp_path / "again")
    assert load_country(tmp_path / "again") == country


def test_nothing_is_written_over(folder: Path) -> None:
    for where in (folder, folder / "provinces.csv"):
        with pytest.raises(CountryError, match="there is something already; allowed: a new or an empty folder"):
            write_country(COUNTRY, where)


# Synthetic countries


@settings(max_examples=40, deadline=None)
@given(provinces=st.integers(3, 70), seed=st.integers(0, 2**32))
def test_a_synthetic_country_of_any_size_is_written_loaded_and_connected(
    provinces: int, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    country = synthetic_country(provinces, seed)
    where = tmp_path_factory.mktemp("synthetic") / "country"
    write_country(country, where)
    assert load_country(where) == country
    assert len(country) == provinces
    assert country == synthetic_country(provinces, seed)


def test_another_seed_is_another_country() -> None:
    assert (synthetic_country(20, 1).numbers != synthetic_country(20, 2).numbers).any()


def test_a_synthetic_country_is_labelled_in_name_vintage_and_files(tmp_path: Path) -> None:
    country = synthetic_country(12, seed=5)
    assert country.synthetic
    assert country.name == "Synthetic country of 12 provinces (seed 5)"
    assert "synthetic" in country.vintage
    assert all(name.startswith("Synthetic ") for name in country.names + country.regions)
    assert all("synthetic" in column.publisher for column in country.columns)
    write_country(country, tmp_path / "made")
    for name in ("country.toml", "provinces.csv", "provinces.geojson", "columns.csv"):
        assert "synthetic" in (tmp_path / "made" / name).read_text(encoding="utf-8").lower()
    assert country.observed().empty
    assert not (tmp_path / "made" / "observed.csv").exists()


def test_synthetic_provinces_fill_their_rectangle_without_gap_or_overlap() -> None:
    country = synthetic_country(200, seed=6)
    assert country.column("area_km2").mean() == pytest.approx(np.nanmean(COUNTRY.column("area_km2")), rel=1e-3)
    geometry = country.geometry()
    assert geometry is not None
    for row, (ring,) in enumerate(geometry.values()):
        sides = np.diff(np.array(ring), axis=0)
        towards = np.array([country.column("longitude")[row], country.column("latitude")[row]]) - np.array(ring[:-1])
        assert (sides[:, 0] * towards[:, 1] - sides[:, 1] * towards[:, 0] <= 1e-3).all(), "the place lies outside"
        turned = 111.2 * np.hypot(*sides.T).sum()
        shared = sum(km for low, high, km in country.borders if row in (low, high))
        assert shared <= turned + 3


def test_cells_share_out_the_rectangle_also_where_many_places_lie_close_together() -> None:
    rng = np.random.default_rng(1)
    points = np.concatenate([rng.random((60, 2)) * 0.1 + 4, rng.random((5, 2)) * 10])
    made = voronoi.cells(points, 10.0, 10.0)
    assert sum(voronoi.area(cell.corners) for cell in made) == pytest.approx(100.0)
    for (x, y), (corners, _) in zip(points, made, strict=True):
        middle = np.mean(corners, axis=0)
        nearest = np.argmin(np.hypot(*(points - middle).T))
        assert points[nearest].tolist() == [x, y], "the middle of a cell lies nearest to its own place"


def ranks(values: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable")


def test_synthetic_traits_are_distributed_and_correlated_as_the_real_ones() -> None:
    made = synthetic_country(2000, seed=7)
    placed = {"latitude", "longitude", "area_km2"}
    traits = [name for name in NUMBER_COLUMNS if name not in placed]
    for name in traits:
        middle, low, high = (np.quantile(COUNTRY.column(name), level) for level in (0.5, 0.25, 0.75))
        gap = abs(np.median(made.column(name)) - middle)
        assert gap <= 0.25 * max(high - low, 1.0), f"median of {name}"
    real_r = np.corrcoef([ranks(COUNTRY.column(name)) for name in traits])
    made_r = np.corrcoef([ranks(made.column(name)) for name in traits])
    assert np.abs(real_r - made_r).mean() < 0.1
    assert (made.column("revenue_retention_2020_pct") < 100).mean() == pytest.approx(
        (COUNTRY.column("revenue_retention_2020_pct") < 100).mean(), abs=0.05
    )


@pytest.mark.parametrize(("provinces", "seed"), [(2, 0), (-1, 0), (3.0, 0), (True, 0), (3, -1), (3, 0.5)])
def test_a_synthetic_country_needs_three_provinces_and_a_whole_seed(provinces: int, seed: int) -> None:
    with pytest.raises(
        CountryError,
        match=r"is refused \(allowed: a whole number, . (or more|to 50,000.*)\)",
    ):
        synthetic_country(provinces, seed)


def test_thousands_of_synthetic_provinces_take_seconds() -> None:
    start = time.process_time()
    assert len(synthetic_country(100 * len(COUNTRY), seed=1)) == 100 * len(COUNTRY)
    assert time.process_time() - start < 20


# The script and the page


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_tables", ROOT / "experiments" / "make_country_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def raw_folder(folder: Path) -> Path:
    """Raw data as the script expects them, made back from the packaged tables."""
    folder.mkdir()
    names = dict(zip(COUNTRY.codes, zip(COUNTRY.names, COUNTRY.names_vi, strict=True), strict=True))
    borders = rows_of(DATA / "borders.csv")
    for row in borders:
        row |= {"name_a": names[row["code_a"]][0], "name_b": names[row["code_b"]][0]}
    merger = rows_of(DATA / "merger.csv")
    for row in merger:
        parts = sum(other["new_code"] == row["new_code"] for other in merger)
        english, vietnamese = names[row["old_code"]]
        row |= {"old_name_en": english, "old_name_vi": vietnamese}
        row |= {"n_old_in_new": str(parts), "unchanged": str(parts == 1)}
    write_rows(folder / "adjacency.csv", borders)
    write_rows(folder / "merger_2025.csv", merger)
    for name in ("provinces.csv", "observed.csv", "national.csv", "provinces.geojson"):
        shutil.copyfile(DATA / name, folder / name)
    return folder


def test_the_script_makes_the_packaged_tables_byte_for_byte(script: ModuleType, tmp_path: Path) -> None:
    script.main(raw_folder(tmp_path / "raw"), tmp_path / "out")
    for path in DATA.iterdir():
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_script_leaves_out_only_what_repeats(script: ModuleType, tmp_path: Path) -> None:
    raw = raw_folder(tmp_path / "raw")
    replace_text(raw / "adjacency.csv", "Ha Noi", "Hanoi")
    with pytest.raises(SystemExit, match="should repeat"):
        script.main(raw, tmp_path / "out")


@pytest.mark.parametrize(
    ("name", "line", "first"),
    [
        ("observed.csv", ",dti_rank,", "22, dti_rank, 2020"),
        ("provinces.csv", "02,", "02"),
        ("national.csv", "dti_", "dti_"),
    ],
)
def test_the_script_loses_no_row_of_the_package(
    script: ModuleType, tmp_path: Path, name: str, line: str, first: str
) -> None:
    """Ranks came later than the raw data that others still have: made anew from those, the tables lost them."""
    raw = raw_folder(tmp_path / "raw")
    lines = (raw / name).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [text for text in lines if line not in text[:40]]
    assert len(kept) < len(lines)
    (raw / name).write_text("".join(kept), encoding="utf-8")
    said = f"{len(lines) - len(kept)} of {len(lines) - 1} rows of the package are not there, the first {first}"
    with pytest.raises(SystemExit, match=re.escape(said)):
        script.main(raw, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_reference_page_is_current_and_its_examples_hold(script: ModuleType) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert script.with_columns(page) == page, "run experiments/make_country_tables.py"
    assert doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8").failed == 0
