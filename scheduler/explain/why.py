"""Why a visit is unassigned: per task and shift the first thing that stands in the way, hardest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from scheduler.explain.fit import Span, Stay, merged, slots
from scheduler.explain.lines import Lines, empty_line, planned_lines
from scheduler.explain.partners import Offer, completing
from scheduler.model import Mode, Pin, Plan, Problem, Shift, Task, Visit
from scheduler.travel import TravelMatrix


class Cause(StrEnum):
    """What keeps one shift from one task, from the hardest to the softest. FITS: nothing does."""

    BARRED = "barred"
    CREDENTIAL = "credential"
    PINNED_ELSEWHERE = "pinned_elsewhere"
    PIN_OUTSIDE_WINDOW = "pin_outside_window"
    WINDOW_OUTSIDE_SHIFT = "window_outside_shift"
    SHIFT_HOURS = "shift_hours"
    MOST_VISITS = "most_visits"
    NO_ROOM = "no_room"
    PAIR_PARTNER = "pair_partner"
    FITS = "fits"

    @property
    def softness(self) -> int:
        """Rank: the higher, the nearer this nurse is to doing it."""
        return list(Cause).index(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class NurseWhyNot:
    """Why `nurse` on `shift`, whose `hours` run from its start to its latest finish, cannot take `task`.

    - BARRED: she may not see this patient. CREDENTIAL: she lacks `missing`.
    - PINNED_ELSEWHERE: the dispatcher fixed the task to `pinned_nurse` (and `pinned_start`).
    - PIN_OUTSIDE_WINDOW: the start the dispatcher fixed is in none of the task's windows.
    - WINDOW_OUTSIDE_SHIFT: no window leaves room for the stay within her hours.
    - SHIFT_HOURS: with the drives from and to her own places, and her break, even an empty day is too short.
    - MOST_VISITS: her day has as many stops as it may, `most_visits`.
    - NO_ROOM: she could do it alone, but her day as planned leaves no room.
    - PAIR_PARTNER: she has room, to start within `starts`, but nobody has room for the other tasks to match.
    - FITS: she could do it, to start within `starts`, and the plan left it out.
    """

    task: str
    shift: str
    nurse: str
    cause: Cause
    hours: Span
    missing: tuple[str, ...] = ()
    pinned_nurse: str | None = None
    pinned_start: int | None = None
    most_visits: int | None = None
    starts: tuple[Span, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class WhyNot:
    """Why `visit` is unassigned, structured; `words` puts it in words.

    `modes`: those the pins allow. `nurses`: an entry for each of their tasks and each shift, in this order.
    """

    visit: str
    modes: tuple[Mode, ...]
    nurses: tuple[NurseWhyNot, ...]


def why_unassigned(problem: Problem, matrix: TravelMatrix, plan: Plan, visit: str) -> WhyNot:
    """What stands in the way of `visit` in a feasible `plan`. Raises KeyError for an unknown visit.

    The routes keep their order of stops: see `fit`. Partners are looked for on other shifts than her own.
    """
    target = {known.id: known for known in problem.visits}[visit]
    inquiry = _Inquiry(
        visit=target,
        shifts={shift.id: shift for shift in problem.shifts},
        lines=planned_lines(problem, plan),
        pins={pin.task: pin for pin in problem.pins},
        matrix=matrix,
    )
    modes = tuple(mode for mode in target.modes if inquiry.allows(mode))
    return WhyNot(
        visit=visit, modes=modes, nurses=tuple(entry for mode in modes for entry in inquiry.entries(mode))
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Inquiry:
    visit: Visit
    shifts: dict[str, Shift]
    lines: Lines
    pins: dict[str, Pin]
    matrix: TravelMatrix

    def allows(self, mode: Mode) -> bool:
        """No task of another mode is pinned."""
        return all(task in mode.tasks for task in self.visit.tasks if task.id in self.pins)

    def entries(self, mode: Mode) -> Iterator[NurseWhyNot]:
        """One for each task and shift."""
        alone = [self._alone(task, shift) for task in mode.tasks for shift in self.shifts.values()]
        offers = [
            Offer(task=entry.task, shift=entry.shift, nurse=entry.nurse, starts=entry.starts)
            for entry in alone
            if entry.cause is Cause.FITS
        ]
        completed = completing(mode, offers)
        for entry in alone:
            single = entry.cause is Cause.FITS and (entry.task, entry.shift) not in completed
            yield replace(entry, cause=Cause.PAIR_PARTNER) if single else entry

    def _alone(self, task: Task, shift: Shift) -> NurseWhyNot:
        """As far as this nurse and this task go, the mode's other tasks left aside."""
        pin = self.pins.get(task.id)
        starts: tuple[Span, ...] = ()
        cause = self._ruled_out(task, shift, pin)
        if cause is None:
            stay = Stay(task=task, at=pin.start if pin else None)
            starts = self._starts(shift, stay)
            cause = Cause.FITS if starts else self._no_time(shift, stay)
        return NurseWhyNot(
            task=task.id,
            shift=shift.id,
            nurse=shift.nurse,
            cause=cause,
            hours=(shift.start, shift.latest_finish),
            missing=tuple(sorted(task.credentials - shift.credentials)),
            pinned_nurse=self.shifts[pin.shift].nurse if pin else None,
            pinned_start=pin.start if pin else None,
            most_visits=shift.max_visits,
            starts=starts,
        )

    def _ruled_out(self, task: Task, shift: Shift, pin: Pin | None) -> Cause | None:
        if shift.nurse in self.visit.barred_nurses:
            return Cause.BARRED
        if task.credentials - shift.credentials:
            return Cause.CREDENTIAL
        if pin is not None and pin.shift != shift.id:
            return Cause.PINNED_ELSEWHERE
        return None

    def _starts(self, shift: Shift, stay: Stay) -> tuple[Span, ...]:
        lines = self.lines[shift.id]
        if any(shift.max_visits is not None and len(line.stays) >= shift.max_visits for line in lines):
            return ()
        return tuple(merged(span for line in lines for span in slots(line, stay, self.matrix)))

    def _no_time(self, shift: Shift, stay: Stay) -> Cause:
        if not stay.starts():
            return Cause.PIN_OUTSIDE_WINDOW
        latest = shift.latest_finish - stay.task.duration
        if not any(max(low, shift.start) <= min(high, latest) for low, high in stay.starts()):
            return Cause.WINDOW_OUTSIDE_SHIFT
        if not slots(empty_line(shift), stay, self.matrix):
            return Cause.SHIFT_HOURS
        full = any(len(line.stays) == shift.max_visits for line in self.lines[shift.id])
        return Cause.MOST_VISITS if full else Cause.NO_ROOM
