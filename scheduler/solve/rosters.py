"""Shifts of one nurse: which of them may be in each other's way.

Insertion, CP-SAT and pricing look at the roster alone, and so are a little stricter than the model: whichever
shift is used, its finish leaves the rest before the next one's start, and two shifts too close for that are
never both used. The annealing looks at what is done on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from scheduler.model import Shift


def latest_finishes(shifts: Sequence[Shift], rest_s: int = 0) -> list[int]:
    """When each shift must be over: its overtime ends `rest_s` before the same nurse's next shift begins."""
    return [
        min(
            [
                a.latest_finish,
                *(b.start - rest_s for b in own if b is not a and b.start >= a.end + rest_s),
            ]
        )
        for a, own in zip(shifts, _of_same_nurse(shifts), strict=True)
    ]


def rivals(shifts: Sequence[Shift], rest_s: int = 0) -> tuple[tuple[int, int], ...]:
    """Pairs of shifts of one nurse that overlap, or leave her less than `rest_s` between them."""
    on: dict[str, list[int]] = {}
    for k, shift in enumerate(shifts):
        on.setdefault(shift.nurse, []).append(k)
    return tuple(
        sorted(
            (i, j)
            for own in on.values()
            for i, j in combinations(own, 2)
            if shifts[i].start < shifts[j].end + rest_s and shifts[j].start < shifts[i].end + rest_s
        )
    )


def near_pairs(shifts: Sequence[Shift], rest_s: int = 0) -> tuple[tuple[int, int], ...]:
    """Pairs of shifts of one nurse, the earlier one first, that leave her less than `rest_s` between them if
    the earlier is used to the last second that it allows."""
    on: dict[str, list[int]] = {}
    for k in sorted(range(len(shifts)), key=lambda k: (shifts[k].start, shifts[k].end, k)):
        on.setdefault(shifts[k].nurse, []).append(k)
    return tuple(
        (i, j)
        for own in on.values()
        for i, j in combinations(own, 2)
        if shifts[i].latest_finish + rest_s > shifts[j].start
    )


def _of_same_nurse(shifts: Sequence[Shift]) -> list[list[Shift]]:
    on: dict[str, list[Shift]] = {}
    for shift in shifts:
        on.setdefault(shift.nurse, []).append(shift)
    return [on[shift.nurse] for shift in shifts]
