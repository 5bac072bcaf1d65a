"""States: empty, read from a plan, and brought to life in compiled code."""

from __future__ import annotations

import numpy as np

from scheduler.model import Plan, Route
from scheduler.solve.anneal.chain import load
from scheduler.solve.anneal.effort import first_price_of_effort
from scheduler.solve.anneal.layout import (
    COUNTS,
    DROPPED,
    EFFORT,
    EFFORTS,
    FINISH,
    FLOOR,
    HEAD,
    IDLED,
    LEDGER,
    LEDGER_STAMP,
    MISSED,
    NEXT,
    NONE,
    PREV,
    REST,
    REST_DURATION,
    ROW,
    SHIFT,
    SHIFT_END,
    SHIFT_START,
    SKIP,
    SKIP_ALL,
    STAMP,
    START,
    TAIL,
    TOTALS,
    UNSERVED,
    VISIT_DROP,
    VISIT_MISS,
    WINDOW_EARLIEST,
    WINDOW_PRICE,
    WINDOWS_BEGIN,
    WINDOWS_END,
    Floats,
    Ints,
    Packed,
    Scratch,
    State,
)
from scheduler.solve.anneal.pack import PackedProblem
from scheduler.solve.anneal.randoms import seeded


def scratch_for(tables: Packed, seed: int, chain: int) -> Scratch:
    """Room to work for one chain, with its own random numbers."""
    tasks, shifts, groups, visits = len(tables.task), len(tables.shift), len(tables.group), len(tables.visit)
    ledger = len(tables.spacing) + len(tables.limit)

    def ints(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    return Scratch(
        tally=ints(COUNTS),
        task_row=ints(tasks, ROW),
        task_id=ints(tasks),
        shift_row=ints(shifts, ROW),
        shift_id=ints(shifts),
        key_old=np.zeros(2 * tasks + 2),
        key_id=ints(2 * tasks + 2),
        mode_old=ints(2 * visits + 2),
        mode_id=ints(2 * visits + 2),
        effort_row=ints(shifts, EFFORTS),
        effort_id=ints(shifts),
        ledger_row=ints(ledger, LEDGER),
        ledger_id=ints(ledger),
        course=ints(visits),
        total=ints(TOTALS),
        queue=ints(groups),
        queued=ints(groups),
        dirty=ints(shifts),
        is_dirty=ints(shifts),
        choice=ints(tasks),
        start=ints(tasks),
        rest=ints(tasks),
        times=ints(groups),
        seen=ints(tasks),
        random=seeded(seed, chain),
    )


def empty_state(tables: Packed) -> State:
    """Nothing is served."""
    task = np.zeros((len(tables.task), ROW), dtype=np.int64)
    task[:, [NEXT, PREV, SHIFT, START, REST, STAMP]] = NONE
    task[:, FLOOR] = promised_window(tables)
    shift = np.zeros((len(tables.shift), ROW), dtype=np.int64)
    shift[:, [HEAD, TAIL, FINISH, STAMP]] = NONE
    shift[:, SKIP] = SKIP_ALL
    total = np.zeros(TOTALS, dtype=np.int64)
    total[DROPPED] = tables.visit[:, VISIT_DROP].sum()
    total[MISSED] = tables.visit[:, VISIT_MISS].sum()
    total[UNSERVED] = len(tables.visit)
    effort = np.zeros((len(tables.shift), EFFORTS), dtype=np.int64)
    hours = tables.shift[:, SHIFT_END] - tables.shift[:, SHIFT_START]
    effort[:, IDLED] = hours - tables.shift[:, REST_DURATION]
    state = State(
        task=task,
        shift=shift,
        key=np.zeros(len(tables.task)),
        mode=np.full(len(tables.visit), NONE, dtype=np.int64),
        total=total,
        effort=effort,
        ledger=np.zeros((len(tables.spacing) + len(tables.limit), LEDGER), dtype=np.int64),
    )
    forget_stamps(state)
    total[EFFORT] = first_price_of_effort(tables, state)
    return state


def promised_window(tables: Packed) -> Ints:
    """Per task the first of its windows that has no price: the promised time, or the first of all."""
    floor = np.zeros(len(tables.task), dtype=np.int64)
    for t in np.nonzero(tables.window[tables.task[:, WINDOWS_BEGIN], WINDOW_PRICE] > 0)[0]:
        rows = tables.window[tables.task[t, WINDOWS_BEGIN] : tables.task[t, WINDOWS_END], WINDOW_PRICE]
        floor[t] = np.argmin(rows > 0)
    return floor


def copied(state: State) -> State:
    """A state of its own, with the same plan."""
    twin = State(
        task=state.task.copy(),
        shift=state.shift.copy(),
        key=state.key.copy(),
        mode=state.mode.copy(),
        total=state.total.copy(),
        effort=state.effort.copy(),
        ledger=state.ledger.copy(),
    )
    forget_stamps(twin)
    return twin


def forget_stamps(state: State) -> None:
    """Make the state fit for another chain's journal."""
    state.task[:, STAMP] = NONE
    state.shift[:, STAMP] = NONE
    state.ledger[:, LEDGER_STAMP] = NONE


def state_of_plan(packed: PackedProblem, plan: Plan) -> State:
    """The state that serves what `plan` serves, by the same nurses in the same order, with the break between
    the same stops, as early as can be."""
    row = {task.id: t for t, task in enumerate(packed.tasks)}
    shift_row = {shift.id: k for k, shift in enumerate(packed.problem.shifts)}
    shift = np.full(len(packed.tasks), NONE, dtype=np.int64)
    key, floor = np.zeros(len(packed.tasks)), promised_window(packed.tables)
    skip = np.full(len(packed.problem.shifts), SKIP_ALL, dtype=np.int64)
    for route in plan.routes:
        if route.shift not in shift_row:
            continue
        k = shift_row[route.shift]
        skip[k] = _chances_passed(route)
        for stop in route.stops:
            t = row.get(stop.task)
            if t is not None:
                shift[t], key[t] = k, stop.start
                floor[t] = _begun(packed.tables, t, stop.start)
    return state_of(packed.tables, shift, key, floor, skip)


def _chances_passed(route: Route) -> int:
    """Before how many stops the nurse has no break yet; SKIP_ALL where it comes after the last, or never."""
    if route.break_start is None:
        return SKIP_ALL
    before = sum(stop.start < route.break_start for stop in route.stops)
    return before if before < len(route.stops) else SKIP_ALL


def _begun(tables: Packed, t: int, start: int) -> int:
    """The last of task t's windows that has begun at `start`, counted from its first."""
    windows = tables.window[tables.task[t, WINDOWS_BEGIN] : tables.task[t, WINDOWS_END], WINDOW_EARLIEST]
    return max(0, int(np.count_nonzero(windows <= start)) - 1)


def state_of(
    tables: Packed, shift: Ints, key: Floats, floor: Ints | None = None, skip: Ints | None = None
) -> State:
    """The state in which task t is done on `shift[t]` (NONE: not at all), in window `floor[t]` or later,
    in the order of the keys, and shift k takes its break before stop `skip[k]` at the latest.

    A mode counts as chosen when each of its tasks has a shift that may do it. Where the orders contradict
    the lags, nothing is served."""
    state = empty_state(tables)
    if floor is not None:
        state.task[:, FLOOR] = floor
    if skip is not None:
        state.shift[:, SKIP] = skip
    if not load(tables, state, scratch_for(tables, 0, 0), shift, key):
        return empty_state(tables)
    forget_stamps(state)
    return state


def overwrite(target: State, source: State) -> None:
    """Make `target` the same plan as `source`."""
    for mine, other in zip(target, source, strict=True):
        mine[...] = other
    forget_stamps(target)
