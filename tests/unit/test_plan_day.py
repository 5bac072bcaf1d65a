"""The one path from a problem to a checked plan, with its reasons."""

from __future__ import annotations

import pytest

from scheduler.check import Code
from scheduler.explain import Cause
from scheduler.plan_day import InfeasiblePlan, plan_day
from scheduler.solve.seam import Limits, Progress
from tests.support.problems import STREET_PLAN_COST, StreetTravel, street, street_matrix, street_plan
from tests.support.street_solver import StreetSolver


def test_a_feasible_plan_comes_with_its_evidence() -> None:
    solver, limits = StreetSolver(bound=7), Limits(seconds=5, seed=3)
    day = plan_day(street(), StreetTravel(), solver, limits)
    assert day.solution.plan == street_plan()
    assert day.solution.bound == 7
    assert day.report.feasible
    assert day.report.cost is not None
    assert day.report.cost.total == STREET_PLAN_COST
    assert (day.matrix.seconds == street_matrix(street()).seconds).all()
    assert solver.limits == limits


def test_every_visit_left_out_has_its_reasons_in_the_plans_order() -> None:
    ana, ben, cleo = street_plan().routes
    plan = street_plan().replace(
        routes=(ana, ben, cleo.replace(stops=cleo.stops[:1])), unassigned=("v6", "v5")
    )
    day = plan_day(street(), StreetTravel(), StreetSolver(plan=plan), Limits())
    assert [why.visit for why in day.reasons] == ["v6", "v5"]
    assert {entry.cause for entry in day.reasons[0].nurses} == {Cause.CREDENTIAL}
    assert day.reasons[1].nurses[2].cause is Cause.FITS


def test_a_plan_that_breaks_a_rule_goes_no_further() -> None:
    lawless = street_plan().replace(unassigned=())
    with pytest.raises(InfeasiblePlan, match="breaks 1 rule: visit_missing") as caught:
        plan_day(street(), StreetTravel(), StreetSolver(plan=lawless), Limits())
    assert [violation.code for violation in caught.value.report.violations] == [Code.VISIT_MISSING]


def test_progress_starts_with_the_travel_times_and_goes_on_with_the_solvers() -> None:
    heard: list[Progress] = []
    plan_day(street(), StreetTravel(), StreetSolver(), Limits(), heard.append)
    assert [progress.stage for progress in heard] == ["travel", "remember", "remember"]


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_limits_of_no_time_are_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="seconds must be more than 0"):
        Limits(seconds=seconds)
