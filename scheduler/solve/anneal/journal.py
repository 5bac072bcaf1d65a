"""The journal: every row is saved before a move changes it, so that the move can be undone.

A move begins with `begin`, changes links, and after `settle` ends with nothing (it stays) or `undo`.
"""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.layout import (
    COUNTS,
    EFFORTS,
    EFFORTS_SAVED,
    KEYS_SAVED,
    LEDGER,
    LEDGER_SAVED,
    LEDGER_STAMP,
    MODES_SAVED,
    MOVE,
    ROW,
    SHIFTS_SAVED,
    STAMP,
    TASKS_SAVED,
    TOTALS,
    Scratch,
    State,
)


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
    for i in range(count[EFFORTS_SAVED] - 1, -1, -1):
        row = scratch.effort_id[i]
        for c in range(EFFORTS):
            state.effort[row, c] = scratch.effort_row[i, c]
    undo_ledger(state, scratch)
    for i in range(TOTALS):
        state.total[i] = scratch.total[i]


@inlined
def undo_ledger(state: State, scratch: Scratch) -> None:
    """Put the ledger back."""
    for i in range(scratch.tally[LEDGER_SAVED]):
        row = scratch.ledger_id[i]
        for c in range(LEDGER):
            state.ledger[row, c] = scratch.ledger_row[i, c]


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
def save_effort(state: State, scratch: Scratch, k: int) -> None:
    """Write shift k's effort into the journal; to be called once per move, before it changes."""
    i = scratch.tally[EFFORTS_SAVED]
    for c in range(EFFORTS):
        scratch.effort_row[i, c] = state.effort[k, c]
    scratch.effort_id[i] = k
    scratch.tally[EFFORTS_SAVED] = i + 1


@inlined
def save_ledger(state: State, scratch: Scratch, i: int) -> None:
    """Write row i of the ledger into the journal, once per move."""
    count = scratch.tally
    if state.ledger[i, LEDGER_STAMP] != count[MOVE]:
        n = count[LEDGER_SAVED]
        for c in range(LEDGER):
            scratch.ledger_row[n, c] = state.ledger[i, c]
        scratch.ledger_id[n] = i
        count[LEDGER_SAVED] = n + 1
        state.ledger[i, LEDGER_STAMP] = count[MOVE]


@inlined
def set_key(state: State, scratch: Scratch, t: int, key: float) -> None:
    """Give task t, which must be off its route, another key."""
    i = scratch.tally[KEYS_SAVED]
    scratch.key_id[i], scratch.key_old[i] = t, state.key[t]
    scratch.tally[KEYS_SAVED] = i + 1
    state.key[t] = key
