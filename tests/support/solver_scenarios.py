"""Tiny problems on the street, each of which turns on one rule of the model."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from scheduler.model import Break, Lag, Mode, Pin, Problem, Promise, Shift, Visit, Weights
from tests.support.problems import (
    HOUR,
    MINUTE,
    ORIGIN,
    at,
    place,
    shift,
    task,
    together,
    visit,
    window,
)

PLACES = tuple(place(f"m{minute}", minute) for minute in range(0, 70, 10))
"""`m20` is twenty minutes from the west end."""

RATES = Weights(travel=25, lateness=30, worst_lateness=50, not_preferred=20_000)


def problem(
    visits: tuple[Visit, ...],
    shifts: tuple[Shift, ...],
    pins: tuple[Pin, ...] = (),
    weights: Weights = RATES,
) -> Problem:
    """Those visits and shifts on the street."""
    return Problem(origin=ORIGIN, places=PLACES, visits=visits, shifts=shifts, pins=pins, weights=weights)


def nobody_to_visit() -> Problem:
    return problem((), (shift("s1", "ana", "m0"),))


def nobody_on_shift() -> Problem:
    return problem((visit("v1", task("v1.1", "m10", 60)),), ())


def travel_only() -> Problem:
    minutes = (10, 30, 50, 60)
    visits = tuple(visit(f"v{m}", task(f"v{m}.1", f"m{m}", 30)) for m in minutes)
    return problem(visits, (shift("s1", "ana", "m0"), shift("s2", "ben", "m60")))


def credentials() -> Problem:
    visits = (
        visit("v1", task("v1.1", "m10", 60, credentials=("rn", "picc"))),
        visit("v2", task("v2.1", "m50", 60, credentials=("rn", "acls"))),
    )
    near, far = shift("s1", "ana", "m10"), shift("s2", "ben", "m60", credentials=("rn", "picc"))
    return problem(visits, (near, far))


def barred() -> Problem:
    visits = (visit("v1", task("v1.1", "m10", 60), barred=("ana",)),)
    return problem(visits, (shift("s1", "ana", "m10"), shift("s2", "ben", "m60")))


def preferred() -> Problem:
    """For v1 the drive to the preferred nurse costs less than going without her, for v2 it costs more."""
    visits = (
        visit("v1", task("v1.1", "m20", 60), preferred=("ben",)),
        visit("v2", task("v2.1", "m10", 60), preferred=("cleo",)),
    )
    shifts = (shift("s1", "ana", "m20"), shift("s2", "ben", "m30"), shift("s3", "cleo", "m60"))
    return problem(visits, shifts)


def hard_windows() -> Problem:
    """Nearest first would be too late for the farthest."""
    visits = tuple(
        visit(f"v{m}", task(f"v{m}.1", f"m{m}", 60, window(first, last)))
        for m, first, last in ((10, at(8), at(15)), (30, at(11), at(11, 30)), (60, at(9), at(9, 5)))
    )
    return problem(visits, (shift("s1", "ana", "m0"),))


def latest_end() -> Problem:
    """v2 could start in time behind v1, but its monitoring would not be over."""
    visits = (
        visit("v1", task("v1.1", "m10", 120, window(at(8), at(10)))),
        visit("v2", task("v2.1", "m20", 150, window(at(8), at(13), at(12)))),
    )
    return problem(visits, (shift("s1", "ana", "m0", end=at(18)),))


def lateness() -> Problem:
    """Somebody is late in any case; the largest lateness counts too."""
    visits = tuple(
        visit(f"v{m}", task(f"v{m}.1", f"m{m}", 45, window(at(8), at(8, 30), at(9, 20), soft=True)))
        for m in (10, 20, 40, 60)
    )
    return problem(visits, (shift("s1", "ana", "m0"), shift("s2", "ben", "m30")))


def several_windows() -> Problem:
    """Waiting for the second soft window is better than being late in the first; v2's windows are hard."""
    morning = window(at(8), at(8, 10), soft=True)
    visits = (
        visit("v1", task("v1.1", "m30", 60, morning, window(at(10), at(11), soft=True))),
        visit("v2", task("v2.1", "m20", 90, window(at(8), at(8, 25)), window(at(12), at(13)))),
        visit("v3", task("v3.1", "m10", 30, morning, window(at(12), at(12, 5), soft=True))),
    )
    return problem(visits, (shift("s1", "ana", "m0"),))


def together_pair() -> Problem:
    visits = (
        visit("v1", task("v1.1", "m30", 60), task("v1.2", "m30", 90), lags=(together("v1.1", "v1.2"),)),
        visit("v2", task("v2.1", "m50", 60, window(at(8), at(9)))),
        visit("v3", task("v3.1", "m10", 60, window(at(8), at(9, 30)))),
    )
    return problem(visits, (shift("s1", "ana", "m0"), shift("s2", "ben", "m60")))


def crossed_pairs() -> Problem:
    """Two pairs that would wait for each other if both nurses took them in different orders."""
    lags = {n: (Lag(first=f"v{n}.1", then=f"v{n}.2", min_s=HOUR, max_s=2 * HOUR),) for n in (1, 2)}
    visits = tuple(
        visit(f"v{n}", task(f"v{n}.1", f"m{m}", 60), task(f"v{n}.2", f"m{m}", 60), lags=lags[n])
        for n, m in ((1, 20), (2, 40))
    )
    return problem(visits, (shift("s1", "ana", "m0"), shift("s2", "ben", "m60")))


def held_back() -> Problem:
    """The second task cannot start early, so the most lag holds the first one back."""
    lag = Lag(first="v1.1", then="v1.2", min_s=30 * MINUTE, max_s=40 * MINUTE)
    tasks = (
        task("v1.1", "m30", 60, window(at(8), at(12))),
        task("v1.2", "m30", 60, window(at(11), at(12))),
    )
    return problem((visit("v1", *tasks, lags=(lag,)),), (shift("s1", "ana", "m0"), shift("s2", "ben", "m60")))


def one_nurse_two_shifts() -> Problem:
    """A nurse's second shift does not make her a second nurse."""
    lag = Lag(first="v1.1", then="v1.2", min_s=4 * HOUR, max_s=8 * HOUR)
    pair = visit("v1", task("v1.1", "m10", 60), task("v1.2", "m10", 60), lags=(lag,))
    shifts = (
        shift("s1", "ana", "m10", at(8), at(11)),
        shift("s2", "ana", "m10", at(12), at(16)),
        shift("s3", "ben", "m60"),
    )
    return problem((pair,), shifts)


def same_nurse_allowed() -> Problem:
    """Morning and afternoon by whoever it is: one nurse drives once."""
    lag = Lag(first="v1.1", then="v1.2", min_s=2 * HOUR, max_s=3 * HOUR)
    mode = Mode(
        id="any",
        tasks=(task("v1.1", "m50", 60), task("v1.2", "m50", 60)),
        lags=(lag,),
        distinct_nurses=False,
    )
    both = Visit(id="v1", modes=(mode,), drop_cost=10**7)
    return problem((both,), (shift("s1", "ana", "m0"), shift("s2", "ben", "m0")))


def overlapping_shifts() -> Problem:
    """One nurse cannot be on two shifts at once. (That she may be on one after the other, however far apart
    their places, CP-SAT leaves out on purpose.)"""
    visits = tuple(visit(f"v{m}", task(f"v{m}.1", f"m{m}", 60, window(at(8), at(9, 30)))) for m in (0, 60))
    return problem(visits, (shift("s1", "ana", "m0"), shift("s2", "ana", "m60", at(9), at(17))))


def overtime_into_the_next_shift() -> Problem:
    visits = (
        visit("v1", task("v1.1", "m10", 200)),
        visit("v2", task("v2.1", "m10", 60, window(at(12), at(12, 30)))),
    )
    shifts = (
        shift("s1", "ana", "m10", at(8), at(11), max_overtime=2 * HOUR, overtime_cost=10),
        shift("s2", "ana", "m10", at(12), at(16)),
    )
    return problem(visits, shifts)


def hand_off() -> Problem:
    """v1 in one go leaves no time for v2; handed over it does."""
    start = window(at(8), at(9))
    through = Mode(id="through", tasks=(task("v1.1", "m20", 180, start),))
    tasks = (task("v1.2", "m20", 60, start), task("v1.3", "m20", 130, credentials=("monitor",)))
    lag = Lag(first="v1.2", then="v1.3", min_s=50 * MINUTE, max_s=60 * MINUTE)
    handed = Mode(id="handed", tasks=tasks, lags=(lag,))
    v1 = Visit(id="v1", modes=(through, handed), drop_cost=10**7)
    v2 = visit("v2", task("v2.1", "m40", 60, window(at(9), at(10))))
    return problem((v1, v2), (shift("s1", "ana", "m0"), shift("s2", "mo", "m50", credentials=("monitor",))))


def _with_break(first: int, latest_end: int, *, overtime: int = 0) -> Problem:
    visits = tuple(visit(f"v{m}", task(f"v{m}.1", f"m{m}", 90, window(at(8), at(14)))) for m in (10, 30, 60))
    rest = Break(duration=30 * MINUTE, earliest_start=first, latest_end=latest_end)
    own = shift("s1", "ana", "m0", end=at(14, 30), break_=rest, max_overtime=overtime, overtime_cost=40)
    return problem(visits, (own,))


def break_between() -> Problem:
    return _with_break(at(11), at(13))


def break_first() -> Problem:
    """At home first would be five minutes slower than on the way."""
    return _with_break(at(8, 5), at(8, 40), overtime=HOUR)


def break_last() -> Problem:
    return _with_break(at(14), at(15), overtime=HOUR)


def break_on_the_drive_home() -> Problem:
    return _with_break(at(13, 55), at(14, 40), overtime=HOUR)


def overtime() -> Problem:
    """Overtime is dearer than the detour to share the work, until it is forbidden."""
    visits = tuple(visit(f"v{m}", task(f"v{m}.1", f"m{m}", 150)) for m in (10, 20, 30))
    shifts = (
        shift("s1", "ana", "m0", end=at(15), max_overtime=2 * HOUR, overtime_cost=30),
        shift("s2", "ben", "m60", end=at(11), max_overtime=HOUR, overtime_cost=5),
    )
    return problem(visits, shifts)


def most_visits() -> Problem:
    visits = tuple(visit(f"v{m}", task(f"v{m}.1", f"m{m}", 30)) for m in (10, 20, 30))
    return problem(visits, (shift("s1", "ana", "m10", max_visits=1), shift("s2", "ben", "m60", max_visits=1)))


def pins() -> Problem:
    visits = tuple(visit(f"v{m}", task(f"v{m}.1", f"m{m}", 60)) for m in (10, 20, 30))
    pinned = (Pin(task="v10.1", shift="s2"), Pin(task="v30.1", shift="s2", start=at(13)))
    return problem(visits, (shift("s1", "ana", "m0"), shift("s2", "ben", "m60")), pinned)


def promises() -> Problem:
    """v10 and v30 are worth what was told; v20's nurse is gone; v50's time is not worth the wait."""
    visits = tuple(visit(f"v{m}", task(f"v{m}.1", f"m{m}", 60)) for m in (10, 20, 30, 50))
    told = (
        Promise(task="v10.1", nurse="ben", start=at(9)),
        Promise(task="v20.1", nurse="dora", start=at(11)),
        Promise(task="v30.1", nurse="ana", start=at(12)),
        Promise(task="v50.1", nurse="ben", start=at(15, 30), tolerance=0),
    )
    shifts = (shift("s1", "ana", "m0"), shift("s2", "ben", "m60", max_overtime=HOUR, overtime_cost=25))
    prices = RATES.replace(changed_nurse=100_000, moved_start=40_000)
    return problem(visits, shifts, weights=prices).replace(promises=told)


def promised_mode() -> Problem:
    """To hand v1 over, as was told, is dearer to drive, and yet cheaper."""
    told = (Promise(task="v1.2", nurse="ana", start=at(8, 20)), Promise(task="v1.3", nurse="mo", start=at(9)))
    prices = RATES.replace(changed_nurse=60_000, moved_start=30_000)
    return hand_off().replace(promises=told, weights=prices)


def mandatory() -> Problem:
    """One visit's time; the mandatory one is farther and yet served."""
    together_at_nine = window(at(9), at(9))
    visits = (
        visit("v1", task("v1.1", "m10", 60, together_at_nine), dollars=900),
        visit("v2", task("v2.1", "m60", 60, together_at_nine), dollars=None),
    )
    return problem(visits, (shift("s1", "ana", "m0"),))


def not_worth_the_drive() -> Problem:
    visits = (
        visit("v1", task("v1.1", "m10", 60), dollars=100),
        visit("v2", task("v2.1", "m60", 60), dollars=1),
    )
    return problem(visits, (shift("s1", "ana", "m0"),), weights=Weights(travel=10))


def other_end() -> Problem:
    """A shift that ends elsewhere than it begins."""
    visits = tuple(visit(f"v{m}", task(f"v{m}.1", f"m{m}", 60)) for m in (20, 40))
    return problem(visits, (shift("s1", "ana", "m0").replace(end_place="m60"), shift("s2", "ben", "m30")))


def infusion_day(nurses: int = 8, seed: int = 8) -> Problem:
    """Three long visits for each nurse, windows and credentials drawn around a plan that serves them all."""
    random = Random(seed)
    visits: list[Visit] = []
    shifts: list[Shift] = []
    for number in range(nurses):
        home = random.randrange(0, 70, 10)
        skill = random.choice(("rn", "picc"))
        rest = Break(duration=30 * MINUTE, earliest_start=at(10), latest_end=at(15))
        shifts.append(
            shift(f"s{number}", f"n{number}", f"m{home}", end=at(18), credentials=("rn", skill), break_=rest)
        )
        clock, here = at(8), home
        for stay in (random.randint(115, 150) for _ in range(3)):
            there = random.randrange(0, 70, 10)
            clock, here = clock + abs(there - here) * MINUTE, there
            slack = random.choice((10, 45, 120)) * MINUTE
            name = f"v{len(visits)}"
            first = window(max(at(8), clock - slack), clock + slack)
            needs = random.choice(("rn", skill))
            visits.append(visit(name, task(f"{name}.1", f"m{there}", stay, first, credentials=(needs,))))
            clock += stay * MINUTE + (30 * MINUTE if len(visits) % 3 == 1 else 0)
    return problem(tuple(visits), tuple(shifts), weights=Weights(travel=45))


SCENARIOS: tuple[Callable[[], Problem], ...] = (
    nobody_to_visit,
    nobody_on_shift,
    travel_only,
    credentials,
    barred,
    preferred,
    hard_windows,
    latest_end,
    lateness,
    several_windows,
    together_pair,
    crossed_pairs,
    held_back,
    one_nurse_two_shifts,
    same_nurse_allowed,
    overtime_into_the_next_shift,
    hand_off,
    break_between,
    break_first,
    break_last,
    break_on_the_drive_home,
    overtime,
    most_visits,
    pins,
    promises,
    promised_mode,
    mandatory,
    not_worth_the_drive,
    other_end,
)
