"""Break each rule of a feasible plan once: the referee names that rule, and no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from scheduler.check import Code, check
from scheduler.model import (
    Break,
    Gate,
    GateKind,
    HourLimit,
    Pin,
    Plan,
    Problem,
    Route,
    Shift,
    Spacing,
    Span,
    Stop,
    Supply,
    Task,
    Visit,
)
from tests.support.problems import (
    HOUR,
    MINUTE,
    at,
    shift,
    stop,
    street,
    street_matrix,
    street_plan,
    window,
)


@dataclass
class Case:
    """A problem and its feasible plan, to be changed in one respect."""

    problem: Problem
    plan: Plan

    def route(self, shift: str, **changes: Any) -> None:
        """Change the route of `shift`."""
        routes = [route.replace(**changes) if route.shift == shift else route for route in self.plan.routes]
        self.plan = self.plan.replace(routes=tuple(routes))

    def stop(self, task: str, **changes: Any) -> None:
        """Change the stop at `task`."""
        for route in self.plan.routes:
            stops = [stop.replace(**changes) if stop.task == task else stop for stop in route.stops]
            self.route(route.shift, stops=tuple(stops))

    def drop_stop(self, task: str) -> None:
        """Leave out the stop at `task`."""
        for route in self.plan.routes:
            self.route(route.shift, stops=tuple(stop for stop in route.stops if stop.task != task))

    def add_stop(self, shift: str, extra: Stop) -> None:
        """A further stop at the end of the route of `shift`."""
        for route in self.plan.routes:
            if route.shift == shift:
                self.route(shift, stops=(*route.stops, extra))

    def shift(self, id: str, **changes: Any) -> None:
        """Change a shift of the problem."""
        shifts: list[Shift] = [
            shift.replace(**changes) if shift.id == id else shift for shift in self.problem.shifts
        ]
        self.problem = self.problem.replace(shifts=tuple(shifts))

    def visit(self, id: str, **changes: Any) -> None:
        """Change a visit of the problem."""
        visits: list[Visit] = [
            visit.replace(**changes) if visit.id == id else visit for visit in self.problem.visits
        ]
        self.problem = self.problem.replace(visits=tuple(visits))

    def task(self, id: str, **changes: Any) -> None:
        """Change a task of the problem."""

        def changed(task: Task) -> Task:
            return task.replace(**changes) if task.id == id else task

        for visit in self.problem.visits:
            modes = [mode.replace(tasks=tuple(map(changed, mode.tasks))) for mode in visit.modes]
            self.visit(visit.id, modes=tuple(modes))

    def gate(
        self, visit: str, kind: GateKind, *spans: Span, since: int = 0, until: int | None = None
    ) -> None:
        """Give a visit a gate."""
        over = since if until is None else until
        self.visit(visit, gates=(Gate(kind=kind, spans=spans, since=since, until=over),))

    def space(self, spacing: Spacing) -> None:
        """Tie two visits."""
        self.problem = self.problem.replace(spacings=(spacing,))


Mutation = Callable[[Case], None]
MUTATIONS: list[tuple[Code, Mutation]] = []


def breaks(code: Code) -> Callable[[Mutation], Mutation]:
    """The decorated mutation breaks the rule of `code` alone."""

    def register(mutation: Mutation) -> Mutation:
        MUTATIONS.append((code, mutation))
        return mutation

    return register


@breaks(Code.UNKNOWN_SHIFT)
def a_route_of_nobody(case: Case) -> None:
    ghost = Route(shift="s-ghost", departure=at(9), stops=(stop("v1.1", at(9), at(9), 120),), finish=at(12))
    case.plan = case.plan.replace(routes=(*case.plan.routes, ghost))


@breaks(Code.UNKNOWN_TASK)
def a_stop_at_nothing(case: Case) -> None:
    case.add_stop("s-ben", stop("v9.9", at(13), at(13), 0))


@breaks(Code.UNKNOWN_VISIT)
def an_unknown_visit_left_out(case: Case) -> None:
    case.plan = case.plan.replace(unassigned=("v6", "v9"))


@breaks(Code.SHIFT_TWICE)
def two_routes_of_one_shift(case: Case) -> None:
    ben = case.plan.routes[1]
    halves = (
        ben.replace(stops=ben.stops[:1], finish=at(10, 40)),
        ben.replace(stops=(stop("v3.2", at(12), at(12), 45),), departure=at(11, 40)),
    )
    case.plan = case.plan.replace(routes=(case.plan.routes[0], *halves, case.plan.routes[2]))


@breaks(Code.VISIT_MISSING)
def a_visit_left_out_unsaid(case: Case) -> None:
    case.drop_stop("v5.1")


@breaks(Code.SERVED_AND_UNASSIGNED)
def a_served_visit_listed_as_left_out(case: Case) -> None:
    case.plan = case.plan.replace(unassigned=("v5", "v6"))


@breaks(Code.UNASSIGNED_TWICE)
def left_out_twice(case: Case) -> None:
    case.plan = case.plan.replace(unassigned=("v6", "v6"))


@breaks(Code.VISIT_TWICE)
def a_task_done_by_two_nurses(case: Case) -> None:
    case.add_stop("s-ben", stop("v5.1", at(14), at(14), 60))
    case.route("s-ben", finish=at(15, 30))


@breaks(Code.VISIT_TWICE)
def a_visit_done_in_two_modes(case: Case) -> None:
    case.task("v4.1", windows=(window(at(9), at(16)),))
    case.shift("s-cleo", end=at(20))
    case.add_stop("s-cleo", stop("v4.1", at(15, 20), at(15, 20), 180))
    case.route("s-cleo", finish=at(18, 40))


@breaks(Code.MODE_INCOMPLETE)
def half_a_pair(case: Case) -> None:
    case.drop_stop("v3.2")


@breaks(Code.MANDATORY_UNASSIGNED)
def a_mandatory_visit_left_out(case: Case) -> None:
    case.visit("v6", drop_cost=None)


@breaks(Code.CREDENTIAL)
def a_nurse_without_the_credential(case: Case) -> None:
    case.task("v4.2", credentials=frozenset({"rn", "picc"}))


@breaks(Code.BARRED_NURSE)
def a_barred_nurse(case: Case) -> None:
    case.visit("v5", barred_nurses=frozenset({"cleo"}))


@breaks(Code.SAME_NURSE)
def a_hand_off_to_herself(case: Case) -> None:
    stops = (stop("v4.2", at(9), at(9), 90), stop("v4.3", at(10, 30), at(10, 30), 100))
    case.route("s-ben", stops=(*stops, stop("v3.2", at(12, 20), at(12, 20), 45)), finish=at(13, 25))
    case.stop("v3.1", start=at(12, 20), end=at(13, 5))
    case.stop("v2.1", arrival=at(13, 25), start=at(13, 25), end=at(14, 55))
    case.route("s-ana", finish=at(15, 15))
    case.route("s-cleo", stops=(stop("v5.1", at(12, 25), at(14), 60),))


@breaks(Code.DURATION)
def leaving_before_the_monitoring_is_over(case: Case) -> None:
    case.stop("v2.1", end=at(14, 34))


@breaks(Code.DURATION)
def staying_on(case: Case) -> None:
    case.stop("v4.3", end=at(12, 6))
    case.stop("v5.1", arrival=at(12, 26))


@breaks(Code.STARTS_BEFORE_ARRIVAL)
def starting_before_arrival(case: Case) -> None:
    case.stop("v5.1", arrival=at(14, 1))


@breaks(Code.TRAVEL_TIME)
def a_drive_too_short(case: Case) -> None:
    case.stop("v2.1", arrival=at(13, 5) - 1)


@breaks(Code.TRAVEL_TIME)
def a_first_drive_too_short(case: Case) -> None:
    case.route("s-ana", departure=at(8, 20) + 1)


@breaks(Code.TRAVEL_TIME)
def a_way_home_too_short(case: Case) -> None:
    case.route("s-ana", finish=at(14, 55) - 1)


@breaks(Code.TRAVEL_TIME)
def a_break_on_the_way_that_costs_no_time(case: Case) -> None:
    case.shift("s-ana", break_=Break(duration=30 * MINUTE, earliest_start=at(10), latest_end=at(14)))
    case.route("s-ana", break_start=at(10, 31))


@breaks(Code.TOO_EARLY)
def before_the_window(case: Case) -> None:
    case.task("v5.1", windows=(window(at(14) + 1, at(15)),))


@breaks(Code.TOO_EARLY)
def before_a_soft_window(case: Case) -> None:
    case.task("v5.1", windows=(window(at(14) + 1, at(15), soft=True),))


@breaks(Code.TOO_LATE)
def after_the_window(case: Case) -> None:
    case.task("v5.1", windows=(window(at(13), at(14) - 1),))


@breaks(Code.TOO_LATE)
def between_two_windows(case: Case) -> None:
    case.task("v2.1", windows=(window(at(8), at(9)), window(at(13, 6), at(15))))


@breaks(Code.ENDS_TOO_LATE)
def monitoring_past_the_latest_end(case: Case) -> None:
    case.task("v5.1", windows=(window(at(13), at(15), at(15) - 1),))


@breaks(Code.LAG)
def a_pair_not_together(case: Case) -> None:
    case.stop("v3.2", start=at(12) + 1, end=at(12, 45) + 1)
    case.route("s-ben", finish=at(13, 5) + 1)


@breaks(Code.LAG)
def a_hand_off_too_early(case: Case) -> None:
    early = at(10, 20) - 1
    case.route("s-cleo", departure=at(9, 30))
    case.stop("v4.3", arrival=at(10), start=early, end=early + 100 * MINUTE)


@breaks(Code.LAG)
def a_hand_off_too_late(case: Case) -> None:
    late = at(10, 30) + 1
    case.stop("v4.3", start=late, end=late + 100 * MINUTE)
    case.stop("v5.1", arrival=at(13))


@breaks(Code.SPACING)
def a_session_too_soon_after_the_one_before(case: Case) -> None:
    case.space(Spacing(first="v1", then="v5", min_s=at(5, 30) + 1))


@breaks(Code.SPACING)
def a_session_too_long_after_the_one_before(case: Case) -> None:
    case.space(Spacing(first="v1", then="v5", max_s=at(5, 30) - 1))


@breaks(Code.SPACING)
def sessions_in_the_wrong_order(case: Case) -> None:
    case.space(Spacing(first="v5", then="v1"))


@breaks(Code.SPACING)
def measured_from_the_second_nurse_of_a_hand_off(case: Case) -> None:
    case.space(Spacing(first="v4", then="v5", max_s=at(14) - at(10, 25)))


@breaks(Code.FOLLOW_UP)
def a_follow_up_of_an_infusion_that_was_not_given(case: Case) -> None:
    case.space(Spacing(first="v6", then="v5", needs_first=True))


@breaks(Code.ORDER)
def the_day_after_the_order_ended(case: Case) -> None:
    case.gate("v5", GateKind.ORDER, Span(start=0, end=at(14) - 1))


@breaks(Code.PRESCRIBER)
def before_the_prescriber_is_there(case: Case) -> None:
    case.gate("v5", GateKind.PRESCRIBER, Span(start=at(14) + 1, end=at(20)), until=HOUR)


@breaks(Code.ADULT)
def the_responsible_adult_leaves_too_soon(case: Case) -> None:
    case.gate("v5", GateKind.ADULT, Span(start=at(8), end=at(18, 59)), since=HOUR, until=5 * HOUR)


@breaks(Code.ADULT)
def two_adults_with_nobody_in_between(case: Case) -> None:
    spans = Span(start=at(15), end=at(17)), Span(start=at(17), end=at(19))
    case.gate("v5", GateKind.ADULT, *spans, since=HOUR, until=5 * HOUR)


@breaks(Code.AGREEMENT)
def no_agreement_on_file(case: Case) -> None:
    case.gate("v5", GateKind.AGREEMENT)


@breaks(Code.MANIA_CHECK)
def before_the_mania_check(case: Case) -> None:
    case.gate("v5", GateKind.MANIA_CHECK, Span(start=at(14) + 1, end=at(24)))


@breaks(Code.SHIFT_START)
def leaving_before_the_shift(case: Case) -> None:
    case.shift("s-ana", start=at(8, 20) + 1)


@breaks(Code.LEAVES_LATE)
def leaving_later_than_the_shift_starts(case: Case) -> None:
    case.shift("s-ana", start=at(8, 20) - 1, leaves_at_start=True)


@breaks(Code.SHIFT_END)
def back_after_all_overtime(case: Case) -> None:
    case.shift("s-cleo", end=at(14, 30), max_overtime=30 * MINUTE - 1)


@breaks(Code.BREAK_MISSING)
def no_break(case: Case) -> None:
    case.route("s-ana", break_start=None)


@breaks(Code.BREAK_UNDUE)
def a_break_nobody_owes(case: Case) -> None:
    case.route("s-ben", break_start=at(11))


@breaks(Code.BREAK_WINDOW)
def a_break_before_its_window(case: Case) -> None:
    case.shift("s-ana", break_=Break(duration=30 * MINUTE, earliest_start=at(11) + 1, latest_end=at(14)))


@breaks(Code.BREAK_WINDOW)
def a_break_over_after_its_window(case: Case) -> None:
    case.shift("s-ana", break_=Break(duration=30 * MINUTE, earliest_start=at(10), latest_end=at(11, 30) - 1))


@breaks(Code.BREAK_WINDOW)
def a_break_outside_the_shift(case: Case) -> None:
    case.shift("s-ana", break_=Break(duration=30 * MINUTE, earliest_start=at(7), latest_end=at(14)))
    case.route("s-ana", break_start=at(7, 45))


@breaks(Code.BREAK_OVERLAP)
def a_break_inside_a_stay(case: Case) -> None:
    case.route("s-ana", break_start=at(13, 10))
    case.shift("s-ana", break_=Break(duration=30 * MINUTE, earliest_start=at(11), latest_end=at(15)))


@breaks(Code.BREAK_OVERLAP)
def a_break_that_runs_into_a_stay(case: Case) -> None:
    case.route("s-ana", break_start=at(11, 30) + 1)


@breaks(Code.MOST_VISITS)
def one_stop_too_many(case: Case) -> None:
    case.shift("s-ana", max_visits=2)


@breaks(Code.NURSE_TWICE)
def one_nurse_on_two_routes_at_once(case: Case) -> None:
    case.visit("v3", modes=(case.problem.visits[2].modes[0].replace(distinct_nurses=False),))
    case.shift("s-ben", nurse="ana")


@breaks(Code.NURSE_TWICE)
def a_break_while_on_another_shift(case: Case) -> None:
    _evening_for_ana(case)
    case.shift("s-ana", break_=Break(duration=30 * MINUTE, earliest_start=at(11), latest_end=at(16)))
    case.route("s-ana", break_start=at(15, 30))


@breaks(Code.HOUR_LIMIT)
def a_shift_longer_than_the_hours_left(case: Case) -> None:
    limit = HourLimit(nurse="ana", start=at(8), end=at(24), max_seconds=8 * HOUR - 1)
    case.problem = case.problem.replace(hour_limits=(limit,))


@breaks(Code.HOUR_LIMIT)
def overtime_past_the_hours_left(case: Case) -> None:
    case.shift("s-ben", end=at(13))
    limit = HourLimit(nurse="ben", start=0, end=at(24), max_seconds=5 * HOUR)
    case.problem = case.problem.replace(hour_limits=(limit,))


@breaks(Code.HOUR_LIMIT)
def two_shifts_that_add_up_to_too_much(case: Case) -> None:
    _evening_for_ana(case)
    limit = HourLimit(nurse="ana", start=0, end=at(24), max_seconds=12 * HOUR)
    case.problem = case.problem.replace(hour_limits=(limit,))


@breaks(Code.REST)
def out_again_too_soon(case: Case) -> None:
    _evening_for_ana(case)
    case.problem = case.problem.replace(rest_s=5 * MINUTE + 1)


@breaks(Code.REST)
def a_break_that_is_no_rest(case: Case) -> None:
    _evening_for_ana(case)
    case.shift("s-ana", break_=Break(duration=4 * MINUTE, earliest_start=at(11), latest_end=at(16)))
    case.route("s-ana", break_start=at(14, 55))
    case.problem = case.problem.replace(rest_s=MINUTE + 1)


@breaks(Code.STOCK)
def more_kits_used_than_picked_up(case: Case) -> None:
    case.shift("s-ana", stock=(Supply(item="kit", units=2), Supply(item="pump", units=0)))
    case.task("v1.1", uses=(Supply(item="kit", units=2), Supply(item="swab", units=9)))
    case.task("v2.1", uses=(Supply(item="kit", units=1),))


@breaks(Code.PIN)
def pinned_to_another_shift(case: Case) -> None:
    case.problem = case.problem.replace(pins=(Pin(task="v2.1", shift="s-cleo"),))


@breaks(Code.PIN)
def pinned_to_another_second(case: Case) -> None:
    case.problem = case.problem.replace(pins=(Pin(task="v2.1", shift="s-ana", start=at(13, 6)),))


@breaks(Code.PIN)
def pinned_to_another_mode(case: Case) -> None:
    case.problem = case.problem.replace(pins=(Pin(task="v4.1", shift="s-ben"),))


def _evening_for_ana(case: Case) -> None:
    """Ana does v5 as well, on a second shift from 15:00 on."""
    evening = shift("s-evening", "ana", "ana-home", at(15), at(20))
    case.problem = case.problem.replace(shifts=(*case.problem.shifts, evening))
    case.drop_stop("v5.1")
    case.route("s-cleo", finish=at(12, 25))
    route = Route(
        shift="s-evening", departure=at(15), stops=(stop("v5.1", at(15, 30), at(15, 30), 60),), finish=at(17)
    )
    case.plan = case.plan.replace(routes=(*case.plan.routes, route))


def street_case() -> Case:
    return Case(problem=street(), plan=street_plan())


@pytest.mark.parametrize(
    ("code", "mutation"), MUTATIONS, ids=[f"{code}-{mutation.__name__}" for code, mutation in MUTATIONS]
)
def test_each_broken_rule_is_caught_by_its_own_code(code: Code, mutation: Mutation) -> None:
    case = street_case()
    mutation(case)
    report = check(case.problem, street_matrix(case.problem), case.plan)
    assert {violation.code for violation in report.violations} == {code}
    assert not report.feasible


def test_every_code_has_a_mutation() -> None:
    assert {code for code, _ in MUTATIONS} == set(Code)


def test_the_plan_that_is_mutated_is_feasible() -> None:
    assert check(street(), street_matrix(street()), street_plan()).violations == ()


def test_two_shifts_of_one_nurse_one_after_the_other_are_fine() -> None:
    case = street_case()
    _evening_for_ana(case)
    assert check(case.problem, street_matrix(case.problem), case.plan).violations == ()
