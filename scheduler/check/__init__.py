"""The referee: every rule of the model, and the one definition of cost.

Shares no code with `scheduler.solve`.
"""

from scheduler.check.judge import Judge
from scheduler.check.referee import check
from scheduler.check.report import CheckReport, Code, Cost, Violation

__all__ = ["CheckReport", "Code", "Cost", "Judge", "Violation", "check"]
