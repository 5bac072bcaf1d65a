"""The arithmetic of the proven bound: whole numbers only, so nothing is lost to rounding.

For ANY whole prices of tasks and any cut prices >= 0, no feasible plan costs less than `lagrangian` says:
a plan's cost is the cost of its routes plus its drop costs; give every route a credit for its tasks and
charge each visit the same (docs/engine-pricing.md has the proof). Good prices come from floating-point
duals, but are rounded first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scheduler.solve.price.tables import NEVER, Choice, Ints, Tables


def whole(duals: npt.NDArray[np.float64]) -> Ints:
    """Duals as whole prices. Any rounding is valid; the nearest loses least."""
    return np.rint(duals).astype(np.int64)


def lagrangian(tables: Tables, prices: Ints, least: Sequence[int], cut_prices: Ints) -> int:
    """A lower bound of every feasible plan's cost in points.

    `least[k]`: no route of shift k has a smaller reduced cost (its cost less its tasks' prices plus the
    prices of the cuts it touches).
    """
    visits = sum(visit_price(tables, v, prices) for v in range(len(tables.drop)))
    return visits + sum(min(0, value) for value in least) - int(cut_prices.sum())


def visit_price(tables: Tables, visit: int, prices: Ints) -> int:
    """What serving the visit earns in its cheapest mode, or its drop cost where that is less."""
    earned = [choice_price(choice, prices) for choice in tables.choices[visit]]
    drop = tables.drop[visit]
    return min([*earned, NEVER if drop is None else drop]) if earned or drop is not None else 0


def choice_price(choice: Choice, prices: Ints) -> int:
    """What a mode's tasks earn together."""
    return int(sum(prices[task] for task in choice.tasks))


def round_up(value: int, unit: int) -> int:
    """The next multiple of `unit`: every plan's cost is one, so a bound may be raised to it."""
    return -(-value // unit) * unit


def safe(floating: float, unit: int) -> float:
    """A solver's floating-point bound, less more than its tolerances can be worth: half a unit at least,
    which `round_up` wins back where the bound was right."""
    if math.isinf(floating):
        return floating if floating > 0 else 0.0
    return max(0.0, floating - max(unit / 2, 1e-6 * abs(floating)))
