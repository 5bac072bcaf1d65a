"""Large neighbourhood search: set a part of the plan free, let CP-SAT put it back best, again and again.

Two neighbourhoods are worked on at once, each by a one-thread CP-SAT in a thread of its own (CP-SAT runs
without the interpreter's lock). Answers are taken in the order in which the questions were put, and each
question has a limit in CP-SAT's deterministic time, so a seed gives one sequence of plans; the wall clock
only decides where it is cut off.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillBusy
from dataclasses import dataclass
from math import inf
from time import sleep

from ortools.sat.python import cp_model

from scheduler.solve.candidates import Candidates
from scheduler.solve.clock import Clock
from scheduler.solve.model import Model
from scheduler.solve.neighbourhoods import Choice, Chooser
from scheduler.solve.scope import Freedom, Scope
from scheduler.solve.tables import Tables
from scheduler.solve.timing import Draft, Timed, timed

THREADS = 2
"""Neighbourhoods worked on at once."""

EFFORT = 0.1
"""CP-SAT's deterministic time for one neighbourhood; about as many seconds."""

PERSISTENCE, MOST_EFFORT = 1.05, 5.0
"""Growth of the effort with each neighbourhood that brings nothing, and its limit."""

POLL = 0.1
"""Seconds between two looks at the clock while waiting."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What CP-SAT made of a model: a plan, whether it is proven to be the best one, the bound of its
    objective."""

    plan: Timed | None
    proven: bool
    bound: float


class Searcher:
    """Runs models in threads, and ends them when the clock is over."""

    def __init__(
        self, tables: Tables, candidates: Candidates, clock: Clock, beat: Callable[[], None]
    ) -> None:
        self.tables, self.candidates, self.clock, self.beat = tables, candidates, clock, beat
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="solve")
        self.running: set[cp_model.CpSolver] = set()
        self.closed = False

    def ask(
        self,
        plan: Timed,
        freedom: Freedom,
        seed: int,
        *,
        effort: float = inf,
        seconds: float = inf,
        workers: int = 1,
    ) -> Future[Answer]:
        """Have the best plan looked for that differs from `plan` only where it is free.

        `effort` is CP-SAT's deterministic time, `seconds` wall time.
        """
        solver = cp_model.CpSolver()
        # Ctrl-C is the caller's: CP-SAT's own handler would end the process when called from a thread.
        solver.parameters.catch_sigint_signal = False
        solver.parameters.random_seed = seed
        solver.parameters.num_workers = workers
        solver.parameters.max_deterministic_time = effort
        solver.parameters.max_time_in_seconds = min(seconds, self.clock.remaining)
        if workers == 1:
            solver.parameters.symmetry_level = 0
            solver.parameters.cp_model_probing_level = 0
            solver.parameters.max_presolve_iterations = 1
        else:
            solver.parameters.linearization_level = 2
        return self.pool.submit(self._answer, plan, freedom, solver)

    def _answer(self, plan: Timed, freedom: Freedom, solver: cp_model.CpSolver) -> Answer:
        model = Model(Scope(self.tables, self.candidates, plan, freedom))
        self.running.add(solver)
        try:
            status = cp_model.UNKNOWN if self.closed else solver.solve(model.cp)
        finally:
            self.running.discard(solver)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer(None, False, 0.0)
        better = timed(self.tables, model.draft(solver))
        return Answer(better, status == cp_model.OPTIMAL, solver.best_objective_bound)

    def wait(self, future: Future[Answer]) -> Answer | None:
        """The answer; None when the clock is over first."""
        while not self.clock.over():
            self.beat()
            try:
                return future.result(timeout=min(POLL, self.clock.remaining + 0.01))
            except StillBusy:
                continue
        return future.result() if future.done() else None

    def close(self) -> None:
        """End what still runs."""
        self.closed = True
        self.pool.shutdown(wait=False, cancel_futures=True)
        while self.running:
            for solver in list(self.running):
                solver.stop_search()  # no effect on one that is about to start: so more than once
            sleep(POLL / 10)
        self.pool.shutdown(wait=True)


def improve(
    searcher: Searcher,
    chooser: Chooser,
    plan: Timed,
    found: Callable[[Timed], None],
    rounds: int | None = None,
) -> Timed:
    """Search until the clock is over, or for so many `rounds`; tell `found` of each better plan."""
    effort = EFFORT
    asked: deque[tuple[Timed, Choice, Future[Answer]]] = deque()
    while rounds is None or rounds > 0 or asked:
        while len(asked) < THREADS and (rounds is None or rounds > 0):
            choice = chooser.choose(plan)
            seed = chooser.random.randrange(2**31)
            asked.append((plan, choice, searcher.ask(plan, choice.freedom, seed, effort=effort)))
            rounds = None if rounds is None else rounds - 1
        base, choice, future = asked.popleft()
        answer = searcher.wait(future)
        if answer is None:
            break
        chooser.learn(choice.kind, answer.proven)
        effort = min(MOST_EFFORT, effort * PERSISTENCE)
        better = merged(searcher.tables, plan, base, answer.plan) if answer.plan else None
        if better is not None and better.rank < plan.rank:
            plan, effort = better, EFFORT
            found(plan)
    return plan


def merged(tables: Tables, plan: Timed, base: Timed, answer: Timed) -> Timed:
    """The better of plan and answer, or better still: the plan with the trips that the answer changed in its
    base, where the plan has not changed them meanwhile."""
    best = min(plan, answer, key=lambda candidate: candidate.rank)
    if plan is base or answer.draft == base.draft:
        return best
    olds, news, trips = base.draft.trips, answer.draft.trips, list(plan.draft.trips)
    floors = dict(plan.draft.floors)
    for k, (old, new) in enumerate(zip(olds, news, strict=True)):
        if old == new:
            continue
        if trips[k] != old:
            return best
        trips[k] = new
        for task in new.tasks:
            floors[task] = answer.draft.floors.get(task, 0)
    both = timed(tables, Draft(tuple(trips), floors))
    return best if both is None else min(best, both, key=lambda candidate: candidate.rank)
