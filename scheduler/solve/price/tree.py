"""Branch and bound: plans are split into parts until no part can hold one cheaper than the best known.

A part in which few routes can matter is settled by a choice among them; the others are split in two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from scheduler.solve.price.branch import Branch
from scheduler.solve.price.choices import Choices
from scheduler.solve.price.choose import Dual
from scheduler.solve.price.halves import Halves
from scheduler.solve.price.master import Master, RouteColumn
from scheduler.solve.price.relax import Relaxation
from scheduler.solve.price.shifts import Shifts
from scheduler.solve.price.standing import Standing
from scheduler.solve.price.tables import NEVER, Tables

FAR = 40
"""A part with a bound that is higher by this part of it is not likely to hold a good plan."""
SETTLED = 300
"""Routes that may matter, at most, in a part that is settled by a choice."""
SETTLED_SECONDS = 5.0
"""For such a choice."""


@dataclass
class Tree:
    """Uses up `master`; `known` are routes of plans found so far."""

    tables: Tables
    shifts: Shifts
    master: Master
    standing: Standing
    known: list[RouteColumn]
    left: Callable[[], float]

    def grow(self, bound: int) -> None:
        """Split parts until the best plan is proved, no part can be split, or time is over; at first all
        plans, which cost `bound` at least. Does nothing where no plan is known.

        The part with the least bound is split, then its more likely half and so on, as long as there may be
        a plan of use in it.
        """
        if self.standing.cost == NEVER:
            return
        parts, likely = [(bound, 0, Branch())], 0
        ranks = count(1)
        while parts and self.left() > 0 and not self.standing.proved:
            least, _, part = parts[likely]
            found = self._split(part)
            if found is None:
                return
            del parts[likely]
            value = max(least, found[0])
            halves = [(value, next(ranks), half) for half in found[1] if not half.is_empty(self.tables)]
            parts += halves
            parts = sorted(one for one in parts if not self.standing.beats(one[0]))
            self.standing.raise_bound(parts[0][0] if parts else self.standing.cost)
            self.standing.tell("branch")
            ahead = (at for at, one in enumerate(parts) if one in halves[:1] and self._is_near(one[0]))
            likely = next(ahead, 0)

    def _is_near(self, value: int) -> bool:
        """Nearer to the bound of all than to the best plan, and not far from it at all."""
        bound = self.standing.bound
        return bound is not None and value - bound < min(self.standing.cost - value, bound // FAR)

    def _split(self, part: Branch) -> tuple[int, list[Branch]] | None:
        """A bound of the part, and what has to be looked at in its place: nothing, where no plan in it is
        cheaper than the best one known. None if there is no answer."""
        self.master.restrict(part)
        relaxation = Relaxation(self.tables, self.shifts, self.master, self.standing, _ignore)
        relaxation.solve(self.left, self.left)
        dual = relaxation.dual
        if dual is None:
            return None
        if self.standing.beats(dual.value):
            return dual.value, []
        relaxed = self.master.solve(self.left())
        if relaxed is None:
            return None
        halves = Halves(self.tables, self.master.columns, part, relaxed)
        parts = halves.apart()
        value = self._settled(dual, whole=parts is not None)
        if self.standing.beats(value):
            return value, []
        parts = parts or halves.cut()
        return None if parts is None else (value, parts)

    def _settled(self, dual: Dual, *, whole: bool) -> int:
        """A bound of the part from a choice among the routes that may matter, if these are few or not
        `whole`."""
        bounds = [dual.value]
        tables = dual.prices.branch.tables(self.tables)
        choices = Choices(tables, self.shifts, dual, self.standing, self.known, bounds.append)
        choices.settle(SETTLED, min(SETTLED_SECONDS, self.left()), whole=whole)
        return max(bounds)


def _ignore(_: int) -> None:
    """What is proved of a part is not proved of all plans."""
