"""Why a visit is unassigned: per task and shift the first thing that stands in the way, hardest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from scheduler.explain.allowed import Limit, Ties
from scheduler.explain.fit import Span, Stay, meet, merged, slots
from scheduler.explain.lines import Lines, empty_line, free_hours, planned_lines
from scheduler.explain.partners import Offer, completing
from scheduler.explain.standing import Standing
from scheduler.explain.supplies import lacking
from scheduler.model import Gate, GateKind, Mode, Pin, Plan, Problem, Shift, Spacing, Task, Visit
from scheduler.travel import TravelMatrix


class Cause(StrEnum):
    """What keeps one shift from one task, from the hardest to the softest. FITS: nothing does."""

    BARRED = "barred"
    CREDENTIAL = "credential"
    PINNED_ELSEWHERE = "pinned_elsewhere"
    PIN_OUTSIDE_WINDOW = "pin_outside_window"
    WINDOW_OUTSIDE_SHIFT = "window_outside_shift"
    ORDER = "order"
    PRESCRIBER = "prescriber"
    ADULT = "adult"
    AGREEMENT = "agreement"
    MANIA_CHECK = "mania_check"
    FOLLOW_UP = "follow_up"
    TOO_CLOSE = "too_close"
    TOO_FAR_APART = "too_far_apart"
    SHIFT_HOURS = "shift_hours"
    HOUR_LIMIT = "hour_limit"
    REST = "rest"
    STOCK = "stock"
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
    - ORDER, PRESCRIBER, ADULT, AGREEMENT, MANIA_CHECK: within her hours and the windows, and what stands
      before this in the list, `gate` is never open.
    - FOLLOW_UP: what the visit follows (`spacing`) is left out.
    - TOO_CLOSE, TOO_FAR_APART: likewise, she could start only with less or more time than `spacing` asks for
      between the visit and the one that it comes `after` or, where not `after`, before.
    - SHIFT_HOURS: with the drives from and to her own places, and her break, even an empty day is too short.
    - HOUR_LIMIT, REST: she has room, but would work too many hours on several days, or rest too short.
    - STOCK: she does not carry enough of `missing`.
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
    gate: Gate | None = None
    spacing: Spacing | None = None
    after: bool = True


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
    inquiry = _Inquiry.of(problem, matrix, plan, target)
    modes = tuple(mode for mode in target.modes if inquiry.allows(mode))
    return WhyNot(
        visit=visit, modes=modes, nurses=tuple(entry for mode in modes for entry in inquiry.entries(mode))
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Inquiry:
    """`lines` are the plan's; `unlimited` those without limits of hours, `tireless` without rest either."""

    visit: Visit
    shifts: dict[str, Shift]
    limits: tuple[Limit, ...]
    standing: Standing
    lines: Lines
    unlimited: Lines
    tireless: Lines
    pins: dict[str, Pin]
    matrix: TravelMatrix

    @classmethod
    def of(cls, problem: Problem, matrix: TravelMatrix, plan: Plan, visit: Visit) -> _Inquiry:
        """`visit` is of the problem."""
        standing = Standing(problem, plan, visit)
        lines, unlimited, tireless = (
            planned_lines(plan, problem.shifts, hours, standing)
            for hours in (
                free_hours(problem, plan),
                free_hours(problem, plan, limited=False),
                free_hours(problem, plan, limited=False, rested=False),
            )
        )
        return cls(
            visit=visit,
            shifts={shift.id: shift for shift in problem.shifts},
            limits=tuple(Ties(problem, plan).limits(visit)),
            standing=standing,
            lines=lines,
            unlimited=unlimited,
            tireless=tireless,
            pins={pin.task: pin for pin in problem.pins},
            matrix=matrix,
        )

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
        entry = NurseWhyNot(
            task=task.id,
            shift=shift.id,
            nurse=shift.nurse,
            cause=Cause.FITS,
            hours=(shift.start, shift.latest_finish),
            missing=tuple(sorted(task.credentials - shift.credentials)),
            pinned_nurse=self.shifts[pin.shift].nurse if pin else None,
            pinned_start=pin.start if pin else None,
            most_visits=shift.max_visits,
        )
        ruled_out = self._ruled_out(task, shift, pin)
        if ruled_out is not None:
            return replace(entry, cause=ruled_out)
        stay = self.standing.newcomer(task)
        full = self._most_visits(shift) or bool(self._lacking(shift, task))
        starts = () if full else self._starts(self.lines, shift, stay)
        return replace(entry, starts=starts) if starts else self._no_time(entry, shift, stay)

    def _ruled_out(self, task: Task, shift: Shift, pin: Pin | None) -> Cause | None:
        if shift.nurse in self.visit.barred_nurses:
            return Cause.BARRED
        if task.credentials - shift.credentials:
            return Cause.CREDENTIAL
        if pin is not None and pin.shift != shift.id:
            return Cause.PINNED_ELSEWHERE
        return None

    def _starts(self, lines: Lines, shift: Shift, stay: Stay) -> tuple[Span, ...]:
        return tuple(merged(span for line in lines[shift.id] for span in slots(line, stay, self.matrix)))

    def _most_visits(self, shift: Shift) -> bool:
        return any(len(line.stays) == shift.max_visits for line in self.tireless[shift.id])

    def _lacking(self, shift: Shift, task: Task) -> tuple[str, ...]:
        done = [stay.task for line in self.tireless[shift.id][:1] for stay in line.stays]
        return lacking(shift, [*done, task])

    def _no_time(self, entry: NurseWhyNot, shift: Shift, stay: Stay) -> NurseWhyNot:
        """Why she has no start for the stay, the hardest cause first."""
        windows = replace(stay, within=None).starts()
        if not windows:
            return replace(entry, cause=Cause.PIN_OUTSIDE_WINDOW)
        hers = meet(windows, [(shift.start, shift.latest_finish - stay.task.duration)])
        if not hers:
            return replace(entry, cause=Cause.WINDOW_OUTSIDE_SHIFT)
        for limit in self.limits if stay.within is not None else ():
            left = meet(hers, limit.spans)
            if not left:
                return _shut_out(entry, limit, hers)
            hers = left
        if not slots(empty_line(shift), stay, self.matrix):
            return replace(entry, cause=Cause.SHIFT_HOURS)
        if items := self._lacking(shift, stay.task):
            return replace(entry, cause=Cause.STOCK, missing=items)
        if self._most_visits(shift):
            return replace(entry, cause=Cause.MOST_VISITS)
        if self._starts(self.unlimited, shift, stay):
            return replace(entry, cause=Cause.HOUR_LIMIT)
        tired = self._starts(self.tireless, shift, stay)
        return replace(entry, cause=Cause.REST if tired else Cause.NO_ROOM)


def _shut_out(entry: NurseWhyNot, limit: Limit, starts: list[Span]) -> NurseWhyNot:
    """The limit leaves none of these starts."""
    if limit.gate is not None:
        return replace(entry, cause=_GATES[limit.gate.kind], gate=limit.gate)
    if not limit.spans:
        return replace(entry, cause=Cause.FOLLOW_UP, spacing=limit.spacing)
    low, high = limit.spans[0]
    close = any(span[1] < low if limit.after else span[0] > high for span in starts)
    cause = Cause.TOO_CLOSE if close else Cause.TOO_FAR_APART
    return replace(entry, cause=cause, spacing=limit.spacing, after=limit.after)


_GATES = {
    GateKind.ORDER: Cause.ORDER,
    GateKind.PRESCRIBER: Cause.PRESCRIBER,
    GateKind.ADULT: Cause.ADULT,
    GateKind.AGREEMENT: Cause.AGREEMENT,
    GateKind.MANIA_CHECK: Cause.MANIA_CHECK,
    GateKind.SPACING: Cause.ORDER,
}
