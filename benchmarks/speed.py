"""How quick the small questions are: the check of a plan, the openings for one more visit, the best slots.

    python benchmarks/speed.py > benchmarks/results/speed.md

Each is timed several times and the median counts. Beside the milliseconds stands the ratio to a fixed piece
of work timed in the same run, the great-circle matrix of 480 places, to compare machines by.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import infusion
from benchmarks.lines import load, table
from scheduler.check import check
from scheduler.explain import SlotDay, best_slots, openings
from scheduler.model import Plan, Problem
from scheduler.solve.day import Day
from scheduler.solve.seam import never
from scheduler.travel import TravelMatrix

REGION = "suburbs"
PLACES = 480


EACH_DAY = 5
DAYS = 10


def planned(visits: int, *, handoffs: bool, seed: int = 1) -> tuple[Problem, TravelMatrix, Plan]:
    """A day with a first plan: what is asked of it here takes as long for any plan."""
    problem = infusion.day(visits, REGION, seed, handoffs=handoffs)
    matrix = infusion.REGIONS[REGION].travel.matrix(problem.places)
    day = Day.of(problem, matrix)
    return problem, matrix, day.plan_of(day.first_plan(never))


def checking(visits: int, *, handoffs: bool) -> Callable[[], object]:
    """The check of a whole plan."""
    problem, matrix, plan = planned(visits, handoffs=handoffs)
    return lambda: check(problem, matrix, plan)


def opening(visits: int, *, handoffs: bool) -> Callable[[], object]:
    """Every place for one more visit, in all its modes, ranked."""
    day = asked(visits, handoffs=handoffs, number=1)
    return lambda: openings(day.problem, day.matrix, day.plan, day.visit)


def slots(visits: int, *, handoffs: bool) -> Callable[[], object]:
    """The best slots for one more visit over several days of so many visits each."""
    days = [asked(visits, handoffs=handoffs, number=number) for number in range(DAYS)]
    return lambda: best_slots(days, EACH_DAY)


def asked(visits: int, *, handoffs: bool, number: int) -> SlotDay:
    """A planned day, and one more visit that is in no plan: one with as many modes as any."""
    problem, matrix, plan = planned(visits + 1, handoffs=handoffs, seed=number)
    most = max(problem.visits, key=lambda visit: len(visit.modes))
    tasks = {task.id for task in most.tasks}
    routes = (
        route.replace(stops=tuple(stop for stop in route.stops if stop.task not in tasks))
        for route in plan.routes
        if any(stop.task not in tasks for stop in route.stops)
    )
    rest = tuple(id for id in plan.unassigned if id != most.id)
    return SlotDay(
        day=problem.origin.date() + timedelta(days=number),
        problem=problem.replace(visits=tuple(visit for visit in problem.visits if visit is not most)),
        matrix=matrix,
        plan=Plan(routes=tuple(routes), unassigned=rest),
        visit=most,
    )


def reference() -> Callable[[], object]:
    """The fixed piece of work."""
    places = infusion.day(PLACES, REGION, 1).places[:PLACES]
    return lambda: infusion.REGIONS[REGION].travel.matrix(places)


def milliseconds(work: Callable[[], object], repeats: int) -> float:
    """The median of several goes, the first not counted."""
    work()
    taken = []
    for _ in range(repeats):
        began = perf_counter()
        work()
        taken.append(perf_counter() - began)
    return 1000 * median(taken)


def main() -> int:
    """Time everything and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--repeats", type=int, default=15)
    repeats = parser.parse_args().repeats
    unit = milliseconds(reference(), repeats)
    rows = [(f"great-circle matrix of {PLACES} places", f"{unit:.1f}", "1", "")]
    work = (
        ("check of a plan, 480 visits", checking(480, handoffs=False), "50"),
        ("check of a plan, 480 visits with hand-offs", checking(480, handoffs=True), "50"),
        ("openings for one visit among 240", opening(240, handoffs=False), "200"),
        ("openings for one that may be handed off, among 240", opening(240, handoffs=True), "200"),
        (f"best slots, {DAYS} days of 24 visits", slots(24, handoffs=False), "1000"),
        (f"the same for one that may be handed off, {DAYS} days of 24", slots(24, handoffs=True), "1000"),
        (f"best slots, {DAYS} days of 240 visits", slots(240, handoffs=False), "1000"),
        (f"the same for one that may be handed off, {DAYS} days of 240", slots(240, handoffs=True), "1000"),
    )
    for name, each, target in work:
        taken = milliseconds(each, repeats)
        rows.append((name, f"{taken:.1f}", f"{taken / unit:.2f}", target))
    print(f"# Small questions\n\nMedian of {repeats} goes; load average {load():g}.\n")
    print(table(("", "ms", "of the matrix", "target ms"), rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
