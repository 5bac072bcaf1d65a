"""What tasks are worth: prices of one LP, kept for the next solve of the day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scheduler.model import Worth
from scheduler.model.record import MAX_POINTS
from scheduler.solve.price.tables import Ints, Tables


def worths_of(tables: Tables, prices: Ints) -> tuple[Worth, ...]:
    """Of each task the price of its dearest copy; those worth nothing are left out."""
    points: dict[str, int] = {}
    for task, price in zip(tables.task_ids, prices.tolist(), strict=True):
        points[task] = max(points.get(task, 0), min(price, MAX_POINTS))
    return tuple(Worth(task=task, points=price) for task, price in points.items() if price > 0)


def prices_of(tables: Tables, worths: Sequence[Worth]) -> Ints:
    """The tasks' prices, by copy; 0 where nothing is known."""
    points = {worth.task: worth.points for worth in worths}
    return np.array([points.get(task, 0) for task in tables.task_ids], dtype=np.int64)
