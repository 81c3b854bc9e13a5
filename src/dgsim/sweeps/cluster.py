"""Blocks on Dask: on workers of a cluster, or on processes of this machine. Needs the extra `cluster`.

Only the process that asks writes to the store; workers need the package, no common disk. A worker that dies is
replaced by another; if the scheduler is lost, what is stored is kept and can be continued.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import signal
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from importlib import import_module
from itertools import islice
from multiprocessing import current_process
from typing import Any

from dgsim.errors import ClusterError, asked, printable, whole_number
from dgsim.sweeps.blocks import Block, Parts, Recipe, run_block
from dgsim.sweeps.workers import AHEAD, Results, Runner, Stop

NO_GUARD = (
    "worker processes cannot start: a script that asks for them must do so below a line "
    "`if __name__ == '__main__':`, for each of them reads the script again"
)
CONNECT_SECONDS = 15
LOCAL = {
    "threads_per_worker": 1,
    "processes": True,
    "dashboard_address": None,
    "scheduler_kwargs": {"dashboard_address": "127.0.0.1:0"},  # any port that is free, or Dask takes 8787 all the same
    "silence_logs": logging.CRITICAL,
    "preload": __name__,
}


@contextmanager
def on_dask(workers: int | None = None, address: str | None = None) -> Iterator[Runner]:
    """A runner on so many new processes of this machine, or on the scheduler at an address.

    Raises ClusterError where there is no such scheduler, where it is lost, or Dask is not installed.
    """
    count = whole_number(workers, "workers", 1) if address is None else 0
    distributed = _distributed()
    with ExitStack() as opened:
        opened.enter_context(_silent("distributed.client"))
        if address is None:
            address = opened.enter_context(_own_workers(distributed, count)).scheduler_address
        else:
            _ask(distributed, address)
        try:
            client = opened.enter_context(distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False))
        except (OSError, ValueError) as error:
            raise _absent(address, error) from None
        yield lambda recipe, blocks, stop: _results(client, recipe, blocks, stop)


def _ask(distributed: Any, address: str) -> None:
    """Raise ClusterError where no scheduler answers at an address within `CONNECT_SECONDS`.

    A client is not asked: one that cannot connect tries to say so once more when it is thrown away, half a minute
    later. Whoever answers there may be anything, and the answer is read as a message of Dask's: so any fault is caught.
    """
    if not isinstance(address, str) or not address.strip():
        raise ClusterError(f"cluster = {address!r} is no address of a Dask scheduler, such as tcp://127.0.0.1:8786")

    async def kind() -> str:
        security = distributed.Security().get_connection_args("client")
        async with distributed.rpc(address, timeout=CONNECT_SECONDS, connection_args=security) as there:
            return str((await there.identity())["type"])

    async def within_time() -> str:
        return await asyncio.wait_for(kind(), CONNECT_SECONDS)

    with ThreadPoolExecutor(1) as beside:  # an event loop may run in this thread already
        try:
            found = beside.submit(asyncio.run, within_time()).result()
        except TimeoutError:
            raise _absent(address, f"nobody answered within {CONNECT_SECONDS} seconds") from None
        except Exception as error:
            raise _absent(address, error) from None
    if found != "Scheduler":
        raise _absent(address, f"a {found.lower()} of Dask's answers there")


def _absent(address: str, why: object) -> ClusterError:
    reason = (str(why).splitlines() or [type(why).__name__])[0]
    return ClusterError(f"there is no Dask scheduler at {printable(address)} ({reason})")


@contextmanager
def _own_workers(distributed: Any, count: int) -> Iterator[Any]:
    """New processes of this machine. Raises ClusterError where they cannot start.

    A process begins by reading the script again that asked for it: one without a main guard asks again, from within it.
    """
    if getattr(current_process(), "_inheriting", False):
        raise SystemExit(1)
    with _silent("distributed.nanny"), ExitStack() as opened:
        try:
            cluster = opened.enter_context(distributed.LocalCluster(n_workers=count, **LOCAL))
        except RuntimeError:
            raise ClusterError(NO_GUARD) from None
        yield cluster


def dask_setup(_worker: Any) -> None:
    """Called by Dask in each process it starts here: Ctrl-C in a terminal reaches all, and is for who asks alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ModuleNotFoundError:
        raise ClusterError('distributed is not installed: pip install "dgsim[cluster]"') from None


@contextmanager
def _silent(name: str) -> Iterator[None]:
    """No word from a log: what it says of a lost scheduler is said in a sentence."""
    log = logging.getLogger(name)
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)


def _results(client: Any, recipe: Recipe, blocks: Iterator[Block], stop: Stop) -> Results:
    """Blocks computed by the workers of a client; no more are sent than they can begin soon."""
    ready = _distributed().as_completed(loop=client.loop)
    shared = client.submit(pickle.loads, pickle.dumps(recipe), pure=False)
    waiting: dict[str, int] = {}

    def send() -> None:
        with _lost_scheduler(client):
            wanted = 0 if stop() else AHEAD * _threads(client) - len(waiting)
            for block in islice(blocks, max(0, wanted)):
                future = client.submit(run_block, shared, block, pure=False)
                waiting[future.key] = block.number
                ready.add(future)

    send()
    for future in ready:
        yield waiting.pop(future.key), _result(client, future)
        send()


def _threads(client: Any) -> int:
    """How many blocks the workers compute at a time; one at least, for workers may be on their way."""
    return max(1, int(sum(client.nthreads().values())))


def _result(client: Any, future: Any) -> Parts:
    """What a worker computed; its own mistakes come back as they are."""
    if future.status == "error":
        error = future.exception()
        if isinstance(error, _distributed().KilledWorker):
            raise ClusterError(f"a block ended every worker that tried it: {error}")
        raise error
    with _lost_scheduler(client):
        parts: Parts = future.result()
        return parts


@contextmanager
def _lost_scheduler(client: Any) -> Iterator[None]:
    """A lost scheduler as a sentence."""
    try:
        yield
    except (OSError, CancelledError):
        address = client.scheduler.address
        raise ClusterError(
            f"the scheduler at {address} was lost; what is finished is kept, and {asked('resume')} goes on from there"
        ) from None
