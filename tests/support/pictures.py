"""Pictures of plans, for tests."""

from __future__ import annotations

from scheduler.check import check
from scheduler.explain import why_unassigned
from scheduler.model import Plan, Problem
from scheduler.picture import Material, Search, render, view
from scheduler.travel import TravelMatrix, TravelSource
from tests.support.problems import StreetTravel, street, street_plan


def material(
    problem: Problem, plan: Plan, *, travel: TravelSource | None = None, search: Search | None = None
) -> Material:
    """All that is known of a plan."""
    matrix: TravelMatrix = (travel or StreetTravel()).matrix(problem.places)
    report = check(problem, matrix, plan)
    left_out = plan.unassigned if report.feasible else ()
    return Material(
        name="day",
        problem=problem,
        matrix=matrix,
        plan=plan,
        report=report,
        reasons=tuple(why_unassigned(problem, matrix, plan, visit) for visit in left_out),
        search=search,
    )


def page(problem: Problem | None = None, plan: Plan | None = None) -> str:
    """The page of a plan; of the street's where none is given."""
    return render(view(material(problem or street(), plan or street_plan())))
