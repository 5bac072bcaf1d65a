"""What has to be timed anew once the links of a move are made: groups, and the ends of shifts."""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Final

from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.layout import (
    DIRTY_SHIFTS,
    GROUP,
    GROUP_TASKS,
    HEAD,
    LATER_RIVALS,
    LEAVES_AT_START,
    QUEUED,
    RIVAL_SHIFT,
    RIVALS_END,
    Packed,
    Scratch,
    State,
)

# Scratch.is_dirty: whether the end of a shift has to be reckoned.
CLEAN: Final = 0
DIRTY: Final = 1
CLOSED: Final = 2
DIRTY_AGAIN: Final = 3


@inlined
def forget_queue(scratch: Scratch) -> None:
    """Drop what waits to be timed: the move is given up before that."""
    count = scratch.tally
    for i in range(count[QUEUED]):
        scratch.queued[scratch.queue[i]] = 0
    for i in range(count[DIRTY_SHIFTS]):
        scratch.is_dirty[scratch.dirty[i]] = CLEAN


@inlined
def enqueue(scratch: Scratch, g: int) -> None:
    """Group g has to be timed anew."""
    if scratch.queued[g] == 0:
        scratch.queued[g] = 1
        scratch.queue[scratch.tally[QUEUED]] = g
        scratch.tally[QUEUED] += 1


@inlined
def mark_shift(packed: Packed, scratch: Scratch, k: int) -> None:
    """Shift k's end has to be reckoned anew, be it once more."""
    if packed.timed[k] and scratch.is_dirty[k] == CLEAN:
        scratch.is_dirty[k] = DIRTY
        scratch.dirty[scratch.tally[DIRTY_SHIFTS]] = k
        scratch.tally[DIRTY_SHIFTS] += 1
    elif scratch.is_dirty[k] == CLOSED:
        scratch.is_dirty[k] = DIRTY_AGAIN


@inlined
def wake_rivals(packed: Packed, state: State, scratch: Scratch, k: int) -> None:
    """Shift k ends at another time: have the later shifts of its nurse begin anew."""
    for i in range(packed.shift[k, LATER_RIVALS], packed.shift[k, RIVALS_END]):
        other = packed.rival[i, RIVAL_SHIFT]
        if state.shift[other, HEAD] >= 0:
            enqueue(scratch, packed.task[state.shift[other, HEAD], GROUP])
            if packed.shift[other, LEAVES_AT_START]:
                mark_shift(packed, scratch, other)


@inlined
def group_key(packed: Packed, state: State, g: int) -> float:
    """Where group g comes in the order of timing: the key of its first task."""
    return state.key[packed.group[g, GROUP_TASKS]]


@inlined
def next_group(packed: Packed, state: State, scratch: Scratch) -> int:
    """Take the group with the smallest key from the queue."""
    queue, n = scratch.queue, scratch.tally[QUEUED]
    best, least = 0, group_key(packed, state, queue[0])
    for i in range(1, n):
        key = group_key(packed, state, queue[i])
        if key < least:
            best, least = i, key
    g = queue[best]
    queue[best] = queue[n - 1]
    scratch.tally[QUEUED] = n - 1
    scratch.queued[g] = 0
    return g
