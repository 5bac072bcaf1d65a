"""A run of several days carried out, from their rows to sessions with days and a draft of each day."""

from __future__ import annotations

from app.actions.horizon import load_horizon, store_horizon
from app.clock import utc_now
from app.store.engine import Database
from app.store.models import HorizonResult, Run
from scheduler.check import check
from scheduler.model import relaxed
from scheduler.plan_day import InfeasiblePlan
from scheduler.solve import Cancelled, Limits, Progress, Report, Solver
from scheduler.travel import TravelSource


def plan_days(
    database: Database,
    run: Run,
    travel: TravelSource,
    solver: Solver,
    limits: Limits,
    report: Report,
    cancelled: Cancelled,
) -> HorizonResult | None:
    """Plan the run's days together, and store what came of it in one transaction; None, with nothing stored,
    where the run is not running any more.

    Raises ActionError where there is nothing to plan, InfeasiblePlan where the referee finds fault with the
    plan of all days; nothing is stored then.
    """
    with database.begin() as tx:
        loaded = load_horizon(tx, run.region, run.day, run.days)
    problem = loaded.horizon.problem
    report(Progress(stage="travel", seconds=0.0))
    matrix = travel.matrix(problem.places)
    solution = solver.solve(relaxed(problem), matrix, limits, report, cancelled)
    verdict = check(problem, matrix, solution.plan)
    if not verdict.feasible:
        raise InfeasiblePlan(verdict)
    with database.begin() as tx:
        return store_horizon(tx, run.id, loaded, solution, matrix, utc_now())
