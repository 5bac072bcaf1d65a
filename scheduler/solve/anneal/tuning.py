"""The annealing's settings, and how they fit themselves to a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from scheduler.solve.anneal.layout import (
    LATENESS,
    LATEST_FINISH,
    MODE_TASKS,
    MODE_TASKS_END,
    OVERTIME_PRICE,
    REST_DURATION,
    TRAVEL,
    VISIT_DROP,
    VISIT_MODES,
    VISIT_MODES_END,
    WINDOWS_BEGIN,
    WINDOWS_END,
    Floats,
    Packed,
)

MIX: Mapping[str, float] = {
    "relocate": 0.55,
    "swap": 0.15,
    "tails": 0.15,
    "reassign": 0.06,
    "bump": 0.04,
    "exchange": 0.01,
    "routes": 0.03,
    "mode": 0.8,
    "drop": 0.005,
    "replace": 0.01,
    "window": 0.03,
    "series": 0.1,
    "rest": 0.02,
}
"""Shares of the kinds of moves, in the order in which `chain.propose` draws them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tuning:
    """The annealing's settings.

    The first and last temperature are `hot` and `cold` times what an average drive costs at a first local
    optimum (where driving is free, the `quantile` of what sampled bad moves cost). `chains` run at once,
    look at each other's states `exchanges` times, and report back every `segment_seconds`.
    """

    mix: Mapping[str, float] = field(default_factory=lambda: MIX)
    quantile: float = 0.1
    hot: float = 1.5
    cold: float = 0.025
    chains: int = 2
    exchanges: int = 40
    segment_seconds: float = 0.05


def mix_for(tables: Packed, tuning: Tuning) -> Floats:
    """Rising limits of the shares, without the kinds of moves that this problem has no use for."""
    alike = (tables.shift[:, : LATEST_FINISH + 1] == tables.shift[:1, : LATEST_FINISH + 1]).all()
    paired = bool((tables.mode[:, MODE_TASKS_END] - tables.mode[:, MODE_TASKS] > 1).any())
    varied = bool((tables.visit[:, VISIT_MODES_END] - tables.visit[:, VISIT_MODES] > 1).any())
    useless = {
        "exchange": not paired,
        "routes": bool(alike) and not (tables.price > 0).any(),
        "mode": not (paired or varied),
        "drop": not (tables.visit[:, VISIT_DROP] > 0).any(),
        "replace": not (tables.visit[:, VISIT_DROP] > 0).any(),
        "window": not (tables.task[:, WINDOWS_END] - tables.task[:, WINDOWS_BEGIN] > 1).any(),
        "series": len(tables.spacing) == 0,
        "rest": not (tables.shift[:, REST_DURATION] > 0).any(),
    }
    shares = [0.0 if useless.get(kind, False) else share for kind, share in tuning.mix.items()]
    limits: Floats = np.cumsum(shares) / sum(shares)
    return limits


def first_penalty(tables: Packed) -> int:
    """Points a second by which a rule is missed counts at first.

    More than any second that may be paid for, and for a quarter of an hour as much as leaving a visit out.
    """
    overtime = tables.shift[:, OVERTIME_PRICE].max(initial=1)
    seconds = int(max(tables.weight[TRAVEL], tables.weight[LATENESS], overtime))
    drops = tables.visit[:, VISIT_DROP]
    return max(4 * seconds, int(drops.sum()) // max(1, 900 * int(np.count_nonzero(drops))))
