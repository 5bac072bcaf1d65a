"""Simulated annealing over the whole model, with one chain per core.

Kirkpatrick et al. 1983; temperatures fall geometrically with the share of the budget used up, so that any time
limit is used whole.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic

import numpy as np

from scheduler.model import Plan
from scheduler.solve.anneal.chain import COUNTERS, FEASIBLE, KINDS, run, sample
from scheduler.solve.anneal.kernel import cost
from scheduler.solve.anneal.layout import LATENESS, MISSED, OVERTIME_PRICE, TRAVEL, Floats, Ints, Packed, Scratch, State
from scheduler.solve.anneal.pack import PackedProblem
from scheduler.solve.anneal.schedule import plan_of
from scheduler.solve.anneal.state import copied, empty_state, overwrite, scratch_for, state_of_plan
from scheduler.solve.seam import Cancelled, never

Watch = Callable[[int], None]
"""Told the best cost so far, in points, when it falls."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tuning:
    """The annealing's settings. `mix`: shares of the kinds of moves, in the order of `chain.propose`.

    The first and last temperature are multiples of the `quantile` of what sampled moves cost at a first local optimum.
    """

    mix: tuple[float, ...] = (0.72, 0.05, 0.06, 0.01, 0.14, 0.01, 0.005, 0.005, 0.0, 0.0)
    quantile: float = 0.1
    hot: float = 1.0
    cold: float = 0.025
    chains: int = 2
    exchanges: int = 40
    segment_seconds: float = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Annealed:
    """The best plan found, what it costs in points, whether it keeps every rule, and how many moves were tried."""

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

    def run(self, temperature: float, cooler: float, moves: int) -> None:
        """Try `moves` moves."""
        run(
            self.tables,
            self.state,
            self.best,
            self.scratch,
            self.mix,
            temperature,
            cooler,
            self.penalty,
            moves,
            self.counters,
        )

    @property
    def energy(self) -> int:
        """The price of the present state, rules missed included."""
        return price(self.tables, self.state) + self.penalty * int(self.state.total[MISSED])

    @property
    def record(self) -> tuple[int, int]:
        """How good the best state is; smaller is better."""
        return int(self.best.total[MISSED]), price(self.tables, self.best)


def price(tables: Packed, state: State) -> int:
    """The cost of a state in points."""
    return int((tables.weight[:MISSED] * state.total[:MISSED]).sum())


class Annealer:
    """Improves plans of one packed problem."""

    def __init__(self, packed: PackedProblem, tuning: Tuning | None = None) -> None:
        self._packed = packed
        self._tuning = tuning or Tuning()
        self._mix = mix_for(packed.tables, self._tuning)

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
        """The best plan found within `seconds` of wall time or `moves` moves a chain, one of which must be given.

        `start`: a plan to begin with; None: begin with nothing served. The same moves and seed give the same plan.
        """
        if (seconds is None) == (moves is None):
            raise ValueError("state either seconds or moves")
        began = monotonic()
        tuning, tables = self._tuning, self._packed.tables
        state = empty_state(tables) if start is None else state_of_plan(self._packed, start)
        chains = [
            Chain(tables, self._mix, copied(state), scratch_for(tables, seed, i), first_penalty(tables))
            for i in range(tuning.chains)
        ]
        if len(tables.task) == 0:
            return self._result(chains, 0)
        settle_moves = 200 * len(tables.task)
        chains[0].run(0.0, 1.0, settle_moves)
        scale = typical_delta(chains[0], tuning.quantile)
        for chain in chains[1:]:
            overwrite(chain.state, chains[0].state)
            overwrite(chain.best, chains[0].best)
        hot, cold = tuning.hot * scale, tuning.cold * scale
        done, rate, shown, last_exchange = 0, 200_000.0, None, 0.0
        with ThreadPoolExecutor(tuning.chains) as pool:
            while not cancelled():
                share = done / moves if moves is not None else (monotonic() - began) / (seconds or 1.0)
                if share >= 1.0:
                    break
                temperature = hot * (cold / hot) ** share
                batch = int(rate * tuning.segment_seconds) if moves is None else min(20_000, moves - done)
                at = monotonic()
                list(pool.map(lambda chain: chain.run(temperature, 1.0, batch), chains))
                done += batch
                rate = 0.5 * rate + 0.5 * batch / max(1e-6, monotonic() - at)
                for chain in chains:
                    adapt(chain, batch, share)
                if share - last_exchange >= 1 / tuning.exchanges:
                    last_exchange = share
                    exchange(chains, temperature)
                best = min(chain.record for chain in chains)
                if watch is not None and best[0] == 0 and (shown is None or best[1] < shown):
                    shown = best[1]
                    watch(shown)
        return self._result(chains, done)

    def _result(self, chains: list[Chain], moves: int) -> Annealed:
        chain = min(chains, key=lambda chain: chain.record)
        missed, value = chain.record
        plan = plan_of(self._packed, chain.best)
        return Annealed(plan=plan, cost=value, feasible=missed == 0, moves=moves * len(chains))


def mix_for(tables: Packed, tuning: Tuning) -> Floats:
    """Rising limits of the shares, without the kinds of moves that this problem has no use for."""
    shares = np.array(tuning.mix)
    several_modes = (tables.visit[:, 1] - tables.visit[:, 0] > 1).any()
    optional = (tables.visit[:, 2] > 0).any()
    several_windows = (tables.task[:, 7] - tables.task[:, 6] > 1).any()
    pairs = (tables.mode[:, 4] - tables.mode[:, 3] > 1).any()
    rests = (tables.shift[:, 8] > 0).any()
    shares[3] = shares[3] if pairs else 0.0
    shares[5] = 0.08 if several_modes else 0.0
    shares[6:8] = shares[6:8] if optional else 0.0
    shares[8] = 0.03 if several_windows else 0.0
    shares[9] = 0.02 if rests else 0.0
    limits: Floats = np.cumsum(shares / shares.sum())
    return limits


def first_penalty(tables: Packed) -> int:
    """Points a second by which a rule is missed counts at first."""
    return int(4 * max(tables.weight[TRAVEL], tables.weight[LATENESS], tables.shift[:, OVERTIME_PRICE].max(initial=0), 1))


def typical_delta(chain: Chain, quantile: float) -> float:
    """What a modestly bad move costs, in points."""
    deltas = np.zeros(2000)
    found = sample(chain.tables, chain.state, chain.scratch, chain.mix, chain.penalty, deltas)
    return float(np.quantile(deltas[:found], quantile)) if found else 1.0


def adapt(chain: Chain, moves: int, share: float) -> None:
    """Make rules dearer where the chain breaks them most of the time, cheaper where it hardly does."""
    kept = chain.counters[FEASIBLE] / max(1, moves)
    chain.counters[FEASIBLE] = 0
    if kept < 0.3 + 0.4 * share:
        chain.penalty = int(chain.penalty * 1.2) + 1
    elif kept > 0.9:
        chain.penalty = max(int(chain.penalty / 1.1), 1)
    chain.penalty = min(chain.penalty, 10**7)


def exchange(chains: list[Chain], temperature: float) -> None:
    """Let a chain that has fallen far behind go on from the state of the best."""
    leader = min(chains, key=lambda chain: chain.energy)
    for chain in chains:
        if chain.energy - leader.energy > 3 * temperature:
            overwrite(chain.state, leader.state)


_ = (KINDS, cost)
