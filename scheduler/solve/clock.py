"""The one clock of a solve: when it began, what time is left, whether it has been called off."""

from __future__ import annotations

from time import perf_counter

from scheduler.solve.seam import Cancelled


class Clock:
    """Wall seconds since it was made, against a limit."""

    def __init__(self, seconds: float, cancelled: Cancelled) -> None:
        self._begun = perf_counter()
        self._seconds = seconds
        self._cancelled = cancelled

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return perf_counter() - self._begun

    @property
    def remaining(self) -> float:
        """Seconds left, 0 when the limit is past."""
        return max(0.0, self._seconds - self.elapsed)

    def over(self) -> bool:
        """Time is up, or the caller has cancelled. To be asked from the caller's thread."""
        return self.remaining == 0.0 or self._cancelled()
