"""A small problem as one CP-SAT model: the best plan, and the proof that it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np

from scheduler.solve.candidates import Candidates
from scheduler.solve.clock import Clock
from scheduler.solve.day import Day
from scheduler.solve.scope import full_freedom
from scheduler.solve.search import THREADS, Searcher
from scheduler.solve.tables import Tables
from scheduler.solve.timing import Timed

SMALL = 1000
"""Up to so many pairs of tasks on one shift, summed over shifts, a problem is small."""

SHARE = 0.3
"""Part of the time left that the proof may take."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The best plan met, what every feasible plan costs at least in points (None: not known), and whether the
    plan is the best there is."""

    plan: Timed
    bound: int | None
    proven: bool


def is_small(day: Day) -> bool:
    """Whether the whole problem can be one model."""
    return pairs(day.tables, day.candidates) <= SMALL


def prove(day: Day, plan: Timed, seed: int, clock: Clock, beat: Callable[[], None]) -> Proof:
    """Solve the whole problem from `plan` on, for a SHARE of the time left; `beat` is called now and then."""
    tables, candidates = day.tables, day.candidates
    seconds = clock.remaining * SHARE
    searcher = Searcher(tables, candidates, clock, beat)
    try:
        freedom = full_freedom(tables, candidates)
        answer = searcher.wait(searcher.ask(plan, freedom, seed, seconds=seconds, workers=THREADS))
    finally:
        searcher.close()
    if answer is None or answer.plan is None:
        return Proof(plan, None, False)
    best = min(plan, answer.plan, key=lambda timed: timed.rank)
    bound = None
    if is_exact(tables) and not best.missing:
        never_served = [v for v, modes in enumerate(candidates.modes) if not modes]
        dropped = sum(tables.visits[v].drop_cost or 0 for v in never_served)
        bound = min(best.cost, ceil(answer.bound - 1e-6) + dropped)
    return Proof(best, bound, answer.proven)


def pairs(tables: Tables, candidates: Candidates) -> int:
    """How big the whole problem is as one model: pairs of tasks that may follow each other on a shift."""
    able = [0] * len(tables.shifts)
    for modes in candidates.modes:
        for task in (task for mode in modes for task in mode.tasks):
            for k in candidates.shifts[task]:
                able[k] += 1
    return sum(count * count for count in able)


def is_exact(tables: Tables) -> bool:
    """Whether the whole model leaves out no plan that the rules allow.

    It takes a direct drive for the quickest way, and lets a nurse use only one of two overlapping shifts.
    """
    travel = np.array(tables.travel, dtype=np.int64)
    for row in {(task.place, task.duration) for task in tables.tasks}:
        via = travel[:, row[0]][:, None] + row[1] + travel[row[0], :][None, :]
        if bool((via < travel).any()):
            return False
    return not tables.rivalry
