"""What a shift does not carry enough of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scheduler.model import Shift, Task


def lacking(shift: Shift, tasks: Iterable[Task]) -> tuple[str, ...]:
    """The items of the shift's stock of which these tasks together use more than it has."""
    if not shift.stock:
        return ()
    used: Counter[str] = Counter()
    for task in tasks:
        used.update({supply.item: supply.units for supply in task.uses})
    return tuple(supply.item for supply in shift.stock if used[supply.item] > supply.units)
