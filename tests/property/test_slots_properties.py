"""The ranked slots are exactly the cheapest openings, and a series is the cheapest choice among slots."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations, pairwise

from hypothesis import given, note, settings
from hypothesis import strategies as st

from scheduler.check import check
from scheduler.explain import (
    NoSeries,
    Opening,
    Series,
    SeriesRule,
    SeriesRules,
    Slot,
    SlotDay,
    best_slots,
    cheapest_series,
    openings,
)
from scheduler.explain.least import least_added
from scheduler.explain.openings import Inquiry
from scheduler.model import (
    Break,
    Lag,
    Mode,
    Plan,
    Problem,
    Promise,
    Shift,
    Task,
    Visit,
    Weights,
    Window,
)
from tests.support.problems import MINUTE, ORIGIN, place, street_matrix

_minutes = st.integers(0, 40)
_points = st.integers(0, 30)


@st.composite
def slot_days(draw: st.DrawFn) -> SlotDay:
    """A street of a few nurses whose plan grew visit by visit, at openings drawn at random."""
    spots = [place(f"m{minute}", minute) for minute in range(0, 21, 5)]
    soft = draw(st.booleans())
    problem = Problem(
        origin=ORIGIN,
        places=tuple(spots),
        visits=tuple(draw(_visits(f"v{number}", soft)) for number in range(draw(st.integers(0, 5)))),
        shifts=tuple(draw(_shifts(number)) for number in range(draw(st.integers(1, 3)))),
        weights=draw(_weights()),
    )
    plan = _grown(draw, problem)
    promises = tuple(
        Promise(task=stop.task, nurse=draw(_nurses), start=max(0, stop.start + draw(st.integers(-900, 900))))
        for route in plan.routes
        for stop in route.stops
        if draw(st.booleans())
    )
    told = problem.replace(promises=tuple(each.replace(tolerance=300) for each in promises))
    return SlotDay(
        day=ORIGIN.date(),
        problem=told,
        matrix=street_matrix(told),
        plan=plan,
        visit=draw(_visits("new", soft)),
    )


_nurses = st.sampled_from(("n0", "n1", "n2"))


@st.composite
def _weights(draw: st.DrawFn) -> Weights:
    return Weights(
        travel=draw(st.integers(0, 3)),
        lateness=draw(_points),
        worst_lateness=draw(st.just(0) | _points),
        not_preferred=draw(st.integers(0, 3000)),
        moved_start=draw(st.integers(0, 3000)),
        changed_nurse=draw(st.integers(0, 3000)),
        waiting=draw(st.just(0) | _points),
        longest_idle=draw(st.just(0) | _points),
        imbalance=draw(st.just(0) | _points),
    )


@st.composite
def _shifts(draw: st.DrawFn, number: int) -> Shift:
    start, length = draw(_minutes), draw(st.integers(30, 120))
    rest = None
    if draw(st.booleans()):
        first = (start + 10) * MINUTE
        rest = Break(
            duration=5 * MINUTE,
            earliest_start=first,
            latest_end=first + 15 * MINUTE,
            miss_cost=draw(st.none() | _points),
        )
    home = draw(_places)
    return Shift(
        id=f"s{number}",
        nurse=f"n{number}",
        start_place=home,
        end_place=home,
        start=start * MINUTE,
        end=(start + length) * MINUTE,
        break_=rest,
        max_overtime=draw(st.integers(0, 30)) * MINUTE,
        overtime_cost=draw(_points),
        max_visits=draw(st.none() | st.integers(1, 3)),
    )


_places = st.sampled_from([f"m{minute}" for minute in range(0, 21, 5)])


@st.composite
def _visits(draw: st.DrawFn, id: str, soft: bool) -> Visit:
    """In one mode, or in two: by one nurse, or by two who come one after the other."""
    spot, first, slack = draw(_places), draw(_minutes), draw(_minutes)
    window = Window(earliest_start=first * MINUTE, latest_start=(first + slack) * MINUTE, soft=soft)
    long = Task(id=f"{id}.1", place=spot, duration=draw(st.integers(0, 20)) * MINUTE, windows=(window,))
    modes = [Mode(id="one", tasks=(long,))]
    if draw(st.booleans()):
        later = window.replace(latest_start=window.latest_start + 20 * MINUTE)
        both = long.replace(id=f"{id}.2"), long.replace(id=f"{id}.3", windows=(later,))
        lag = Lag(first=both[0].id, then=both[1].id, max_s=draw(_minutes) * MINUTE)
        modes.append(Mode(id="two", tasks=both, lags=(lag,)))
    liked = draw(st.frozensets(_nurses, max_size=2))
    return Visit(
        id=id,
        modes=tuple(draw(st.permutations(modes))),
        drop_cost=draw(st.integers(0, 10**6)),
        preferred_nurses=liked,
        barred_nurses=draw(st.frozensets(_nurses, max_size=1)) - liked,
    )


def _grown(draw: st.DrawFn, problem: Problem) -> Plan:
    plan = Plan(routes=(), unassigned=tuple(visit.id for visit in problem.visits))
    for visit in problem.visits:
        fitting = [one for one in openings(problem, street_matrix(problem), plan, visit) if one.feasible]
        if fitting:
            plan = draw(st.sampled_from(fitting)).taken(plan, visit.id)
    return plan


@given(day=slot_days(), each_day=st.integers(1, 4))
@settings(max_examples=200)
def test_the_slots_of_a_day_are_its_cheapest_openings(day: SlotDay, each_day: int) -> None:
    every = openings(day.problem, day.matrix, day.plan, day.visit)
    fitting = sorted((one.added, min(one.starts), one.nurses) for one in every if one.feasible)
    found = best_slots([day], each_day)
    assert [(slot.added, min(slot.opening.starts), slot.opening.nurses) for slot in found] == fitting[
        :each_day
    ]


@given(day=slot_days())
@settings(max_examples=200)
def test_the_quick_bound_is_never_too_much(day: SlotDay) -> None:
    inquiry = Inquiry(day.problem, day.matrix, day.plan, day.visit)
    for way in inquiry.placing.ways():
        opening, least = inquiry.opening(way), least_added(inquiry.placing, way, inquiry.cost)
        note(f"{opening}, at least {least}")
        assert not opening.feasible or (least is not None and least <= opening.added)


@given(day=slot_days())
@settings(max_examples=100)
def test_a_slot_says_what_its_booking_changes(day: SlotDay) -> None:
    starts = {stop.task: stop.start for route in day.plan.routes for stop in route.stops}
    for slot in best_slots([day], 3):
        booked = slot.opening.taken(day.plan, day.visit.id)
        problem = day.problem.replace(visits=(*day.problem.visits, day.visit))
        before, after = check(day.problem, day.matrix, day.plan), check(problem, day.matrix, booked)
        assert before.feasible and after.feasible
        assert before.cost is not None and after.cost is not None
        assert slot.added == after.cost.total - before.cost.total
        assert slot.overtime_s == after.cost.overtime_seconds - before.cost.overtime_seconds
        now = {stop.task: stop.start for route in booked.routes for stop in route.stops}
        moved = {task: (start, now[task]) for task, start in starts.items() if now[task] != start}
        assert {one.task: (one.before, one.after) for one in slot.moved} == moved


@st.composite
def loose_slots(draw: st.DrawFn) -> list[Slot]:
    """Slots of a fortnight with made-up prices."""
    drawn = st.tuples(st.integers(0, 13), st.integers(8, 16), st.integers(0, 50), _nurses)
    return [_loose_slot(*each) for each in draw(st.lists(drawn, max_size=9))]


def _loose_slot(day: int, hour: int, added: int, nurse: str) -> Slot:
    start = ORIGIN + timedelta(days=day, hours=hour)
    opening = Opening(mode="one", nurses=(nurse,), starts=(hour * 3600,), added=added, broken=(), routes=())
    return Slot(day=start.date(), start=start, opening=opening, moved=(), overtime_s=0, preferred=None)


_rules = st.builds(
    SeriesRules,
    sessions=st.integers(1, 4),
    min_s=st.integers(0, 72).map(lambda hours: hours * 3600),
    max_s=st.none() | st.integers(72, 120).map(lambda hours: hours * 3600),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    not_after=st.none() | st.integers(0, 13).map(lambda days: (ORIGIN + timedelta(days=days)).date()),
    after=st.none() | st.integers(-96, 96).map(lambda hours: ORIGIN + timedelta(hours=hours)),
    change_cost=st.integers(0, 20),
)


def _every_series(slots: list[Slot], rules: SeriesRules, sessions: int) -> list[int]:
    """The costs of all choices that keep the rules."""
    costs = []
    for chosen in combinations(sorted(slots, key=lambda slot: slot.start), sessions):
        starts = [*([] if rules.after is None else [rules.after]), *(slot.start for slot in chosen)]
        apart = [(then - one).total_seconds() for one, then in pairwise(starts)]
        kept = [
            len({slot.day for slot in chosen}) == sessions,
            all(gap >= rules.min_s and (rules.max_s is None or gap <= rules.max_s) for gap in apart),
            all(slot.day.weekday() in rules.weekdays for slot in chosen),
            rules.not_after is None or all(slot.day <= rules.not_after for slot in chosen),
        ]
        if all(kept):
            nurses = [slot.opening.nurses[0] for slot in chosen]
            changes = sum(one != then for one, then in pairwise(nurses))
            costs.append(sum(slot.added for slot in chosen) + rules.change_cost * changes)
    return costs


@given(slots=loose_slots(), rules=_rules)
@settings(max_examples=500)
def test_a_series_is_the_cheapest_of_all_choices(slots: list[Slot], rules: SeriesRules) -> None:
    found, costs = cheapest_series(slots, rules), _every_series(slots, rules, rules.sessions)
    if isinstance(found, Series):
        assert found.cost == min(costs)
        assert _every_series(list(found.slots), rules, rules.sessions) == [found.cost]
    else:
        assert not costs
        assert not _every_series(slots, rules, found.most + 1)
        assert found.most == 0 or _every_series(slots, rules, found.most)


@given(slots=loose_slots(), rules=_rules)
@settings(max_examples=300)
def test_the_rules_named_are_those_that_block(slots: list[Slot], rules: SeriesRules) -> None:
    found = cheapest_series(slots, rules)
    if isinstance(found, NoSeries):
        eased = {
            SeriesRule.MIN_SPACING: _with(rules, min_s=0),
            SeriesRule.MAX_SPACING: _with(rules, max_s=None),
            SeriesRule.WEEKDAYS: _with(rules, weekdays=frozenset(range(7))),
            SeriesRule.NOT_AFTER: _with(rules, not_after=None),
        }
        blocking = {rule for rule, other in eased.items() if _every_series(slots, other, rules.sessions)}
        assert set(found.blocking) == blocking


def _with(rules: SeriesRules, **changed: object) -> SeriesRules:
    names = ("sessions", "min_s", "max_s", "weekdays", "not_after", "after", "change_cost")
    return SeriesRules(**({name: getattr(rules, name) for name in names} | changed))  # type: ignore[arg-type]
