"""Routes as linked lists: tasks leave them and join them, and the totals that need no times follow.

Every task carries a key, and keys rise along every route.
"""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.arrivals import start_price
from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.hold import wake_held
from scheduler.solve.anneal.journal import save_shift, save_task
from scheduler.solve.anneal.layout import (
    COUNT,
    DROPPED,
    FLOOR,
    GOAL,
    GROUP,
    GROUP_KIN,
    GROUP_KIN_END,
    GROUP_TASKS,
    GROUP_TASKS_END,
    HEAD,
    LATE,
    LATENESS,
    LATEST_FINISH,
    MISSED,
    MODE_TASKS,
    MODE_TASKS_END,
    MODES_SAVED,
    NEXT,
    NONE,
    ORIGIN,
    OVERTIME_COST,
    PLACE,
    PREFERENCE,
    PREV,
    RESCAN,
    REST,
    SHIFT,
    SHIFT_START,
    START,
    TAIL,
    TRAVEL,
    UNSERVED,
    VISIT_DROP,
    VISIT_MISS,
    WINDOW_EARLIEST,
    WINDOW_LATEST,
    WINDOW_PRICE,
    WINDOWS_BEGIN,
    WINDOWS_END,
    WORST,
    Packed,
    Scratch,
    State,
)
from scheduler.solve.anneal.queue import enqueue, mark_shift


@inlined
def detour(packed: Packed, k: int, before: int, place: int, after: int) -> int:
    """Seconds of driving that a stop at `place` adds to shift k between tasks `before` and `after` (NONE: the
    shift's ends). An idle shift does not drive."""
    travel, task = packed.travel, packed.task
    origin = packed.shift[k, ORIGIN] if before < 0 else task[before, PLACE]
    goal = packed.shift[k, GOAL] if after < 0 else task[after, PLACE]
    spared = 0 if before < 0 and after < 0 else travel[origin, goal]
    return travel[origin, place] + travel[place, goal] - spared


@inlined
def unlink(packed: Packed, state: State, scratch: Scratch, t: int) -> None:
    """Take task t off its route."""
    task = state.task
    k, before, after = task[t, SHIFT], task[t, PREV], task[t, NEXT]
    save_task(state, scratch, t)
    save_shift(state, scratch, k)
    g = packed.task[t, GROUP]
    if packed.group[g, GROUP_KIN] < packed.group[g, GROUP_KIN_END]:
        wake_held(packed, state, scratch, t, NONE)
    if before >= 0:
        save_task(state, scratch, before)
        task[before, NEXT] = after
    else:
        state.shift[k, HEAD] = after
    if after >= 0:
        save_task(state, scratch, after)
        task[after, PREV] = before
        enqueue(scratch, packed.task[after, GROUP])
    else:
        state.shift[k, TAIL] = before
    task[t, SHIFT] = NONE
    state.shift[k, COUNT] -= 1
    mark_shift(packed, scratch, k)
    state.total[TRAVEL] -= detour(packed, k, before, packed.task[t, PLACE], after)
    state.total[PREFERENCE] -= packed.price[t, k]


@inlined
def link(packed: Packed, state: State, scratch: Scratch, t: int, k: int, before: int) -> None:
    """Put task t on shift k after task `before`, NONE: first."""
    task = state.task
    save_task(state, scratch, t)
    save_shift(state, scratch, k)
    if before >= 0:
        save_task(state, scratch, before)
        after = task[before, NEXT]
        task[before, NEXT] = t
    else:
        after = state.shift[k, HEAD]
        state.shift[k, HEAD] = t
    if after >= 0:
        save_task(state, scratch, after)
        task[after, PREV] = t
        enqueue(scratch, packed.task[after, GROUP])
    else:
        state.shift[k, TAIL] = t
    task[t, SHIFT], task[t, PREV], task[t, NEXT] = k, before, after
    if packed.task[t, WINDOWS_END] - packed.task[t, WINDOWS_BEGIN] > 1:
        task[t, FLOOR] = floor_on(packed, t, k, task[t, FLOOR])
    state.shift[k, COUNT] += 1
    mark_shift(packed, scratch, k)
    state.total[TRAVEL] += detour(packed, k, before, packed.task[t, PLACE], after)
    state.total[PREFERENCE] += packed.price[t, k]


@inlined
def floor_on(packed: Packed, t: int, k: int, floor: int) -> int:
    """The window in which task t begins at the earliest on shift k: `floor` if it lies within the shift, else
    the first that does, one without a price if there is one."""
    first = packed.task[t, WINDOWS_BEGIN]
    if window_on(packed, first + floor, k):
        return floor
    found = NONE
    for w in range(first, packed.task[t, WINDOWS_END]):
        if window_on(packed, w, k) and (found < 0 or packed.window[w, WINDOW_PRICE] == 0):
            found = w - first
            if packed.window[w, WINDOW_PRICE] == 0:
                break
    return max(found, 0)


@inlined
def window_on(packed: Packed, w: int, k: int) -> bool:
    """Whether shift k is at work in part of window w."""
    window, shift = packed.window, packed.shift
    return (
        window[w, WINDOW_EARLIEST] <= shift[k, LATEST_FINISH]
        and window[w, WINDOW_LATEST] >= shift[k, SHIFT_START]
    )


@inlined
def lift(packed: Packed, state: State, scratch: Scratch, g: int) -> None:
    """Take group g off its routes."""
    for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
        unlink(packed, state, scratch, t)


@inlined
def position(state: State, k: int, key: float) -> int:
    """The last task on shift k whose key is below `key`; NONE: there is none."""
    before, at = NONE, state.shift[k, HEAD]
    while at >= 0 and state.key[at] <= key:
        before, at = at, state.task[at, NEXT]
    return before


@inlined
def place(packed: Packed, state: State, scratch: Scratch, g: int) -> None:
    """Put group g on the shifts of `scratch.choice`, where its keys belong."""
    for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
        if state.task[t, SHIFT] < 0:
            k = scratch.choice[t]
            link(packed, state, scratch, t, k, position(state, k, state.key[t]))
    enqueue(scratch, g)


@inlined
def set_mode(packed: Packed, state: State, scratch: Scratch, v: int, mode: int) -> None:
    """Serve visit v in another mode, or with NONE leave it out; its tasks must be off their routes."""
    old, i = state.mode[v], scratch.tally[MODES_SAVED]
    scratch.mode_id[i], scratch.mode_old[i] = v, old
    scratch.tally[MODES_SAVED] = i + 1
    state.mode[v] = mode
    left_out = (mode < 0) - (old < 0)
    state.total[UNSERVED] += left_out
    state.total[DROPPED] += left_out * packed.visit[v, VISIT_DROP]
    state.total[MISSED] += left_out * packed.visit[v, VISIT_MISS]
    if old >= 0:
        for t in range(packed.mode[old, MODE_TASKS], packed.mode[old, MODE_TASKS_END]):
            retire(packed, state, scratch, t)


@inlined
def retire(packed: Packed, state: State, scratch: Scratch, t: int) -> None:
    """Forget the start of a task that is off its route for good."""
    save_task(state, scratch, t)
    state.total[OVERTIME_COST] -= start_price(packed, t, state.task[t, START])
    late = state.task[t, LATE]
    state.total[LATENESS] -= max(late, 0)
    state.total[MISSED] -= max(-late, 0)
    if late > 0 and late == state.total[WORST]:
        scratch.tally[RESCAN] = 1
    state.task[t, LATE], state.task[t, START], state.task[t, REST] = 0, NONE, NONE
