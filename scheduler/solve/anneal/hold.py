"""Visits that must not start too soon after another one: held back, and timed anew when that one moves."""

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
def held_until(packed: Packed, state: State, g: int) -> int:
    """The earliest start of group g's first task that the visits before it allow; one that would be later
    than its shift is no use to wait for, and counts as missed instead."""
    v = packed.mode[packed.group[g, GROUP_MODE], MODE_VISIT]
    end = packed.shift[state.task[packed.group[g, GROUP_TASKS], SHIFT], LATEST_FINISH]
    latest = NONE
    for i in range(packed.group[g, GROUP_KIN], packed.group[g, GROUP_KIN_END]):
        s = packed.kin[i]
        if packed.spacing[s, SPACING_THEN] == v:
            first = lead_of(packed, state, packed.spacing[s, SPACING_FIRST])
            if first >= 0 and state.task[first, START] >= 0:
                until = state.task[first, START] + packed.spacing[s, SPACING_LEAST]
                if latest < until <= end:
                    latest = until
    return latest


@inlined
def wake_held(packed: Packed, state: State, scratch: Scratch, g: int, t: int) -> None:
    """Have the visits timed anew that task t holds back, or did: group g's first task starts at
    `scratch.start` instead of where it did."""
    if t != packed.group[g, GROUP_TASKS]:
        return
    v = packed.mode[packed.group[g, GROUP_MODE], MODE_VISIT]
    later = max(scratch.start[t], state.task[t, START])
    for i in range(packed.group[g, GROUP_KIN], packed.group[g, GROUP_KIN_END]):
        s = packed.kin[i]
        if packed.spacing[s, SPACING_FIRST] == v:
            held = lead_of(packed, state, packed.spacing[s, SPACING_THEN])
            if held >= 0:
                k = state.task[held, SHIFT]
                if k >= 0 and later + packed.spacing[s, SPACING_LEAST] > packed.shift[k, SHIFT_START]:
                    enqueue(scratch, packed.task[held, GROUP])


@inlined
def free_held(packed: Packed, state: State, scratch: Scratch, v: int, mode: int) -> None:
    """Have the visits timed anew that visit v held back while it was served in `mode`."""
    g = packed.task[packed.mode[mode, MODE_TASKS], GROUP]
    for i in range(packed.group[g, GROUP_KIN], packed.group[g, GROUP_KIN_END]):
        s = packed.kin[i]
        if packed.spacing[s, SPACING_FIRST] == v:
            held = lead_of(packed, state, packed.spacing[s, SPACING_THEN])
            if held >= 0:
                enqueue(scratch, packed.task[held, GROUP])
