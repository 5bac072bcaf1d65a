"""Tiny problems on the street over two or three days, each of which turns on one rule of a course."""

from __future__ import annotations

from collections.abc import Callable

from scheduler.model import (
    POINTS_PER_DOLLAR,
    Break,
    Gate,
    GateKind,
    HourLimit,
    Lag,
    Mode,
    Pin,
    Problem,
    Shift,
    Spacing,
    Span,
    Supply,
    Visit,
)
from tests.support.problems import HOUR, MINUTE, at, shift, task, visit, window
from tests.support.solver_scenarios import problem

DAY = 24 * HOUR


def on_days(nurse: str, home: str, days: int, start: int = at(8), end: int = at(16)) -> tuple[Shift, ...]:
    """A shift of this nurse on each day, `ana-0` and so on."""
    return tuple(
        shift(f"{nurse}-{day}", nurse, home, day * DAY + start, day * DAY + end) for day in range(days)
    )


def any_day(id: str, place: str, minutes: int, days: int, *, first: int = at(8), last: int = at(14)) -> Visit:
    """A visit that may start on each day between these hours; it costs $1000 to leave it out."""
    windows = (window(day * DAY + first, day * DAY + last) for day in range(days))
    return visit(id, task(f"{id}.1", place, minutes, *windows))


def gates() -> Problem:
    """One visit's order ends in the morning, one's adult comes at noon for an hour after the discharge, and
    one's mania check is not on file."""
    adult = Gate(kind=GateKind.ADULT, spans=(Span(start=at(12), end=at(15)),), since=HOUR, until=2 * HOUR)
    order = Gate(kind=GateKind.ORDER, spans=(Span(start=0, end=at(8, 30)), Span(start=at(20), end=at(21))))
    visits = (
        visit("v10", task("v10.1", "m10", 60)).replace(gates=(adult,)),
        visit("v20", task("v20.1", "m20", 60)).replace(gates=(order,)),
        visit("v30", task("v30.1", "m30", 60)).replace(gates=(Gate(kind=GateKind.MANIA_CHECK),)),
    )
    return problem(visits, (shift("s1", "ana", "m0"),))


def gates_of_a_hand_off() -> Problem:
    """The gate holds for the visit's start, whichever mode it is served in."""
    prescriber = Gate(kind=GateKind.PRESCRIBER, spans=(Span(start=at(10), end=at(11)),), until=30 * MINUTE)
    first, then = task("v1.2", "m10", 60), task("v1.3", "m10", 60, credentials=("monitor",))
    lag = Lag(first="v1.2", then="v1.3", min_s=50 * MINUTE, max_s=50 * MINUTE)
    modes = (
        Mode(id="through", tasks=(task("v1.1", "m10", 120),)),
        Mode(id="hand-off", tasks=(first, then), lags=(lag,)),
    )
    given = Visit(id="v1", modes=modes, drop_cost=1000 * POINTS_PER_DOLLAR, gates=(prescriber,))
    nurses = (
        shift("s1", "ana", "m0", end=at(11, 30)),
        shift("s2", "mo", "m10", credentials=("monitor",)),
    )
    return problem((given,), nurses)


def spaced() -> Problem:
    """Two sessions a day apart, the first of which has to make way for a visit of the first day."""
    sessions = tuple(any_day(f"v{n}", "m10", 90, 2) for n in (1, 2))
    early = visit("v3", task("v3.1", "m20", 120, window(at(8), at(9))))
    return problem((*sessions, early), on_days("ana", "m0", 2)).replace(
        spacings=(Spacing(first="v1", then="v2", min_s=DAY, max_s=DAY + HOUR),)
    )


def waits_for_its_spacing() -> Problem:
    """The second session could start at eight, but not so soon after the first one of the day before."""
    first = visit("v1", task("v1.1", "m10", 60, window(at(11), at(12))))
    then = visit("v2", task("v2.1", "m10", 60, window(DAY + at(8), DAY + at(14))))
    after = visit("v3", task("v3.1", "m20", 60, window(DAY + at(8), DAY + at(15))))
    return problem((first, then, after), on_days("ana", "m0", 2)).replace(
        spacings=(Spacing(first="v1", then="v2", min_s=DAY),)
    )


def follow_up_of_nothing() -> Problem:
    """The session is worth less than the drive to it, so its follow-up is not served either."""
    session = visit("v1", task("v1.1", "m60", 120, window(at(8), at(12))), dollars=1)
    follow_up = visit("v2", task("v2.1", "m10", 30, window(DAY + at(8), DAY + at(12))), dollars=20)
    return problem((session, follow_up), on_days("ana", "m0", 2)).replace(
        spacings=(Spacing(first="v1", then="v2", min_s=20 * HOUR, max_s=28 * HOUR, needs_first=True),)
    )


def same_nurse() -> Problem:
    """Ben is nearer on the second day, but not by as much as a change of nurse costs."""
    visits = (
        visit("v1", task("v1.1", "m20", 60, window(at(8), at(12)))),
        visit("v2", task("v2.1", "m40", 60, window(DAY + at(8), DAY + at(12)))),
    )
    shifts = (*on_days("ana", "m20", 2), *on_days("ben", "m60", 2))
    return problem(visits, shifts).replace(
        spacings=(Spacing(first="v1", then="v2", change_cost=20 * POINTS_PER_DOLLAR),)
    )


def weekly_hours() -> Problem:
    """Ana may use two of her three shifts, and stay an hour longer on one of them."""
    shifts = tuple(one.replace(max_overtime=2 * HOUR, overtime_cost=5) for one in on_days("ana", "m0", 3))
    visits = tuple(
        visit(f"v{n}", task(f"v{n}.1", "m30", 210, window(day * DAY + at(8), day * DAY + at(14))), dollars=d)
        for n, day, d in ((1, 0, 300), (2, 1, 200), (3, 1, 250), (4, 2, 290))
    )
    limit = HourLimit(nurse="ana", start=0, end=3 * DAY, max_seconds=17 * HOUR)
    return problem(visits, shifts).replace(hour_limits=(limit,))


def hours_of_one_day() -> Problem:
    """A limit over a single shift, which its overtime would exceed."""
    visits = tuple(visit(f"v{m}", task(f"v{m}.1", f"m{m}", 150)) for m in (10, 20, 30))
    shifts = (
        shift("s1", "ana", "m0", end=at(15), max_overtime=2 * HOUR, overtime_cost=5),
        shift("s2", "ben", "m60"),
    )
    limits = (
        HourLimit(nurse="ana", start=0, end=DAY, max_seconds=8 * HOUR),
        HourLimit(nurse="ben", start=0, end=DAY, max_seconds=7 * HOUR),
    )
    return problem(visits, shifts).replace(hour_limits=limits)


def rest_between() -> Problem:
    """After her late shift Ana may not work the early one, and Ben is far."""
    shifts = (
        shift("ana-0", "ana", "m10", at(12), at(20)),
        shift("ana-1", "ana", "m10", DAY + at(6), DAY + at(14)),
        shift("ben-1", "ben", "m60", DAY + at(6), DAY + at(14)),
    )
    visits = (
        visit("v1", task("v1.1", "m20", 60, window(at(18, 30), at(18, 40)))),
        visit("v2", task("v2.1", "m20", 60, window(DAY + at(6, 10), DAY + at(6, 40)))),
    )
    return problem(visits, shifts).replace(rest_s=11 * HOUR)


def early_enough_to_rest() -> Problem:
    """Two shifts of Ana's leave her ten hours, her routes eleven and more. Nobody else is there."""
    shifts = (
        shift("ana-0", "ana", "m10", at(12), at(20)),
        shift("ana-1", "ana", "m10", DAY + at(6), DAY + at(14)),
    )
    visits = (
        visit("v1", task("v1.1", "m20", 60, window(at(13), at(16)))),
        visit("v2", task("v2.1", "m20", 60, window(DAY + at(6, 10), DAY + at(6, 40)))),
    )
    pins = (Pin(task="v1.1", shift="ana-0"), Pin(task="v2.1", shift="ana-1"))
    return problem(visits, shifts).replace(rest_s=11 * HOUR, pins=pins)


def rests_first() -> Problem:
    """Ana's late visit ends at 20:00, so she may not leave home before 7:00, though her shift begins at 6:00:
    what comes first in the morning waits, and the visit of half past six is left out."""
    shifts = (
        shift("ana-0", "ana", "m10", at(12), at(21)),
        shift("ana-1", "ana", "m10", DAY + at(6), DAY + at(14)),
    )
    visits = (
        visit("v1", task("v1.1", "m10", 60, window(at(19), at(19)))),
        visit("v2", task("v2.1", "m20", 60, window(DAY + at(6), DAY + at(9)))),
        visit("v3", task("v3.1", "m30", 60, window(DAY + at(6), DAY + at(8))), dollars=50),
        visit("v4", task("v4.1", "m10", 60, window(DAY + at(6), DAY + at(6, 30))), dollars=40),
    )
    return problem(visits, shifts).replace(rest_s=11 * HOUR)


def one_shift_after_the_other() -> Problem:
    """Ana's two shifts overlap, but she is done with the first before she is wanted on the second."""
    visits = (
        visit("v1", task("v1.1", "m10", 60, window(at(8), at(9)))),
        visit("v2", task("v2.1", "m40", 60, window(at(11), at(13)), credentials=("picc",))),
    )
    shifts = (
        shift("ana-0", "ana", "m10", at(8), at(12)),
        shift("ana-1", "ana", "m40", at(10), at(16), credentials=("picc",)),
    )
    return problem(visits, shifts)


def rests_after_her_break() -> Problem:
    """The evening's break, taken at home, puts off the hour from which Ana has rested."""
    rest = Break(duration=HOUR, earliest_start=at(19), latest_end=at(22))
    late = shift("ana-0", "ana", "m10", at(12), at(22)).replace(break_=rest)
    early = shift("ana-1", "ana", "m10", DAY + at(6), DAY + at(14))
    visits = (
        visit("v1", task("v1.1", "m10", 60, window(at(17), at(17)))),
        visit("v2", task("v2.1", "m20", 60, window(DAY + at(6), DAY + at(8)))),
    )
    return problem(visits, (late, early)).replace(rest_s=11 * HOUR)


def short_stock() -> Problem:
    """Two kits and three vials for visits that take one kit and one or two vials each; Ben has enough, and is
    far."""
    visits = tuple(
        visit(f"v{m}", task(f"v{m}.1", f"m{m}", 30).replace(uses=_uses(vials)), dollars=40)
        for m, vials in ((10, 2), (20, 1), (30, 2))
    )
    ana = shift("s1", "ana", "m10").replace(stock=(Supply(item="kit", units=2), Supply(item="vial", units=3)))
    return problem(visits, (ana, shift("s2", "ben", "m60")))


def _uses(vials: int) -> tuple[Supply, ...]:
    return Supply(item="kit", units=1), Supply(item="vial", units=vials)


COURSES: tuple[Callable[[], Problem], ...] = (
    gates,
    gates_of_a_hand_off,
    spaced,
    waits_for_its_spacing,
    follow_up_of_nothing,
    same_nurse,
    weekly_hours,
    hours_of_one_day,
    rest_between,
    early_enough_to_rest,
    rests_first,
    one_shift_after_the_other,
    rests_after_her_break,
    short_stock,
)
