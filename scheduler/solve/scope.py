"""What a model is about: which part of a plan may change, and how far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.solve.candidates import Candidates
from scheduler.solve.rows import ModeRow
from scheduler.solve.tables import Tables
from scheduler.solve.timing import Timed


@dataclass(frozen=True, slots=True)
class Freedom:
    """What may change: the free visits, and the shifts that they may go to, their own always among these.

    No task may be later than the latest of the plan is by more than `leeway` seconds (None: no such limit).
    """

    visits: frozenset[int]
    shifts: frozenset[int]
    leeway: int | None = None


def full_freedom(tables: Tables, candidates: Candidates) -> Freedom:
    """Everything that can be served, everywhere."""
    servable = frozenset(v for v, modes in enumerate(candidates.modes) if modes)
    return Freedom(servable, frozenset(range(len(tables.shifts))))


class Scope:
    """A plan, taken apart: `kept[k]` are the tasks that stay on shift k, in order; `open` the shifts that
    free visits may go to, `moving` those whose times may move: the open ones and those tied to them by a
    visit."""

    def __init__(self, tables: Tables, candidates: Candidates, plan: Timed, freedom: Freedom) -> None:
        self.tables, self.candidates, self.plan = tables, candidates, plan
        self.trips = plan.draft.trips
        self.visits = sorted(freedom.visits)
        self.leeway = freedom.leeway
        self.worst = max((tables.tasks[t].lateness(s) for t, s in plan.starts.items()), default=0)
        self.kept = [
            tuple(t for t in trip.tasks if tables.tasks[t].visit not in freedom.visits) for trip in self.trips
        ]
        self.open = sorted(freedom.shifts - self._shut())
        self.moving = sorted({*self.open, *self._tied()})

    def _shut(self) -> set[int]:
        """Shifts whose nurse is busy meanwhile on another one."""
        pairs = [*self.tables.rivals, *((b, a) for a, b in self.tables.rivals)]
        return {b for a, b in pairs if self.kept[a]}

    def _tied(self) -> Iterator[int]:
        home = {task: k for k, trip in enumerate(self.kept) for task in trip}
        for task in (task for k in self.open for task in self.kept[k]):
            yield from (home[tie.then] for tie in self.tables.ties[task] if tie.then in home)

    def modes(self) -> Iterator[ModeRow]:
        """The modes of the free visits."""
        for visit in self.visits:
            yield from self.candidates.modes[visit]

    def tasks(self) -> list[int]:
        """The tasks whose times may move."""
        kept = [task for k in self.moving for task in self.kept[k]]
        return [*kept, *(task for mode in self.modes() for task in mode.tasks)]

    def latest(self, task: int) -> int:
        """The latest start worth looking at."""
        options, tables = self.tables.tasks[task].options, self.tables
        first, latest = options[0].earliest, max(option.latest for option in options)
        price = tables.lateness_price + tables.worst_price
        if price == 0:
            return latest
        due = max(option.due for option in options)
        if self.leeway is not None:
            return max(first, min(latest, due + self.worst + self.leeway))
        cost = self.plan.cost + self.plan.missing * (tables.ceiling + 1)
        affordable = due + cost // price + 1  # later than this, its lateness alone costs more than the plan
        return max(first, min(latest, affordable))

    def option(self, task: int, start: int | None) -> int:
        """The number of the option that this start lies in; 0 for none."""
        options = enumerate(self.tables.tasks[task].options)
        return next((i for i, o in options if start is not None and o.earliest <= start <= o.latest), 0)
