"""Re-planning after one nurse falls out, on seeded infusion days: how soon, how well, how little changes.

    python benchmarks/replan.py --output replan.jsonl
    python benchmarks/replan.py --table replan.jsonl > benchmarks/results/replan.md
    python benchmarks/replan.py --sizes 30 --full 5 --seconds 1 --seeds 0

Per day: solve it whole; take one shift that has visits away, drawn by the seed; re-plan with a price on what
patients were told; and, to compare, solve the day without her as if nobody had been told anything. Costs are
the referee's (`scheduler.check`), without the prices of promises.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import infusion
from benchmarks.lines import Lines, Row, load, read, table
from scheduler.check import check
from scheduler.model import POINTS_PER_DOLLAR, Plan, Problem, Solution, promises_of
from scheduler.solve import Limits, solver_named
from scheduler.travel import TravelMatrix

CHANGED_NURSE = 2 * POINTS_PER_DOLLAR
MOVED_START = 2 * POINTS_PER_DOLLAR
"""As the service has them: some three minutes of a nurse's drive each."""

NOTICED = 900
"""Seconds by which a visit may move without being counted as changed."""

KEY = ("visits", "region", "seed", "full_limit", "limit")


@dataclass(frozen=True, kw_only=True)
class Replan:
    """One day. `seconds`: wall time of the re-plan. `cost` (points) and `left_out` (visits) are its own, and
    with `full_` those of the full solve of the same day. Of `others`, the tasks planned before on a shift
    that is not lost, `changed` got another nurse, moved by more than NOTICED, or are left out."""

    visits: int
    region: str
    seed: int
    full_limit: float
    limit: float
    seconds: float
    feasible: bool
    cost: int
    full_cost: int
    left_out: int
    full_left_out: int
    lost: int
    others: int
    changed: int
    load: float


def replan(visits: int, region: str, seed: int, full_limit: float, limit: float) -> Replan:
    """One day, planned, disturbed and planned again."""
    problem = infusion.day(visits, region, seed)
    matrix = infusion.REGIONS[region].travel.matrix(problem.places)
    before = solved(problem, matrix, full_limit, seed)
    plan = before.plan
    shift = random.Random(f"replan {region} {seed}").choice([route.shift for route in plan.routes])
    fewer = problem.replace(shifts=tuple(known for known in problem.shifts if known.id != shift))
    began = perf_counter()
    new = solved(told(fewer, problem, before), matrix, limit, seed).plan
    seconds = perf_counter() - began
    best = solved(fewer, matrix, full_limit, seed).plan
    verdict, full = check(fewer, matrix, new), check(fewer, matrix, best)
    assert verdict.cost is not None and full.cost is not None
    was, now = places(plan), places(new)
    others = {task: where for task, where in was.items() if where[0] != shift}
    return Replan(
        visits=visits,
        region=region,
        seed=seed,
        full_limit=full_limit,
        limit=limit,
        seconds=round(seconds, 2),
        feasible=verdict.feasible,
        cost=verdict.cost.total,
        full_cost=full.cost.total,
        left_out=len(new.unassigned),
        full_left_out=len(best.unassigned),
        lost=len(was) - len(others),
        others=len(others),
        changed=sum(is_changed(where, now.get(task)) for task, where in others.items()),
        load=load(),
    )


def told(fewer: Problem, problem: Problem, before: Solution) -> Problem:
    """The disturbed day, with prices on what the plan `before` told the patients, and its worths."""
    return fewer.replace(
        promises=promises_of(before.plan, problem, fewer, tolerance=NOTICED),
        worths=before.worths,
        weights=fewer.weights.replace(changed_nurse=CHANGED_NURSE, moved_start=MOVED_START),
    )


def solved(problem: Problem, matrix: TravelMatrix, seconds: float, seed: int) -> Solution:
    """The engine's answer."""
    return solver_named("engine").solve(problem, matrix, Limits(seconds=seconds, seed=seed)).whole()


def places(plan: Plan) -> dict[str, tuple[str, int]]:
    """Shift and start of each task."""
    return {stop.task: (route.shift, stop.start) for route in plan.routes for stop in route.stops}


def is_changed(old: tuple[str, int], new: tuple[str, int] | None) -> bool:
    """Another nurse, another time, or not served any more."""
    return new is None or new[0] != old[0] or abs(new[1] - old[1]) > NOTICED


def report(rows: list[Row]) -> Iterator[str]:
    """Markdown: the figures that count, then every day."""
    gaps = [gap(row) for row in rows]
    shares = [share(row) for row in rows]
    loads = [row["load"] for row in rows]
    yield f"{len(rows)} days; load average {min(loads):g} to {max(loads):g}.\n"
    columns = ("", "mean", "worst")
    yield table(
        columns,
        [
            ("wall seconds of the re-plan", *_pair([row["seconds"] for row in rows], ".2f")),
            ("cost above a full solve", *_pair(gaps, "+.2f", " %")),
            ("other visits that changed nurse or moved by over 15 min", *_pair(shares, ".1f", " %")),
        ],
    )
    yield f"\nFeasible: {sum(row['feasible'] for row in rows)} of {len(rows)}. Costs in dollars:\n"
    names = ("region", "visits", "seed", "full s", "her visits", "seconds", "cost", "full solve", "above")
    yield table((*names, "left out", "full", "changed"), [_cells(row) for row in rows])


def gap(row: Row) -> float:
    """Percent by which the re-plan is dearer than the full solve."""
    return 100 * (row["cost"] / row["full_cost"] - 1) if row["full_cost"] else 0.0


def share(row: Row) -> float:
    """Percent of the other visits that changed."""
    return 100 * row["changed"] / max(1, row["others"])


def _pair(values: list[float], form: str, unit: str = "") -> tuple[str, str]:
    return f"{mean(values):{form}}{unit}", f"{max(values):{form}}{unit}"


def _cells(row: Row) -> tuple[object, ...]:
    return (
        *(row[field] for field in ("region", "visits", "seed")),
        f"{row['full_limit']:g}",
        row["lost"],
        f"{row['seconds']:.2f}",
        f"{row['cost'] / POINTS_PER_DOLLAR:.2f}",
        f"{row['full_cost'] / POINTS_PER_DOLLAR:.2f}",
        f"{gap(row):+.2f} %",
        row["left_out"],
        row["full_left_out"],
        f"{share(row):.1f} %",
    )


def options() -> argparse.Namespace:
    """What the caller asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    regions = list(infusion.REGIONS)
    parser.add_argument("--sizes", type=int, nargs="+", default=[240])
    parser.add_argument("--regions", nargs="+", choices=regions, default=regions)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--full", type=float, default=60.0, help="seconds of a full solve")
    parser.add_argument("--seconds", type=float, default=3.0, help="seconds of a re-plan")
    parser.add_argument("--output", type=Path, help="JSON lines; those already there are not run again")
    parser.add_argument("--table", type=Path, nargs="+", help="only render these JSON lines as Markdown")
    return parser.parse_args()


def main() -> int:
    """Run what is asked for and not yet there, and print the tables."""
    chosen = options()
    if chosen.table:
        print("\n".join(report([row for path in chosen.table for row in read(path)])))
        return 0
    tiny = infusion.day(3, "city", 0)
    solved(tiny, infusion.REGIONS["city"].travel.matrix(tiny.places), 0.1, 0)  # compiled code is read first
    lines = Lines(chosen.output, KEY)
    for visits, region, seed in itertools.product(chosen.sizes, chosen.regions, chosen.seeds):
        day = (visits, region, seed, chosen.full, chosen.seconds)
        if not lines.has(dict(zip(KEY, day, strict=True))):
            lines.add(asdict(replan(*day)))
    print("\n".join(report(lines.rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
