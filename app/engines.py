"""The engines of the planner, chosen for the service."""

from __future__ import annotations

from app.planning import Engines, execute
from app.store.engine import Database
from app.store.models import Region
from scheduler.solve import Solver, default_solver
from scheduler.travel import GreatCircle, TravelSource


def make_solver() -> Solver:
    """The solver of all runs."""
    return default_solver()


def make_travel(region: Region) -> TravelSource:
    """Travel times by air, with the region's own detour and speed."""
    return GreatCircle(detour=region.detour_factor, speed_kmh=region.speed_kmh)


ENGINES = Engines(solver=make_solver, travel=make_travel)


def execute_run(database_url: str, run_id: int) -> None:
    """Carry out a run in a process of its own: what it is given can be sent there."""
    database = Database(database_url)
    try:
        execute(database, run_id, ENGINES)
    finally:
        database.dispose()
