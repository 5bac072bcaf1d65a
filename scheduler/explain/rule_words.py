"""A broken rule in words, as said to who would break it: "V-101 would start at 18:10, after 17:00".

Sentences are templates; what stands in braces is a property of `Broken`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from scheduler.check import Code, Violation
from scheduler.explain.course_words import length
from scheduler.explain.names import Names, counted, listed, sentence
from scheduler.model import Plan, Problem, Route, Shift, Stop, Task


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The plan that breaks the rule, and the names of what is in it. Looked up by ids when it is asked for:
    most plans break none."""

    problem: Problem
    plan: Plan
    names: Names

    @cached_property
    def shifts(self) -> Mapping[str, Shift]:
        """By id."""
        return {shift.id: shift for shift in self.problem.shifts}

    @cached_property
    def routes(self) -> Mapping[str, Route]:
        """By shift."""
        return {route.shift: route for route in self.plan.routes}

    @cached_property
    def tasks(self) -> Mapping[str, Task]:
        """By id."""
        return self.problem.task_by_id

    @cached_property
    def stops(self) -> Mapping[str, Stop]:
        """By task."""
        return {stop.task: stop for route in self.plan.routes for stop in route.stops}

    def say(self, violation: Violation) -> str:
        """The violation as a sentence."""
        return sentence(words_of(_WORDS[violation.code], violation, self))


@dataclass(frozen=True, slots=True)
class Broken:
    """A violation in its scene. Each property is a piece of a sentence: a name, a time of day, a length. Ask
    only for what the broken rule has."""

    violation: Violation
    scene: Scene

    @property
    def nurse(self) -> str:
        """Whose shift it is about."""
        shift = self.scene.shifts.get(self.violation.shift or "")
        return "the nurse" if shift is None else self.scene.names.nurse(shift.nurse)

    @property
    def visit(self) -> str:
        """Which visit it is about."""
        return "the visit" if self.violation.visit is None else self.scene.names.visit(self.violation.visit)

    @property
    def by(self) -> str:
        """For how long the rule is broken."""
        return length(self.violation.by)

    @property
    def start(self) -> str:
        """When the stay starts."""
        return self._clock(self._stop.start)

    @property
    def end(self) -> str:
        """When the stay ends."""
        return self._clock(self._stop.end)

    @property
    def latest_start(self) -> str:
        """When the stay should have started."""
        return self._clock(self._stop.start - self.violation.by)

    @property
    def latest_end(self) -> str:
        """When the stay should have been over."""
        return self._clock(self._stop.end - self.violation.by)

    @property
    def missing(self) -> str:
        """The credentials that the nurse lacks."""
        asked = self.scene.tasks[self.violation.task or ""].credentials
        return listed([self.scene.names.credential(code) for code in sorted(asked - self._shift.credentials)])

    @property
    def shift_start(self) -> str:
        """When her shift begins."""
        return self._clock(self._shift.start)

    @property
    def overtime(self) -> str:
        """What she may work after her shift's end, where she may."""
        allowed = self._shift.max_overtime
        return f" and all allowed overtime, {length(allowed)}" if allowed else ""

    @property
    def home(self) -> str:
        """When she is home."""
        return self._clock(self.scene.routes[self.violation.shift or ""].finish)

    @property
    def break_start(self) -> str:
        """When her break begins."""
        return self._clock(self.scene.routes[self.violation.shift or ""].break_start or 0)

    @property
    def break_span(self) -> str:
        """When her break may be."""
        rest = self._shift.break_
        assert rest is not None, "such a violation has its break"
        return f"between {self._clock(rest.earliest_start)} and {self._clock(rest.latest_end)}"

    @property
    def count(self) -> int:
        """How many visits she has."""
        return self._most + self.violation.by

    @property
    def too_many(self) -> str:
        """The same, and how many she may have."""
        return f"{counted(self.count, 'visit', 'visits')}, {counted(self._most, 'is', 'are')} the most"

    @property
    def pinned_to(self) -> str:
        """To whom the visit is pinned, and from when on."""
        pin = next(pin for pin in self.scene.problem.pins if pin.task == self.violation.task)
        nurse = self.scene.names.nurse(self.scene.shifts[pin.shift].nurse)
        return nurse if pin.start is None else f"{nurse} at {self._clock(pin.start)}"

    @property
    def _most(self) -> int:
        return self._shift.max_visits or 0

    @property
    def _shift(self) -> Shift:
        return self.scene.shifts[self.violation.shift or ""]

    @property
    def _stop(self) -> Stop:
        return self.scene.stops[self.violation.task or ""]

    def _clock(self, seconds: int) -> str:
        return self.scene.names.clock(seconds)


def words_of(template: str, violation: Violation, scene: Scene) -> str:
    """The template with the names of this violation in it."""
    return template.format(it=Broken(violation, scene))


_UNSOUND = "the plan does not say of each visit once who does it, or that nobody does"

_WORDS: dict[Code, str] = {
    Code.UNKNOWN_SHIFT: _UNSOUND,
    Code.UNKNOWN_TASK: _UNSOUND,
    Code.UNKNOWN_VISIT: _UNSOUND,
    Code.SHIFT_TWICE: _UNSOUND,
    Code.VISIT_MISSING: _UNSOUND,
    Code.SERVED_AND_UNASSIGNED: _UNSOUND,
    Code.UNASSIGNED_TWICE: _UNSOUND,
    Code.VISIT_TWICE: _UNSOUND,
    Code.MODE_INCOMPLETE: "{it.visit} would lack a nurse",
    Code.MANDATORY_UNASSIGNED: "{it.visit} must not be left out",
    Code.CREDENTIAL: "{it.nurse} lacks {it.missing} for {it.visit}",
    Code.BARRED_NURSE: "{it.nurse} is barred from the patient of {it.visit}",
    Code.SAME_NURSE: "{it.visit} takes two nurses, and one cannot be both",
    Code.DURATION: "nobody may leave {it.visit} before its monitoring has run",
    Code.STARTS_BEFORE_ARRIVAL: "{it.visit} would start before the nurse is there",
    Code.TRAVEL_TIME: "{it.nurse} has no time for the drive between two of her stops",
    Code.TOO_EARLY: "{it.visit} would start at {it.start}, {it.by} before its window",
    Code.TOO_LATE: "{it.visit} would start at {it.start}, {it.by} after its latest start, {it.latest_start}",
    Code.ENDS_TOO_LATE: "{it.visit} would end at {it.end}, {it.by} after it must be over, {it.latest_end}",
    Code.LAG: "the nurses of {it.visit} would not be there at the times that belong together",
    Code.SPACING: "{it.visit} would be too close to another session of its series, or too far from it",
    Code.FOLLOW_UP: "the visit that {it.visit} follows is left out",
    Code.ORDER: "no order is valid at that time of {it.visit}",
    Code.PRESCRIBER: "no prescriber can be reached at that time of {it.visit}",
    Code.ADULT: "no responsible adult is there long enough after {it.visit} at that time",
    Code.AGREEMENT: "the coordinating psychiatrist's agreement to {it.visit} is not on file",
    Code.MANIA_CHECK: "the mania check that {it.visit} needs is not on file",
    Code.SHIFT_START: "{it.nurse} would have to leave {it.by} before her shift begins at {it.shift_start}",
    Code.LEAVES_LATE: "{it.nurse} would leave later than her shift asks her to",
    Code.SHIFT_END: "{it.nurse} would be home at {it.home}, {it.by} after her shift's end{it.overtime}",
    Code.BREAK_MISSING: "{it.nurse} would have no break",
    Code.BREAK_UNDUE: "{it.nurse} would have a break that she is not owed",
    Code.BREAK_WINDOW: "{it.nurse} would have her break at {it.break_start}, and not within her shift "
    "{it.break_span}",
    Code.BREAK_OVERLAP: "{it.nurse} would have her break during a visit",
    Code.MOST_VISITS: "{it.nurse} would have {it.too_many}",
    Code.NURSE_TWICE: "{it.nurse} would be in two places at once",
    Code.HOUR_LIMIT: "{it.nurse} would work more hours this week than she may",
    Code.REST: "{it.nurse} would have too little rest between two shifts",
    Code.STOCK: "{it.nurse} does not carry enough for her visits then",
    Code.PIN: "{it.visit} is pinned to {it.pinned_to}: unpin it first",
}
