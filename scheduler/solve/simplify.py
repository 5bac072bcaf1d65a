"""The same problem with fewer kinds of rules, for solvers that do not know them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scheduler.model import HourLimit, Problem, Shift


def simplified(problem: Problem) -> Problem:
    """An equal problem: hour limits over a single shift become a limit of its overtime, and what cannot be
    broken is left out (rest where no nurse has two shifts, stock that suffices for every visit)."""
    single, several = _sorted_out(problem)
    most_uses = _most_uses(problem)
    shifts = tuple(_with_enough(_limited(shift, single), most_uses) for shift in problem.shifts)
    has_two = any(count > 1 for count in Counter(shift.nurse for shift in shifts).values())
    if shifts == problem.shifts and several == problem.hour_limits and (has_two or not problem.rest_s):
        return problem
    return problem.replace(shifts=shifts, hour_limits=several, rest_s=problem.rest_s if has_two else 0)


def covered(limit: HourLimit, shifts: Iterable[Shift]) -> list[Shift]:
    """The shifts whose hours count towards the limit."""
    return [
        shift for shift in shifts if shift.nurse == limit.nurse and limit.start <= shift.start < limit.end
    ]


def _sorted_out(problem: Problem) -> tuple[dict[str, int], tuple[HourLimit, ...]]:
    """The most seconds of shifts that have a limit of their own, by id; and the other limits that could be
    broken."""
    single: dict[str, int] = {}
    several: list[HourLimit] = []
    for limit in problem.hour_limits:
        shifts = covered(limit, problem.shifts)
        if len(shifts) == 1 and not _rests_beyond(shifts[0], limit.max_seconds):
            one = shifts[0].id
            single[one] = min(limit.max_seconds, single.get(one, limit.max_seconds))
        elif sum(shift.latest_finish - shift.start for shift in shifts) > limit.max_seconds:
            several.append(limit)
    return single, tuple(several)


def _rests_beyond(shift: Shift, most: int) -> bool:
    """Whether the break may come after `most` seconds of the shift: at home, where it is not counted."""
    return shift.break_ is not None and shift.break_.latest_end > shift.start + most


def _limited(shift: Shift, most: dict[str, int]) -> Shift:
    if shift.id not in most:
        return shift
    spare = shift.start + most[shift.id] - shift.end
    if spare < 0:
        return shift.replace(max_visits=0)
    return shift.replace(max_overtime=min(shift.max_overtime, spare))


def _most_uses(problem: Problem) -> Counter[str]:
    """By item, more than any plan can use on one shift."""
    total: Counter[str] = Counter()
    for visit in problem.visits:
        for item in {supply.item for task in visit.tasks for supply in task.uses}:
            total[item] += max(
                sum(supply.units for task in mode.tasks for supply in task.uses if supply.item == item)
                for mode in visit.modes
            )
    return total


def _with_enough(shift: Shift, uses: Counter[str]) -> Shift:
    stock = tuple(supply for supply in shift.stock if supply.units < uses[supply.item])
    return shift if stock == shift.stock else shift.replace(stock=stock)
