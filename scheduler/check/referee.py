"""The referee: runs every rule, and prices the plan."""

from __future__ import annotations

from scheduler.check.cost import cost_of
from scheduler.check.exceptions import told_apart
from scheduler.check.facts import read
from scheduler.check.report import CheckReport, Code
from scheduler.check.rules import RULES
from scheduler.model import Plan, Problem
from scheduler.travel import TravelMatrix

_UNKNOWN = frozenset({Code.UNKNOWN_SHIFT, Code.UNKNOWN_TASK, Code.UNKNOWN_VISIT})


def check(problem: Problem, matrix: TravelMatrix, plan: Plan) -> CheckReport:
    """Judge `plan`: every broken rule, in the order of RULES, those apart that accepted exceptions cover, and
    the cost.

    An infeasible plan has a cost too, to compare it by; it is None where the plan speaks of shifts, tasks or
    visits that the problem does not have. Raises KeyError where the matrix lacks a place of the problem.
    """
    facts = read(problem, matrix, plan)
    violations = tuple(violation for rule in RULES for violation in rule(facts))
    unknown = any(violation.code in _UNKNOWN for violation in violations)
    broken, excepted = told_apart(violations, problem.exceptions)
    return CheckReport(violations=broken, cost=None if unknown else cost_of(facts), excepted=excepted)
