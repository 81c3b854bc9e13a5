"""Who computes blocks: threads of this process. A runner gives blocks as they are done, in any order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice

from dgsim.engine.compiled_first import compile_with_word
from dgsim.sweeps.blocks import Block, Parts, Recipe, run_block

Stop = Callable[[], bool]
Results = Iterator[tuple[int, Parts]]
Runner = Callable[[Recipe, Iterator[Block], Stop], Results]
AHEAD = 2  # blocks begun or waiting, for each thread


def on_threads(recipe: Recipe, blocks: Iterator[Block], stop: Stop, threads: int | None = None) -> Results:
    """Blocks computed on all cores; when asked to stop, no further block is begun."""
    count = threads or os.cpu_count() or 1
    pool = ThreadPoolExecutor(count)
    in_hand: dict[Future[Parts], int] = {}
    try:
        while True:
            wanted = 0 if stop() else AHEAD * count - len(in_hand)
            in_hand |= {pool.submit(_run, recipe, block): block.number for block in islice(blocks, wanted)}
            if stop():
                in_hand = {future: number for future, number in in_hand.items() if not future.cancel()}
            if not in_hand:
                return
            done, _ = wait(in_hand, return_when=FIRST_COMPLETED)
            for future in done:
                yield in_hand.pop(future), future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _run(recipe: Recipe, block: Block) -> Parts:
    compile_with_word()
    return run_block(recipe, block)
