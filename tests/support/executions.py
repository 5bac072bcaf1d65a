"""How tests carry out runs: with each of the solvers in `tests.support.solvers`; to be sent to processes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from app.actions import runs
from app.engines import make_travel
from app.planning import Engines, execute
from app.store.engine import Database
from app.store.models import Region
from app.store.models.plan import PlanStatus
from app.store.models.run import RunTrigger
from app.store.queries import plans
from scheduler.solve import Solver
from tests.support.solvers import AppendingSolver, DyingSolver, SlowSolver


def engines(solver: Callable[[], Solver] = AppendingSolver) -> Engines:
    """The service's travel times, and a solver of the tests."""
    return Engines(solver=solver, travel=make_travel)


def replan(
    database: Database, day: date, now: datetime, solver: Callable[[], Solver] = AppendingSolver
) -> int:
    """A day of the first region planned by a run that nobody else takes; the id of its draft."""
    with database.begin() as tx:
        run = runs.queue(tx, tx.get_one(Region, 1), day, RunTrigger.REPLAN, now=now)
        assert run is not None
        runs.begin(run, "worker", now)
    execute(database, run.id, engines(solver))
    with database.begin() as tx:
        draft = plans.of_day(tx, 1, day, PlanStatus.DRAFT)
        assert draft is not None, runs.error_of(tx, run.id)
        return draft.id


def quickly(database_url: str, run_id: int) -> None:
    _execute(database_url, run_id, AppendingSolver)


def slowly(database_url: str, run_id: int) -> None:
    _execute(database_url, run_id, SlowSolver)


def first_dying(database_url: str, run_id: int) -> None:
    _execute(database_url, run_id, DyingSolver if run_id == 1 else AppendingSolver)


def _execute(database_url: str, run_id: int, solver: type[Solver]) -> None:
    database = Database(database_url)
    try:
        execute(database, run_id, engines(solver))
    finally:
        database.dispose()
