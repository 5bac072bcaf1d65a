"""A day in mid-course after each kind of disruption: how soon there is a proposal, and how little it changes.

    python benchmarks/disrupt.py --output disrupt.jsonl
    python benchmarks/disrupt.py --table disrupt.jsonl > benchmarks/results/disrupt.md
    python benchmarks/disrupt.py --sizes 30 --full 5 --seconds 1 --seeds 0

Per day: solve it whole; at a quarter past eleven something happens, drawn by the seed; plan the rest of the
day again as the service does, with two hours frozen and a price on what patients were told. `nothing` lets
only time pass. Changes are those of `scheduler.explain`: another nurse, over 15 minutes, left out or served.
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
from benchmarks.replan import CHANGED_NURSE, MOVED_START, solved
from scheduler.check import check
from scheduler.disruption import (
    Disruption,
    InForce,
    NurseIll,
    NurseLate,
    RoadClosed,
    UrgentVisit,
    VisitCancelled,
    VisitOverruns,
    apply,
)
from scheduler.explain import changes_between
from scheduler.model import POINTS_PER_DOLLAR, Problem, Visit

NOW = 11 * 3600 + 900
FREEZE = 2 * 3600

KINDS = ("nothing", "ill", "late", "overrun", "cancelled", "urgent", "road")

KEY = ("visits", "region", "seed", "full_limit", "limit", "kind")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One proposal. `seconds`: wall time from the report to the list of changes. `direct`: visits that the
    disruption hits whatever is planned; `changed`: all that change. `left_out` and `left_out_before`: visits
    without a nurse. `unkept`: what was told that cannot be kept."""

    visits: int
    region: str
    seed: int
    full_limit: float
    limit: float
    kind: str
    seconds: float
    feasible: bool
    changed: int
    direct: int
    left_out: int
    left_out_before: int
    unkept: int
    load: float


def answers(visits: int, region: str, seed: int, full_limit: float, limit: float) -> Iterator[Answer]:
    """One day, planned once, and each kind of disruption by itself."""
    problem = infusion.day(visits, region, seed, handoffs=True)
    problem = problem.replace(
        weights=problem.weights.replace(changed_nurse=CHANGED_NURSE, moved_start=MOVED_START)
    )
    matrix = infusion.REGIONS[region].travel.matrix(problem.places)
    day = InForce(problem=problem, matrix=matrix, plan=solved(problem, matrix, full_limit, seed))
    for kind in KINDS:
        dice = random.Random(f"disrupt {region} {seed} {kind}")
        disruption, direct = draw(kind, day, dice)
        yield answer(day, disruption, kind, direct, (visits, region, seed, full_limit, limit))


def answer(
    day: InForce,
    disruption: Disruption | None,
    kind: str,
    direct: int,
    key: tuple[int, str, int, float, float],
) -> Answer:
    """The proposal and its list of changes."""
    visits, region, seed, full_limit, limit = key
    began = perf_counter()
    changed = apply(day.problem, day.matrix, day, disruption, now_s=NOW, freeze_until_s=NOW + FREEZE)
    plan = changed.settled(solved(changed.to_solve, changed.to_solve_matrix, limit, seed))
    found = changes_between((day.problem, day.plan), (changed.problem, plan))
    verdict = check(changed.problem, changed.matrix, plan)
    return Answer(
        visits=visits,
        region=region,
        seed=seed,
        full_limit=full_limit,
        limit=limit,
        kind=kind,
        seconds=round(perf_counter() - began, 2),
        feasible=verdict.feasible,
        changed=len(found.changed),
        direct=direct,
        left_out=len(plan.unassigned) + len(changed.missed),
        left_out_before=len(day.plan.unassigned),
        unkept=len(changed.unkept),
        load=load(),
    )


def draw(kind: str, day: InForce, dice: random.Random) -> tuple[Disruption | None, int]:
    """What happens, and how many visits it hits whatever is planned."""
    visits = day.visits
    busy = [route for route in day.plan.routes if any(stop.start > NOW for stop in route.stops)]
    route = dice.choice(busy)
    ahead = [stop for stop in route.stops if stop.start > NOW]
    under_way = [stop for each in day.plan.routes for stop in each.stops if stop.start <= NOW < stop.end]
    match kind:
        case "ill":
            return NurseIll(shift=route.shift, from_s=NOW), len(ahead)
        case "late":
            return NurseLate(shift=route.shift, minutes=45), 0
        case "overrun":
            return VisitOverruns(visit=visits[dice.choice(under_way).task].id, minutes=40), 0
        case "cancelled":
            return VisitCancelled(visit=visits[ahead[0].task].id), 1
        case "urgent":
            return UrgentVisit(visit=_urgent(day.problem)), 1
        case "road":
            return RoadClosed(factor=1.5), 0
    return None, 0


def _urgent(problem: Problem) -> Visit:
    """One that any nurse may do, from noon to six, at the first patient's place, and dear to leave out."""
    pattern = problem.visits[0]
    task = pattern.modes[0].tasks[0]
    window = task.windows[0].replace(earliest_start=12 * 3600, latest_start=16 * 3600, latest_end=20 * 3600)
    anyone = task.replace(id="urgent.1", windows=(window,), credentials=frozenset({"rn"}))
    mode = pattern.modes[0].replace(id="urgent", tasks=(anyone,), lags=())
    return Visit(id="urgent", modes=(mode,), drop_cost=10_000 * POINTS_PER_DOLLAR)


def report(rows: list[Row]) -> Iterator[str]:
    """Markdown: kind by kind, over all days."""
    loads = [row["load"] for row in rows]
    yield f"{len(rows)} proposals; load average {min(loads):g} to {max(loads):g}.\n"
    columns = ("what happened", "visits", "proposals", "feasible", "seconds", "worst", "visits changed")
    lines = []
    for size, kind in itertools.product(sorted({row["visits"] for row in rows}), KINDS):
        some = [row for row in rows if row["kind"] == kind and row["visits"] == size]
        if some:
            lines.append(_line(kind, size, some))
    yield table((*columns, "hit at once", "share", "more left out", "told"), lines)


def _line(kind: str, size: int, rows: list[Row]) -> tuple[object, ...]:
    return (
        kind,
        size,
        len(rows),
        sum(row["feasible"] for row in rows),
        f"{mean(row['seconds'] for row in rows):.2f}",
        f"{max(row['seconds'] for row in rows):.2f}",
        f"{mean(row['changed'] for row in rows):.1f}",
        f"{mean(row['direct'] for row in rows):.1f}",
        f"{100 * mean(row['changed'] / row['visits'] for row in rows):.1f} %",
        f"{mean(row['left_out'] - row['left_out_before'] for row in rows):+.1f}",
        f"{mean(row['unkept'] for row in rows):.1f}",
    )


def options() -> argparse.Namespace:
    """What the caller asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    regions = list(infusion.REGIONS)
    parser.add_argument("--sizes", type=int, nargs="+", default=[240])
    parser.add_argument("--regions", nargs="+", choices=regions, default=regions)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--full", type=float, default=30.0, help="seconds of the first solve")
    parser.add_argument("--seconds", type=float, default=5.0, help="seconds of a proposal")
    parser.add_argument("--output", type=Path, help="JSON lines")
    parser.add_argument("--table", type=Path, nargs="+", help="only render these JSON lines as Markdown")
    return parser.parse_args()


def main() -> int:
    """Run what is asked for and not yet there, and print the table."""
    chosen = options()
    if chosen.table:
        print("\n".join(report([row for path in chosen.table for row in read(path)])))
        return 0
    tiny = infusion.day(3, "city", 0)
    solved(tiny, infusion.REGIONS["city"].travel.matrix(tiny.places), 0.1, 0)  # compiled code is read first
    lines = Lines(chosen.output, KEY)
    for visits, region, seed in itertools.product(chosen.sizes, chosen.regions, chosen.seeds):
        day = (visits, region, seed, chosen.full, chosen.seconds)
        if not lines.has(dict(zip(KEY, (*day, KINDS[-1]), strict=True))):
            for made in answers(*day):
                lines.add(asdict(made))
    print("\n".join(report(lines.rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
