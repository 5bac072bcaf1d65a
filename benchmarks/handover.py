"""What hand-over of monitoring gains: drive time and visits served on the seeded infusion days.

    python benchmarks/handover.py --sizes 30 60 --seeds 1 2 --seconds 10 --output handover.jsonl
    python benchmarks/handover.py --table handover.jsonl > benchmarks/results/handover.md

Each day is solved twice by the engine, with the same nurses and monitoring clinicians on shift: once as it
is, where a fifth of the visits may be handed over, and once with every visit cared for by one nurse
throughout. On busy days some visits find no place; a plan that serves more of them may well drive more, so
drive time is given by the visit too. Feasibility and seconds of driving are the referee's.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import infusion
from benchmarks.lines import Lines, Row, load, read, table
from scheduler.check import check
from scheduler.model import Problem
from scheduler.solve import Limits, Solver, solver_named

SIZES = (15, 30, 60, 120)
STAFF = {"busy": infusion.BUSY, "short": 3.2}
"""Visits a nurse; where staff is short many visits find no place."""

HANDED_OVER = "handed-off"
KEY = ("visits", "region", "staff", "seed", "limit", "allowed")


@dataclass(frozen=True, kw_only=True)
class Run:
    """One day solved, hand-over `allowed` or not. `may` visits may be handed over, `handed_over` are; drives
    in seconds, cost in points, wall `seconds`."""

    visits: int
    region: str
    staff: str
    seed: int
    limit: float
    allowed: bool
    may: int
    handed_over: int
    served: int
    drive: int
    cost: int
    feasible: bool
    seconds: float
    load: float


def throughout(problem: Problem) -> Problem:
    """The same day, without hand-over."""
    return problem.replace(
        visits=tuple(
            visit.replace(modes=tuple(mode for mode in visit.modes if mode.id != HANDED_OVER))
            for visit in problem.visits
        )
    )


def run(solver: Solver, visits: int, region: str, staff: str, seed: int, limit: float, allowed: bool) -> Run:
    """Solve one day, and have the plan judged."""
    day = infusion.day(visits, region, seed, handoffs=True, visits_per_nurse=STAFF[staff])
    problem = day if allowed else throughout(day)
    matrix = infusion.REGIONS[region].travel.matrix(problem.places)
    solution = solver.solve(problem, matrix, Limits(seconds=limit, seed=seed)).whole()
    verdict = check(problem, matrix, solution.plan)
    assert verdict.cost is not None
    givers = {mode.tasks[0].id for visit in day.visits for mode in visit.modes if mode.id == HANDED_OVER}
    stops = [stop.task for route in solution.plan.routes for stop in route.stops]
    return Run(
        visits=visits,
        region=region,
        staff=staff,
        seed=seed,
        limit=limit,
        allowed=allowed,
        may=len(givers),
        handed_over=sum(task in givers for task in stops),
        served=visits - len(solution.plan.unassigned),
        drive=verdict.cost.travel_seconds,
        cost=verdict.cost.total,
        feasible=verdict.feasible,
        seconds=round(solution.seconds, 2),
        load=load(),
    )


COLUMNS = (
    "days",
    "may be handed over",
    "are",
    "served without",
    "served with",
    "more visits a day",
    "drive min a visit, without",
    "with",
    "drive",
    "cost",
)


def tables(rows: list[Row]) -> Iterator[str]:
    """Markdown: by staffing and size, by region, and each day."""
    limits = ", ".join(f"{limit:g}" for limit in sorted({row["limit"] for row in rows}))
    seeds = ", ".join(map(str, sorted({row["seed"] for row in rows})))
    loads = [row["load"] for row in rows]
    feasible = sum(row["feasible"] for row in rows)
    yield "# What hand-over of monitoring gains\n"
    yield (
        f"Engine, {limits} s a run; seeds {seeds}; {feasible} of {len(rows)} plans feasible by the referee. "
        f"The 2-core machine was shared with other work (load average {min(loads):g} to {max(loads):g}), so "
        "longer runs on a quiet one will give better plans of both kinds. Means by day; drive and cost: the "
        "change that hand-over brings, in percent of the plan without. More visits served is more driving.\n"
    )
    many = ", ".join(f"{name} {visits:g}" for name, visits in STAFF.items())
    yield f"Visits a nurse: {many}.\n"
    yield _summary(rows, ("staff", "visits"))
    yield ""
    yield _summary(rows, ("staff", "visits", "region"))
    yield "\n<details><summary>Every day</summary>\n"
    yield _summary(rows, ("staff", "visits", "region", "seed"))
    yield "\n</details>"


def _summary(rows: list[Row], fields: Sequence[str]) -> str:
    parts: dict[tuple[int | str, ...], list[tuple[Row, Row]]] = defaultdict(list)
    for without, with_ in _pairs(rows):
        parts[tuple(with_[field] for field in fields)].append((without, with_))
    lines = [(*key, *_cells(part)) for key, part in sorted(parts.items())]
    return table((*fields, *COLUMNS), lines, words=len(fields))


def _pairs(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    """The runs of each day without and with hand-over, where there are both."""
    days: dict[tuple[int | str | float, ...], dict[bool, Row]] = defaultdict(dict)
    for row in rows:
        days[tuple(row[field] for field in KEY[:-1])][row["allowed"]] = row
    yield from ((pair[False], pair[True]) for pair in days.values() if len(pair) == 2)


def _cells(pairs: list[tuple[Row, Row]]) -> list[str]:
    without, with_ = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    served = [mean(row["served"] for row in side) for side in (without, with_)]
    return [
        f"{len(pairs)}",
        f"{mean(row['may'] for row in with_):.1f}",
        f"{mean(row['handed_over'] for row in with_):.1f}",
        *(f"{each:.1f}" for each in served),
        f"{served[1] - served[0]:+.1f}",
        *(f"{_drive_a_visit(side):.1f}" for side in (without, with_)),
        _change(without, with_, "drive"),
        _change(without, with_, "cost"),
    ]


def _drive_a_visit(rows: list[Row]) -> float:
    served = sum(row["served"] for row in rows)
    return sum(row["drive"] for row in rows) / served / 60 if served else 0.0


def _change(without: list[Row], with_: list[Row], field: str) -> str:
    before, after = (sum(row[field] for row in side) for side in (without, with_))
    return f"{100 * (after - before) / before:+.1f} %" if before else ""


def options() -> argparse.Namespace:
    """What the caller asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    regions = list(infusion.REGIONS)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--regions", nargs="+", choices=regions, default=regions)
    parser.add_argument("--staff", nargs="+", choices=list(STAFF), default=list(STAFF))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--output", type=Path, help="JSON lines; those already there are not run again")
    parser.add_argument("--table", type=Path, nargs="+", help="only render these JSON lines as Markdown")
    return parser.parse_args()


def main() -> int:
    """Run what is asked for and not yet there."""
    chosen = options()
    if chosen.table:
        print("\n".join(tables([row for path in chosen.table for row in read(path)])))
        return 0
    solver, lines = solver_named("engine"), Lines(chosen.output, KEY)
    for visits, region, staff, seed, allowed in itertools.product(
        chosen.sizes, chosen.regions, chosen.staff, chosen.seeds, (False, True)
    ):
        day = (visits, region, staff, seed, chosen.seconds, allowed)
        if not lines.has(dict(zip(KEY, day, strict=True))):
            lines.add(asdict(run(solver, *day)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
