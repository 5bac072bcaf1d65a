"""Several days planned together, from their rows to sessions with days and a draft of each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.actions.horizon import LoadedHorizon, PlannedHorizon, load_horizon, store_horizon
from app.clock import utc_now
from app.planning import Engines
from app.store.engine import Database
from app.store.models import Region
from scheduler.check import check
from scheduler.explain import continuity, share_kept
from scheduler.plan_day import InfeasiblePlan
from scheduler.solve import Limits, Progress, Report
from scheduler.solve.seam import ignore, never


@dataclass(frozen=True, kw_only=True, slots=True)
class HorizonReport:
    """What came of it. `served` of `visits`: on all days together; `kept`: the share of sessions whose nurse
    is that of the session before (None: there are none); `seconds`: of the solver."""

    loaded: LoadedHorizon
    planned: PlannedHorizon
    visits: int
    served: int
    kept: float | None
    seconds: float


def plan_days(
    database: Database,
    region_id: int,
    first: date,
    count: int,
    engines: Engines,
    limits: Limits,
    report: Report = ignore,
) -> HorizonReport:
    """Plan `count` days from `first` on, and store what came of it in one transaction.

    Raises ActionError where there is nothing to plan, InfeasiblePlan, with nothing stored, where the referee
    finds fault with the plan of all days.
    """
    with database.begin() as tx:
        region = tx.get_one(Region, region_id)
        loaded = load_horizon(tx, region, first, count)
    problem = loaded.horizon.problem
    report(Progress(stage="travel", seconds=0.0))
    matrix = engines.travel(region).matrix(problem.places)
    solution = engines.solver().solve(problem, matrix, limits, report, never)
    verdict = check(problem, matrix, solution.plan)
    if not verdict.feasible:
        raise InfeasiblePlan(verdict)
    with database.begin() as tx:
        planned = store_horizon(tx, None, loaded, solution.plan, matrix, utc_now())
    return HorizonReport(
        loaded=loaded,
        planned=planned,
        visits=len(problem.visits),
        served=len(problem.visits) - len(solution.plan.unassigned),
        kept=share_kept(continuity(problem, solution.plan)),
        seconds=solution.seconds,
    )
