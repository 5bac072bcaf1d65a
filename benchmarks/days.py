"""The engine on the seeded infusion days: cost, proven bound and time.

    python benchmarks/days.py --seeds 0 1 2 --seconds 60 --output days.jsonl
    python benchmarks/days.py --table days.jsonl > benchmarks/results/days.md

Costs are the referee's (`scheduler.check`). The gap says by how much a better plan could be cheaper at most,
in percent of this one's cost.
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
from scheduler.model import POINTS_PER_DOLLAR
from scheduler.solve import NAMES, Limits, Solver, solver_named

KINDS = ("plain", "hand-offs")
KEY = ("solver", "visits", "region", "kind", "seed", "limit")


@dataclass(frozen=True, kw_only=True)
class Run:
    """One day solved. `cost`, `claimed` (what the solver says it is) and `bound` in points, `left_out` visits
    without a place, `gap` in percent of the cost, wall `seconds`."""

    solver: str
    visits: int
    region: str
    kind: str
    seed: int
    limit: float
    seconds: float
    feasible: bool
    cost: int | None
    claimed: int
    bound: int | None
    gap: float | None
    left_out: int
    load: float


def run(solver: Solver, name: str, visits: int, region: str, kind: str, seed: int, limit: float) -> Run:
    """Solve one day and have the plan judged."""
    problem = infusion.day(visits, region, seed, handoffs=kind == "hand-offs")
    matrix = infusion.REGIONS[region].travel.matrix(problem.places)
    solution = solver.solve(problem, matrix, Limits(seconds=limit, seed=seed)).whole()
    verdict = check(problem, matrix, solution.plan)
    cost = None if verdict.cost is None else verdict.cost.total
    return Run(
        solver=name,
        visits=visits,
        region=region,
        kind=kind,
        seed=seed,
        limit=limit,
        seconds=round(solution.seconds, 2),
        feasible=verdict.feasible,
        cost=cost,
        claimed=solution.cost,
        bound=solution.bound,
        gap=gap(cost, solution.bound),
        left_out=len(solution.plan.unassigned),
        load=load(),
    )


def gap(cost: int | None, bound: int | None) -> float | None:
    """By how much the bound is below the cost, in percent of the cost; None without either."""
    if cost is None or bound is None:
        return None
    return 100 * (cost - bound) / cost if cost else 0.0


def tables(rows: list[Row]) -> Iterator[str]:
    """Markdown: for each solver and limit, a table by size and kind, one by region, and one of every day."""
    groups: dict[tuple[str, float], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["solver"], row["limit"]].append(row)
    for (solver, limit), group in sorted(groups.items()):
        loads = [row["load"] for row in group]
        seeds = ", ".join(map(str, sorted({row["seed"] for row in group})))
        yield f"\n## {solver}, {limit:g} s\n"
        yield f"Seeds {seeds}; load average {min(loads):g} to {max(loads):g}. Costs in dollars.\n"
        yield _summary(group, ("visits", "kind"))
        yield ""
        yield _summary(group, ("visits", "kind", "region"))
        yield "\n<details><summary>Every day</summary>\n"
        yield _each(group)
        yield "\n</details>"


def _summary(rows: list[Row], fields: Sequence[str]) -> str:
    parts: dict[tuple[int | str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        parts[tuple(row[field] for field in fields)].append(row)
    lines = [(*key, *_cells(part)) for key, part in sorted(parts.items(), key=_by_kind)]
    columns = (*fields, "feasible", "proved", "mean gap", "worst gap", "no bound", "left out", "seconds")
    return table(columns, lines, words=len(fields))


def _by_kind(part: tuple[tuple[int | str, ...], list[Row]]) -> tuple[int | str, ...]:
    visits, kind, *rest = part[0]
    return (visits, KINDS.index(str(kind)), *rest)


def _cells(rows: list[Row]) -> list[str]:
    gaps = [row["gap"] for row in rows if row["gap"] is not None]
    mean_and_worst = [f"{value:.2f} %" for value in (mean(gaps), max(gaps))] if gaps else ["", ""]
    return [
        f"{sum(row['feasible'] and row['cost'] == row['claimed'] for row in rows)} of {len(rows)}",
        f"{sum(row['cost'] == row['bound'] for row in rows)}",
        *mean_and_worst,
        f"{len(rows) - len(gaps)}",
        f"{mean(row['left_out'] for row in rows):.1f}",
        f"{mean(row['seconds'] for row in rows):.1f}",
    ]


def _each(rows: list[Row]) -> str:
    order = sorted(rows, key=lambda r: (r["visits"], KINDS.index(r["kind"]), r["region"], r["seed"]))
    lines = [
        (
            *(row[field] for field in KEY[1:5]),
            _dollars(row["cost"]),
            _dollars(row["bound"]),
            "" if row["gap"] is None else f"{row['gap']:.3f} %",
            row["left_out"],
            f"{row['seconds']:.1f}",
            "yes" if row["feasible"] else "**no**",
        )
        for row in order
    ]
    return table((*KEY[1:5], "cost", "bound", "gap", "left out", "seconds", "feasible"), lines, words=3)


def _dollars(points: int | None) -> str:
    return "" if points is None else f"{points / POINTS_PER_DOLLAR:.2f}"


def options() -> argparse.Namespace:
    """What the caller asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    regions = list(infusion.REGIONS)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(infusion.SIZES))
    parser.add_argument("--regions", nargs="+", choices=regions, default=regions)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--solver", choices=NAMES, default="engine")
    parser.add_argument("--output", type=Path, help="JSON lines; those already there are not run again")
    parser.add_argument("--table", type=Path, nargs="+", help="only render these JSON lines as Markdown")
    return parser.parse_args()


def main() -> int:
    """Run what is asked for and not yet there."""
    chosen = options()
    if chosen.table:
        print("\n".join(tables([row for path in chosen.table for row in read(path)])))
        return 0
    solver, lines = solver_named(chosen.solver), Lines(chosen.output, KEY)
    for visits, kind, region, seed in itertools.product(
        chosen.sizes, chosen.kinds, chosen.regions, chosen.seeds
    ):
        day = (chosen.solver, visits, region, kind, seed, chosen.seconds)
        if not lines.has(dict(zip(KEY, day, strict=True))):
            lines.add(asdict(run(solver, *day)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
