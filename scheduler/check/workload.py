"""How a shift's time is spent: working, waiting, idle. All in seconds."""

from __future__ import annotations

from scheduler.check.facts import Day, Facts
from scheduler.check.rules.breaks import rest_between
from scheduler.model import Shift


def waiting(day: Day) -> int:
    """What is neither drive nor stay nor break, from departure to finish; then what she waits at home for her
    break."""
    reached = [stay.stop.start for stay in day.stays] + [day.route.finish]
    waits = [
        there - leg.leave - leg.seconds - rest_between(day, leg.leave, there)
        for leg, there in zip(day.legs, reached, strict=True)
    ]
    at_home = 0 if day.route.break_start is None else day.route.break_start - day.route.finish
    return sum(max(0, wait) for wait in waits) + max(0, at_home)


def work(day: Day) -> int:
    """Drives and stays."""
    return sum(leg.seconds for leg in day.legs) + sum(stay.stop.end - stay.stop.start for stay in day.stays)


def idle(day: Day) -> int:
    """What is neither work nor break, from the shift's start to its end, or to a later finish."""
    rest = 0 if day.shift.break_ is None or day.route.break_start is None else day.shift.break_.duration
    return max(day.shift.end, day.route.finish) - day.shift.start - work(day) - rest


def idle_at_home(shift: Shift) -> int:
    """The same for a shift without stops: she has her break at home."""
    return shift.end - shift.start - (0 if shift.break_ is None else shift.break_.duration)


def longest_idle(facts: Facts) -> int:
    """The longest that any shift is idle, one without stops included; at least 0."""
    used = {day.shift.id for day in facts.days if day.stays}
    at_home = [idle_at_home(shift) for shift in facts.problem.shifts if shift.id not in used]
    return max([0, *at_home, *(idle(day) for day in facts.days if day.stays)])


def imbalance(facts: Facts) -> int:
    """Minutes, begun ones whole, by which the work of each shift differs from the mean of all shifts, summed
    up. A shift without stops has no work."""
    worked = dict.fromkeys((shift.id for shift in facts.problem.shifts), 0)
    for day in facts.days:
        worked[day.shift.id] += work(day)
    count, total = len(worked), sum(worked.values())
    return sum(-(-abs(count * seconds - total) // (60 * count)) for seconds in worked.values())
