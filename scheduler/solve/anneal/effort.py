"""How the shifts' time is spent, where that has a price: waiting, idleness, and how evenly work is shared.

A route's last start cannot be earlier, so its nurse waits least when the stops before it are as late as it
allows: each is delayed as far as that makes nothing late. Tasks tied by lags or spacings keep their earliest
starts.
"""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.arrivals import rests_after
from scheduler.solve.anneal.compiled import compiled, inlined
from scheduler.solve.anneal.layout import (
    DUE,
    DURATION,
    FINISH,
    GOAL,
    GROUP,
    GROUP_KIN,
    GROUP_KIN_END,
    GROUP_TIES,
    GROUP_TIES_END,
    IDLE_PRICE,
    IDLED,
    IMBALANCE_PRICE,
    LATEST,
    LEAVES_AT_START,
    NO_REST,
    ORIGIN,
    PLACE,
    PREV,
    REST,
    REST_DURATION,
    REST_EARLIEST,
    REST_LATEST_END,
    RESTED,
    SHIFT_END,
    SHIFT_START,
    SKIP,
    START,
    TAIL,
    WAITED,
    WAITING_PRICE,
    WINDOW_DUE,
    WINDOW_EARLIEST,
    WINDOW_LATEST,
    WINDOWS_BEGIN,
    WINDOWS_END,
    WORKED,
    Ints,
    Packed,
    State,
)

MINUTE = 60


@inlined
def latest_alike(packed: Packed, t: int, start: int) -> int:
    """The latest start of task t that is no later for it than `start`."""
    task = packed.task
    if task[t, WINDOWS_END] - task[t, WINDOWS_BEGIN] == 1:
        return max(start, min(task[t, DUE], task[t, LATEST]))
    latest = start
    for w in range(task[t, WINDOWS_BEGIN], task[t, WINDOWS_END]):
        window = packed.window
        if window[w, WINDOW_EARLIEST] <= start:
            latest = max(start, min(window[w, WINDOW_DUE], window[w, WINDOW_LATEST]))
        else:
            latest = max(start, min(latest, window[w, WINDOW_EARLIEST] - 1))
    return latest


@inlined
def delay_stops(packed: Packed, state: State, start: Ints, k: int) -> int:
    """Write the starts of shift k, delayed, into `start`; returns how long she then waits at her stops."""
    shift, row, task = packed.shift, state.task, packed.task
    t = state.shift[k, TAIL]
    if t < 0:
        return 0
    start[t], waited = row[t, START], 0
    rest = 0 if state.shift[k, SKIP] == NO_REST else shift[k, REST_DURATION]
    while row[t, PREV] >= 0:
        before = row[t, PREV]
        rests = row[t, REST] == RESTED and row[before, REST] != RESTED
        needed = task[before, DURATION] + packed.travel[task[before, PLACE], task[t, PLACE]]
        latest = start[t] - needed
        if rests:
            latest = min(latest, shift[k, REST_LATEST_END] - task[before, DURATION]) - rest
            needed += rest
        g = task[before, GROUP]
        free = packed.group[g, GROUP_TIES] == packed.group[g, GROUP_TIES_END]
        if free and packed.group[g, GROUP_KIN] == packed.group[g, GROUP_KIN_END]:
            latest = min(latest, latest_alike(packed, before, row[before, START]))
            start[before] = max(latest, row[before, START])
        else:
            start[before] = row[before, START]
        waited += start[t] - start[before] - needed
        t = before
    if shift[k, LEAVES_AT_START]:
        waited += start[t] - shift[k, SHIFT_START] - packed.travel[shift[k, ORIGIN], task[t, PLACE]]
        waited -= rest if rest > 0 and row[t, REST] == RESTED else 0
    return waited


@inlined
def reckon_effort(packed: Packed, state: State, start: Ints, k: int, rest_missed: int) -> None:
    """Reckon how shift k, whose finish is known, spends its time. Uses `start` as room to work."""
    shift, tail = packed.shift, state.shift[k, TAIL]
    rest = 0 if rest_missed else shift[k, REST_DURATION]
    if tail < 0:
        state.effort[k, WAITED], state.effort[k, WORKED] = 0, 0
        state.effort[k, IDLED] = shift[k, SHIFT_END] - shift[k, SHIFT_START] - rest
        return
    worked = work_of(packed, state, k)
    finish = state.shift[k, FINISH]
    waited = delay_stops(packed, state, start, k)
    if state.task[tail, REST] != RESTED and not rest_missed:
        done = state.task[tail, START] + packed.task[tail, DURATION]
        home = done + packed.travel[packed.task[tail, PLACE], shift[k, GOAL]]
        if rests_after(packed, k, home):
            waited += max(0, shift[k, REST_EARLIEST] - finish)
        else:
            waited += finish - home - rest
    state.effort[k, WAITED], state.effort[k, WORKED] = waited, worked
    state.effort[k, IDLED] = max(shift[k, SHIFT_END], finish) - shift[k, SHIFT_START] - worked - rest


@inlined
def work_of(packed: Packed, state: State, k: int) -> int:
    """Seconds of driving and staying on shift k, which has stops."""
    t = state.shift[k, TAIL]
    worked, there = 0, packed.shift[k, GOAL]
    while t >= 0:
        here = packed.task[t, PLACE]
        worked += packed.task[t, DURATION] + packed.travel[here, there]
        there, t = here, state.task[t, PREV]
    return worked + packed.travel[packed.shift[k, ORIGIN], there]


@inlined
def price_of_effort(packed: Packed, state: State) -> int:
    """Points for all shifts' waiting, the longest idleness and the imbalance."""
    waited, longest, worked, n = 0, 0, 0, len(state.effort)
    for k in range(n):
        waited += state.effort[k, WAITED]
        longest = max(longest, state.effort[k, IDLED])
        worked += state.effort[k, WORKED]
    prices = packed.effort
    points = prices[WAITING_PRICE] * waited + prices[IDLE_PRICE] * longest
    if prices[IMBALANCE_PRICE]:
        minutes = 0
        for k in range(n):
            minutes += (abs(n * state.effort[k, WORKED] - worked) + MINUTE * n - 1) // (MINUTE * n)
        points += prices[IMBALANCE_PRICE] * minutes
    return points


@compiled
def first_price_of_effort(packed: Packed, state: State) -> int:
    """`price_of_effort` for a state that was not made by moves."""
    return price_of_effort(packed, state)


@compiled
def delay_all(packed: Packed, state: State, start: Ints) -> None:
    """Write every route's starts, delayed, into `start`."""
    for k in range(len(state.shift)):
        delay_stops(packed, state, start, k)
