"""Shifts as they are from now on: who has gone home, who comes later, whose hours no longer hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from scheduler.disruption.records import NurseIll
from scheduler.disruption.skeleton import Skeleton
from scheduler.disruption.tracks import Track, Tracks
from scheduler.explain.unkept import Unkept, UnkeptKind
from scheduler.model import Break, Problem, Shift, Task


def at_home(
    problem: Problem, tracks: Tracks, late: Mapping[str, int], ill: Mapping[str, NurseIll], now_s: int
) -> Problem:
    """Who has not left yet, leaves now or later; who is ill by then, or has no time left, is off."""
    shifts = []
    for shift in problem.shifts:
        track = tracks.get(shift.id)
        if track is not None and track.departed:
            shifts.append(shift)
            continue
        begin = max(shift.start, now_s)
        if late.get(shift.id):
            planned = shift.start if track is None else track.route.departure
            begin = max(begin, planned + late[shift.id])
        end, overtime = shift.end, shift.max_overtime
        if shift.id in ill and ill[shift.id].from_s < end + overtime:
            last = ill[shift.id].from_s
            end, overtime = min(end, last), max(0, last - end)
        if begin < end:
            shifts.append(_with_hours(shift, begin, end, overtime))
    return _with_shifts(problem, shifts)


def ill_on_the_way(
    problem: Problem, tracks: Tracks, ill: NurseIll, skeleton: Skeleton, now_s: int
) -> tuple[Problem, tuple[Unkept, ...]]:
    """Who falls ill in mid-shift goes home once she has done what she has begun."""
    track = tracks.get(ill.shift)
    if track is None or not track.departed:
        return problem, ()
    shift = next(each for each in problem.shifts if each.id == ill.shift)
    others = [each for each in problem.shifts if each.id != ill.shift]
    told = tuple(_cannot_go_on(track, shift, problem, now_s)) if not ill.goes_on else ()
    if not track.begun and ill.from_s <= now_s:
        return _with_shifts(problem, others), told
    problem = _without_pins_of(problem, track, ill.shift)
    home = skeleton.finish(shift)
    end = max(home, ill.from_s) if ill.from_s > now_s else home
    rest = shift.break_ if track.break_start is not None or ill.from_s > now_s else None
    gone = shift.replace(break_=None, end=max(end, shift.start + 1), max_overtime=0)
    return _with_shifts(problem, [*others, gone.replace(break_=_fitting(rest, gone))]), told


def _without_pins_of(problem: Problem, track: Track, shift: str) -> Problem:
    """The problem without the pins on what she has not begun."""
    begun = {stop.task for stop in track.begun}
    return problem.replace(pins=tuple(pin for pin in problem.pins if pin.shift != shift or pin.task in begun))


def _cannot_go_on(track: Track, shift: Shift, problem: Problem, now_s: int) -> Iterator[Unkept]:
    visits = problem.visit_by_task
    for stop in track.begun:
        if stop.end > now_s:
            yield Unkept(
                kind=UnkeptKind.IN_PROGRESS,
                visit=visits[stop.task].id,
                nurse=shift.nurse,
                planned=stop.end,
            )


def breaks_from_now(problem: Problem, tracks: Tracks, now_s: int) -> Problem:
    """A break that has begun stays where it is; one still owed is not in the past."""
    shifts = []
    for shift in problem.shifts:
        track, rest = tracks.get(shift.id), shift.break_
        if track is not None and track.departed and rest is not None:
            shift = shift.replace(break_=None)
            if track.break_start is not None:
                over = track.break_start + rest.duration
                begun = Break(duration=rest.duration, earliest_start=track.break_start, latest_end=over)
                shift = shift.replace(break_=_fitting(begun, shift))
            else:
                owed = rest.replace(
                    earliest_start=max(rest.earliest_start, now_s),
                    latest_end=max(rest.latest_end, max(rest.earliest_start, now_s) + rest.duration),
                )
                shift = shift.replace(break_=_fitting(owed, shift))
        shifts.append(shift)
    return _with_shifts(problem, shifts)


def stretched(problem: Problem, tracks: Tracks, skeleton: Skeleton) -> tuple[Problem, tuple[Unkept, ...]]:
    """Where what has begun lasts longer than a shift or a break allows, these give way, and that is told."""
    shifts: list[Shift] = []
    told: list[Unkept] = []
    for shift in problem.shifts:
        track = tracks.get(shift.id)
        if track is not None and track.begun:
            shift, more = _stretch(shift, skeleton)
            told.extend(more)
        shifts.append(shift)
    return _with_shifts(problem, shifts), tuple(told)


def _stretch(shift: Shift, skeleton: Skeleton) -> tuple[Shift, list[Unkept]]:
    told: list[Unkept] = []
    home = skeleton.finish(shift.replace(break_=None))
    if home > shift.latest_finish:
        told.append(
            Unkept(kind=UnkeptKind.OVERTIME, nurse=shift.nurse, planned=shift.latest_finish, possible=home)
        )
        shift = shift.replace(max_overtime=home - shift.end)
    rest = shift.break_
    if rest is not None and not skeleton.holds(shift):
        later = shift.replace(break_=rest.replace(latest_end=shift.latest_finish))
        held = skeleton.holds(later)
        told.append(
            Unkept(
                kind=UnkeptKind.BREAK,
                nurse=shift.nurse,
                planned=rest.latest_end,
                possible=skeleton.rest_at(later) if held else None,
            )
        )
        shift = later if held else shift.replace(break_=None)
    return shift, told


def with_what_was_used(problem: Problem, tracks: Tracks) -> Problem:
    """Nobody lacks what she has used already, whatever is on file of what she carries."""
    tasks = problem.task_by_id
    shifts = []
    for shift in problem.shifts:
        track = tracks.get(shift.id)
        used = units_of(tasks[stop.task] for stop in (track.begun if track else ()))
        stock = (supply.replace(units=max(supply.units, used[supply.item])) for supply in shift.stock)
        shifts.append(shift.replace(stock=tuple(stock)))
    return problem.replace(shifts=tuple(shifts))


def units_of(tasks: Iterable[Task]) -> Counter[str]:
    """What the tasks use, by item."""
    units: Counter[str] = Counter()
    for supply in (supply for task in tasks for supply in task.uses):
        units[supply.item] += supply.units
    return units


def with_limits_to_match(problem: Problem, before: Problem) -> Problem:
    """Where a shift had to give way, so has the limit of its nurse's hours."""
    was = {shift.id: shift.latest_finish for shift in before.shifts}
    more: dict[str, int] = {}
    for shift in problem.shifts:
        late = shift.latest_finish - was.get(shift.id, shift.latest_finish)
        more[shift.nurse] = more.get(shift.nurse, 0) + max(0, late)
    return problem.replace(
        hour_limits=tuple(
            limit.replace(max_seconds=limit.max_seconds + more.get(limit.nurse, 0))
            for limit in problem.hour_limits
        )
    )


def _with_hours(shift: Shift, start: int, end: int, overtime: int) -> Shift:
    moved = shift.replace(break_=None, start=start, end=end, max_overtime=overtime)
    return moved.replace(break_=_fitting(shift.break_, moved))


def _fitting(rest: Break | None, shift: Shift) -> Break | None:
    """The break where the shift has room for it. Who has less than that left has had hers at home."""
    if rest is None:
        return None
    first, last = max(rest.earliest_start, shift.start), min(rest.latest_end, shift.latest_finish)
    return rest if first + rest.duration <= last else None


def _with_shifts(problem: Problem, shifts: list[Shift]) -> Problem:
    ids, nurses = {shift.id for shift in shifts}, {shift.nurse for shift in shifts}
    return problem.replace(
        shifts=tuple(shifts),
        pins=tuple(pin for pin in problem.pins if pin.shift in ids),
        hour_limits=tuple(limit for limit in problem.hour_limits if limit.nurse in nurses),
    )
