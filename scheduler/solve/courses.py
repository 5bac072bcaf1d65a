"""What ties visits and shifts of several days beyond times: follow-ups, continuity, hours, stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from scheduler.solve.rows import HoursRow
from scheduler.solve.tables import Tables
from scheduler.solve.timing import Trip, finished

Led = Mapping[int, int]
"""The shift of the first task of each visit that is served."""


class Courses:
    """The rules of a problem's courses, looked up by visit and by shift."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._needs: dict[int, list[int]] = defaultdict(list)
        self._changes: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for spacing in tables.spacings:
            if spacing.needs_first:
                self._needs[spacing.then].append(spacing.first)
            if spacing.change_cost:
                self._changes[spacing.first].append((spacing.then, spacing.change_cost))
                self._changes[spacing.then].append((spacing.first, spacing.change_cost))
        self._hours: dict[int, list[HoursRow]] = defaultdict(list)
        for row in tables.hours:
            for k in row.shifts:
                self._hours[k].append(row)

    def may_serve(self, visit: int, led: Led) -> bool:
        """Whether the visits without which this one makes no sense are served."""
        return all(first in led for first in self._needs.get(visit, ()))

    def change_cost(self, visit: int, k: int, led: Led) -> int:
        """Points for the visits tied to this one that have another nurse than shift k's."""
        shifts = self._tables.shifts
        return sum(
            cost
            for other, cost in self._changes.get(visit, ())
            if other in led and shifts[led[other]].nurse != shifts[k].nurse
        )

    def hold(self, shifts: Iterable[int], trips: Sequence[Trip], starts: Mapping[int, int]) -> bool:
        """Whether these shifts keep to their stock, and their nurses to their hours."""
        rows = {id(row): row for k in shifts for row in self._hours.get(k, ())}
        return all(
            sum(self._length(k, trips[k], starts) for k in row.shifts) <= row.most for row in rows.values()
        ) and all(self._has_stock(k, trips[k]) for k in shifts)

    def _length(self, k: int, trip: Trip, starts: Mapping[int, int]) -> int:
        if not trip.tasks:
            return 0
        row, finish = self._tables.shifts[k], finished(self._tables, k, trip, starts)
        return max(row.end, row.end if finish is None else finish) - row.start

    def _has_stock(self, k: int, trip: Trip) -> bool:
        tasks = self._tables.tasks
        return all(
            sum(tasks[t].units(supply.item) for t in trip.tasks) <= supply.units
            for supply in self._tables.shifts[k].stock
        )


def firsts_first(tables: Tables, visits: Iterable[int]) -> list[int]:
    """The visits in this order, but each after those it follows by a spacing."""
    if not tables.spacings:
        return list(visits)
    before: dict[int, list[int]] = defaultdict(list)
    for spacing in tables.spacings:
        before[spacing.then].append(spacing.first)
    waiting, order = dict.fromkeys(visits), list[int]()

    def put(visit: int) -> None:
        if visit in waiting:
            del waiting[visit]
            for first in before[visit]:
                put(first)
            order.append(visit)

    for visit in list(waiting):
        put(visit)
    return order
