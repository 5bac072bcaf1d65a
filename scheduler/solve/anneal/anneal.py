"""Simulated annealing over the whole model, with one chain per core.

Kirkpatrick et al. 1983. Temperatures fall geometrically with the share of the budget used up, so that any
time limit is used whole. Small problems are heated again several times: one slow cooling ends where most end.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic

import numpy as np

from scheduler.model import Plan
from scheduler.solve.anneal.chain import COUNTERS, FEASIBLE, run, sample
from scheduler.solve.anneal.layout import (
    MISSED,
    SHIFT,
    TRAVEL,
    WAITING_PRICE,
    Floats,
    Ints,
    Packed,
    Scratch,
    State,
)
from scheduler.solve.anneal.pack import PackedProblem
from scheduler.solve.anneal.schedule import plan_of
from scheduler.solve.anneal.state import copied, empty_state, overwrite, scratch_for, state_of_plan
from scheduler.solve.anneal.tuning import Tuning, first_penalty, mix_for
from scheduler.solve.seam import Cancelled, never

Watch = Callable[[int], None]
"""Told the best cost so far, in points, whenever it has fallen."""

FIRST_MOVES = 200
"""Moves per task that lead to the first local optimum."""

MOST_PENALTY = 10**7

CYCLE_SECONDS = 0.003
CYCLE_MOVES = 6000
"""Seconds, or moves, of one cooling, times the square of the number of tasks. Where the budget has room for
several coolings, so many are made."""

SEGMENT_MOVES = 20_000
"""Moves between two looks around where the budget is in moves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Annealed:
    """The best plan found, its cost in points, whether it keeps every rule, and how many moves were tried."""

    plan: Plan
    cost: int
    feasible: bool
    moves: int


@dataclass(slots=True)
class Chain:
    """One chain of moves and the best state it has met."""

    tables: Packed
    mix: Floats
    state: State
    scratch: Scratch
    penalty: int
    best: State = field(init=False)
    counters: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.best = copied(self.state)
        self.counters = np.zeros(COUNTERS, dtype=np.int64)

    def run(self, temperature: float, moves: int) -> None:
        """Try `moves` moves."""
        self.counters[:] = 0
        run(
            self.tables,
            self.state,
            self.best,
            self.scratch,
            self.mix,
            temperature,
            self.penalty,
            moves,
            self.counters,
        )

    def adapt(self, moves: int, share: float) -> None:
        """After `moves` moves, `share` of a cooling over: make rules dearer where most of these states broke
        one, cheaper where hardly any did."""
        kept = self.counters[FEASIBLE] / max(1, moves)
        if kept < 0.3 + 0.4 * share:
            self.penalty = min(int(self.penalty * 1.2) + 1, MOST_PENALTY)
        elif kept > 0.9:
            self.penalty = max(int(self.penalty / 1.1), 1)

    def leg(self, quantile: float) -> float:
        """What an average drive costs, in points; where driving is free, a third of what waiting so long
        would cost, or else a modestly bad move."""
        stops = int(np.count_nonzero(self.state.task[:, SHIFT] >= 0))
        rate = self.tables.weight[TRAVEL] or self.tables.effort[WAITING_PRICE] / 3
        points = float(rate * self.state.total[TRAVEL])
        if stops and points:
            return points / stops
        deltas = np.zeros(2000)
        found = sample(self.tables, self.state, self.scratch, self.mix, self.penalty, deltas)
        return float(np.quantile(deltas[:found], quantile)) if found else 1.0

    @property
    def energy(self) -> int:
        """The price of the present state, rules missed included."""
        return price(self.tables, self.state) + self.penalty * int(self.state.total[MISSED])

    @property
    def record(self) -> tuple[int, int]:
        """How good the best state is, smaller is better: seconds of rules missed, then cost."""
        return int(self.best.total[MISSED]), price(self.tables, self.best)


def price(tables: Packed, state: State) -> int:
    """The cost of a state in points."""
    return int((tables.weight[:MISSED] * state.total[:MISSED]).sum())


class Annealer:
    """Improves plans of one packed problem."""

    def __init__(self, packed: PackedProblem, tuning: Tuning | None = None) -> None:
        self._packed = packed
        self._tuning = tuning or Tuning()

    def improve(
        self,
        start: Plan | None = None,
        *,
        seconds: float | None = None,
        moves: int | None = None,
        seed: int = 0,
        watch: Watch | None = None,
        cancelled: Cancelled = never,
    ) -> Annealed:
        """The best plan found in `seconds` of wall time or `moves` moves a chain; one of the two must be
        given.

        `start`: a plan to begin with; None: begin with nothing served. The same moves and seed give the same
        plan.
        """
        budget = _Budget(seconds, moves)
        chains = self._chains(start, seed)
        if len(self._packed.tables.task) > 0:
            first = chains[0]
            first.run(0.0, FIRST_MOVES * len(self._packed.tables.task))
            for chain in chains[1:]:
                overwrite(chain.state, first.state)
                overwrite(chain.best, first.best)
            with ThreadPoolExecutor(len(chains)) as pool:
                self._cool(chains, budget, pool, watch, cancelled)
        chain = min(chains, key=lambda chain: chain.record)
        missed, cost = chain.record
        return Annealed(
            plan=plan_of(self._packed, chain.best),
            cost=cost,
            feasible=missed == 0,
            moves=budget.done * len(chains),
        )

    def _chains(self, start: Plan | None, seed: int) -> list[Chain]:
        tables = self._packed.tables
        state = empty_state(tables) if start is None else state_of_plan(self._packed, start)
        mix, penalty = mix_for(tables, self._tuning), first_penalty(tables)
        return [
            Chain(tables, mix, copied(state), scratch_for(tables, seed, number), penalty)
            for number in range(self._tuning.chains)
        ]

    def _cool(
        self, chains: list[Chain], budget: _Budget, pool: Executor, watch: Watch | None, cancelled: Cancelled
    ) -> None:
        tuning = self._tuning
        scale = chains[0].leg(tuning.quantile)
        exchanged, shown = 0, None
        cycles = budget.cycles(len(self._packed.tables.task))
        while (share := budget.share()) < 1.0 and not cancelled():
            cooled = share * cycles % 1.0
            temperature = scale * tuning.hot * (tuning.cold / tuning.hot) ** cooled
            batch = budget.batch(tuning.segment_seconds)
            running = [pool.submit(chain.run, temperature, batch) for chain in chains]
            for one in running:
                one.result()
            budget.spend(batch)
            for chain in chains:
                chain.adapt(batch, cooled)
            if share * tuning.exchanges >= exchanged + 1:
                exchanged += 1
                _exchange(chains, temperature)
            missed, cost = min(chain.record for chain in chains)
            if watch is not None and missed == 0 and (shown is None or cost < shown):
                shown = cost
                watch(cost)


class _Budget:
    """Wall seconds from now on, or moves."""

    def __init__(self, seconds: float | None, moves: int | None) -> None:
        if (seconds is None) == (moves is None):
            raise ValueError("state either seconds or moves")
        self._began = self._last = monotonic()
        self._seconds, self._moves = seconds, moves
        self._rate = 200_000.0
        self.done = 0

    def share(self) -> float:
        """How much of it is used up, from 0 to 1."""
        if self._seconds is not None:
            return (monotonic() - self._began) / self._seconds if self._seconds > 0 else 1.0
        assert self._moves is not None
        return self.done / self._moves if self._moves > 0 else 1.0

    def cycles(self, tasks: int) -> int:
        """How many coolings there is room for; at least one."""
        if self._seconds is not None:
            return max(1, int(self._seconds / (CYCLE_SECONDS * tasks**2)))
        assert self._moves is not None
        return max(1, self._moves // (CYCLE_MOVES * tasks**2))

    def batch(self, seconds: float) -> int:
        """How many moves come next: about `seconds` of them, or a fixed number where the budget is in
        moves."""
        self._last = monotonic()
        if self._moves is not None:
            return min(SEGMENT_MOVES, self._moves - self.done)
        assert self._seconds is not None
        left = max(0.001, self._seconds - (self._last - self._began))
        return max(100, int(self._rate * min(seconds, left)))

    def spend(self, moves: int) -> None:
        """These many moves have been tried."""
        self.done += moves
        self._rate = 0.5 * self._rate + 0.5 * moves / max(1e-6, monotonic() - self._last)


def _exchange(chains: list[Chain], temperature: float) -> None:
    """Let a chain that has fallen far behind go on from the state of the best."""
    leader = min(chains, key=lambda chain: chain.energy)
    for chain in chains:
        if chain.energy - leader.energy > 3 * temperature:
            overwrite(chain.state, leader.state)
