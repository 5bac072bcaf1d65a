"""What a new plan of a day changes: visit by visit, before and after, and who must be told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scheduler.model import Plan, Problem

NOTICED = 900
"""Seconds by which a start may move without anybody being told."""


class ChangeKind(StrEnum):
    """What happened to a visit. A visit may have another nurse and be moved at once."""

    SAME = "same"
    MOVED = "moved"
    OTHER_NURSE = "other_nurse"
    LEFT_OUT = "left_out"
    NOW_SERVED = "now_served"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Care:
    """One nurse's stay at a visit; seconds since the origin."""

    nurse: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitChange:
    """One visit in both plans: its stays by start, the first its leading one, the others those of hand-over
    partners or second nurses. Empty: not served."""

    visit: str
    kinds: tuple[ChangeKind, ...]
    before: tuple[Care, ...]
    after: tuple[Care, ...]

    @property
    def is_same(self) -> bool:
        """Nobody needs to be told."""
        return self.kinds == (ChangeKind.SAME,)


@dataclass(frozen=True, kw_only=True, slots=True)
class NurseNews:
    """What changes for a nurse: visits she gains, loses, and has at another time."""

    nurse: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """Every visit of either plan, by the start it had before or has now; the nurses to be told, by id.

    `patients`: visits whose patients must be told.
    """

    visits: tuple[VisitChange, ...]
    nurses: tuple[NurseNews, ...]

    @property
    def changed(self) -> tuple[VisitChange, ...]:
        """Those that are not as they were."""
        return tuple(change for change in self.visits if not change.is_same)

    @property
    def patients(self) -> tuple[str, ...]:
        """Visits whose patients must be told."""
        return tuple(change.visit for change in self.changed)


def changes_between(
    before: tuple[Problem, Plan], after: tuple[Problem, Plan], noticed: int = NOTICED
) -> Changes:
    """From one plan of a day to another, each with the problem it was made for, both of one origin.

    A start that moves by `noticed` seconds or less is the same.
    """
    known = {visit.id for visit in after[0].visits}
    return changes_of(_care(*before), _care(*after), known, noticed)


def changes_of(
    before: Mapping[str, tuple[Care, ...]],
    after: Mapping[str, tuple[Care, ...]],
    booked: Collection[str],
    noticed: int = NOTICED,
) -> Changes:
    """The same of the stays of each served visit, by start. A visit that is not served any more is left out
    where it is still `booked`, else cancelled."""
    visits = dict.fromkeys((*before, *after))
    found = [_change(visit, before.get(visit, ()), after.get(visit, ()), booked, noticed) for visit in visits]
    found.sort(key=lambda change: ((change.before or change.after)[0].start, change.visit))
    return Changes(visits=tuple(found), nurses=tuple(_news(found, noticed)))


def _care(problem: Problem, plan: Plan) -> dict[str, tuple[Care, ...]]:
    """The stays of each served visit, by start, then by task."""
    nurses = {shift.id: shift.nurse for shift in problem.shifts}
    visits = problem.visit_by_task
    stays: dict[str, list[tuple[int, str, Care]]] = {}
    for route in plan.routes:
        for stop in route.stops:
            care = Care(nurse=nurses[route.shift], start=stop.start, end=stop.end)
            stays.setdefault(visits[stop.task].id, []).append((stop.start, stop.task, care))
    return {
        visit: tuple(care for *_, care in sorted(each, key=lambda one: one[:2]))
        for visit, each in stays.items()
    }


def _change(
    visit: str, before: tuple[Care, ...], after: tuple[Care, ...], booked: Collection[str], noticed: int
) -> VisitChange:
    kinds: list[ChangeKind] = []
    if not after:
        kinds.append(ChangeKind.LEFT_OUT if visit in booked else ChangeKind.CANCELLED)
    elif not before:
        kinds.append(ChangeKind.NOW_SERVED)
    else:
        if [care.nurse for care in before] != [care.nurse for care in after]:
            kinds.append(ChangeKind.OTHER_NURSE)
        if abs(before[0].start - after[0].start) > noticed:
            kinds.append(ChangeKind.MOVED)
    return VisitChange(visit=visit, kinds=tuple(kinds) or (ChangeKind.SAME,), before=before, after=after)


def _news(changes: Iterable[VisitChange], noticed: int) -> list[NurseNews]:
    gained: dict[str, list[str]] = {}
    lost: dict[str, list[str]] = {}
    moved: dict[str, list[str]] = {}
    for change in changes:
        before, after = _starts(change.before), _starts(change.after)
        for nurse in {*before, *after}:
            if nurse not in before:
                gained.setdefault(nurse, []).append(change.visit)
            elif nurse not in after:
                lost.setdefault(nurse, []).append(change.visit)
            elif abs(before[nurse] - after[nurse]) > noticed:
                moved.setdefault(nurse, []).append(change.visit)
    return [
        NurseNews(
            nurse=nurse,
            gained=tuple(gained.get(nurse, ())),
            lost=tuple(lost.get(nurse, ())),
            moved=tuple(moved.get(nurse, ())),
        )
        for nurse in sorted({*gained, *lost, *moved})
    ]


def _starts(stays: tuple[Care, ...]) -> Mapping[str, int]:
    return {care.nurse: care.start for care in stays}
