"""A broken rule in words, as said to who would break it: "V-101 would start at 18:10, after 17:00"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scheduler.check import Code, Violation
from scheduler.explain.course_words import length
from scheduler.explain.names import Names, counted, listed, sentence
from scheduler.model import Plan, Problem, Route, Shift, Stop, Task, Visit


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """The plan that breaks the rule, by ids, and the names of what is in it."""

    problem: Problem
    names: Names
    shifts: Mapping[str, Shift]
    routes: Mapping[str, Route]
    tasks: Mapping[str, Task]
    visits: Mapping[str, Visit]
    stops: Mapping[str, Stop]

    @classmethod
    def of(cls, problem: Problem, plan: Plan, names: Names) -> Scene:
        """Read them against each other."""
        return cls(
            problem=problem,
            names=names,
            shifts={shift.id: shift for shift in problem.shifts},
            routes={route.shift: route for route in plan.routes},
            tasks=problem.task_by_id,
            visits={visit.id: visit for visit in problem.visits},
            stops={stop.task: stop for route in plan.routes for stop in route.stops},
        )

    def say(self, violation: Violation) -> str:
        """The violation as a sentence."""
        return sentence(_WORDS[violation.code](violation, self))

    def nurse(self, violation: Violation) -> str:
        """Whose shift it is about."""
        shift = self.shifts.get(violation.shift or "")
        return "the nurse" if shift is None else self.names.nurse(shift.nurse)

    def visit(self, violation: Violation) -> str:
        """Which visit it is about."""
        return "the visit" if violation.visit is None else self.names.visit(violation.visit)

    def clock(self, seconds: int) -> str:
        """A time of day."""
        return self.names.clock(seconds)


Say = Callable[[Violation, Scene], str]


def _credential(violation: Violation, scene: Scene) -> str:
    task, shift = scene.tasks[violation.task or ""], scene.shifts[violation.shift or ""]
    missing = [scene.names.credential(code) for code in sorted(task.credentials - shift.credentials)]
    return f"{scene.nurse(violation)} lacks {listed(missing)} for {scene.visit(violation)}"


def _barred(violation: Violation, scene: Scene) -> str:
    return f"{scene.nurse(violation)} is barred from the patient of {scene.visit(violation)}"


def _same_nurse(violation: Violation, scene: Scene) -> str:
    return f"{scene.visit(violation)} takes two nurses, and one cannot be both"


def _too_early(violation: Violation, scene: Scene) -> str:
    start = scene.stops[violation.task or ""].start
    by = length(violation.by)
    return f"{scene.visit(violation)} would start at {scene.clock(start)}, {by} before its window"


def _too_late(violation: Violation, scene: Scene) -> str:
    start = scene.stops[violation.task or ""].start
    last, by = scene.clock(start - violation.by), length(violation.by)
    return (
        f"{scene.visit(violation)} would start at {scene.clock(start)}, {by} after its latest start, {last}"
    )


def _ends_too_late(violation: Violation, scene: Scene) -> str:
    end = scene.stops[violation.task or ""].end
    last, by = scene.clock(end - violation.by), length(violation.by)
    return f"{scene.visit(violation)} would end at {scene.clock(end)}, {by} after it must be over, {last}"


def _shift_start(violation: Violation, scene: Scene) -> str:
    start, by = scene.clock(scene.shifts[violation.shift or ""].start), length(violation.by)
    return f"{scene.nurse(violation)} would have to leave {by} before her shift begins at {start}"


def _shift_end(violation: Violation, scene: Scene) -> str:
    shift, route = scene.shifts[violation.shift or ""], scene.routes[violation.shift or ""]
    over = f" and all allowed overtime, {length(shift.max_overtime)}" if shift.max_overtime else ""
    home = f"{scene.nurse(violation)} would be home at {scene.clock(route.finish)}"
    return f"{home}, {length(violation.by)} after her shift's end{over}"


def _break_window(violation: Violation, scene: Scene) -> str:
    rest, route = scene.shifts[violation.shift or ""].break_, scene.routes[violation.shift or ""]
    assert rest is not None and route.break_start is not None, "such a violation has its break"
    span = f"between {scene.clock(rest.earliest_start)} and {scene.clock(rest.latest_end)}"
    return (
        f"{scene.nurse(violation)} would have her break at {scene.clock(route.break_start)}, and not within "
        f"her shift {span}"
    )


def _break_missing(violation: Violation, scene: Scene) -> str:
    return f"{scene.nurse(violation)} would have no break"


def _most_visits(violation: Violation, scene: Scene) -> str:
    most = scene.shifts[violation.shift or ""].max_visits or 0
    return (
        f"{scene.nurse(violation)} would have {counted(most + violation.by, 'visit', 'visits')}, "
        f"{counted(most, 'is', 'are')} the most"
    )


def _pin(violation: Violation, scene: Scene) -> str:
    pin = next(pin for pin in scene.problem.pins if pin.task == violation.task)
    nurse = scene.names.nurse(scene.shifts[pin.shift].nurse)
    at = "" if pin.start is None else f" at {scene.clock(pin.start)}"
    return f"{scene.visit(violation)} is pinned to {nurse}{at}: unpin it first"


def _lag(violation: Violation, scene: Scene) -> str:
    return f"the nurses of {scene.visit(violation)} would not be there at the times that belong together"


def _of_visit(words: str) -> Say:
    return lambda violation, scene: words.format(visit=scene.visit(violation))


def _of_nurse(words: str) -> Say:
    return lambda violation, scene: words.format(nurse=scene.nurse(violation))


_NO_DRIVE = "{nurse} has no time for the drive between two of her stops"
_UNSOUND = "the plan does not say of each visit once who does it, or that nobody does"

_WORDS: dict[Code, Say] = {
    **dict.fromkeys(
        (
            *(Code.UNKNOWN_SHIFT, Code.UNKNOWN_TASK, Code.UNKNOWN_VISIT, Code.SHIFT_TWICE),
            *(Code.VISIT_MISSING, Code.SERVED_AND_UNASSIGNED, Code.UNASSIGNED_TWICE, Code.VISIT_TWICE),
        ),
        _of_visit(_UNSOUND),
    ),
    Code.MODE_INCOMPLETE: _of_visit("{visit} would lack a nurse"),
    Code.MANDATORY_UNASSIGNED: _of_visit("{visit} must not be left out"),
    Code.CREDENTIAL: _credential,
    Code.BARRED_NURSE: _barred,
    Code.SAME_NURSE: _same_nurse,
    Code.DURATION: _of_visit("nobody may leave {visit} before its monitoring has run"),
    Code.STARTS_BEFORE_ARRIVAL: _of_visit("{visit} would start before the nurse is there"),
    Code.TRAVEL_TIME: _of_nurse(_NO_DRIVE),
    Code.TOO_EARLY: _too_early,
    Code.TOO_LATE: _too_late,
    Code.ENDS_TOO_LATE: _ends_too_late,
    Code.LAG: _lag,
    Code.SPACING: _of_visit(
        "{visit} would be too close to another session of its series, or too far from it"
    ),
    Code.FOLLOW_UP: _of_visit("the visit that {visit} follows is left out"),
    Code.ORDER: _of_visit("no order is valid at that time of {visit}"),
    Code.PRESCRIBER: _of_visit("no prescriber can be reached at that time of {visit}"),
    Code.ADULT: _of_visit("no responsible adult is there long enough after {visit} at that time"),
    Code.AGREEMENT: _of_visit("the coordinating psychiatrist's agreement to {visit} is not on file"),
    Code.MANIA_CHECK: _of_visit("the mania check that {visit} needs is not on file"),
    Code.SHIFT_START: _shift_start,
    Code.LEAVES_LATE: _of_nurse("{nurse} would leave later than her shift asks her to"),
    Code.SHIFT_END: _shift_end,
    Code.BREAK_MISSING: _break_missing,
    Code.BREAK_UNDUE: _of_nurse("{nurse} would have a break that she is not owed"),
    Code.BREAK_WINDOW: _break_window,
    Code.BREAK_OVERLAP: _of_nurse("{nurse} would have her break during a visit"),
    Code.MOST_VISITS: _most_visits,
    Code.NURSE_TWICE: _of_nurse("{nurse} would be in two places at once"),
    Code.HOUR_LIMIT: _of_nurse("{nurse} would work more hours this week than she may"),
    Code.REST: _of_nurse("{nurse} would have too little rest between two shifts"),
    Code.STOCK: _of_nurse("{nurse} does not carry enough for her visits then"),
    Code.PIN: _pin,
}
