"""Problem and travel times in, the best plan found out. Shares no code with `scheduler.check`."""

from scheduler.solve.seam import Cancelled, Limits, Progress, Report, Solver

__all__ = ["Cancelled", "Limits", "Progress", "Report", "Solver", "default_solver"]


def default_solver() -> Solver:
    """The solver of the service."""
    # Imported when called for: it brings OR-Tools along, which the seam does not need.
    from scheduler.solve.cp_sat import CpSatSolver

    return CpSatSolver()
