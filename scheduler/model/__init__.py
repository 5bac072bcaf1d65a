"""The words of the planner: what is to be planned (Problem) and what was planned (Plan).

Times are integer seconds since `Problem.origin`, an aware UTC instant. Costs are integer points:
a rate of R dollars an hour is R points a second, so `POINTS_PER_DOLLAR` is 3600.
"""

from scheduler.model.errors import ModelError
from scheduler.model.exception import AcceptedException, OperationRule
from scheduler.model.gate import Gate, GateKind, Span
from scheduler.model.hours import HourLimit
from scheduler.model.plan import Plan, Route, Solution, Stop
from scheduler.model.problem import POINTS_PER_DOLLAR, Pin, Place, Problem, Weights
from scheduler.model.promise import Promise
from scheduler.model.relaxed import relaxed
from scheduler.model.shift import Break, Shift
from scheduler.model.spacing import Spacing
from scheduler.model.supply import Supply
from scheduler.model.told import promises_of
from scheduler.model.visit import Lag, Mode, Phase, Task, Visit, Window
from scheduler.model.worth import Worth

__all__ = [
    "POINTS_PER_DOLLAR",
    "AcceptedException",
    "Break",
    "Gate",
    "GateKind",
    "HourLimit",
    "Lag",
    "Mode",
    "ModelError",
    "OperationRule",
    "Phase",
    "Pin",
    "Place",
    "Plan",
    "Problem",
    "Promise",
    "Route",
    "Shift",
    "Solution",
    "Spacing",
    "Span",
    "Stop",
    "Supply",
    "Task",
    "Visit",
    "Weights",
    "Window",
    "Worth",
    "promises_of",
    "relaxed",
]
