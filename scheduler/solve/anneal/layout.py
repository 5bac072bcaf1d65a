"""The annealing's tables: which column of which array holds what.

A row is 64 bytes, one line of the processor's cache, so that whatever is asked of a task costs one fetch.
Times are seconds, prices are points, everything is an int64 except keys and random state.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ROW: Final = 8
"""Columns of a row."""

NONE: Final = -1
FOREVER: Final = 1 << 40
"""Later than any time."""

# Packed.task: what a task is. The first window is held here, the rest in Packed.window.
PLACE: Final = 0
DURATION: Final = 1
GROUP: Final = 2
EARLIEST: Final = 3
DUE: Final = 4
LATEST: Final = 5
WINDOWS_BEGIN: Final = 6
WINDOWS_END: Final = 7

# Packed.window: EARLIEST..LATEST of every window, as above, but counted from zero, and points for a start
# in it.
WINDOW_EARLIEST: Final = 0
WINDOW_DUE: Final = 1
WINDOW_LATEST: Final = 2
WINDOW_PRICE: Final = 3

# Packed.group: tasks tied by lags, which get their times together.
GROUP_TASKS: Final = 0
GROUP_TASKS_END: Final = 1
GROUP_TIES: Final = 2
GROUP_TIES_END: Final = 3
GROUP_MODE: Final = 4
GROUP_KIN: Final = 5
GROUP_KIN_END: Final = 6

# Packed.tie: start(THEN) >= start(FIRST) + DELTA.
TIE_FIRST: Final = 0
TIE_THEN: Final = 1
TIE_DELTA: Final = 2

# Packed.mode
MODE_VISIT: Final = 0
MODE_GROUPS: Final = 1
MODE_GROUPS_END: Final = 2
MODE_TASKS: Final = 3
MODE_TASKS_END: Final = 4
MODE_APART: Final = 5

# Packed.visit
VISIT_MODES: Final = 0
VISIT_MODES_END: Final = 1
VISIT_DROP: Final = 2
VISIT_MISS: Final = 3

# Packed.spacing: two visits whose starts lie at least LEAST and at most MOST seconds apart.
SPACING_FIRST: Final = 0
SPACING_THEN: Final = 1
SPACING_LEAST: Final = 2
SPACING_MOST: Final = 3
SPACING_NEEDS_FIRST: Final = 4
SPACING_CHANGE: Final = 5

# Packed.limit: what some shifts of a nurse may last together.
LIMIT_SHIFTS: Final = 0
LIMIT_SHIFTS_END: Final = 1
LIMIT_SECONDS: Final = 2

# Packed.shift
ORIGIN: Final = 0
GOAL: Final = 1
SHIFT_START: Final = 2
SHIFT_END: Final = 3
LATEST_FINISH: Final = 4
OVERTIME_PRICE: Final = 5
MOST_STOPS: Final = 6
NURSE: Final = 7
REST_DURATION: Final = 8
REST_EARLIEST: Final = 9
REST_LATEST_END: Final = 10
RIVALS: Final = 11
RIVALS_END: Final = 12
REST_MISS_PRICE: Final = 13
LEAVES_AT_START: Final = 14
LATER_RIVALS: Final = 15

# Packed.rival: another shift of the nurse, too near for both to be used in full, and her rest between them.
RIVAL_SHIFT: Final = 0
RIVAL_REST: Final = 1

# Packed.effort: whether anything of a shift's effort has a price, and the prices.
EFFORT_COUNTS: Final = 0
WAITING_PRICE: Final = 1
IDLE_PRICE: Final = 2
IMBALANCE_PRICE: Final = 3

# State.task: where a task stands.
NEXT: Final = 0
PREV: Final = 1
SHIFT: Final = 2
START: Final = 3
REST: Final = 4
LATE: Final = 5
FLOOR: Final = 6
STAMP: Final = 7

# State.shift: what a shift has to do.
HEAD: Final = 0
TAIL: Final = 1
COUNT: Final = 2
FINISH: Final = 3
OVERTIME: Final = 4
MISS: Final = 5
SKIP: Final = 6
# STAMP, too, is column 7 of a shift.

RESTED: Final = 1 << 20
"""In column REST: the break lies behind, or none is owed. Below it: how many chances were passed over."""

SKIP_ALL: Final = 1000
"""In column SKIP: the break comes at the last chance."""

NO_REST: Final = 1001
"""In column SKIP: the break is missed, at its price."""

# State.ledger: what a spacing, or after all spacings an hour limit, adds to MISSED and to PREFERENCE.
OWED: Final = 0
PAID: Final = 1
LEDGER_STAMP: Final = 2
LEDGER: Final = 3

# State.effort: how a shift's time is spent, in seconds.
WAITED: Final = 0
IDLED: Final = 1
WORKED: Final = 2
EFFORTS: Final = 3

# State.total and Packed.weight: what the cost is made of. OVERTIME_COST takes starts that were not promised,
# too.
TRAVEL: Final = 0
LATENESS: Final = 1
WORST: Final = 2
OVERTIME_COST: Final = 3
PREFERENCE: Final = 4
DROPPED: Final = 5
EFFORT: Final = 6
MISSED: Final = 7
UNSERVED: Final = 8
TOTALS: Final = 9

# Scratch.tally
MOVE: Final = 0
TASKS_SAVED: Final = 1
SHIFTS_SAVED: Final = 2
KEYS_SAVED: Final = 3
MODES_SAVED: Final = 4
QUEUED: Final = 5
DIRTY_SHIFTS: Final = 6
RESCAN: Final = 7
WORSE: Final = 8
SPARED: Final = 9
EFFORTS_SAVED: Final = 10
LEDGER_SAVED: Final = 11
COUNTS: Final = 12


class Packed(NamedTuple):
    """The problem. `price[t, k]` is what it costs that shift k does task t beside travel, NONE where it
    may not; `able[able_begin[t]:able_begin[t + 1]]` are the shifts that may; `near[t]` are tasks that go
    well before or after task t, best first. `weight` holds points per unit of each of the totals, MISSED
    apart. `offset[t]` is how much later than its group's first task t starts at the soonest.

    `kin` are spacings: those of a visit stand at GROUP_KIN of the groups that lead its modes. The limits of
    shift k are `limit_of[limit_begin[k]:limit_begin[k + 1]]`, the shifts of a limit stand in `limit_shift`.
    Rivals of shift k stand in `rival` from RIVALS to RIVALS_END, later ones from LATER_RIVALS on.
    `step[k]` are the next and the previous shift of shift k's nurse, NONE where there is none. `stock[k, i]`
    are the units of item i on shift k, `uses[t, i]` those that task t takes."""

    travel: Ints
    task: Ints
    window: Ints
    group: Ints
    tie: Ints
    mode: Ints
    visit: Ints
    shift: Ints
    price: Ints
    able: Ints
    able_begin: Ints
    near: Ints
    rival: Ints
    weight: Ints
    timed: Ints
    effort: Ints
    offset: Ints
    spacing: Ints
    kin: Ints
    limit: Ints
    limit_shift: Ints
    limit_begin: Ints
    limit_of: Ints
    step: Ints
    stock: Ints
    uses: Ints


class State(NamedTuple):
    """A plan in the making. `key[t]` says where task t belongs on a route: keys rise along every route, and
    are set to the starts every now and then. `mode[v]` is the mode visit v is served in, NONE where it is
    left out."""

    task: Ints
    shift: Ints
    key: Floats
    mode: Ints
    total: Ints
    effort: Ints
    ledger: Ints


class Scratch(NamedTuple):
    """Room to work: the journal of the move under way, the queue of groups to be timed, random numbers."""

    tally: Ints
    task_row: Ints
    task_id: Ints
    shift_row: Ints
    shift_id: Ints
    key_old: Floats
    key_id: Ints
    mode_old: Ints
    mode_id: Ints
    effort_row: Ints
    effort_id: Ints
    ledger_row: Ints
    ledger_id: Ints
    course: Ints
    total: Ints
    queue: Ints
    queued: Ints
    dirty: Ints
    is_dirty: Ints
    choice: Ints
    start: Ints
    rest: Ints
    times: Ints
    seen: Ints
    random: npt.NDArray[np.uint64]
