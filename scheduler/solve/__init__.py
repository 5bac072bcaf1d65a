"""Problem and travel times in, the best plan found out. Shares no code with `scheduler.check`."""

from scheduler.solve.seam import Cancelled, Limits, Progress, Report, Solver

__all__ = ["NAMES", "Cancelled", "Limits", "Progress", "Report", "Solver", "default_solver", "solver_named"]


def default_solver() -> Solver:
    """The solver of the service."""
    # Imported when called for: it brings OR-Tools along, which the seam does not need.
    from scheduler.solve.cp_sat import CpSatSolver

    return CpSatSolver()


NAMES = ("cp-sat", "engine")
"""The solvers by name; the first is the service's own."""


def solver_named(name: str) -> Solver:
    """The solver of this name. Raises ValueError for a name that is not in NAMES."""
    if name not in NAMES:
        raise ValueError(f"no solver {name!r}: give one of {', '.join(NAMES)}")
    if name == "cp-sat":
        return default_solver()
    from scheduler.solve.engine import EngineSolver

    return EngineSolver()
