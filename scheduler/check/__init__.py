"""The referee: every rule of the model, and the one definition of cost.

Shares no code with `scheduler.solve`.
"""

from scheduler.check.exceptions import EXCEPTABLE, exception_of
from scheduler.check.judge import Judge
from scheduler.check.referee import check
from scheduler.check.report import CheckReport, Code, Cost, Violation

__all__ = [
    "EXCEPTABLE",
    "CheckReport",
    "Code",
    "Cost",
    "Judge",
    "Violation",
    "check",
    "exception_of",
]
