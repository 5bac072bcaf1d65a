"""A solver's progress as lines of text."""

from __future__ import annotations

from typing import TextIO

from scheduler.solve.seam import Progress

_SECONDS_BETWEEN_LINES = 1.0


def shown(points: int, points_per_unit: int) -> str:
    """A cost as people read it: in dollars, or in a published instance's unit."""
    return f"{points / points_per_unit:.3f}"


class ProgressLines:
    """A `Report` that writes a line at each new stage, and within one, once a second, when there is news."""

    def __init__(self, stream: TextIO, points_per_unit: int) -> None:
        self._stream = stream
        self._points_per_unit = points_per_unit
        self._last = Progress(stage="", seconds=0.0)

    def __call__(self, progress: Progress) -> None:
        """Write the line, if it is due."""
        last = self._last
        new_stage = progress.stage != last.stage
        news = (progress.cost, progress.bound) != (last.cost, last.bound)
        if new_stage or (news and progress.seconds >= last.seconds + _SECONDS_BETWEEN_LINES):
            self._last = progress
            print(self._line(progress), file=self._stream, flush=True)

    def _line(self, progress: Progress) -> str:
        line = f"{progress.seconds:7.1f} s  {progress.stage}"
        if progress.cost is not None:
            line += f"  cost {shown(progress.cost, self._points_per_unit)}"
        if progress.bound is not None:
            line += f"  bound {shown(progress.bound, self._points_per_unit)}"
        return line
