"""Ours and other solvers on the same seeded infusion days without hand-offs, for the same wall seconds.

    python benchmarks/compare.py --seeds 0 1 2 --seconds 60 --output compare.jsonl
    python benchmarks/compare.py --table compare.jsonl > benchmarks/results/compare.md

Every plan is judged and priced by `scheduler.check`. What each peer is told: `benchmarks/peers`.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import infusion
from benchmarks.lines import Lines, Row, load, read, table
from benchmarks.peers import FEATURES, PEERS, Peer
from scheduler.check import check
from scheduler.model import Plan, Problem
from scheduler.travel import TravelMatrix

KINDS = {"busy": infusion.BUSY, "roomy": infusion.ROOMY}
KEY = ("peer", "visits", "region", "kind", "features", "seed", "limit")
DAY = KEY[1:]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One peer on one day.

    `features`: those of FEATURES that the day has, or "plain". `cost` in points, `left_out` visits without a
    place, wall `seconds` the whole call took, its model's building included. `fault`: why there is no plan.
    """

    peer: str
    version: str
    visits: int
    region: str
    kind: str
    features: str
    seed: int
    limit: float
    seconds: float
    feasible: bool
    cost: int | None
    left_out: int | None
    load: float
    fault: str = ""


def day_of(visits: int, region: str, kind: str, features: str, seed: int) -> tuple[Problem, TravelMatrix]:
    """A day with only these features, and its travel times."""
    problem = infusion.day(visits, region, seed, visits_per_nurse=KINDS[kind])
    problem = infusion.simpler(problem, breaks="breaks" in features, overtime="overtime" in features)
    return problem, infusion.REGIONS[region].travel.matrix(problem.places)


@cache
def built(peer: str) -> Peer:
    """The peer; ours compiles when it is built."""
    return PEERS[peer].build()


def run(peer: str, visits: int, region: str, kind: str, features: str, seed: int, limit: float) -> Run:
    """Plan a day and have the plan judged. A peer that fails is noted, so that the others go on."""
    problem, matrix = day_of(visits, region, kind, features, seed)
    adapter = built(peer)
    began, plan, fault = time.perf_counter(), None, ""
    try:
        plan = adapter.plan(problem, matrix, limit, seed)
    except Exception as error:
        fault = f"{type(error).__name__}: {error}"
    seconds = round(time.perf_counter() - began, 2)
    feasible, cost = judged(problem, matrix, plan)
    return Run(
        peer=peer,
        version=PEERS[peer].version or "",
        visits=visits,
        region=region,
        kind=kind,
        features=features,
        seed=seed,
        limit=limit,
        seconds=seconds,
        feasible=feasible,
        cost=cost,
        left_out=None if plan is None else len(plan.unassigned),
        load=load(),
        fault=fault,
    )


def judged(problem: Problem, matrix: TravelMatrix, plan: Plan | None) -> tuple[bool, int | None]:
    """The referee's word: feasible or not, and the cost in points."""
    if plan is None:
        return False, None
    verdict = check(problem, matrix, plan)
    return verdict.feasible, None if verdict.cost is None else verdict.cost.total


def tables(rows: list[Row]) -> Iterator[str]:
    """Markdown: for each kind of day, one table per size and one per size and region."""
    groups: dict[tuple[str, str, float], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["kind"], row["features"], row["limit"]].append(row)
    for (kind, features, limit), group in sorted(groups.items()):
        loads = [row["load"] for row in group]
        seeds = ", ".join(map(str, sorted({row["seed"] for row in group})))
        versions = ", ".join(sorted({f"{row['peer']} {row['version']}".strip() for row in group}))
        yield f"\n## {kind.capitalize()} days, {features}\n"
        yield f"{limit:g} s; seeds {seeds}; load average {min(loads):g} to {max(loads):g}; {versions}.\n"
        yield _table(group, ("visits",))
        yield ""
        yield _table(group, ("visits", "region"))


def _table(rows: list[Row], fields: tuple[str, ...]) -> str:
    ours = {_day(row): row for row in rows if row["peer"] == "ours" and row["feasible"]}
    parts: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        parts[(*(row[field] for field in fields), list(PEERS).index(row["peer"]))].append(row)
    lines = [(*key[:-1], part[0]["peer"], *_cells(part, ours)) for key, part in sorted(parts.items())]
    columns = (*fields, "solver", "mean", "least", "most", "left out", "feasible", "seconds")
    return table(columns, lines, words=len(fields) + 1)


def _day(row: Row) -> tuple[Any, ...]:
    return tuple(row[field] for field in DAY)


def _cells(rows: list[Row], ours: dict[tuple[Any, ...], Row]) -> list[str]:
    """How much dearer than ours, in percent: mean, least (below 0: we were beaten) and most; visits left out,
    feasible plans, seconds."""
    kept = [row for row in rows if row["feasible"]]
    more = [100 * (row["cost"] / ours[_day(row)]["cost"] - 1) for row in kept if _day(row) in ours]
    return [
        *((f"{value:+.2f} %" for value in (mean(more), min(more), max(more))) if more else ("", "", "")),
        f"{mean(row['left_out'] for row in kept):.1f}" if kept else "",
        f"{len(kept)} of {len(rows)}",
        f"{mean(row['seconds'] for row in rows):.1f}",
    ]


def options() -> argparse.Namespace:
    """What the caller asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--peers", nargs="+", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--sizes", type=int, nargs="+", default=list(infusion.SIZES))
    parser.add_argument(
        "--regions", nargs="+", choices=list(infusion.REGIONS), default=list(infusion.REGIONS)
    )
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--with", dest="features", nargs="*", choices=FEATURES, default=[])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--output", type=Path, help="JSON lines; those already there are not run again")
    parser.add_argument("--table", type=Path, nargs="+", help="only render these JSON lines as Markdown")
    return parser.parse_args()


def usable(peers: list[str], features: list[str]) -> Iterator[str]:
    """Those that are installed and can express such days; why others are left out goes to standard error."""
    for peer in peers:
        beyond = PEERS[peer].cannot & set(features)
        if PEERS[peer].version is None:
            print(f"{peer}: left out, not installed (see benchmarks/README.md)", file=sys.stderr)
        elif beyond:
            print(f"{peer}: left out, cannot express {', '.join(beyond)}", file=sys.stderr)
        else:
            yield peer


def main() -> int:
    """Run what is asked for and not yet there."""
    chosen = options()
    if chosen.table:
        print("\n".join(tables([row for path in chosen.table for row in read(path)])))
        return 0
    features = "+".join(sorted(set(chosen.features))) or "plain"
    peers = list(usable(chosen.peers, chosen.features))
    lines = Lines(chosen.output, KEY)
    days = itertools.product(chosen.kinds, chosen.sizes, chosen.regions, chosen.seeds, peers)
    for kind, visits, region, seed, peer in days:
        asked = dict(zip(KEY, (peer, visits, region, kind, features, seed, chosen.seconds), strict=True))
        if not lines.has(asked):
            lines.add(asdict(run(**asked)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
