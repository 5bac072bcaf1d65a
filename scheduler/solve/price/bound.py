"""The arithmetic of the proven bound: whole numbers only, so nothing is lost to rounding.

For ANY whole prices of tasks and any prices >= 0 of cuts and parts, no feasible plan costs less than
`lagrangian` says: a plan's cost is the cost of its routes plus its drop costs; give every route a credit for
its tasks and charge each visit the same (docs/engine-pricing.md has the proof). Good prices come from
floating-point duals, but are rounded first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scheduler.solve.price.prices import Prices
from scheduler.solve.price.tables import Ints, Tables


def whole(duals: npt.NDArray[np.float64]) -> Ints:
    """Duals as whole prices. Any rounding is valid; the nearest loses least."""
    return np.rint(duals).astype(np.int64)


def lagrangian(tables: Tables, prices: Prices, least: Sequence[int]) -> int:
    """A lower bound of every feasible plan's cost in points.

    `least[k]`: no route of shift k has a smaller reduced cost (its cost less its tasks' prices plus the
    prices of the cuts it touches and of the parts it plays).
    """
    visits = sum(prices.of_visits(tables))
    return visits + sum(min(0, value) for value in least) - int(prices.of_cuts.sum())


def round_up(value: int, unit: int) -> int:
    """The next multiple of `unit`: every plan's cost is one, so a bound may be raised to it."""
    return -(-value // unit) * unit


def safe(floating: float, unit: int) -> float:
    """A solver's floating-point bound, less more than its tolerances can be worth: half a unit at least,
    which `round_up` wins back where the bound was right."""
    if math.isinf(floating):
        return floating if floating > 0 else 0.0
    return max(0.0, floating - max(unit / 2, 1e-6 * abs(floating)))
