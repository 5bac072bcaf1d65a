"""Solve published instances, have each plan judged by their own referee, and write one JSON line per run.

    python benchmarks/run.py --patients 10 25 --seeds 0 1 2 --seconds 30 --output runs.jsonl

The instances and their referee lie beside the project, in ../shared/bench; without them there is nothing
to do.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT.parent / "shared" / "bench"
sys.path.insert(0, str(ROOT))

from benchmarks.lines import Lines, load  # noqa: E402 (the project is not installed)
from scheduler import io  # noqa: E402
from scheduler.solve import NAMES, Limits, compile_code, solver_named  # noqa: E402

KEY = ("solver", "family", "instance", "seed", "limit")
FAMILIES = ("mankowska", "kummer", "italian", "uhhc")
REFEREES = {"uhhc": "check_uhhc.py"}
"""By family; the other families' is `check_hhcrsp.py`."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """An instance and the best cost anyone has published for it, in the family's unit."""

    family: str
    name: str
    patients: int
    caregivers: int
    best_known: float

    @property
    def title(self) -> str:
        """Its name in tables."""
        return self.name.removesuffix(".json")

    @property
    def path(self) -> Path:
        """Where it lies."""
        return BENCH / self.family / f"{self.name}.gz"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One solve: costs in the family's unit, `gap` against the best known in percent, wall seconds.

    `load` is the machine's load average at the end, to tell runs on a busy machine.
    """

    solver: str
    family: str
    instance: str
    patients: int
    caregivers: int
    seed: int
    limit: float
    seconds: float
    feasible: bool
    cost: float
    bound: float | None
    best_known: float
    gap: float
    load: float


def published(family: str, patients: list[int] | None) -> Iterator[Published]:
    """The family's instances, of those sizes only where sizes are given."""
    with (BENCH / "best_known.csv").open() as lines:
        for row in csv.DictReader(lines):
            size = int(row["patients"])
            if row["family"] == family and (not patients or size in patients):
                yield Published(
                    family=family,
                    name=row["instance"],
                    patients=size,
                    caregivers=int(row["caregivers"]),
                    best_known=float(row["best_known_cost"]),
                )


def solve(given: Published, solver: str, seed: int, seconds: float) -> Run:
    """Solve, and take the referee's word for cost and feasibility."""
    instance = io.read(given.path)
    matrix = instance.travel.matrix(instance.problem.places)
    limits = Limits(seconds=seconds, seed=seed)
    solution = solver_named(solver).solve(instance.problem, matrix, limits).whole()
    verdict = referee(given, instance.write_solution(solution.plan))
    unit = instance.problem.points_per_unit
    return Run(
        solver=solver,
        family=given.family,
        instance=given.title,
        patients=given.patients,
        caregivers=given.caregivers,
        seed=seed,
        limit=seconds,
        seconds=round(solution.seconds, 2),
        feasible=bool(verdict["feasible"]),
        cost=round(verdict["cost"], 3),
        bound=None if solution.bound is None else round(solution.bound / unit, 3),
        best_known=given.best_known,
        gap=round(100 * (verdict["cost"] / given.best_known - 1), 2) + 0.0,  # no -0.0
        load=load(),
    )


def referee(given: Published, solution: object) -> dict[str, float]:
    """What the family's own checker says of a solution, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "solution.json"
        path.write_text(json.dumps(solution))
        checker = BENCH / REFEREES.get(given.family, "check_hhcrsp.py")
        command = [sys.executable, str(checker), str(given.path), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    verdict: dict[str, float] = json.loads(done.stdout)
    return verdict


def main() -> int:
    """Run every instance with every seed; what the output file has is not run again."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--family", choices=FAMILIES, nargs="+", default=["mankowska"])
    parser.add_argument("--patients", type=int, nargs="*", help="only instances of these sizes")
    parser.add_argument("--instances", nargs="*", help="only instances whose name has one of these in it")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--solver", choices=NAMES, default=NAMES[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--output", type=Path, help="default: standard output")
    options = parser.parse_args()
    if not (BENCH / "best_known.csv").is_file():
        print(
            f"skipped: the published instances are not on this machine (looked in {BENCH})", file=sys.stderr
        )
        return 0
    compile_code()
    lines = Lines(options.output, KEY)
    for seed in options.seeds:
        for family in options.family:
            for given in published(family, options.patients):
                if options.instances and not any(part in given.name for part in options.instances):
                    continue
                known = {"solver": options.solver, "family": family, "instance": given.title}
                if not lines.has(known | {"seed": seed, "limit": options.seconds}):
                    lines.add(asdict(solve(given, options.solver, seed, options.seconds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
