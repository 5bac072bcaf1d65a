"""Windows: which one a stay is judged by, and by how much it misses a soft one."""

from __future__ import annotations

from scheduler.model import Stop, Task, Window


def judged_by(task: Task, start: int) -> Window:
    """The last window that is open at `start` or was before; where there is none, the first."""
    begun = [window for window in task.windows if window.earliest_start <= start]
    return begun[-1] if begun else task.windows[0]


def keeps(window: Window, stop: Stop) -> bool:
    """The stay lies in the window; of a soft one only the earliest start counts."""
    if stop.start < window.earliest_start:
        return False
    return window.soft or (stop.start <= window.latest_start and not ends_late(window, stop))


def ends_late(window: Window, stop: Stop) -> bool:
    """The stay is over after the window's latest end."""
    return window.latest_end is not None and stop.end > window.latest_end


def lateness(task: Task, stop: Stop) -> int:
    """Seconds by which a soft window is missed: the worse of start and end. 0 for a hard one."""
    if not task.windows[0].soft:  # all are soft, or none
        return 0
    window = judged_by(task, stop.start)
    past_end = 0 if window.latest_end is None else stop.end - window.latest_end
    return max(0, stop.start - window.latest_start, past_end)
