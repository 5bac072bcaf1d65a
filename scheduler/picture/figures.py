"""The head of the page: what the plan costs, what is proven, and what it asks of the nurses."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduler.check.report import Cost
from scheduler.explain import continuity, share_kept
from scheduler.model import POINTS_PER_DOLLAR
from scheduler.picture.clock import Clock
from scheduler.picture.material import Material
from scheduler.picture.routes import Route

_IN_SECONDS = "_seconds"


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A number with its name, and beneath it what else there is to say."""

    name: str
    value: str
    more: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CostPart:
    """A part of the cost; `share` in percent of the whole."""

    name: str
    value: str
    share: float


def money(points: int, points_per_unit: int) -> str:
    """A cost as people read it: dollars with cents, or a published instance's unit with three decimals."""
    if points_per_unit == POINTS_PER_DOLLAR:
        return f"${points / points_per_unit:,.2f}"
    return f"{points / points_per_unit:,.3f}"


def figures(material: Material, routes: Sequence[Route], left_out: int, clock: Clock) -> tuple[Figure, ...]:
    """In the order in which they are shown."""
    return tuple(_figures(material, routes, left_out, clock))


def cost_parts(cost: Cost, points_per_unit: int) -> tuple[CostPart, ...]:
    """The parts of the referee's cost, those of nothing left out."""
    total = max(cost.total, 1)
    parts = {
        field.name: getattr(cost, field.name)
        for field in dataclasses.fields(cost)
        if not field.name.endswith(_IN_SECONDS)
    }
    return tuple(
        CostPart(
            name="visits left out" if name == "dropped" else name.replace("_", " "),
            value=money(points, points_per_unit),
            share=round(100 * points / total, 2),
        )
        for name, points in parts.items()
        if points
    )


def _figures(material: Material, routes: Sequence[Route], left_out: int, clock: Clock) -> Iterator[Figure]:
    visits, shifts = len(material.problem.visits), len(material.problem.shifts)
    yield Figure(
        name="Visits served",
        value=f"{visits - left_out} of {visits}",
        more=f"{left_out} left out" if left_out else "none left out",
    )
    yield _cost(material)
    yield Figure(name="Shifts used", value=f"{len(routes)} of {shifts}")
    drive = sum(route.drive for route in routes)
    yield Figure(name="Driving", value=clock.length(drive), more=_each(drive, routes, clock))
    wait = sum(route.wait for route in routes)
    yield Figure(name="Waiting", value=clock.length(wait), more=_each(wait, routes, clock))
    overtime = sum(route.overtime for route in routes)
    count = sum(1 for route in routes if route.overtime)
    more = f"on {count} shift{'' if count == 1 else 's'}" if count else ""
    yield Figure(name="Overtime", value=clock.length(overtime) if overtime else "none", more=more)
    late = sum(stop.late for route in routes for stop in route.stops)
    if late:
        worst = max(stop.late for route in routes for stop in route.stops)
        yield Figure(name="Lateness", value=clock.length(late), more=f"at most {clock.length(worst)}")
    yield from _same_nurse(material)
    if material.search is not None:
        search = material.search
        yield Figure(
            name="Search", value=f"{search.seconds:.1f} s", more=f"{search.solver}, seed {search.seed}"
        )


def _same_nurse(material: Material) -> Iterator[Figure]:
    """Where there are series: the share of sessions begun by the nurse of the one before."""
    if material.report.cost is None:  # the plan speaks of what the problem does not have
        return
    series = continuity(material.problem, material.plan)
    share = share_kept(series)
    if share is not None:
        pairs = sum(each.pairs for each in series)
        yield Figure(
            name="Same nurse", value=f"{100 * share:.0f} %", more=f"of {pairs} sessions after another"
        )


def _cost(material: Material) -> Figure:
    cost, unit = material.report.cost, material.problem.points_per_unit
    if cost is None:
        return Figure(name="Cost", value="unknown", more="the plan speaks of what the problem does not have")
    return Figure(name="Cost", value=money(cost.total, unit), more=_proof(material, cost.total))


def _proof(material: Material, cost: int) -> str:
    if material.search is None:
        return "a given plan: nothing proven"
    bound, unit = material.search.bound, material.problem.points_per_unit
    if bound is None:
        return "no lower bound known"
    if cost <= bound:
        return "proven to be the least possible"
    if bound <= 0:
        return f"proven bound {money(bound, unit)}"
    percent = math.ceil((cost - bound) * 10_000 / bound) / 100
    return f"proven bound {money(bound, unit)}: at most {percent:g} % above the least possible"


def _each(seconds: int, routes: Sequence[Route], clock: Clock) -> str:
    return f"{clock.length(seconds // len(routes))} a shift" if routes and seconds else ""
