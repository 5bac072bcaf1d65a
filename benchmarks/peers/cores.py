"""Two cores for peers that use one: the same search twice at once, with different seeds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.peers.day import Day, Orders

CORES = 2

Search = Callable[[Day, float, int], Orders]
"""Day, wall seconds, seed; it counts the seconds from when its own model is built."""


def on_both(search: Search, day: Day, seconds: float, seed: int) -> list[Orders]:
    """What each core found. `search` is a module's function: fresh processes import it."""
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(search, day, seconds, CORES * seed + core) for core in range(CORES)]
        return [one.result() for one in running]
