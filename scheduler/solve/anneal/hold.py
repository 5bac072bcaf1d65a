"""Visits that must start neither too soon after another one nor too long before it: they wait for that one,
and are timed anew when it moves."""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.layout import (
    GROUP,
    GROUP_KIN,
    GROUP_KIN_END,
    GROUP_MODE,
    GROUP_TASKS,
    LATEST_FINISH,
    MODE_TASKS,
    MODE_VISIT,
    NONE,
    SHIFT,
    SHIFT_START,
    SPACING_FIRST,
    SPACING_LEAST,
    SPACING_MOST,
    SPACING_THEN,
    START,
    Packed,
    Scratch,
    State,
)
from scheduler.solve.anneal.queue import enqueue


@inlined
def lead_of(packed: Packed, state: State, v: int) -> int:
    """The task that starts visit v in the mode it is served in; NONE: it is left out."""
    m = state.mode[v]
    return packed.mode[m, MODE_TASKS] if m >= 0 else NONE


@inlined
def held_until(packed: Packed, state: State, scratch: Scratch, g: int) -> int:
    """The earliest start of group g's first task that the visits it is tied to allow, those that wait to be
    timed themselves left aside. One later than its shift is no use to wait for, and counts as missed
    instead."""
    v = packed.mode[packed.group[g, GROUP_MODE], MODE_VISIT]
    end = packed.shift[state.task[packed.group[g, GROUP_TASKS], SHIFT], LATEST_FINISH]
    latest = NONE
    for i in range(packed.group[g, GROUP_KIN], packed.group[g, GROUP_KIN_END]):
        s = packed.kin[i]
        if packed.spacing[s, SPACING_THEN] == v:
            other = lead_of(packed, state, packed.spacing[s, SPACING_FIRST])
            after = packed.spacing[s, SPACING_LEAST]
        else:
            other = lead_of(packed, state, packed.spacing[s, SPACING_THEN])
            after = -packed.spacing[s, SPACING_MOST]
        if other >= 0 and state.task[other, START] >= 0 and not scratch.queued[packed.task[other, GROUP]]:
            until = state.task[other, START] + after
            if latest < until <= end:
                latest = until
    return latest


@inlined
def wake_held(packed: Packed, state: State, scratch: Scratch, t: int, start: int) -> None:
    """Have the visits timed anew that wait too little, or perhaps too long, for task t if it is the first of
    its visit: it comes to start at `start` (NONE: it leaves its route)."""
    g = packed.task[t, GROUP]
    if t != packed.group[g, GROUP_TASKS]:
        return
    v, old = packed.mode[packed.group[g, GROUP_MODE], MODE_VISIT], state.task[t, START]
    for i in range(packed.group[g, GROUP_KIN], packed.group[g, GROUP_KIN_END]):
        s = packed.kin[i]
        if packed.spacing[s, SPACING_FIRST] == v:
            other = lead_of(packed, state, packed.spacing[s, SPACING_THEN])
            after = packed.spacing[s, SPACING_LEAST]
        else:
            other = lead_of(packed, state, packed.spacing[s, SPACING_FIRST])
            after = -packed.spacing[s, SPACING_MOST]
        k = state.task[other, SHIFT] if other >= 0 else NONE
        if k >= 0 and (
            (start >= 0 and state.task[other, START] < start + after <= packed.shift[k, LATEST_FINISH])
            or (start < old and old + after > packed.shift[k, SHIFT_START])
        ):
            enqueue(scratch, packed.task[other, GROUP])
