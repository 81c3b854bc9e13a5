"""How many instructions the costliest acts take, and where, counted by valgrind on the C loop."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import c_loop
from tables import table

from dgsim.scenario import Scenario

FLAGS = ("-O3", "-g", "-ffp-contract=off", "-lm")
MOST = 12  # functions that are named
FUNCTION = re.compile(r"^(?![ #]|typedef)(?:static )?(?:inline )?[\w ]*?\*?(\w+)\(")


def counted(act: str, plan: Scenario, folder: Path) -> Counter[str]:
    """Instructions of an act in one run, by function of the C source."""
    for number, records in enumerate(c_loop.Snapshots(plan, act).fresh()):
        (folder / f"{number}.bin").write_bytes(records.tobytes())
    (folder / "records.h").write_text(c_loop.header(), encoding="utf-8")
    program, found = folder / "count", folder / f"{act}.callgrind"
    source = c_loop.SOURCE.parent / "count.c"
    subprocess.run(["gcc", str(source), f"-I{folder}", *FLAGS, "-o", str(program)], check=True)
    valgrind = ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={found}", "--compress-strings=no"]
    subprocess.run([*valgrind, "--compress-pos=no", f"--toggle-collect={act}_in_all", program, act, folder], check=True)
    return by_function(found.read_text(encoding="utf-8"))


def by_function(found: str) -> Counter[str]:
    """Instructions by the function in whose lines they stand, also where it was inlined; libraries together."""
    names = functions()
    counts: Counter[str] = Counter()
    file, called = "", False
    for line in found.splitlines():
        if line.startswith(("fl=", "fi=", "fe=")):
            file = line[3:]
        elif line.startswith("calls="):
            called = True
        elif line[:1].isdigit():
            number, cost = map(int, line.split())
            if not called:
                counts[names.get(number, "?") if file.endswith(c_loop.SOURCE.name) else "log, exp"] += cost
            called = False
    return counts


def functions() -> dict[int, str]:
    """The function each line of the C source stands in."""
    names, current = {}, ""
    for number, line in enumerate(c_loop.SOURCE.read_text(encoding="utf-8").splitlines(), start=1):
        found = FUNCTION.match(line)
        current = found[1] if found else current
        names[number] = current
    return names


def instructions_table(plan: Scenario, folder: Path) -> str:
    """Instructions of both acts in one run, by function, the costliest first."""
    if not (shutil.which("valgrind") and shutil.which("gcc")):
        return "Valgrind is not installed here, so instructions were not counted."
    rows: list[list[object]] = []
    for act in c_loop.ACTS:
        counts = counted(act, plan, folder)
        total = sum(counts.values())
        rows.append([act, "**all**", f"{total:,}", "100%"])
        rows += [
            [act, name, f"{count:,}", f"{100 * count / total:.0f}%"]
            for name, count in counts.most_common(MOST if act == "choose" else MOST // 2)
        ]
    return table(["act", "function", "instructions a run", "share"], rows, right=[2, 3])
