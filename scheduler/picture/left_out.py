"""The visits nobody serves, with the reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.check.facts import Facts
from scheduler.explain import Names, time_planned, words
from scheduler.picture.clock import Clock
from scheduler.picture.figures import money
from scheduler.picture.material import Material
from scheduler.picture.routes import window_text

_NURSES_SHOWN = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A visit left out, and the place of its first task. `nurses`: the nearest to doing it, each with what
    keeps her from it; `others` counts the rest."""

    visit: str
    place: str
    price: str
    asks: str
    summary: str
    nurses: tuple[tuple[str, str], ...]
    others: int

    @property
    def tip(self) -> str:
        """All of it but the nurses, a line each."""
        return "\n".join(
            line for line in (f"{self.visit}: left out", self.asks, self.price, self.summary) if line
        )


def left_out(material: Material, facts: Facts, clock: Clock) -> tuple[LeftOut, ...]:
    """Every visit that no route serves, in the problem's order."""
    return tuple(_left_out(material, facts, clock))


def _left_out(material: Material, facts: Facts, clock: Clock) -> Iterator[LeftOut]:
    names = Names(clock=clock.time, when=time_planned(material.problem))
    told = {why.visit: words(why, names) for why in material.reasons}
    listed = set(material.plan.unassigned)
    for visit in material.problem.visits:
        if visit.id in facts.served:
            continue
        said = told.get(visit.id)
        price = "must be served"
        if visit.drop_cost is not None:
            price = f"leaving it out costs {money(visit.drop_cost, material.problem.points_per_unit)}"
        task = visit.tasks[0]
        windows = " or ".join(window_text(window, clock) for window in task.windows)
        nurses = said.nurses if said else ()
        yield LeftOut(
            visit=visit.id,
            place=task.place,
            price=price,
            asks=f"{clock.length(task.duration)}, {windows}",
            summary=said.summary if said else _unsaid(visit.id in listed),
            nurses=nurses[:_NURSES_SHOWN],
            others=max(0, len(nurses) - _NURSES_SHOWN),
        )


def _unsaid(listed: bool) -> str:
    return "Reasons are told for feasible plans only." if listed else "The plan does not mention it."
