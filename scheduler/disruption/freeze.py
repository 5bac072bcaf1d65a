"""What is frozen: published stays that begin soon keep nurse and start, where nothing prevents it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scheduler.disruption.in_force import InForce
from scheduler.disruption.shifts import units_of
from scheduler.disruption.skeleton import skeleton_of
from scheduler.disruption.tracks import Tracks
from scheduler.explain.fit import Stay
from scheduler.explain.retime import Retimed
from scheduler.explain.unkept import Unkept, UnkeptKind
from scheduler.model import Lag, Pin, Problem, Shift, Stop
from scheduler.travel import TravelMatrix

_ROUNDS = 12
"""How often two nurses who must come together are brought in line before they are let go."""

Ahead = dict[str, tuple[Stop, ...]]
"""The frozen stops of each shift, in order."""


def frozen(
    problem: Problem, matrix: TravelMatrix, in_force: InForce, tracks: Tracks, until_s: int
) -> tuple[Problem, tuple[Unkept, ...]]:
    """The problem with pins on the stays planned to start before `until_s`.

    Where a nurse cannot be there in time, the stay keeps her and her order, and starts later; where she
    cannot come at all it is let go. Both are told. What the dispatcher pinned stays as it is pinned.
    """
    freezer = _Freezer(problem=problem, matrix=matrix, in_force=in_force, tracks=tracks)
    ahead, told = freezer.candidates(until_s), freezer.orphans(until_s)
    made, starts = freezer.settled(ahead)
    while lost := freezer.first_lost(ahead, made):
        told.append(freezer.let_go(*lost))
        gone = freezer.tasks_of(lost[1])
        ahead = {
            shift: tuple(stop for stop in stops if stop.task not in gone) for shift, stops in ahead.items()
        }
        made, starts = freezer.settled(ahead)
    if free := freezer.kept_waiting(ahead):
        ahead = {shift: () if shift in free else stops for shift, stops in ahead.items()}
        made, starts = freezer.settled(ahead)
    pins, later = freezer.pins(ahead, starts)
    anew = {pin.task for pin in pins}
    kept = (pin for pin in problem.pins if pin.task not in anew)
    return problem.replace(pins=(*kept, *pins)), (*told, *later)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Freezer:
    problem: Problem
    matrix: TravelMatrix
    in_force: InForce
    tracks: Tracks

    def candidates(self, until_s: int) -> Ahead:
        """Stops ahead that a nurse who is still there may still make."""
        return {
            shift.id: self._carried(
                shift,
                (
                    stop
                    for stop in self.tracks[shift.id].ahead
                    if stop.start < until_s and self._may_keep(stop, shift)
                ),
            )
            for shift in self.problem.shifts
            if shift.id in self.tracks
        }

    def _carried(self, shift: Shift, stops: Iterable[Stop]) -> tuple[Stop, ...]:
        """Those for which she carries enough."""
        tasks = self.problem.task_by_id
        left = Counter({supply.item: supply.units for supply in shift.stock})
        left.subtract(units_of(tasks[stop.task] for stop in self.tracks[shift.id].begun))
        kept = []
        for stop in stops:
            takes = units_of([tasks[stop.task]])
            if all(units <= left[item] for item, units in takes.items() if item in left):
                left.subtract({item: units for item, units in takes.items() if item in left})
                kept.append(stop)
        return tuple(kept)

    def _may_keep(self, stop: Stop, shift: Shift) -> bool:
        visit = self.problem.visit_by_task.get(stop.task)
        if visit is None or shift.nurse in visit.barred_nurses:
            return False
        mine = {task.id for task in visit.tasks}
        begun = {stop.task for track in self.tracks.values() for stop in track.begun}
        for pin in self.problem.pins:
            otherwise = pin.shift != shift.id or pin.start is not None
            if pin.task in mine - begun and (pin.task != stop.task or otherwise):
                return False
        return self.problem.task_by_id[stop.task].credentials <= shift.credentials

    def orphans(self, until_s: int) -> list[Unkept]:
        """Frozen stops of nurses who are not there any more."""
        nurses = {shift.id: shift.nurse for shift in self.in_force.problem.shifts}
        here = {shift.id for shift in self.problem.shifts}
        visits = self.problem.visit_by_task
        return [
            Unkept(
                kind=UnkeptKind.FROZEN,
                visit=visits[stop.task].id,
                nurse=nurses[shift],
                planned=stop.start,
            )
            for shift, track in self.tracks.items()
            for stop in track.ahead
            if shift not in here and stop.start < until_s and stop.task in visits
        ]

    def tasks_of(self, stop: Stop) -> set[str]:
        """The tasks of the stop's visit."""
        return {task.id for task in self.problem.visit_by_task[stop.task].tasks}

    def settled(self, ahead: Ahead) -> tuple[dict[str, Retimed], dict[str, int]]:
        """The routes with these stops as early as may be, no stop before it was planned; and all starts."""
        stops = ahead
        for _ in range(_ROUNDS):
            skeleton = skeleton_of(self.problem, self.matrix, self.tracks, stops)
            made = {shift.id: way for shift in self.problem.shifts if (way := skeleton.made(shift))}
            starts = {
                task.id: start
                for way in made.values()
                for task, start in zip(way.tasks, way.starts, strict=True)
            }
            later = _tied(self.problem, starts)
            if not later:
                break
            stops = {
                shift: tuple(stop.replace(start=max(stop.start, later.get(stop.task, 0))) for stop in each)
                for shift, each in stops.items()
            }
        return made, starts

    def first_lost(self, ahead: Ahead, made: Mapping[str, Retimed]) -> tuple[str, Stop] | None:
        """A shift that does not hold with its frozen stops, and the stop to let go."""
        for shift, stops in ahead.items():
            way = made.get(shift)
            if not stops or way is None or way.missed == 0:
                continue
            starts = dict(zip((task.id for task in way.tasks), way.starts, strict=True))
            tasks = self.problem.task_by_id
            for stop in stops:
                spans = Stay(task=tasks[stop.task]).starts()
                if not any(low <= starts[stop.task] <= high for low, high in spans):
                    return shift, stop
            return shift, stops[-1]
        return None

    def kept_waiting(self, ahead: Ahead) -> set[str]:
        """Shifts of nurses at a visit that nobody takes over for certain: they may have to stay on."""
        kept = {stop.task for stops in ahead.values() for stop in stops}
        visits = self.in_force.visits
        lost = {
            visits[stop.task].id
            for track in self.tracks.values()
            for stop in track.ahead
            if stop.task not in kept
        }
        return {
            shift
            for shift, track in self.tracks.items()
            if any(visits[stop.task].id in lost for stop in track.begun)
        }

    def let_go(self, shift: str, stop: Stop) -> Unkept:
        """It is told."""
        nurses = {each.id: each.nurse for each in self.problem.shifts}
        return Unkept(
            kind=UnkeptKind.FROZEN,
            visit=self.problem.visit_by_task[stop.task].id,
            nurse=nurses[shift],
            planned=stop.start,
        )

    def pins(
        self, ahead: Mapping[str, Sequence[Stop]], starts: Mapping[str, int]
    ) -> tuple[list[Pin], list[Unkept]]:
        """Nurse and start; the nurse alone where the visit's stays cannot all start as planned."""
        visits = self.problem.visit_by_task
        nurses = {shift.id: shift.nurse for shift in self.problem.shifts}
        frozen = {stop.task: stop for stops in ahead.values() for stop in stops}
        tracked = {stop.task for track in self.tracks.values() for stop in track.begun}
        pins, told = [], []
        for shift, stops in ahead.items():
            for stop in stops:
                mine = {task.id for task in visits[stop.task].tasks}
                late = [task for task in mine & set(frozen) if starts[task] != frozen[task].start]
                whole = not late and self._whole(mine, set(frozen) | tracked)
                pins.append(Pin(task=stop.task, shift=shift, start=stop.start if whole else None))
                if starts[stop.task] != stop.start:
                    told.append(
                        Unkept(
                            kind=UnkeptKind.START,
                            visit=visits[stop.task].id,
                            nurse=nurses[shift],
                            planned=stop.start,
                            possible=starts[stop.task],
                        )
                    )
        return pins, told

    def _whole(self, mine: set[str], kept: set[str]) -> bool:
        """All stays of the mode in which the visit was planned are kept."""
        planned = {stop.task for track in self.tracks.values() for stop in (*track.begun, *track.ahead)}
        return mine & planned <= kept


def _tied(problem: Problem, starts: Mapping[str, int]) -> dict[str, int]:
    """Tasks that must start later than they do for their lags to hold."""
    later: dict[str, int] = {}
    for lag in _lags(problem):
        if lag.first not in starts or lag.then not in starts:
            continue
        if starts[lag.then] < starts[lag.first] + lag.min_s:
            later[lag.then] = max(later.get(lag.then, 0), starts[lag.first] + lag.min_s)
        if starts[lag.first] < starts[lag.then] - lag.max_s:
            later[lag.first] = max(later.get(lag.first, 0), starts[lag.then] - lag.max_s)
    return later


def _lags(problem: Problem) -> list[Lag]:
    return [lag for visit in problem.visits for mode in visit.modes for lag in mode.lags]
