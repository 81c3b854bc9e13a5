"""The manifest of a sweep: what is computed, by which model, and which files hold it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from dgsim.errors import StoreError, asked
from dgsim.files import replaced
from dgsim.sweeps.location import Location
from dgsim.sweeps.manifest_form import fault_in

MANIFEST = "manifest.json"
MADE_BY = "dgsim sweep"
FORM = 2
SEAL = "seal"  # the key of the checksum over all the rest
# What must be the same for a sweep to be continued, and what it is called where it is not.
IDENTITY = {
    "design": "design",
    "scenarios": "design",
    "parameters": "table of parameters",
    "country": "country",
    "model": "model",
}
WORDS = ("design.name", "design.question")  # named only where nothing else differs
Manifest = dict[str, Any]


def read_manifest(folder: Path | Location) -> Manifest | None:
    """The manifest of a folder, or None where there is none.

    Raises StoreError where it is none of ours, of another form, not as it was written, or says what no sweep is.
    """
    location = folder if isinstance(folder, Location) else Location(folder)
    try:
        manifest = json.loads(location.text(MANIFEST))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError):
        manifest = {}
    if not isinstance(manifest, dict) or manifest.get("made_by") != MADE_BY:
        raise StoreError(f"{location}/{MANIFEST} cannot be read as the manifest of a sweep")
    if manifest.get("form") != FORM:
        raise StoreError(
            f"{location}/{MANIFEST} is of form {_shown(manifest.get('form'))} where this version writes form {FORM}: "
            "make the sweep again, or read its Parquet files as they are"
        )
    if manifest.get(SEAL) != seal_of(manifest):
        raise StoreError(
            f"{location}/{MANIFEST} is not as it was written (its seal is another): put a copy back, "
            "or make the sweep again in another folder"
        )
    if fault := fault_in(manifest):
        raise StoreError(f"{location}/{MANIFEST}: {fault}; put a copy back, or make the sweep again in another folder")
    return manifest


def seal_of(manifest: Manifest) -> str:
    """The SHA-256 of all in a manifest but its seal."""
    return _hash({key: value for key, value in manifest.items() if key != SEAL})


def sweep_hash(manifest: Manifest) -> str:
    """What all parts of one sweep share: the hash of what it must be the same in to be continued, and of its blocks."""
    country = {key: value for key, value in manifest["country"].items() if key != "folder"}
    same = {key: manifest.get(key) for key in (*IDENTITY, "runs", "block")}
    return _hash(same | {"country": country})


def _hash(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def finished_manifest(folder: Path | Location) -> Manifest:
    """The manifest of a finished sweep; raises StoreError where the folder holds none."""
    manifest = read_manifest(folder)
    if manifest is None:
        raise StoreError(f"{folder} holds no sweep")
    if not manifest["complete"]:
        raise StoreError(f"{folder} holds a sweep that is not finished: continue it with {asked('resume')}")
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest at once; raises OSError."""
    ordered = manifest | {"files": dict(sorted(manifest["files"].items()))}
    ordered[SEAL] = seal_of(ordered)
    with replaced(folder / MANIFEST) as partial:
        partial.write_text(json.dumps(ordered, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def check_same(folder: Path, then: Manifest, now: Manifest) -> None:
    """Raise StoreError, with the first difference, unless both are the same sweep by the same model."""
    found = [
        (noun, *found) for key, noun in IDENTITY.items() for found in differences(then.get(key), now.get(key), key)
    ]
    counted = sorted((each for each in found if each[1] != "country.folder"), key=lambda each: each[1] in WORDS)
    for noun, key, before, after in counted[:1]:
        raise StoreError(
            f"{folder} was begun with another {noun}: {key} was {before} and is {after}; "
            "name another folder, or go back to what it was begun with"
        )


def differences(then: Any, now: Any, key: str) -> Iterator[tuple[str, str, str]]:
    """Where two values differ: the key, and both."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for name in dict.fromkeys([*now, *then]):
            yield from differences(then.get(name), now.get(name), f"{key}.{name}")
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for number, (before, after) in enumerate(zip(then, now, strict=True), start=1):
            yield from differences(before, after, f"{key}[{number}]")
    elif then != now:
        yield key, _shown(then), _shown(now)


def _shown(value: Any) -> str:
    text = "not there" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
