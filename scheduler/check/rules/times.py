"""When: stays, drives, windows, lags and shift hours. All times in seconds since the origin."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.check.facts import Facts, Stay
from scheduler.check.report import Code, Violation
from scheduler.check.rules.breaks import rest_between
from scheduler.check.windows import ends_late, judged_by, keeps


def full_duration(facts: Facts) -> Iterator[Violation]:
    """A stay lasts its task's duration to the second: nobody leaves before the monitoring has run."""
    for stay in facts.stays():
        lasts = stay.stop.end - stay.stop.start
        if lasts != stay.task.duration:
            yield _at(stay, Code.DURATION, f"lasts {lasts} s, not {stay.task.duration} s")


def starts_after_arrival(facts: Facts) -> Iterator[Violation]:
    """A stay starts when the nurse has arrived, or later."""
    for stay in facts.stays():
        if stay.stop.start < stay.stop.arrival:
            yield _at(
                stay,
                Code.STARTS_BEFORE_ARRIVAL,
                f"starts at {stay.stop.start}, arrival at {stay.stop.arrival}",
            )


def time_to_drive(facts: Facts) -> Iterator[Violation]:
    """Between leaving one place and arriving at the next there is time for the drive.

    The part of the break that lies between the two is no time to drive. The first drive leaves at the route's
    departure, the last arrives at its finish.
    """
    for day in facts.days:
        for leg in day.legs:
            rest = rest_between(day, leg.leave, leg.arrive)
            if leg.arrive - leg.leave - rest < leg.seconds:
                message = (
                    f"shift {day.shift.id!r} leaves {leg.origin!r} at {leg.leave} and is "
                    f"at {leg.destination!r} at {leg.arrive}: the drive takes {leg.seconds} s, "
                    f"the break meanwhile {rest} s"
                )
                yield Violation(code=Code.TRAVEL_TIME, message=message, shift=day.shift.id)


def windows_kept(facts: Facts) -> Iterator[Violation]:
    """A stay keeps one window of its task; of a soft window only the earliest start must be kept.

    Where none is kept, the fault is named against the last window that had begun.
    """
    for stay in facts.stays():
        if any(keeps(window, stay.stop) for window in stay.task.windows):
            continue
        window, stop = judged_by(stay.task, stay.stop.start), stay.stop
        if stop.start < window.earliest_start:
            what = f"starts at {stop.start}, before {window.earliest_start}"
            yield _at(stay, Code.TOO_EARLY, what, window.earliest_start - stop.start)
            continue
        if stop.start > window.latest_start:
            what = f"starts at {stop.start}, after {window.latest_start}"
            yield _at(stay, Code.TOO_LATE, what, stop.start - window.latest_start)
        if window.latest_end is not None and ends_late(window, stop):
            what = f"ends at {stop.end}, after {window.latest_end}"
            yield _at(stay, Code.ENDS_TOO_LATE, what, stop.end - window.latest_end)


def lags_kept(facts: Facts) -> Iterator[Violation]:
    """From start to start, a lag's second task follows its first by min_s to max_s."""
    for visit, stays in facts.served.items():
        starts = {stay.task.id: stay.stop.start for stay in stays}
        lags = {lag for stay in stays for lag in stay.mode.lags if lag.first in starts and lag.then in starts}
        for lag in sorted(lags, key=lambda lag: (lag.first, lag.then)):
            apart = starts[lag.then] - starts[lag.first]
            if not lag.min_s <= apart <= lag.max_s:
                wanted = f"{lag.min_s} to {lag.max_s} s"
                message = f"task {lag.then!r} starts {apart} s after task {lag.first!r}, not {wanted}"
                yield Violation(code=Code.LAG, message=message, visit=visit, task=lag.then)


def leaves_after_shift_start(facts: Facts) -> Iterator[Violation]:
    """A nurse leaves at her shift's start or later."""
    for day in facts.days:
        if day.route.departure < day.shift.start:
            message = f"shift {day.shift.id!r} leaves at {day.route.departure}, before {day.shift.start}"
            by = day.shift.start - day.route.departure
            yield Violation(code=Code.SHIFT_START, message=message, shift=day.shift.id, by=by)


def leaves_in_time(facts: Facts) -> Iterator[Violation]:
    """A nurse who has to leave at her shift's start does not leave later."""
    for day in facts.days:
        if day.shift.leaves_at_start and day.route.departure > day.shift.start:
            message = f"shift {day.shift.id!r} leaves at {day.route.departure}, later than {day.shift.start}"
            yield Violation(code=Code.LEAVES_LATE, message=message, shift=day.shift.id)


def back_in_time(facts: Facts) -> Iterator[Violation]:
    """A nurse is back at her shift's end, allowed overtime included, or before."""
    for day in facts.days:
        if day.route.finish > day.shift.latest_finish:
            message = f"shift {day.shift.id!r} is back at {day.route.finish}, after {day.shift.latest_finish}"
            by = day.route.finish - day.shift.latest_finish
            yield Violation(code=Code.SHIFT_END, message=message, shift=day.shift.id, by=by)


def _at(stay: Stay, code: Code, what: str, by: int = 1) -> Violation:
    return Violation(
        code=code,
        message=f"task {stay.task.id!r} {what}",
        visit=stay.visit.id,
        task=stay.task.id,
        shift=stay.shift.id,
        by=by,
    )
