"""What each disruption makes of the street's day."""

from __future__ import annotations

import pytest

from scheduler.check import check
from scheduler.disruption import (
    NOTHING_SEEN,
    Changed,
    Disruption,
    InForce,
    NurseIll,
    NurseLate,
    RoadClosed,
    Seen,
    UrgentVisit,
    VisitCancelled,
    VisitOverruns,
    apply,
)
from scheduler.explain import Unkept, UnkeptKind
from scheduler.model import ModelError, Pin, Shift, Stop, Supply, Task
from scheduler.solve import Limits
from scheduler.solve.cp_sat import CpSatSolver
from tests.support.problems import MINUTE, at, street, street_matrix, street_plan, task, visit, window

PROBLEM = street()
DAY = InForce(problem=PROBLEM, matrix=street_matrix(PROBLEM), plan=street_plan())


def after(
    disruption: Disruption | None, now: int, freeze_until: int | None = None, seen: Seen = NOTHING_SEEN
) -> Changed:
    """The street's day after the disruption; nothing frozen unless said."""
    until = now if freeze_until is None else freeze_until
    return apply(PROBLEM, DAY.matrix, DAY, disruption, now_s=now, freeze_until_s=until, seen=seen)


def begun(task: str, start: int, end: int) -> Seen:
    """One stay was seen to begin; it is over, or expected to be, at `end`."""
    return Seen(begun=(Stop(task=task, arrival=start, start=start, end=end),))


def task_of(changed: Changed, id: str) -> Task:
    return changed.problem.task_by_id[id]


def shift_of(changed: Changed, id: str) -> Shift:
    return next(shift for shift in changed.problem.shifts if shift.id == id)


def pin_of(changed: Changed, id: str) -> Pin | None:
    return next((pin for pin in changed.problem.pins if pin.task == id), None)


def told(changed: Changed, kind: UnkeptKind) -> list[Unkept]:
    return [unkept for unkept in changed.unkept if unkept.kind is kind]


def solved(changed: Changed) -> dict[str, tuple[str, int]]:
    """Shift and start of each task of a feasible plan of the rest of the day."""
    made = CpSatSolver().solve(changed.to_solve, changed.to_solve_matrix, Limits(seconds=1)).plan
    plan = changed.settled(made)
    assert check(changed.problem, changed.matrix, plan).violations == ()
    return {stop.task: (route.shift, stop.start) for route in plan.routes for stop in route.stops}


def test_what_has_begun_is_pinned_and_never_left_out() -> None:
    changed = after(None, at(9, 30))
    assert pin_of(changed, "v1.1") == Pin(task="v1.1", shift="s-ana", start=at(8, 30))
    assert changed.problem.visit_by_task["v1.1"].drop_cost is None
    assert pin_of(changed, "v5.1") is None
    assert solved(changed)["v1.1"] == ("s-ana", at(8, 30))


def test_what_was_seen_to_begin_before_its_time_is_pinned_too() -> None:
    now = at(8, 15)
    assert pin_of(after(None, now), "v1.1") is None
    changed = after(None, now, seen=begun("v1.1", at(8, 12), at(10, 12)))
    assert pin_of(changed, "v1.1") == Pin(task="v1.1", shift="s-ana", start=at(8, 12))
    assert changed.problem.visit_by_task["v1.1"].drop_cost is None
    assert solved(changed)["v1.1"] == ("s-ana", at(8, 12))


def test_what_took_longer_than_planned_moves_what_follows() -> None:
    """Ana began half an hour late and is still there: her next visit is planned from when she will leave."""
    changed = after(None, at(11, 30), freeze_until=at(13), seen=begun("v1.1", at(9), at(11, 50)))
    stay = task_of(changed, "v1.1")
    assert (stay.duration, pin_of(changed, "v1.1")) == (
        at(11, 50) - at(9),
        Pin(task="v1.1", shift="s-ana", start=at(9)),
    )
    drive = DAY.matrix.between(stay.place, task_of(changed, "v3.1").place)
    _, start = solved(changed)["v3.1"]
    assert start >= max(at(12), at(11, 50) + drive)


def test_a_frozen_visit_for_which_she_carries_too_little_is_let_go() -> None:
    """What she has used she had, whatever is on file; for the next visit nothing is left."""
    drug = Supply(item="vial", units=1)
    problem = PROBLEM.replace(
        visits=tuple(
            each.replace(
                modes=tuple(
                    mode.replace(tasks=tuple(task.replace(uses=(drug,)) for task in mode.tasks))
                    for mode in each.modes
                )
            )
            for each in PROBLEM.visits
        ),
        shifts=tuple(
            shift.replace(stock=(drug.replace(units=0),)) if shift.id == "s-ana" else shift
            for shift in PROBLEM.shifts
        ),
    )
    day = InForce(problem=problem, matrix=DAY.matrix, plan=DAY.plan)
    changed = apply(problem, DAY.matrix, day, now_s=at(9), freeze_until_s=at(13))
    assert shift_of(changed, "s-ana").stock == (drug,)
    assert pin_of(changed, "v1.1") == Pin(task="v1.1", shift="s-ana", start=at(8, 30))
    assert pin_of(changed, "v3.1") is None


def test_who_left_early_is_on_her_way_since_then() -> None:
    changed = after(None, at(10, 20), seen=begun("v1.1", at(8), at(10, 15)))
    assert task_of(changed, "v1.1").duration == at(10, 15) - at(8)
    assert changed.to_solve.task_by_id["now:s-ana"].windows[0].earliest_start == at(10, 20)
    assert solved(changed)["v1.1"] == ("s-ana", at(8))


def test_a_late_nurse_is_not_late_twice() -> None:
    """Reported as 40 min behind her plan; half an hour of that was seen already."""
    seen = begun("v1.1", at(9), at(11))
    plain = after(NurseLate(shift="s-ana", minutes=40), at(11, 5), seen=seen)
    mark = plain.to_solve.task_by_id["now:s-ana"]
    assert mark.windows[0].earliest_start + mark.duration == at(11, 10)


def test_a_visit_that_was_come_to_in_vain_takes_no_more_time() -> None:
    """Before its time or after: what she has begun there she does not go on with."""
    early = begun("v1.1", at(8, 20), at(10, 20)).begun
    for now, came in ((at(9), ()), (at(8, 25), early)):
        changed = after(None, now, seen=Seen(begun=came, in_vain=frozenset({"v1"})))
        assert "v1.1" not in changed.problem.task_by_id
        assert changed.to_solve.task_by_id["now:s-ana"].windows[0].earliest_start == now


def test_nothing_else_starts_in_the_past() -> None:
    changed = after(None, at(13, 30))
    assert task_of(changed, "v5.1").windows[0].earliest_start == at(14)
    assert task_of(changed, "v6.1").windows[0].earliest_start == at(13, 30)


def test_a_visit_whose_window_is_over_is_told() -> None:
    nothing = DAY.plan.replace(routes=(), unassigned=tuple(visit.id for visit in PROBLEM.visits))
    day = InForce(problem=PROBLEM, matrix=DAY.matrix, plan=nothing)
    changed = apply(PROBLEM, DAY.matrix, day, now_s=at(10, 30), freeze_until_s=at(10, 30))
    assert changed.missed == ("v1",)
    assert "v1.1" not in changed.problem.task_by_id


def test_frozen_stays_keep_nurse_and_start() -> None:
    changed = after(None, at(11), freeze_until=at(13))
    assert pin_of(changed, "v3.1") == Pin(task="v3.1", shift="s-ana", start=at(12))
    assert pin_of(changed, "v3.2") == Pin(task="v3.2", shift="s-ben", start=at(12))
    assert pin_of(changed, "v5.1") is None


def test_an_ill_nurse_ends_what_she_has_begun_and_goes_home() -> None:
    changed = after(NurseIll(shift="s-cleo", from_s=at(11)), at(11))
    assert pin_of(changed, "v4.3") == Pin(task="v4.3", shift="s-cleo", start=at(10, 25))
    assert shift_of(changed, "s-cleo").latest_finish == at(12, 25)
    assert solved(changed).get("v5.1", ("", 0))[0] != "s-cleo"


def test_a_nurse_who_is_ill_before_she_leaves_is_off() -> None:
    changed = after(NurseIll(shift="s-cleo"), at(8))
    assert "s-cleo" not in {shift.id for shift in changed.problem.shifts}


def test_a_nurse_who_cannot_go_on_is_told() -> None:
    changed = after(NurseIll(shift="s-ana", from_s=at(9), goes_on=False), at(9))
    (unkept,) = told(changed, UnkeptKind.IN_PROGRESS)
    assert (unkept.visit, unkept.nurse, unkept.planned) == ("v1", "ana", at(10, 30))


def test_who_was_to_be_relieved_stays_throughout_where_nobody_else_can_come() -> None:
    changed = after(NurseIll(shift="s-cleo"), at(9, 30), freeze_until=at(13))
    plan = solved(changed)
    assert plan["v4.1"] == ("s-ben", at(9))
    assert not {"v4.2", "v4.3"} & set(plan)


def test_who_has_to_stay_throughout_may_do_so_beyond_her_hours() -> None:
    early = PROBLEM.replace(
        shifts=tuple(
            shift.replace(end=at(11), max_overtime=0, break_=None) if shift.id == "s-ben" else shift
            for shift in PROBLEM.shifts
        )
    )
    plan = DAY.plan.replace(
        routes=(
            DAY.plan.routes[1].replace(stops=DAY.plan.routes[1].stops[:1], finish=at(10, 40)),
            DAY.plan.routes[2],
        ),
        unassigned=("v1", "v2", "v3", "v6"),
    )
    early = early.replace(
        visits=tuple(visit.replace(drop_cost=visit.drop_cost or 1) for visit in early.visits)
    )
    day = InForce(problem=early, matrix=DAY.matrix, plan=plan)
    others = early.replace(shifts=tuple(each for each in early.shifts if each.id != "s-ana"))
    changed = apply(
        others,
        DAY.matrix,
        day,
        NurseIll(shift="s-cleo"),
        now_s=at(9, 30),
        freeze_until_s=at(12),
    )
    (unkept,) = told(changed, UnkeptKind.RELIEF)
    assert (unkept.visit, unkept.nurse, unkept.possible) == ("v4", "ben", at(12))
    assert solved(changed)["v4.1"] == ("s-ben", at(9))


def test_a_late_relief_keeps_the_first_nurse_there_for_the_overlap() -> None:
    changed = after(NurseLate(shift="s-cleo", minutes=30), at(9, 30))
    assert task_of(changed, "v4.2").duration == 120 * MINUTE
    plan = solved(changed)
    if "v4.3" in plan:
        assert plan["v4.3"][1] >= at(10, 50)


def test_a_late_nurse_keeps_her_frozen_visit_but_later_and_so_does_her_partner() -> None:
    changed = after(NurseLate(shift="s-ben", minutes=120), at(10, 45), freeze_until=at(13))
    (unkept,) = told(changed, UnkeptKind.START)[:1]
    assert unkept.planned == at(12)
    assert unkept.possible is not None
    assert unkept.possible > at(12)
    assert pin_of(changed, "v3.2") == Pin(task="v3.2", shift="s-ben")


def test_an_overrun_moves_what_follows() -> None:
    changed = after(VisitOverruns(visit="v1", minutes=75), at(9, 30), freeze_until=at(13))
    assert task_of(changed, "v1.1").duration == 195 * MINUTE
    starts = {(unkept.nurse, unkept.possible) for unkept in told(changed, UnkeptKind.START)}
    assert starts == {("ana", at(12, 15)), ("ben", at(12, 15))}
    assert pin_of(changed, "v3.1") == Pin(task="v3.1", shift="s-ana")
    plan = solved(changed)
    assert plan["v1.1"] == ("s-ana", at(8, 30))


def test_an_overrun_beyond_the_shift_is_overtime_and_told() -> None:
    changed = after(VisitOverruns(visit="v2", minutes=200), at(13, 30))
    (unkept,) = told(changed, UnkeptKind.OVERTIME)
    assert (unkept.planned, unkept.possible) == (at(16), at(18, 15))
    assert solved(changed)["v2.1"] == ("s-ana", at(13, 5))


def test_a_visit_that_is_to_take_longer_lasts_longer_in_every_mode() -> None:
    changed = after(VisitOverruns(visit="v4", minutes=10), at(8))
    assert [task_of(changed, f"v4.{i}").duration // MINUTE for i in (1, 2, 3)] == [190, 100, 110]


def test_a_visit_under_way_is_not_cancelled() -> None:
    with pytest.raises(ModelError, match="nobody leaves"):
        after(VisitCancelled(visit="v1"), at(9))


def test_after_a_no_show_the_nurse_goes_on_from_there() -> None:
    changed = after(VisitCancelled(visit="v1", no_show=True), at(9))
    assert "v1.1" not in changed.problem.task_by_id
    mark = changed.to_solve.task_by_id["now:s-ana"]
    assert mark.windows[0].earliest_start == at(9)
    assert changed.to_solve_matrix.between("now:s-ana", "p2") == 10 * MINUTE


def test_a_nurse_on_the_way_goes_on_from_where_she_is() -> None:
    changed = after(None, at(10, 35))  # Ben left p4 (50) at 10:30 for p3 (40)
    times = changed.to_solve_matrix
    assert times.between("now:s-ben", "p3") == 5 * MINUTE
    assert times.between("now:s-ben", "ben-home") == 15 * MINUTE
    assert times.between("p4", "now:s-ben") == 5 * MINUTE


def test_an_urgent_visit_is_taken_in() -> None:
    urgent = visit("v9", task("v9.1", "p5", 30, window(at(12), at(16))), dollars=10_000)
    changed = after(UrgentVisit(visit=urgent), at(11))
    assert solved(changed)["v9.1"][1] >= at(12)
    assert after(UrgentVisit(visit=PROBLEM.visits[4]), at(11)).problem == after(None, at(11)).problem


def test_a_closed_road_slows_what_is_still_to_be_driven() -> None:
    changed = after(RoadClosed(factor=2), at(12, 10))
    assert changed.matrix.between("p1", "p3") == 30 * MINUTE  # Ana has driven it
    assert changed.matrix.between("p3", "p2") == 40 * MINUTE
    leg = after(RoadClosed(factor=3, leg=("p2", "p3")), at(8)).matrix
    assert (leg.between("p3", "p2"), leg.between("p2", "p3")) == (60 * MINUTE, 60 * MINUTE)
    assert leg.between("p1", "p3") == 30 * MINUTE
    area = after(RoadClosed(factor=2, places=frozenset({"p5"})), at(8)).matrix
    assert area.between("p5", "p1") == 40 * MINUTE


@pytest.mark.parametrize(
    "disruption",
    [
        NurseIll(shift="nobody"),
        NurseLate(shift="nobody", minutes=5),
        VisitOverruns(visit="nothing", minutes=5),
        VisitCancelled(visit="nothing"),
        RoadClosed(factor=2, places=frozenset({"nowhere"})),
    ],
)
def test_what_there_is_not_cannot_be_disturbed(disruption: Disruption) -> None:
    with pytest.raises(ModelError, match="no "):
        after(disruption, at(9))


def test_impossible_disruptions_are_refused() -> None:
    for make in (
        lambda: RoadClosed(factor=0.5),
        lambda: RoadClosed(factor=2, places=frozenset({"a"}), leg=("a", "b")),
        lambda: NurseLate(shift="s", minutes=0),
        lambda: VisitOverruns(visit="v", minutes=-5),
    ):
        with pytest.raises(ModelError):
            make()


def test_what_the_records_have_lost_of_a_visit_under_way_comes_from_the_plan() -> None:
    """A visit cancelled in the records while it is under way stays in the plan."""
    fewer = PROBLEM.replace(
        visits=PROBLEM.visits[1:],
        places=tuple(each for each in PROBLEM.places if each.id != "p1"),
    )
    changed = apply(fewer, DAY.matrix, DAY, now_s=at(9, 30), freeze_until_s=at(9, 30))
    assert solved(changed)["v1.1"] == ("s-ana", at(8, 30))
