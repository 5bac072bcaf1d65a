"""Days joined into one problem, and its plan parted into days again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from benchmarks import infusion
from scheduler.check import Code, check
from scheduler.horizon import Horizon, join
from scheduler.model import Gate, GateKind, ModelError, Pin, Plan, Problem, Span, Visit
from scheduler.solve.day import Day
from scheduler.solve.seam import never
from scheduler.travel import TravelMatrix

SUBURBS = infusion.REGIONS["suburbs"].travel
HOUR = 3600


def two_days() -> tuple[Problem, Problem]:
    """Two days of the same clinic, of different visits."""
    whole = infusion.day(12, "suburbs", 3, visits_per_nurse=1.5)
    first = whole.replace(visits=whole.visits[:6])
    return first, whole.replace(visits=whole.visits[6:], origin=whole.origin + timedelta(days=1))


def planned(problem: Problem) -> tuple[Plan, TravelMatrix]:
    matrix = SUBURBS.matrix(problem.places)
    day = Day.of(problem, matrix)
    return day.plan_of(day.first_plan(never)), matrix


def whole_plan(horizon: Horizon) -> Plan:
    """A plan of each day, as one of the horizon."""
    routes, left_out = [], []
    for number, day in enumerate(horizon.days):
        plan, _ = planned(day)
        back = Horizon(days=(day, *horizon.days), problem=horizon.problem)
        assert back.offset(0) == 0
        for route in plan.routes:
            offset = horizon.offset(number)
            routes.append(
                route.replace(
                    shift=f"{route.shift}@{number}",
                    departure=route.departure + offset,
                    finish=route.finish + offset,
                    break_start=None if route.break_start is None else route.break_start + offset,
                    stops=tuple(
                        stop.replace(
                            arrival=stop.arrival + offset, start=stop.start + offset, end=stop.end + offset
                        )
                        for stop in route.stops
                    ),
                )
            )
        left_out += plan.unassigned
    return Plan(routes=tuple(routes), unassigned=tuple(left_out))


def test_a_plan_of_all_days_is_one_of_each_and_costs_their_sum() -> None:
    horizon = join(two_days())
    plan = whole_plan(horizon)
    report = check(horizon.problem, SUBURBS.matrix(horizon.problem.places), plan)
    assert report.feasible
    parts = [
        check(day, SUBURBS.matrix(day.places), horizon.day_plan(plan, number))
        for number, day in enumerate(horizon.days)
    ]
    assert all(part.feasible for part in parts)
    assert report.cost is not None
    assert report.cost.total == sum(part.cost.total for part in parts if part.cost is not None)


def test_each_visit_is_known_by_its_day() -> None:
    first, second = two_days()
    horizon = join((first, second))
    plan = whole_plan(horizon)
    served = {visit.id for visit in horizon.problem.visits} - set(plan.unassigned)
    later = {visit.id for visit in second.visits}
    expected = {visit.id: int(visit.id in later) for visit in horizon.problem.visits}
    assert horizon.day_of(plan) == {visit: expected[visit] for visit in served}


def movable(first: Problem, second: Problem) -> tuple[Problem, Problem]:
    """The first visit of the first day may also take place on the second."""
    return first, second.replace(visits=(first.visits[0], *second.visits))


def test_a_visit_of_two_days_is_one_visit_with_the_windows_of_both() -> None:
    days = movable(*two_days())
    horizon = join(days)
    (visit,) = (each for each in horizon.problem.visits if each.id == days[0].visits[0].id)
    (window,) = days[0].visits[0].tasks[0].windows
    starts = [each.earliest_start for each in visit.tasks[0].windows]
    assert starts == [window.earliest_start, window.earliest_start + 24 * HOUR]


def gated(visit: Visit, *gates: Gate) -> Visit:
    return visit.replace(gates=gates)


def test_a_gate_that_is_closed_on_one_day_is_open_on_the_other_only() -> None:
    first, second = movable(*two_days())
    always = Gate(kind=GateKind.ORDER, spans=(Span(start=-90 * HOUR, end=90 * HOUR),))
    closed = Gate(kind=GateKind.ORDER)
    first = first.replace(visits=(gated(first.visits[0], always), *first.visits[1:]))
    second = second.replace(visits=(gated(second.visits[0], closed), *second.visits[1:]))
    horizon = join((first, second))
    (gate,) = horizon.problem.visits[0].gates
    assert [span.end <= 24 * HOUR for span in gate.spans] == [True]

    late = whole_plan(join((second.replace(origin=first.origin, visits=second.visits[:1]),)))
    assert not check(second, SUBURBS.matrix(second.places), late).feasible


def test_a_pin_holds_on_its_own_day() -> None:
    first, second = two_days()
    plan, _ = planned(second)
    route = plan.routes[0]
    pinned = second.replace(
        pins=(Pin(task=route.stops[0].task, shift=route.shift, start=route.stops[0].start),)
    )
    horizon = join((first, pinned))
    assert check(horizon.problem, SUBURBS.matrix(horizon.problem.places), whole_plan(horizon)).feasible
    earlier = horizon.problem.replace(pins=(horizon.problem.pins[0].replace(start=0),))
    codes = {v.code for v in check(earlier, SUBURBS.matrix(earlier.places), whole_plan(horizon)).violations}
    assert Code.PIN in codes


def test_a_visit_that_differs_from_day_to_day_is_refused() -> None:
    first, second = movable(*two_days())
    dearer = second.visits[0].replace(drop_cost=1)
    with pytest.raises(ModelError, match="not the same on all of its days"):
        join((first, second.replace(visits=(dearer, *second.visits[1:]))))
