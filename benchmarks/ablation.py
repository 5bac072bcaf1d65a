"""The engine with parts of it switched off, on the same work: what does each part pay?

    python benchmarks/ablation.py --seeds 0 1 2 --seconds 60 --output ablation.jsonl
    python benchmarks/ablation.py --table ablation.jsonl > benchmarks/results/ablation.md

Work is named `day/VISITS/REGION/KIND/SEED` or `FAMILY/INSTANCE` (published ones lie beside the project, in
../shared/bench; without them those are left out). Costs are the referee's (`scheduler.check`).
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import days, infusion
from benchmarks.lines import Lines, Row, load, read, table
from benchmarks.run import BENCH
from scheduler import io
from scheduler.check import check
from scheduler.model import Problem
from scheduler.solve import Limits
from scheduler.solve.anneal.tuning import MIX, Tuning
from scheduler.solve.engine import EngineSolver, Stages
from scheduler.travel import TravelMatrix

KEY = ("variant", "work", "seed", "limit")
WHOLE = "all"

STAGES: Mapping[str, Stages] = {
    WHOLE: Stages(),
    "construct": Stages(anneal=False, price=False, anneal_again=False),
    "construct, anneal": Stages(price=False, anneal_again=False),
    "construct, price": Stages(anneal=False, anneal_again=False),
    "construct, anneal, price": Stages(anneal_again=False),
}
PIECES: Mapping[str, Stages] = {
    "one chain": Stages(tuning=Tuning(chains=1)),
    "no exchanges": Stages(tuning=Tuning(exchanges=0)),
    **{f"no {kind}": Stages(tuning=Tuning(mix={**MIX, kind: 0.0})) for kind in MIX},
}
VARIANTS = {**STAGES, **PIECES}
GROUPS = {"stages": STAGES, "pieces": PIECES}
"""What `--variants` may name beside single ones."""

WORK = (
    "day/120/city/plain/1",
    "day/240/suburbs/plain/1",
    "day/480/country/plain/1",
    "day/60/suburbs/hand-offs/1",
    "day/120/country/hand-offs/1",
    "day/240/city/hand-offs/1",
    "mankowska/InstanzVNS_HCSRP_100_1.json",
    "mankowska/InstanzVNS_HCSRP_200_1.json",
    "mankowska/InstanzVNS_HCSRP_300_1.json",
    "kummer/HHCRSP_200_40_17_1.6_C_C.json",
    "italian/instance_020-cesena-r15-p78-s3-sim23.4-seq24.3.json",
)


@dataclass(frozen=True, kw_only=True)
class Run:
    """One variant on one piece of work. `cost` in the work's unit (dollars on days of our own), `gap` to the
    variant's own proven bound in percent of the cost, wall `seconds`. `group`: the days of one kind, or the
    family."""

    variant: str
    work: str
    group: str
    seed: int
    limit: float
    seconds: float
    feasible: bool
    cost: float | None
    gap: float | None
    load: float


def problem_of(work: str) -> tuple[Problem, TravelMatrix]:
    """A day or a published instance, with its travel times. Raises ValueError for a name that is neither."""
    match work.split("/"):
        case ["day", visits, region, kind, seed] if region in infusion.REGIONS and kind in days.KINDS:
            problem = infusion.day(int(visits), region, int(seed), handoffs=kind == days.KINDS[1])
            return problem, infusion.REGIONS[region].travel.matrix(problem.places)
        case [family, name] if (BENCH / family / f"{name}.gz").is_file():
            instance = io.read(BENCH / family / f"{name}.gz")
            return instance.problem, instance.travel.matrix(instance.problem.places)
    raise ValueError(f"no work {work!r}: name it day/VISITS/REGION/KIND/SEED, or FAMILY/INSTANCE of {BENCH}")


def group_of(work: str) -> str:
    """What its results are put together with."""
    family, *rest = work.split("/")
    return f"days, {rest[2]}" if family == "day" else family


def run(variant: str, work: str, seed: int, limit: float) -> Run:
    """Solve the work with a part switched off, and have the plan judged."""
    problem, matrix = problem_of(work)
    limits = Limits(seconds=limit, seed=seed)
    solution = EngineSolver(VARIANTS[variant]).solve(problem, matrix, limits).whole()
    verdict = check(problem, matrix, solution.plan)
    cost = None if verdict.cost is None else verdict.cost.total
    return Run(
        variant=variant,
        work=work,
        group=group_of(work),
        seed=seed,
        limit=limit,
        seconds=round(solution.seconds, 2),
        feasible=verdict.feasible,
        cost=None if cost is None else cost / problem.points_per_unit,
        gap=days.gap(cost, solution.bound),
        load=load(),
    )


def tables(rows: list[Row]) -> Iterator[str]:
    """Markdown: for each limit and group of work a table with one line per variant."""
    groups: dict[tuple[float, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["limit"], row["group"]].append(row)
    for (limit, name), group in sorted(groups.items()):
        loads = [row["load"] for row in group]
        work = ", ".join(sorted({row["work"].partition("/")[2] for row in group}))
        seeds = ", ".join(map(str, sorted({row["seed"] for row in group})))
        yield f"\n## {name}, {limit:g} s\n"
        yield f"{work}; seeds {seeds}; load average {min(loads):g} to {max(loads):g}.\n"
        yield _table(group)


def _table(rows: list[Row]) -> str:
    whole = {(row["work"], row["seed"]): row for row in rows if row["variant"] == WHOLE and row["feasible"]}
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parts[row["variant"]].append(row)
    lines = [(name, *_cells(part, whole)) for name, part in parts.items()]
    return table(
        ("engine", "dearer, mean", "least", "most", "feasible", "mean gap", "proved", "seconds"), lines
    )


def _cells(rows: list[Row], whole: dict[tuple[Any, ...], Row]) -> list[str]:
    """How much dearer than the whole engine; feasible plans; the proven gap; seconds."""
    pairs = [(row, whole.get((row["work"], row["seed"]))) for row in rows if row["feasible"]]
    more = [100 * (row["cost"] / best["cost"] - 1) for row, best in pairs if best is not None]
    gaps = [row["gap"] for row in rows if row["gap"] is not None]
    return [
        *((f"{value:+.2f} %" for value in (mean(more), min(more), max(more))) if more else ("", "", "")),
        f"{sum(row['feasible'] for row in rows)} of {len(rows)}",
        f"{mean(gaps):.2f} %" if gaps else "",
        f"{sum(gap < 1e-9 for gap in gaps)}",
        f"{mean(row['seconds'] for row in rows):.1f}",
    ]


def options() -> argparse.Namespace:
    """What the caller asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--variants", nargs="+", choices=[*GROUPS, *VARIANTS], default=list(GROUPS))
    parser.add_argument("--work", nargs="+", default=list(WORK))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--output", type=Path, help="JSON lines; those already there are not run again")
    parser.add_argument("--table", type=Path, nargs="+", help="only render these JSON lines as Markdown")
    return parser.parse_args()


def at_hand(work: list[str]) -> Iterator[str]:
    """The work that is on this machine; what is missing goes to standard error."""
    for name in work:
        if name.startswith("day/") or BENCH.is_dir():
            yield name
        else:
            print(f"{name}: left out, no published instances in {BENCH}", file=sys.stderr)


def main() -> int:
    """Run what is asked for and not yet there."""
    chosen = options()
    if chosen.table:
        print("\n".join(tables([row for path in chosen.table for row in read(path)])))
        return 0
    variants = list(dict.fromkeys(v for name in chosen.variants for v in GROUPS.get(name, {name: None})))
    if WHOLE not in variants:
        variants.insert(0, WHOLE)
    lines = Lines(chosen.output, KEY)
    for work, seed, variant in itertools.product(list(at_hand(chosen.work)), chosen.seeds, variants):
        if not lines.has(dict(zip(KEY, (variant, work, seed, chosen.seconds), strict=True))):
            lines.add(asdict(run(variant, work, seed, chosen.seconds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
