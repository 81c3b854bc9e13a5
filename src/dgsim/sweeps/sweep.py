"""Many points, many runs: a design computed block by block into a folder that can be left and taken up again."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from dgsim.country import Country, load_country
from dgsim.engine.run import Progress
from dgsim.errors import StudyError
from dgsim.sweeps.blocks import Parts, block_of, recipe_of
from dgsim.sweeps.design_file import load_design
from dgsim.sweeps.designs import Design
from dgsim.sweeps.estimate import check_size
from dgsim.sweeps.files import RUNS_A_FILE
from dgsim.sweeps.identity import new_manifest
from dgsim.sweeps.location import local_folder
from dgsim.sweeps.manifest import sweep_hash
from dgsim.sweeps.points import Points
from dgsim.sweeps.results import Sweep, load_sweep
from dgsim.sweeps.store import Store, opened_store
from dgsim.sweeps.workers import Runner, Stop, on_threads
from dgsim.texts import IN_ENGLISH, Words
from dgsim.texts.clauses import Fill, Listed, Sentence, clause

DesignLike = str | Path | Mapping[str, Any] | Design
Tell = Callable[[Sentence], None]
FEWEST_IN_A_BLOCK, MOST_IN_A_BLOCK = 64, 8_192  # of a block
USUAL_BLOCKS = 1_024  # of a sweep of middling size
HEAVY_RUNS = 16  # runs of a block that keeps provinces or entries


class SweepInterrupted(KeyboardInterrupt):
    """Ctrl-C: the blocks in hand are finished, the text says how to go on.

    Parameters
    ----------
    key : str
        Of the sentence in the table of texts.
    **facts
        What fills it: the folder, and how many runs are there.
    """

    def __init__(self, key: str, **facts: Fill) -> None:
        super().__init__(key)
        self.key, self.facts = key, facts

    def text(self, words: Words = IN_ENGLISH, again: str = "again.call") -> str:
        """Tell what was kept, and how to go on.

        Parameters
        ----------
        words : Words, default English
            The texts of a language.
        again : str, default "again.call"
            Key of how its reader goes on: by a call, or by a command.

        Returns
        -------
        str
            One sentence.
        """
        return clause(self.key, **self.facts, again=clause(again)).text(words)

    def __str__(self) -> str:
        return self.text()


def block_runs(design: Design) -> int:
    """Runs of a block: a power of two, more of them in a larger sweep, few where each leaves much behind."""
    if design.keep:
        return HEAVY_RUNS
    wanted = 1 << max(0, (design.runs - 1) // USUAL_BLOCKS).bit_length()
    return min(max(wanted, FEWEST_IN_A_BLOCK), MOST_IN_A_BLOCK)


def sweep(
    design: DesignLike,
    out: str | Path,
    *,
    resume: bool = False,
    country: str | Path | Country | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    block: int | None = None,
    any_size: bool = False,
    progress: Progress | None = None,
    tell: Tell | None = None,
) -> Sweep:
    """Compute a design of scenarios, levers, uncertainties and replications into a folder.

    Parameters
    ----------
    design : str, Path, Mapping or Design
        A TOML file, its content, or what was read from it.
    out : str or Path
        The folder of the results.
    resume : bool, default False
        Continue what the folder holds, and start where it holds nothing.
    country : str, Path or Country, optional
        As in `simulate`.
    workers : int, optional
        Processes on this machine (extra `cluster`); by default threads on all cores.
    cluster : str, optional
        The address of a Dask scheduler (extra `cluster`) whose workers compute.
    block : int, optional
        Runs computed and stored at a time, a power of two. Neither it nor who computes moves a byte of the results.
    any_size : bool, default False
        Begin however long it takes; otherwise what would take more than a day or 10 GB is refused with the estimate.
    progress : callable, optional
        Called with the runs stored and all runs.
    tell : callable, optional
        Called with a sentence that a user may want to know: text in English, whose `said.text` tells it in the words
        of another language.

    Returns
    -------
    Sweep
        As `load_sweep` reads it.

    Raises
    ------
    ScenarioError, CountryError
        If a scenario or the country cannot be used: one sentence a mistake.
    StudyError
        If the design (DesignError) or the folder (StoreError) cannot.
    SweepInterrupted
        After Ctrl-C, when the blocks in hand are stored; says how to go on.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from dgsim import sweep
    >>> design = {"name": "two", "scenarios": ["history", "staged"], "replications": 2, "quarters": ["2020Q4"]}
    >>> with TemporaryDirectory() as folder:
    ...     sweep(design, folder)
    Sweep('two', 2 points, 4 runs)
    """
    folder = local_folder(out, "write the sweep to one, and copy it when it is finished")
    plan, land = load_design(design), load_country(country)
    size = _block_size(plan, block)
    if not any_size:
        check_size(plan, land)
    points = Points(plan)
    manifest = new_manifest(plan, land, _path_of(country), size)
    with (
        _runner(workers, cluster) as run,
        opened_store(folder, manifest, points, resume) as store,
        _interruptible(folder, tell) as stop,
    ):
        _tell_state(store, tell)
        blocks = (block_of(points, number, store.runs_of(number)) for number in store.missing())
        _compute(store, run(recipe_of(plan, land, sweep_hash(store.manifest)), blocks, stop), progress)
        if stop():
            done = _stored_runs(store)
            raise SweepInterrupted("interrupted.sweep", done=done, runs=plan.runs, folder=str(folder))
        store.finish()
    return load_sweep(folder)


def _block_size(design: Design, block: int | None) -> int:
    if block is None:
        return block_runs(design)
    most = min(RUNS_A_FILE[table] for table in ("outcomes", *design.keep))
    if block < 1 or block > most or block & (block - 1):
        raise StudyError(f"block = {block} is not a power of two from 1 to {most}")
    return block


def _path_of(country: str | Path | Country | None) -> str | None:
    return str(Path(country).resolve()) if isinstance(country, str | Path) else None


def _compute(store: Store, results: Iterator[tuple[int, Parts]], progress: Progress | None) -> None:
    """Store blocks as they come."""
    done = _stored_runs(store)
    everything = store.manifest["runs"]
    if progress is not None:
        progress(done, everything)
    for number, parts in results:
        store.put(number, parts)
        done += len(store.runs_of(number))
        if progress is not None:
            progress(done, everything)


def _stored_runs(store: Store) -> int:
    return int(store.manifest["runs"]) - sum(len(store.runs_of(number)) for number in store.missing())


def _tell_state(store: Store, tell: Tell | None) -> None:
    if tell is None:
        return
    if store.damaged:
        tell(Sentence(clause("sweep.damaged", files=Listed(tuple(store.damaged)))))
    if done := _stored_runs(store):
        tell(Sentence(clause("sweep.there", done=done, runs=store.manifest["runs"])))


def _runner(workers: int | None, cluster: str | None) -> AbstractContextManager[Runner]:
    if workers is None and cluster is None:
        return nullcontext(on_threads)
    if workers is not None and cluster is not None:
        raise StudyError("workers and cluster exclude each other: a cluster has its own workers")
    from dgsim.sweeps.cluster import on_dask

    return on_dask(workers, cluster)


@contextmanager
def _interruptible(folder: Path, tell: Tell | None) -> Iterator[Stop]:
    """Whether Ctrl-C was pressed since; pressed twice, it interrupts at once."""
    asked = threading.Event()

    def interrupted(*_: Any) -> None:
        if asked.is_set():
            raise SweepInterrupted("interrupted.at_once", folder=str(folder))
        asked.set()
        if tell is not None:
            tell(Sentence(clause("sweep.finishing")))

    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)
