"""Stores damaged at random: what is read, resumed or proved afterwards is right, or refused in a sentence.

DGSIM_CASES says how many cases there are.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dgsim.errors import DgsimError, StoreError
from dgsim.files import checksum
from dgsim.sweeps import manifest as manifests
from dgsim.sweeps.arrow import encoded, provenance_of
from dgsim.sweeps.results import load_sweep
from dgsim.sweeps.store import SHORT
from dgsim.sweeps.sweep import sweep
from dgsim.sweeps.verify import verify
from small_sweep import files, land

TINY: dict[str, Any] = {
    "name": "tiny",
    "scenarios": ["history", "staged"],
    "levers": {"matching_rate": [0.0, 0.5]},
    "replications": 4,
    "seed": 3,
    "horizon": {"stop_after": 3},
    "keep": ["provinces"],
    "quarters": ["2020Q2", "2020Q3"],
}
BLOCK = 2  # 8 blocks of 16 runs
CASES = int(os.environ.get("DGSIM_CASES", "120"))
TABLES = ("points", "wide", "failed", "provinces")
Content = dict[str, bytes]


class LeftError(BaseException):
    """The process ends here."""


def left_after(folder: Path, blocks: int, **changes: Any) -> Content:
    """The files of a sweep that was left after so many blocks."""

    def leave(done: int, _: int) -> None:
        if done == blocks * BLOCK:
            raise LeftError

    one_thread = patch("dgsim.sweeps.workers.os.cpu_count", return_value=1)  # blocks come in their order
    with one_thread, pytest.raises(LeftError):
        sweep(TINY | changes, folder, country=land(), block=BLOCK, progress=leave)
    return files(folder)


@pytest.fixture(scope="module")
def stores(tmp_path_factory) -> dict[str, Content]:
    """A finished store, one left half-way, and that of another seed."""
    above = tmp_path_factory.mktemp("stores")
    sweep(TINY, above / "finished", country=land(), block=BLOCK)
    return {
        "finished": files(above / "finished"),
        "unfinished": left_after(above / "unfinished", 5),
        "foreign": left_after(above / "foreign", 7, seed=4),
    }


@pytest.fixture(scope="module")
def truth(stores, tmp_path_factory) -> dict[str, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("truth")
    write(folder, stores["finished"])
    return tables(folder)


def write(folder: Path, content: Content) -> None:
    for name, data in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def tables(folder: Path) -> dict[str, pd.DataFrame]:
    read = load_sweep(folder)
    return {name: getattr(read, name) for name in TABLES}


# Kinds of damage: each takes the files and draws what it needs -------------------------------------------------------

Draw = Callable[[st.SearchStrategy], Any]


def bytes_changed(content: Content, draw: Draw) -> None:
    name = draw(st.sampled_from(sorted(content)))
    data = bytearray(content[name])
    for _ in range(draw(st.integers(1, 4))):
        data[draw(st.integers(0, len(data) - 1))] ^= draw(st.integers(1, 255))
    content[name] = bytes(data)


def cut(content: Content, draw: Draw) -> None:
    name = draw(st.sampled_from(sorted(content)))
    content[name] = content[name][: draw(st.integers(0, len(content[name]) - 1))]


def longer(content: Content, draw: Draw) -> None:
    name = draw(st.sampled_from(sorted(content)))
    content[name] += draw(st.binary(min_size=1, max_size=20))


def gone(content: Content, draw: Draw) -> None:
    del content[draw(st.sampled_from(sorted(content)))]


def swapped(content: Content, draw: Draw) -> None:
    one, other = (draw(st.sampled_from(sorted(content))) for _ in range(2))
    content[one], content[other] = content[other], content[one]


def doubled(content: Content, draw: Draw) -> None:
    """A file under a further name: of another block, with another checksum, or of no kind at all."""
    name = draw(st.sampled_from(sorted(content)))
    folder, _, last = name.rpartition("/")
    number, _, rest = last.partition("-")
    other = draw(st.sampled_from([f"{draw(st.integers(0, 12)):06d}-{rest}", f"{number}-{'0' * SHORT}.parquet", "junk"]))
    content[f"{folder}/{other}" if folder else other] = content[name]


def renamed(content: Content, draw: Draw) -> None:
    name = draw(st.sampled_from(sorted(content)))
    doubled(content, lambda strategy: draw(strategy))
    content.pop(name)


def foreign(content: Content, draw: Draw) -> None:
    """A part of the same design with another seed, in place of one or in a gap."""
    name = draw(st.sampled_from(sorted(name for name in OTHERS if name.startswith("parts/"))))
    content[name] = OTHERS[name]


def field_changed(content: Content, draw: Draw) -> None:
    """A value of the manifest: another number, another type, or gone."""
    manifest = json.loads(content["manifest.json"])
    holder, key = draw(st.sampled_from(sorted(places(manifest), key=lambda place: str(place[1]))))
    value = draw(
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(-(2**70), 2**70),
            st.sampled_from([32, 63, 64, 74, 128, 512, 0, 1]),
            st.floats(),
            st.text(max_size=8),
            st.just([]),
            st.just({}),
            st.just("gone"),
        )
    )
    if value == "gone":
        holder.pop(key)
    else:
        holder[key] = value
    content["manifest.json"] = json.dumps(manifest).encode()


def sealed(content: Content) -> None:
    """Seal the manifest anew, as only somebody who means to would do."""
    manifest = json.loads(content["manifest.json"])
    if isinstance(manifest, dict):
        manifest[manifests.SEAL] = manifests.seal_of(manifest)
        content["manifest.json"] = json.dumps(manifest).encode()


def field_changed_and_sealed(content: Content, draw: Draw) -> None:
    for _ in range(draw(st.integers(1, 2))):
        field_changed(content, draw)
    sealed(content)


def nested(content: Content, draw: Draw) -> None:
    depth = draw(st.sampled_from([100, 5_000, 200_000]))
    content["manifest.json"] = content["manifest.json"].rstrip()[:-1] + b', "x": ' + b"[" * depth + b"]" * depth + b"}"


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a manifest: what holds it, and its key or number."""
    for key in value if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


DAMAGES = (bytes_changed, cut, longer, gone, swapped, doubled, renamed, field_changed, nested)
OTHERS: Content = {}


@contextmanager
def damaged(base: Path, content: Content) -> Iterator[Path]:
    folder = base / "damaged"
    write(folder, content)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


usual = settings(
    max_examples=CASES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@usual
@given(st.data())
def test_a_damaged_store_that_was_finished_tells_the_truth_or_refuses(stores, truth, tmp_path_factory, data):
    content = dict(stores["finished"])
    for _ in range(data.draw(st.integers(1, 2))):
        if content:
            data.draw(st.sampled_from([damage for damage in DAMAGES if usable(damage, content)]))(content, data.draw)
    with damaged(tmp_path_factory.getbasetemp(), content) as folder:
        same = content == stores["finished"]
        try:
            read = tables(folder)
        except DgsimError as refusal:
            assert_sentence(refusal)
        else:
            for name, table in truth.items():
                pd.testing.assert_frame_equal(read[name], table)
        try:
            verdict = verify(folder, sample=1, country=land())
            assert verdict.difference or same_files(folder, stores["finished"])
        except DgsimError as refusal:
            assert_sentence(refusal)
            assert not same
        assert_resumed_or_refused(folder, stores["finished"])


@usual
@given(st.data())
def test_a_damaged_store_that_is_not_finished_is_finished_right_or_refused(stores, tmp_path_factory, data):
    OTHERS.update(stores["foreign"])
    content = dict(stores["unfinished"])
    for _ in range(data.draw(st.integers(1, 2))):
        if content:
            kinds = [damage for damage in (*DAMAGES, foreign) if usable(damage, content)]
            data.draw(st.sampled_from(kinds))(content, data.draw)
    with damaged(tmp_path_factory.getbasetemp(), content) as folder:
        assert_resumed_or_refused(folder, stores["finished"])


@usual
@given(st.data())
def test_a_finished_store_sealed_anew_after_damage_is_proved_or_refused(stores, truth, tmp_path_factory, data):
    """Behind a valid seal: every answer is a table or a sentence, and what verify finds nothing wrong with is right."""
    content = dict(stores["finished"])
    field_changed_and_sealed(content, data.draw)
    with damaged(tmp_path_factory.getbasetemp(), content) as folder:
        read = None
        try:
            read = tables(folder)
        except DgsimError as refusal:
            assert_sentence(refusal)
        try:
            verdict = verify(folder, sample=16, country=land())
        except DgsimError as refusal:
            assert_sentence(refusal)
        else:
            if not verdict.difference and not verdict.model:
                assert read is not None
                for name, table in truth.items():
                    pd.testing.assert_frame_equal(read[name], table)
        resumed_or_refused(folder)


@usual
@given(st.data())
def test_an_unfinished_store_sealed_anew_after_damage_goes_on_or_is_refused(stores, tmp_path_factory, data):
    content = dict(stores["unfinished"])
    field_changed_and_sealed(content, data.draw)
    with damaged(tmp_path_factory.getbasetemp(), content) as folder:
        resumed_or_refused(folder)


def resumed_or_refused(folder: Path) -> None:
    try:
        sweep(TINY, folder, country=land(), block=BLOCK, resume=True)
    except DgsimError as refusal:
        assert_sentence(refusal)


def usable(damage: Callable[..., None], content: Content) -> bool:
    try:
        json.loads(content["manifest.json"])
    except (KeyError, ValueError, RecursionError):
        return damage not in (field_changed, nested, bytes_changed, cut)
    return all(content.values()) or damage not in (bytes_changed, cut)


def same_files(folder: Path, wanted: Content) -> bool:
    """Whether all that a manifest names is there as it should be; the manifest itself may be spaced otherwise."""
    now = files(folder)
    names = set(wanted) - {"manifest.json"}
    return {name: now.get(name) for name in names} == {name: wanted[name] for name in names}


def assert_resumed_or_refused(folder: Path, wanted: Content) -> None:
    try:
        sweep(TINY, folder, country=land(), block=BLOCK, resume=True)
    except DgsimError as refusal:
        assert_sentence(refusal)
    else:
        assert same_files(folder, wanted)
        assert verify(folder, sample=1, country=land()).difference == ""


def assert_sentence(refusal: DgsimError) -> None:
    text = str(refusal)
    assert text
    assert len(text) < 1500
    assert "Traceback" not in text


# One of each kind, by name ------------------------------------------------------------------------------------------


@pytest.fixture
def unfinished(stores, tmp_path) -> Path:
    write(tmp_path / "sweep", stores["unfinished"])
    return tmp_path / "sweep"


@pytest.fixture
def finished(stores, tmp_path) -> Path:
    write(tmp_path / "sweep", stores["finished"])
    return tmp_path / "sweep"


def resume(folder: Path) -> list[str]:
    """Resume, and return what was told."""
    told: list[str] = []
    sweep(TINY, folder, country=land(), block=BLOCK, resume=True, tell=told.append)
    return told


def rewrite(folder: Path, change: Callable[[dict], None], *, sealed: bool) -> None:
    """Change the manifest of a folder; sealed anew, as only somebody who means to would do."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    change(manifest)
    if sealed:
        manifest[manifests.SEAL] = manifests.seal_of(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "value"), [("block", 1), ("block", 3), ("block", 4), ("runs", 512), ("complete", True)]
)
def test_a_number_changed_in_the_manifest_is_refused(unfinished, key, value):
    rewrite(unfinished, lambda manifest: manifest.update({key: value}), sealed=False)
    with pytest.raises(StoreError, match=r"manifest\.json is not as it was written"):
        resume(unfinished)


def test_spaces_in_the_manifest_are_no_damage(unfinished, stores):
    rewrite(unfinished, lambda manifest: None, sealed=False)
    resume(unfinished)
    assert same_files(unfinished, stores["finished"])


def test_parts_of_another_cut_are_computed_again(unfinished, stores):
    """A manifest sealed anew with other blocks: the parts say that they are of another sweep."""
    rewrite(unfinished, lambda manifest: manifest.update(block=1), sealed=True)
    told = resume(unfinished)
    assert told[0].startswith("Damaged, and computed again: parts/outcomes/000000-")
    assert same_files(unfinished, stores["finished"])


def test_an_earlier_form_is_refused(finished):
    rewrite(finished, lambda manifest: manifest.update(form=1), sealed=True)
    with pytest.raises(StoreError, match="is of form 1 where this version writes form 2"):
        load_sweep(finished)


def test_a_part_of_another_seed_is_not_taken(unfinished, stores):
    name = next(name for name in stores["foreign"] if name.startswith("parts/outcomes/000006-"))
    (unfinished / name).write_bytes(stores["foreign"][name])
    told = resume(unfinished)
    assert told[0] == f"Damaged, and computed again: {name}."
    assert same_files(unfinished, stores["finished"])


def test_a_part_under_the_number_of_another_block_is_not_taken(unfinished, stores):
    part = next(unfinished.glob("parts/outcomes/000002-*"))
    part.rename(part.with_name(part.name.replace("000002", "000007")))
    told = resume(unfinished)
    assert "parts/outcomes/000007-" in told[0]
    assert same_files(unfinished, stores["finished"])


@pytest.mark.parametrize("name", ["junk", "000099-0123456789abcdef.parquet", "1-x.parquet"])
def test_what_is_no_part_is_refused_before_any_work(unfinished, name, monkeypatch):
    (unfinished / "parts" / "outcomes" / name).write_bytes(b"junk")
    monkeypatch.setattr("dgsim.sweeps.sweep._compute", lambda *_: pytest.fail("work was done"))
    with pytest.raises(StoreError, match=f"{name} is no part of this sweep: move it elsewhere"):
        resume(unfinished)


def test_garbage_with_the_right_checksum_is_computed_again(unfinished, stores):
    (next(unfinished.glob("parts/provinces/000001-*"))).unlink()
    garbage = b"PAR1 and nothing more"
    (unfinished / "parts/provinces" / f"000001-{sha256(garbage).hexdigest()[:SHORT]}.parquet").write_bytes(garbage)
    told = resume(unfinished)
    assert told[0].startswith("Damaged, and computed again: parts/provinces/000001-")
    assert same_files(unfinished, stores["finished"])


@pytest.mark.parametrize("wrong", ["twice", "lacking", "short"])
def test_a_part_that_says_the_right_place_and_holds_the_wrong_runs_is_not_compacted(unfinished, stores, wrong):
    part = next(unfinished.glob("parts/outcomes/000003-*"))
    table = pq.read_table(part)
    provenance = provenance_of(table.schema)
    rows = {"twice": table.take([0, 1, 0, 1, 2, 3]), "lacking": table.slice(2), "short": table.slice(1)}[wrong]
    content = encoded(rows, provenance)
    part.unlink()
    part = part.with_name(f"000003-{sha256(content).hexdigest()[:SHORT]}.parquet")
    part.write_bytes(content)
    with pytest.raises(StoreError, match=f"{part.name} .*; it was thrown away: the same call with resume=True"):
        resume(unfinished)
    resume(unfinished)
    assert same_files(unfinished, stores["finished"])


def test_verify_proves_the_structure_before_it_makes_a_run(finished, monkeypatch):
    """Rows twice in a file whose checksum is right: a sample of one run would not see it."""
    name = "outcomes/outcomes-00000.parquet"
    table = pq.read_table(finished / name)
    pq.write_table(table.take([0, *range(len(table))]), finished / name)
    rewrite(finished, lambda m: m["files"].update({name: checksum(finished / name)}), sealed=True)
    monkeypatch.setattr("dgsim.sweeps.verify._difference", lambda *_: pytest.fail("a run was made"))
    verdict = verify(finished, country=land())
    assert "holds 3 rows of point 0, replication 0, not 2" in verdict.difference


@pytest.mark.parametrize("name", ["failed", "points", "outcomes/outcomes-00000", "provinces/provinces-00000"])
@pytest.mark.parametrize("kind", ["empty", "garbage", "cut", "failed", "points"])
def test_another_content_with_its_right_checksum_is_a_sentence(finished, name, kind):
    file = finished / f"{name}.parquet"
    data = {"empty": b"", "garbage": b"PAR1 and nothing more", "cut": file.read_bytes()[:-9]}
    content = data.get(kind) if kind in data else (finished / f"{kind}.parquet").read_bytes()
    same = content == file.read_bytes()
    file.write_bytes(content)
    rewrite(finished, lambda m: m["files"].update({f"{name}.parquet": checksum(file)}), sealed=True)
    try:
        tables(finished)
    except DgsimError as refusal:
        assert_sentence(refusal)
    try:
        assert bool(verify(finished, country=land()).difference) != same
    except DgsimError as refusal:
        assert_sentence(refusal)
        assert not same
    resumed_or_refused(finished)


def test_every_field_of_a_manifest_that_is_changed_and_sealed_anew_is_a_sentence_or_read(finished):
    """Each of some 100 places in turn, with a value of another type, none, or nothing at all."""
    before = (finished / "manifest.json").read_text(encoding="utf-8")
    refused = 0
    for place in range(len(list(places(json.loads(before))))):
        for value in ("gone", None, -1, 2**70, float("nan"), "x", [], {}):
            manifest = json.loads(before)
            holder, key = list(places(manifest))[place]
            if value == "gone":
                holder.pop(key)
            else:
                holder[key] = value
            manifest[manifests.SEAL] = manifests.seal_of(manifest)
            (finished / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
            for answer in (tables, lambda folder: verify(folder, sample=1, country=land())):
                try:
                    answer(finished)
                except DgsimError as refusal:
                    assert_sentence(refusal)
                    refused += 1
    assert refused > 1000


@pytest.mark.parametrize(
    ("place", "unknown", "meant"),
    [
        ((), "poinst", "points"),
        (("design",), "replication", "replications"),
        (("design", "horizon"), "stop_aftr", "stop_after"),
        (("scenarios", 1), "digets", "digest"),
        (("country",), "provinses", "provinces"),
        (("model",), "version", "versions"),
    ],
)
def test_an_unknown_key_of_a_manifest_is_told_the_nearest_of_its_own_table(finished, place, unknown, meant):
    def add(manifest: dict) -> None:
        holder: Any = manifest
        for key in place:
            holder = holder[key]
        holder[unknown] = 1

    rewrite(finished, add, sealed=True)
    with pytest.raises(StoreError, match=rf"{unknown} is not a known key; did you mean {meant}\?"):
        load_sweep(finished)


@pytest.mark.parametrize("place", ["scenario", "country", "model", "file"])
@pytest.mark.parametrize("anew", [False, True], ids=["as it was", "sealed anew"])
def test_a_flipped_digest_is_no_sound_sweep(finished, place, anew):
    def flip(manifest: dict) -> None:
        holder, key = {
            "scenario": (manifest["scenarios"][0], "digest"),
            "country": (manifest["country"], "sha256"),
            "model": (manifest["model"], "rules_and_data"),
            "file": (manifest["files"], "points.parquet"),
        }[place]
        holder[key] = ("1" if holder[key][0] == "0" else "0") + holder[key][1:]

    rewrite(finished, flip, sealed=anew)
    try:
        verdict = verify(finished, sample=1, country=land())
    except StoreError as refusal:
        assert_sentence(refusal)
    else:
        assert anew
        assert verdict.difference or verdict.model


@pytest.mark.parametrize("change", ["points", "failed", "files"])
def test_verify_knows_what_should_be_there(finished, change):
    if change == "files":
        rewrite(finished, lambda m: m["files"].pop("provinces/provinces-00000.parquet"), sealed=True)
    else:
        name = f"{change}.parquet"
        table = pq.read_table(finished / "points.parquet")
        wrong = table.slice(1) if change == "points" else pq.read_table(finished / name).schema.empty_table()
        if change == "failed":
            wrong = wrong.from_pylist([{"point": 0, "replication": 0, "seed": 3, "reason": "no number"}], wrong.schema)
        pq.write_table(wrong, finished / name)
        rewrite(finished, lambda m: m["files"].update({name: checksum(finished / name)}), sealed=True)
    said = {
        "points": "points.parquet holds other points",
        "failed": "failed.parquet lists other runs",
        "files": "provinces-00000.parquet should be there",
    }
    assert said[change] in verify(finished, country=land()).difference


def test_a_changed_file_is_not_read(finished):
    file = finished / "outcomes/outcomes-00000.parquet"
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 1
    file.write_bytes(bytes(data))
    read = load_sweep(finished)
    with pytest.raises(StoreError, match=r"outcomes-00000\.parquet is not as it was written"):
        _ = read.wide
