"""The plan in the making: links, times and cost, kept up to date by touching only what a move touches.

Every group (tasks tied by lags) carries a key, and keys rise along every route. So the groups can be timed
in the order of their keys, each once: a stop starts when its nurse can be there, its window is open, and
its lags allow; of two tied tasks the first waits where the maximum lag demands it. Those are the earliest
times for the given orders, so the best ones, as no cost falls when a stop starts later.

A move begins with `begin`, changes links with `lift` and `place`, and after `settle` ends with nothing (it
stays) or `undo`. Every row is saved before it changes.
"""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.layout import (
    COUNT,
    COUNTS,
    DIRTY_SHIFTS,
    DROPPED,
    DUE,
    DURATION,
    EARLIEST,
    FINISH,
    FLOOR,
    GOAL,
    GROUP,
    GROUP_MODE,
    GROUP_TASKS,
    GROUP_TASKS_END,
    GROUP_TIES,
    GROUP_TIES_END,
    HEAD,
    KEYS_SAVED,
    LATE,
    LATENESS,
    LATEST,
    LATEST_FINISH,
    MISS,
    MISSED,
    MODE_APART,
    MODE_TASKS,
    MODE_TASKS_END,
    MODES_SAVED,
    MOST_STOPS,
    MOVE,
    NEXT,
    NONE,
    ORIGIN,
    OVERTIME,
    OVERTIME_COST,
    OVERTIME_PRICE,
    PLACE,
    PREFERENCE,
    PREV,
    QUEUED,
    RESCAN,
    REST,
    REST_DURATION,
    REST_EARLIEST,
    REST_LATEST_END,
    RESTED,
    RIVALS,
    RIVALS_END,
    SHIFT,
    SHIFT_END,
    SHIFT_START,
    SHIFTS_SAVED,
    SKIP,
    STAMP,
    START,
    TAIL,
    TASKS_SAVED,
    TIE_DELTA,
    TIE_FIRST,
    TIE_THEN,
    TOTALS,
    TRAVEL,
    UNSERVED,
    VISIT_DROP,
    VISIT_MISS,
    WINDOW_DUE,
    WINDOW_EARLIEST,
    WINDOW_LATEST,
    WINDOWS_BEGIN,
    WINDOWS_END,
    WORST,
    Packed,
    Scratch,
    State,
)

ROW = 8
PATIENCE = 8
"""Rounds per task after which times that still move are taken never to settle."""

EXCESS_STOP = 3600
"""A stop beyond the most a shift may have, or a nurse's second shift at the same time, counts like an
hour."""


@inlined
def begin(state: State, scratch: Scratch) -> None:
    """Start a move: from here on changes can be undone."""
    count = scratch.tally
    count[MOVE] += 1
    for i in range(1, COUNTS):
        count[i] = 0
    for i in range(TOTALS):
        scratch.total[i] = state.total[i]


@inlined
def undo(state: State, scratch: Scratch) -> None:
    """Put everything back as it was at `begin`."""
    count = scratch.tally
    for i in range(count[TASKS_SAVED]):
        row = scratch.task_id[i]
        for c in range(ROW):
            state.task[row, c] = scratch.task_row[i, c]
    for i in range(count[SHIFTS_SAVED]):
        row = scratch.shift_id[i]
        for c in range(ROW):
            state.shift[row, c] = scratch.shift_row[i, c]
    for i in range(count[KEYS_SAVED] - 1, -1, -1):
        state.key[scratch.key_id[i]] = scratch.key_old[i]
    for i in range(count[MODES_SAVED] - 1, -1, -1):
        state.mode[scratch.mode_id[i]] = scratch.mode_old[i]
    for i in range(TOTALS):
        state.total[i] = scratch.total[i]


@inlined
def forget_queue(scratch: Scratch) -> None:
    """Drop what waits to be timed: the move is given up before that."""
    count = scratch.tally
    for i in range(count[QUEUED]):
        scratch.queued[scratch.queue[i]] = 0
    for i in range(count[DIRTY_SHIFTS]):
        scratch.is_dirty[scratch.dirty[i]] = 0


@inlined
def save_task(state: State, scratch: Scratch, t: int) -> None:
    """Write task t's row into the journal, once per move."""
    count = scratch.tally
    if state.task[t, STAMP] != count[MOVE]:
        i = count[TASKS_SAVED]
        for c in range(ROW):
            scratch.task_row[i, c] = state.task[t, c]
        scratch.task_id[i] = t
        count[TASKS_SAVED] = i + 1
        state.task[t, STAMP] = count[MOVE]


@inlined
def save_shift(state: State, scratch: Scratch, k: int) -> None:
    """Write shift k's row into the journal, once per move."""
    count = scratch.tally
    if state.shift[k, STAMP] != count[MOVE]:
        i = count[SHIFTS_SAVED]
        for c in range(ROW):
            scratch.shift_row[i, c] = state.shift[k, c]
        scratch.shift_id[i] = k
        count[SHIFTS_SAVED] = i + 1
        state.shift[k, STAMP] = count[MOVE]


@inlined
def set_key(state: State, scratch: Scratch, g: int, key: float) -> None:
    """Give group g, which must be off its routes, another key."""
    i = scratch.tally[KEYS_SAVED]
    scratch.key_id[i], scratch.key_old[i] = g, state.key[g]
    scratch.tally[KEYS_SAVED] = i + 1
    state.key[g] = key


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
            retire(state, scratch, t)


@inlined
def retire(state: State, scratch: Scratch, t: int) -> None:
    """Forget the start of a task that is off its route for good."""
    save_task(state, scratch, t)
    late = state.task[t, LATE]
    state.total[LATENESS] -= max(late, 0)
    state.total[MISSED] -= max(-late, 0)
    if late > 0 and late == state.total[WORST]:
        scratch.tally[RESCAN] = 1
    state.task[t, LATE], state.task[t, START], state.task[t, REST] = 0, NONE, NONE


@inlined
def enqueue(scratch: Scratch, g: int) -> None:
    """Group g has to be timed anew."""
    if scratch.queued[g] == 0:
        scratch.queued[g] = 1
        scratch.queue[scratch.tally[QUEUED]] = g
        scratch.tally[QUEUED] += 1


@inlined
def mark_shift(packed: Packed, scratch: Scratch, k: int) -> None:
    """Shift k's end has to be reckoned anew."""
    if packed.timed[k] and scratch.is_dirty[k] == 0:
        scratch.is_dirty[k] = 1
        scratch.dirty[scratch.tally[DIRTY_SHIFTS]] = k
        scratch.tally[DIRTY_SHIFTS] += 1


@inlined
def mark_count(packed: Packed, scratch: Scratch, k: int) -> None:
    """Shift k has another number of stops; its nurse's other shifts at the same time have to know."""
    mark_shift(packed, scratch, k)
    for i in range(packed.shift[k, RIVALS], packed.shift[k, RIVALS_END]):
        mark_shift(packed, scratch, packed.rival[i])


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
    mark_count(packed, scratch, k)
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
    state.shift[k, COUNT] += 1
    mark_count(packed, scratch, k)
    state.total[TRAVEL] += detour(packed, k, before, packed.task[t, PLACE], after)
    state.total[PREFERENCE] += packed.price[t, k]


@inlined
def lift(packed: Packed, state: State, scratch: Scratch, g: int) -> None:
    """Take group g off its routes."""
    for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
        unlink(packed, state, scratch, t)


@inlined
def position(packed: Packed, state: State, k: int, key: float) -> int:
    """The last task on shift k whose key is below `key`; NONE: there is none."""
    before, at = NONE, state.shift[k, HEAD]
    while at >= 0 and state.key[packed.task[at, GROUP]] <= key:
        before, at = at, state.task[at, NEXT]
    return before


@inlined
def place(packed: Packed, state: State, scratch: Scratch, g: int) -> None:
    """Put group g on the shifts of `scratch.choice`, where its key belongs."""
    for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
        if state.task[t, SHIFT] < 0:
            k = scratch.choice[t]
            link(packed, state, scratch, t, k, position(packed, state, k, state.key[g]))
    enqueue(scratch, g)


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
def free_from(packed: Packed, state: State, scratch: Scratch, t: int) -> int:
    """When the nurse of task t is free to drive there."""
    before = state.task[t, PREV]
    if before >= 0:
        together = packed.task[before, GROUP] == packed.task[t, GROUP]
        start = scratch.start[before] if together else state.task[before, START]
        return start + packed.task[before, DURATION]
    return packed.shift[state.task[t, SHIFT], SHIFT_START]


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
    return RESTED if packed.shift[state.task[t, SHIFT], REST_DURATION] == 0 else 0


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
def push_ties(packed: Packed, state: State, scratch: Scratch, g: int) -> bool:
    """Push the starts of group g's tasks in `scratch.start` until its lags hold; False: they never will,
    as one nurse would have to be at two tasks at once."""
    start, group = scratch.start, packed.group
    rounds = PATIENCE * (group[g, GROUP_TASKS_END] - group[g, GROUP_TASKS])
    for _ in range(rounds):
        moved = False
        for i in range(group[g, GROUP_TIES], group[g, GROUP_TIES_END]):
            then = packed.tie[i, TIE_THEN]
            lower = start[packed.tie[i, TIE_FIRST]] + packed.tie[i, TIE_DELTA]
            if start[then] < lower:
                start[then] = fit(packed, then, lower, state.task[then, FLOOR])
                moved = True
        if not moved:
            return True
        if not packed.mode[group[g, GROUP_MODE], MODE_APART]:
            push_followers(packed, state, scratch, g)
    return False


@inlined
def push_followers(packed: Packed, state: State, scratch: Scratch, g: int) -> None:
    """Where one nurse does several tasks of group g, push those that come after a task that has moved."""
    for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
        free, drive = free_from(packed, state, scratch, t), drive_to(packed, state, t)
        lower = free + drive
        if scratch.rest[t] == RESTED and rest_before(packed, state, scratch, t) != RESTED:
            lower = max(lower, arrival_with_rest(packed, state.task[t, SHIFT], free, drive))
        if scratch.start[t] < lower:
            scratch.start[t] = fit(packed, t, lower, state.task[t, FLOOR])


@inlined
def take_rests(packed: Packed, state: State, scratch: Scratch, g: int) -> bool:
    """Decide for the tasks of group g whether the break comes before them; True where a start had to move.

    The break is taken where it costs no time, else at the last chance, or earlier where column SKIP says so.
    """
    moved = False
    for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
        rest = rest_before(packed, state, scratch, t)
        scratch.rest[t] = rest
        if rest == RESTED:
            continue
        k = state.task[t, SHIFT]
        shift = packed.shift
        arrival = arrival_with_rest(
            packed, k, free_from(packed, state, scratch, t), drive_to(packed, state, t)
        )
        if arrival < 0:
            continue
        if arrival <= scratch.start[t]:
            scratch.rest[t] = RESTED
            continue
        later = max(scratch.start[t] + packed.task[t, DURATION], shift[k, REST_EARLIEST])
        last_chance = later + shift[k, REST_DURATION] > shift[k, REST_LATEST_END]
        if last_chance or rest >= state.shift[k, SKIP]:
            scratch.start[t] = fit(packed, t, arrival, state.task[t, FLOOR])
            scratch.rest[t] = RESTED
            moved = True
        else:
            scratch.rest[t] = rest + 1
    return moved


@inlined
def time_group(packed: Packed, state: State, scratch: Scratch, g: int) -> bool:
    """Find the starts of group g's tasks from what stands before them, into `scratch.start` and
    `scratch.rest`.

    False: its lags cannot be kept on these shifts."""
    first, end = packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]
    owed = False
    for t in range(first, end):
        arrival = free_from(packed, state, scratch, t) + drive_to(packed, state, t)
        scratch.start[t] = fit(packed, t, arrival, state.task[t, FLOOR])
        scratch.rest[t] = rest_before(packed, state, scratch, t)
        owed |= scratch.rest[t] != RESTED
    if end - first > 1 and not push_ties(packed, state, scratch, g):
        return False
    if owed and take_rests(packed, state, scratch, g) and end - first > 1:
        push_followers(packed, state, scratch, g)
        return push_ties(packed, state, scratch, g)
    return True


@inlined
def store_start(packed: Packed, state: State, scratch: Scratch, t: int) -> None:
    """Give task t its new start and reckon its lateness; what comes after it has to be timed, too."""
    save_task(state, scratch, t)
    row, total = state.task, state.total
    row[t, START], row[t, REST] = scratch.start[t], scratch.rest[t]
    old, new = row[t, LATE], lateness(packed, t, scratch.start[t])
    if old != new:
        row[t, LATE] = new
        total[LATENESS] += max(new, 0) - max(old, 0)
        total[MISSED] += max(-new, 0) - max(-old, 0)
        if new > 0 and new >= total[WORST]:
            total[WORST] = new
        elif old > 0 and old == total[WORST]:
            scratch.tally[RESCAN] = 1
    after = row[t, NEXT]
    if after >= 0:
        enqueue(scratch, packed.task[after, GROUP])
    else:
        mark_shift(packed, scratch, row[t, SHIFT])


@inlined
def next_group(state: State, scratch: Scratch) -> int:
    """Take the group with the smallest key from the queue."""
    queue, key, n = scratch.queue, state.key, scratch.tally[QUEUED]
    best = 0
    for i in range(1, n):
        if key[queue[i]] < key[queue[best]]:
            best = i
    g = queue[best]
    queue[best] = queue[n - 1]
    scratch.tally[QUEUED] = n - 1
    scratch.queued[g] = 0
    return g


@inlined
def settle(packed: Packed, state: State, scratch: Scratch) -> bool:
    """Time everything in the queue and all that follows from it. False, with the queue empty, where two
    visits wait for each other (equal keys): such a move must be undone."""
    count = scratch.tally
    patience = 4 * len(state.key) + 16
    while count[QUEUED] > 0:
        g = next_group(state, scratch)
        patience -= 1
        if patience < 0 or not time_group(packed, state, scratch, g):
            forget_queue(scratch)
            return False
        for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
            if scratch.start[t] != state.task[t, START] or scratch.rest[t] != state.task[t, REST]:
                store_start(packed, state, scratch, t)
    for i in range(count[DIRTY_SHIFTS]):
        k = scratch.dirty[i]
        scratch.is_dirty[k] = 0
        close_shift(packed, state, scratch, k)
    if count[RESCAN] and packed.weight[WORST]:
        worst = 0
        for t in range(len(state.task)):
            worst = max(worst, state.task[t, LATE])
        state.total[WORST] = worst
    return True


@inlined
def rests_after(packed: Packed, k: int, finish: int) -> bool:
    """Whether the break of shift k may come after its finish, where it delays nothing."""
    begin_at = max(finish, packed.shift[k, REST_EARLIEST])
    return begin_at + packed.shift[k, REST_DURATION] <= packed.shift[k, REST_LATEST_END]


@inlined
def close_shift(packed: Packed, state: State, scratch: Scratch, k: int) -> None:
    """Reckon the finish of shift k, its overtime, and by how much it breaks its limits."""
    finish, overtime, miss = 0, 0, 0
    shift, tail = packed.shift, state.shift[k, TAIL]
    if tail >= 0:
        free = state.task[tail, START] + packed.task[tail, DURATION]
        drive = packed.travel[packed.task[tail, PLACE], shift[k, GOAL]]
        finish = free + drive
        if state.task[tail, REST] != RESTED and not rests_after(packed, k, finish):
            rested = arrival_with_rest(packed, k, free, drive)
            if rested >= 0:
                finish = rested
            else:
                begin_at = max(free, shift[k, REST_EARLIEST])
                miss += begin_at + shift[k, REST_DURATION] - shift[k, REST_LATEST_END]
                finish += shift[k, REST_DURATION]
        overtime = max(0, finish - shift[k, SHIFT_END]) * shift[k, OVERTIME_PRICE]
        miss += max(0, finish - shift[k, LATEST_FINISH])
        miss += EXCESS_STOP * max(0, state.shift[k, COUNT] - shift[k, MOST_STOPS])
        for i in range(shift[k, RIVALS], shift[k, RIVALS_END]):
            if state.shift[packed.rival[i], COUNT] > 0:
                miss += EXCESS_STOP
    if (
        overtime != state.shift[k, OVERTIME]
        or miss != state.shift[k, MISS]
        or finish != state.shift[k, FINISH]
    ):
        save_shift(state, scratch, k)
        state.total[OVERTIME_COST] += overtime - state.shift[k, OVERTIME]
        state.total[MISSED] += miss - state.shift[k, MISS]
        state.shift[k, OVERTIME], state.shift[k, MISS], state.shift[k, FINISH] = overtime, miss, finish


@inlined
def cost(packed: Packed, state: State) -> int:
    """The plan's price in points, rules missed not counted."""
    value = 0
    for i in range(MISSED):
        value += packed.weight[i] * state.total[i]
    return value


@inlined
def fixed_cost(packed: Packed, state: State) -> int:
    """The part of the price that is known before anything is timed; the whole price is never less."""
    weight, total = packed.weight, state.total
    return weight[TRAVEL] * total[TRAVEL] + total[PREFERENCE] + total[DROPPED]
