"""Problem and travel times in, the best plan found out. Shares no code with `scheduler.check`."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from scheduler.solve.seam import Cancelled, Limits, Progress, Report, Solver

__all__ = [
    "NAMES",
    "Cancelled",
    "Limits",
    "Progress",
    "Report",
    "Solver",
    "compile_code",
    "default_solver",
    "solver_named",
]

NAMES = ("engine", "cp-sat")
"""The solvers by name; the first is the service's own."""


def default_solver() -> Solver:
    """The solver of the service."""
    return solver_named(NAMES[0])


def solver_named(name: str) -> Solver:
    """The solver of this name. Raises ValueError for a name that is not in NAMES."""
    if name not in NAMES:
        raise ValueError(f"no solver {name!r}: give one of {', '.join(NAMES)}")
    # Imported when called for: they bring OR-Tools and numba along, which the seam does not need.
    if name == "cp-sat":
        from scheduler.solve.cp_sat import CpSatSolver

        return CpSatSolver()
    from scheduler.solve.engine import EngineSolver

    return EngineSolver()


def compile_code() -> None:
    """Compile the engine's code for this machine, its two parts side by side: about a minute and a half once,
    a second when that is done.

    The engine does so itself where nobody has, before its clock starts."""
    from scheduler.solve import anneal, price

    # Processes of their own: numba's compiler holds the interpreter's lock.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for part in [pool.submit(anneal.warm_up), pool.submit(price.warm_up)]:
            part.result()
