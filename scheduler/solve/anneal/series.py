"""Moves of several visits of a course at once: to other days, or to another nurse. Each changes the links
and returns True, or returns False with nothing changed."""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.draws import chosen_apart, keep_shifts, set_keys, some_shift
from scheduler.solve.anneal.hold import lead_of
from scheduler.solve.anneal.layout import (
    GROUP,
    GROUP_KIN,
    GROUP_KIN_END,
    GROUP_TASKS,
    GROUP_TASKS_END,
    LATEST_FINISH,
    NONE,
    NURSE,
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
from scheduler.solve.anneal.links import lift, place
from scheduler.solve.anneal.randoms import below, fraction


@inlined
def move_series(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Move visit v to its nurse's next or previous shift, and the visits of its course as far as they must
    follow; or give its whole course to one nurse, each visit on its day."""
    g = packed.task[lead_of(packed, state, v), GROUP]
    if packed.group[g, GROUP_KIN] == packed.group[g, GROUP_KIN_END]:
        return False
    if below(scratch.random, 2) == 0:
        n = choose_days(packed, state, scratch, v, below(scratch.random, 2))
    else:
        n = choose_nurse(packed, state, scratch, v)
    for i in range(n):
        lift(packed, state, scratch, packed.task[lead_of(packed, state, scratch.course[i]), GROUP])
    for i in range(n):
        t = lead_of(packed, state, scratch.course[i])
        set_keys(packed, state, scratch, t, scratch.start[t] + fraction(scratch.random))
        place(packed, state, scratch, packed.task[t, GROUP])
    return n > 0


@inlined
def is_listed(scratch: Scratch, n: int, v: int) -> bool:
    """Whether visit v is among the first n of `scratch.course`."""
    for i in range(n):  # noqa: SIM110 (numba knows no generators)
        if scratch.course[i] == v:
            return True
    return False


@inlined
def choose_days(packed: Packed, state: State, scratch: Scratch, v: int, back: int) -> int:
    """List the visits to be moved in `scratch.course`, with `scratch.choice` of shifts and about the starts
    in `scratch.start`; how many, 0 where one of them cannot."""
    scratch.course[0], n, done = v, 1, 0
    while done < n:
        one = scratch.course[done]
        if not step_day(packed, state, scratch, one, back):
            return 0
        t = lead_of(packed, state, one)
        g = packed.task[t, GROUP]
        for i in range(packed.group[g, GROUP_KIN], packed.group[g, GROUP_KIN_END]):
            s = packed.kin[i]
            first, then = packed.spacing[s, SPACING_FIRST], packed.spacing[s, SPACING_THEN]
            other = then if first == one else first
            u = lead_of(packed, state, other)
            if u >= 0 and not is_listed(scratch, n, other):
                gap = state.task[u, START] - scratch.start[t]
                gap = gap if first == one else -gap
                if gap < packed.spacing[s, SPACING_LEAST] or gap > packed.spacing[s, SPACING_MOST]:
                    scratch.course[n] = other
                    n += 1
        done += 1
    return n


@inlined
def step_day(packed: Packed, state: State, scratch: Scratch, v: int, back: int) -> bool:
    """Choose for visit v's tasks their nurses' next (or previous) shifts; False: one cannot."""
    lead = lead_of(packed, state, v)
    g = packed.task[lead, GROUP]
    for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
        old = state.task[t, SHIFT]
        k = packed.step[old, back]
        if k < 0 or packed.price[t, k] < 0:
            return False
        scratch.choice[t] = k
        if t == lead:
            later = packed.shift[k, SHIFT_START] - packed.shift[old, SHIFT_START]
            scratch.start[t] = state.task[t, START] + later
    return True


@inlined
def choose_nurse(packed: Packed, state: State, scratch: Scratch, v: int) -> int:
    """List the visits of v's course that a nurse drawn by chance could take over, as `choose_days` does."""
    nurse = packed.shift[some_shift(packed, scratch, lead_of(packed, state, v)), NURSE]
    scratch.course[0], n, done, moved = v, 1, 0, 0
    while done < n:
        g = packed.task[lead_of(packed, state, scratch.course[done]), GROUP]
        for i in range(packed.group[g, GROUP_KIN], packed.group[g, GROUP_KIN_END]):
            s = packed.kin[i]
            for other in (packed.spacing[s, SPACING_FIRST], packed.spacing[s, SPACING_THEN]):
                if state.mode[other] >= 0 and not is_listed(scratch, n, other):
                    scratch.course[n] = other
                    n += 1
        done += 1
    for i in range(n):
        one = scratch.course[i]
        t = lead_of(packed, state, one)
        k = shift_of(packed, state, t, nurse)
        if k >= 0 and k != state.task[t, SHIFT]:
            keep_shifts(packed, state, scratch, packed.task[t, GROUP])
            scratch.choice[t], scratch.start[t] = k, state.task[t, START]
            scratch.course[i], scratch.course[moved] = scratch.course[moved], one
            moved += 1
    for i in range(moved):
        if not chosen_apart(packed, scratch, state.mode[scratch.course[i]]):
            return 0
    return moved


@inlined
def shift_of(packed: Packed, state: State, t: int, nurse: int) -> int:
    """The shift on which this nurse could do task t about when it is done now; NONE: there is none."""
    for i in range(packed.able_begin[t], packed.able_begin[t + 1]):
        k = packed.able[i]
        if (
            packed.shift[k, NURSE] == nurse
            and packed.shift[k, SHIFT_START] <= state.task[t, START] <= packed.shift[k, LATEST_FINISH]
        ):
            return k
    return NONE
