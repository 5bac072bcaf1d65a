"""The demo's nurses: homes, weekly hours, days that differ, credentials."""

from __future__ import annotations

from datetime import date, time, timedelta
from random import Random

from app.demo import people, places, protocols
from app.demo.rows import DemoNurse, Hours, OtherDay, Proof

WEEKDAYS = range(5)
BREAK_MINUTES = 30
SHORTEST_WITH_BREAK = 390
"""Minutes of a shift from which on a break is owed."""

# Ten nurses' hours; after ten they come round again. Four long days or three short ones leave weekdays free.
_SHIFTS = (
    (time(8), time(16, 30), 5),
    (time(8), time(16, 30), 5),
    (time(9), time(17, 30), 5),
    (time(7), time(15, 30), 5),
    (time(7), time(17, 30), 4),
    (time(9), time(17, 30), 5),
    (time(8), time(18, 30), 4),
    (time(9), time(15), 3),
    (time(10), time(18, 30), 5),
    (time(7, 30), time(18), 4),
)
_OVERTIME = (60, 60, 30, 60, 45, 60, 30, 0, 45, 30)
_SHORT_HANDED = 8
"""Below this many nurses nobody is given a planned day off."""


def nurses(seed: int, days: tuple[date, ...], count: int) -> tuple[DemoNurse, ...]:
    """`count` nurses around the region. One in twenty is off on the last of `days`."""
    rng = Random(f"{seed}/nurses")
    homes = [places.home(rng, neighbourhood) for neighbourhood in places.spread(rng, count)]
    names = people.full_names(rng, count)
    return tuple(
        DemoNurse(
            code=f"N{index + 1:03}",
            name=names[index],
            phone=people.phone(index),
            home=homes[index],
            max_visits=_max_visits(index),
            max_overtime_min=_OVERTIME[index % len(_OVERTIME)],
            week=_week(index, days),
            other_days=_other_days(index, days, count),
            credentials=_credentials(rng, index, days),
        )
        for index in range(count)
    )


def _max_visits(index: int) -> int | None:
    workdays = _SHIFTS[index % len(_SHIFTS)][2]
    return {5: 3 if index % 2 else None, 4: 4, 3: 2}[workdays]


def _week(index: int, days: tuple[date, ...]) -> tuple[Hours, ...]:
    start, end, workdays = _SHIFTS[index % len(_SHIFTS)]
    minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
    rested = minutes >= SHORTEST_WITH_BREAK
    return tuple(
        Hours(
            weekday=weekday,
            start=start,
            end=end,
            break_minutes=BREAK_MINUTES if rested else 0,
            break_earliest=_later(start, 120) if rested else None,
            break_latest=_later(start, 390) if rested else None,
        )
        for weekday in _workdays(index, days, workdays)
    )


def _workdays(index: int, days: tuple[date, ...], count: int) -> list[int]:
    """The weekdays she works: those of `days` first, so that a short week is not in the demo's way."""
    busy = sorted({day.weekday() for day in days})
    rest = [weekday for weekday in WEEKDAYS if weekday not in busy]
    turned = rest[index % len(rest) :] + rest[: index % len(rest)] if rest else []
    return sorted((busy + turned)[:count])


def _later(clock: time, minutes: int) -> time:
    total = clock.hour * 60 + clock.minute + minutes
    return time(total // 60, total % 60)


def _other_days(index: int, days: tuple[date, ...], count: int) -> tuple[OtherDay, ...]:
    after = days[-1] + timedelta(days=7)
    if count < _SHORT_HANDED:
        return (OtherDay(day=after, reason="Vacation"),) if index == 0 else ()
    match index % 20:
        case 4:
            return (OtherDay(day=days[-1], reason="Vacation"),)
        case 5:
            return (OtherDay(day=days[0], reason="Dentist", start=time(9), end=time(14)),)
        case 10:
            return (OtherDay(day=after, reason="Training"),)
        case _:
            return ()


def _credentials(rng: Random, index: int, days: tuple[date, ...]) -> tuple[Proof, ...]:
    first = days[0]
    soon = first + timedelta(days=11)
    proofs: list[tuple[str, date | None]] = [
        (protocols.LICENSE, soon if index % 20 == 2 else _far(rng, first)),
    ]
    proofs.append((protocols.OBSERVATION if _watches(index) else protocols.KETAMINE, _far(rng, first)))
    if index % 10 in (0, 2, 3, 5, 6, 8):
        near = {2: first - timedelta(days=3), 5: first, 10: soon}.get(index % 20)
        proofs.append((protocols.ACLS, near or _far(rng, first)))
    if index % 10 in (1, 4, 6):
        proofs.append((protocols.PICC, _far(rng, first)))
    if index % 10 in (0, 3, 8):
        proofs.append((protocols.SPANISH, None))
    if index == 1:
        # The only nurse with this one, and it has just run out: the demo's visit that nobody can take.
        proofs.append((protocols.PEDIATRICS, first - timedelta(days=1)))
    return tuple(
        Proof(
            kind=kind,
            valid_from=(expiry or first) - timedelta(days=730 + rng.randrange(90)),
            expires_on=expiry,
            states=_states(index) if kind == protocols.LICENSE else (),
        )
        for kind, expiry in proofs
    )


def _states(index: int) -> tuple[str, ...]:
    """Where her license counts: one in four holds a compact one."""
    return ("IN", "KY", "OH", "WV") if index % 4 == 3 else ("OH",)


def _watches(index: int) -> bool:
    """Whether she is a monitoring clinician."""
    return index % 10 == 9


def _far(rng: Random, day: date) -> date:
    return day + timedelta(days=rng.randrange(60, 700))
