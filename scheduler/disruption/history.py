"""What has begun stays as it is: its nurse, its start, and a place for it in the plan."""

from __future__ import annotations

from scheduler.disruption.in_force import InForce
from scheduler.disruption.tracks import Tracks
from scheduler.model import Lag, Mode, Pin, Place, Problem, Shift, Stop, Task, Visit, Window


def with_history(problem: Problem, in_force: InForce, tracks: Tracks, now_s: int) -> Problem:
    """The problem with the visits that have begun as they were planned, pinned to the second, never left out.

    What the problem does not know any more of them (visit, shift, place) comes from the plan in force.
    """
    stops = {stop.task: stop for track in tracks.values() for stop in track.begun}
    nurses = {shift.id: shift.nurse for shift in in_force.problem.shifts}
    whose = {stop.task: nurses[shift] for shift, track in tracks.items() for stop in track.begun}
    begun = {
        visit.id: _begun(visit, stops, {whose[task.id] for task in visit.tasks if task.id in whose}, now_s)
        for visit in in_force.problem.visits
        if any(task.id in stops for task in visit.tasks)
    }
    open_ = {task.id for visit in begun.values() if len(visit.modes) > 1 for task in visit.tasks}
    shifts = _with_tokens(_shifts(problem, in_force, tracks), tracks, open_)
    known = {visit.id for visit in problem.visits}
    visits = tuple(begun.get(visit.id, visit) for visit in problem.visits)
    visits += tuple(visit for id, visit in begun.items() if id not in known)
    past = {task.id for visit in visits if visit.id in begun for task in visit.tasks}
    gone = {task.id for visit in problem.visits if visit.id in begun for task in visit.tasks}
    pins = tuple(pin for pin in problem.pins if pin.task not in past | gone)
    pins += tuple(
        Pin(task=stop.task, shift=shift, start=stop.start)
        for shift, track in tracks.items()
        for stop in track.begun
        if stop.task not in open_
    )
    return problem.replace(
        places=_places(problem, in_force), visits=visits, shifts=shifts, pins=pins, promises=()
    )


def _begun(visit: Visit, stops: dict[str, Stop], there: set[str], now_s: int) -> Visit:
    """In the mode in which it was begun. While somebody is still to take over, its nurse may as well go on
    throughout, where it has a mode for that."""
    mode = next(mode for mode in visit.modes if any(task.id in stops for task in mode.tasks))
    modes = [_begun_mode(mode, stops, now_s)]
    if any(task.id not in stops for task in mode.tasks):
        first = stops.get(mode.tasks[0].id)
        whole = next((other for other in visit.modes if len(other.tasks) == 1), None)
        if first is not None and whole is not None and len(there) == 1:
            extra = first.end - first.start - mode.tasks[0].duration
            modes = [_tokened(modes[0], stops), _throughout(whole, first, mode.tasks[0].id, extra)]
    return visit.replace(
        modes=tuple(modes), drop_cost=None, gates=(), barred_nurses=visit.barred_nurses - there
    )


def _tokened(mode: Mode, stops: dict[str, Stop]) -> Mode:
    """Only who has begun a task holds what it asks for: a pin would rule the other mode out."""
    tasks = (
        task.replace(credentials=frozenset({_token(task.id)})) if task.id in stops else task
        for task in mode.tasks
    )
    return mode.replace(tasks=tuple(tasks))


def _throughout(whole: Mode, first: Stop, begun: str, extra: int) -> Mode:
    task = lasting(whole.tasks[0], whole.tasks[0].duration + extra)
    window = Window(earliest_start=first.start, latest_start=first.start)
    return whole.replace(tasks=(task.replace(windows=(window,), credentials=frozenset({_token(begun)})),))


def _token(task: str) -> str:
    return f"began:{task}"


def _with_tokens(shifts: tuple[Shift, ...], tracks: Tracks, open_: set[str]) -> tuple[Shift, ...]:
    def held(shift: Shift) -> frozenset[str]:
        track = tracks.get(shift.id)
        mine = track.begun if track else ()
        return shift.credentials | {_token(stop.task) for stop in mine if stop.task in open_}

    return tuple(shift.replace(credentials=held(shift)) for shift in shifts)


def _begun_mode(mode: Mode, stops: dict[str, Stop], now_s: int) -> Mode:
    extra = {
        task.id: stops[task.id].end - stops[task.id].start - task.duration
        for task in mode.tasks
        if task.id in stops
    }
    lags = tuple(_since(lag, stops, extra) for lag in mode.lags)
    tasks = (
        _begun_task(task, stops[task.id]) if task.id in stops else _following(task, lags, stops, now_s)
        for task in mode.tasks
    )
    return mode.replace(tasks=tuple(tasks), lags=lags)


def _since(lag: Lag, stops: dict[str, Stop], extra: dict[str, int]) -> Lag:
    """Between two stays that have begun there was what there was."""
    if lag.first not in stops or lag.then not in stops:
        return _put_off(lag, extra.get(lag.first, 0))
    apart = stops[lag.then].start - stops[lag.first].start
    if apart < 0:
        return Lag(first=lag.then, then=lag.first, min_s=-apart, max_s=-apart)
    return lag.replace(min_s=apart, max_s=apart)


def _put_off(lag: Lag, seconds: int) -> Lag:
    """Who takes over comes later where the first stay lasts longer."""
    if not seconds or not lag.min_s:
        return lag
    return lag.replace(min_s=lag.min_s + seconds, max_s=lag.max_s + seconds)


def _begun_task(task: Task, stop: Stop) -> Task:
    """It began when it did, whatever the windows and credentials say now; the last phases take what it lasts
    longer or shorter."""
    return lasting(task, stop.end - stop.start).replace(
        windows=(Window(earliest_start=stop.start, latest_start=stop.start),), credentials=frozenset()
    )


def lasting(task: Task, duration: int) -> Task:
    """The task with another duration, its last phase the longer, or its last ones the shorter, for it."""
    phases, more = list(task.phases), duration - task.duration
    for place in reversed(range(len(phases))):
        changed = max(0, phases[place].duration + more)
        more -= changed - phases[place].duration
        phases[place] = phases[place].replace(duration=changed)
    windows = tuple(_with_room(window, duration) for window in task.windows)
    return task.replace(duration=duration, phases=tuple(phases), windows=windows)


def _with_room(window: Window, duration: int) -> Window:
    if window.latest_end is None or window.soft:
        return window
    return window.replace(latest_end=max(window.latest_end, window.earliest_start + duration))


def _following(task: Task, lags: tuple[Lag, ...], stops: dict[str, Stop], now_s: int) -> Task:
    """A stay still to begin of a visit that has begun: when the lags say, whatever its windows."""
    spans = [
        (stops[lag.first].start + lag.min_s, stops[lag.first].start + lag.max_s)
        for lag in lags
        if lag.then == task.id and lag.first in stops
    ]
    if not spans:
        return task
    first = max(now_s, *(low for low, _ in spans))
    last = max(first, min(high for _, high in spans))
    return task.replace(windows=(Window(earliest_start=first, latest_start=last),))


def _shifts(problem: Problem, in_force: InForce, tracks: Tracks) -> tuple[Shift, ...]:
    """Who has left stays on shift, from where and since when she left."""
    then = {shift.id: shift for shift in in_force.problem.shifts}
    out = {shift for shift, track in tracks.items() if track.begun or track.departed}
    shifts = tuple(_left(shift, then[shift.id]) if shift.id in out else shift for shift in problem.shifts)
    known = {shift.id for shift in problem.shifts}
    lost = (
        then[shift].replace(max_visits=len(track.begun))
        for shift, track in tracks.items()
        if track.begun and shift not in known
    )
    return (*shifts, *lost)


def _left(shift: Shift, then: Shift) -> Shift:
    return shift.replace(start_place=then.start_place, start=min(shift.start, then.start))


def _places(problem: Problem, in_force: InForce) -> tuple[Place, ...]:
    known = {place.id for place in problem.places}
    return (*problem.places, *(place for place in in_force.problem.places if place.id not in known))
