"""Route pricing with a proven bound: column generation, a dive for a plan, then the choice among the routes
that can still matter."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from scheduler.model import Plan, Problem, Worth
from scheduler.solve.plain import beyond_plain
from scheduler.solve.price.choices import Choices
from scheduler.solve.price.dive import STEPS, Dive
from scheduler.solve.price.master import Master, RouteColumn
from scheduler.solve.price.relax import ROOM, Relaxation
from scheduler.solve.price.shifts import Shifts
from scheduler.solve.price.standing import Standing
from scheduler.solve.price.tables import NEVER, Tables
from scheduler.solve.price.tabulate import tabulate
from scheduler.solve.price.tree import Tree
from scheduler.solve.price.value import plan_cost, routes_of
from scheduler.solve.price.worths import prices_of, worths_of
from scheduler.solve.seam import Cancelled, Report, ignore, never
from scheduler.travel import TravelMatrix

THREADS = 2
MOST_WORK = 1_000_000_000
"""Steps of an exact pricing round beyond which routes are too many to price."""
MOST_PAIRS = 120_000_000
"""Pairs of tasks that one shift may do, over all shifts, at most: half of them are legs, of 16 bytes each."""
SLICES = (900, 1800, 3600, 7200, None)
"""Seconds of a slice of a tied task's window: the finer, the better the bound and the slower."""
MOST_COPIES = 400
"""Copies of tied tasks that finer slices may make."""
SLICED_PAIRS = 90_000_000
"""Pairs that finer slices may make."""
DIVE_SHARE = 0.93
TREE_SHARE = 0.9
"""Of the time given: when diving, and branching, must be over."""
POLISH_SHARE = 0.15
HURRIED_SHARE = 0.9
POLISH_SECONDS = 0.03
"""Polishing the dive's plan takes that part of the time left, the larger one after a hurried dive, or so many
seconds a visit if that is less."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """Of the time given: when quick rounds, `near`, and exact rounds with cuts, `exact`, must be over.

    With `exact` 0, in haste, there are no exact ones, so neither a bound nor a choice. `room`: routes taken
    per shift and round. `steps`: looks at the LP in a dive.
    """

    near: float
    exact: float
    room: int
    steps: int = STEPS

    @property
    def hasty(self) -> bool:
        return not self.exact


STEADY = Pace(near=0.3, exact=0.6, room=ROOM)
"""For a good bound."""
HASTY = Pace(near=0.35, exact=0.0, room=30, steps=8)
"""For a good plan in little time."""


class Polish(Protocol):
    """Makes plans a little better."""

    def __call__(self, plan: Plan, seconds: float) -> tuple[Plan, int] | None:
        """A feasible plan near to `plan` and its cost in points; None if none was met."""
        ...


class Rival(Protocol):
    """Another search, which runs at the same time."""

    def __call__(self) -> tuple[Plan, int] | None:
        """Waits for its end; a feasible plan and its cost in points, None if it has none."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Priced:
    """What pricing found: a plan better than the incumbent with its cost (None: none found), and a lower
    bound of every feasible plan's cost (None: none known). All in points. `routes` counts the routes
    priced into the LP; `worths` are what its exact rounds ended with."""

    plan: Plan | None
    cost: int | None
    bound: int | None
    routes: int = 0
    worths: tuple[Worth, ...] = ()


NOTHING = Priced(plan=None, cost=None, bound=None)


def price(
    problem: Problem,
    matrix: TravelMatrix,
    incumbent: Plan | None,
    deadline: float,
    report: Report = ignore,
    cancelled: Cancelled = never,
    polish: Polish | None = None,
    pace: Pace = STEADY,
    rival: Rival | None = None,
) -> Priced:
    """Bound the cost of every feasible plan and look for a better one than `incumbent`, which must be
    feasible. The last choice has the routes of the `rival`'s plan, too.

    Ends by `deadline` (`time.monotonic()`), soon after `cancelled`, or when the bound meets the plan.
    Gives up at once, with neither plan nor bound, where routes are too long to be priced, or where something
    has a price that routes here do not know.
    """
    if beyond_plain(problem):
        return NOTHING
    tables = _sliced(problem, matrix)
    standing = Standing(tables.unit, deadline, report, cancelled)
    if incumbent is not None:
        standing.cost = plan_cost(tables, incumbent)
    if tables.arrays.grid_bits < 5 or _pairs(tables) > MOST_PAIRS:
        return NOTHING
    with ThreadPoolExecutor(THREADS) as pool:
        shifts = Shifts(tables, pool, standing.over)
        if shifts.work > MOST_WORK:
            return NOTHING
        known = [] if incumbent is None else routes_of(tables, incumbent)
        master = Master(tables, _ceilings(tables, shifts, known))
        master.add_routes(known)
        relaxation = Relaxation(tables, shifts, master, standing, standing.raise_bound, pace.room)
        if problem.worths:
            relaxation.begin(prices_of(tables, problem.worths))
        relaxation.solve(standing.left_of(pace.near), standing.left_of(pace.exact))
        count = len(master.columns)
        _improve(relaxation, known, pace, polish, rival)
    return Priced(
        plan=standing.plan,
        cost=None if standing.plan is None else standing.cost,
        bound=standing.bound,
        routes=count,
        worths=() if relaxation.worths is None else worths_of(tables, relaxation.worths),
    )


def _improve(
    relaxation: Relaxation,
    known: list[RouteColumn],
    pace: Pace,
    polish: Polish | None,
    rival: Rival | None,
) -> None:
    """Dive, polish, choose, as long as bound and plan are apart. Uses up the relaxation's master."""
    tables, shifts, standing = relaxation.tables, relaxation.shifts, relaxation.standing
    if standing.proved or standing.over():
        return
    dear = _left_out(tables, known)
    first = frozenset(t for t, visit in enumerate(tables.arrays.visit.tolist()) if visit in dear)
    left = standing.left_of(DIVE_SHARE)
    dive = Dive(tables, relaxation.master, shifts, left, pace.steps, pace.hasty, first)
    found = dive.plan()
    if found is not None:
        if not found.missing:
            standing.offer(found.plan, found.cost)
        known = known + routes_of(tables, found.plan)
        standing.tell("dive")
        if polish is not None and not standing.proved:
            share = _polish_share(relaxation.dual is not None, dive.hurried)
            seconds = min(share * standing.left, POLISH_SECONDS * len(tables.visit_ids))
            better = polish(found.plan, seconds)
            if better is not None:
                standing.offer(*better)
                known = known + routes_of(tables, better[0])
            standing.tell("polish")
    if relaxation.dual is None:
        return
    choices = Choices(tables, shifts, relaxation.dual, standing, known, standing.raise_bound)
    choices.prove()
    if tables.lagged and standing.bound is not None:
        tree = Tree(tables, shifts, relaxation.master, standing, known, standing.left_of(TREE_SHARE))
        tree.grow(standing.bound)
    other = None if rival is None or standing.proved else rival()
    if other is not None:
        standing.offer(*other)
        choices.known += routes_of(tables, other[0])
    choices.improve()


def _polish_share(may_choose: bool, hurried: bool) -> float:
    """Without a bound no choice is to come, and after a hurried dive none would end in time."""
    if not may_choose:
        return 1.0
    return HURRIED_SHARE if hurried else POLISH_SHARE


def _ceilings(tables: Tables, shifts: Shifts, known: list[RouteColumn]) -> list[int]:
    """A visit alone on the shift nearest to it: about the price that it will have. One that the known routes
    leave out will be dear."""
    alone = shifts.alone()
    dear = _left_out(tables, known)
    return [
        NEVER
        if visit in dear
        else 1 + min((sum(alone[t] for t in choice.tasks) for choice in choices), default=0)
        for visit, choices in enumerate(tables.choices)
    ]


def _left_out(tables: Tables, known: list[RouteColumn]) -> set[int]:
    """The visits that the known routes leave out; none where no routes are known."""
    if not known:
        return set()
    served = {int(tables.arrays.visit[task]) for route in known for task in route.tasks}
    return set(range(len(tables.visit_ids))) - served


def _sliced(problem: Problem, matrix: TravelMatrix) -> Tables:
    """Tables with the finest slices that do not make too many tasks."""
    most = MOST_COPIES + sum(len(visit.tasks) for visit in problem.visits)
    for width in SLICES:
        tables = tabulate(problem, matrix, width)
        if len(tables.task_ids) <= most and _pairs(tables) <= SLICED_PAIRS:
            break
    return tables


def _pairs(tables: Tables) -> int:
    return int((tables.able.sum(axis=1) ** 2).sum())


def warm_up() -> None:
    """Compile, or load from disk what was compiled before."""
    from scheduler.solve.price.tiny import tiny

    problem, matrix = tiny()
    price(problem, matrix, None, time.monotonic() + 60)
