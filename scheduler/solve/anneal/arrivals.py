"""When a nurse can be at a task: windows, drives and her break."""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.compiled import compiled, inlined
from scheduler.solve.anneal.layout import (
    DUE,
    DURATION,
    EARLIEST,
    FINISH,
    GROUP,
    LATER_RIVALS,
    LATEST,
    NO_REST,
    NONE,
    ORIGIN,
    PLACE,
    PREV,
    REST,
    REST_DURATION,
    REST_EARLIEST,
    REST_LATEST_END,
    RESTED,
    RIVAL_REST,
    RIVAL_SHIFT,
    RIVALS,
    SHIFT,
    SHIFT_START,
    SKIP,
    START,
    TAIL,
    WINDOW_DUE,
    WINDOW_EARLIEST,
    WINDOW_LATEST,
    WINDOW_PRICE,
    WINDOWS_BEGIN,
    WINDOWS_END,
    Ints,
    Packed,
    Scratch,
    State,
)


@inlined
def fit(packed: Packed, t: int, lower: int, floor: int) -> int:
    """The first start of task t at `lower` or later in window `floor` or a later one; `lower` itself where no
    window is left."""
    task = packed.task
    if task[t, WINDOWS_END] - task[t, WINDOWS_BEGIN] == 1:
        return max(lower, task[t, EARLIEST])
    for w in range(task[t, WINDOWS_BEGIN] + floor, task[t, WINDOWS_END]):
        if lower <= packed.window[w, WINDOW_LATEST]:
            return max(lower, packed.window[w, WINDOW_EARLIEST])
    return lower


@inlined
def lateness(packed: Packed, t: int, start: int) -> int:
    """Seconds by which a start of task t is late; where no window allows it, minus the seconds by which it
    misses the last."""
    task = packed.task
    if task[t, WINDOWS_END] - task[t, WINDOWS_BEGIN] == 1:
        if start > task[t, LATEST]:
            return task[t, LATEST] - start
        return max(0, start - task[t, DUE])
    late, last = -1, 0
    for w in range(task[t, WINDOWS_BEGIN], task[t, WINDOWS_END]):
        if packed.window[w, WINDOW_EARLIEST] <= start <= packed.window[w, WINDOW_LATEST]:
            late = max(0, start - packed.window[w, WINDOW_DUE])  # of soft windows the last one begun counts
        last = max(last, packed.window[w, WINDOW_LATEST])
    return late if late >= 0 else last - start


@inlined
def start_price(packed: Packed, t: int, start: int) -> int:
    """Points for a start of task t (NONE: none) that its patient was not promised."""
    first, end = packed.task[t, WINDOWS_BEGIN], packed.task[t, WINDOWS_END]
    if end - first == 1:
        return 0
    points = 0
    for w in range(first, end):
        if packed.window[w, WINDOW_EARLIEST] <= start:
            points = packed.window[w, WINDOW_PRICE]
    return points


@inlined
def begin_of(packed: Packed, state: State, k: int) -> int:
    """When the nurse may begin shift k: at its start, or once she has rested after an earlier one."""
    begin = packed.shift[k, SHIFT_START]
    for i in range(packed.shift[k, RIVALS], packed.shift[k, LATER_RIVALS]):
        other = packed.rival[i, RIVAL_SHIFT]
        if state.shift[other, TAIL] >= 0 and state.shift[other, FINISH] >= 0:
            begin = max(begin, busy_until(packed, state, other) + packed.rival[i, RIVAL_REST])
    return begin


@inlined
def busy_until(packed: Packed, state: State, k: int) -> int:
    """When shift k, which has stops, is over, a break at home after its finish included."""
    shift, finish = packed.shift, state.shift[k, FINISH]
    if state.task[state.shift[k, TAIL], REST] != RESTED and rests_after(packed, k, finish):
        return max(finish, shift[k, REST_EARLIEST]) + shift[k, REST_DURATION]
    return finish


@compiled
def begin_all(packed: Packed, state: State, begin: Ints) -> None:
    """Write when each shift may begin into `begin`."""
    for k in range(len(begin)):
        begin[k] = begin_of(packed, state, k)


@inlined
def free_from(packed: Packed, state: State, scratch: Scratch, t: int) -> int:
    """When the nurse of task t is free to drive there."""
    before = state.task[t, PREV]
    if before >= 0:
        together = packed.task[before, GROUP] == packed.task[t, GROUP]
        start = scratch.start[before] if together else state.task[before, START]
        return start + packed.task[before, DURATION]
    return begin_of(packed, state, state.task[t, SHIFT])


@inlined
def drive_to(packed: Packed, state: State, t: int) -> int:
    """Seconds of driving to task t."""
    before = state.task[t, PREV]
    if before >= 0:
        return packed.travel[packed.task[before, PLACE], packed.task[t, PLACE]]
    return packed.travel[packed.shift[state.task[t, SHIFT], ORIGIN], packed.task[t, PLACE]]


@inlined
def rest_before(packed: Packed, state: State, scratch: Scratch, t: int) -> int:
    """Whether the nurse of task t has had her break before the way there, or how many chances she let
    pass."""
    before = state.task[t, PREV]
    if before >= 0:
        together = packed.task[before, GROUP] == packed.task[t, GROUP]
        return scratch.rest[before] if together else state.task[before, REST]
    k = state.task[t, SHIFT]
    return RESTED if packed.shift[k, REST_DURATION] == 0 or state.shift[k, SKIP] == NO_REST else 0


@inlined
def arrival_with_rest(packed: Packed, k: int, free: int, drive: int) -> int:
    """When a nurse free at `free` has driven and rested, the break begun as soon as it may; NONE: too late
    for it."""
    shift = packed.shift
    begin_at = max(free, shift[k, REST_EARLIEST])
    if begin_at + shift[k, REST_DURATION] > shift[k, REST_LATEST_END]:
        return NONE
    return max(free + drive, begin_at) + shift[k, REST_DURATION]


@inlined
def rests_after(packed: Packed, k: int, finish: int) -> bool:
    """Whether the break of shift k may come after its finish, where it delays nothing."""
    begin_at = max(finish, packed.shift[k, REST_EARLIEST])
    return begin_at + packed.shift[k, REST_DURATION] <= packed.shift[k, REST_LATEST_END]
