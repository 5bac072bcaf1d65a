"""How tests carry out runs: with each of the solvers in `tests.support.solvers`; to be sent to processes."""

from __future__ import annotations

from collections.abc import Callable

from app.engines import make_travel
from app.planning import Engines, execute
from app.store.engine import Database
from scheduler.solve import Solver
from tests.support.solvers import AppendingSolver, DyingSolver, SlowSolver


def engines(solver: Callable[[], Solver] = AppendingSolver) -> Engines:
    """The service's travel times, and a solver of the tests."""
    return Engines(solver=solver, travel=make_travel)


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
