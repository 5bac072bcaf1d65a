"""What keeps one nurse from one task, as words that read on from her name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scheduler.explain.course_words import COURSE_CAUSES, could_only
from scheduler.explain.fit import merged
from scheduler.explain.names import Names, listed, number
from scheduler.explain.why import Cause, NurseWhyNot
from scheduler.model import Task, Window

_MOST_SPANS = 3


def predicate(entry: NurseWhyNot, task: Task, names: Names) -> str:
    """ "lacks PICC-line access (expired on Nov 20)"."""
    return _PREDICATES[entry.cause](entry, task, names)


def during(task: Task, names: Names) -> str:
    """The time in which the whole stay must lie: "between 9:00 and 12:00". Of many spans the number."""
    spans = merged(
        (window.earliest_start, _over_by(window, task)) for window in task.windows if not window.soft
    )
    if len(spans) > _MOST_SPANS:
        first, last = names.clock(spans[0][0]), names.clock(spans[-1][1])
        return f"in one of its {number(len(spans))} windows from {first} to {last}"
    hard = [f"between {names.clock(low)} and {names.clock(high)}" for low, high in spans]
    soft = [f"after {names.clock(window.earliest_start)}" for window in task.windows if window.soft]
    return listed([*hard, *soft[:1]], "or")


def starting(entry: NurseWhyNot, names: Names) -> str:
    """When she could start: "between 9:00 and 9:40"."""
    spans = [
        f"at {names.clock(low)}" if low == high else f"between {names.clock(low)} and {names.clock(high)}"
        for low, high in entry.starts
    ]
    return listed(spans, "or")


def _over_by(window: Window, task: Task) -> int:
    latest = window.latest_start + task.duration
    return latest if window.latest_end is None else min(latest, window.latest_end)


def _when(entry: NurseWhyNot, task: Task, names: Names) -> str:
    return during(task, names) if entry.pinned_start is None else f"at {names.clock(entry.pinned_start)}"


def _hours(entry: NurseWhyNot, names: Names) -> str:
    return f"from {names.clock(entry.hours[0])} to {names.clock(entry.hours[1])}"


def _barred(entry: NurseWhyNot, task: Task, names: Names) -> str:
    return "is barred from this patient"


def lacks(nurse: str, missing: Iterable[str], names: Names) -> str:
    """ "lacks ACLS and PICC-line access (expired on Nov 20)", to read on from the nurse's name."""
    lacking = []
    for code in missing:
        note = names.notes.get((nurse, code))
        lacking.append(f"{names.credential(code)} ({note})" if note else names.credential(code))
    return f"lacks {listed(lacking)}"


def _credential(entry: NurseWhyNot, task: Task, names: Names) -> str:
    return lacks(entry.nurse, entry.missing, names)


def _pinned_elsewhere(entry: NurseWhyNot, task: Task, names: Names) -> str:
    return f"cannot take it, as it is fixed to {names.nurse(entry.pinned_nurse or '')}"


def _pin_outside_window(entry: NurseWhyNot, task: Task, names: Names) -> str:
    return f"was to start {_when(entry, task, names)}, but the visit must lie {during(task, names)}"


def _window_outside_shift(entry: NurseWhyNot, task: Task, names: Names) -> str:
    return f"works {_hours(entry, names)}, but the visit must lie {_when(entry, task, names)}"


def _course(entry: NurseWhyNot, task: Task, names: Names) -> str:
    return could_only(entry)


def _hour_limit(entry: NurseWhyNot, task: Task, names: Names) -> str:
    return "has no hours left for it"


def _rest(entry: NurseWhyNot, task: Task, names: Names) -> str:
    return "would have too little rest between her shifts"


def _stock(entry: NurseWhyNot, task: Task, names: Names) -> str:
    return f"does not carry enough {listed(entry.missing)} for it"


def _shift_hours(entry: NurseWhyNot, task: Task, names: Names) -> str:
    return (
        f"works {_hours(entry, names)}, too short for the visit {_when(entry, task, names)} with its drives"
    )


def _most_visits(entry: NurseWhyNot, task: Task, names: Names) -> str:
    if entry.most_visits == 0:
        return f"takes no visits {names.when}"
    visits = "visit" if entry.most_visits == 1 else "visits"
    return f"already has {entry.most_visits} {visits}, the most allowed"


def _no_room(entry: NurseWhyNot, task: Task, names: Names) -> str:
    return f"is full {_when(entry, task, names)}"


def _pair_partner(entry: NurseWhyNot, task: Task, names: Names) -> str:
    return f"has room to start {starting(entry, names)}, but nobody else has room to match"


def _fits(entry: NurseWhyNot, task: Task, names: Names) -> str:
    return f"could start {starting(entry, names)}"


_PREDICATES: dict[Cause, Callable[[NurseWhyNot, Task, Names], str]] = {
    Cause.BARRED: _barred,
    Cause.CREDENTIAL: _credential,
    Cause.PINNED_ELSEWHERE: _pinned_elsewhere,
    Cause.PIN_OUTSIDE_WINDOW: _pin_outside_window,
    Cause.WINDOW_OUTSIDE_SHIFT: _window_outside_shift,
    **dict.fromkeys(COURSE_CAUSES, _course),
    Cause.SHIFT_HOURS: _shift_hours,
    Cause.HOUR_LIMIT: _hour_limit,
    Cause.REST: _rest,
    Cause.STOCK: _stock,
    Cause.MOST_VISITS: _most_visits,
    Cause.NO_ROOM: _no_room,
    Cause.PAIR_PARTNER: _pair_partner,
    Cause.FITS: _fits,
}
