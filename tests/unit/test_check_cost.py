"""The cost of a plan, part by part, against sums done by hand."""

from __future__ import annotations

from scheduler.check import CheckReport, check
from scheduler.model import POINTS_PER_DOLLAR, Plan, Problem, Weights
from tests.support.problems import (
    HOUR,
    MINUTE,
    STREET_PLAN_COST,
    at,
    stop,
    street,
    street_matrix,
    street_plan,
    window,
)


def judged(plan: Plan, problem: Problem | None = None) -> CheckReport:
    problem = problem or street()
    return check(problem, street_matrix(problem), plan)


def with_late_v5(start: int) -> Plan:
    """Cleo starts v5 at `start`; its soft window is 14:00 to 14:30, over by 15:30."""
    ana, ben, cleo = street_plan().routes
    stops = (cleo.stops[0], stop("v5.1", at(12, 25), start, 60))
    return street_plan().replace(routes=(ana, ben, cleo.replace(stops=stops, finish=start + HOUR)))


def test_the_street_plan_costs_what_its_author_summed_up() -> None:
    cost = judged(street_plan()).cost
    assert cost is not None
    assert cost.total == STREET_PLAN_COST
    assert (cost.travel, cost.travel_seconds) == (160 * MINUTE * 25, 160 * MINUTE)
    assert (cost.not_preferred, cost.dropped) == (10 * POINTS_PER_DOLLAR, 1000 * POINTS_PER_DOLLAR)
    assert (cost.lateness, cost.worst_lateness, cost.overtime) == (0, 0, 0)


def test_lateness_counts_from_the_latest_start_in_a_soft_window() -> None:
    cost = judged(with_late_v5(at(14, 40))).cost
    assert cost is not None
    assert (cost.lateness_seconds, cost.lateness, cost.worst_lateness) == (600, 600 * 30, 600 * 5)


def test_lateness_counts_the_worse_of_start_and_end() -> None:
    problem = street()
    early_end = window(at(14), at(14, 30), at(14, 50), soft=True)
    v5 = problem.visits[4]
    (mode,) = v5.modes
    changed = v5.replace(modes=(mode.replace(tasks=(mode.tasks[0].replace(windows=(early_end,)),)),))
    visits = tuple(changed if visit.id == "v5" else visit for visit in problem.visits)
    cost = judged(street_plan(), problem.replace(visits=visits)).cost
    assert cost is not None
    assert cost.lateness_seconds == 10 * MINUTE


def test_of_several_soft_windows_the_last_that_has_begun_counts() -> None:
    problem = street()
    two = (window(at(8), at(9), soft=True), window(at(13), at(13, 45), soft=True))
    v5 = problem.visits[4]
    (mode,) = v5.modes
    changed = v5.replace(modes=(mode.replace(tasks=(mode.tasks[0].replace(windows=two),)),))
    visits = tuple(changed if visit.id == "v5" else visit for visit in problem.visits)
    late = problem.replace(visits=visits)
    later, earlier = judged(with_late_v5(at(14)), late).cost, judged(with_late_v5(at(12, 30)), late).cost
    assert later is not None
    assert earlier is not None
    assert (later.lateness_seconds, earlier.lateness_seconds) == (15 * MINUTE, 3 * HOUR + 30 * MINUTE)


def test_the_worst_lateness_is_paid_once_for_the_plan() -> None:
    problem = street()
    soft = window(at(8), at(8, 10), soft=True)
    visits = []
    for visit in problem.visits:
        modes = tuple(
            mode.replace(tasks=tuple(task.replace(windows=(soft,)) for task in mode.tasks))
            for mode in visit.modes
        )
        visits.append(visit.replace(modes=modes))
    cost = judged(street_plan(), problem.replace(visits=tuple(visits))).cost
    assert cost is not None
    late = [at(8, 30), at(12), at(13, 5), at(9), at(12), at(10, 25), at(14)]
    assert cost.lateness_seconds == sum(start - at(8, 10) for start in late)
    assert cost.worst_lateness == (at(14) - at(8, 10)) * 5


def test_overtime_counts_from_the_shifts_end_at_its_own_price() -> None:
    ana, ben, cleo = street_plan().routes
    plan = street_plan().replace(routes=(ana, ben.replace(finish=at(16, 20)), cleo))
    report = judged(plan)
    assert report.feasible
    assert report.cost is not None
    assert (report.cost.overtime_seconds, report.cost.overtime) == (20 * MINUTE, 20 * MINUTE * 10)


def test_every_task_of_a_nurse_who_is_not_preferred_counts() -> None:
    problem = street()
    visits = tuple(visit.replace(preferred_nurses=frozenset({"dora"})) for visit in problem.visits)
    cost = judged(street_plan(), problem.replace(visits=visits)).cost
    assert cost is not None
    assert cost.not_preferred == 7 * 10 * POINTS_PER_DOLLAR


def test_nothing_served_costs_the_drop_costs() -> None:
    problem = street()
    plan = Plan(routes=(), unassigned=tuple(visit.id for visit in problem.visits))
    cost = judged(plan).cost
    assert cost is not None
    assert (
        cost.total == cost.dropped == 5 * 1000 * POINTS_PER_DOLLAR
    )  # v1 has no drop cost: leaving it out is no plan


def test_weights_of_nothing_make_a_plan_free_but_for_what_is_left_out() -> None:
    problem = street().replace(weights=Weights(travel=0))
    cost = judged(with_late_v5(at(15)), problem).cost
    assert cost is not None
    assert cost.total == 1000 * POINTS_PER_DOLLAR
    assert cost.travel_seconds == 160 * MINUTE


def test_an_infeasible_plan_has_a_cost() -> None:
    report = judged(street_plan().replace(unassigned=()))
    assert not report.feasible
    assert report.cost is not None
    assert report.cost.dropped == 0


def test_a_plan_of_unknown_things_has_none() -> None:
    assert judged(street_plan().replace(unassigned=("v6", "ghost"))).cost is None


def test_a_violation_says_where() -> None:
    ana, ben, cleo = street_plan().routes
    plan = street_plan().replace(routes=(ana, ben.replace(departure=at(7, 59)), cleo))
    (violation,) = judged(plan).violations
    assert violation.shift == "s-ben"
    assert violation.message == "shift 's-ben' leaves at 28740, before 28800"
