"""What a shift must do in any case, in order: when each stay can start, and when the nurse is home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduler.disruption.tracks import Tracks
from scheduler.explain.fit import Stay
from scheduler.explain.lines import break_of
from scheduler.explain.retime import Held, Retimed, retimed
from scheduler.model import Problem, Shift, Stop, Task
from scheduler.travel import TravelMatrix


@dataclass(frozen=True, kw_only=True, slots=True)
class Skeleton:
    """Per shift the tasks that are done or must be, in order; `floors`: no task starts before."""

    matrix: TravelMatrix
    tasks: Mapping[str, tuple[Task, ...]]
    floors: Mapping[str, int]

    def made(self, shift: Shift) -> Retimed | None:
        """The shift's stays, each as early as may be, with the break where it disturbs least; None where it
        has none."""
        tasks = self.tasks.get(shift.id, ())
        if not tasks:
            return None
        held = [Held.of(Stay(task=task), self.floors.get(task.id, 0)) for task in tasks]
        rest = break_of(shift, (shift.start, shift.latest_finish))
        gaps = range(len(held) + 2) if rest else range(1)
        ways = [retimed(shift, rest, held, gap, self.matrix) for gap in gaps]
        return min(ways, key=lambda way: (way.missed, sum(way.starts), way.finish))

    def holds(self, shift: Shift) -> bool:
        """Everything is in time."""
        made = self.made(shift)
        return made is None or made.missed == 0

    def finish(self, shift: Shift) -> int:
        """When she is home."""
        made = self.made(shift.replace(break_=None))
        return shift.start if made is None else made.finish

    def rest_at(self, shift: Shift) -> int | None:
        """When the break begins."""
        made = self.made(shift)
        return None if made is None else made.break_start


def skeleton_of(
    problem: Problem, matrix: TravelMatrix, tracks: Tracks, ahead: Mapping[str, Sequence[Stop]] | None = None
) -> Skeleton:
    """Stays begun, the mark of where the nurse is, and of what is `ahead` these stops, no earlier than
    planned."""
    known = problem.task_by_id
    marks = {pin.shift: known[pin.task] for pin in problem.pins if pin.task == f"now:{pin.shift}"}
    ahead = ahead or {}
    tasks: dict[str, tuple[Task, ...]] = {}
    floors: dict[str, int] = {}
    for shift in problem.shifts:
        track = tracks.get(shift.id)
        begun = [known[stop.task] for stop in track.begun] if track else []
        mark = [marks[shift.id]] if shift.id in marks else []
        following = [known[stop.task] for stop in ahead.get(shift.id, ())]
        tasks[shift.id] = (*begun, *mark, *following)
        floors |= {stop.task: stop.start for stop in ahead.get(shift.id, ())}
    return Skeleton(matrix=matrix, tasks=tasks, floors=floors)
