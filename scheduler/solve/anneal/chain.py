"""One chain of the annealing: random moves, kept or undone."""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from math import log
from typing import Final

from scheduler.solve.anneal.compiled import compiled, inlined
from scheduler.solve.anneal.course import reckon_courses
from scheduler.solve.anneal.draws import chosen_apart
from scheduler.solve.anneal.journal import begin, undo
from scheduler.solve.anneal.layout import (
    EFFORT_COUNTS,
    GROUP_MODE,
    GROUP_TASKS,
    GROUP_TASKS_END,
    HEAD,
    MISSED,
    MODE_GROUPS,
    MODE_GROUPS_END,
    MODE_TASKS,
    MODE_TASKS_END,
    MODE_VISIT,
    NEXT,
    START,
    TOTALS,
    VISIT_MODES,
    VISIT_MODES_END,
    Floats,
    Ints,
    Packed,
    Scratch,
    State,
)
from scheduler.solve.anneal.links import place, set_mode
from scheduler.solve.anneal.moves import bump, exchange, next_window, reassign, relocate, shift_rest, swap
from scheduler.solve.anneal.probe import guess
from scheduler.solve.anneal.queue import forget_queue
from scheduler.solve.anneal.randoms import below, fraction
from scheduler.solve.anneal.series import move_series
from scheduler.solve.anneal.service import drop, insert, remodel, replace
from scheduler.solve.anneal.settle import cost, fixed_cost, settle
from scheduler.solve.anneal.tails import exchange_routes, exchange_tails

RENUMBER = 5000

# What `run` counts.
MADE: Final = 0
KEPT: Final = 1
FEASIBLE: Final = 2
IMPROVED: Final = 3
TIMED: Final = 4
COUNTERS: Final = 5


@inlined
def propose(packed: Packed, state: State, scratch: Scratch, mix: Floats) -> bool:
    """Make one move of a kind drawn from `mix` (rising limits in [0, 1]); False: nothing has changed."""
    v = below(scratch.random, len(state.mode))
    if state.mode[v] < 0:
        return insert(packed, state, scratch, v)
    kind = fraction(scratch.random)
    if kind < mix[0]:
        return relocate(packed, state, scratch, v)
    if kind < mix[1]:
        return swap(packed, state, scratch, v)
    if kind < mix[2]:
        return exchange_tails(packed, state, scratch, v)
    if kind < mix[3]:
        return reassign(packed, state, scratch, v)
    if kind < mix[4]:
        return bump(packed, state, scratch, v)
    return propose_rare(packed, state, scratch, mix, v, kind)


@inlined
def propose_rare(packed: Packed, state: State, scratch: Scratch, mix: Floats, v: int, kind: float) -> bool:
    """Make a move of one of the kinds that few problems need."""
    if kind < mix[5]:
        return exchange(packed, state, scratch, v)
    if kind < mix[6]:
        return exchange_routes(packed, state, scratch, v)
    if kind < mix[7]:
        return remodel(packed, state, scratch, v)
    if kind < mix[8]:
        return drop(packed, state, scratch, v)
    if kind < mix[9]:
        return replace(packed, state, scratch, v)
    if kind < mix[10]:
        return next_window(packed, state, scratch, v)
    if kind < mix[11]:
        return move_series(packed, state, scratch, v)
    return shift_rest(packed, state, scratch, v)


@inlined
def copy_rows(source: Ints, target: Ints) -> None:
    """Make a table the same as another."""
    for i in range(source.shape[0]):
        for c in range(source.shape[1]):
            target[i, c] = source[i, c]


@inlined
def copy_state(packed: Packed, source: State, target: State) -> None:
    """Make `target` the same as `source`."""
    copy_rows(source.task, target.task)
    copy_rows(source.shift, target.shift)
    if packed.effort[EFFORT_COUNTS]:
        copy_rows(source.effort, target.effort)
    copy_rows(source.ledger, target.ledger)
    for t in range(len(source.key)):
        target.key[t] = source.key[t]
    for v in range(len(source.mode)):
        target.mode[v] = source.mode[v]
    for i in range(TOTALS):
        target.total[i] = source.total[i]


@inlined
def renumber(state: State) -> None:
    """Let keys be starts again, and never too close to tell apart."""
    for k in range(len(state.shift)):
        t, low = state.shift[k, HEAD], -1e18
        while t >= 0:
            low = max(low + 1.0, float(state.task[t, START]))
            state.key[t] = low
            t = state.task[t, NEXT]


@compiled
def run(
    packed: Packed,
    state: State,
    best: State,
    scratch: Scratch,
    mix: Floats,
    temperature: float,
    penalty: int,
    iterations: int,
    counters: Ints,
) -> None:
    """Try `iterations` moves from `state` at one temperature, in points.

    `best` follows: the fewest rules missed, then the lowest cost. A second by which a rule is missed counts
    `penalty` points. Adds to `counters`.
    """
    energy = cost(packed, state) + penalty * state.total[MISSED]
    record = cost(packed, best)
    for i in range(iterations):
        if i % RENUMBER == 0:
            renumber(state)
        counters[FEASIBLE] += state.total[MISSED] == 0
        begin(state, scratch)
        if not propose(packed, state, scratch, mix):
            continue
        counters[MADE] += 1
        reckon_courses(packed, state, scratch, False)
        allowed = energy - temperature * log(fraction(scratch.random) + 1e-300)
        known = cost(packed, state) + penalty * state.total[MISSED]
        hopeless = fixed_cost(packed, state) > allowed
        if not hopeless and not packed.effort[EFFORT_COUNTS]:
            hopeless = known + guess(packed, state, scratch, penalty) > allowed
        if hopeless:
            forget_queue(scratch)
            undo(state, scratch)
            continue
        counters[TIMED] += 1
        if not settle(packed, state, scratch):
            undo(state, scratch)
            continue
        price = cost(packed, state)
        value = price + penalty * state.total[MISSED]
        if value > allowed:
            undo(state, scratch)
            continue
        counters[KEPT] += 1
        energy = value
        missed = state.total[MISSED]
        if missed < best.total[MISSED] or (missed == best.total[MISSED] and price < record):
            record = price
            copy_state(packed, state, best)
            counters[IMPROVED] += 1


@compiled
def sample(packed: Packed, state: State, scratch: Scratch, mix: Floats, penalty: int, deltas: Floats) -> int:
    """Try moves until as many as `deltas` has room for made the plan dearer, and note by how much.

    The state stays as it is. Returns how many were found."""
    found = 0
    energy = cost(packed, state) + penalty * state.total[MISSED]
    for _ in range(50 * len(deltas)):
        begin(state, scratch)
        if not propose(packed, state, scratch, mix):
            continue
        if settle(packed, state, scratch):
            delta = cost(packed, state) + penalty * state.total[MISSED] - energy
            if delta > 0:
                deltas[found] = delta
                found += 1
        undo(state, scratch)
        if found == len(deltas):
            break
    return found


@compiled
def load(packed: Packed, state: State, scratch: Scratch, shift: Ints, key: Floats) -> bool:
    """Serve, from an empty `state`, every mode whose tasks all have a `shift`, in the order of their keys.

    False: that cannot be."""
    begin(state, scratch)
    for v in range(len(state.mode)):
        for m in range(packed.visit[v, VISIT_MODES], packed.visit[v, VISIT_MODES_END]):
            whole = state.mode[v] < 0
            for t in range(packed.mode[m, MODE_TASKS], packed.mode[m, MODE_TASKS_END]):
                whole = whole and shift[t] >= 0 and packed.price[t, max(shift[t], 0)] >= 0
                scratch.choice[t] = shift[t]
            if whole and chosen_apart(packed, scratch, m):
                set_mode(packed, state, scratch, v, m)
                for g in range(packed.mode[m, MODE_GROUPS], packed.mode[m, MODE_GROUPS_END]):
                    for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
                        state.key[t] = key[t]
    for g in range(len(packed.group)):
        m = packed.group[g, GROUP_MODE]
        if state.mode[packed.mode[m, MODE_VISIT]] == m:
            place(packed, state, scratch, g)
    return settle(packed, state, scratch)
