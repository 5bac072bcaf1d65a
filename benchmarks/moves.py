"""What one annealing move costs as the day grows, on infusion days of 15 to 1000 visits.

    python benchmarks/moves.py

writes results/moves.md and results/moves.svg. A time is the CPU time of one chain from a first local optimum
through the whole cooling, divided by its moves. Sizes and kinds take turns, so that a busy moment of the
machine falls on all of them, and each time is compared with that of the smallest day of the same turn.
"""

from __future__ import annotations

import argparse
import itertools
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import infusion
from benchmarks.lines import load, table
from benchmarks.plot import Point, Series, chart
from scheduler.model import Plan
from scheduler.solve import anneal

SIZES = (*infusion.SIZES, 1000)
KINDS = ("plain", "hand-offs")
RESULTS = Path(__file__).parent / "results"

INTRODUCTION = """\
One chain on infusion days (`infusion.py`), CPU time from a first local optimum through the whole cooling. A
move is a proposal, whether kept, undone or refused at once. Made with `python benchmarks/moves.py`."""

EXPLANATION = """\
Times are medians over seeds and turns. A ratio compares a day with the smallest one of the same seed and
turn: median (least to most). *Linear* is what the ratio would be if a move took time in proportion to the
visits. All days get the same number of moves."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One timing: CPU seconds of one move, in turn `turn`."""

    kind: str
    visits: int
    seed: int
    turn: int
    seconds: float
    load: float


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day ready to be annealed, and the local optimum to begin from."""

    kind: str
    visits: int
    seed: int
    annealer: anneal.Annealer
    start: Plan

    def seconds_per_move(self, moves: int) -> float:
        """CPU seconds of one move; what a call without moves takes is no part of it."""
        return (self._seconds(moves) - self._seconds(0)) / moves

    def _seconds(self, moves: int) -> float:
        began = process_time()
        self.annealer.improve(self.start, moves=moves, seed=self.seed)
        return process_time() - began


def prepared(kind: str, visits: int, region: str, seed: int) -> Day:
    """The day of these arguments, packed."""
    problem = infusion.day(visits, region, seed, handoffs=kind == "hand-offs")
    matrix = infusion.REGIONS[region].travel.matrix(problem.places)
    annealer = anneal.Annealer(anneal.pack(problem, matrix), anneal.Tuning(chains=1))
    start = annealer.improve(moves=0, seed=seed).plan
    return Day(kind=kind, visits=visits, seed=seed, annealer=annealer, start=start)


def measured(days: list[Day], moves: int, turns: int) -> Iterator[Run]:
    """Every day once a turn."""
    for turn, day in itertools.product(range(turns), days):
        seconds = day.seconds_per_move(moves)
        told = f"turn {turn + 1} of {turns}: {day.visits} visits, {day.kind}, seed {day.seed}"
        print(f"{told}: {seconds * 1e6:.3f} us", file=sys.stderr, flush=True)
        yield Run(kind=day.kind, visits=day.visits, seed=day.seed, turn=turn, seconds=seconds, load=load())


def ratios(runs: list[Run], kind: str) -> dict[int, list[float]]:
    """By size: times as multiples of the smallest day's time of the same turn and seed."""
    of_kind = [run for run in runs if run.kind == kind]
    smallest = min(run.visits for run in of_kind)
    base = {(run.turn, run.seed): run.seconds for run in of_kind if run.visits == smallest}
    found: dict[int, list[float]] = {}
    for run in of_kind:
        found.setdefault(run.visits, []).append(run.seconds / base[run.turn, run.seed])
    return found


def exponent(by_size: dict[int, list[float]], least: int = 0) -> float:
    """The b of the curve a * visits ** b that fits the medians best, from `least` visits on: 1 is linear
    growth. Least squares on logarithms."""
    points = [(math.log(size), math.log(median(values))) for size, values in by_size.items() if size >= least]
    x_mean, y_mean = mean(x for x, _ in points), mean(y for _, y in points)
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / sum((x - x_mean) ** 2 for x, _ in points)


def report(runs: list[Run], region: str, moves: int) -> str:
    """The page of results/moves.md."""
    sizes = sorted({run.visits for run in runs})
    seeds = ", ".join(map(str, sorted({run.seed for run in runs})))
    turns = 1 + max(run.turn for run in runs)
    loads = [run.load for run in runs]
    parts = [
        "# Time per annealing move",
        INTRODUCTION,
        f"Region {region}; seeds {seeds}; {turns} turns, in which sizes and kinds alternate; "
        f"{moves:,} moves a timing; load average {min(loads):g} to {max(loads):g}.",
        _growth(runs),
        "![Time per move against visits, with a line of linear growth](moves.svg)",
        _table(runs, sizes),
        EXPLANATION,
    ]
    return "\n\n".join(parts) + "\n"


def _growth(runs: list[Run]) -> str:
    lines = []
    for kind in dict.fromkeys(run.kind for run in runs):
        by_size = ratios(runs, kind)
        upper = sorted(by_size)[len(by_size) // 2]
        line = f"- **{kind}**: time grows with visits to the power **{exponent(by_size):.2f}**"
        if len([size for size in by_size if size >= upper]) > 1:
            line += f"; from {upper} visits on, {exponent(by_size, upper):.2f}"
        lines.append(f"{line}. Linear is 1.")
    return "\n".join(lines)


def _table(runs: list[Run], sizes: list[int]) -> str:
    rows = []
    for kind in dict.fromkeys(run.kind for run in runs):
        by_size = ratios(runs, kind)
        for size in sizes:
            of_size = [run.seconds for run in runs if run.kind == kind and run.visits == size]
            values = by_size[size]
            spread = f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"
            rows.append((kind, size, f"{median(of_size) * 1e6:.3f}", spread, f"{size / sizes[0]:.1f}"))
    return table(("kind", "visits", "us a move", "ratio", "linear"), rows)


def picture(runs: list[Run]) -> str:
    """The page of results/moves.svg."""
    smallest = min(run.visits for run in runs)
    return chart(
        title=f"Time per annealing move, as a multiple of the {smallest}-visit day's",
        x_label="visits",
        y_label="times as long",
        series=[
            Series(
                name=kind,
                points=[
                    Point(x=size, y=median(values), low=min(values), high=max(values))
                    for size, values in sorted(ratios(runs, kind).items())
                ],
            )
            for kind in dict.fromkeys(run.kind for run in runs)
        ],
        reference="linear",
    )


def main() -> int:
    """Measure, and write both pages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--region", choices=list(infusion.REGIONS), default="suburbs")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--moves", type=int, default=2_000_000, help="in one timing (default 2 million)")
    parser.add_argument("--turns", type=int, default=5, help="timings of each day (default 5)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder to write to (default: results)")
    chosen = parser.parse_args()
    anneal.warm_up()
    days = [
        prepared(kind, visits, chosen.region, seed)
        for seed, visits, kind in itertools.product(chosen.seeds, sorted(chosen.sizes), KINDS)
    ]
    runs = list(measured(days, chosen.moves, chosen.turns))
    (chosen.results / "moves.md").write_text(report(runs, chosen.region, chosen.moves), encoding="utf-8")
    (chosen.results / "moves.svg").write_text(picture(runs), encoding="utf-8")
    print(report(runs, chosen.region, chosen.moves))
    return 0


if __name__ == "__main__":
    sys.exit(main())
