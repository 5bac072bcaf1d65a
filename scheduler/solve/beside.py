"""One search beside another, on the other core."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import TypeVar

from scheduler.solve.seam import Cancelled

Found = TypeVar("Found")


@contextmanager
def beside(work: Callable[[Cancelled], Found], cancelled: Cancelled) -> Iterator[Future[Found]]:
    """Run `work` on a thread of its own while the block runs: compiled code releases the interpreter's lock.

    What `work` is given tells it to stop: once the block has ended, or where the caller has `cancelled`.
    """
    over = Event()
    with ThreadPoolExecutor(1) as pool:
        try:
            yield pool.submit(work, lambda: over.is_set() or cancelled())
        finally:
            over.set()
