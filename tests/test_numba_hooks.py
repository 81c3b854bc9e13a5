"""What the hooks into numba rest on: where a new numba breaks one, its test names it (rules then compile as before)."""

from __future__ import annotations

import inspect
import os
import pickle
import pkgutil
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
from numba.core import types

from dgsim.world import kept, numba_hooks
from dgsim.world.compiled import Compiled, rule
from world_of_zeros import world_of_zeros

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="rules run as plain Python")
HERE = Path(__file__).parent
SYMBOL = 700  # letters of the longest symbol of a rule that takes a whole world
PLAIN = os.environ | {"DGSIM_PLAIN_NUMBA": "1"}
RULES = """
import hashlib, sys
from dgsim.world.staff import lose_staff, train
from world_of_zeros import world_of_zeros
state = world_of_zeros(provinces=2, seed=11, replication=3)
for p in state.provinces:
    p.population, p.specialists, p.trust, p.belief = 1.5, 40.0, 0.4, 0.2
    lose_staff(p, state.world)
    train(p, state.world)
compiled = sum(sum(rule.from_python.stats.cache_misses.values()) for rule in (lose_staff, train))
print(hashlib.sha256(state.provinces.tobytes()).hexdigest(), compiled)
"""


@rule
def doubled(number: int) -> int:
    return number + number


@rule
def three_times(number: int) -> int:
    return doubled(1) + doubled(2) + doubled(number)


@rule
def provinces_of(state) -> int:
    return count(state)


@rule
def count(state) -> int:
    return len(state.provinces)


@pytest.fixture(scope="module", autouse=True)
def compiled_here():
    """What an earlier run of these tests kept is forgotten: rules that are read compile none of those they call."""
    for compiled in (doubled, three_times, provinces_of, count):
        compiled.kept.flush()


def codes(compiled) -> list:
    """What numba made of a rule for other rules, one for each kind of arguments."""
    return list(compiled.from_rules.overloads.values())


def code_of(compiled):
    """What numba made of a rule for Python."""
    (code,) = compiled.from_python.overloads.values()
    return code


@pytest.mark.parametrize("hook", numba_hooks.RESTS_ON)
def test_numba_is_as_a_hook_knows_it(hook):
    assert numba_hooks.difference(hook) == "", f"mend {hook}, and its row of RESTS_ON"


PARTS = [(hook, *part) for hook, parts in numba_hooks.RESTS_ON.items() for part in parts]


@pytest.mark.parametrize("other", [lambda: None, lambda self, sig: None, object(), None])
@pytest.mark.parametrize(("hook", "home", "name", "known"), PARTS, ids=[f"{part[0]}-{part[2]}" for part in PARTS])
def test_a_numba_that_a_hook_does_not_know_is_told_with_hook_and_file(hook, home, name, known, other, monkeypatch):
    monkeypatch.setattr(pkgutil.resolve_name(home), name, other)
    told = numba_hooks.difference(hook)
    assert told.startswith(f"numba {numba.__version__}: {home.replace(':', '.')}.{name} is ")
    assert f"and {hook} in src/dgsim/world/numba_hooks.py knows it as {known}" in told


def test_every_hook_stands_in_the_table_and_says_what_it_changes():
    """What is called on numba's own functions, and what numba asks for, is in this one file."""
    assert all(inspect.getdoc(getattr(numba_hooks, hook)) for hook in numba_hooks.RESTS_ON)
    assert list(numba_hooks.RESTS_ON) == list(numba_hooks.WITHOUT)
    options = ("no_cpython_wrapper=", "no_cfunc_wrapper=", "forceinline=", '"no_c', '"forceinline')
    inside = ("numba.core", "_numba_type_", "config.CACHE_DIR", "enable_caching", *options)
    home = Path(numba_hooks.__file__)
    others = [path for path in home.parents[1].rglob("*.py") if path != home]
    wrong = [f"{path}: {part}" for path in others for part in inside if part in path.read_text(encoding="utf-8")]
    assert wrong == [], "move it into src/dgsim/world/numba_hooks.py, with a row of RESTS_ON"


def test_names_by_content_are_short_and_those_of_the_content():
    def record(*fields):
        return numba.from_dtype(np.dtype(list(fields)))

    one, same, other = record(("cash", "f8")), record(("cash", "f8")), record(("cash", "i8"))
    assert one.mangling_args == same.mangling_args != other.mangling_args
    provinces_of(world_of_zeros())
    (code,) = codes(count)
    assert len(code.fndesc.mangled_name) < SYMBOL


@pytest.fixture
def looked_at_anew():
    """What was found of this numba is forgotten, before and after."""
    for found in (numba_hooks.usable, numba_hooks.tell):
        found.cache_clear()
    yield
    for found in (numba_hooks.usable, numba_hooks.tell):
        found.cache_clear()


def test_names_by_content_leave_a_numba_they_do_not_know_alone(monkeypatch, looked_at_anew, caplog):
    monkeypatch.setattr(types.Record, "mangling_args", "of another kind")
    assert not numba_hooks.names_by_content()
    assert not numba_hooks.names_by_content()
    assert types.Record.mangling_args == "of another kind"
    (sentence,) = caplog.messages
    assert sentence.startswith(numba_hooks.difference("names_by_content"))


# Hook: how a numba that still compiles by itself lost a part of it, and what is last told of how far compiling is.
ALL_TOLD = "[(2, 2)]"
GONE = {
    "names_by_content": (
        "sys.modules['numba.core.itanium_mangler'] = None; del numba.core.itanium_mangler",
        ALL_TOLD,
    ),
    "same_for_every_number": (
        "known = dispatcher.Dispatcher.get_call_template\n"
        "dispatcher.Dispatcher.get_call_template = lambda self, *given: known(self, *given)",
        ALL_TOLD,
    ),
    "kept_whole": ("del caching.NullCache", ALL_TOLD),
    "kept_plainly": ("del dispatcher.Dispatcher.enable_caching; del caching.NullCache", ALL_TOLD),
    "no_cpython_wrapper": ("del cpu.CPUTargetOptions.__mro__[1].no_cpython_wrapper", ALL_TOLD),
    "no_cfunc_wrapper": ("del cpu.CPUTargetOptions.__mro__[1].no_cfunc_wrapper", ALL_TOLD),
    "forceinline": ("del cpu.CPUTargetOptions.__mro__[1].forceinline", ALL_TOLD),
    "NamedInRules": (
        "known = dispatcher.Dispatcher._numba_type_\n"
        "del dispatcher.Dispatcher._numba_type_\n"
        "numba.extending.typeof_impl.register(dispatcher.Dispatcher)(lambda rule, context: known.fget(rule))",
        ALL_TOLD,
    ),
    "heard": (
        "event.install_timer = lambda *_: contextlib.nullcontext()\ndel event.install_listener, event.Listener",
        "[]",
    ),
}
OTHERWISE = {
    "kept_whole: no processor": ("del registry.cpu_target", ALL_TOLD),
    "kept_whole: no code in parts": (
        "def _reduce(self):\n    raise AttributeError('no such part')\ncompiler.CompileResult._reduce = _reduce",
        ALL_TOLD,
    ),
    "kept_whole: no cache": (
        "begin = dispatcher.Dispatcher.__init__\n"
        "def __init__(self, *given, **named):\n"
        "    begin(self, *given, **named)\n"
        "    self._cache = type('Cache', (caching.NullCache,), {})()\n"
        "dispatcher.Dispatcher.__init__ = __init__",
        ALL_TOLD,
    ),
    "heard: told otherwise": ("event.Event.data = property(lambda self: {})", "[]"),
}
KEPT = {  # files of two kinds of arguments: 2 of ours, 3 of numba's
    "kept_whole": 3,
    "kept_plainly": 0,
    "kept_whole: no processor": 3,
    "kept_whole: no code in parts": 0,
    "kept_whole: no cache": 0,
}
TWO_RULES = """
from dgsim.world.compiled import inner_rule, rule

@inner_rule
def doubled(number):
    return number + number

@rule
def three_times(number):
    return doubled(1) + doubled(2) + doubled(number)
"""
WITHOUT_A_PART = """
import contextlib, sys
import numba, numba.extending
from numba.core import caching, compiler, cpu, dispatcher, event, registry
registry.cpu_target.target_context.refresh()  # numba has imported all of itself
{gone}
from dgsim.world import numba_hooks
from dgsim.world.compiled import counted, kept_files
from two_rules import three_times
progress = []
with counted((three_times,), lambda *done: progress.append(done)):
    print(three_times(3), three_times(0.5), progress[-1:], len(kept_files(three_times)), sep=";")
"""


def test_every_hook_has_a_numba_without_it():
    assert list(GONE) == list(numba_hooks.RESTS_ON)


@pytest.mark.parametrize("case", [*GONE, *OTHERWISE])
def test_a_numba_without_a_part_goes_the_plain_way_and_says_so_once(case, tmp_path):
    hook = case.partition(":")[0]
    gone, progress = (GONE | OTHERWISE)[case]
    (tmp_path / "two_rules.py").write_text(TWO_RULES, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    environment = os.environ | {"DGSIM_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": path}
    command = [sys.executable, "-c", WITHOUT_A_PART.format(gone=gone)]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, f"{hook} in src/dgsim/world/numba_hooks.py has no plain way:\n{answer.stderr}"
    assert answer.stdout.strip() == f"12;7.0;{progress};{KEPT.get(case, 2)}"
    named = [line for line in answer.stderr.splitlines() if f"{hook} in src/dgsim/world/numba_hooks.py" in line]
    assert len(named) == 1, answer.stderr
    assert named[0].startswith(f"numba {numba.__version__}: ")
    assert named[0].endswith(f": {numba_hooks.WITHOUT[hook]}.")
    first = [line for line in answer.stderr.splitlines() if hook == "kept_plainly" and "kept_whole in src" in line]
    assert answer.stderr.splitlines() == first + named, "nothing else is told"


def test_a_rule_is_the_same_for_every_number_that_is_written():
    assert three_times(3) == 12
    assert len(codes(doubled)) == 1, (
        "numba asks for a rule in another way: mend same_for_every_number in src/dgsim/world/numba_hooks.py"
    )


def test_what_is_not_a_rule_of_numbas_is_left_alone():
    assert not numba_hooks.same_for_every_number(object())
    assert not numba_hooks.kept_whole(object(), None)


def test_what_python_calls_is_kept_in_files_of_ours():
    assert isinstance(doubled.from_python._cache, numba_hooks.MachineCode), (
        "numba keeps machine code in another way: mend kept_whole in src/dgsim/world/numba_hooks.py"
    )
    assert kept.Kept(doubled.py_func).name == f"{__name__}.doubled"
    doubled(4)
    assert kept.Kept(doubled.py_func).load(kind_of_doubled())
    assert doubled.files == {doubled.kept.file(kind_of_doubled())}


def kind_of_doubled() -> str:
    return numba_hooks.kind_of((types.int64,), code_of(doubled).codegen)


@pytest.mark.parametrize(
    "content",
    [
        b"no pickle at all",
        pickle.dumps("a word"),
        pickle.dumps((b"code",) * len(numba_hooks.REDUCED)),
        pickle.dumps([]),
    ],
    ids=["no pickle", "a word", "as many parts", "nothing"],
)
def test_whole_content_that_is_no_machine_code_is_thrown_away_and_made_again(content):
    doubled(4)
    doubled.kept.save(kind_of_doubled(), content)
    anew = Compiled(doubled.py_func, inline=False)
    assert anew(4) == 8
    assert sum(anew.from_python.stats.cache_misses.values()) == 1
    again = Compiled(doubled.py_func, inline=False)
    assert again(4) == 8
    assert sum(again.from_python.stats.cache_misses.values()) == 0


def test_what_numba_compiles_is_heard():
    heard = []
    anew, caller = Compiled(doubled.py_func, inline=False), Compiled(three_times.py_func, inline=False)
    with numba_hooks.heard(heard.append):
        anew.from_rules.compile((types.int64,))
        assert heard == [anew.from_rules]
        anew.from_rules.compile((types.int64,))
        caller.from_rules.compile((types.int64,))
    caller.from_rules.compile((types.float64,))
    assert heard[-1] == caller.from_rules
    assert heard.count(caller.from_rules) == heard.count(anew.from_rules) == 1


def test_a_rule_that_only_rules_call_has_no_way_in_for_python():
    provinces_of(world_of_zeros())
    assert not count.from_python.overloads
    (code,) = codes(count)
    assert "cpython" not in code.library.get_llvm_str(), (
        "numba makes a way in for Python all the same: mend no_cpython_wrapper in src/dgsim/world/numba_hooks.py"
    )
    assert "cpython" in code_of(provinces_of).library.get_llvm_str()
    assert "cfunc" not in code_of(provinces_of).library.get_llvm_str(), (
        "numba makes a way in for C all the same: mend no_cfunc_wrapper in src/dgsim/world/numba_hooks.py"
    )
    assert count(world_of_zeros()) == 1


def said(environment: dict[str, str], processes: int = 1) -> list[tuple[str, int]]:
    """What so many processes at once say: the hash of their records, and how many rules they compiled."""
    here = {"PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    started = [
        subprocess.Popen([sys.executable, "-c", RULES], env=environment | here, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    words = [process.communicate()[0].split() for process in started]
    assert all(process.returncode == 0 for process in started)
    return [(digest, int(compiled)) for digest, compiled in words]


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The hash of the records where no hook is used."""
    ((digest, _),) = said(PLAIN | {"DGSIM_CACHE_DIR": str(tmp_path_factory.mktemp("plain"))})
    return digest


@pytest.mark.parametrize("processes", [2, 4])
def test_processes_that_fill_one_empty_cache_at_once_agree(processes, plain, tmp_path):
    environment = os.environ | {"DGSIM_CACHE_DIR": str(tmp_path)}
    assert {digest for digest, _ in said(environment, processes)} == {plain}
    assert said(environment) == [(plain, 0)], "what they left behind is the same, and nothing is compiled again"


def test_the_rules_are_the_same_without_the_hooks():
    """A numba that no hook knows: the plain way."""
    text = "from dgsim.world import numba_hooks; print(numba_hooks.FOUND)"
    answer = subprocess.run([sys.executable, "-c", text], env=PLAIN, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "{'names_by_content': False, 'made_known': False}"


def test_the_plain_way_keeps_what_it_compiles_and_finds_its_files(tmp_path):
    text = f"{RULES}\nprint(*(path.suffix for rule in (lose_staff, train) for path in sorted(rule.files)))"
    environment = PLAIN | {"DGSIM_CACHE_DIR": str(tmp_path), "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    for compiled in ("2", "0"):
        answer = subprocess.run(
            [sys.executable, "-c", text], env=environment, capture_output=True, text=True, check=True
        )
        assert answer.stdout.split()[1:] == [compiled, *[".nbc", ".nbi"] * 2]
