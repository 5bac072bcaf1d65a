"""Problem and travel times in, the best plan found out. Shares no code with `scheduler.check`."""

from scheduler.solve.seam import Cancelled, Limits, Progress, Report, Solver

__all__ = ["Cancelled", "Limits", "Progress", "Report", "Solver"]
