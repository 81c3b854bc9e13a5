"""Hypothesis strategies for files that are wrong: TOML in which any value, key or table may be, and bytes damaged.

A file begins as a sound one, or as one made of the names that its form knows; then some of it is replaced.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from dgsim.errors import DgsimError

CASES = int(os.environ.get("DGSIM_CASES", "60"))
SECONDS, MEGABYTES = 10.0, 400.0  # of the processor for one file, and of memory for all of a test
LONGEST = 1000  # letters of a sentence
Loaded = TypeVar("Loaded")
CASES_OF_A_TEST = settings(
    max_examples=CASES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


class Raw(str):
    """Text that stands in a TOML file as it is."""


DEEP = 3000
WORDS = (
    *(
        "",
        " ",
        "a",
        "2021Q1",
        "2021Q5",
        "0000Q1",
        "9999Q4",
        "2021q1",
        "２０２１Q1",
        "never",
        "all",
        "central",
        "plausible",
    ),
    *(
        "staged",
        "history",
        "base",
        "mine",
        "other",
        "staged.toml",
        "../mine",
        "/etc/passwd",
        "..",
        ".",
        "~",
        "C:\\x",
        "a/b",
    ),
    *("training", "supply", "use", "trust", "total_money", "mean", "factorial", "joint", "redesign", "fee_cut", "care"),
    *(
        "\0",
        "\n",
        "a\nb",
        "\x1b[31m",
        "\u202e",
        "\u200b",
        "\u2028",
        "e\u0301",
        "İ",
        "ﬁ",
        "🂡",
        "\ufeff",
        "\u00a0",
        "ﷺ" * 50,
    ),
    *("=cmd|' /C calc'!A0", "$x^$", "{amount}", "%s%n", "{0.__class__}", "<b>", "'", '"', "\\", "'''", "#", "a" * 5000),
    *("__class__", "model_config", "model_fields_set", "self", "None", "nan", "inf", "-1", "1e999", "true"),
)
RAW = (
    *(
        "nan",
        "+inf",
        "-inf",
        "1e400",
        "-1e-400",
        "1e308",
        "0.0",
        "-0.0",
        "0",
        "-1",
        "1",
        "2",
        "3",
        "1_000",
        "0xff",
        "0o7",
    ),
    *(
        "9" * 400,
        "-" + "9" * 400,
        "9" * 5000,
        "9223372036854775808",
        "18446744073709551616",
        "4294967296",
        "1.5",
        "0.1",
    ),
    *("true", "false", "2021-01-01", "1979-05-27T07:32:00Z", "1979-05-27 07:32:00.999999", "07:32:00", "0001-01-01"),
    *(
        "[]",
        "{}",
        "[[]]",
        "[{}]",
        "[1, 'a']",
        "{a = 1}",
        "{'' = 1}",
        "{a.b.c = 1}",
        "{low = 1, high = 0}",
        "[nan, nan]",
    ),
    *("{low = nan, high = inf}", "{low = 0, high = 1, steps = 3}", "[0, 0]", "[0, 1e308]", "['staged', 'staged']"),
    *("[" * DEEP + "]" * DEEP, "{a=" * 90 + "1" + "}" * 90, "[" * 90 + "]" * 90, "[" + "0," * 3000 + "]", '"""a\nb"""'),
    *(
        "'a' 'b'",
        "01",
        "1.",
        "tru",
        "''''",
        "=",
        "[",
        "",
        '"\\x"',
        '"\\uD800"',
        '"\\U0010FFFF"',
        "1 # [not]\n[[roadmap]]",
    ),
)


def hostile_values() -> st.SearchStrategy[Any]:
    """A value of any kind, as TOML writes it or as it should not."""
    return st.one_of(
        st.sampled_from(RAW).map(Raw),
        st.sampled_from(WORDS),
        st.integers(-(2**70), 2**70),
        st.floats(),
        st.text(max_size=20),
        st.lists(st.sampled_from(WORDS), max_size=3),
        st.dictionaries(st.sampled_from(("low", "high", "steps", "en", "vi", "", "a")), st.floats(), max_size=3),
    )


def toml(data: Mapping[Any, Any]) -> str:
    """Nested mappings and lists as TOML, without the care that a writer would take."""
    lines: list[str] = []
    _table(data, "", lines)
    return "\n".join(lines) + "\n"


def _table(data: Mapping[Any, Any], path: str, lines: list[str]) -> None:
    inner = []
    for key, value in data.items():
        name = f"{path}{_key(key)}"
        if isinstance(value, Mapping) and value:
            inner.append((f"[{name}]", name, value))
        elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
            inner += [(f"[[{name}]]", name, each) for each in value]
        else:
            lines.append(f"{_key(key)} = {_value(value)}")
    for header, name, value in inner:
        lines.append(header)
        _table(value, f"{name}.", lines)


def _key(key: Any) -> str:
    if isinstance(key, Raw):
        return str(key)
    plain = str(key).isascii() and str(key).replace("_", "").replace("-", "").isalnum()
    return str(key) if plain else json.dumps(str(key))


def _value(value: Any) -> str:
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + "}"
    return str(value) if isinstance(value, int) else json.dumps(str(value), ensure_ascii=False)


@st.composite
def damaged_tables(draw: st.DrawFn, sound: Mapping[str, Any], most: int = 3) -> dict[str, Any]:
    """A sound file of which up to so many values are replaced, doubled, moved or gone, or keys are added."""
    data = json.loads(json.dumps(sound))
    for _ in range(draw(st.integers(0, most))):
        holder, key = draw(st.sampled_from(list(places(data))))
        if not isinstance(holder, dict | list) or (isinstance(holder, list) and key >= len(holder)):
            continue
        change = draw(st.sampled_from(("value", "value", "value", "gone", "double", "wrap", "key")))
        if change == "gone":
            holder.pop(key)
        elif change == "double" and isinstance(holder, list):
            holder.append(holder[key])
        elif change == "wrap":
            holder[key] = draw(st.sampled_from([[holder[key]], {"a": holder[key]}, [holder[key], holder[key]]]))
        elif change == "key" and isinstance(holder, dict):
            new = draw(st.one_of(st.sampled_from(WORDS), st.sampled_from(list(holder)), st.text(max_size=5)))
            holder[draw(st.sampled_from([new, Raw(f"{_key(key)}.{_key(new)}")]))] = holder[key]
        else:
            holder[key] = draw(hostile_values())
    return dict(data)


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Where each value of nested mappings and lists stands."""
    each = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in each:
        yield data, key
        yield from places(value)


@st.composite
def damaged_bytes(draw: st.DrawFn, content: bytes) -> bytes:
    """Content in another encoding, or with some of its bytes or lines changed, doubled, cut or moved."""
    text = content.decode("utf-8", "surrogatepass")
    kind = draw(st.sampled_from(("none", "none", "none", "encoding", "line", "byte", "cut", "insert", "ends")))
    lines = text.splitlines(keepends=True) or [""]
    at = draw(st.integers(0, len(lines) - 1))
    if kind == "encoding":
        encoding = draw(st.sampled_from(("utf-16", "utf-8-sig", "latin-1", "cp1258", "utf-32-be", "utf-7")))
        return text.encode(encoding, "replace")
    if kind == "line":
        other = draw(st.integers(0, len(lines) - 1))
        lines.insert(other, lines[at])
        if draw(st.booleans()):
            lines.pop(at)
        return "".join(lines).encode("utf-8", "surrogatepass")
    if kind == "ends":
        return text.replace("\n", draw(st.sampled_from(("\r\n", "\r", "\n\n", "\x85", "")))).encode("utf-8", "replace")
    data = bytearray(content)
    place = draw(st.integers(0, max(0, len(data) - 1)))
    if kind == "byte" and data:
        data[place] ^= draw(st.integers(1, 255))
    elif kind == "cut":
        del data[place:]
    elif kind == "insert":
        data[place:place] = draw(st.one_of(st.binary(max_size=20), st.sampled_from(SEPARATORS)))
    return bytes(data)


SEPARATORS = (
    b",",
    b";",
    b"\t",
    b'"',
    b"\0",
    b"\xef\xbb\xbf",
    b"\n",
    b"\r",
    b'""',
    b"'",
    b"=",
    b"[",
    b"]]",
    b"#",
    b"\\",
)


def answer(load: Callable[[], Loaded], name: str, kind: type[DgsimError] = DgsimError) -> Loaded | None:
    """What is loaded, or None where it is refused: then each line is a sentence, and names the file."""
    before = time.process_time()
    refusal, found = None, None
    try:
        found = load()
    except DgsimError as error:
        refusal = error
    assert time.process_time() - before < SECONDS
    if refusal is not None:
        assert isinstance(refusal, kind), f"{type(refusal).__name__}: {refusal}"
        for line in str(refusal).split("\n"):
            assert line.isprintable(), ascii(line)
            assert len(line) < LONGEST, f"{len(line)} letters: {line[:300]}"
            assert name in line, line
    return found


@contextmanager
def within_memory() -> Iterator[None]:
    """Refuse what takes more memory at a time than it may."""
    before = _largest()
    yield
    assert _largest() - before < MEGABYTES


def _largest() -> float:
    """The most memory that this process has had so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
