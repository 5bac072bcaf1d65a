"""Rules that tie visits and shifts of several days: spacings, changes of nurse, hour limits, stock.

What each spacing and each hour limit adds to the totals stands in a ledger; a move changes the rows of the
visits and shifts it touches. Before anything is timed a spacing is judged by the shifts of its visits alone:
at their best times within these.
"""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.hold import lead_of
from scheduler.solve.anneal.journal import save_ledger
from scheduler.solve.anneal.layout import (
    DIRTY_SHIFTS,
    DURATION,
    FINISH,
    GROUP,
    GROUP_KIN,
    GROUP_KIN_END,
    GROUP_TASKS,
    HEAD,
    LATEST_FINISH,
    LIMIT_SECONDS,
    LIMIT_SHIFTS,
    LIMIT_SHIFTS_END,
    MISSED,
    NEXT,
    NURSE,
    OWED,
    PAID,
    PREFERENCE,
    SHIFT,
    SHIFT_END,
    SHIFT_START,
    SPACING_CHANGE,
    SPACING_FIRST,
    SPACING_LEAST,
    SPACING_MOST,
    SPACING_NEEDS_FIRST,
    SPACING_THEN,
    START,
    TAIL,
    TASKS_SAVED,
    Packed,
    Scratch,
    State,
)

EXCESS_STOP = 3600
"""A stop beyond the most a shift may have, a nurse's second shift at the same time, a unit of stock too much
or a follow-up without its session counts like an hour."""

DAY_LIKE_HOUR = 24
"""A spacing missed by a day, or hours by a shift, count no more than an hour: else no move dares it."""


@inlined
def reckon_courses(packed: Packed, state: State, scratch: Scratch, timed: bool) -> None:
    """Bring the ledger up to date for what the move under way has touched; unless `timed`, by its shifts
    alone."""
    if len(packed.spacing) > 0:
        for i in range(scratch.tally[TASKS_SAVED]):
            t = scratch.task_id[i]
            g = packed.task[t, GROUP]
            if t == packed.group[g, GROUP_TASKS]:
                for j in range(packed.group[g, GROUP_KIN], packed.group[g, GROUP_KIN_END]):
                    reckon_spacing(packed, state, scratch, packed.kin[j], timed)
    if len(packed.limit) > 0:
        for i in range(scratch.tally[DIRTY_SHIFTS]):
            k = scratch.dirty[i]
            for j in range(packed.limit_begin[k], packed.limit_begin[k + 1]):
                reckon_hours(packed, state, scratch, packed.limit_of[j])


@inlined
def enter_ledger(state: State, scratch: Scratch, i: int, owed: int, paid: int) -> None:
    """Let row i of the ledger add so much to the totals from now on."""
    if owed != state.ledger[i, OWED] or paid != state.ledger[i, PAID]:
        save_ledger(state, scratch, i)
        state.total[MISSED] += owed - state.ledger[i, OWED]
        state.total[PREFERENCE] += paid - state.ledger[i, PAID]
        state.ledger[i, OWED], state.ledger[i, PAID] = owed, paid


@inlined
def softened(seconds: int) -> int:
    """How many seconds a rule missed by this many counts for; more than none if it is missed at all."""
    return (max(0, seconds) + DAY_LIKE_HOUR - 1) // DAY_LIKE_HOUR


@inlined
def reckon_spacing(packed: Packed, state: State, scratch: Scratch, s: int, timed: bool) -> None:
    """Spacing s: how far it is missed, and whether the nurse changes."""
    first = lead_of(packed, state, packed.spacing[s, SPACING_FIRST])
    then = lead_of(packed, state, packed.spacing[s, SPACING_THEN])
    owed, paid = 0, 0
    if then >= 0 and first < 0:
        owed = EXCESS_STOP * packed.spacing[s, SPACING_NEEDS_FIRST]
    elif then >= 0:
        shift, k, other = packed.shift, state.task[first, SHIFT], state.task[then, SHIFT]
        if shift[k, NURSE] != shift[other, NURSE]:
            paid = packed.spacing[s, SPACING_CHANGE]
        least, most = packed.spacing[s, SPACING_LEAST], packed.spacing[s, SPACING_MOST]
        if timed:
            gap = state.task[then, START] - state.task[first, START]
            owed = softened(least - gap) + softened(gap - most)
        else:
            widest = shift[other, LATEST_FINISH] - packed.task[then, DURATION] - shift[k, SHIFT_START]
            closest = shift[other, SHIFT_START] + packed.task[first, DURATION] - shift[k, LATEST_FINISH]
            owed = softened(least - widest) + softened(closest - most)
    enter_ledger(state, scratch, s, owed, paid)


@inlined
def reckon_hours(packed: Packed, state: State, scratch: Scratch, i: int) -> None:
    """Hour limit i: how far the shifts that have stops exceed it."""
    worked, limit, shift = 0, packed.limit, packed.shift
    for j in range(limit[i, LIMIT_SHIFTS], limit[i, LIMIT_SHIFTS_END]):
        k = packed.limit_shift[j]
        if state.shift[k, TAIL] >= 0:
            worked += max(shift[k, SHIFT_END], state.shift[k, FINISH]) - shift[k, SHIFT_START]
    owed = softened(worked - limit[i, LIMIT_SECONDS])
    enter_ledger(state, scratch, len(packed.spacing) + i, owed, 0)


@inlined
def short_units(packed: Packed, state: State, k: int) -> int:
    """By how many units the stops of shift k exceed what it has in stock."""
    short = 0
    for i in range(packed.stock.shape[1]):
        used, t = 0, state.shift[k, HEAD]
        while t >= 0:
            used += packed.uses[t, i]
            t = state.task[t, NEXT]
        short += max(0, used - packed.stock[k, i])
    return short
